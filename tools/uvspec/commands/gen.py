"""`uvspec gen`: writes the generated files that are checked in."""

from __future__ import annotations

import argparse

HELP = "write, or verify, the generated files that are checked in"
DESCRIPTION = """\
Writes the files that are generated from the specification and checked in: the public headers in
impl/include and the build's list of modules. Everything else that is generated is made by the build.
"""
EXAMPLES = """\
  ./uvspec gen            write what changed
  ./uvspec gen --verify   change nothing; exit with 1 where a file is not up to date
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from .common import add_format

    parser.add_argument("--verify", action="store_true", help="only compare")
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    from .. import gen, paths
    from ..console import say
    from ..exits import OK, RED
    from .common import load, print_json

    spec = load()
    stale = [str(p) for p in gen.run(spec, paths.ROOT, verify=args.verify)]
    if args.format == "json":
        print_json({"verify": args.verify, "stale" if args.verify else "written": stale})
    elif not args.verify:
        for path in stale:
            print(f"wrote {path}")
    if not args.verify:
        say(f"uvspec gen: {len(stale)} file(s) written")
        return OK
    for path in stale if args.format == "text" else []:
        print(f"{path}: not up to date; run `./uvspec gen`")
    return RED if stale else OK
