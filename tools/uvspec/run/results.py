"""A finished run: what each test came to, what that says about each clause, and its JSON form."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from .. import __version__
from .expectations import Expectation, Expectations
from .manifest import ClauseInfo, Manifest, Test

FORMAT = 2  # of the JSON form; spec/schema/results.schema.json says what is in it

STATUSES = ("pass", "fail", "crash", "hang", "unresolved", "reported", "unsupported", "skipped")
BROKEN = ("fail", "crash", "hang")  # the library does not keep the clause
RED = (*BROKEN, "unresolved")  # red, unless expected
VERDICTS = ("fail", "unresolved", "pass", "reported", "unsupported", "skipped", "untested")


@dataclass
class Failure:
    """One check that did not hold."""

    call: str
    wanted: str
    seen: str


@dataclass
class Checkpoint:
    """One look at the trace: a pattern, and what fired."""

    pattern: str
    seen: list[str]
    ok: bool


@dataclass
class Raw:
    """What the suite reported about one run of one test."""

    test: str
    status: str
    reason: str = ""
    failures: list[Failure] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    expected_trace: list[Checkpoint] = field(default_factory=list)
    loop_runs: list[str] = field(default_factory=list)  # `once 0..3`: calls of uv_run(), counted in single events
    signal: int = 0
    ms: int = 0
    stderr: str = ""
    missing: list[str] = field(default_factory=list)

    @staticmethod
    def from_json(row: dict[str, Any]) -> Raw:
        """Raises KeyError, TypeError or ValueError for a line that the suite did not write."""
        if row["status"] not in STATUSES:
            raise ValueError(f"unknown status {row['status']!r}")
        return Raw(
            test=row["test"], status=row["status"], reason=row["reason"],
            failures=[Failure(**f) for f in row["failures"]], trace=list(row["trace"]),
            expected_trace=[Checkpoint(**c) for c in row["expected_trace"]],
            loop_runs=list(row.get("loop_runs", ())), signal=row["signal"], ms=row["ms"],
            stderr=row["stderr"], missing=list(row["missing"]),
        )


@dataclass
class TestResult:
    """A test's verdict. `runs` holds the status of each repetition."""

    __test__ = False  # not one of pytest's

    test: Test
    raw: Raw
    status: str
    runs: list[str]
    expectation: Expectation | None = None

    @property
    def flaky(self) -> bool:
        return len(set(self.runs)) > 1

    @property
    def expected(self) -> bool:
        """Known to be like this, every time."""
        return self.expectation is not None and set(self.runs) == {self.expectation.status}

    @property
    def red(self) -> bool:
        """What changes from run to run is red if one of its runs is; what is left open may change."""
        if self.expectation:
            return not self.expected
        return self.status in RED

    @property
    def note(self) -> str:
        """What to say about it beyond its status."""
        if self.flaky:
            return "changes from run to run: " + ", ".join(f"{self.runs.count(s)} × {s}" for s in STATUSES if s in self.runs)
        if self.expectation and self.expected:
            return f"expected: {self.expectation.reason}"
        if self.expectation and self.status == "pass":
            return "passes now: remove the expectation, or let it name only the tests that still fail"
        if self.expectation:
            return f"expected {self.expectation.status}, but it is {self.status}"
        return ""


@dataclass
class Implementation:
    """The library that was tested."""

    name: str  # as the user gave it; `reference` for the one in this tree
    path: str
    version: str
    soname: str
    missing: list[str]
    deadly: list[str] = field(default_factory=list)  # what the harness itself calls, and ends the process
    sha256: str = ""  # of the file


@dataclass
class Run:
    """A whole run."""

    implementation: Implementation
    manifest: Manifest
    variant: str
    started: str  # ISO 8601, UTC
    duration_ms: int
    tests: list[TestResult]
    interrupted: bool = False
    selected: bool = False  # only some tests were asked for
    profile: str = ""  # what the library claims; "" for nothing in particular
    api_level: str = ""  # that it is held to; "" for the specification's
    compiler: str = ""  # of the suite, and of the reference
    machine: dict[str, str] = field(default_factory=dict)

    @property
    def red(self) -> list[TestResult]:
        return [t for t in self.tests if t.red]

    def clauses(self) -> dict[str, str]:
        """The verdict on each clause; of a selection, only on those with a test in it."""
        by_clause: dict[str, list[TestResult]] = {}
        for result in self.tests:
            for id_ in result.test.clauses:
                by_clause.setdefault(id_, []).append(result)
        known = [i for i in self.manifest.clauses if i in by_clause or not self.selected]
        return {i: clause_verdict([r.status for r in by_clause.get(i, [])]) for i in known}


