"""The rules: which small changes can be made to a C file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .statements import Function, Statement, functions_of
from .tokens import OPENING, closing, tokens_of

# What each rule does. The names stand in reports and are part of a mutant's identity.
OPERATORS = {
    "negate": "a condition is turned round",
    "no-if": "a condition never holds",
    "once": "a loop is gone through at most once",
    "no-else": "the other branch is forgotten",
    "drop": "a statement is forgotten",
    "result": "a value is computed, and 0 returned",
    "operand": "one of several conditions, or flags, is forgotten",
    "and-or": "`&&` for `||`, or the other way round",
    "compare": "`==` for `!=`, `<` for `<=`, and the like",
    "arithmetic": "`+` for `-`, `++` for `--`, or a 1 that is not added",
    "not": "a `!` or `~` is forgotten",
    "assign": "`=` where something was to be added",
    "constant": "another number or truth value",
    "error": "another error",
    "name": "another constant of its family",
    "swap": "two arguments change places",
    "order": "a callback is called too early or too late",
}

_COMPARE = {"==": "!=", "!=": "==", "<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_BOUNDS = {"&&": {"&&", "||"}, "||": {"||"}, "|": {"|", "&&", "||", "==", "!="}, "&": {"&", "|", "&&", "||", "==", "!="}}
_ALWAYS_BOUNDS = {",", "?", ":", ";", "=", "|=", "&=", "+=", "-=", "^=", "return"}
_CONSTANT = re.compile(r"[A-Z][A-Z0-9]*_[A-Z0-9_]+")
_JUMPS = {"return", "break", "continue", "goto"}


@dataclass(frozen=True, slots=True)
class Change:
    """One change: the characters `start` to `end` become `text`."""

    operator: str
    function: str
    start: int
    end: int
    text: str


def changes(source: str, families: Mapping[str, Sequence[str]]) -> list[Change]:
    """Every change that the rules make to one file, no two with the same outcome. `families`: see families_of()."""
    reader = _Reader(source, families)
    found: dict[tuple[int, int, str], Change] = {}
    for function in functions_of(reader.tokens):
        reader.function = function
        for change in reader.of_statement(function.body, last=True):
            if source[change.start:change.end] != change.text:
                found.setdefault((change.start, change.end, change.text), change)
    return sorted(found.values(), key=lambda c: (c.start, c.end, c.operator, c.text))


def families_of(sources: Sequence[str]) -> dict[str, list[str]]:
    """The constants that the files name, by what their names begin with."""
    out: dict[str, set[str]] = {}
    for source in sources:
        tokens = tokens_of(source)
        for token, behind in zip(tokens, tokens[1:]):
            if token.kind == "name" and behind.text not in ("(", "##") and _CONSTANT.fullmatch(token.text):
                out.setdefault(_family(token.text), set()).add(token.text)
    return {k: sorted(v) for k, v in out.items()}


def _family(name: str) -> str:
    """UVI_IO_READABLE → UVI_IO; O_CLOEXEC → O; UV_EINVAL → UV_E."""
    if re.match(r"UV_E[A-Z0-9]+$", name):
        return "UV_E"
    return name.rpartition("_")[0]


class _Reader:
    """Goes over the statements of one file."""

    def __init__(self, source: str, families: Mapping[str, Sequence[str]]) -> None:
        self.source = source
        self.tokens = tokens_of(source)
        self.families = families
        self.errors = [n for n in families.get("UV_E", ()) if re.search(rf"\b{n}\b", source)]
        self.function: Function

    # ---- helpers ----

    def text_of(self, start: int, end: int) -> str:
        """The text of the tokens `start` up to, but without, `end`."""
        return self.source[self.tokens[start].start:self.tokens[end - 1].end] if end > start else ""

    def change(self, operator: str, start: int, end: int, text: str) -> Change:
        """The tokens `start` up to `end` become `text`."""
        return Change(operator, self.function.name, self.tokens[start].start, self.tokens[end - 1].end, text)

    def is_equation(self, begin: int, end: int) -> bool:
        """Whether it is one `==` or `!=`: then `compare` turns it round."""
        marks, i = [], begin
        while i < end:
            if self.tokens[i].text in OPENING:
                i = closing(self.tokens, i)
            marks.append(self.tokens[i].text)
            i += 1
        return not {"&&", "||", "?"} & set(marks) and bool({"==", "!="} & set(marks))

    # ---- statements ----

    def of_statement(self, s: Statement, last: bool = False) -> Iterator[Change]:
        for begin, end in s.code:
            yield from self.of_expression(begin, end)
        if s.kind in ("if", "while", "for", "do") and s.condition[1] > s.condition[0] and not self.is_equation(*s.condition):
            yield self.change("negate", *s.condition, f"!({self.text_of(*s.condition)})")
        if s.kind == "if":
            yield from self.of_if(s)
        if s.kind == "while" and not self.jumps_within(s.inner[0]):
            yield self.change("once", s.start, s.start + 1, "if")
        if s.kind == "expression":
            yield self.change("drop", s.start, s.end, ";")
        if s.kind == "return" and self.function.returns_value and s.end - s.start == 3 and self.tokens[s.start + 1].kind == "name":
            yield self.change("result", s.start + 1, s.start + 2, "0")
        if s.kind == "block":
            yield from self.of_block(s)
        for number, inner in enumerate(s.inner):
            yield from self.of_statement(inner, last and s.kind == "block" and number == len(s.inner) - 1)

    def of_if(self, s: Statement) -> Iterator[Change]:
        if len(s.inner) == 1:
            yield self.change("no-if", s.start, s.end, ";")
            return
        yield self.change("no-if", s.start, s.inner[1].start, "")
        yield self.change("no-else", s.inner[0].end, s.end, "")

    def of_block(self, s: Statement) -> Iterator[Change]:
        for number, inner in enumerate(s.inner):
            if inner.kind in _JUMPS and (s is not self.function.body or number < len(s.inner) - 1):
                yield self.change("drop", inner.start, inner.end, ";")
        for first, second in zip(s.inner, s.inner[1:]):
            if first.kind == second.kind == "expression" and (self.calls_back(first) or self.calls_back(second)):
                between = self.source[self.tokens[first.end - 1].end:self.tokens[second.start].start]
                text = self.text_of(second.start, second.end) + between + self.text_of(first.start, first.end)
                yield self.change("order", first.start, second.end, text)

    def jumps_within(self, body: Statement) -> bool:
        return any(s.kind in ("break", "continue") for s in body.all())

    def calls_back(self, s: Statement) -> bool:
        """Whether a callback is called: what stands before and behind it is what a program sees in it. Elsewhere the order
        of two statements is mostly a matter of taste."""
        return any(self.tokens[i].text == "(" and re.search(r"(^|_)cb$|^(tell|report|notify|finish|done)", self.tokens[i - 1].text)
                   for i in range(s.start + 1, s.end))

    # ---- expressions ----

    def of_expression(self, begin: int, end: int) -> Iterator[Change]:
        for i in range(begin, end):
            token = self.tokens[i]
            if token.kind == "mark":
                yield from self.of_mark(i, begin, end)
            elif token.kind == "number":
                yield from self.of_number(i)
            elif token.kind == "name":
                yield from self.of_name(i)
                if i + 1 < end and self.tokens[i + 1].text == "(":
                    yield from self.of_arguments(i + 1)

    def of_mark(self, i: int, begin: int, end: int) -> Iterator[Change]:
        mark = self.tokens[i].text
        if mark in _COMPARE:
            yield self.change("compare", i, i + 1, _COMPARE[mark])
        elif mark in ("++", "--"):
            yield self.change("arithmetic", i, i + 1, "--" if mark == "++" else "++")
        elif mark in ("|=", "&=", "+=", "-="):
            yield self.change("assign", i, i + 1, "=")
        elif mark in ("!", "~"):
            yield Change("not", self.function.name, self.tokens[i].start, self.tokens[i].end, "")
        elif mark == "?":
            start = self.operand_start(i, begin, {"?"})
            if not self.is_equation(start, i):
                yield self.change("negate", start, i, f"!({self.text_of(start, i)})")
        elif self.is_binary(i, begin):
            yield from self.of_binary(i, begin, end, mark)

    def is_binary(self, i: int, begin: int) -> bool:
        """clang-format puts blanks around what stands between two operands, none behind a sign."""
        return i > begin and self.source[self.tokens[i].end].isspace()

    def of_binary(self, i: int, begin: int, end: int, mark: str) -> Iterator[Change]:
        if mark in ("&&", "||"):
            yield self.change("and-or", i, i + 1, "||" if mark == "&&" else "&&")
        if mark in _BOUNDS:
            start = self.operand_start(i, begin, _BOUNDS[mark])
            stop = self.operand_end(i, end, _BOUNDS[mark])
            yield self.change("operand", start, stop, self.text_of(start, i))
            yield self.change("operand", start, stop, self.text_of(i + 1, stop))
        if mark in ("+", "-"):
            if self.tokens[i + 1].text == "1":
                before, after = self.tokens[i - 1].end, self.tokens[i + 1].end
                yield Change("arithmetic", self.function.name, before, after, "")
            else:
                yield self.change("arithmetic", i, i + 1, "-" if mark == "+" else "+")

    def operand_start(self, i: int, begin: int, bounds: set[str]) -> int:
        """Where the operand on the left of token `i` begins."""
        depth = 0
        while i > begin:
            text = self.tokens[i - 1].text
            if text in OPENING.values():
                depth += 1
            elif text in OPENING:
                depth -= 1
            if depth < 0 or (depth == 0 and (text in bounds or text in _ALWAYS_BOUNDS)):
                break
            i -= 1
        return i

    def operand_end(self, i: int, end: int, bounds: set[str]) -> int:
        """Behind the operand on the right of token `i`."""
        i += 1
        while i < end:
            text = self.tokens[i].text
            if text in OPENING:
                i = closing(self.tokens, i)
            elif text in OPENING.values() or text in bounds or text in _ALWAYS_BOUNDS:
                break
            i += 1
        return i

    def of_number(self, i: int) -> Iterator[Change]:
        text = self.tokens[i].text
        match = re.fullmatch(r"(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)([uUlL]*)", text)
        if not match:
            return
        value = int(match[1], 8 if re.fullmatch("0[0-7]+", match[1]) else 0)
        other = {0: 1, 1: 0}.get(value, value + 1)
        yield self.change("constant", i, i + 1, f"{other}{match[2]}")

    def of_name(self, i: int) -> Iterator[Change]:
        name = self.tokens[i].text
        if name in ("true", "false"):
            yield self.change("constant", i, i + 1, "false" if name == "true" else "true")
        elif _CONSTANT.fullmatch(name) and self.tokens[i + 1].text != "(":
            family = _family(name)
            operator = "error" if family == "UV_E" else "name"
            others = self.errors if operator == "error" and len(self.errors) > 1 else self.families.get(family, ())
            if name in others and len(others) > 1:
                yield self.change(operator, i, i + 1, others[(others.index(name) + 1) % len(others)])

    def of_arguments(self, i: int) -> Iterator[Change]:
        """Neighbours that are no more than a name, or one behind `->`, `.`, `&`, `*`. The compiler refuses other types."""
        if self.tokens[i - 1].text.isupper() or self.tokens[i - 1].text in ("sizeof", "offsetof"):
            return  # a macro; some take types
        close = closing(self.tokens, i)
        starts, at = [i + 1], i + 1
        while at < close:
            if self.tokens[at].text in OPENING:
                at = closing(self.tokens, at)
            elif self.tokens[at].text == ",":
                starts.append(at + 1)
            at += 1
        pieces = [(a, b - 1) for a, b in zip(starts, [*starts[1:], close + 1])]
        for (a, b), (c, d) in zip(pieces, pieces[1:]):
            if b > a and d > c and self.is_plain(a, b) and self.is_plain(c, d):
                middle = self.source[self.tokens[b - 1].end:self.tokens[c].start]
                yield self.change("swap", a, d, self.text_of(c, d) + middle + self.text_of(a, b))

    def is_plain(self, a: int, b: int) -> bool:
        names = [t for t in self.tokens[a:b] if t.kind == "name"]
        return bool(names) and all(t.kind == "name" or t.text in ("->", ".", "&", "*") for t in self.tokens[a:b])


def apply(source: str, change: Change) -> str:
    """The file with the change, line for line as before."""
    lost = source.count("\n", change.start, change.end) - change.text.count("\n")
    return source[:change.start] + change.text + "\n" * lost + source[change.end:]
