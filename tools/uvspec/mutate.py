"""`uvspec mutate`: breaks the reference on purpose, once for each mutant, and sees who notices.

A mutant is killed when a test of a clause that it aims at goes red. One that only other clauses notice is
counted apart: it died, but the clause that should name it is blind. Results are kept as they come, so an
interrupted run goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from . import mutants, paths
from .console import Live, say
from .exits import CANNOT_RUN, INTERRUPTED, OK, RED, UsageError
from .many import work_through
from .mutants import BuildFailed, Mutant
from .run.manifest import Manifest, read_manifest
from .run.results import Raw
from .run.suite import SuiteProcess
from .write import write_atomically

QUICK = 40  # how many of them the short form takes, spread over all modules
WATCHDOG_MS = 4000
TRIES = 3  # some bugs (a race, a spin) show in some runs only; a clause counts as blind when it missed that often
BAD = {"fail", "crash", "hang", "unresolved"}


@dataclass
class Verdict:
    """What became of one mutant."""

    id: str
    verdict: str  # killed | elsewhere | survived | broken (does not compile)
    by: list[str] = field(default_factory=list)  # the tests that noticed
    how: str = ""  # fail, crash or hang; the compiler's words for a broken one
    digest: str = ""


def run(args: argparse.Namespace) -> int:
    """The command."""
    from . import build
    from .load import load_spec

    if args.mechanical:
        from .mechanical import command

        return command.run(args)
    if args.sample is not None or args.all:
        raise UsageError("--sample and --all go with --mechanical")
    spec = load_spec(paths.ROOT)
    chosen = choose(mutants.load_mutants(spec, Path(args.file) if args.file else None), args.ids, args.quick)
    if args.list:
        return _list(chosen, args.format)
    for toolchain in sorted({m.toolchain for m in chosen}):
        build.build_suite(toolchain)
    bench = Bench(read_manifest(paths.suite_dir() / "tests.json"), paths.out_dir() / "mutants", args.keep)
    bench.near = neighbours(mutants.load_mutants(spec)) if args.file else {}
    if args.fresh:
        bench.forget()
    verdicts, interrupted = bench.try_all(chosen, args.jobs or os.cpu_count() or 1)
    _report(chosen, verdicts, args.format)
    if interrupted:
        return INTERRUPTED
    if any(v.verdict == "broken" for v in verdicts.values()):
        return CANNOT_RUN
    return OK if all(v.verdict == "killed" for v in verdicts.values()) else RED


def choose(every: list[Mutant], ids: list[str], quick: bool) -> list[Mutant]:
    """The mutants that are meant; `quick` takes them evenly from the sorted list."""
    unknown = [i for i in ids if not any(m.id.startswith(i) for m in every)]
    if unknown:
        raise UsageError(f"no mutant {', '.join(unknown)}; `./uvspec mutate --list` lists them")
    chosen = [m for m in every if not ids or any(m.id.startswith(i) for i in ids)]
    if quick and len(chosen) > QUICK:
        chosen = [chosen[i * len(chosen) // QUICK] for i in range(QUICK)]
    return chosen


def neighbours(known: list[Mutant]) -> dict[str, Counter[str]]:
    """For each source file, how often the clauses of a module are aimed at by its mutants: who notices a bug there first."""
    found: dict[str, Counter[str]] = {}
    for mutant in known:
        found.setdefault(mutant.file, Counter()).update(clause.split("-")[1] for clause in mutant.aims)
    return found


class Bench:
    """Builds mutants, runs tests on them, remembers."""

    def __init__(self, manifest: Manifest, folder: Path, keep: bool = False) -> None:
        self.manifest = manifest
        self.folder = folder
        self.keep = keep
        self.stopping = False
        self.memory = folder / "results.json"
        self.lock = threading.Lock()
        self.running: set[SuiteProcess] = set()
        self.near: dict[str, Counter[str]] = {}  # which modules' tests come first
        self.known: dict[str, Verdict] = {}
        try:
            self.known = {k: Verdict(**v) for k, v in json.loads(self.memory.read_text()).items()}
        except (OSError, ValueError, TypeError):
            pass  # nothing remembered, or of another version

    def forget(self) -> None:
        self.known.clear()

    def try_all(self, chosen: list[Mutant], jobs: int) -> tuple[dict[str, Verdict], bool]:
        """The verdicts, as far as it came; and whether it was interrupted."""
        live = Live()
        verdicts: dict[str, Verdict] = {}

        def note(verdict: Verdict) -> None:
            verdicts[verdict.id] = verdict
            self.remember(verdict)
            if verdict.verdict != "killed":
                live.clear()
                say(f"{verdict.verdict}: {verdict.id}")
            live.update(f"{len(verdicts)} of {len(chosen)} mutants, {_killed(verdicts)} killed")

        whole = work_through(chosen, self.attempt, jobs, note, self.stop)
        live.clear()
        return verdicts, not whole

    def stop(self) -> None:
        self.stopping = True
        with self.lock:
            for process in self.running:
                process.stop()

    def remember(self, verdict: Verdict) -> None:
        self.known[verdict.id] = verdict
        write_atomically(self.memory, json.dumps({k: asdict(v) for k, v in sorted(self.known.items())}, indent=1).encode())

    def attempt(self, mutant: Mutant) -> Verdict:
        """Builds and tries one mutant, unless nothing changed since it was last tried."""
        if self.stopping:
            return Verdict(mutant.id, "survived", how="not tried")
        digest = mutants.digest(mutant)
        known = self.known.get(mutant.id)
        if known and known.digest == digest:
            return known
        folder = self.folder / mutant.id
        try:
            library = mutants.build(mutant, folder)
            verdict = self.judge(mutant, library)
        except BuildFailed as e:
            verdict = Verdict(mutant.id, "broken", how=str(e))
        if not self.keep:
            shutil.rmtree(folder, ignore_errors=True)
        verdict.digest = "" if self.stopping else digest
        return verdict

    def judge(self, mutant: Mutant, library: Path) -> Verdict:
        """First the tests of the clauses it aims at, then, if none noticed, all others. Without an aim any clause will do."""
        aimed = [t.name for t in self.manifest.tests.values() if set(t.clauses) & set(mutant.aims)]
        others = [t.name for t in self.manifest.tests.values() if t.name not in set(aimed)]
        near = self.near.get(mutant.file, Counter())
        others.sort(key=lambda name: -near[name.split("-")[1]])
        process = SuiteProcess(paths.suite_binary(mutant.toolchain), str(library))
        with self.lock:
            self.running.add(process)
        try:
            elsewhere = "elsewhere" if mutant.aims else "killed"
            for verdict, names in (("killed", aimed * TRIES), (elsewhere, others)):
                for raw in self.raws(process, names, mutant):
                    if raw.status in BAD:
                        return Verdict(mutant.id, verdict, [raw.test], raw.status)
        finally:
            with self.lock:
                self.running.discard(process)
            process.stop()
            process.close()
        return Verdict(mutant.id, "survived")

    def raws(self, process: SuiteProcess, names: list[str], mutant: Mutant) -> Iterator[Raw]:
        for name in names:
            if self.manifest.tests[name].level != "must":
                continue  # what is only reported cannot kill
            raw = process.run(name, WATCHDOG_MS * (5 if mutant.under == "tsan" else 1))
            if raw is None:
                return
            yield raw


def _killed(verdicts: dict[str, Verdict]) -> int:
    return sum(v.verdict == "killed" for v in verdicts.values())


def _list(chosen: list[Mutant], form: str) -> int:
    if form == "json":
        print(json.dumps([asdict(m) for m in chosen], indent=1))
    else:
        for m in chosen:
            print(f"{m.id}  {', '.join(m.aims)}  {m.why}")
    return OK


def _report(chosen: list[Mutant], verdicts: dict[str, Verdict], form: str) -> None:
    if form == "json":
        groups = {k: [v.id for v in verdicts.values() if v.verdict == k] for k in ("killed", "elsewhere", "survived", "broken")}
        groups["survived"] += groups["elsewhere"]
        print(json.dumps({**groups, "mutants": [asdict(v) for v in verdicts.values()]}, indent=1))
        return
    from rich.console import Console
    from rich.table import Table

    console = Console()
    if not console.is_terminal:
        console = Console(width=160)

    table = Table("mutant", "aims at", "verdict", "noticed by", "what is broken", box=None, header_style="bold")
    for m in chosen:
        v = verdicts.get(m.id)
        if v is not None:
            style = "green" if v.verdict == "killed" else "red"
            table.add_row(m.id, " ".join(m.aims), f"[{style}]{v.verdict}[/] {v.how.splitlines()[0] if v.how else ''}", " ".join(v.by), m.why)
    console.print(table)
    modules: dict[str, list[Verdict]] = {}
    for m in chosen:
        if m.id in verdicts:
            modules.setdefault(m.id.split("-")[1].lower(), []).append(verdicts[m.id])
    for module, found in sorted(modules.items()):
        print(f"{module:10} {sum(v.verdict == 'killed' for v in found):3} of {len(found):3} killed")
    print(f"{_killed(verdicts)} of {len(verdicts)} mutants killed by a clause they aim at")
