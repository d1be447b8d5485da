"""Expected traces: from the spec's lists to the pattern language of conformance/harness/scenario.h.

    [on_a, on_b × 3, on_c × 1..4, on_d × 2..]     in this order, and nothing else
    - any order: [on_a, on_b]                      an item: these, however interleaved
    - one of: [[on_a], [on_b, on_a]]               an item: one of several lists
    {on_a: 3, on_b: 1..4000}                       a mapping: counts, in any order
    note some text                                 what the step `note("some text")` left in the trace
"""

from __future__ import annotations

import re
from typing import Any

from ..steps import StepError

_ITEM = re.compile(r"(on_[a-z0-9_]+|note [a-z0-9 _-]+)(\([a-z0-9_]+(?:\[[0-9]+\])?\))?(?:\s*[×x]\s*([0-9]+)(\.\.([0-9]+)?)?)?\Z")


def pattern(expected: Any) -> str:
    """The pattern text. Raises StepError."""
    if isinstance(expected, dict):
        return "{ " + " ".join(_item(f"{name} × {count}") for name, count in expected.items()) + " }" if expected else ""
    return " ".join(_entry(e) for e in expected)


def _entry(entry: Any) -> str:
    if isinstance(entry, str):
        return _item(entry)
    if isinstance(entry, dict) and len(entry) == 1:
        key, value = next(iter(entry.items()))
        if key == "any order":
            return "{ " + " ".join(_entry(e) for e in value) + " }"
        if key == "one of":
            return "( " + " | ".join(pattern(v) for v in value) + " )"
    raise StepError(f"`{entry}` is no trace item: a callback, `on_t × 3`, `any order: […]` or `one of: [[…], […]]`")


def _item(text: str) -> str:
    match = _ITEM.fullmatch(text.strip())
    if match is None:
        raise StepError(f"`{text}` is no trace item: write `on_t`, `on_t(handle)`, `on_t × 3`, `on_t × 1..4`")
    name = match[1].removeprefix("note ").strip() if match[1].startswith("note ") else match[1]
    name = f'"{name}"' if " " in name else name
    times = f"*{match[3]}{match[4] or ''}" if match[3] else ""
    return f"{name}{match[2] or ''}{times}"
