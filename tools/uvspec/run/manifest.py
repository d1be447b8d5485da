"""tests.json: what the suite holds, as the generator wrote it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..exits import CannotRun

FORMAT = 1


@dataclass(frozen=True)
class Test:
    """One test of the suite and what it stands for."""

    __test__ = False  # not one of pytest's

    name: str
    module: str
    clauses: tuple[str, ...]
    level: str  # must | may | unspecified
    origin: str  # scenario | row | rule | abi | header
    at: str
    scenario: str
    symbols: tuple[str, ...]
    since: str
    until: str
    callbacks: dict[str, str] = field(default_factory=dict, hash=False)  # name -> type
    digest: str = ""  # of what the test does


@dataclass(frozen=True)
class ClauseInfo:
    """One clause, with what a report says about it."""

    id: str
    module: str
    text: str
    level: str
    binds: str
    rev: int
    decision: str
    sources: tuple[dict[str, Any], ...]
    at: str
    since: str
    until: str
    untested: str  # why no test shows it
    digest: str = ""  # of what it means, as in the registry
    functions: tuple[str, ...] = ()  # that it is about


@dataclass(frozen=True)
class ProfileInfo:
    """A subset of the API that an implementation may claim."""

    name: str
    summary: str
    functions: frozenset[str]


@dataclass
class Manifest:
    """The whole suite."""

    api_level: str
    tests: dict[str, Test]
    clauses: dict[str, ClauseInfo]
    decisions: dict[str, str] = field(default_factory=dict)  # ID -> title
    symbols: tuple[str, ...] = ()
    profiles: dict[str, ProfileInfo] = field(default_factory=dict)

    @property
    def modules(self) -> list[str]:
        """The modules that have tests or clauses, in the order of the specification."""
        named = [c.module for c in self.clauses.values()] + [t.module for t in self.tests.values()]
        return list(dict.fromkeys(named))


def read_manifest(path: Path) -> Manifest:
    """Reads tests.json. Raises CannotRun: it is a build product, no user wrote it."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CannotRun(f"{path}: {error.strerror}; `./uvspec build` makes it") from error
    except ValueError as error:
        raise CannotRun(f"{path}: no JSON ({error}); delete it and run `./uvspec build`") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise CannotRun(f"{path}: not of format {FORMAT}; delete it and run `./uvspec build`")
    try:
        return _manifest(document)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise CannotRun(f"{path}: lacks something ({error!r}); delete it and run `./uvspec build`") from error


def _manifest(document: dict[str, Any]) -> Manifest:
    tests = [_test(row) for row in document["tests"]]
    clauses = {id_: _clause(id_, row) for id_, row in document["clauses"].items()}
    decisions = {id_: d if isinstance(d, str) else d["title"] for id_, d in document.get("decisions", {}).items()}
    symbols = tuple(s if isinstance(s, str) else s["name"] for s in document.get("symbols", ()))
    profiles = {name: ProfileInfo(name, row["summary"], frozenset(row["functions"]))
                for name, row in document.get("profiles", {}).items()}
    return Manifest(document["api_level"], {t.name: t for t in tests}, clauses, decisions, symbols, profiles)


def _test(row: dict[str, Any]) -> Test:
    return Test(
        name=row["name"], module=row["module"], clauses=tuple(row["clauses"]), level=row["level"],
        origin=row.get("origin", "scenario"), at=row.get("at", ""), scenario=row.get("scenario", ""),
        symbols=tuple(row.get("symbols", ())), since=row.get("since", ""), until=row.get("until", ""),
        callbacks=dict(row.get("callbacks", {})), digest=row.get("digest", ""),
    )


def _clause(id_: str, row: dict[str, Any]) -> ClauseInfo:
    return ClauseInfo(
        id=id_, module=row["module"], text=row["text"], level=row["level"], binds=row.get("binds", "implementation"),
        rev=int(row.get("rev", 1)), decision=row.get("decision", ""), sources=tuple(row.get("sources", ())),
        at=row.get("at", ""), since=row.get("since", ""), until=row.get("until", ""), untested=row.get("untested", ""),
        digest=row.get("digest", ""), functions=tuple(row.get("functions", ())),
    )