def status_at_level(raw: Raw, level: str) -> str:
    """What a test's outcome means for a clause of this level.

    What is left open cannot be broken, only observed. A crash is no observation: no clause allows it.
    """
    if level in ("may", "unspecified") and raw.status in ("fail", "hang"):
        return "reported"
    return raw.status


def held_to_its_claim(raw: Raw, profile: str) -> Raw:
    """A test that the profile covers cannot be unsupported: what is claimed has to be there."""
    if profile and raw.status == "unsupported":
        return replace(raw, status="fail", reason=f"{raw.reason}; profile {profile} claims it")
    return raw


def clause_verdict(statuses: list[str]) -> str:
    """What its tests say about a clause."""
    if any(s in BROKEN for s in statuses):
        return "fail"
    return next((s for s in ("unresolved", "pass", "reported", "unsupported", "skipped") if s in statuses), "untested")


def ends_alike(results: list[TestResult], at_least: int = 5) -> dict[str, list[TestResult]]:
    """Tests whose process died with the same last words, as stubs that abort make it: by these words."""
    groups: dict[str, list[TestResult]] = {}
    for result in results:
        words = result.raw.stderr.strip().splitlines()
        if result.status == "crash" and words:
            groups.setdefault(words[-1].strip(), []).append(result)
    return {words: group for words, group in groups.items() if len(group) >= at_least}


def judge(test: Test, raws: list[Raw], expectations: Expectations | None) -> TestResult:
    """One result of all repetitions; the first red one speaks for it, else the first."""
    runs = [status_at_level(r, test.level) for r in raws]
    worst = next((i for i, s in enumerate(runs) if s in RED), 0)
    return TestResult(test, raws[worst], runs[worst], runs, expectations.of(test) if expectations else None)


# --------------------------------------------------------------------------------------- JSON form


def totals(run: Run) -> dict[str, int]:
    """How many tests came to what; `expected` and `red` count across."""
    count = {s: sum(t.status == s for t in run.tests) for s in STATUSES}
    return {
        "tests": len(run.tests), **count, "expected": sum(t.expected for t in run.tests), "red": len(run.red),
        "flaky": sum(t.flaky for t in run.tests),
    }


def to_json(run: Run) -> dict[str, Any]:
    """The document that `--json` writes and other tools read."""
    verdicts = run.clauses()
    tests_of: dict[str, list[str]] = {}
    for result in run.tests:
        for id_ in result.test.clauses:
            tests_of.setdefault(id_, []).append(result.test.name)
    return {
        "format": FORMAT, "tool": f"uvspec {__version__}", "api_level": run.manifest.api_level,
        "spec": {"digest": suite_digest(run.manifest), "clauses": len(run.manifest.clauses), "tests": len(run.manifest.tests)},
        "implementation": asdict(run.implementation), "variant": run.variant, "compiler": run.compiler, "machine": run.machine,
        "profile": run.profile, "held_to": run.api_level or run.manifest.api_level, "started": run.started,
        "duration_ms": run.duration_ms, "interrupted": run.interrupted, "selected": run.selected, "totals": totals(run),
        "symbols": list(run.manifest.symbols), "tests": [_test_json(t) for t in run.tests],
        "clauses": {i: _clause_json(run, run.manifest.clauses[i], v, tests_of.get(i, [])) for i, v in verdicts.items()},
    }


def suite_digest(manifest: Manifest) -> str:
    """Changes when a clause's meaning or a test does."""
    words = [f"{c.id} {c.rev} {c.digest}" for c in manifest.clauses.values()]
    words += [f"{t.name} {t.digest}" for t in manifest.tests.values()]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:12]


def _test_json(result: TestResult) -> dict[str, Any]:
    t, raw = result.test, asdict(result.raw)
    del raw["test"], raw["status"]
    return {
        "test": t.name, "module": t.module, "clauses": list(t.clauses), "level": t.level, "origin": t.origin, "at": t.at,
        "digest": t.digest, "symbols": list(t.symbols), "callbacks": t.callbacks,
        "status": result.status, "runs": result.runs, "red": result.red, "expected": result.expected,
        "flaky": result.flaky, "note": result.note, **raw,
    }


def _clause_json(run: Run, clause: ClauseInfo, verdict: str, tests: list[str]) -> dict[str, Any]:
    return {
        "verdict": verdict, "module": clause.module, "level": clause.level, "binds": clause.binds, "rev": clause.rev, "digest": clause.digest,
        "functions": list(clause.functions), "text": clause.text, "since": clause.since, "until": clause.until, "decision": clause.decision,
        "decision_title": run.manifest.decisions.get(clause.decision, ""), "sources": [dict(s) for s in clause.sources],
        "at": clause.at, "untested": clause.untested, "tests": tests,
    }
