"""What a person sees while a command works: messages and one live line, both on standard error.

Standard output is for results alone, so that `--format json` is one JSON document and nothing else.
"""

from __future__ import annotations

import os
import shutil
import sys


def say(text: str) -> None:
    """One message."""
    print(text, file=sys.stderr, flush=True)


class Live:
    """A line that is overwritten while work goes on; silent where nobody watches (no terminal)."""

    def __init__(self) -> None:
        self.shown = False
        self.wanted = sys.stderr.isatty() and os.environ.get("TERM", "") != "dumb"

    def update(self, text: str) -> None:
        if not self.wanted:
            return
        width = shutil.get_terminal_size().columns - 1
        sys.stderr.write("\r\x1b[K" + text[:width])
        sys.stderr.flush()
        self.shown = True

    def clear(self) -> None:
        if self.shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self.shown = False
