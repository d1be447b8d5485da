"""libuv.pc, by which programs find the library and its headers."""

from __future__ import annotations

from ..model import Spec

_TEXT = """\
prefix={prefix}
exec_prefix=${{prefix}}
libdir=${{prefix}}/lib
includedir=${{prefix}}/include

Name: libuv
Description: independent implementation of the libuv {level} API
Version: {version}
Libs: -L${{libdir}} -luv
Libs.private: -lpthread -ldl -lrt
Cflags: -I${{includedir}}
"""


def version(spec: Spec) -> str:
    """`1.52.0`, from the macros of module `version`."""
    values = {v.name: v.value for e in spec.modules["version"].enums for v in e.values}
    return ".".join(values[f"UV_VERSION_{part}"] for part in ("MAJOR", "MINOR", "PATCH"))


def generate(spec: Spec, prefix: str) -> str:
    """The text for an installation below `prefix`, which must be an absolute path."""
    if not prefix.startswith("/") or "\n" in prefix:
        raise ValueError(f"prefix must be an absolute path, not {prefix!r}")
    return _TEXT.format(prefix=prefix.rstrip("/") or "/", level=spec.api_level, version=version(spec))
