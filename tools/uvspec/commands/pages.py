"""`uvspec pages`: the reference as HTML and as manual pages."""

from __future__ import annotations

import argparse
from pathlib import Path

HELP = "write the reference as HTML and manual pages"
DESCRIPTION = """\
Writes the whole specification for people to read: an HTML page for each module, with state diagrams, outcome
tables, clauses, their evidence and their tests, a search, the decisions and the terms; and a manual page for
each function (section 3) and each module (section 7). Nothing has to be built, nothing is loaded from the
network. The pages go to out/pages/html and out/pages/man.
"""
EXAMPLES = """\
  ./uvspec pages && xdg-open out/pages/html/index.html
  ./uvspec pages && man -M out/pages/man uv_timer_start
  ./uvspec pages --out ./public                 elsewhere
  ./uvspec install --prefix ~/.local --pages    beside the library
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from .common import add_format

    parser.add_argument("--out", metavar="DIR", type=Path, help="where to: an empty folder, or one of ours")
    parser.add_argument("--check", action="store_true", help="also check that links lead somewhere and that mandoc is content")
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    from .. import paths
    from ..console import say
    from ..exits import OK, RED
    from ..pages import check, write
    from .common import load, print_json

    spec = load()
    folder = args.out or paths.out_dir() / "pages"
    pages = write.files(spec)
    written = write.write_files(pages, folder)
    problems: list[str] = []
    skipped = ""
    if args.check:
        problems = check.problems_of(pages)
        manuals = check.mandoc_problems(written.folder / "man")
        if manuals is None:
            skipped = "manual pages: mandoc is not installed"
        problems += manuals or []
    if args.format == "json":
        print_json({"folder": str(written.folder), "pages": len(pages), "bytes": written.size, "problems": problems,
                    "skipped": skipped})
    else:
        for problem in problems:
            print(problem)
        say(f"uvspec: {len(written.files)} files, {written.size / 1e6:.1f} MB, {written.changed} of them new: "
            f"{written.folder / 'html' / 'index.html'}" + (f" ({skipped})" if skipped else ""))
    return RED if problems else OK
