"""`uvspec fmt`: one layout for C, GN and the specification's YAML."""

from __future__ import annotations

import argparse

HELP = "lay out C, GN and specification files, or check that they are"
DESCRIPTION = """\
C is laid out by clang-format (.clang-format), build files by `gn format`, the specification's YAML by
uvspec itself. A missing clang-format or gn leaves its files out, and says so.
"""
EXAMPLES = """\
  ./uvspec fmt           rewrite what is not laid out
  ./uvspec fmt --check   change nothing; exit with 1 where something is not
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from .common import add_format

    parser.add_argument("--check", action="store_true", help="only look")
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    from .. import tidy
    from ..console import say
    from ..exits import OK, RED
    from .common import print_json

    result = tidy.run(check=args.check)
    if args.format == "json":
        print_json({"check": args.check, "files": result.files, "changed": result.changed,
                    "left_out": result.left_out})
    else:
        for path in result.changed:
            print(f"{path}: not laid out; run `./uvspec fmt`" if args.check else f"laid out {path}")
    for reason in result.left_out:
        say(f"uvspec fmt: left out: {reason}")
    say(f"uvspec fmt: {len(result.changed)} of {result.files} files {'differ' if args.check else 'changed'}")
    return RED if args.check and result.changed else OK
