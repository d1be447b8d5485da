"""`uvspec setup`: what has to be installed, and installing it."""

from __future__ import annotations

import argparse

HELP = "install what the commands need, or say how"
DESCRIPTION = """\
Shows what uvspec needs, for what, and whether it is there. As root it then installs what is missing
with the system's package manager; otherwise it prints the one command that does, and exits with 3.
Other commands do the same for the part that they need, so nobody has to run this first.
UVSPEC_NO_INSTALL=1 keeps every command from installing anything.
"""
EXAMPLES = """\
  ./uvspec setup            everything
  ./uvspec setup --dry-run  only look
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from .common import add_format

    parser.add_argument("--dry-run", action="store_true", help="show the table and change nothing")
    parser.add_argument("--for", dest="command_name", default="setup", metavar="COMMAND",
                        help="only what this command needs")
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    from .. import deps
    from ..exits import CANNOT_RUN, OK
    from .common import print_json, print_table

    if not args.dry_run:
        deps.ensure(args.command_name)
    manager = deps.package_manager()
    needs = deps.needs_of(args.command_name)
    here = {need.name: need.here() for need in needs}
    if args.format == "json":
        print_json([{"name": n.name, "why": n.why, "packages": deps.packages_for([n], manager, unversioned=True),
                     "optional": n.optional, "installed": here[n.name]} for n in needs])
    else:
        print_table(("needs", "there", manager or "package", "to"),
                    [(n.name, "yes" if here[n.name] else "no",
                      " ".join(deps.packages_for([n], manager, unversioned=True)) or "?", n.why) for n in needs])
    return OK if all(here[n.name] or n.optional for n in needs) else CANNOT_RUN
