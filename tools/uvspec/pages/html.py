"""The HTML pages: an index with a search, one page a module, the decisions, the words.

Pure functions of the specification. Pages are static, refer to each other by relative links, need no network
and no server, and are the same from run to run.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from .. import __version__
from ..ctypes_ import declare
from ..gen import ctext
from ..gen.headers import THREAD_RULES
from ..model import Callback, Clause, Enum_, Module, Param, Row, Scenario, Spec, Type
from . import book as books
from . import diagram, machine, markdown, words
from .book import Book
from .machine import Cell, Machine, Transition

TEMPLATES = Path(__file__).resolve().parent / "templates"
ASSETS = ("style.css", "pages.js")
TESTS_SHOWN = 12  # of a clause; rules make hundreds of some

PHASES = ("pending", "idle", "prepare", "poll", "check", "closing", "timers")  # UV-LOOP-0030


def generate(spec: Spec, extra: str = "") -> dict[str, str]:
    """Every file by its name. `extra` is for the tests."""
    book = Book(spec)
    out = {name: (TEMPLATES / name).read_text(encoding="utf-8") for name in ASSETS}
    out["search.js"] = search_index(book)
    for m in book.modules:
        out[f"{m.name}.html"] = _render(book, "module.html.j2", m.name, module=m, view=ModuleView(book, m))
    out["index.html"] = _render(book, "index.html.j2", "index", phases=_phases(book))
    out["decisions.html"] = _render(book, "decisions.html.j2", "decisions", decision_html=partial(decision_html, book))
    out["glossary.html"] = _render(book, "glossary.html.j2", "glossary", common=machine.COMMON, rules=THREAD_RULES)
    return out


def _render(book: Book, template: str, page: str, **values: object) -> str:
    environment = _environment()
    shared = {"book": book, "spec": book.spec, "page": page, "version": __version__, "machine": machine,
              "link": partial(book.link, page=page), "code": partial(book.code, page=page), "words": words, "books": books}
    text = environment.get_template(template).render({**shared, **values})
    lines = [line.rstrip() for line in text.splitlines()]
    return "\n".join(line for line in lines if line) + "\n"


_ENVIRONMENT: list[Environment] = []


def _environment() -> Environment:
    if not _ENVIRONMENT:
        _ENVIRONMENT.append(Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
                                        trim_blocks=True, lstrip_blocks=True))
    return _ENVIRONMENT[0]


@dataclass
class ModuleView:
    """What a module's page shows, in the form in which it shows it."""

    book: Book
    module: Module

    @property
    def machine(self) -> Machine | None:
        return self.book.machines.get(self.module.name)

    @property
    def drawing(self) -> Markup:
        assert self.machine
        return Markup(diagram.draw(self.machine))

    @property
    def life_drawing(self) -> Markup:
        return Markup(diagram.draw(self.book.lives[self.module.name]))

    @property
    def topics(self) -> list[books.Topic]:
        return self.book.topics(self.module)

    @property
    def by_itself(self) -> list[Transition]:
        assert self.machine
        return [t for t in self.machine.transitions if not t.is_call]

    def table_of(self, m: Machine) -> list[tuple[str, list[list[tuple[str, str]]]]]:
        """For each function, this module's first, the outcomes in each state; without those that take no such state."""
        functions = sorted(m.functions, key=lambda f: f.module != self.module.name)
        table = [(f.name, [cell_text(m.table.get((f.name, s)), s) for s in m.columns]) for f in functions]
        return [(name, cells) for name, cells in table if any(c and c[0][0] != "undefined" for c in cells)]

    def callback_signature(self, c: Callback) -> str:
        head = f"typedef {declare(c.returns, '')}(*{c.name})" if c.returns.endswith("*") else f"typedef {c.returns} (*{c.name})"
        return "\n".join(ctext.call(head, ctext.parameters(c.params), ";"))

    def callback_thread(self, c: Callback) -> str:
        return words.CALLBACK_THREADS[c.thread]

    def thread_rule(self, thread: str) -> str:
        return THREAD_RULES[thread]

    def param_traits(self, p: Param) -> list[str]:
        return words.traits(p)

    def declaration(self, t: Type) -> str:
        if t.form == "alias":
            return f"typedef {declare(t.target, t.name)};"
        return "\n".join([f"struct {t.tag or t.name.removeprefix('struct ')} {{",
                          *([f"  /* the fields of {t.extends} */"] if t.extends else []),
                          *(line for f in t.fields for line in ctext.member(f, documented=False)),
                          "  /* private fields */", "};"])

    def layouts(self, t: Type) -> list[tuple[str, int, dict[str, tuple[int, int]]]]:
        """(target, size, fields) where it was measured."""
        names = [t.name, f"struct {t.tag}"]
        return [(target, abi.types[n].size, abi.types[n].fields) for target, abi in self.book.spec.abi.items()
                for n in names if n in abi.types][:4]

    def values(self, e: Enum_) -> list[tuple[str, list[str]]]:
        """(target, the value of each constant there), where not all targets agree with the header."""
        out = []
        for target, abi in self.book.spec.abi.items():
            seen = [str(abi.constants.get(v.name, "")) for v in e.values]
            if any(s and s != v.value for s, v in zip(seen, e.values)):
                out.append((target, seen))
        return out

    def givers(self, code: str) -> list[str]:
        return self.book.givers.get(code, [])

    def tests(self, clause_id: str) -> tuple[list[tuple[str, Scenario]], int]:
        """The first of a clause's tests, and how many there are."""
        found = self.book.tests.get(clause_id, [])
        written = [t for t in found if t[1].origin == "scenario"] + [t for t in found if t[1].origin != "scenario"]
        return written[:TESTS_SHOWN], len(found)

    def clause(self, row: Row) -> Clause:
        return self.book.clauses[row.id]


