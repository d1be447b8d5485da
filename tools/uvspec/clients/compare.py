"""Two runs of an item, side by side: a verdict about the library under test."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from .definitions import Item
from .run import OK, WRONG_LIBRARY, Ran

DIFFERS, UNRESOLVED = "differs", "unresolved"
_MOST_LINES = 40


@dataclass
class Compared:
    """`baseline` is None where only the library under test was run."""

    item: Item
    baseline: Ran | None
    tested: Ran
    verdict: str
    why: str
    diff: list[str]


def compare(item: Item, baseline: Ran | None, tested: Ran) -> Compared:
    """What the pair means.

    An item that fails on both tells nothing about the library: `unresolved`, red like a broken fixture.
    """
    verdict, why, diff = tested.status, tested.why, []
    if baseline and baseline.status == WRONG_LIBRARY:
        verdict, why = UNRESOLVED, f"on the distribution's: {baseline.why}"
    elif baseline and baseline.status != OK and tested.status not in (OK, WRONG_LIBRARY):
        verdict, why = UNRESOLVED, f"on the distribution's library too: {baseline.status}, {baseline.why}"
    elif baseline and baseline.status == OK and tested.status == OK and baseline.said != tested.said:
        verdict, why = DIFFERS, "it prints something else"
    if baseline and baseline.said != tested.said and (verdict == DIFFERS or tested.said):
        diff = list(difflib.unified_diff(baseline.said, tested.said, "on the distribution's", "on this", lineterm="", n=1))
    return Compared(item, baseline, tested, verdict, why, diff[:_MOST_LINES])
