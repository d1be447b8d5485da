"""`uvspec compare`: what changed between two results."""

from __future__ import annotations

import argparse

HELP = "tell what changed between two saved results"
DESCRIPTION = """\
Compares two results that `uvspec check --json` saved: two libraries, two releases, or one before and after
a change. Tells what broke, what holds now, what else came out differently, what clauses that leave it open
show differently, which functions came or went, and what was in one of them only. Expectations play no part:
compared is what the libraries do. Where the specification changed between the two, it says for which rows.

Worse, and so exit code 1, is: a test that held is broken, or a broken one now crashes or hangs; a function
that was there is missing; a test that held could not be resolved. Exit code 0: nothing of that.

spec/schema/results.schema.json describes the files.
"""
EXAMPLES = """\
  ./uvspec check --json before.json
  ./uvspec check --json after.json
  ./uvspec compare before.json after.json
  ./uvspec compare debian.json node.json --module timer
  ./uvspec compare a.json b.json --format json | jq '.worse[].test'
  ./uvspec report a.json b.json                the same two side by side, on a page
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from .common import add_format

    parser.add_argument("before", metavar="A.json", help="saved results")
    parser.add_argument("after", metavar="B.json", help="saved results to hold against them")
    parser.add_argument("--module", metavar="M", action="append", default=[], help="only this module; may be given again")
    parser.add_argument("--all", action="store_true", help="print every row, however many")
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    from ..report import command

    return command.compare(args)
