"""`uvspec trace`: which clauses answer which statement of a source document, and whether they hold.

spec/trace has the links; what ran and how it ended is read from the last results of `uvspec check` and
`uvspec guide`. Without results everything is "not run", which is no fault: an item that nothing answers
is one, and so is one whose tests are red.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import paths
from .console import say
from .exits import OK, RED
from .model import Clause, Spec, Trace, TraceItem

# What can be said of an item, the worst first.
STATES = ("open", "red", "not run", "covered", "stated", "not here", "decided")

_GOOD = ("pass", "reported")
_RED = ("fail", "unresolved", "hang")


@dataclass
class Results:
    """The last verdicts: clauses of `uvspec check`, programs of `uvspec guide`."""

    clauses: dict[str, str] = field(default_factory=dict)
    programs: dict[str, str] = field(default_factory=dict)
    of: str = ""  # the library that they are about


@dataclass
class Answer:
    """An item, what answers it in full, and what that comes to."""

    item: TraceItem
    clauses: dict[str, str]  # ID -> what is known of it
    programs: dict[str, str]
    state: str
    why: str = ""


def read_results(folder: Path) -> Results:
    """From results.json and guide.json of the report folder; what is not there or not readable is not known."""
    check, guide = _json(folder / "results.json"), _json(folder / "guide.json")
    clauses = {i: str(c.get("verdict", "")) for i, c in check.get("clauses", {}).items()}
    programs = {str(p["name"]): str(p["status"]) for p in guide.get("programs", [])}
    return Results(clauses, programs, str(check.get("implementation", {}).get("path", "")))


def _json(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}


def answers(spec: Spec, trace: Trace, results: Results) -> list[Answer]:
    """Every item of a document."""
    clauses = spec.clauses
    rows: dict[str, list[str]] = {}
    for clause in clauses.values():
        rows.setdefault(clause.row_of, []).append(clause.id)
    return [_answer(clauses, rows, item, results) for item in trace.items]


def _answer(clauses: dict[str, Clause], rows_of: dict[str, list[str]], item: TraceItem, results: Results) -> Answer:
    """`rows_of`: function -> the clauses that are rows of its outcome table."""
    rows = {name: rows_of.get(name, []) for name in item.outcomes}
    ids = dict.fromkeys([*item.clauses, *(i for found in rows.values() for i in found)])
    known = {i: _verdict(clauses.get(i), results.clauses.get(i, "")) for i in ids}
    programs = {name: results.programs.get(name, "not run") for name in item.programs}
    empty = [name for name, found in rows.items() if not found]
    if empty and not item.clauses:
        return Answer(item, known, programs, "open", f"{', '.join(empty)}: no outcome table yet")
    return Answer(item, known, programs, _state(item, list(known.values()), list(programs.values())))


def _verdict(clause: Clause | None, verdict: str) -> str:
    if clause is None:
        return "unknown"
    if clause.untested:
        return "stated"  # a caller's duty, or what no test can show
    return verdict or "not run"


def _state(item: TraceItem, clauses: list[str], programs: list[str]) -> str:
    every = clauses + programs
    if any(v == "unknown" for v in clauses):
        return "open"
    if any(v in _RED for v in every):
        return "red"
    if item.not_here:
        return "not here"
    if not every:
        return "decided" if item.decision else "open"
    tested = [v for v in every if v != "stated"]
    if not tested:
        return "stated"
    return "covered" if all(v in _GOOD for v in tested) else "not run"


# ---------------------------------------------------------------------------------- the command


def run(args: argparse.Namespace) -> int:
    """`uvspec trace`."""
    from .commands.common import load, print_json, unknown

    spec = load()
    for name in args.documents:
        if name not in spec.traces:
            raise unknown(name, spec.traces, "source document")
    results = read_results(paths.report_dir())
    chosen = [t for t in spec.traces.values() if not args.documents or t.document in args.documents]
    found = {t.document: answers(spec, t, results) for t in chosen}
    if args.format == "json":
        print_json({"results_of": results.of, "documents": [_plain(spec, t, found[t.document]) for t in chosen]})
    else:
        for trace in chosen:
            _print(trace, found[trace.document], args.state)
    every = [a for f in found.values() for a in f]
    faults = [a for a in every if a.state in ("open", "red")]
    _summary(every, results)
    return RED if faults else OK


def count(found: list[Answer]) -> dict[str, int]:
    """How many items are in each state."""
    return {s: sum(a.state == s for a in found) for s in STATES}


def _plain(spec: Spec, trace: Trace, found: list[Answer]) -> dict[str, Any]:
    return {
        "document": trace.document, "title": trace.title, "counts": count(found),
        "items": [{
            "item": a.item.item, "says": a.item.says, "state": a.state, "why": a.why, "clauses": a.clauses,
            "outcomes": a.item.outcomes, "programs": a.programs, "decision": a.item.decision,
            "not_here": a.item.not_here, "at": str(a.item.at),
        } for a in found],
    }


def _print(trace: Trace, found: list[Answer], wanted: str) -> None:
    print(f"{trace.document}: {trace.title}\n")
    for a in found:
        if wanted and a.state != wanted:
            continue
        print(f"  {a.item.item:22} {a.state:8} {a.item.says}")
        if a.why:
            print(f"  {'':31} {a.why}")
        for line in _links(a):
            print(f"  {'':31} {line}")
    tally = ", ".join(f"{n} {s}" for s, n in count(found).items() if n)
    print(f"\n  {len(found)} items: {tally}\n")


def _links(answer: Answer) -> list[str]:
    """What answers it; of a function's outcome table only the rows that do not hold."""
    item = answer.item
    lines = []
    single = [i if answer.clauses[i] in (*_GOOD, "not run") else f"{i} ({answer.clauses[i]})" for i in item.clauses]
    lines += [", ".join(single[n:n + 6]) for n in range(0, len(single), 6)]
    red = [i for i, v in answer.clauses.items() if i not in item.clauses and v in _RED]
    if item.outcomes:
        lines.append("outcomes of " + ", ".join(item.outcomes) + (f"; red: {', '.join(red)}" if red else ""))
    lines += [f"program {n}" + (f" ({v})" if v not in _GOOD else "") for n, v in answer.programs.items()]
    if item.not_here:
        lines.append(f"not here: {item.not_here}")
    if item.decision:
        lines.append(f"decision {item.decision}")
    return lines


def _summary(found: list[Answer], results: Results) -> None:
    tally = ", ".join(f"{n} {s}" for s, n in count(found).items() if n)
    of = f"of {results.of}" if results.of else "none; run `./uvspec check`"
    say(f"uvspec trace: {len(found)} items: {tally} (last results: {of})")

