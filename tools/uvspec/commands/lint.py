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
  ./uvspec lint --register                            enter new IDs and revisions
  ./uvspec lint --register --retire UV-TIMER-0099     a clause that was removed
  ./uvspec lint --register --editorial UV-TIMER-0030  only its wording changed; several IDs may follow
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from .common import add_format

    parser.add_argument("--register", action="store_true", help="write spec/registry.txt, the list of IDs ever used")
    parser.add_argument("--retire", metavar="ID", nargs="+", action="extend", default=[],
                        help="with --register: never use it again")
    parser.add_argument("--editorial", metavar="ID", nargs="+", action="extend", default=[],
                        help="with --register: its meaning is the same, in other words")
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    from .. import lint, paths
    from ..console import say
    from ..errors import SpecError
    from ..exits import OK, RED, UsageError
    from .common import print_json

    if (args.retire or args.editorial) and not args.register:
        raise UsageError("--retire and --editorial belong to --register")
    if args.register:
        _register(set(args.editorial), set(args.retire))
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


def _register(editorial: set[str], retire: set[str]) -> None:
    """Enters what is new. An ID is for ever, so nothing is entered while anything else is wrong."""
    from .. import lint, paths, registry
    from ..console import say
    from ..errors import SpecError
    from ..write import write_if_changed
    from .common import load

    spec = load()
    text, problems = registry.register(paths.ROOT, spec, editorial, retire)
    problems += lint.problems_of(spec)
    if problems:
        say(f"uvspec lint: {registry.FILE} was left as it is; put these right first")
        raise SpecError(problems)
    if write_if_changed(paths.ROOT / registry.FILE, text):
        say(f"wrote {registry.FILE}")
