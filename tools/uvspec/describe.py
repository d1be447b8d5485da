"""One entry of the specification as text for a person: what `uvspec show` prints."""

from __future__ import annotations

import textwrap
from collections import abc
from functools import lru_cache
from typing import Any

from .expand import all_scenarios
from .gen.scenario_c import test_name
from .model import (
    Callback, Clause, Constant, Decision, Enum_, Function, Module, Param, Row, Scenario, Source, Spec, Step, Type,
)
from .pages import words
from .pages.words import CALLBACK_THREADS

WIDTH = 96
Entry = Any  # one of the classes above


def find(spec: Spec, name: str) -> tuple[str, Entry] | None:
    """(kind, entry) for a name or ID."""
    for kind, entries in _entries(spec).items():
        if name in entries:
            return kind, entries[name]
    for scenario in tests(spec).values():
        if scenario.name == name:
            return "test", scenario
    return None


def all_names(spec: Spec) -> list[str]:
    """Every name that `find` knows."""
    return [name for entries in _entries(spec).values() for name in entries]


def _entries(spec: Spec) -> dict[str, dict[str, Entry]]:
    modules = spec.modules.values()
    enums = [e for m in modules for e in m.enums]
    return {
        "function": dict(spec.functions),
        "clause": dict(spec.clauses),
        "decision": dict(spec.decisions),
        "module": dict(spec.modules),
        "type": {t.name: t for m in modules for t in m.types.values()},
        "callback": {c.name: c for m in modules for c in m.callbacks.values()},
        "enum": {e.name: e for e in enums if e.name},
        "constant": {c.name: c for e in enums for c in e.values},
        "test": dict(tests(spec)),
    }


def tests(spec: Spec) -> dict[str, Scenario]:
    """Every scenario by the name of its test."""
    return _tests(_Same(spec))


