"""Two results side by side: what got worse, what got better, what is only different."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from ..run.results import BROKEN, RED
from .reading import Document, partial

FORMAT = 1
SHOWN = 40  # rows of a group on a terminal

# What is worse than what, of a test. What could not be asked is neither.
_SEVERITY = {"pass": 0, "reported": 0, "fail": 1, "unresolved": 1, "hang": 2, "crash": 2}


@dataclass
class Change:
    """A test that came out differently, or was there once only."""

    test: str
    clause: str
    text: str
    level: str
    before: str  # status, "" where it is not in that result
    after: str
    saw: list[str] = field(default_factory=list)  # before and after: message or trace
    spec: str = ""  # what changed in the specification: "revision 1 → 2", "the test changed", …


@dataclass
class Changes:
    """Everything that two results differ in."""

    worse: list[Change] = field(default_factory=list)
    better: list[Change] = field(default_factory=list)
    other: list[Change] = field(default_factory=list)  # another verdict, neither worse nor better
    observed: list[Change] = field(default_factory=list)  # what is left open shows something else
    only_before: list[Change] = field(default_factory=list)
    only_after: list[Change] = field(default_factory=list)
    symbols_lost: list[str] = field(default_factory=list)
    symbols_gained: list[str] = field(default_factory=list)
    clauses_changed: list[str] = field(default_factory=list)  # "UV-TIMER-0031: revision 1 → 2"
    clauses_gone: list[str] = field(default_factory=list)
    clauses_new: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # why the two may not be comparable
    same: int = 0  # tests with the same outcome
    red: list[int] = field(default_factory=list)  # broken tests in each

    @property
    def is_worse(self) -> bool:
        return bool(self.worse or self.symbols_lost)


def compare(before: Document, after: Document, modules: list[str] | None = None) -> Changes:
    """`modules` limits it to these."""
    changes = Changes(notes=_notes(before, after))
    first, second = _tests(before, modules), _tests(after, modules)
    changes.red = [sum(t["status"] in RED for t in tests.values()) for tests in (first, second)]
    for name in [*first, *(n for n in second if n not in first)]:
        _sort_in(changes, _change(name, first.get(name), second.get(name), before, after), first.get(name), second.get(name))
    _clauses(changes, before, after, modules)
    changes.symbols_lost, changes.symbols_gained = _symbols(before, after)
    return changes


def _tests(document: Document, modules: list[str] | None) -> dict[str, dict[str, Any]]:
    return {t["test"]: t for t in document["tests"] if not modules or t["module"] in modules}


def _change(name: str, a: dict[str, Any] | None, b: dict[str, Any] | None, before: Document, after: Document) -> Change:
    test = b or a
    assert test is not None
    clause = test["clauses"][0] if test["clauses"] else ""
    about = (after if b else before)["clauses"].get(clause, {})
    saw = _saw(a, b)
    return Change(name, clause, about.get("text", ""), test["level"], a["status"] if a else "", b["status"] if b else "",
                  saw if any(saw) else [], _spec_change(clause, a, b, before, after))


def _spec_change(clause: str, a: dict[str, Any] | None, b: dict[str, Any] | None, before: Document, after: Document) -> str:
    old, new = before["clauses"].get(clause), after["clauses"].get(clause)
    if old and new and old["rev"] != new["rev"]:
        return f"the clause changed: revision {old['rev']} → {new['rev']}"
    if old and new and old["digest"] != new["digest"]:
        return "the clause changed under the same revision"
    if a and b and a["digest"] != b["digest"]:
        return "the test changed"
    return ""


def _sort_in(changes: Changes, change: Change, a: dict[str, Any] | None, b: dict[str, Any] | None) -> None:
    if a is None or b is None:
        (changes.only_after if a is None else changes.only_before).append(change)
        return
    old, new = (_SEVERITY.get(t["status"]) for t in (a, b))
    if old is not None and new is not None and old != new:
        (changes.worse if new > old else changes.better).append(change)
    elif change.before != change.after:
        # What could not be tried before and is broken now: nobody knows since when.
        (changes.worse if new and old is None and b["status"] in BROKEN else changes.other).append(change)
    elif a["level"] != "must" and _shown(a) != _shown(b):
        changes.observed.append(change)
    else:
        changes.same += 1


def _shown(test: dict[str, Any]) -> Any:
    return test["trace"], [(f["call"], f["seen"]) for f in test["failures"]]


def _saw(a: dict[str, Any] | None, b: dict[str, Any] | None) -> list[str]:
    """A line each: the first thing that they do not have in common."""
    told = [_told(t) if t else [] for t in (a, b)]
    first = next((i for i, (x, y) in enumerate(zip(*told)) if x != y), min(map(len, told)))
    return [lines[first] if first < len(lines) else "" for lines in told]


def _told(test: dict[str, Any]) -> list[str]:
    """What a test came to: its broken checks, why it ended, and what fired where that is left open."""
    lines = [f"{f['call']}: wanted {f['wanted']}, saw {f['seen']}" for f in test["failures"]]
    lines += [str(test["reason"])] if test["reason"] else []
    return [*lines, "trace " + " ".join(test["trace"])] if test["level"] != "must" and test["trace"] else lines


def _clauses(changes: Changes, before: Document, after: Document, modules: list[str] | None) -> None:
    def wanted(document: Document) -> dict[str, dict[str, Any]]:
        return {i: c for i, c in document["clauses"].items() if not modules or c["module"] in modules}

    old, new = wanted(before), wanted(after)
    for id_ in old:
        if id_ in new and (old[id_]["rev"], old[id_]["digest"]) != (new[id_]["rev"], new[id_]["digest"]):
            changes.clauses_changed.append(f"{id_}: revision {old[id_]['rev']} → {new[id_]['rev']}")
    # A selection knows only its own clauses.
    if not before["selected"] and not after["selected"]:
        changes.clauses_gone = [i for i in old if i not in new]
        changes.clauses_new = [i for i in new if i not in old]


def _symbols(before: Document, after: Document) -> tuple[list[str], list[str]]:
    """Lost and gained, of those that both suites ask for."""
    both = set(before["symbols"]) & set(after["symbols"])
    lacked, lacks = (set(d["implementation"]["missing"]) & both for d in (before, after))
    return sorted(lacks - lacked), sorted(lacked - lacks)


def _notes(before: Document, after: Document) -> list[str]:
    notes = [f"{name} is {why}" for name, d in (("the first", before), ("the second", after)) if (why := partial(d))]
    if before["spec"].get("digest") != after["spec"].get("digest"):
        notes.append(f"they were made with different states of the specification: {before['spec'].get('digest')}, {after['spec'].get('digest')}")
    for key, what in (("held_to", "API level"), ("profile", "profile"), ("variant", "suite")):
        if before[key] != after[key]:
            notes.append(f"another {what}: {before[key] or 'none'}, then {after[key] or 'none'}")
    for key in ("system", "machine", "libc", "user", "ipv6"):
        old, new = before["machine"].get(key, ""), after["machine"].get(key, "")
        if old != new:
            notes.append(f"another machine: {key} {old or 'unknown'}, then {new or 'unknown'}")
    return notes


# -------------------------------------------------------------------------------------- showing it


def to_json(changes: Changes, names: list[str]) -> str:
    document = {"format": FORMAT, "implementations": names, "is_worse": changes.is_worse, **asdict(changes)}
    return json.dumps(document, indent=1, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8") + "\n"


def print_changes(changes: Changes, names: list[str], limit: int | None) -> None:
    """As text: groups, each row below its clause."""
    print(f"A: {names[0]}\nB: {names[1]}")
    for note in changes.notes:
        print(f"note: {note}")
    _group(f"worse ({len(changes.worse)})", changes.worse, limit)
    _group(f"better ({len(changes.better)})", changes.better, limit)
    _group(f"different, neither worse nor better ({len(changes.other)})", changes.other, limit)
    _group(f"left open by the specification, and not the same ({len(changes.observed)})", changes.observed, limit)
    _group(f"only in A ({len(changes.only_before)})", changes.only_before, limit)
    _group(f"only in B ({len(changes.only_after)})", changes.only_after, limit)
    for title, words in (("functions lost", changes.symbols_lost), ("functions gained", changes.symbols_gained),
                         ("clauses that changed", changes.clauses_changed), ("clauses that are gone", changes.clauses_gone),
                         ("new clauses", changes.clauses_new)):
        if words:
            shown = words if limit is None else words[:limit]
            print(f"\n{title} ({len(words)}): {', '.join(shown)}" + (", …" if len(shown) < len(words) else ""))
    print(f"\n{changes.same} tests alike; broken: {changes.red[0]} in A, {changes.red[1]} in B")
    print("B is worse" if changes.is_worse else "nothing is worse in B")


def _group(title: str, rows: list[Change], limit: int | None) -> None:
    if not rows:
        return
    print(f"\n{title}")
    clause = ""
    for row in rows if limit is None else rows[:limit]:
        if row.clause != clause:
            clause = row.clause
            print(f"  {clause}  {_cut(row.text, 96)}")
        arrow = f"{row.before} → {row.after}" if row.before and row.after and row.before != row.after else row.after or row.before
        print(f"    {arrow:18} {row.test}" + (f"  [{row.spec}]" if row.spec else ""))
        for name, text in zip("AB", row.saw):
            if text:
                print(f"      {name}: {_cut(text, 150)}")
    if limit is not None and len(rows) > limit:
        print(f"  … and {len(rows) - limit} more; --all and --format json have them all")


def _cut(text: str, width: int) -> str:
    """On one line, without what a terminal would take for an order."""
    clean = "".join(c if c.isprintable() else " " for c in " ".join(text.split()))
    return clean if len(clean) <= width else clean[: width - 1] + "…"
