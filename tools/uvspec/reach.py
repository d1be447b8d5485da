"""Which test of the suite reaches which line of the reference.

The reference is built with marks (impl/coverage/reached.c); each must-test runs once, alone, and the marks
it leaves are read. What is known this way: the lines that no test reaches (`uvspec coverage`), and which tests
can notice a change of a function at all (`uvspec mutate --mechanical`).
"""

from __future__ import annotations

import bisect
import hashlib
import json
import mmap
import queue
import re
import shutil
import subprocess
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path

from . import build, paths
from .console import Live
from .exits import CannotRun
from .mechanical.statements import functions_of
from .mechanical.tokens import tokens_of
from .run.manifest import read_manifest
from .run.suite import SuiteProcess
from .write import write_atomically

ROOM = 1 << 22  # see impl/coverage/reached.c
WATCHDOG_MS = 20000
OTHER_BACKEND = {"UVI_BACKEND": "poll"}  # what is not chosen by itself
_OTHER_MODULES = {"loop", "poll", "stream", "signal"}  # whose tests show what a backend does
_CALL = "<__sanitizer_cov_trace_pc"


@dataclass
class Reach:
    """What was found. A line may hold several pieces of straight code, of which only some are reached."""

    digest: str
    tests: list[str] = field(default_factory=list)
    lines: dict[str, dict[int, list[int]]] = field(default_factory=dict)  # file -> line -> tests, by their number
    missed: dict[str, dict[int, int]] = field(default_factory=dict)  # file -> line -> pieces that no test reaches
    pieces: dict[str, int] = field(default_factory=dict)  # file -> how many there are

    def tests_of(self, file: str, first: int, last: int) -> set[str]:
        """The tests that reach one of these lines."""
        return {self.tests[t] for line, tests in self.lines.get(file, {}).items() if first <= line <= last for t in tests}


def memory() -> Path:
    return paths.out_dir() / "reach.json"


