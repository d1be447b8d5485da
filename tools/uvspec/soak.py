"""`uvspec soak`: trials of amount, and the system calls that operations take.

The trials are C programs (conformance/soak) that say what they learn as JSON lines. Each runs twice at
most: once freely, and, in a build without sanitizers, once traced by `uvspec-syscalls`, which counts the
system calls of each phase. What the reference may need is in ci/budgets.toml.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from . import build, paths
from .console import Live, say
from .exits import OK, RED, CannotRun, UsageError
from .run.library import is_reference, library_file

HANGS_AFTER_S = 240
CANNOT_TRACE = 125  # uvspec-syscalls' exit code


@dataclass
class Phase:
    """One operation, many times, and the system calls they took together."""

    name: str
    operations: int
    calls: dict[str, int] = field(default_factory=dict)
    most: float | None = None  # the budget, per operation

    @property
    def per_operation(self) -> float:
        return sum(self.calls.values()) / self.operations

    @property
    def too_many(self) -> bool:
        return self.most is not None and self.per_operation > self.most


@dataclass
class Trial:
    """What one trial said, and how it ended."""

    name: str
    failed: str = ""
    figures: dict[str, int] = field(default_factory=dict)
    phases: list[Phase] = field(default_factory=list)
    counted: bool = False
    why_not_counted: str = ""

    @property
    def red(self) -> bool:
        return bool(self.failed) or any(p.too_many for p in self.phases)


def run(args: argparse.Namespace) -> int:
    """The command."""
    toolchain = build.known_toolchain(args.toolchain)
    reason = build.why_unusable(toolchain)
    if reason:
        raise CannotRun(f"cannot build with {toolchain}: {reason}; run `./uvspec setup`")
    known = names()
    for name in args.trials:
        if name not in known:
            raise UsageError(f"no trial `{name}`; there are: {', '.join(known)}")
    if not 0 < args.scale <= 100:
        raise UsageError("--scale is above 0, and at most 100")
    build.build([f"lib_{toolchain}", f"soak_{toolchain}"])
    library = library_file(args.lib, toolchain)
    budgets = read_budgets(paths.ROOT / "ci" / "budgets.toml") if is_reference(args.lib) else {}
    bench = Bench(paths.out_dir() / toolchain / "bin", library, args.scale, args.seed, budgets,
                  trace="san" not in toolchain)
    trials = []
    for name in args.trials or known:
        trials.append(bench.run(name))
        if args.format == "text":
            _tell(trials[-1])
    if args.format == "json":
        print(json.dumps({"library": str(library), "trials": [_plain(t) for t in trials]}, indent=2))
    else:
        _table(trials, library)
    return RED if any(t.red for t in trials) else OK


def names() -> list[str]:
    """The trials, as conformance/soak/soak.c lists them."""
    text = (paths.ROOT / "conformance" / "soak" / "soak.c").read_text(encoding="utf-8")
    return re.findall(r'\{"(\w+)", trial_\w+\}', text)


def read_budgets(path: Path) -> dict[str, float]:
    """The most system calls an operation may take, by phase."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        return {name: float(entry["most"]) for name, entry in document.items()}
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{path}: not as it should be: {error}") from error


class Bench:
    """Runs trials of one build against one library."""

    def __init__(self, programs: Path, library: Path, scale: float, seed: int, budgets: dict[str, float],
                 trace: bool) -> None:
        self.programs, self.library, self.budgets, self.trace = programs, library, budgets, trace
        self.numbers = [str(scale), str(seed)]

    def run(self, name: str) -> Trial:
        """One trial. Counting slows it down, so that it runs freely too: races show there."""
        with tempfile.TemporaryDirectory(prefix="uvspec-soak-") as work:
            (Path(work) / "libuv.so.1").symlink_to(self.library)
            trial = self._once(name, Path(work), [])
            if trial.failed or not self.trace or not trial.phases:
                return trial
            counts = Path(work) / "counts"
            traced = self._once(name, Path(work), [str(self.programs / "uvspec-syscalls"), str(counts)])
            if traced.why_not_counted:
                trial.why_not_counted = traced.why_not_counted
                return trial
            traced.counted = True
            add_counts(traced, counts.read_text(encoding="ascii") if counts.exists() else "", self.budgets)
            return traced

    def _once(self, name: str, work: Path, before: list[str]) -> Trial:
        live = Live()
        live.update(f"trial {name}{', counting its system calls' if before else ''} …")
        environment = dict(os.environ, LD_LIBRARY_PATH=str(work))
        argv = [*before, str(self.programs / "uvspec-soak"), name, *self.numbers]
        try:
            ended = subprocess.run(argv, cwd=work, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                                   text=True, errors="replace", timeout=HANGS_AFTER_S, check=False)
            code, out, err = ended.returncode, ended.stdout, ended.stderr
        except subprocess.TimeoutExpired as error:
            code, err = None, ""
            out = error.stdout.decode(errors="replace") if isinstance(error.stdout, bytes) else error.stdout or ""
        finally:
            live.clear()
        return read_trial(name, code, out, err)


