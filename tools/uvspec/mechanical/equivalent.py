"""conformance/mutants/equivalent.yaml: the mechanical mutants that no program can notice, each with its proof."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema

from .. import paths
from ..errors import Problem
from ..load import explain
from ..model import At
from ..strict_yaml import YamlProblems, parse
from .pick import Mutant, key_of

FILE = paths.CONFORMANCE / "mutants" / "equivalent.yaml"


@dataclass(frozen=True)
class Equivalent:
    id: str
    at: At
    was: str
    becomes: str
    reason: str


def load(path: Path | None = None) -> tuple[dict[str, Equivalent], list[Problem]]:
    """The entries by the mutant's key, and what is wrong with the file."""
    path = path or FILE
    if not path.exists():
        return {}, []
    name = str(path.relative_to(paths.ROOT)) if path.is_relative_to(paths.ROOT) else str(path)
    try:
        document = parse(path.read_text(encoding="utf-8"), name)
    except YamlProblems as e:
        return {}, list(e.problems)
    schema = json.loads((paths.SPEC / "schema" / "equivalent.schema.json").read_text(encoding="utf-8"))
    errors = jsonschema.Draft202012Validator(schema).iter_errors(document)
    problems = [Problem(At(name, line), id_, what) for line, what, id_ in (explain(document, e) for e in errors)]
    out: dict[str, Equivalent] = {}
    for entry in [] if problems else document["equivalent"]:
        one = _entry(entry, name)
        if key_of(one.id) in out:
            problems.append(Problem(one.at, one.id, f"also at {out[key_of(one.id)].at}"))
        out[key_of(one.id)] = one
    return out, problems


def _entry(entry: Any, file: str) -> Equivalent:
    return Equivalent(entry["id"], At(file, entry.line), _folded(entry["was"]), _folded(entry["becomes"]), entry["reason"])


def stale(entries: dict[str, Equivalent], every: list[Mutant]) -> list[Problem]:
    """Entries whose mutant the sources have no more, or another one than the entry says."""
    known = {m.key: m for m in every}
    out = []
    for key, e in entries.items():
        m = known.get(key)
        if m is None:
            out.append(Problem(e.at, e.id, "there is no such mutant any more: the source has changed; take it out, or give the proof for what stands there now"))
        elif (_folded(m.was), _folded(m.becomes)) != (e.was, e.becomes):
            out.append(Problem(e.at, e.id, f"`was` and `becomes` are not what the mutant does: {_folded(m.was)!r} becomes {_folded(m.becomes)!r}"))
    return out


def _folded(text: str) -> str:
    return " ".join(text.split())
