"""What several commands share: loading the specification, output formats, unknown names."""

from __future__ import annotations

import argparse
import difflib
import json
import re
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ..exits import UsageError

if TYPE_CHECKING:
    from ..model import Spec


def add_format(parser: argparse.ArgumentParser) -> None:
    """`--format text|json`."""
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="text for people (default), or one JSON document on standard output",
    )


def add_library(parser: argparse.ArgumentParser) -> None:
    """`--lib PATH|system|reference`, which run/library.py finds."""
    parser.add_argument("--lib", metavar="PATH", default="reference",
                        help="a library file, `system`, or `reference` (default)")


def add_toolchain(parser: argparse.ArgumentParser, what: str) -> None:
    """`--toolchain T`."""
    parser.add_argument(
        "--toolchain",
        metavar="T",
        default="",
        help=f"{what}: gcc (default), clang, each also with _debug, _asan or _tsan",
    )


def load() -> Spec:
    """The specification, from its YAML or as remembered."""
    from ..cached import load_remembered

    return load_remembered()


def print_json(document: Any) -> None:
    """The one JSON document of a command."""
    json.dump(document, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


def print_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Columns, aligned; the last one is as long as it likes."""
    lines = [[str(c) for c in row] for row in rows]
    widths = [max(len(line[i]) for line in [list(heads), *lines]) for i in range(len(heads))]
    for line in [list(heads), *lines]:
        cells = [cell.ljust(width) for cell, width in zip(line, widths)]
        print("  ".join(cells).rstrip())


def matches(pattern: str, *texts: str) -> bool:
    """Whether the pattern (a regular expression, in any case) is found in one of the texts."""
    try:
        return any(re.search(pattern, t, re.IGNORECASE) for t in texts)
    except re.error as error:
        raise UsageError(f"`{pattern}` is no regular expression: {error}") from error


def unknown(name: str, known: Iterable[str], what: str = "function, clause, test or decision") -> UsageError:
    """The error for a name that is nowhere, with the nearest ones that are."""
    known = list(known)
    lower = {k.lower(): k for k in known}
    near = [lower[n] for n in difflib.get_close_matches(name.lower(), list(lower), n=5, cutoff=0.6)]
    near += [k for k in known if name.lower() in k.lower() and k not in near][: 5 - len(near)]
    hint = "; near it: " + ", ".join(near) if near else "; `./uvspec list` tells what there is"
    return UsageError(f"there is no {what} `{name}`{hint}")
