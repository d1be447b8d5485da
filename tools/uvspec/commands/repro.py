"""`uvspec repro`: one test as one C file that needs nothing but uv.h."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HELP = "print a test as one C file for a bug report"
DESCRIPTION = """\
Prints a test as one C file that needs nothing but uv.h and a libuv to link: ready for a bug report.
It exits with 0 where the library keeps the clause, and says what it saw and with what it differs
where it does not.
"""
EXAMPLES = """\
  ./uvspec repro UV-TIMER-0030                    print it
  ./uvspec repro UV-TIMER-0030 -o repro.c         write it
  cc repro.c -luv -o repro && ./repro             run it
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="a test, or a clause (its first test)")
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="write there, not to standard output")


def run(args: argparse.Namespace) -> int:
    from ..console import say
    from ..gen.repro import repro_c
    from ..gen.suite import tests_of
    from ..write import write_if_changed
    from .common import load, unknown

    spec = load()
    tests, _ = tests_of(spec)
    names = {t.name for t in tests}
    shown = [i for t in tests for i in t.scenario.shows]
    if args.id not in names and args.id not in shown:
        raise unknown(args.id, [*sorted(names), *sorted(set(shown))], "test, or clause with a test,")
    text = repro_c(spec, args.id)
    if args.output:
        write_if_changed(args.output, text)
        say(f"wrote {args.output}; try: cc {args.output} -luv -pthread -o repro && ./repro")
    else:
        sys.stdout.write(text)
    return 0
