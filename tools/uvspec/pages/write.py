"""Writes all pages below one folder: html/ and man/man3, man/man7. What is no longer generated goes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..exits import CannotRun
from ..model import Spec
from ..write import write_if_changed
from . import html, man

MARK = ".uvspec-pages"  # in a folder of ours: what is in it may be replaced


@dataclass
class Written:
    """What a run of the generators made."""

    folder: Path
    files: list[Path]
    changed: int
    size: int


def files(spec: Spec) -> dict[str, str]:
    """Every page by its path."""
    out = {f"html/{name}": text for name, text in html.generate(spec).items()}
    out |= {f"man/{name}": text for name, text in man.generate(spec).items()}
    return out


def write(spec: Spec, folder: Path) -> Written:
    """All pages."""
    return write_files(files(spec), folder)


def write_files(pages: dict[str, str], folder: Path) -> Written:
    """Writes what changed, and removes pages of names that are gone."""
    folder = folder.absolute()
    try:
        if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
            raise CannotRun(f"{folder} holds other things; give an empty or a new folder")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MARK).touch()
        changed = sum(write_if_changed(folder / name, text) for name, text in pages.items())
        for old in sorted(p for part in ("html", "man") for p in (folder / part).rglob("*") if p.is_file()):
            if str(old.relative_to(folder)) not in pages:
                old.unlink()
    except OSError as error:
        raise CannotRun(f"cannot write to {folder}: {error.strerror}") from error
    return Written(folder, [folder / name for name in sorted(pages)], changed, sum(len(t.encode()) for t in pages.values()))
