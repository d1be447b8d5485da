"""Generators: functions from the model to text. `run` writes the ones whose output is checked in."""

from __future__ import annotations

from pathlib import Path

from ..model import Spec
from ..write import write_if_changed


def checked_in(spec: Spec, root: Path) -> dict[Path, str]:
    """Path to text of every generated file that is kept in the repository."""
    from .. import layout
    from . import headers, modules_gni

    out = {root / "impl" / "include" / name: text for name, text in headers.generate(spec, layout.load_layout(root)).items()}
    out[root / "spec" / "modules.gni"] = modules_gni.generate(spec)
    return out


def run(spec: Spec, root: Path, verify: bool = False) -> list[Path]:
    """Writes what changed, or (`verify`) says what would; returns those paths, relative to the root."""
    stale = []
    for path, text in sorted(checked_in(spec, root).items()):
        if verify:
            current = path.read_text(encoding="utf-8") if path.exists() else None
            changed = current != text
        else:
            changed = write_if_changed(path, text)
        if changed:
            stale.append(path.relative_to(root))
    return stale
