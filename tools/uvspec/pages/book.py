"""What refers to what: where each name of the specification stands, and which clauses and tests speak of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from html import escape

from markupsafe import Markup

from ..ctypes_ import TypeTable
from ..expand import all_scenarios
from ..gen.order import in_order
from ..gen.scenario_c import test_name
from ..model import Clause, Enum_, Function, Module, Scenario, Source, Spec
from . import machine

NAME = re.compile(r"\b(?:UV-[A-Z][A-Z0-9_]*-[0-9]{4}|D-[0-9]{4}|(?:struct )?uv_[a-z0-9_]+|UV_[A-Z0-9_]+)\b(?:\(\))?")
_DOCS = "https://docs.libuv.org/en/v1.x/"
_ISSUE = re.compile(r"(?:https://github\.com/)?(libuv/libuv)(?:#|/issues/|/pull/)([0-9]+)\Z")
DOC_PAGES = {
    "async", "check", "design", "dll", "dns", "errors", "fs", "fs_event", "fs_poll", "handle", "idle", "loop", "metrics", "misc",
    "pipe", "poll", "prepare", "process", "request", "signal", "stream", "tcp", "threading", "threadpool", "timer", "tty", "udp", "version",
}


@dataclass
class Entry:
    """One thing that has an anchor."""

    name: str
    kind: str  # module | function | callback | type | constant | clause | decision
    href: str
    says: str


@dataclass
class Topic:
    """A group of a module's clauses."""

    title: str
    clauses: list[Clause] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return "about-" + re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")


