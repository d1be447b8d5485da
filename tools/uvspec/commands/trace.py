"""`uvspec trace`: which clauses answer which statement of a source document."""

from __future__ import annotations

import argparse

HELP = "show what answers each statement of the source documents"
DESCRIPTION = """\
Prints, for each source document and each statement in it, the clauses that answer it, and from the last
results of `check` and `guide` what became of their tests:

  covered   their tests ran and passed (or report what is left open)
  red       a test of one of them failed
  not run   linked, but not all of their tests ran
  stated    answered by clauses that no test can show, such as duties of the caller
  not here  it speaks of another system alone; what is linked holds on every system
  decided   answered by a decision alone, such as an API that was replaced
  open      nothing answers it yet

Exits with 1 where something is open or red.
"""
EXAMPLES = """\
  ./uvspec trace                     all documents
  ./uvspec trace 003 --state open    what is still open in one
  ./uvspec trace --format json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from .common import add_format

    parser.add_argument("documents", nargs="*", metavar="DOCUMENT", help="only these, by their numbers")
    parser.add_argument("--state", default="", choices=("open", "red", "not run", "covered", "stated", "not here", "decided"),
                        help="print only items in this state")
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    from .. import trace

    return trace.run(args)
