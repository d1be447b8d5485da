"""`uvspec coverage`: the lines of the reference that no test reaches."""

from __future__ import annotations

import argparse

HELP = "tell which lines of the reference no test reaches"
DESCRIPTION = """\
Runs every must-test alone on a reference that notes where it passes, threads, forked children and crashes
included. What no test reaches, no test can find wrong. A line may hold several pieces of straight code (the
two sides of a condition); it is listed while one of them is not reached.
"""
EXAMPLES = """\
  ./uvspec coverage                 every file, in short
  ./uvspec coverage core/timer.c    a file, or a folder, with its lines
  ./uvspec coverage --line core/timer.c:100    the tests that reach a line
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from .common import add_format

    parser.add_argument("files", nargs="*", metavar="FILE", help="only these files or folders of impl/src, with the lines themselves")
    parser.add_argument("--line", metavar="FILE:LINE", help="the tests that reach this line")
    parser.add_argument("--jobs", "-j", type=int, default=0, metavar="N", help="tests at once (default: one a core)")
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    from .. import coverage

    return coverage.run(args)