class _Same:
    """Lets a cache tell one specification object from another: a Spec itself has no hash."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec

    def __hash__(self) -> int:
        return id(self.spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.spec is self.spec


@lru_cache(maxsize=1)
def _tests(same: _Same) -> dict[str, Scenario]:
    return {test_name(s): s for s in all_scenarios(same.spec)}


def text(spec: Spec, kind: str, entry: Entry) -> str:
    """The whole entry."""
    describers: dict[str, abc.Callable[[Spec, Any], list[str]]] = {
        "function": _function,
        "clause": _clause,
        "decision": _decision,
        "module": _module,
        "type": _type,
        "callback": _callback,
        "enum": _enum,
        "constant": _constant,
        "test": _scenario,
    }
    return "\n".join(describers[kind](spec, entry)).rstrip()


# ------------------------------------------------------------------------------------------ pieces


def _wrap(sentence: str, indent: int = 0) -> list[str]:
    margin = " " * indent
    return textwrap.wrap(" ".join(str(sentence).split()), WIDTH, initial_indent=margin, subsequent_indent=margin)


def _pairs(pairs: list[tuple[str, str]]) -> list[str]:
    """`name  value` lines; empty values are left out."""
    kept = [(k, v) for k, v in pairs if v]
    width = max((len(k) for k, _ in kept), default=0)
    return [f"{k.ljust(width)}  {v}" for k, v in kept]


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return " or ".join(_plain(v) for v in value)
    if isinstance(value, dict):
        return ", ".join(f"{k}: {_plain(v)}" for k, v in value.items())
    return str(value)


def _source(source: Source) -> str:
    line = f"{source.kind}: {source.what}"
    line += f" says: {source.says}" if source.says else ""
    return line + (f" (contradicts {source.contradicts})" if source.contradicts else "")


# ----------------------------------------------------------------------------------------- entries


def _function(spec: Spec, f: Function) -> list[str]:
    params = ", ".join(f"{p.type} {p.name}".strip() for p in f.params) + (", ..." if f.variadic else "")
    lines = [f"{f.returns} {f.name}({params or 'void'})", ""]
    lines += _wrap(f.summary, 2) + _wrap(f.details, 2) + [""]
    lines += _pairs([("module", f.module), ("since", f.since), ("thread", f.thread),
                     ("returns", f.returns_meaning), ("windows", f.windows), ("where", str(f.at))])
    if f.params:
        lines += ["", "parameters:"]
        for p in f.params:
            lines += _param(p)
    if f.errors:
        lines += ["", "errors:"] + ["  " + line for line in _pairs(list(f.errors.items()))]
    if f.outcomes:
        lines += ["", "outcomes, the first that holds decides:"]
        for row in f.outcomes:
            lines += _row(row)
    lines += _clauses_about(spec, f.name)
    return lines


def _param(p: Param) -> list[str]:
    traits = [words.DIRECTIONS[p.dir], *words.traits(p), f"tried with {', '.join(map(str, p.boundary))}" if p.boundary else ""]
    said = "; ".join(t for t in traits if t)
    return [f"  {p.name}: {p.type}" + (f" ({said})" if said else ""), *_wrap(p.meaning, 6)]


def _row(row: Row) -> list[str]:
    when = words.when_text(row)
    if row.undefined:
        return [f"  -              {when}: undefined, the caller must not do this"]
    level = "" if row.level.value == "must" else f" [{row.level.value}]"
    return [f"  {row.id:14} {when}: {words.outcome_text(row)}{level}"]


def _clauses_about(spec: Spec, name: str) -> list[str]:
    about = [c for c in spec.clauses.values() if not c.row_of and name in c.text]
    return ["", "clauses that speak of it:"] + [f"  {c.id:14} {c.text}" for c in about] if about else []


def _clause(spec: Spec, c: Clause) -> list[str]:
    lines = [f"{c.id}  (revision {c.rev})", ""] + _wrap(c.text, 2) + [""]
    lines += _pairs([("module", c.module), ("binds", c.binds.value), ("level", c.level.value), ("since", c.since),
                     ("until", c.until), ("row of", c.row_of), ("decision", c.decision),
                     ("untested", c.untested), ("where", str(c.at))])
    if c.sources:
        lines += ["", "sources:"]
        for source in c.sources:
            lines += _wrap(_source(source), 2)
    shown = [n for n, s in tests(spec).items() if c.id in s.shows]
    lines += ["", "tests:"] + ([f"  {n}" for n in shown] or ["  none"])
    if c.decision in spec.decisions:
        lines += ["", f"{c.decision}: {spec.decisions[c.decision].title}"]
    return lines


def _decision(spec: Spec, d: Decision) -> list[str]:
    users = [c.id for c in spec.clauses.values() if c.decision == d.id]
    return [f"{d.id}: {d.title}", "", d.text.strip(), "", f"clauses: {', '.join(users) or 'none'}", f"where: {d.at}"]


def _module(spec: Spec, m: Module) -> list[str]:
    lines = [f"{m.name}: {m.summary}", ""]
    for paragraph in m.about:
        lines += [*_wrap(paragraph, 2), ""]
    lines += _pairs([("claimed whole", "yes" if m.complete else "no: prototypes and ABI only"),
                     ("functions", str(len(m.functions))), ("clauses", str(len(m.clauses))),
                     ("tests", str(sum(s.module == m.name for s in tests(spec).values()))), ("where", str(m.at))])
    if m.handle:
        lines += ["", f"handle {m.handle.type}, by {m.handle.init}; states:"]
        for s in m.handle.states.values():
            lines.append(f"  {s.name} ({'active' if s.active else 'inactive'}) {s.meaning}".rstrip())
        for event in m.handle.happens:
            lines.append(f"  {words.either(event.start)} to {event.end}: {event.what}")
    lines += ["", "functions:"] + [f"  {line}" for line in _pairs([(f.name, f.summary or " ") for f in m.functions.values()])]
    if m.clauses:
        lines += ["", "clauses:"] + [f"  {c.id:14} {c.text}" for c in m.clauses.values()]
    return lines


def _type(spec: Spec, t: Type) -> list[str]:
    lines = [f"{t.form} {t.name}" + (f" = {t.target}" if t.target else "") + (f", extends {t.extends}" if t.extends else "")]
    lines += _wrap(t.summary, 2)
    lines += [f"  {f.type} {f.name}{f.dims}  ({f.access}) {f.meaning}".rstrip() for f in t.fields]
    for target, abi in spec.abi.items():
        if t.name in abi.types:
            layout = abi.types[t.name]
            lines += ["", f"{target}: {layout.size} bytes"]
            lines += [f"  {name} at {offset}, {size} bytes" for name, (offset, size) in layout.fields.items()]
    return [*lines, "", *_pairs([("since", t.since), ("where", str(t.at))])]


def _callback(spec: Spec, c: Callback) -> list[str]:
    params = ", ".join(f"{p.type} {p.name}".strip() for p in c.params)
    lines = [f"typedef {c.returns} (*{c.name})({params or 'void'})", ""] + _wrap(c.summary, 2) + [""]
    lines += _pairs([("since", c.since), ("thread", CALLBACK_THREADS[c.thread]), ("phase", c.phase), ("how often", c.often),
                     ("inside", c.inside), ("where", str(c.at))])
    if c.params:
        lines += ["", "parameters:", *(line for p in c.params for line in _param(p))]
    return lines + _clauses_about(spec, c.name)


def _enum(_spec: Spec, e: Enum_) -> list[str]:
    lines = [f"{e.form} {e.name}"] + _wrap(e.summary, 2)
    lines += [f"  {v.name} = {v.value}  {v.meaning}".rstrip() for v in e.values]
    return [*lines, "", *_pairs([("since", e.since), ("where", str(e.at))])]


def _constant(spec: Spec, c: Constant) -> list[str]:
    home = next((e for m in spec.modules.values() for e in m.enums if c in e.values), None)
    lines = [f"{c.name} = {c.value}"] + _wrap(c.meaning, 2)
    measured = [f"{t} {abi.constants[c.name]}" for t, abi in spec.abi.items() if c.name in abi.constants]
    return [*lines, *_pairs([("since", c.since), ("enum", home.name if home else ""),
                             ("measured", ", ".join(measured)), ("where", str(home.at) if home else "")])]


def _scenario(spec: Spec, s: Scenario) -> list[str]:
    lines = [f"{test_name(s)}: {s.name}", ""]
    for name in s.shows:
        lines += _wrap(f"{name}: {spec.clauses[name].text if name in spec.clauses else '?'}", 2)
    lines += _wrap(f"A wrong implementation: {s.why}", 2) if s.why else []
    lines += ["", *_pairs([("module", s.module), ("from", s.origin + (f", {s.variant}" if s.variant else "")),
                           ("handles", ", ".join(f"{h.name}: {h.kind}" for h in s.handles)),
                           ("leaks", "" if s.leaks == "checked" else s.leaks), ("where", str(s.at))])]
    return [*lines, *program(s), "", f"As C: ./uvspec repro {test_name(s)}"]


def program(s: Scenario) -> list[str]:
    """What a scenario does: callbacks, threads, handlers, steps."""
    lines: list[str] = []
    for name, callback in s.callbacks.items():
        lines += ["", f"{name}:"] + _steps(callback.each, 2)
        for n, body in callback.nth.items():
            lines += [f"  call {n}:"] + _steps(body, 4)
    for name, group in s.threads.items():
        lines += ["", f"thread {name}" + (f" × {group.count}:" if group.count > 1 else ":")] + _steps(group.do, 2)
        lines += ["  the last one to finish:", *_steps(group.last, 4)] if group.last else []
    for name, body in s.signals.items():
        lines += ["", f"on {name}:"] + _steps(body, 2)
    return [*lines, "", "steps:", *_steps(s.steps, 2)]


def _steps(steps: list[Step], indent: int) -> list[str]:
    margin, lines = " " * indent, []
    for s in steps:
        if s.fork is not None:
            lines += [f"{margin}in a child:"] + _steps(s.fork, indent + 2)
        elif s.aborts is not None:
            lines += [f"{margin}in a child, which aborts:"] + _steps(s.aborts, indent + 2)
        elif s.do:
            word = f"repeat {s.repeat}" if s.repeat else f"while {s.whilst}" if s.whilst else f"if {s.cond}"
            lines += [f"{margin}{word}:"] + _steps(s.do, indent + 2)
        elif s.trace is not None:
            lines.append(f"{margin}trace: {_plain(s.trace) or 'nothing'}")
        elif s.c:
            lines += [f"{margin}c: {line}" for line in s.c.strip().splitlines()]
        else:
            lines.append(margin + s.text)
    return lines
