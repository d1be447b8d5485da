"""What the HTML page carries: results of one or more runs, and what the specification says about them.

Plain data for templates/*.js. What is equal is there once: results that two implementations share, lines of
steps, pieces of C. Lists point into such pools by number.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from ..run.results import BROKEN, RED, STATUSES
from .book import Book
from .phases import LANES, lanes
from .reading import Document, labels, partial
from .turns import drawing, used_lanes

# What a cell of the matrix may say, the worst first. `known`: broken, and all of it expected.
CELLS = ("fail", "unresolved", "known", "reported", "pass", "unsupported", "skipped", "untested", "absent")
_PROLOGUE = {"uv_loop_init", "uv_run", "uv_loop_close", "uv_close", "uv_is_closing", "uv_replace_allocator"}
_STDERR_MAX = 4000


class Pool:
    """Values by number, each once."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._known: dict[Hashable, int] = {}

    def add(self, value: Any) -> int:
        key = repr(value)
        if key not in self._known:
            self._known[key] = len(self.values)
            self.values.append(value)
        return self._known[key]


def page_data(documents: list[Document], book: Book | None = None, given: list[str] | None = None,
              guide: dict[str, str] | None = None) -> dict[str, Any]:
    """All of it. `given` are names for the implementations, "" for their own."""
    names = labels(documents, given)
    text, results, cells = Pool(), Pool(), Pool()
    tests, clauses = _union(documents, "tests"), _union(documents, "clauses")
    by_name = [{t["test"]: t for t in d["tests"]} for d in documents]
    rows = [_test(name, rows_of, book, text, results) for name, rows_of in tests.items()]
    number = {name: i for i, name in enumerate(tests)}
    profiles = book.profiles() if book else {}
    data: dict[str, Any] = {
        "api_level": documents[0]["api_level"], "tool": documents[0]["tool"],
        "digests": sorted({str(d["spec"].get("digest", "")) for d in documents}),
        "implementations": [_implementation(n, d) for n, d in zip(names, documents)],
        "modules": list(dict.fromkeys(c[0]["module"] for c in clauses.values())),
        "modules_say": {m.name: m.summary for m in book.spec.modules.values()} if book else {},
        "lanes": LANES, "profiles": {name: summary for name, (summary, _) in profiles.items()},
        "clauses": [_clause(i, found, documents, by_name, number, cells, profiles, tests) for i, found in clauses.items()],
        "elsewhere": _elsewhere(clauses, book),
        "tests": rows, "decisions": _decisions(clauses, book), "documents": _documents(documents, book, guide or {}),
    }
    data["programs"], data["more_programs"] = _programs(tests, book, text)
    data |= {"text": text.values, "results": results.values, "cells": cells.values}
    return data


def _union(documents: list[Document], key: str) -> dict[str, list[Any]]:
    """Each test or clause with its row of each document; in the order of the first that has it."""
    def rows(document: Document) -> dict[str, dict[str, Any]]:
        found = document[key]
        return found if isinstance(found, dict) else {t["test"]: t for t in found}

    each = [rows(d) for d in documents]
    order = dict.fromkeys(name for rows_ in each for name in rows_)
    return {name: _first_first([rows_.get(name) for rows_ in each]) for name in order}


def _first_first(rows: list[dict[str, Any] | None]) -> list[Any]:
    """The row to take the common facts from stands before those of the implementations."""
    return [next(r for r in rows if r is not None), *rows]


def _implementation(name: str, document: Document) -> dict[str, Any]:
    about = document["implementation"]
    known = [{"test": t["test"], "status": t["status"], "note": t["note"].removeprefix("expected: ")}
             for t in document["tests"] if t["expected"]]
    return {
        "name": name, "path": about["path"] or about["name"], "version": about["version"], "missing": about["missing"],
        "deadly": about.get("deadly", []), "sha256": about.get("sha256", ""), "variant": document["variant"],
        "compiler": document["compiler"], "machine": document["machine"], "started": document["started"],
        "duration_ms": document["duration_ms"], "totals": document["totals"], "profile": document["profile"],
        "held_to": document["held_to"], "partial": partial(document), "known": known, "digest": document["spec"].get("digest", ""),
    }


# ------------------------------------------------------------------------------------------ clauses


def _clause(
    id_: str, found: list[Any], documents: list[Document], by_name: list[dict[str, Any]], number: dict[str, int], cells: Pool,
    profiles: dict[str, tuple[str, set[str]]], tests: dict[str, list[Any]],
) -> dict[str, Any]:
    clause, per = found[0], found[1:]
    names = list(dict.fromkeys(n for c in per if c for n in c["tests"] if n in number))
    used = {s for n in names for s in tests[n][0]["symbols"]}
    revisions = sorted({(c["rev"], c["digest"]) for c in per if c})
    out = {
        "id": id_, "module": clause["module"], "level": clause["level"], "text": clause["text"], "rev": clause["rev"],
        "binds": clause["binds"], "since": clause["since"], "until": clause["until"], "decision": clause["decision"],
        "untested": clause["untested"], "at": clause.get("at", ""), "sources": clause["sources"],
        "functions": clause["functions"], "uses": sorted(used - set(clause["functions"]) - _PROLOGUE),
        "tests": [number[n] for n in names],
        "cells": [cells.add(cell(c, [rows[n] for n in (c or {}).get("tests", []) if n in rows], d["selected"] or d["interrupted"]))
                  for c, d, rows in zip(per, documents, by_name)],
        "profiles": [p for p, (_, claims) in profiles.items() if any(set(tests[n][0]["symbols"]) <= claims for n in names)],
        "differs": differs(per, names, by_name),
    }
    if len(revisions) > 1:
        out["revisions"] = [r for r, _ in revisions]
    return {k: v for k, v in out.items() if v not in ("", [], None, False)}