def known() -> Reach | None:
    """What was found last, if anything was. Its digest tells whether it still holds."""
    try:
        row = json.loads(memory().read_text(encoding="utf-8"))
        lines = {f: {int(n): tests for n, tests in own.items()} for f, own in row["lines"].items()}
        missed = {f: {int(n): count for n, count in own.items()} for f, own in row["missed"].items()}
        return Reach(row["digest"], row["tests"], lines, missed, row["pieces"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def digest() -> str:
    """Changes when the reference or the suite does. The suite has to be built."""
    h = hashlib.sha256()
    for path in [*sorted((paths.IMPL / "src").rglob("*.[ch]")), paths.suite_binary("gcc"), paths.suite_dir() / "tests.json"]:
        h.update(path.read_bytes())
    return h.hexdigest()


def find(jobs: int) -> Reach:
    """What the tests reach: as known, or found anew. Builds what it needs."""
    build.build_suite("gcc")
    now, before = digest(), known()
    if before and before.digest == now:
        return before
    build.build(["lib_gcc_coverage"])
    found = _collect(jobs)
    found.digest = now
    document = {"digest": found.digest, "tests": found.tests, "lines": found.lines, "missed": found.missed, "pieces": found.pieces}
    write_atomically(memory(), json.dumps(document, separators=(",", ":")).encode())
    return found


def _collect(jobs: int) -> Reach:
    library = paths.out_dir() / "gcc_coverage" / "lib" / "libuv.so.1.0.0"
    places = _places(library)
    musts = [t for t in read_manifest(paths.suite_dir() / "tests.json").tests.values() if t.level == "must"]
    tests = [t.name for t in musts]
    seen: dict[int, list[int]] = {}  # place -> tests
    _run(jobs, library, tests, list(range(len(tests))), {}, places, seen)
    _run(jobs, library, tests, [i for i, t in enumerate(musts) if t.module in _OTHER_MODULES], OTHER_BACKEND, places, seen)
    return _reach(tests, places, seen)


def _run(jobs: int, library: Path, tests: list[str], numbers: list[int], environment: dict[str, str],
         places: dict[int, tuple[str, int]], seen: dict[int, list[int]]) -> None:
    """Runs these tests, and adds to `seen`."""
    todo: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in numbers:
        todo.put(number)
    workers = [_Worker(library, environment, tests, todo, seen, places) for _ in range(jobs)]
    live = Live()
    try:
        for worker in workers:
            worker.start()
        while any(w.is_alive() for w in workers):
            live.update(f"what tests reach: {len(numbers) - todo.qsize()} of {len(numbers)}")
            workers[0].join(0.2)
            for worker in workers:
                worker.join(0 if worker is workers[0] else 0.05)
    finally:
        live.clear()
        for worker in workers:
            worker.process.stop()
            worker.join()
            worker.process.close()
    broken = [w.error for w in workers if w.error]
    if broken:
        raise CannotRun(f"the tests could not be run: {broken[0]}")


class _Worker(threading.Thread):
    """Runs tests one by one and reads the marks after each."""

    def __init__(self, library: Path, environment: dict[str, str], tests: list[str], todo: queue.SimpleQueue[int], seen: dict[int, list[int]],
                 places: dict[int, tuple[str, int]]) -> None:
        super().__init__(daemon=True)
        self.folder = Path(tempfile.mkdtemp(prefix="uvr-"))
        self.marks = self.folder / "marks"
        self.marks.write_bytes(bytes(ROOM))
        self.process = SuiteProcess(paths.suite_binary("gcc"), str(library),
                                    environment={"UVSPEC_REACHED": str(self.marks), **environment})
        self.tests, self.todo, self.seen, self.places = tests, todo, seen, places
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            with open(self.marks, "r+b") as file, mmap.mmap(file.fileno(), ROOM) as marks:
                self.go_through(marks)
        except Exception as error:  # told by the thread that can
            self.error = error
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def go_through(self, marks: mmap.mmap) -> None:
        size = max(self.places) + 1
        while True:
            try:
                number = self.todo.get_nowait()
            except queue.Empty:
                return
            marks[0:size] = bytes(size)
            if self.process.run(self.tests[number], WATCHDOG_MS) is None:
                return
            data = marks[0:size]
            for place in self.places:
                if data[place]:
                    self.seen.setdefault(place, []).append(number)


def _places(library: Path) -> dict[int, tuple[str, int]]:
    """Where each piece of straight code begins: its address, and its file below impl/src and line."""
    addresses = []
    follows = False
    for line in _output(["objdump", "-d", "--no-show-raw-insn", str(library)]).splitlines():
        if follows and (match := re.match(r" *([0-9a-f]+):\t", line)):
            addresses.append(int(match[1], 16))
            follows = False
        elif "\tcall " in line and _CALL in line:
            follows = True
    told = _output(["addr2line", "-e", str(library)], "\n".join(f"{a:x}" for a in addresses)).splitlines()
    out, source = {}, paths.IMPL / "src"
    for address, place in zip(addresses, told):
        match = re.match(r"(.*):(\d+)", place)
        path = (paths.out_dir() / match[1]).resolve() if match else Path()
        if match and path.is_relative_to(source):
            out[address] = (str(path.relative_to(source)), int(match[2]))
    if not out:
        raise CannotRun(f"{library} has no marks; delete it and try again")
    return out


def _output(argv: list[str], said: str = "") -> str:
    try:
        done = subprocess.run(argv, input=said, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise CannotRun(f"there is no `{argv[0]}` here; it comes with the compiler, in the package binutils") from error
    if done.returncode != 0:
        raise CannotRun(f"{argv[0]}: {done.stderr.strip()[:500]}")
    return done.stdout


def _reach(tests: list[str], places: dict[int, tuple[str, int]], seen: dict[int, list[int]]) -> Reach:
    """Brings it to lines. A piece of an inline function stands at many addresses: one of them is enough."""
    out = Reach("", tests)
    by_line: dict[tuple[str, int], list[int]] = {}
    for place, where in places.items():
        by_line.setdefault(where, []).append(place)
    for (file, line), own in sorted(by_line.items()):
        reached = sorted({t for place in own for t in seen.get(place, ())})
        out.lines.setdefault(file, {})[line] = reached
        missed = sum(place not in seen for place in own)
        if file.endswith(".h"):  # many copies
            own, missed = own[:1], 0 if reached else 1
        out.pieces[file] = out.pieces.get(file, 0) + len(own)
        if missed:
            out.missed.setdefault(file, {})[line] = missed
    return out


def functions(file: str) -> list[tuple[str, int, int]]:
    """The functions of a file below impl/src: name, first line, last line."""
    source = (paths.IMPL / "src" / file).read_text(encoding="utf-8")
    starts = [0] + [i + 1 for i, c in enumerate(source) if c == "\n"]
    tokens = tokens_of(source)
    out, before = [], 0
    for f in functions_of(tokens):
        # Its head may take several lines; the first piece of its code belongs to one of them.
        first = bisect.bisect_right(starts, tokens[f.body.start].start)
        last = bisect.bisect_right(starts, tokens[f.body.end - 1].start)
        head = max(before + 1, first - 5)
        out.append((f.name, head, last))
        before = last
    return out
