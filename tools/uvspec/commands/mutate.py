"""`uvspec mutate`: seeds bugs into the reference and counts which the suite notices."""

from __future__ import annotations

import argparse

HELP = "seed bugs into the reference and see which tests notice"
DESCRIPTION = """\
Coverage is earned: a clause counts when a seeded bug that breaks it turns a test red. This builds the
reference with one bug at a time, runs the suite, and tells which bugs survive.
"""
EXAMPLES = """\
  ./uvspec mutate --quick   a few bugs, as CI does
  ./uvspec mutate           all of them
  ./uvspec mutate M-TIMER   those of timers
  ./uvspec mutate --mechanical --sample 300   small changes made by rule, anywhere in impl/src
  ./uvspec mutate --mechanical core/timer.c   all of one file
  ./uvspec mutate --file bugs.yaml   bugs of yours, to see what the suite would miss
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ids", nargs="*", metavar="ID", help="only these mutants, or prefixes: M-TIMER, M-LOOP-0003; "
                        "mechanical ones also by a file below impl/src, a folder, or a function")
    parser.add_argument("--quick", action="store_true", help="some from every module, as CI does")
    parser.add_argument("--fresh", action="store_true", help="forget what earlier runs found")
    parser.add_argument("--jobs", "-j", type=int, default=0, metavar="N", help="mutants at once (default: one a core)")
    parser.add_argument("--list", action="store_true", help="only list them")
    parser.add_argument("--keep", action="store_true", help="keep the broken libraries, in out/mutants/ID/")
    parser.add_argument("--file", metavar="FILE", help="mutants of your own, written as in conformance/mutants/; without `aims` any must clause kills")
    parser.add_argument("--mechanical", action="store_true", help="mutants made by rule from impl/src instead, which nobody aimed at a clause")
    parser.add_argument("--sample", type=int, metavar="N", help="that many mechanical ones, from all files (default: 200, or all of what is named)")
    parser.add_argument("--all", action="store_true", help="all mechanical ones; takes hours")
    parser.add_argument("--seed", default="0", metavar="S", help="another sample")
    from .common import add_format

    add_format(parser)


def run(args: argparse.Namespace) -> int:
    from .. import mutate

    return mutate.run(args)
