"""`uvspec lint`: everything about the specification that can be checked without running anything."""

from __future__ import annotations

import argparse

HELP = "check the specification itself"
DESCRIPTION = """\
Checks the specification without running anything: schemas, stable IDs, references, outcome tables that
are total, steps that agree with the API. Tells all problems at once, each with file, line and ID.
"""
EXAMPLES = """\
  ./uvspec lint
  ./uvspec lint --format json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from .common import add_format

    add_format(parser)


def run(args: argparse.Namespace) -> int:
    from .. import lint, paths
    from ..console import say
    from ..errors import SpecError
    from ..exits import OK, RED
    from .common import print_json

    try:
        problems = lint.run(paths.ROOT)
    except SpecError as error:
        problems = error.problems
    if args.format == "json":
        print_json([{"file": p.at.file, "line": p.at.line, "id": p.id, "what": p.what} for p in problems])
    else:
        for problem in problems:
            print(problem)
    say(f"uvspec lint: {len(problems)} problem(s)" if problems else "uvspec lint: no problems")
    return RED if problems else OK
