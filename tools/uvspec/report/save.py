"""Writes a report to a file: whole or not at all, and a problem is told, not thrown."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

from ..model import Spec
from ..run.results import Run
from ..write import write_atomically
from . import html, jsonout, junit, tap

WRITERS: dict[str, Callable[[Run], str]] = {
    "tap": tap.render, "junit": junit.render, "json": jsonout.render, "html": html.render,
}


def save(kind: str, path: Path, run: Run, details: Callable[[], Spec] | None = None) -> str:
    """Returns what went wrong, or "". `details` is the specification, for the page to explain what it shows."""
    text = html.render(run, details) if kind == "html" else WRITERS[kind](run)
    return write(path, text)


def write(path: Path, text: str) -> str:
    """The same for a text at hand."""
    data = text.encode("utf-8", "replace")
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)  # /dev/stdout, a pipe: nothing to replace
        else:
            write_atomically(path, data)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return f"{path}: the disk is full, the report is not written; free some space and run again"
        return f"{path}: cannot be written: {error.strerror}"
    return ""
