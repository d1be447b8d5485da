"""`uvspec show`: all about one function, clause, test, type, constant or decision."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..model import Spec

HELP = "show one function, clause, test, type or decision"
DESCRIPTION = """\
Shows everything about one entry: a function with its outcome table and clauses, a clause with its
evidence and tests, a test with its steps, a type with its layout, a constant, a decision.
"""
EXAMPLES = """\
  ./uvspec show uv_timer_start
  ./uvspec show UV-TIMER-0030
  ./uvspec show uv_timer_t
  ./uvspec show D-0007
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from .common import add_format

    parser.add_argument("id", metavar="ID", help="name or ID, as `list` prints it")
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    from .. import describe
    from ..spec_json import to_dict
    from .common import load, print_json, unknown

    spec = load()
    found = describe.find(spec, args.id)
    if found is None:
        raise unknown(args.id, describe.all_names(spec))
    kind, entry = found
    if args.format == "json":
        print_json({"kind": kind, "entry": to_dict(entry), "tests": _tests_of(spec, kind, args.id)})
    else:
        print(describe.text(spec, kind, entry))
    return 0


def _tests_of(spec: Spec, kind: str, name: str) -> list[str]:
    """The tests that show a clause."""
    from .. import describe

    return [n for n, s in describe.tests(spec).items() if name in s.shows] if kind == "clause" else []