def cell_text(cell: Cell | None, state: str) -> list[tuple[str, str]]:
    """(kind, text) for what may come: `goes` → running, `error` UV_EINVAL, `plain` 0, `undefined`; none where no row speaks
    of it. A refusal of arguments is left out where something else may come, since it has nothing to do with the state."""
    if cell is None:
        return []
    parts: dict[str, str] = {}
    for row, conditions in cell.rows:
        if row.state and row.state != state:
            parts[f"→ {row.state}"] = "goes"
        elif row.returns.startswith("UV_E"):
            if not conditions or all(c for _, c in cell.rows):
                parts[row.returns] = "error"
        else:
            parts[_short(words.returns(row.returns))] = "plain"
    if cell.undefined and not parts:
        parts["undefined"] = "undefined"
    return [(kind, text) for text, kind in parts.items()]


def _short(text: str) -> str:
    """What a call returns, where there is room for few characters."""
    if not text:
        return "✓"
    known = re.fullmatch(r"-?[01]|not 0|NULL|not NULL|UV_[A-Z_]+|[0-9A-Z_]+( or [0-9A-Z_]+)+", text)
    return text if known else "value"


def decision_html(book: Book, text: str) -> Markup:
    """A decision's text."""
    return Markup(markdown.html(text, lambda escaped: book.link_escaped(escaped, "decisions")))


def _phases(book: Book) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each phase of an iteration, and the callbacks that come in it, with their modules."""
    out = []
    for phase in PHASES:
        found = [(c.name, m.name) for m in book.modules for c in m.callbacks.values() if c.phase == phase]
        out.append((phase, found))
    return out


def search_index(book: Book) -> str:
    """What the search box looks in: name, kind, where, what it says."""
    rows = [[e.name, e.kind, e.href, e.says] for e in book.entries.values()]
    rows += [[m.name, "module", f"{m.name}.html", m.summary] for m in book.modules]
    lines = ",\n".join(json.dumps(r, ensure_ascii=False) for r in rows)
    return f"var UVSPEC_INDEX = [\n{lines}\n];\n".replace("</", "<\\/")
