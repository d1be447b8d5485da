"""What `uvspec clients` prints."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..commands.common import print_table
from .compare import Compared
from .definitions import Client
from .run import OK, Ran

_MOST_LINES = 12


@dataclass
class Told:
    """A client and what came of it. `skipped` says why it did not run."""

    client: Client
    packages: dict[str, str] = field(default_factory=dict)
    items: list[Compared] = field(default_factory=list)
    skipped: str = ""


def totals(clients: list[Told]) -> dict[str, int]:
    """How many items were well, were not, and could not be tried."""
    items = [item for told in clients for item in told.items]
    well = sum(item.verdict == OK for item in items)
    skipped = sum(len(told.client.items) for told in clients if told.skipped)
    return {"ok": well, "red": len(items) - well, "skipped": skipped}


def document(clients: list[Told], library: str, toolchain: str) -> dict[str, Any]:
    """The results as one JSON document."""
    return {
        "library": library,
        "toolchain": toolchain,
        "totals": totals(clients),
        "clients": [
            {"name": told.client.name, "skipped": told.skipped, "packages": told.packages,
             "items": [_item(compared) for compared in told.items]}
            for told in clients
        ],
    }


def _item(compared: Compared) -> dict[str, Any]:
    return {
        "name": compared.item.name, "what": compared.item.what, "verdict": compared.verdict, "why": compared.why,
        "baseline": _ran(compared.baseline), "tested": _ran(compared.tested), "diff": compared.diff,
    }


def _ran(ran: Ran | None) -> dict[str, Any] | None:
    if ran is None:
        return None
    return {"status": ran.status, "why": ran.why, "seconds": round(ran.seconds, 2), "said": ran.said,
            "log": str(ran.err.parent)}


def tell(clients: list[Told], library: str) -> None:
    """The table, then what is red in detail, then the counts."""
    print_table(["client", "item", "distribution's", "this one", "what"], _rows(clients))
    for told in clients:
        for compared in told.items:
            if compared.verdict != OK:
                _detail(told.client.name, compared)
    for told in clients:
        if told.skipped:
            print(f"\nskipped: {told.client.name}: {told.skipped}")
    counts = totals(clients)
    print(f"\n{library}: {counts['ok']} items ok, {counts['red']} red, {counts['skipped']} skipped")


def _rows(clients: list[Told]) -> list[list[str]]:
    rows = []
    for told in clients:
        if told.skipped:
            rows.append([told.client.name, "", "skipped", "skipped", told.client.what])
        for compared in told.items:
            baseline = _cell(compared.baseline) if compared.baseline else "not run"
            tested = _cell(compared.tested) if compared.verdict != "differs" else "differs"
            rows.append([told.client.name, compared.item.name, baseline, tested, compared.item.what])
    return rows


def _cell(ran: Ran) -> str:
    return f"ok {ran.seconds:5.1f} s" if ran.status == OK else ran.status


def _detail(client: str, compared: Compared) -> None:
    print(f"\n{client}/{compared.item.name}: {compared.verdict}: {compared.why}")
    print(f"  $ {' '.join(compared.item.run)}")
    for line in compared.diff[:_MOST_LINES]:
        print(f"  {line}")
    err = compared.tested.err
    lines = err.read_text(encoding="utf-8", errors="replace").splitlines() if err.is_file() else []
    for line in lines[-_MOST_LINES:]:
        print(f"  | {line[:200]}")
    print(f"  all of it: {err.parent}")
