"""`uvspec test`: everything that CI runs."""

from __future__ import annotations

import argparse

HELP = "test this project: what CI runs"
DESCRIPTION = """\
Runs the lanes one by one, with a line for each, and ends with `N passed, N failed, N skipped`. A lane
whose tool is missing is skipped and says so. Logs are in out/test/LANE.log.
"""
EXAMPLES = """\
  ./uvspec test                 all lanes
  ./uvspec test --quick         those that take seconds
  ./uvspec test lint gcc        two lanes
  ./uvspec test --list          what lanes there are
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from .common import add_format

    parser.add_argument("lanes", nargs="*", metavar="LANE", help="only these")
    parser.add_argument("--quick", action="store_true", help="only the lanes that take seconds")
    parser.add_argument("--all", action="store_true", help="also lanes that the default leaves out")
    parser.add_argument("--list", action="store_true", help="say what lanes there are, and run none")
    parser.add_argument("--jobs", "-j", type=int, default=0, metavar="N", help="how much at once")
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    from .. import lanes

    return lanes.main(args)
