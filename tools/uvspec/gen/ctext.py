"""C text as the generated headers write it: comments, declarations, struct members, macros."""

from __future__ import annotations

import re
import textwrap

from ..ctypes_ import declare
from ..model import Constant, Enum_, Field_, Function, Param

WIDTH = 100
_UNION = re.compile(r"(union|struct)\s*\{(.*)\}\Z", re.S)


def comment(paragraphs: list[str], indent: str = "") -> list[str]:
    """A block comment. Each paragraph is wrapped, one that begins with a space is kept as it is."""
    lines: list[str] = []
    for number, paragraph in enumerate(paragraphs):
        first = "/* " if number == 0 else " * "
        if paragraph.startswith(" "):
            lines.append(f"{indent} * {paragraph.strip()}" if not paragraph.strip() else f"{indent} *{paragraph}")
        elif not paragraph:
            lines.append(f"{indent} *")
        else:
            lines += _wrap(paragraph, indent + first, indent + " * ")
    if len(lines[-1]) + 3 <= WIDTH:
        lines[-1] += " */"
    else:
        lines.append(f"{indent} */")
    return lines


def _wrap(text: str, first: str, rest: str) -> list[str]:
    return textwrap.wrap(text, WIDTH - 3, initial_indent=first, subsequent_indent=rest,
                         break_long_words=False, break_on_hyphens=False)


def table(rows: list[tuple[str, str]], indent: str = "  ") -> list[str]:
    """Lines of a two-column list for comment(): each begins with a space, so that it is kept."""
    width = max(len(name) for name, _ in rows) + 2
    lines: list[str] = []
    for name, text in rows:
        first = f" {indent}{name.ljust(width)}"
        lines += textwrap.wrap(text, WIDTH - 5, initial_indent=first, subsequent_indent=" " * len(first),
                               break_long_words=False, break_on_hyphens=False) or [first.rstrip()]
    return lines


def member(f: Field_, indent: str = "  ", documented: bool = True) -> list[str]:
    """The lines that declare one member, its meaning beside or above it."""
    nested = _UNION.match(f.type)
    if nested:
        inner = [part.strip() for part in nested[2].split(";") if part.strip()]
        lines = [f"{indent}{nested[1]} {{"]
        for part in inner:
            ctype, name = part.rsplit(" ", 1)
            base, dims = (name.split("[", 1)[0], "[" + name.split("[", 1)[1]) if "[" in name else (name, "")
            lines.append(f"{indent}  {declare(ctype, base, dims)};")
        lines.append(f"{indent}}} {f.name}{f.dims};")
    else:
        lines = [f"{indent}{declare(f.type, f.name, f.dims)};"]
    if not (documented and f.meaning):
        return lines
    last = beside(lines[-1], f.meaning)
    return [*lines[:-1], *last] if len(last) == 1 else [*comment([f.meaning], indent), *lines]


def beside(line: str, text: str) -> list[str]:
    """A line with a comment beside it, or above it where that is too long."""
    whole = f"{line} /* {text} */"
    indent = " " * (len(line) - len(line.lstrip()))
    return [whole] if len(whole) <= WIDTH else [*comment([text], indent), line]


def define(name: str, value: str, text: str) -> list[str]:
    return beside(f"#define {name} {value}", text)


def meaning(value: Constant, enum: Enum_) -> str:
    """What a constant means, and since when, if not as long as its family."""
    return value.meaning + (f"; since {value.since}" if value.since and value.since != enum.since else "")


def macro(name: str, body: list[str]) -> list[str]:
    """A `#define` over several lines, backslashes in one column; no body says so."""
    if not body:
        return [f"#define {name} /* none */"]
    lines = [f"#define {name}", *body]
    column = max(len(line) for line in lines[:-1]) + 1
    return [line.ljust(column) + "\\" for line in lines[:-1]] + [lines[-1]]


def struct(tag: str, body: list[str]) -> list[str]:
    return [f"struct {tag} {{", *body, "};"]


def parameters(params: list[Param], variadic: bool = False) -> list[str]:
    """Each parameter as it is declared; `void` where there is none."""
    return [declare(p.type, p.name) for p in params] + (["..."] if variadic else []) or ["void"]


def call(head: str, arguments: list[str], tail: str) -> list[str]:
    """`head(a, b)tail`, broken behind commas and aligned to the parenthesis."""
    lines, line = [], f"{head}("
    column = " " * len(line)
    for number, argument in enumerate(arguments):
        piece = argument + ("," if number < len(arguments) - 1 else f"){tail}")
        if len(line.rstrip()) + len(piece) + 1 > WIDTH and line.strip() and not line.endswith("("):
            lines.append(line.rstrip())
            line = column
        line += piece if line.endswith("(") or line == column else f" {piece}"
    return [*lines, line]


def prototype(function: Function) -> list[str]:
    """The declaration of an exported function."""
    head = declare(function.returns, function.name)
    return call(f"UV_EXTERN {head}", parameters(function.params, function.variadic), ";")
