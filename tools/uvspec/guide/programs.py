"""Which programs there are: a folder of conformance/guide with a main.c is one."""

from __future__ import annotations

from pathlib import Path


def names(root: Path) -> list[str]:
    """Their names, sorted."""
    return sorted(p.parent.name for p in (root / "conformance" / "guide").glob("*/main.c"))
