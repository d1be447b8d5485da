"""A library of empty functions, for programs to be linked with.

A program that is linked with it needs what any libuv.so.1 has, whichever one is there when it starts.
"""

from __future__ import annotations

from collections.abc import Iterable


def generate(functions: Iterable[str]) -> str:
    """C with every function of the API, doing nothing."""
    lines = ["/* Generated from spec/: do not edit. Linked with, never run. */",
             '#define PUBLIC __attribute__((visibility("default")))', ""]
    for name in sorted(set(functions)):
        lines += [f"PUBLIC void {name}(void);", f"void {name}(void) {{}}"]
    return "\n".join(lines) + "\n"
