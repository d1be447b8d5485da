"""The linker's version script: which symbols the reference exports.

libuv.so.1 has no symbol versions, so there is no version node, only `global` and `local`.
"""

from __future__ import annotations

from collections.abc import Iterable


def generate(functions: Iterable[str]) -> str:
    """Exports exactly the named functions; everything else is hidden."""
    names = sorted(set(functions))
    odd = [name for name in names if not name.startswith("uv_")]
    if odd:
        raise ValueError(f"not names of the API: {', '.join(odd)}")
    lines = ["# Generated from spec/: do not edit.", "{"]
    if names:
        lines += ["  global:", *(f"    {name};" for name in names)]
    return "\n".join([*lines, "  local:", "    *;", "};"]) + "\n"
