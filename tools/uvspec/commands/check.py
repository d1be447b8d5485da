"""`uvspec check`: runs the conformance suite against a library."""

from __future__ import annotations

import argparse
from pathlib import Path

HELP = "test a libuv: the reference, the system's, or yours"
DESCRIPTION = """\
Runs the conformance suite against a library and says which clauses it breaks. Builds what is needed
first. Without --lib it tests the reference in this tree. Each test is a process of its own; a missing
symbol makes the tests that need it `unsupported`, not failed. Also writes out/report/report.html and
out/report/results.json.
"""
EXAMPLES = """\
  ./uvspec check                                     the reference
  ./uvspec check --lib ./libmine.so.1                yours
  ./uvspec check --lib system                        the installed libuv
  ./uvspec check --lib ./libmine.so.1 --profile napi  only what native addons need
  ./uvspec check --prefix /usr/local                  by its own headers; also says what these lack
  ./uvspec check UV-TIMER-0030 timer --repeat 20     some tests, again and again
  ./uvspec check --toolchain clang_tsan              the reference, with ThreadSanitizer
  ./uvspec check --lib system --expect ci/expectations/debian-libuv1-1.44.2.toml
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from .common import add_format, add_library, add_toolchain

    parser.add_argument("ids", nargs="*", metavar="ID", help="only these: clauses, tests, modules, or prefixes of them")
    add_library(parser)
    parser.add_argument("--prefix", metavar="DIR", type=Path,
                        help="source mode: compile the suite against DIR/include/uv.h, link it to the libuv below DIR")
    add_toolchain(parser, "build the suite, and the reference, with")
    parser.add_argument("--expect", metavar="FILE", type=Path, help="known failures; an unexpected pass is red too")
    parser.add_argument("--api-level", metavar="X.Y", default="", help="hold it to this level of the API, such as 1.44 (default: what FILE of --expect says, else the specification's)")
    parser.add_argument("--profile", metavar="P", default="",
                        help="judge only what this profile claims, and all of that; `uvspec list profiles` tells which")
    for kind in ("tap", "junit", "json", "html"):
        parser.add_argument(f"--{kind}", metavar="FILE", type=Path, help=f"also write the results as {kind}")
    parser.add_argument("--jobs", "-j", type=int, default=0, metavar="N", help="tests at once (default: one a core)")
    parser.add_argument("--repeat", type=int, default=1, metavar="N", help="run every test N times")
    parser.add_argument("--watchdog", type=float, default=0, metavar="S", help="give up on a test after S seconds")
    parser.add_argument("--fail-fast", action="store_true", help="stop at the first red test")
    parser.add_argument("--no-build", action="store_true", help="use what is built")
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    from .. import checking

    return checking.check(args)
