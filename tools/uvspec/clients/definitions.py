"""What a client is and does: ci/clients/NAME/client.toml as typed data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .. import paths
from ..exits import UsageError

FOLDER = paths.ROOT / "ci" / "clients"
_WATCHDOG_S = 60


@dataclass(frozen=True)
class Item:
    """One piece of work: a command that exits with 0 where it could do it."""

    name: str
    what: str
    run: tuple[str, ...]
    programs: tuple[str, ...]  # each of these has to load the library
    watchdog_s: float = _WATCHDOG_S


@dataclass(frozen=True)
class Relocation:
    """A file that has an absolute path built in, and the path (see relocate.py)."""

    file: str
    path: str


@dataclass(frozen=True)
class Client:
    """A program, where it comes from, and its items."""

    name: str
    folder: Path
    what: str
    packages: tuple[str, ...]
    environment: dict[str, str]
    items: tuple[Item, ...]
    relocations: tuple[Relocation, ...] = field(default=())


class _Table:
    """Takes keys out of a TOML table; complains about wrong types, missing and left-over ones."""

    def __init__(self, where: str, table: Any) -> None:
        if not isinstance(table, dict):
            raise UsageError(f"{where}: is no table")
        self.where, self.table = where, dict(table)

    def text(self, key: str, default: str | None = None) -> str:
        value = self.table.pop(key, default)
        if not isinstance(value, str):
            raise UsageError(f"{self.where}: `{key}` has to be a string")
        return value

    def number(self, key: str, default: float) -> float:
        value = self.table.pop(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            raise UsageError(f"{self.where}: `{key}` has to be a positive number")
        return float(value)

    def texts(self, key: str, default: list[str] | None = None) -> tuple[str, ...]:
        value = self.table.pop(key, default)
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise UsageError(f"{self.where}: `{key}` has to be a list of strings")
        return tuple(value)

    def mapping(self, key: str) -> dict[str, str]:
        value = self.table.pop(key, {})
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            raise UsageError(f"{self.where}: `{key}` has to be a table of strings")
        return value

    def tables(self, key: str) -> list[_Table]:
        value = self.table.pop(key, [])
        if not isinstance(value, list):
            raise UsageError(f"{self.where}: `{key}` has to be a list of tables")
        return [_Table(f"{self.where}: {key} {i}", entry) for i, entry in enumerate(value, 1)]

    def end(self) -> None:
        if self.table:
            raise UsageError(f"{self.where}: unknown key `{next(iter(self.table))}`")


def read_client(folder: Path) -> Client:
    """Raises UsageError where the definition is wrong."""
    file = folder / "client.toml"
    try:
        table = _Table(str(file), tomllib.loads(file.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{file}: {error}") from error
    programs = table.texts("programs")
    client = Client(
        name=folder.name,
        folder=folder,
        what=table.text("what"),
        packages=table.texts("packages", []),
        environment=table.mapping("environment"),
        items=tuple(_item(t, programs) for t in table.tables("item")),
        relocations=tuple(_relocation(t) for t in table.tables("relocate")),
    )
    table.end()
    names = [item.name for item in client.items]
    if not names:
        raise UsageError(f"{file}: has no item")
    twice = {n for n in names if names.count(n) > 1}
    if twice:
        raise UsageError(f"{file}: two items are named `{sorted(twice)[0]}`")
    return client


def _item(table: _Table, programs: tuple[str, ...]) -> Item:
    item = Item(
        name=table.text("name"),
        what=table.text("what"),
        run=table.texts("run"),
        programs=table.texts("programs", list(programs)),
        watchdog_s=table.number("watchdog_s", _WATCHDOG_S),
    )
    table.end()
    if not item.run or not item.programs:
        raise UsageError(f"{table.where}: `run` and `programs` cannot be empty")
    return item


def _relocation(table: _Table) -> Relocation:
    relocation = Relocation(table.text("file"), table.text("path"))
    table.end()
    return relocation


def read_clients(names: list[str], folder: Path = FOLDER) -> list[Client]:
    """All clients, or the named ones. `NAME/ITEM` takes one item of a client."""
    known = sorted(f.parent.name for f in folder.glob("*/client.toml"))
    if not names:
        return [read_client(folder / name) for name in known]
    chosen: dict[str, set[str]] = {}
    for name in names:
        client, _, item = name.partition("/")
        if client not in known:
            raise UsageError(f"no client `{client}`; there are: {', '.join(known)}")
        chosen.setdefault(client, set()).add(item)
    return [_only(read_client(folder / name), chosen[name]) for name in known if name in chosen]


def _only(client: Client, items: set[str]) -> Client:
    """The client with the chosen items; the empty name stands for all."""
    if "" in items:
        return client
    unknown = items - {item.name for item in client.items}
    if unknown:
        there = ", ".join(item.name for item in client.items)
        raise UsageError(f"{client.name} has no item `{sorted(unknown)[0]}`; there are: {there}")
    kept = tuple(item for item in client.items if item.name in items)
    return Client(client.name, client.folder, client.what, client.packages, client.environment, kept,
                  client.relocations)
