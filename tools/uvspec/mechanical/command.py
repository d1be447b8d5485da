"""`uvspec mutate --mechanical`: which mutants, and the report."""

from __future__ import annotations

import argparse
import json
import os
import signal
from collections import Counter
from dataclasses import asdict
from typing import Any

from .. import build, paths, reach
from ..console import say
from ..errors import SpecError
from ..exits import INTERRUPTED, OK, RED, UsageError
from ..run.manifest import read_manifest
from . import equivalent
from .bench import ROUGH, Bench, Verdict
from .operators import OPERATORS
from .pick import Mutant, all_mutants, meant, sample

DEFAULT_SAMPLE = 200
FEW = 60  # for so many it does not pay to find anew what tests reach


def run(args: argparse.Namespace) -> int:
    every = all_mutants()
    entries, problems = equivalent.load()
    problems += equivalent.stale(entries, every)
    if problems:
        raise SpecError(problems)
    # Ended from outside, it ends what it started, as with Ctrl-C.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    chosen = choose(every, args)
    if args.list:
        return _list(chosen, entries, args.format)
    tried = [m for m in chosen if m.key not in entries]
    jobs = args.jobs or os.cpu_count() or 1
    verdicts, interrupted = _try(tried, jobs, args.fresh)
    report = Report(chosen, verdicts, entries)
    if args.format == "json":
        print(json.dumps(report.document(), indent=1))
    else:
        report.tell()
    if interrupted:
        return INTERRUPTED
    return RED if report.survivors else OK


def choose(every: list[Mutant], args: argparse.Namespace) -> list[Mutant]:
    """The mutants that are meant: all of what is named, or a sample of everything."""
    if args.sample is not None and args.sample < 1:
        raise UsageError("--sample takes a positive number")
    chosen = meant(every, args.ids)
    count = args.sample or (0 if args.ids or args.all else DEFAULT_SAMPLE)
    return sample(chosen, count, args.seed) if count else chosen


def _try(mutants: list[Mutant], jobs: int, fresh: bool) -> tuple[dict[str, Verdict], bool]:
    build.build_suite("gcc")
    found = reach.known()
    if found is None or len(mutants) > FEW:
        found = reach.find(jobs)
    bench = Bench(read_manifest(paths.suite_dir() / "tests.json"), found, fresh)
    return bench.try_all(mutants, jobs)


class Report:
    """What came of it."""

    def __init__(self, chosen: list[Mutant], verdicts: dict[str, Verdict], entries: dict[str, equivalent.Equivalent]) -> None:
        self.mutants = [m for m in chosen if m.key in verdicts or m.key in entries]
        self.verdicts = verdicts
        self.equivalent = [m for m in self.mutants if m.key in entries]
        self.reasons = entries
        self.killed = self.those("killed")
        self.survivors = self.those("survived")
        self.rough = [m for m in self.killed if verdicts[m.key].how in ROUGH]

    def those(self, verdict: str) -> list[Mutant]:
        return [m for m in self.mutants if m.key in self.verdicts and self.verdicts[m.key].verdict == verdict]

    @property
    def rate(self) -> float:
        count = len(self.killed) + len(self.survivors)
        return len(self.killed) / count if count else 1.0

    def by(self, group: str) -> dict[str, tuple[int, int]]:
        """Killed, and killed or survived, by file or operator."""
        killed = Counter(getattr(m, group) for m in self.killed)
        both = killed + Counter(getattr(m, group) for m in self.survivors)
        return {k: (killed[k], both[k]) for k in sorted(both)}

    def clauses(self) -> dict[str, int]:
        """How many each clause killed, by what it says, not by a crash."""
        return dict(Counter(c for m in self.killed if m not in self.rough for c in self.verdicts[m.key].clauses).most_common())

    def document(self) -> dict[str, Any]:
        def row(m: Mutant) -> dict[str, Any]:
            return {"id": m.id, "file": f"impl/src/{m.file}", "line": m.line, "function": m.function, "operator": m.operator,
                    "was": m.was, "becomes": m.becomes}

        verdicts = []
        for m in self.mutants:
            v = self.verdicts.get(m.key)
            told = asdict(v) if v else {"verdict": "equivalent", "how": self.reasons[m.key].reason}
            verdicts.append({**row(m), **{k: x for k, x in told.items() if k not in ("key", "code", "digest")}})
        count = {k: len(self.those(k)) for k in ("same", "twin", "broken")}
        return {
            "totals": {"mutants": len(self.mutants), **count, "equivalent": len(self.equivalent), "killed": len(self.killed),
                       "survived": len(self.survivors), "by_crash_or_hang_alone": len(self.rough), "rate": round(self.rate, 4)},
            "by_file": {f: {"killed": k, "of": n} for f, (k, n) in self.by("file").items()},
            "by_operator": {f: {"killed": k, "of": n} for f, (k, n) in self.by("operator").items()},
            "by_clause": self.clauses(),
            "survived": [row(m) for m in self.survivors],
            "mutants": verdicts,
        }

    def tell(self) -> None:
        for m in self.survivors:
            how = self.verdicts[m.key].how
            print(f"impl/src/{m.file}:{m.line}: in {m.function}(), {OPERATORS[m.operator]}{f' ({how})' if how else ''}: {m.id}")
            print("\n".join(f"    {line}" for line in m.diff.split("\n")))
        for file, (killed, count) in self.by("file").items():
            print(f"{file:28} {killed:4} of {count:4} killed")
        for operator, (killed, count) in self.by("operator").items():
            print(f"{operator:12} {killed:4} of {count:4} killed  {OPERATORS[operator]}")
        for m in self.rough:
            v = self.verdicts[m.key]
            print(f"only by a {v.how}: {m.id} {v.by}")
        left_out = [f"{len(self.those(k))} {what}" for k, what in (
            ("same", "change no machine code"), ("twin", "are as others"), ("broken", "do not compile")) if self.those(k)]
        if self.equivalent:
            left_out.append(f"{len(self.equivalent)} cannot be noticed")
        if left_out:
            say(f"left out: {', '.join(left_out)}")
        count = len(self.killed) + len(self.survivors)
        print(f"{len(self.killed)} of {count} mechanical mutants killed ({100 * self.rate:.1f} %), {len(self.rough)} of them only by a crash or a hang")


def _list(chosen: list[Mutant], entries: dict[str, equivalent.Equivalent], form: str) -> int:
    if form == "json":
        rows = [{"id": m.id, "function": m.function, "operator": m.operator, "was": m.was, "becomes": m.becomes,
                 "equivalent": m.key in entries} for m in chosen]
        print(json.dumps(rows, indent=1))
    else:
        for m in chosen:
            print(f"{m.id}  {m.operator}  {m.function}{'  (cannot be noticed)' if m.key in entries else ''}")
            print("\n".join(f"    {line}" for line in m.diff.split("\n")))
    return OK
