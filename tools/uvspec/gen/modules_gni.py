"""spec/modules.gni: the list of modules, which the build needs before any generator has run."""

from __future__ import annotations

from ..model import Spec


def generate(spec: Spec) -> str:
    """The file's text."""
    lines = ["# The modules of the specification. Written by `./uvspec gen`; checked by `./uvspec gen --verify`.", "uvspec_modules = ["]
    return "\n".join([*lines, *(f'  "{name}",' for name in sorted(spec.modules)), "]", ""])