@dataclass
class Book:
    """Lookups over the whole specification, made once for all pages."""

    spec: Spec

    @cached_property
    def table(self) -> TypeTable:
        return TypeTable(self.spec)

    @cached_property
    def modules(self) -> list[Module]:
        """As the headers have them; then those that declare nothing there."""
        first = in_order(self.spec)
        return [*first, *(m for m in self.spec.modules.values() if m not in first)]

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """Everything that can be linked to, by its name."""
        out: dict[str, Entry] = {}

        def add(name: str, kind: str, page: str, says: str, anchor: str = "") -> None:
            out.setdefault(name, Entry(name, kind, f"{page}.html#{anchor or name}", says))

        for m in self.modules:
            for f in m.functions.values():
                add(f.name, "function", m.name, f.summary)
            for c in m.callbacks.values():
                add(c.name, "callback", m.name, c.summary)
            for t in m.types.values():
                add(t.name, "type", m.name, t.summary, anchor_of(t.name))
                if t.tag:
                    add(f"struct {t.tag}", "type", m.name, t.summary, anchor_of(t.name))
            for e in m.enums:
                if e.name:
                    add(e.name, "constants", m.name, e.summary, anchor_of_enum(e))
                for v in e.values:
                    add(v.name, "constant", m.name, v.meaning)
            for clause in m.clauses.values():
                add(clause.id, "clause", m.name, clause.text)
        for d in self.spec.decisions.values():
            add(d.id, "decision", "decisions", d.title)
        return out

    def link(self, text: str, page: str = "") -> Markup:
        """The text with every known name in it linked; `page` is where it stands."""
        return Markup(self.link_escaped(escape(str(text)), page))

    def link_escaped(self, escaped: str, page: str = "") -> str:
        """The same for text that is HTML already, but for the links."""
        def one(match: re.Match[str]) -> str:
            name = match[0].removesuffix("()")
            entry = self.entries.get(name)
            if entry is None:
                return match[0]
            href = entry.href.removeprefix(f"{page}.html") if page else entry.href
            inner = match[0] if entry.kind in ("clause", "decision") else f"<code>{match[0]}</code>"
            return f'<a href="{href}">{inner}</a>'

        return NAME.sub(one, escaped)

    def code(self, text: str, page: str = "") -> Markup:
        """C text, its names linked, for a <pre> or <code>."""
        return Markup(self.link_escaped(escape(str(text)), page).replace("<code>", "").replace("</code>", ""))

    # --------------------------------------------------------------------------- clauses and tests

    @cached_property
    def clauses(self) -> dict[str, Clause]:
        """Every clause by its ID."""
        return self.spec.clauses

    @cached_property
    def tests(self) -> dict[str, list[tuple[str, Scenario]]]:
        """(test's name, scenario) by the clauses that they show."""
        out: dict[str, list[tuple[str, Scenario]]] = {}
        for scenario in all_scenarios(self.spec):
            for id_ in scenario.shows:
                out.setdefault(id_, []).append((test_name(scenario), scenario))
        return out

    @cached_property
    def mentions(self) -> dict[str, list[Clause]]:
        """Clauses that are no rows, by the functions, callbacks and types that their texts name."""
        out: dict[str, list[Clause]] = {}
        for clause in self.spec.clauses.values():
            if not clause.row_of:
                for name in dict.fromkeys(re.findall(r"\buv_[a-z0-9_]+", clause.text)):
                    out.setdefault(name, []).append(clause)
        return out

    @cached_property
    def decided(self) -> dict[str, list[Clause]]:
        """Clauses by the decision that they rest on."""
        out: dict[str, list[Clause]] = {}
        for clause in self.spec.clauses.values():
            if clause.decision:
                out.setdefault(clause.decision, []).append(clause)
        return out

    @cached_property
    def givers(self) -> dict[str, list[str]]:
        """The functions whose errors name a code, or whose rows return it."""
        out: dict[str, list[str]] = {}
        for f in self.spec.functions.values():
            rows = " ".join(r.returns for r in f.outcomes)
            for code in sorted({*f.errors, *re.findall(r"UV_E[A-Z0-9_]+", rows)}):
                out.setdefault(code, []).append(f.name)
        return out

    @cached_property
    def takers(self) -> dict[str, list[str]]:
        """The functions that take a parameter of a type or callback, or return it, by its name."""
        out: dict[str, list[str]] = {}
        for f in self.spec.functions.values():
            types = " ".join([f.returns, *(p.type for p in f.params)])
            for name in dict.fromkeys(re.findall(r"\buv_[a-z0-9_]+", types)):
                out.setdefault(name, []).append(f.name)
        return out

    @cached_property
    def machines(self) -> dict[str, machine.Machine]:
        """Of handle kinds, by module."""
        return {m.name: machine.of_kind(self.spec, self.table, m.handle) for m in self.modules if m.handle}

    @cached_property
    def lives(self) -> dict[str, machine.Machine]:
        """Of what is no handle, by module."""
        return {m.name: machine.of_life(m.life) for m in self.modules if m.life}

    def topics(self, module: Module) -> list[Topic]:
        """The clauses of a module that are no rows, as behavior.yaml groups them."""
        out: list[Topic] = []
        for clause in module.clauses.values():
            if clause.row_of:
                continue
            if clause.topic or not out:
                out.append(Topic(clause.topic))
            out[-1].clauses.append(clause)
        return out

    def rows(self, function: Function) -> int:
        return sum(1 for r in function.outcomes if r.id)


def anchor_of(name: str) -> str:
    return name.replace(" ", "-")


def anchor_of_enum(e: Enum_) -> str:
    return anchor_of(e.name or f"constants-{e.values[0].name}")


def against_docs(clause: Clause) -> bool:
    """Whether what was seen contradicts the public documentation."""
    return any(s.contradicts.startswith("doc") for s in clause.sources)


def source_href(source: Source) -> str:
    """Where the public evidence can be read, or ""."""
    if source.kind == "doc" and source.what.split("#")[0] in DOC_PAGES:
        page, _, part = source.what.partition("#")
        return f"{_DOCS}{page}.html" + (f"#{part}" if part else "")
    match = _ISSUE.match(source.what) if source.kind == "issue" else None
    return f"https://github.com/{match[1]}/issues/{match[2]}" if match else ""
