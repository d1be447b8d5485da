"""The functions of a C file and the statements in them: as much grammar as the rules for mutants need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .tokens import Token, closing

_TYPE_WORDS = {"auto", "char", "const", "double", "enum", "extern", "float", "int", "long", "register", "short", "signed",
               "static", "struct", "union", "unsigned", "void", "volatile", "_Atomic", "_Bool", "bool", "typedef"}
# Their arguments are no code that runs.
_CHECKS = {"_Static_assert", "static_assert", "UVI_ASSERT", "assert"}


@dataclass
class Statement:
    """One statement: tokens `start` up to, but without, `end`."""

    kind: str  # block if while for do switch return break continue goto expression declaration check label empty
    start: int
    end: int
    condition: tuple[int, int] = (0, 0)  # of if, while, do, for
    code: list[tuple[int, int]] = field(default_factory=list)  # where expressions stand, without those of inner statements
    inner: list[Statement] = field(default_factory=list)  # if: then, else; loops and switch: the body; block: all

    def all(self) -> Iterator[Statement]:
        yield self
        for statement in self.inner:
            yield from statement.all()


@dataclass
class Function:
    name: str
    body: Statement
    returns_value: bool


def functions_of(tokens: list[Token]) -> list[Function]:
    """Every function that the file defines."""
    out, i, begin = [], 0, 0
    while i < len(tokens):
        text = tokens[i].text if tokens[i].kind == "mark" else ""
        if text == "{":
            end = closing(tokens, i)
            name = _function_name(tokens, begin, i)
            if name:
                first = {t.text for t in tokens[begin:name] if t.kind in ("name", "mark")}
                returns = "void" not in first or "*" in first
                out.append(Function(tokens[name].text, _Parser(tokens).statement(i), returns))
                begin = end + 1
            i = end + 1
        elif text in ("(", "["):
            i = closing(tokens, i) + 1
        else:
            i += 1
            if text == ";":
                begin = i
    return out


def _function_name(tokens: list[Token], begin: int, brace: int) -> int:
    """The index of the name, where what stands before a brace is a function's head; else 0."""
    if tokens[brace - 1].text != ")":
        return 0
    for i in range(begin + 1, brace - 1):
        if tokens[i].text == "=":
            return 0
        if tokens[i].kind == "name" and tokens[i + 1].text == "(" and not tokens[i].text.startswith("__"):
            return i
    return 0


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens

    def text(self, i: int) -> str:
        return self.tokens[i].text if self.tokens[i].kind in ("mark", "name") else ""

    def statement(self, i: int) -> Statement:
        """The statement that begins at token `i`."""
        word = self.text(i)
        if word == "{":
            return self.block(i)
        if word in ("if", "while", "switch"):
            return self.headed(i, word)
        if word == "for":
            return self.loop(i)
        if word == "do":
            body = self.statement(i + 1)
            close = closing(self.tokens, body.end + 1)
            head = (body.end + 2, close)
            return Statement("do", i, close + 2, head, [head], [body])
        if word in ("case", "default") or (self.tokens[i].kind == "name" and self.text(i + 1) == ":"):
            return Statement("label", i, self.find(i, ":") + 1)
        end = self.find(i, ";") + 1
        if word in _CHECKS:
            return Statement("check", i, end)
        if word in ("return", "break", "continue", "goto"):
            return Statement(word, i, end, code=[(i + 1, end - 1)] if word == "return" else [])
        if end == i + 1:
            return Statement("empty", i, end)
        if self.is_declaration(i):
            return Statement("declaration", i, end, code=self.initialisers(i, end - 1))
        if self.is_macro(i):
            return Statement("check", i, closing(self.tokens, i + 1) + 1)
        return Statement("expression", i, end, code=[(i, end - 1)])

    def block(self, i: int) -> Statement:
        end, inner, at = closing(self.tokens, i), [], i + 1
        while at < end:
            inner.append(self.statement(at))
            at = inner[-1].end
        return Statement("block", i, end + 1, inner=inner)

    def headed(self, i: int, word: str) -> Statement:
        close = closing(self.tokens, i + 1)
        inner = [self.statement(close + 1)]
        if word == "if" and inner[0].end < len(self.tokens) and self.text(inner[0].end) == "else":
            inner.append(self.statement(inner[0].end + 1))
        head = (i + 2, close)
        return Statement(word, i, inner[-1].end, head, [head], inner)

    def loop(self, i: int) -> Statement:
        close = closing(self.tokens, i + 1)
        first = self.find(i + 2, ";")
        second = self.find(first + 1, ";")
        begin = self.initialisers(i + 2, first) if self.is_declaration(i + 2) else [(i + 2, first)]
        body = self.statement(close + 1)
        condition = (first + 1, second)
        return Statement("for", i, body.end, condition, [*begin, condition, (second + 1, close)], [body])

    def find(self, i: int, mark: str) -> int:
        """The next such mark that is in no bracket. A `?` takes a `:` along."""
        questions = 0
        while not (self.text(i) == mark and questions == 0):
            if self.text(i) in ("(", "[", "{"):
                i = closing(self.tokens, i)
            elif mark == ":" and self.text(i) in ("?", ":"):
                questions += 1 if self.text(i) == "?" else -1
            i += 1
            if i >= len(self.tokens):
                raise ValueError(f"a statement has no {mark}")
        return i

    def is_declaration(self, i: int) -> bool:
        """A type comes first: a word of C's, or a name and behind it another one, perhaps with stars between."""
        if self.tokens[i].kind != "name":
            return False
        if self.text(i) in _TYPE_WORDS:
            return True
        i += 1
        while self.text(i) == "*":
            i += 1
        return self.tokens[i].kind == "name"

    def initialisers(self, i: int, end: int) -> list[tuple[int, int]]:
        """What stands behind the `=` of a declaration; of a table that never changes, nothing."""
        words = {self.text(j) for j in range(i, end)}
        if {"static", "const"} <= words or "enum" in words or "typedef" in words:
            return []
        for j in range(i, end):
            if self.text(j) == "=":
                return [(j + 1, end)]
        return []

    def is_macro(self, i: int) -> bool:
        """NAME(…) with no semicolon behind it: cases made from a list, say."""
        if self.text(i + 1) != "(" or not self.text(i).isupper():
            return False
        behind = self.tokens[closing(self.tokens, i + 1) + 1]
        return behind.kind == "name" or behind.text == "}"
