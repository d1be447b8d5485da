"""The results as one self-contained page: clauses down, implementations across.

It is made from the JSON form, so that results of several runs, perhaps of several machines, make one page.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..run.results import VERDICTS, Run, to_json

_TEMPLATES = Path(__file__).resolve().parent / "templates"
_TEMPLATE = "report.html.j2"


@dataclass
class Cell:
    """What one implementation makes of one clause."""

    verdict: str
    red: bool
    tests: list[dict[str, Any]]


@dataclass
class Row:
    """One clause; `verdicts` is what the page's filter looks at."""

    id: str
    clause: dict[str, Any]
    cells: list[Cell]

    @property
    def verdicts(self) -> list[str]:
        return list(dict.fromkeys([c.verdict for c in self.cells] + (["red"] if self.red else [])))

    @property
    def red(self) -> bool:
        return any(c.red for c in self.cells)

    @property
    def search(self) -> str:
        names = [t["test"] for c in self.cells for t in c.tests]
        return " ".join([self.id, self.clause["text"], *names]).lower()


def render(run: Run) -> str:
    return render_documents([to_json(run)])


def render_documents(documents: list[dict[str, Any]]) -> str:
    """One page of one or more results documents (see run/results.py)."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["source"] = source_text
    rows = rows_of(documents)
    return environment.get_template(_TEMPLATE).render(
        documents=documents, rows=rows, modules=list(dict.fromkeys(r.clause["module"] for r in rows)),
        levels=[v for v in ("must", "may", "unspecified") if any(r.clause["level"] == v for r in rows)],
        verdicts=[v for v in ("red", *VERDICTS) if any(v in r.verdicts for r in rows)],
        tallies=[_tally(rows, i) for i in range(len(documents))],
    ) + "\n"


def rows_of(documents: list[dict[str, Any]]) -> list[Row]:
    """Every clause that any of the documents knows, in the order in which they do."""
    tests = [{t["test"]: t for t in d["tests"]} for d in documents]
    clauses: dict[str, dict[str, Any]] = {}
    for document in documents:
        for id_, clause in document["clauses"].items():
            clauses.setdefault(id_, clause)
    rows = []
    for id_, clause in clauses.items():
        cells = [_cell(d["clauses"].get(id_), by_name) for d, by_name in zip(documents, tests)]
        rows.append(Row(id_, clause, cells))
    return rows


def _cell(clause: dict[str, Any] | None, tests: dict[str, dict[str, Any]]) -> Cell:
    if clause is None:
        return Cell("untested", False, [])
    shown = [tests[name] for name in clause["tests"] if name in tests]
    return Cell(clause["verdict"], any(t["red"] for t in shown), shown)


def _tally(rows: list[Row], index: int) -> dict[str, int]:
    found = [row.cells[index].verdict for row in rows]
    return {v: found.count(v) for v in VERDICTS if v in found}


def source_text(source: dict[str, Any]) -> str:
    """One line about where a clause comes from."""
    says = f": {source['says']}" if source.get("says") else ""
    against = f" (contradicts {source['contradicts']})" if source.get("contradicts") else ""
    return f"{source.get('kind', 'source')} {source.get('what', '')}{says}{against}".strip()
