"""`uvspec soak`: trials of amount, and system calls an operation."""

from __future__ import annotations

import argparse

HELP = "load a libuv heavily; count its system calls"
DESCRIPTION = """\
Loads a library with bounded, repeatable amounts: connections with random ends, a million timers, threads
that send, descriptors and memory that run out. Nothing may be lost or leak. Counts the system calls of
each kind of operation; what the reference may need is in ci/budgets.toml.
"""
EXAMPLES = """\
  ./uvspec soak                                all trials, on the reference
  ./uvspec soak calls                          system calls an operation
  ./uvspec soak --lib system                   the installed libuv; without budgets
  ./uvspec soak --toolchain clang_asan --scale 0.1
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from .common import add_format, add_library, add_toolchain

    parser.add_argument("trials", nargs="*", metavar="TRIAL", help="only these")
    add_library(parser)
    add_toolchain(parser, "build the trials, and the reference, with")
    parser.add_argument("--scale", type=float, default=1.0, metavar="F", help="a fraction or multiple of the amounts")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="another sequence of random choices")
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    from .. import soak

    return soak.run(args)
