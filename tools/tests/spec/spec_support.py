"""A copy of the small specification, and ways to damage it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from uvspec import lint, paths, registry
from uvspec.errors import SpecError
from uvspec.load import load_spec

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
TIMER, LOOP, HANDLE = "spec/modules/timer", "spec/modules/loop", "spec/modules/handle"


def small_copy(root: Path) -> Path:
    """The small specification below `root`, with the real schemas and an up-to-date registry."""
    shutil.copytree(HERE / "small", root, dirs_exist_ok=True)
    shutil.copytree(paths.SPEC / "schema", root / "spec" / "schema")
    register(root)
    return root


def register(root: Path, editorial: tuple[str, ...] = (), retire: tuple[str, ...] = ()) -> None:
    text, problems = registry.register(root, load_spec(root), set(editorial), set(retire))
    assert not problems
    (root / registry.FILE).write_text(text, encoding="utf-8")


def line_of(root: Path, file: str, text: str) -> int:
    """The line on which `text`, or its first line, stands; there must be just one."""
    lines = (root / file).read_text(encoding="utf-8").split("\n")
    (found,) = [n for n, line in enumerate(lines, 1) if text.split("\n")[0] in line]
    return found


@dataclass
class Damage:
    """Changes files of a copy, and says what the tools make of that."""

    root: Path

    def replace(self, file: str, old: str, new: str) -> None:
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{file} has {text.count(old)} times: {old}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def write(self, file: str, text: str) -> None:
        (self.root / file).parent.mkdir(parents=True, exist_ok=True)
        (self.root / file).write_text(text, encoding="utf-8")

    def loading(self) -> list[str]:
        """The problems that keep the specification from being loaded."""
        try:
            load_spec(self.root)
        except SpecError as e:
            return [str(p) for p in e.problems]
        return []

    def linting(self) -> list[str]:
        try:
            return [str(p) for p in lint.run(self.root)]
        except SpecError as e:
            return [str(p) for p in e.problems]
