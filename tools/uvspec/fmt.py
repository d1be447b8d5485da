"""The layout of the specification's YAML: spacing only, never the words.

People choose between block and flow style and wrap their sentences themselves; this takes care of what is
not worth a thought: trailing spaces, tabs, blank lines, the end of the file, one space before a comment.
"""

from __future__ import annotations

import re

MAX_LINE = 160


def formatted(text: str, file: str) -> str:
    """The text as it should be laid out."""
    lines = [_line(line) for line in text.splitlines()]
    out: list[str] = []
    for line in lines:
        if not line and (not out or not out[-1]):
            continue  # no blank line at the top, and never two
        out.append(line)
    while out and not out[-1]:
        out.pop()
    return "\n".join(out) + "\n"


def _line(line: str) -> str:
    indent = re.match(r"[ \t]*", line)
    assert indent is not None
    rest = line[indent.end():].rstrip()
    return indent[0].replace("\t", "  ") + rest if rest else ""
