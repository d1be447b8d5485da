"""The private fields of public structs: impl/include/layout.yaml, in typed form.

The specification says what compiled programs may rely on; the layout says what the reference keeps in
between. Only the header generator needs it. Like load.py it reads strict YAML and tells every problem
with its file and line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import Problem, SpecError
from .model import At, Field_
from .strict_yaml import YamlProblems, parse

LAYOUT_FILE = "impl/include/layout.yaml"
FAMILIES = ("all", "unix", "linux", "windows")
HEADERS = ("unix", "threadpool")

Slot = Field_ | str  # a private field, or the name of a public one


@dataclass
class PrivateStruct:
    """A struct that only private fields use."""

    name: str
    tag: str
    header: str  # which header declares it: unix | threadpool
    summary: str
    fields: list[Field_]


@dataclass
class Layout:
    """What lies between the public fields, per type and family, and what Windows calls its types."""

    structs: dict[str, PrivateStruct] = field(default_factory=dict)
    types: dict[str, dict[str, list[Slot]]] = field(default_factory=dict)
    windows_aliases: dict[str, str] = field(default_factory=dict)
    windows_structs: dict[str, list[Field_]] = field(default_factory=dict)
    windows_macros: dict[str, str] = field(default_factory=dict)

    def slots(self, type_: str, *families: str) -> list[Slot] | None:
        """The slots of the first family that the type has, None where it has none of them."""
        entry = self.types.get(type_, {})
        return next((entry[f] for f in families if f in entry), None)


def load_layout(root: Path) -> Layout:
    """Reads impl/include/layout.yaml. Raises SpecError with every problem."""
    path = root / LAYOUT_FILE
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as e:
        raise SpecError([Problem(At(LAYOUT_FILE), "", f"cannot be read: {e.strerror}")]) from e
    try:
        return parse_layout(text, LAYOUT_FILE)
    except YamlProblems as e:
        raise SpecError(e.problems) from e


def parse_layout(text: str, file: str = LAYOUT_FILE) -> Layout:
    """The layout that a text describes. Raises SpecError or YamlProblems."""
    reader = _Reader(file)
    layout = reader.read(parse(text, file))
    if reader.problems:
        raise SpecError(reader.problems)
    return layout


class _Reader:
    """Builds a Layout and collects what is wrong."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def complain(self, line: int, name: str, what: str) -> None:
        self.problems.append(Problem(At(self.file, line), name, what))

    def read(self, document: Any) -> Layout:
        layout = Layout()
        self.keys(document, "", {"structs", "types", "windows"})
        for name, entry in self.items(document, "structs"):
            self.keys(entry, name, {"tag", "header", "summary", "fields"})
            if entry.get("header") not in HEADERS:
                self.complain(entry.line, name, f"header must be one of {', '.join(HEADERS)}")
            layout.structs[name] = PrivateStruct(name, entry.get("tag", ""), entry.get("header", ""),
                                                 entry.get("summary", ""), self.fields(name, entry["fields"]))
        for name, entry in self.items(document, "types"):
            self.keys(entry, name, set(FAMILIES))
            if "all" in entry and len(entry) > 1:
                self.complain(entry.line, name, "`all` stands alone: name the families instead")
            layout.types[name] = {family: self.slots(name, slots) for family, slots in entry.items()}
        windows = document.get("windows", {})
        if windows:
            self.keys(windows, "windows", {"aliases", "structs", "macros"})
        layout.windows_aliases = dict(windows.get("aliases", {}))
        layout.windows_structs = {n: self.fields(n, f) for n, f in windows.get("structs", {}).items()}
        layout.windows_macros = {n: str(v) for n, v in windows.get("macros", {}).items()}
        return layout

    def items(self, document: Any, key: str) -> list[tuple[str, Any]]:
        return list(document.get(key, {}).items())

    def keys(self, entry: Any, name: str, known: set[str]) -> None:
        for key in entry:
            if key not in known:
                self.complain(entry.lines[key], name, f"unknown key `{key}`; known: {', '.join(sorted(known))}")

    def slots(self, name: str, entries: Any) -> list[Slot]:
        return [e if isinstance(e, str) else self.field(name, e) for e in entries]

    def fields(self, name: str, entries: Any) -> list[Field_]:
        return [self.field(name, e) for e in entries]

    def field(self, name: str, entry: Any) -> Field_:
        self.keys(entry, name, {"name", "type", "dims"})
        for key in ("name", "type"):
            if key not in entry:
                self.complain(entry.line, name, f"a field needs `{key}`")
        return Field_(entry.get("name", ""), entry.get("type", ""), dims=entry.get("dims", ""), access="private")
