"""`uvspec guide`: the programs of the guide, on a library."""

from __future__ import annotations

import argparse

HELP = "run small real programs on a libuv"
DESCRIPTION = """\
Runs the programs of conformance/guide, small ones as a user of libuv writes them (an echo server, cat, tee,
a CGI server, a downloader over libcurl …), on a library: starts each, feeds it, and checks what it prints
and does. Bound to the library as programs are, not through the suite's table. A program whose functions the
library lacks is `unsupported`. Also writes out/report/guide.json, which `uvspec trace` reads.
"""
EXAMPLES = """\
  ./uvspec guide                             all programs, on the reference
  ./uvspec guide uvcat tcp-echo-server       two of them
  ./uvspec guide --lib system                on the installed libuv
  ./uvspec guide --toolchain clang_asan
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from .common import add_format, add_library, add_toolchain

    parser.add_argument("programs", nargs="*", metavar="PROGRAM", help="only these")
    add_library(parser)
    add_toolchain(parser, "build the programs, and the reference, with")
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    from ..guide import runner

    return runner.run(args)
