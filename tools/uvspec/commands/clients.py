"""`uvspec clients`: real programs on a library."""

from __future__ import annotations

import argparse

HELP = "run real programs (CMake, Node.js, Neovim, BIND, uvloop, luv) on a library"
DESCRIPTION = """\
Runs programs that load libuv.so.1, with real work each, once on the distribution's library and once on
the library under test, side by side. An item is well when it succeeds, prints the same on both, has
loaded the library it was given, and leaves no process behind. The programs come from Debian's packages,
unpacked into out/clients/NAME/root: the system's own packages are left alone, and no root rights are
needed. Logs are in out/clients/logs.
"""
EXAMPLES = """\
  ./uvspec clients                          all of them, on the reference
  ./uvspec clients node bind/tcp            one client, and one item of another
  ./uvspec clients --lib ./libmine.so.1     on yours
  ./uvspec clients --list                   what there is
  ./uvspec clients --fetch                  get the packages anew
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from .common import add_format, add_library, add_toolchain

    parser.add_argument("names", nargs="*", metavar="NAME", help="only these clients, or CLIENT/ITEM")
    add_library(parser)
    add_toolchain(parser, "build the reference with")
    parser.add_argument("--alone", action="store_true", help="do not run them on the distribution's library")
    parser.add_argument("--list", action="store_true", help="say what there is, and run nothing")
    parser.add_argument("--fetch", action="store_true", help="fetch the packages anew, and run nothing")
    parser.add_argument("--no-build", action="store_true", help="use what is built")
    parser.add_argument("--jobs", "-j", type=int, default=0, metavar="N", help="items at once (default: one a core)")
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    from ..clients import command

    return command.main(args)
