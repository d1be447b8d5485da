"""How a trace is drawn: its checkpoints, its turns of the loop, and where it leaves what was expected."""

from __future__ import annotations

import re
from typing import Any

from .patterns import EVENTS_MAX, Explained, explain, unrolled
from .phases import LANES

# One after the other in an iteration. Requests of streams may be told before idle handles or while polling.
_RANK = {"timers": 0, "idle": 1, "prepare": 2, "pending": 3, "poll": 3, "check": 4, "closing": 5}
# A handle of these fires at most once a turn.
_ONCE = ("timers", "idle", "prepare", "check", "closing")
_LOOP_RUN = re.compile(r"(\w+) (\d+)\.\.(\d*)\Z")


def drawing(test: dict[str, Any], lanes: dict[str, str]) -> dict[str, Any] | None:
    """What the page draws of a test's result; None where nothing fired or there is too much of it.

    `at`: lane of each event seen; `turns`: where turns begin; `runs`: calls of uv_run(); `parts`: one for
    each look at the trace, with what was expected where that was not seen.
    """
    events = unrolled(test["trace"])
    if len(events) > EVENTS_MAX:
        return None
    runs = loop_runs(test["loop_runs"])
    parts = _parts(test, lanes, runs)
    if not events and not any("expected" in p for p in parts):
        return None
    out: dict[str, Any] = {"events": events, "turns": turn_starts(events, lanes, runs), "parts": parts}
    if runs:
        out["runs"] = [[mode, first, -1 if end is None else end] for mode, first, end in runs if first <= len(events)]
    return out


def loop_runs(texts: list[str]) -> list[tuple[str, int, int | None]]:
    """Mode, events before it, events when it returned (None: it did not)."""
    found = [m for t in texts if (m := _LOOP_RUN.match(t))]
    return [(m[1], int(m[2]), int(m[3]) if m[3] else None) for m in found]


def _parts(test: dict[str, Any], lanes: dict[str, str], runs: list[tuple[str, int, int | None]]) -> list[dict[str, Any]]:
    parts, at = [], 0
    for checkpoint in test["expected_trace"]:
        seen = unrolled(checkpoint["seen"])
        part: dict[str, Any] = {"pattern": checkpoint["pattern"], "ok": checkpoint["ok"], "first": at, "count": len(seen)}
        found = None if checkpoint["ok"] else explain(checkpoint["pattern"], checkpoint["seen"])
        if found:
            part |= _difference(found, lanes, [r for r in runs if r[1] < at + max(len(seen), 1) and (r[2] is None or r[2] > at)])
        at += len(seen)
        parts.append(part)
    return parts


def _difference(found: Explained, lanes: dict[str, str], runs: list[tuple[str, int, int | None]]) -> dict[str, Any]:
    single = len(runs) == 1 and runs[0][0] in ("once", "nowait")
    starts = [0] if single else turn_starts(found.expected, lanes, [])
    return {"expected": found.expected, "expected_turns": starts, "differs_at": found.differs_at, "allowed": found.allowed}


def lane(event: str, lanes: dict[str, str]) -> str:
    """The lane of an event, by the name of its callback."""
    return lanes.get(event.partition("(")[0], "notes")


def turn_starts(events: list[str], lanes: dict[str, str], runs: list[tuple[str, int, int | None]]) -> list[int]:
    """Where a turn of the loop begins, as far as the events tell.

    A call of uv_run() begins one, and with ONCE or NOWAIT it is no more than one. Within a run until the end
    of work, a turn begins where a phase comes that is earlier than the last, or a handle of a phase again.
    """
    edges = {p for _, first, end in runs for p in (first, end) if p is not None}
    single = {p for mode, first, end in runs if mode in ("once", "nowait")
              for p in range(first, len(events) if end is None else min(end, len(events)))}
    starts, rank, fired = [0] if events else [], 0, set[str]()
    for number, event in enumerate(events):
        where = lane(event, lanes)
        new = number in edges
        if where in _RANK and number not in single:
            new = new or _RANK[where] < rank or (where in _ONCE and event in fired)
        if new:
            rank, fired = 0, set()
            if starts[-1] != number:
                starts.append(number)
        if where in _RANK:
            rank = _RANK[where]
            fired.add(event)
    return starts


def used_lanes(drawings: list[dict[str, Any]], lanes: dict[str, str]) -> list[str]:
    """The lanes that a test's drawings need, in their order."""
    names = {lane(e, lanes) for d in drawings for e in [*d["events"], *(x for p in d["parts"] for x in p.get("expected", []))]}
    return [name for name in LANES if name in names]
