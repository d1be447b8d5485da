"""`uvspec report`: one page of several saved results."""

from __future__ import annotations

import argparse
from pathlib import Path

HELP = "make one page of several saved results: clauses down, implementations across"
DESCRIPTION = """\
Makes one self-contained HTML page of results that `uvspec check --json` saved: a column for each file, a
row for each clause, with what every test expected and saw. The page loads nothing from elsewhere; it can
be opened from a disk, sent and published. Its address holds the filters and the clause that is open, so
that a link leads to what is shown. Without files it shows the last run again.
"""
EXAMPLES = """\
  ./uvspec check --json ours.json
  ./uvspec check --lib system --json debian.json
  ./uvspec check --lib /usr/bin/node --json node.json
  ./uvspec report ours.json debian.json node.json -o page.html
  ./uvspec report "before=old.json" "after=new.json"       with names of your own
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="*", metavar="[NAME=]FILE", help="saved results (default: those of the last run)")
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="the page (default: out/report/matrix.html); `-` is standard output")


def run(args: argparse.Namespace) -> int:
    from ..report import command

    return command.report(args)
