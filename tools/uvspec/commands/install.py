"""`uvspec install`: the reference library, its headers and its pkg-config file."""

from __future__ import annotations

import argparse
from pathlib import Path

HELP = "install the reference library, headers and libuv.pc"
DESCRIPTION = """\
Installs the reference library as a drop-in libuv: lib/libuv.so.1 and its links, lib/libuv.a,
include/uv.h, include/uv/*.h, lib/pkgconfig/libuv.pc. Builds it first. The reference pages come along where
they are asked for.
"""
EXAMPLES = """\
  ./uvspec install --prefix ~/.local
  ./uvspec install --prefix /usr --destdir ./package      for a package
  cc app.c $(PKG_CONFIG_PATH=~/.local/lib/pkgconfig pkg-config --cflags --libs libuv)
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from .common import add_format, add_toolchain

    parser.add_argument("--prefix", required=True, metavar="DIR", type=Path, help="where to: DIR/lib, DIR/include")
    parser.add_argument("--destdir", metavar="DIR", type=Path, default=None,
                        help="put everything below this folder, as if it were /")
    parser.add_argument("--pages", action="store_true",
                        help="also the reference: DIR/share/man/man3, man7, and DIR/share/doc/uvspec/html")
    add_toolchain(parser, "build it with")
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    from .. import build, install
    from ..console import say
    from .common import load, print_json

    toolchain = build.known_toolchain(args.toolchain)
    prefix = args.prefix.expanduser().absolute()
    install.check_destination(prefix, args.destdir)
    build.build_library(toolchain)
    files = install.install(toolchain, prefix, args.destdir)
    if args.pages:
        files = sorted([*files, *install.install_pages(load(), prefix, args.destdir)])
    if args.format == "json":
        print_json([str(f) for f in files])
    else:
        for file in files:
            print(file)
        say(f"uvspec: installed {len(files)} files; in pkg-config's words: "
            f"PKG_CONFIG_PATH={prefix / 'lib' / 'pkgconfig'}")
    return 0
