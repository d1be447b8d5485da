"""The little Markdown that decisions are written in: paragraphs, lists, tables, **bold** and `code`."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

Link = Callable[[str], str]


def html(text: str, link: Link) -> str:
    """`link` turns escaped text into HTML with the names in it linked."""
    out = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = block.splitlines()
        if all(line.lstrip().startswith("|") for line in lines):
            out.append(_table(lines, link))
        elif re.match(r"(- |[0-9]+\. )", lines[0]):
            out.append(_list(lines, link))
        else:
            head = next((i for i, line in enumerate(lines) if re.match(r"(- |[0-9]+\. )", line)), len(lines))
            out.append(f"<p>{_inline(' '.join(lines[:head]), link)}</p>")
            if head < len(lines):
                out.append(_list(lines[head:], link))
    return "\n".join(out)


def _inline(text: str, link: Link) -> str:
    text = link(escape(" ".join(text.split()), quote=False))
    text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text)
    return re.sub(r"`(.+?)`", lambda m: "<code>" + re.sub("</?code>", "", m[1]) + "</code>", text)


def _list(lines: list[str], link: Link) -> str:
    items: list[str] = []
    tag = "ol" if lines[0][0].isdigit() else "ul"
    for line in lines:
        match = re.match(r"(?:- |[0-9]+\. )(.*)", line)
        if match:
            items.append(match[1])
        else:
            items[-1] += " " + line.strip()
    return f"<{tag}>" + "".join(f"<li>{_inline(i, link)}</li>" for i in items) + f"</{tag}>"


def _table(lines: list[str], link: Link) -> str:
    rows = [[c.strip() for c in line.strip().strip("|").split("|")] for line in lines]
    body = [r for r in rows if not all(re.fullmatch(r":?-+:?", c) for c in r)]
    head = "".join(f'<th scope="col">{_inline(c, link)}</th>' for c in body[0])
    rest = "".join("<tr>" + "".join(f"<td>{_inline(c, link)}</td>" for c in r) + "</tr>" for r in body[1:])
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{rest}</tbody></table></div>'
