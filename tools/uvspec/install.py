"""Copies the reference library, its headers and libuv.pc to where compilers and loaders look."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from . import paths
from .exits import CannotRun, UsageError
from .model import Spec


def check_destination(prefix: Path, destdir: Path | None) -> None:
    """Says before anything is built what would go wrong with the destination."""
    where = staged(prefix, destdir)
    existing = where
    while not existing.exists() and existing != existing.parent:
        existing = existing.parent
    if not existing.is_dir():
        raise UsageError(f"cannot install to {where}: {existing} is not a folder")
    if str(prefix).split() != [str(prefix)]:
        raise UsageError(f"pkg-config cannot cope with a prefix that has spaces: {prefix}")
    try:
        where.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=where):
            pass
    except OSError as error:
        raise CannotRun(f"cannot install to {where}: {error.strerror}") from error


def staged(prefix: Path, destdir: Path | None) -> Path:
    """The prefix, below `destdir` where there is one."""
    return destdir.absolute() / prefix.relative_to("/") if destdir else prefix


def install(toolchain: str, prefix: Path, destdir: Path | None) -> list[Path]:
    """Installs what was built; returns every file and link, sorted."""
    from .gen import pkgconfig
    from .spec_json import read

    pc_text = pkgconfig.generate(read(paths.spec_json()), str(prefix))
    where = staged(prefix, destdir)
    built = paths.out_dir() / toolchain / "lib"
    include = paths.IMPL / "include"
    headers = sorted([include / "uv.h", *(include / "uv").glob("**/*.h")])
    done: list[Path] = []
    try:
        for name in sorted(n.name for n in built.glob("libuv.so*")) + ["libuv.a"]:
            if not name.endswith(".rsp"):
                done.append(_copy(built / name, where / "lib" / name))
        for header in headers:
            done.append(_copy(header, where / "include" / header.relative_to(include)))
        pc = where / "lib" / "pkgconfig" / "libuv.pc"
        pc.parent.mkdir(parents=True, exist_ok=True)
        pc.write_text(pc_text)
        done.append(pc)
    except OSError as error:
        raise CannotRun(f"cannot install {error.filename2 or error.filename}: {error.strerror}") from error
    return sorted(done)


def install_pages(spec: Spec, prefix: Path, destdir: Path | None) -> list[Path]:
    """Installs the reference pages; returns every file."""
    from .pages.write import files
    from .write import write_if_changed

    share = staged(prefix, destdir) / "share"
    done = []
    try:
        for name, text in files(spec).items():
            part, _, rest = name.partition("/")
            to = share / "man" / rest if part == "man" else share / "doc" / "uvspec" / "html" / rest
            write_if_changed(to, text)
            done.append(to)
    except OSError as error:
        raise CannotRun(f"cannot install {error.filename2 or error.filename}: {error.strerror}") from error
    return done


def _copy(source: Path, to: Path) -> Path:
    """Copies a file or link. A library in use is replaced, not overwritten."""
    to.parent.mkdir(parents=True, exist_ok=True)
    temporary = to.with_name(f".{to.name}.new")
    temporary.unlink(missing_ok=True)
    shutil.copy(source, temporary, follow_symlinks=False)
    os.replace(temporary, to)
    return to
