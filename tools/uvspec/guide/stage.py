"""Where a program of the guide performs: a folder of its own, the library before all others, a deadline.

What a trial starts ends with it. A program that does not answer in time is a hang, told as such; nothing
here waits by sleeping.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PATIENCE_S = 60.0  # for a whole trial: sanitizers and busy machines are slow


class Failed(Exception):
    """The program did not do what it should."""


class Hang(Exception):
    """The program did not answer in time."""


class Skip(Exception):
    """The trial cannot be made here."""


@dataclass
class Done:
    """A program that has ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


def expect(seen: object, wanted: object, what: str) -> None:
    """Raises Failed where the two differ."""
    if seen != wanted:
        raise Failed(f"{what}: wanted {_short(wanted)}, saw {_short(seen)}")


def require(holds: bool, what: str) -> None:
    """Raises Failed where something does not hold."""
    if not holds:
        raise Failed(what)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 400 else f"{text[:400]}… ({len(text)} characters)"


class Stage:
    """One trial's surroundings."""

    def __init__(self, name: str, programs: Path, folder: Path, environment: dict[str, str]) -> None:
        self.name, self.programs, self.folder, self.environment = name, programs, folder, environment
        self.deadline = time.monotonic() + PATIENCE_S
        self.running: list[Talk] = []

    def program(self, name: str = "") -> str:
        """The path of a program; without a name, of the trial's own."""
        return str(self.programs / (name or self.name))

    def left_s(self) -> float:
        """What is left of our patience. Raises Hang when that is nothing."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise Hang(f"no end after {PATIENCE_S:.0f} s")
        return left

    def start(self, *arguments: str, name: str = "", stdin: int = subprocess.PIPE, stdout: int = subprocess.PIPE) -> Talk:
        """Starts a program, to be talked to."""
        talk = Talk(self, [self.program(name), *arguments], stdin, stdout)
        self.running.append(talk)
        return talk

    def run(self, *arguments: str, name: str = "", given: bytes = b"") -> Done:
        """Runs a program to its end, with this on its standard input."""
        return self.start(*arguments, name=name).end(given)

    def says(self, *lines: str, arguments: tuple[str, ...] = (), given: bytes = b"") -> None:
        """Runs the trial's own program, which ends well and prints exactly these lines."""
        done = self.run(*arguments, given=given)
        well(done)
        expect(done.lines, list(lines), "what it prints")

    def close(self) -> None:
        """Ends what still runs."""
        for talk in self.running:
            talk.kill()


def well(done: Done) -> Done:
    """Raises Failed unless the program ended with 0."""
    require(done.code == 0, f"ended with {done.code}: {done.err.strip()[-1500:] or done.out.strip()[-500:] or 'and said nothing'}")
    return done


class Talk:
    """A program that runs, line by line. Its errors go to a file, so that it never waits for us there."""

    def __init__(self, stage: Stage, argv: list[str], stdin: int, stdout: int) -> None:
        self.stage = stage
        self.errors = tempfile.TemporaryFile()
        self.child = subprocess.Popen(argv, stdin=stdin, stdout=stdout, stderr=self.errors, cwd=stage.folder,
                                      env=stage.environment, start_new_session=True)
        self.before = b""  # read, and not asked for yet

    @property
    def pid(self) -> int:
        return self.child.pid

    def line(self) -> str:
        """The next line of its output; "" at the end."""
        while b"\n" not in self.before:
            more = self._read()
            if not more:
                break
            self.before += more
        line, _, self.before = self.before.partition(b"\n")
        return line.decode("utf-8", "replace")

    def until(self, part: str) -> str:
        """Lines up to the first that holds this text; that one."""
        seen: list[str] = []
        while True:
            line = self.line()
            if part in line:
                return line
            if not line and not self.before:
                raise Failed(f"it never said `{part}`; it said {_short(seen)}; {self.error_text()}")
            seen.append(line)

    def port(self) -> int:
        """Of a server that says `listening on … PORT`."""
        return int(self.until("listening on").split()[-1])

    def send(self, data: bytes) -> None:
        """Writes to its standard input."""
        assert self.child.stdin is not None
        self.child.stdin.write(data)
        self.child.stdin.flush()

    def signal(self, number: signal.Signals) -> None:
        self.child.send_signal(number)

    def _read(self) -> bytes:
        assert self.child.stdout is not None
        descriptor = self.child.stdout.fileno()
        if not select.select([descriptor], [], [], self.stage.left_s())[0]:
            raise Hang(f"no line after {PATIENCE_S:.0f} s; {self.error_text()}")
        return os.read(descriptor, 65536)

    def end(self, given: bytes = b"") -> Done:
        """What it printed from here on, when it has ended."""
        try:
            out, _ = self.child.communicate(given or None, self.stage.left_s())
        except subprocess.TimeoutExpired as error:
            raise Hang(f"no end after {PATIENCE_S:.0f} s; {self.error_text()}") from error
        out = self.before + (out or b"")
        self.before = b""
        return Done(self.child.returncode, out.decode("utf-8", "replace"), self.error_text())

    def interrupt(self) -> Done:
        """Ends a server, which has to end well."""
        self.signal(signal.SIGINT)
        return well(self.end())

    def error_text(self) -> str:
        self.errors.seek(0)
        return self.errors.read().decode("utf-8", "replace").strip()

    def kill(self) -> None:
        """Ends it and what it started, its session at least."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self.child.poll() is None:
                os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait()
        for stream in (self.child.stdin, self.child.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self.errors.close()


@contextlib.contextmanager
def stage(name: str, programs: Path, library: Path) -> Iterator[Stage]:
    """A stage for one trial; what is left in its folder goes with it."""
    folder = Path(tempfile.mkdtemp(prefix="uvspec-guide-")).resolve()
    libraries = folder.with_name(folder.name + "-lib")
    libraries.mkdir()
    (libraries / "libuv.so.1").symlink_to(library)
    found = os.environ.get("LD_LIBRARY_PATH", "")
    environment = dict(os.environ, LD_LIBRARY_PATH=f"{libraries}:{found}" if found else str(libraries))
    made = Stage(name, programs, folder, environment)
    try:
        yield made
    finally:
        made.close()
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(libraries, ignore_errors=True)
