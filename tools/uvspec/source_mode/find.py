"""What lies below a prefix: the header, and the library to link."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..exits import UsageError


@dataclass
class Prefix:
    """An implementation that is installed, or built in place."""

    root: Path
    include: Path  # the folder with uv.h
    library: Path  # libuv.so or libuv.a

    @property
    def shared(self) -> bool:
        return ".so" in self.library.name


def find_prefix(root: Path) -> Prefix:
    """Raises UsageError, which says where was looked."""
    root = root.absolute()
    if not root.is_dir():
        raise UsageError(f"{root}: no folder; --prefix names one with include/uv.h and lib/libuv.so or libuv.a below it")
    include = next((d for d in (root / "include", root) if (d / "uv.h").is_file()), None)
    if include is None:
        raise UsageError(f"{root}: neither include/uv.h nor uv.h is in it")
    for name in ("libuv.so", "libuv.so.1", "libuv.a", "libuv_a.a"):
        for folder in (root / "lib", root / "lib64", root, root / "build", *sorted((root / "lib").glob("*-linux-*"))):
            if (folder / name).is_file():
                return Prefix(root, include, (folder / name).resolve())
    raise UsageError(f"{root}: neither libuv.so nor libuv.a is in it, nor in lib, lib64, lib/*-linux-* or build below it")