def cell(clause: dict[str, Any] | None, rows: list[dict[str, Any]], is_partial: bool) -> dict[str, Any]:
    """The verdict of one implementation on one clause, with the counts behind it."""
    if clause is None:
        return {"verdict": "absent"}
    verdict = clause["verdict"]
    broken = [r for r in rows if r["status"] in BROKEN]
    if verdict == "fail" and broken and not any(r["red"] for r in broken):
        verdict = "known"
    if verdict == "pass" and any(r["status"] == "reported" for r in rows):
        verdict = "reported"  # the worst of what is left open
    if verdict == "untested" and is_partial and not clause["untested"]:
        verdict = "absent"
    counts = {s: n for s in STATUSES if (n := sum(r["status"] == s for r in rows))}
    red = sum(r["red"] for r in rows)
    return {"verdict": verdict, "tests": len(rows), "counts": counts} | ({"red": red} if red else {})


def differs(per: list[dict[str, Any] | None], names: list[str], by_name: list[dict[str, Any]]) -> bool:
    """Whether implementations that were asked give different answers."""
    if len({c["verdict"] for c in per if c}) > 1:
        return True
    return any(len({rows[n]["status"] for rows in by_name if n in rows}) > 1 for n in names)


# -------------------------------------------------------------------------------------------- tests


def _test(name: str, found: list[Any], book: Book | None, text: Pool, results: Pool) -> dict[str, Any]:
    test, per = found[0], found[1:]
    lane_of = lanes(test["callbacks"])
    shown = [result(t, lane_of) if t else None for t in per]
    out: dict[str, Any] = {
        "name": name, "origin": test["origin"], "at": test.get("at", ""), "level": "" if test["level"] == "must" else test["level"],
        "results": [-1 if r is None else results.add(r) for r in shown],
    }
    drawings = [r["drawing"] for r in shown if r and "drawing" in r]
    if drawings:
        used = used_lanes(drawings, lane_of)
        out["lanes"] = used
        out["lane_of"] = {n: where for n, where in lane_of.items() if where in used}
    if len({t["digest"] for t in per if t}) > 1:
        out["changed"] = True
    if book:
        out["why"], out["steps"] = book.why(name), [text.add(line) for line in book.steps(name)]
    return {k: v for k, v in out.items() if v not in ("", [], {})}


def result(test: dict[str, Any], lane_of: dict[str, str]) -> dict[str, Any]:
    """What one implementation made of one test, without what is as always."""
    out: dict[str, Any] = {
        "status": test["status"], "red": test["red"], "expected": test["expected"], "note": test["note"], "reason": test["reason"],
        "runs": test["runs"] if test["flaky"] else [], "failures": [[f["call"], f["wanted"], f["seen"]] for f in test["failures"]],
        "drawing": drawing(test, lane_of), "stderr": test["stderr"][-_STDERR_MAX:] if test["status"] in BROKEN else "",
    }
    if out["drawing"] is None:  # too much to draw, or nothing at all
        out["traces"] = [[c["pattern"], " ".join(c["seen"]), c["ok"]] for c in test["expected_trace"]]
        out["trace"] = "" if test["expected_trace"] else " ".join(test["trace"])
    return {k: v for k, v in out.items() if v not in ("", [], None, False)}


# ------------------------------------------------------------------------- what the specification adds


def _elsewhere(clauses: dict[str, list[Any]], book: Book | None) -> list[str]:
    """Clauses that mean something else here than where they were tested: steps and programs are from here."""
    known = book.meanings() if book else {}
    return [i for i, found in clauses.items() if book and any(c and c["digest"] and c["digest"] != known.get(i) for c in found[1:])]


def _decisions(clauses: dict[str, list[Any]], book: Book | None) -> dict[str, list[str]]:
    named = {c["decision"]: [c.get("decision_title", ""), ""] for found in clauses.values() for c in found[1:] if c and c["decision"]}
    known = book.decisions() if book else {}
    wanted = set(named) | {i.decision for t in book.spec.traces.values() for i in t.items if i.decision} if book else set(named)
    return {i: known.get(i) or named[i] for i in sorted(wanted) if i in known or i in named}


def _documents(documents: list[Document], book: Book | None, guide: dict[str, str]) -> list[dict[str, Any]]:
    if book is None or not book.spec.traces:
        return []
    return book.documents([{i: c["verdict"] for i, c in d["clauses"].items()} for d in documents], guide)


def _programs(tests: dict[str, list[Any]], book: Book | None, text: Pool) -> tuple[dict[str, list[int]], int]:
    """Of broken tests, red ones first: the C text in pieces, since most of it is the same in all; and how many are left out."""
    def broken(key: str) -> list[str]:
        return [n for n, found in tests.items() if any(t and t[key] and t["status"] in RED for t in found[1:]) and found[0]["origin"] != "header"]

    red = list(dict.fromkeys([*broken("red"), *broken("expected")]))
    if book is None:
        return {}, 0
    out = {name: [text.add(piece) for piece in program] for name, program in book.programs(red).items()}
    return out, len(red) - len(out)
