"""Tries mechanical mutants: builds each, runs the tests that may notice, remembers what became of it.

A killed mutant was noticed by a must-test. It is the compiler's word that one is no mutant: it does not
compile (`broken`), or it is the same machine code as without the change (`same`) or as another mutant (`twin`).
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from .. import paths, reach
from ..console import Live, say
from ..many import work_through
from ..mutants import BuildFailed
from ..run.manifest import Manifest
from ..run.suite import SuiteProcess
from ..write import write_atomically
from .pick import Mutant
from .workshop import Workshop

WATCHDOG_MS = 3000  # no test takes a tenth of it
# A mutant may fill the memory or the disk. A thousand threads take more than 8 GiB of addresses; the largest file that a test wants is sparse, of 5 GiB.
LIMITS = {resource.RLIMIT_AS: 12 << 30, resource.RLIMIT_FSIZE: 8 << 30, resource.RLIMIT_CORE: 0}
RED = {"fail", "crash", "hang", "unresolved"}
MORE = {"crash": 25, "hang": 1, "unresolved": 25}  # tests to try after such an end: perhaps a clause says what is wrong
ROUGH = frozenset(MORE)
# What runs only if it is asked for.
ASKED_FOR = {"backend/poll.c": reach.OTHER_BACKEND}


@dataclass
class Verdict:
    """What became of one mutant."""

    key: str
    verdict: str  # killed | survived | same | twin | broken | stopped
    by: str = ""  # the test that noticed
    clauses: list[str] = field(default_factory=list)
    how: str = ""  # fail | crash | hang | unresolved; for a survivor: why
    ran: int = 0
    seconds: float = 0.0
    code: str = ""
    digest: str = ""


class Bench:
    """All of it."""

    def __init__(self, manifest: Manifest, found: reach.Reach | None, fresh: bool = False) -> None:
        self.folder = paths.out_dir() / "mutants" / f"mechanical-{os.getpid()}"  # two may run at once
        self.memory = paths.out_dir() / "mutants" / "mechanical.json"
        self.manifest, self.reach = manifest, found
        self.digest = reach.digest()
        self.workshop = Workshop(self.folder)
        self.musts = [t.name for t in manifest.tests.values() if t.level == "must"]
        self.stopping = False
        self.lock = threading.Lock()
        self.running: set[SuiteProcess] = set()
        self.functions: dict[str, dict[str, tuple[int, int]]] = {}
        self.known = {} if fresh else _remembered(self.memory)
        self.codes = {v.code: v.key for v in self.known.values() if v.code and v.verdict in ("killed", "survived")}
        self.breadth: Counter[str] = Counter()  # how many lines a test reaches
        for own in found.lines.values() if found else ():
            self.breadth.update(found.tests[t] for tests in own.values() for t in tests if found)

    # ---- all ----

    def try_all(self, mutants: list[Mutant], jobs: int) -> tuple[dict[str, Verdict], bool]:
        """The verdicts, as far as it came; and whether it was interrupted."""
        live = Live()
        verdicts: dict[str, Verdict] = {}
        ids = {m.key: m.id for m in mutants}
        saved = time.monotonic()

        def note(verdict: Verdict) -> None:
            nonlocal saved
            verdicts[verdict.key] = self.known[verdict.key] = verdict
            if verdict.verdict == "survived":
                live.clear()
                say(f"survived: {ids[verdict.key]} {verdict.how}")
            count = Counter(v.verdict for v in verdicts.values())
            live.update(f"{len(verdicts)} of {len(mutants)} mutants: {count['killed']} killed, {count['survived']} survived")
            if time.monotonic() - saved > 2:
                self.save()
                saved = time.monotonic()

        try:
            whole = work_through(mutants, self.attempt, jobs, note, self.stop)
        finally:
            live.clear()
            self.save()
            shutil.rmtree(self.folder, ignore_errors=True)
        return {k: v for k, v in verdicts.items() if v.verdict != "stopped"}, not whole

    def stop(self) -> None:
        self.stopping = True
        with self.lock:
            for process in self.running:
                process.stop()

    def save(self) -> None:
        rows = {k: asdict(v) for k, v in sorted(self.known.items()) if v.verdict != "stopped"}
        write_atomically(self.memory, json.dumps(rows, indent=0).encode())

    # ---- one ----

    def attempt(self, mutant: Mutant) -> Verdict:
        """Builds and tries one mutant, unless nothing changed since it was last tried."""
        known = self.known.get(mutant.key)
        if known and known.digest == self.digest:
            return known
        if self.stopping:
            return Verdict(mutant.key, "stopped")
        started = time.monotonic()
        folder = Path(tempfile.mkdtemp(prefix="uvx-"))  # a short name: sockets are made below it
        try:
            verdict = self.judge(mutant, folder)
        except BuildFailed as error:
            verdict = Verdict(mutant.key, "broken", how=str(error).partition("\n")[0])
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        verdict.seconds = round(time.monotonic() - started, 2)
        verdict.digest = self.digest
        return Verdict(mutant.key, "stopped") if self.stopping else verdict

    def judge(self, mutant: Mutant, folder: Path) -> Verdict:
        made = self.workshop.compile(mutant, folder)
        if made.same:
            return Verdict(mutant.key, "same", code=made.code)
        with self.lock:
            twin = self.codes.setdefault(made.code, mutant.key)
        if twin != mutant.key:
            return Verdict(mutant.key, "twin", how=twin, code=made.code)
        library = self.workshop.link(mutant, made, folder)
        environment = {"TMPDIR": str(folder), **ASKED_FOR.get(mutant.file, {})}
        process = SuiteProcess(paths.suite_binary("gcc"), str(library), environment=environment, limits=LIMITS)
        with self.lock:
            self.running.add(process)
        try:
            verdict = self.run(process, mutant)
            verdict.code = made.code
            return verdict
        finally:
            with self.lock:
                self.running.discard(process)
            process.stop()
            process.close()

    def run(self, process: SuiteProcess, mutant: Mutant) -> Verdict:
        """One test after the other until one fails. After a crash some more: perhaps a clause says what is wrong."""
        rough: Verdict | None = None
        ran = left = 0
        for name in self.order(mutant):
            raw = process.run(name, WATCHDOG_MS)
            if raw is None:
                return Verdict(mutant.key, "stopped")
            ran, left = ran + 1, left - 1
            if raw.status in RED and (raw.status == "fail" or rough is None) and self.again(process, raw.status, name):
                rough = Verdict(mutant.key, "killed", name, list(self.manifest.tests[name].clauses), raw.status, ran)
                if raw.status == "fail":
                    return rough
                left = MORE[raw.status]
            if rough and left <= 0:
                return rough
        return rough or Verdict(mutant.key, "survived", how="" if ran else "no test goes there", ran=ran)

    def again(self, process: SuiteProcess, status: str, name: str) -> bool:
        """Whether it was no accident, on a machine under load: it shows once more in three times."""
        if status == "hang":
            return True  # that costs seconds
        for _ in range(3):
            raw = process.run(name, WATCHDOG_MS)
            if raw is not None and raw.status in RED:
                return True
        return False

    def order(self, mutant: Mutant) -> Iterator[str]:
        """The tests that may notice, the likeliest first: those that noticed its neighbours, and those of few lines."""
        allowed, near = self.reaching(mutant)
        done = set()
        for name in [*self.neighbours(mutant), *near]:
            if name in allowed and name not in done:
                done.add(name)
                yield name
        yield from (n for n in self.musts if n in allowed and n not in done)

    def neighbours(self, mutant: Mutant) -> list[str]:
        """What noticed this mutant before, those of its function, those of its file; a line that is near counts more."""
        before = self.known.get(mutant.key)
        counts: Counter[str] = Counter()
        for key, verdict in list(self.known.items()):
            if verdict.verdict == "killed" and verdict.how == "fail" and key.startswith(f"X-{mutant.file}-"):
                counts[verdict.by] += 1
        mine = [before.by] if before and before.by else []
        return mine + [name for name, _ in counts.most_common(8)]

    def reaching(self, mutant: Mutant) -> tuple[set[str], list[str]]:
        """The tests that may notice at all, and those of them that look the nearest."""
        musts = set(self.musts)
        if self.reach is None:
            return musts, []
        first, last = self.span(mutant)
        inside = self.reach.tests_of(mutant.file, first, last) & musts
        on_line = self.reach.tests_of(mutant.file, mutant.line, mutant.line) & inside
        new = musts - set(self.reach.tests)
        near = [*sorted(new), *sorted(on_line, key=self.rank), *sorted(inside - on_line, key=self.rank)]
        # What is known holds for these sources alone; else all tests may.
        limited = self.reach.digest == self.digest and mutant.file not in ASKED_FOR
        return (inside if limited else musts), near

    def rank(self, test: str) -> tuple[int, str]:
        return self.breadth[test], test

    def span(self, mutant: Mutant) -> tuple[int, int]:
        """The lines of its function."""
        with self.lock:
            if mutant.file not in self.functions:
                self.functions[mutant.file] = {name: (a, b) for name, a, b in reach.functions(mutant.file)}
        return self.functions[mutant.file][mutant.function]


def _remembered(memory: Path) -> dict[str, Verdict]:
    try:
        return {k: Verdict(**v) for k, v in json.loads(memory.read_text()).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}  # nothing remembered, or of another version
