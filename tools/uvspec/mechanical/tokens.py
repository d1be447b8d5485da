"""The tokens of a C file of the reference.

Why not clang's syntax tree: its Python bindings must match the installed clang, their Debian package carries the
version in its name, and a mutant is a change of text anyway. The sources are laid out by clang-format and use no
macro that hides a statement's shape, so tokens and a little grammar (statements.py) say all that the rules ask.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
    (?P<skip> \s+ | /\*.*?\*/ | //[^\n]* )
  | (?P<directive> ^[ \t]*\#(?:\\\n|[^\n])* )
  | (?P<string> (?:u8|[uUL])?"(?:\\.|[^"\\\n])*" | [uUL]?'(?:\\.|[^'\\\n])*' )
  | (?P<number> \.?[0-9](?:[eEpP][+-]|[.\w])* )
  | (?P<name> [A-Za-z_]\w* )
  | (?P<mark> \.\.\. | <<= | >>= | -> | \+\+ | -- | << | >> | <= | >= | == | != | && | \|\|
            | [-+*/%&|^]= | [-+*/%&|^<>=!~?:;,.(){}\[\]] )
    """,
    re.X | re.S | re.M,
)

OPENING = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Token:
    kind: str  # name | number | string | mark
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def tokens_of(source: str) -> list[Token]:
    """All tokens; comments and preprocessor lines are none. Raises ValueError at what is no C."""
    out, at = [], 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            raise ValueError(f"line {source.count(chr(10), 0, at) + 1}: no C token: {source[at:at + 20]!r}")
        kind = match.lastgroup or ""
        if kind not in ("skip", "directive"):
            out.append(Token(kind, match.group(kind), at))
        at = match.end()
    return out


def closing(tokens: list[Token], i: int) -> int:
    """The index of the bracket that closes the one at `i`. Raises ValueError if nothing does."""
    depth = 0
    for j in range(i, len(tokens)):
        if tokens[j].kind == "mark":
            if tokens[j].text in "([{":
                depth += 1
            elif tokens[j].text in ")]}":
                depth -= 1
                if depth == 0:
                    return j
    raise ValueError(f"nothing closes the {tokens[i].text} at offset {tokens[i].start}")