def read_trial(name: str, code: int | None, out: str, err: str) -> Trial:
    """What a trial printed and how it ended; `code` is None where it hung."""
    trial = Trial(name)
    done = False
    for line in _documents(out):
        if "phase" in line:
            trial.phases.append(Phase(line["phase"], line["operations"]))
        elif "figure" in line:
            trial.figures[line["figure"]] = line["value"]
        elif "failed" in line:
            trial.failed = f"{line['at']}: {line['failed']}"
        done = done or "done" in line
    tail = "\n".join(err.strip().splitlines()[:30])
    if code == CANNOT_TRACE:
        trial.why_not_counted = tail or "tracing is not allowed here"
    elif code is None:
        trial.failed = f"hangs: it had {HANGS_AFTER_S} s"
    elif code < 0 or code > 128:
        trial.failed = f"died by signal {-code if code < 0 else code - 128}" + (f"\n{tail}" if tail else "")
    elif not trial.failed and (code != 0 or not done):
        trial.failed = f"ended with {code}" + (f"\n{tail}" if tail else "")
    return trial


def _documents(out: str) -> Iterator[dict[str, Any]]:
    for line in out.splitlines():
        try:
            document = json.loads(line)
        except ValueError:
            continue  # something that the library under test prints
        if isinstance(document, dict):
            yield document


def add_counts(trial: Trial, text: str, budgets: dict[str, float]) -> None:
    """The lines `PHASE SYSTEM-CALL COUNT` of uvspec-syscalls, entered in the trial's phases."""
    for line in text.splitlines():
        number, call, count = line.split()
        if int(number) <= len(trial.phases):
            trial.phases[int(number) - 1].calls[call] = int(count)
    for phase in trial.phases:
        phase.most = budgets.get(phase.name)


def _plain(trial: Trial) -> dict[str, Any]:
    document = asdict(trial)
    for entry, phase in zip(document["phases"], trial.phases):
        entry["per_operation"] = round(phase.per_operation, 4) if trial.counted else None
    return {**document, "red": trial.red}


def _tell(trial: Trial) -> None:
    """One line a trial, and what is wrong with it."""
    figures = ", ".join(f"{value} {name}" for name, value in trial.figures.items())
    print(f"{'FAIL' if trial.red else 'ok':4} {trial.name:12} {figures}", flush=True)
    for line in trial.failed.splitlines():
        print(f"     | {line}", flush=True)


def _table(trials: list[Trial], library: Path) -> None:
    """System calls an operation, phase by phase."""
    rows = [p for t in trials if t.counted for p in t.phases]
    if rows:
        print("\nsystem calls an operation                          all   most  which")
    for phase in rows:
        which = sorted(((n / phase.operations, c) for c, n in phase.calls.items()), reverse=True)
        shown = ", ".join(f"{c} {n:.2f}" for n, c in which if n >= 0.005)
        most = "" if phase.most is None else f"{phase.most:.2f}"
        mark = "  TOO MANY" if phase.too_many else ""
        print(f"{phase.name:48} {phase.per_operation:6.2f} {most:>6}  {shown}{mark}")
    for reason in sorted({t.why_not_counted for t in trials if t.why_not_counted}):
        print(f"\nsystem calls were not counted: {reason}")
    red = sum(t.red for t in trials)
    say(f"\nuvspec soak: {library}: {len(trials)} trials, {red} red" if red else
        f"\nuvspec soak: {library}: {len(trials)} trials, nothing red")
