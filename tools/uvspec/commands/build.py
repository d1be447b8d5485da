"""`uvspec build`: the reference library and the suite."""

from __future__ import annotations

import argparse

HELP = "build the reference library and the suite"
DESCRIPTION = """\
Builds with GN and Ninja into out/ (or $UVSPEC_OUT). Each toolchain has a folder of its own:
out/T/lib/libuv.so.1, out/T/lib/libuv.a and out/T/bin/uvspec-suite.
"""
EXAMPLES = """\
  ./uvspec build                              with gcc, optimised
  ./uvspec build --toolchain clang_asan       with clang, AddressSanitizer and UBSan
  ./uvspec build lib_gcc suite_clang          single targets
  ./uvspec build all_toolchains               everything
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from .common import add_format

    parser.add_argument("targets", nargs="*", metavar="TARGET", help="targets of BUILD.gn, or T, lib_T, suite_T")
    parser.add_argument("--toolchain", metavar="T", action="append", default=[],
                        help="gcc, clang, each also with _debug, _asan or _tsan; may be repeated")
    parser.add_argument("--jobs", "-j", type=int, default=0, metavar="N", help="how many at once")
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    from .. import build, paths
    from ..console import say
    from ..exits import CannotRun
    from .common import print_json

    toolchains = [build.known_toolchain(t) for t in args.toolchain]
    if not toolchains and not args.targets:
        toolchains = [build.default_toolchain()]
    for toolchain in toolchains:
        reason = build.why_unusable(toolchain)
        if reason:
            raise CannotRun(f"cannot build with {toolchain}: {reason}; run `./uvspec setup`")
    targets = toolchains + args.targets
    build.build(targets, args.jobs)
    if args.format == "json":
        print_json({"out": str(paths.out_dir()), "targets": targets})
    else:
        say(f"uvspec: built {', '.join(targets)} in {paths.out_dir()}")
    return 0
