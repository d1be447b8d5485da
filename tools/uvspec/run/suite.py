"""Talks to `uvspec-suite --serve`: worker processes that are given tests one by one.

Every test is a process of its own already; a worker dies only if a test finds a way to take it along, or
the machine does. Then the test counts as a crash and the worker is started anew.
"""

from __future__ import annotations

import json
import os
import queue
import resource
import select
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ..exits import CannotRun
from .library import suite_command
from .results import Raw

# How long after the watchdog a worker may still take to clean up, before it counts as dead.
_GRACE_S = 30.0


class SuiteProcess:
    """One `uvspec-suite --serve`, started when first needed."""

    def __init__(self, binary: Path, library: str, hide: Sequence[str] = (), environment: Mapping[str, str] | None = None,
                 limits: Mapping[int, int] | None = None) -> None:
        """`environment` comes on top of ours; `limits` (of `resource`) hold for it and all that it starts."""
        self.command, own = suite_command(binary, library, "--serve", hide)
        self.environment = {**(own or os.environ), **environment} if environment else own
        self.limits = limits or {}
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None
        self._unread = b""
        self._gone = False  # it closed its end of the pipe
        self._lock = threading.Lock()  # stop() comes from another thread
        self._stopped = False

    def run(self, test: str, watchdog_ms: int) -> Raw | None:
        """Runs one test; None if stop() was called meanwhile. Raises CannotRun if there is no worker."""
        started = time.monotonic()
        process = self._start()
        if process is None:
            return None
        line = b""
        try:
            assert process.stdin is not None
            process.stdin.write(f"RUN {test} {watchdog_ms}\n".encode())
            process.stdin.flush()
            line = self._read_line(process, watchdog_ms / 1000 + _GRACE_S)
        except OSError:
            self._gone = True  # it died before it could be told
        if self._stopped:
            return None
        raw = _parse(line, test)
        if raw is None:
            raw = Raw(test, "crash", self._obituary(process, line), ms=int((time.monotonic() - started) * 1000))
        return raw

    def stop(self) -> None:
        """Ends the worker and the test it runs. Any thread."""
        with self._lock:
            self._stopped = True
            process = self._process
        if process:
            _end(process)

    def close(self) -> None:
        """Lets go of the worker; it is idle, or stop() was called."""
        with self._lock:
            process, self._process = self._process, None
        if process:
            _end(process)
            _close_pipes(process)
        if self._errors:
            self._errors.close()
            self._errors = None

    def _start(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if self._stopped or self._process:
                return None if self._stopped else self._process
            self._unread, self._gone = b"", False
            self._errors = tempfile.TemporaryFile()
            try:
                # A session of its own: Ctrl-C comes to us alone, and we decide what ends when.
                self._process = subprocess.Popen(
                    self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors,
                    start_new_session=True, env=self.environment,
                )
            except OSError as error:
                raise CannotRun(f"cannot start {self.command[0]}: {error.strerror}; `./uvspec build` makes it") from error
            for limit, most in self.limits.items():
                resource.prlimit(self._process.pid, limit, (most, most))
            return self._process

    def _read_line(self, process: subprocess.Popen[bytes], timeout_s: float) -> bytes:
        """One line; what there is of it if the worker dies or says nothing for too long."""
        assert process.stdout is not None
        fd, end = process.stdout.fileno(), time.monotonic() + timeout_s
        while b"\n" not in self._unread:
            ready, _, _ = select.select([fd], [], [], max(0.0, end - time.monotonic()))
            chunk = os.read(fd, 1 << 16) if ready else b""
            if not chunk:
                self._gone = bool(ready)
                return self._unread
            self._unread += chunk
        line, _, self._unread = self._unread.partition(b"\n")
        return line

    def _obituary(self, process: subprocess.Popen[bytes], line: bytes) -> str:
        """Says how the worker went, after making sure that it did."""
        if self._gone:
            _wait(process)  # its pipe closes a little before it is dead
        alive = process.poll() is None
        _end(process)
        code = process.returncode
        how = f"exit status {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"
        said = ""
        if self._errors:
            self._errors.seek(0)
            said = self._errors.read()[-1000:].decode("utf-8", "replace").strip()
        self.close()
        if line and alive:
            return f"the suite's own process answered with nonsense: {line[:200].decode('utf-8', 'replace')}"
        if alive:
            return "the suite's own process said nothing any more"
        return f"the suite's own process died: {how}" + (f": {said}" if said else "")


def _parse(line: bytes, test: str) -> Raw | None:
    try:
        raw = Raw.from_json(json.loads(line))
    except (ValueError, KeyError, TypeError):
        return None
    return raw if raw.test == test else None


def _end(process: subprocess.Popen[bytes]) -> None:
    """Asks it to end, which also ends its test; then makes it."""
    if process.poll() is None:
        process.terminate()
        if not _wait(process):
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        return False
    return True


def _close_pipes(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        try:
            if pipe:
                pipe.close()
        except OSError:
            pass  # unsent bytes for a dead worker


@dataclass
class Outcome:
    """What run_all() came back with; partial if it was interrupted or told to stop."""

    raws: dict[str, list[Raw]]
    interrupted: bool = False


def run_all(
    binary: Path, library: str, tests: Sequence[str], jobs: int, watchdog_ms: int,
    on_result: Callable[[Raw], bool], hide: Sequence[str] = (),
) -> Outcome:
    """Runs the tests (a name may come several times) on `jobs` workers.

    `on_result` is called in this thread for each result; True means: enough. Ctrl-C ends everything that
    runs and keeps what there is.
    """
    todo: queue.SimpleQueue[str] = queue.SimpleQueue()
    for test in tests:
        todo.put(test)
    done: queue.SimpleQueue[Raw | Exception | None] = queue.SimpleQueue()
    workers = [SuiteProcess(binary, library, hide) for _ in range(max(1, min(jobs, len(tests))))]
    threads = [threading.Thread(target=_work, args=(w, todo, done, watchdog_ms)) for w in workers]
    outcome = Outcome({})
    try:
        for thread in threads:
            thread.start()
        _collect(len(threads), done, outcome, on_result)
    except KeyboardInterrupt:
        outcome.interrupted = True
    finally:
        _finish(workers, threads)
    return outcome


def _work(
    worker: SuiteProcess, todo: queue.SimpleQueue[str], done: queue.SimpleQueue[Raw | Exception | None], watchdog_ms: int
) -> None:
    """A thread: takes tests until there are none. Puts None, or what went wrong, at the end."""
    last: Exception | None = None
    try:
        while True:
            try:
                test = todo.get_nowait()
            except queue.Empty:
                break
            raw = worker.run(test, watchdog_ms)
            if raw is None:
                break
            done.put(raw)
    except Exception as error:  # handed to the thread that can tell the user
        last = error
    done.put(last)


def _collect(
    running: int, done: queue.SimpleQueue[Raw | Exception | None], outcome: Outcome, on_result: Callable[[Raw], bool]
) -> None:
    while running:
        try:
            # A signal that comes just before the wait would be noticed only after it: so it ends at times.
            item = done.get(timeout=0.2)
        except queue.Empty:
            continue
        if isinstance(item, Exception):
            raise item
        if item is None:
            running -= 1
            continue
        outcome.raws.setdefault(item.test, []).append(item)
        if on_result(item):
            return


def _finish(workers: list[SuiteProcess], threads: list[threading.Thread]) -> None:
    """Ends all workers, whatever they do; a second Ctrl-C does not leave any behind."""
    for attempt in range(3):
        try:
            for worker in workers:
                worker.stop()
            for thread in threads:
                while thread.is_alive():
                    thread.join(timeout=0.2)
            for worker in workers:
                worker.close()
            return
        except KeyboardInterrupt:
            if attempt == 2:
                raise
