"""Where a trace first differs from its pattern, and what would have fitted: for whoever draws it.

The language is that of conformance/harness/scenario.h; whether a trace matches is decided there, this only
explains. A pattern is a tree of tuples; an event turns it into the patterns of what may still come.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(r'\s*(?:(?P<mark>[{}()|])|"(?P<note>[^"]*)"|(?P<name>[^\s*{}()|"]+(?:\([^)]*\))?))(?P<count>\*\d+(?:\.\.\d*)?)?')
_RUN = re.compile(r"(.*)\*(\d+)\Z", re.S)
_MANY = 10**9
# What a person can still look at, and what a set of possibilities may grow to.
EVENTS_MAX = 400
_STATES_MAX = 500

Node = tuple[Any, ...]  # ("name", text, min, max) | ("row", *nodes) | ("any", *nodes) | ("one", *nodes)
EMPTY: Node = ("row",)


@dataclass(frozen=True)
class Explained:
    """A pattern held against what fired: `expected` follows what was seen as long as it may."""

    expected: list[str]
    differs_at: int  # the first event that does not fit; the number of events, where some are missing
    allowed: list[str]  # what might have come there; "" for nothing more


def explain(pattern: str, seen: list[str]) -> Explained | None:
    """None where it matches after all, or there is too much of it to draw."""
    root, events = parse(pattern), unrolled(seen)
    if root is None or len(events) > EVENTS_MAX:
        return None
    states = {root}
    for number, event in enumerate(events):
        after = {d for s in states for d in derivatives(s, event)}
        if len(after) > _STATES_MAX:
            return None
        if not after:
            return _differs(events[:number], number, states)
        states = after
    if any(_may_end(s) for s in states):
        return None
    return _differs(events, len(events), states)


def _differs(before: list[str], number: int, states: set[Node]) -> Explained:
    rests = sorted((_shortest(s) for s in states), key=lambda r: (len(r), r))
    allowed = sorted({n for s in states for n in _firsts(s)})
    allowed += [""] if any(_may_end(s) for s in states) else []
    return Explained([*before, *rests[0]][:EVENTS_MAX], number, allowed)


def unrolled(runs: list[str]) -> list[str]:
    """`on_t*3` as three events; the rest of a very long run is left out."""
    out: list[str] = []
    for text in runs:
        match = _RUN.match(text)
        times = int(match[2]) if match else 1
        out += [match[1] if match else text] * min(times, EVENTS_MAX + 1 - len(out))
    return out


# ------------------------------------------------------------------------------------------ the tree


def parse(pattern: str) -> Node | None:
    """The tree, or None where the pattern is none."""
    try:
        node, at = _items(pattern, 0, "")
    except ValueError:
        return None
    return node if at == len(pattern) else None


def _items(text: str, at: int, end: str) -> tuple[Node, int]:
    """Items until one of the marks in `end`, which stays to be read."""
    items: list[Node] = []
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(at)
        mark = match["mark"]
        if mark and mark in end:
            break
        if mark is None:
            items.append(("name", match["note"] if match["name"] is None else match["name"], *_count(match["count"])))
            at = match.end()
        elif mark in "{(":
            node, at = _group(text, match.end(), mark)
            items.append(node)
        else:
            raise ValueError(at)
    else:
        if end:
            raise ValueError(at)
        at = len(text)
    return ("row", *items), at


def _group(text: str, at: int, mark: str) -> tuple[Node, int]:
    parts: list[Node] = []
    while True:
        node, at = _items(text, at, "}" if mark == "{" else "|)")
        parts.append(node)
        at = text.index(text[at:].lstrip()[0], at) + 1
        if text[at - 1] != "|":
            return (("any", *parts[0][1:]) if mark == "{" else ("one", *parts)), at


def _count(text: str | None) -> tuple[int, int]:
    if not text:
        return 1, 1
    low, dots, high = text[1:].partition("..")
    return int(low), int(high) if high else _MANY if dots else int(low)


# ------------------------------------------------------------------------------------ what may follow


def derivatives(node: Node, event: str) -> set[Node]:
    """What may still come when `event` came first."""
    kind, parts = node[0], node[1:]
    if kind == "name":
        text, low, high = parts
        if high == 0 or not (event == text or ("(" not in text and event.startswith(text + "("))):
            return set()
        return {("name", text, max(low - 1, 0), high if high == _MANY else high - 1)}
    out: set[Node] = set()
    if kind == "one":
        return {d for p in parts for d in derivatives(p, event)}
    for number, part in enumerate(parts):
        if kind == "row":
            out |= {_row(d, *parts[number + 1:]) for d in derivatives(part, event)}
            if not _may_end(part):
                break
            continue
        others = parts[:number] + parts[number + 1:]
        for d in derivatives(part, event):
            # Single events of a group may be mixed; a group inside one stays together.
            out.add(_any(d, *others) if part[0] == "name" else _row(d, _any(*others)))
    return out


def _row(*parts: Node) -> Node:
    kept = [p for p in parts if p != EMPTY and not (p[0] == "name" and p[3] == 0)]
    return kept[0] if len(kept) == 1 else ("row", *kept)


def _any(*parts: Node) -> Node:
    kept = [p for p in parts if p != EMPTY and not (p[0] == "name" and p[3] == 0)]
    return EMPTY if not kept else ("any", *sorted(kept, key=repr))


def _may_end(node: Node) -> bool:
    if node[0] == "name":
        return bool(node[2] == 0)
    return (any if node[0] == "one" else all)(_may_end(p) for p in node[1:])


def _firsts(node: Node) -> set[str]:
    """The names that may come first."""
    if node[0] == "name":
        return {node[1]} if node[3] else set()
    out: set[str] = set()
    for part in node[1:]:
        out |= _firsts(part)
        if node[0] == "row" and not _may_end(part):
            break
    return out


def _shortest(node: Node) -> list[str]:
    """One of the shortest ways to go on."""
    if node[0] == "name":
        return [node[1]] * min(node[2], EVENTS_MAX)
    ways = [_shortest(p) for p in node[1:]]
    return min(ways, key=len) if node[0] == "one" else [e for way in ways for e in way]
