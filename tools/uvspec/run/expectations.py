"""Known failures: ci/expectations/IMPL.toml.

    api_level = "1.44"           # optional: judge by the clauses of this level, as with --api-level

    [[expect]]
    test = "UV-TIMER-0030.*"     # or `clause`; both may be globs
    status = "fail"
    reason = "rearms after the callback"
    issue = "https://…"          # optional

What is expected is not red. Anything else about a test that an entry names is: above all that it passes.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from ..exits import UsageError
from .manifest import Manifest, Test

STATUSES = ("fail", "crash", "hang", "unresolved", "unsupported", "skipped", "reported")
_KEYS = {"test", "clause", "status", "reason", "issue"}
_LEVEL = re.compile(r"\d+\.\d+(\.\d+)?")


@dataclass(frozen=True)
class Expectation:
    """One entry; `test` or `clause` is set."""

    at: str  # file, and which entry
    test: str
    clause: str
    status: str
    reason: str
    issue: str

    @property
    def about(self) -> str:
        return self.test or self.clause

    def covers(self, test: Test) -> bool:
        if self.test:
            return fnmatchcase(test.name, self.test)
        return any(fnmatchcase(c, self.clause) for c in test.clauses)


@dataclass
class Expectations:
    """A file of them; the first entry that covers a test counts."""

    entries: list[Expectation]
    api_level: str = ""  # the level whose clauses bind that library; empty: the specification's

    def of(self, test: Test) -> Expectation | None:
        return next((e for e in self.entries if e.covers(test)), None)


def read_expectations(path: Path, manifest: Manifest) -> Expectations:
    """Reads and checks the file. Raises UsageError with every problem in it."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: no TOML: {error}") from error
    problems = [f"{path}: unknown key `{key}`; there are `api_level` and [[expect]]" for key in document if key not in ("api_level", "expect")]
    level = document.get("api_level", "")
    if not isinstance(level, str) or level and not _LEVEL.fullmatch(level):
        problems.append(f'{path}: `api_level` must be text like "1.44"')
    rows = document.get("expect", [])
    entries: list[Expectation] = []
    if not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows):
        raise UsageError(f"{path}: write each entry as [[expect]], with two brackets")
    for number, row in enumerate(rows, 1):
        at = f"{path}: entry {number} ({row.get('test') or row.get('clause') or 'about nothing'})"
        wrong = _problems(row)
        problems += [f"{at}: {p}" for p in wrong]
        if not wrong:
            entries.append(_entry(at, row))
    problems += [f"{e.at}: {_matches_nothing(e, manifest)}" for e in entries if not _used(e, manifest)]
    problems += _shadowed(entries, manifest)
    if problems:
        raise UsageError("\n".join(problems))
    return Expectations(entries, level)


def _problems(row: dict[str, Any]) -> list[str]:
    problems = [f"unknown key `{k}`; known: {', '.join(sorted(_KEYS))}" for k in row if k not in _KEYS]
    problems += [f"`{k}` must be text" for k in row if k in _KEYS and not isinstance(row[k], str)]
    if problems:
        return problems
    if bool(row.get("test")) == bool(row.get("clause")):
        problems.append("needs either `test` or `clause`")
    if row.get("status") not in STATUSES:
        problems.append(f"`status` must be one of {', '.join(STATUSES)}")
    if not row.get("reason", "").strip():
        problems.append("needs a `reason`: why this is known and left as it is")
    return problems


def _entry(at: str, row: dict[str, str]) -> Expectation:
    return Expectation(at, row.get("test", ""), row.get("clause", ""), row["status"], row["reason"].strip(), row.get("issue", ""))


def _used(entry: Expectation, manifest: Manifest) -> bool:
    return any(entry.covers(t) for t in manifest.tests.values())


def _matches_nothing(entry: Expectation, manifest: Manifest) -> str:
    if entry.clause in manifest.clauses:
        return "no test shows this clause; remove the entry"
    return "matches no test of the suite; correct the name or remove the entry"


def _shadowed(entries: list[Expectation], manifest: Manifest) -> list[str]:
    """Entries that never count, since earlier ones cover all their tests."""
    problems = []
    for number, entry in enumerate(entries):
        covered = [t for t in manifest.tests.values() if entry.covers(t)]
        before = entries[:number]
        if covered and all(any(e.covers(t) for e in before) for t in covered):
            problems.append(f"{entry.at}: never counts: earlier entries cover all of its tests")
    return problems
