"""Starts an item's command, ends it when it hangs, and finds what it left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

MARK = "UVSPEC_CLIENT_RUN"  # every process of a run has it in its environment, so that all are found again
_LEAVE_S = 5.0

_running: set[str] = set()  # the marks of the runs that go on; threads add and remove theirs
_guard = threading.Lock()


@dataclass(frozen=True)
class Ended:
    """How a command ended. `code` is negative for a signal; `left` names what was still running."""

    code: int
    hung: bool
    seconds: float
    left: tuple[str, ...]


def run(argv: list[str], environment: dict[str, str], folder: Path, out: Path, err: Path,
        watchdog_s: float) -> Ended:
    """Runs a command in a session of its own; afterwards nothing that it started is left."""
    mark = environment[MARK]
    with _guard:
        _running.add(mark)
    try:
        return _run(argv, environment, folder, (out, err), watchdog_s)
    finally:
        with _guard:
            _running.discard(mark)


def end_all() -> None:
    """Ends every run that goes on in any thread, as after Ctrl-C."""
    with _guard:
        marks = list(_running)
    for mark in marks:
        _end(mark)


def _run(argv: list[str], environment: dict[str, str], folder: Path, output: tuple[Path, Path],
         watchdog_s: float) -> Ended:
    mark = environment[MARK]
    started = time.monotonic()
    with open(output[0], "wb") as stdout, open(output[1], "wb") as stderr:
        child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, cwd=folder,
                                 env=environment, start_new_session=True)
        try:
            code, hung = child.wait(watchdog_s), False
        except subprocess.TimeoutExpired:
            code, hung = -signal.SIGKILL, True
        except BaseException:
            _end(mark)
            child.wait()
            raise
        seconds = time.monotonic() - started
        left = () if hung else _linger(mark)
        _end(mark)
        child.wait()
    return Ended(code, hung, seconds, left)


def _linger(mark: str) -> tuple[str, ...]:
    """What is still there after the command and some patience: an orphan may be about to end."""
    deadline = time.monotonic() + _LEAVE_S
    while (left := _marked(mark)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return tuple(sorted(left.values()))


def _end(mark: str) -> None:
    """Kills all processes of a run, until there are none: they may be starting others."""
    deadline = time.monotonic() + _LEAVE_S
    while (left := _marked(mark)) and time.monotonic() < deadline:
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)


def _marked(mark: str) -> dict[int, str]:
    """The living processes of a run: number → name."""
    needle = f"{MARK}={mark}".encode()
    found: dict[int, str] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            # The environment of a zombie reads as empty: it is dead enough.
            if needle in (folder / "environ").read_bytes().split(b"\0"):
                found[int(folder.name)] = (folder / "comm").read_text().strip()
    return found
