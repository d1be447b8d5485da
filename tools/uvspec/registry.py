"""The registry of clause IDs: `spec/registry.txt`, one line an ID.

    UV-TIMER-0030 1 5f0c2ab91d3e        the revision, and a digest of what the clause means
    UV-TIMER-0099 2 retired             never to be used again

It makes two mistakes visible that no look at one version of the files can show: an ID that is reused for
something else, and a meaning that changed under the same revision. `uvspec lint --register` writes it.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import Problem
from .model import At, Clause, Row, Spec, Step
from .spec_json import to_dict

FILE = "spec/registry.txt"
_LINE = re.compile(r"(UV-[A-Z][A-Z0-9_]*-[0-9]{4}) ([0-9]+) (retired|[0-9a-f]{12})\Z")


@dataclass(frozen=True)
class Entry:
    rev: int
    digest: str  # "retired" for an ID that is no longer used
    line: int


def read(root: Path) -> tuple[dict[str, Entry], list[Problem]]:
    """The registry, and what is wrong with its lines. A missing file is an empty registry."""
    entries: dict[str, Entry] = {}
    problems: list[Problem] = []
    path = root / FILE
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for number, line in enumerate(lines, 1):
        if not line or line.startswith("#"):
            continue
        match = _LINE.match(line)
        if match is None:
            problems.append(Problem(At(FILE, number), "", f"`{line}` is not `ID REVISION DIGEST`"))
        elif match[1] in entries:
            problems.append(Problem(At(FILE, number), match[1], f"also on line {entries[match[1]].line}"))
        else:
            entries[match[1]] = Entry(int(match[2]), match[3], number)
    return entries, problems


def digests(spec: Spec) -> dict[str, tuple[int, str]]:
    """ID to revision and digest, for every clause. Case, punctuation and spacing do not count."""
    rows = {r.id: (f.name, r) for f in spec.functions.values() for r in f.outcomes if r.id}
    return {c.id: (c.rev, _digest(c, *rows.get(c.id, ("", None)))) for c in spec.clauses.values()}


def _digest(clause: Clause, function: str, row: Row | None) -> str:
    words = re.sub(r"[^a-z0-9_<>=+-]+", " ", clause.text.lower()).strip()
    meaning = [words if row is None or row.text else "", clause.level.value, clause.binds.value, clause.since, clause.until]
    if row is not None:
        steps = [_words(s) for s in row.given]
        meaning.append(json.dumps([function, row.when, steps, row.args, row.returns, row.state, row.sets], sort_keys=True))
    return hashlib.sha256("\n".join(meaning).encode()).hexdigest()[:12]


def _words(step: Step) -> Any:
    """A step without the line it stands on."""
    return step.text or _without_places(to_dict(step))


def _without_places(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_places(v) for k, v in value.items() if k != "at"}
    return [_without_places(v) for v in value] if isinstance(value, list) else value


def check(root: Path, spec: Spec) -> list[Problem]:
    """Reused, changed, missing and unregistered IDs."""
    entries, problems = read(root)
    clauses = spec.clauses
    for id_, (rev, digest) in digests(spec).items():
        at, entry = clauses[id_].at, entries.get(id_)
        if entry is None:
            problems.append(Problem(at, id_, "not in the registry: run `./uvspec lint --register`"))
        elif entry.digest == "retired":
            problems.append(Problem(at, id_, "this ID was retired and must not be used again: take a new one"))
        elif rev < entry.rev:
            problems.append(Problem(at, id_, f"revision {rev}, but the registry knows revision {entry.rev}"))
        elif rev == entry.rev and digest != entry.digest:
            problems.append(Problem(at, id_, f"its meaning changed: make it `rev: {rev + 1}`, or a new ID; if only the wording did, "
                                             f"run `./uvspec lint --register --editorial {id_}`"))
        elif rev > entry.rev:
            problems.append(Problem(at, id_, "new revision: run `./uvspec lint --register`"))
    for id_, entry in entries.items():
        if id_ not in clauses and entry.digest != "retired":
            problems.append(Problem(At(FILE, entry.line), id_, f"the clause is gone: run `./uvspec lint --register --retire {id_}`"))
    return problems


def register(root: Path, spec: Spec, editorial: set[str], retire: set[str]) -> tuple[str, list[Problem]]:
    """The new text of the registry, and what stands in its way."""
    entries, problems = read(root)
    lines: dict[str, str] = {id_: f"{id_} {e.rev} {e.digest}" for id_, e in entries.items()}
    known = digests(spec)
    for id_, (rev, digest) in known.items():
        entry = entries.get(id_)
        if entry is None or (entry.digest != "retired" and (rev > entry.rev or id_ in editorial)):
            lines[id_] = f"{id_} {rev} {digest}"
    for id_ in sorted(editorial):
        entry = entries.get(id_)
        if id_ not in known or entry is None:
            problems.append(Problem(At(FILE), id_, "not in both the registry and the specification, so its wording cannot have changed"))
        elif known[id_][0] != entry.rev:
            problems.append(Problem(spec.clauses[id_].at, id_, f"revision {known[id_][0]}, but the registry knows revision {entry.rev}: "
                                                               "a change of wording keeps the revision"))
    for id_ in sorted(retire):
        if id_ not in entries:
            problems.append(Problem(At(FILE), id_, "not in the registry, so it cannot be retired"))
        elif id_ in known:
            problems.append(Problem(spec.clauses[id_].at, id_, "still in the specification, so it cannot be retired"))
        else:
            lines[id_] = f"{id_} {entries[id_].rev} retired"
    head = "# Every clause ID ever used: its revision and a digest of its meaning. Written by `./uvspec lint --register`.\n"
    return head + "\n".join(lines[i] for i in sorted(lines)) + "\n", problems
