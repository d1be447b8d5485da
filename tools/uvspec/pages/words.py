"""Conditions, returns and effects of outcome tables, as a person would say them. Plain text, without markup."""

from __future__ import annotations

import re

from ..model import Function, Param, Row

_COMPARISON = re.compile(r"(>=|<=|!=|>|<|==)\s*\S+\Z")
_VALUE = re.compile(r"-?[0-9]+|[A-Z][A-Z0-9_]+\Z")
# On which thread a callback is called.
CALLBACK_THREADS = {
    "loop": "the loop's thread, inside uv_run()",
    "pool": "a thread of the pool",
    "caller": "the thread of the call that asks for it",
    "own": "the new thread",
    "any": "any thread that calls the library, and those of the pool",
}
_NAMES_OTHERS = ("path", "new_path", "pid", "uid", "gid")  # parameters that stand for something else
DIRECTIONS = {"in": "", "out": "out", "inout": "in, out"}


def one_line(text: str) -> str:
    return " ".join(text.split())


def condition(value: object, name: str = "") -> str:
    """What a parameter or attribute is, as it follows its name: `is NULL`, `> 0`, `is running or stopped`."""
    if isinstance(value, list):
        return "is " + either([str(v) for v in value])
    text = str(value)
    if text == "null":
        return "is NULL"
    if text == "non-null":
        return "is not NULL"
    if text == "raw":
        return "is not initialised"
    if text.startswith(("nothing that", "something that")):
        return f"is that of {text}"
    if text.startswith("of "):
        return f"is that {text}" if name in _NAMES_OTHERS else f"is {text}"
    if _COMPARISON.match(text) or text.startswith(("is ", "has ", "was ", "waits ", "runs ", "with ", "without ")):
        return text
    return f"is {text}"


def either(items: list[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " or " + items[-1]


def when(row: Row) -> list[tuple[str, str]]:
    """(name, condition) for each condition; ("", "otherwise") where all of them are `otherwise` or there is none."""
    pairs = [(name, condition(value, name)) for name, value in row.when.items() if value not in ("otherwise", "any")]
    return pairs or [("", "otherwise" if "otherwise" in row.when.values() or not row.when else "always")]


def when_text(row: Row) -> str:
    """The same as one line."""
    return ", ".join(f"{name} {text}".strip() for name, text in when(row))


def others(row: Row, subject: str) -> str:
    """The conditions on anything but the handle's state."""
    pairs = [(name, condition(value, name)) for name, value in row.when.items()
             if name != subject and value not in ("otherwise", "any", "non-null")]
    return ", ".join(f"{name} {text}" for name, text in pairs)


def returns(text: str) -> str:
    """What a call returns: the step language's word for it in ours."""
    fixed = {"": "", "nonzero": "not 0", "null": "NULL", "non-null": "not NULL", "any": "any value"}
    if text in fixed:
        return fixed[text]
    match = re.fullmatch(r"one of \[(.*)\]", text)
    return either([part.strip() for part in match[1].split(",")]) if match else text


def effects(row: Row) -> list[tuple[str, str]]:
    """(what, its value afterwards) for what a row sets."""
    return [(name, returns(value)) for name, value in row.sets.items()]


def outcome_text(row: Row) -> str:
    """`returns 0; the handle becomes running`: what a row says when it has no sentence of its own."""
    parts = [f"returns {returns(row.returns)}"] if row.returns else []
    if row.state:
        parts.append(f"the handle is then {row.state}")
    parts += [f"{name} is then {value}" for name, value in effects(row)]
    return "; ".join(parts) or "changes nothing"


def traits(p: Param, unit: bool = True) -> list[str]:
    """What is known of a parameter beside its meaning, each in a few words."""
    out = []
    if p.nullable:
        out.append("may be NULL")
    if p.unit and unit:
        out.append(f"in {p.unit}")
    if p.retained == "as it is":
        out.append("kept as it is, never followed")
    elif p.retained.startswith("the memory"):
        out.append(p.retained.replace("until callback", "is used until the callback"))
    elif p.retained:
        out.append(f"used {p.retained.replace('until callback', 'until the callback').replace('close callback', 'the close callback')}")
    if p.owner:
        out.append(f"freed by {p.owner}")
    return out


def signature(function: Function) -> str:
    """The prototype, as the header has it, without UV_EXTERN."""
    from ..gen import ctext

    return "\n".join(ctext.prototype(function)).replace("UV_EXTERN ", "", 1)
