"""What can be checked of the specification without running anything.

`run(root)` returns every problem, sorted by place; load.py has checked the files one by one, this checks
what spans them. One function a rule; each says what to do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator
from pathlib import Path

from . import paths, registry
from .ctypes_ import TypeTable
from .documented import explained, happenings
from .errors import Problem, SpecError
from .expand import COMMON_STATES, handle_param, subject_kinds
from .gen.suite import Test, tests_of
from .guide.programs import names as guide_programs
from .load import load_spec
from .mechanical import equivalent
from .mechanical.pick import all_mutants
from .model import Binds, Function, Level, Module, Row, Spec, TraceItem, version_tuple
from .steps import BUILTINS

LAST_FACT = 45  # the numbered points of the list of unwritten semantics
OTHER_FACTS = {"clients-rely-on"}  # what compiled programs were measured to rely on
MAX_TEXT = 400  # characters; a clause that needs more says two things


def run(root: Path) -> list[Problem]:
    """All problems. Raises SpecError when the files cannot even be loaded."""
    spec = load_spec(root)
    return sorted({*problems_of(spec), *registry.check(root, spec), *_equivalents(root)})


def _equivalents(root: Path) -> list[Problem]:
    """Mutants that are said to be equivalent and that the sources have no more."""
    entries, problems = equivalent.load(root / "conformance" / "mutants" / "equivalent.yaml")
    return problems + equivalent.stale(entries, all_mutants(root / "impl" / "src") if entries else [])


def problems_of(spec: Spec) -> list[Problem]:
    """What is wrong with the specification itself, whatever the registry says."""
    tests, problems = tests_of(spec)
    table = TypeTable(spec)
    for rule in RULES:
        problems += rule(spec, table)
    problems += untested_clauses(spec, tests)
    return sorted(set(problems))


# ------------------------------------------------------------------------------------------- clauses


def ids_belong(spec: Spec, table: TypeTable) -> Iterator[Problem]:
    """An ID carries its module's name and exists once in the whole specification."""
    seen: dict[str, str] = {}
    for module in spec.modules.values():
        rows = [r for f in module.functions.values() for r in f.outcomes if r.id]
        places = [(r.id, r.at) for r in rows] + [(c.id, c.at) for c in module.clauses.values() if not c.row_of]
        for id_, at in places:
            if not id_.startswith(f"UV-{module.name.upper()}-"):
                yield Problem(at, id_, f"clauses of the module {module.name} are named UV-{module.name.upper()}-NNNN")
            if id_ in seen:
                yield Problem(at, id_, f"already used at {seen[id_]}: IDs are used once")
            seen[id_] = str(at)


def clause_texts(spec: Spec, table: TypeTable) -> Iterator[Problem]:
    """One statement, ended by a full stop."""
    for clause in spec.clauses.values():
        if not clause.text.endswith("."):
            yield Problem(clause.at, clause.id, "the text must be a sentence that ends with a full stop")
        if len(clause.text) > MAX_TEXT:
            yield Problem(clause.at, clause.id, f"{len(clause.text)} characters: a clause says one thing (at most {MAX_TEXT})")


def versions(spec: Spec, table: TypeTable) -> Iterator[Problem]:
    """`since` lies between 1.0.0 and the API level, `until` after it."""
    highest = version_tuple(spec.api_level + ".999")
    for function in spec.functions.values():
        if not version_tuple(function.since) <= highest:
            yield Problem(function.at, function.name, f"since {function.since} is above the API level {spec.api_level}")
    for clause in spec.clauses.values():
        if not version_tuple(clause.since) <= highest:
            yield Problem(clause.at, clause.id, f"since {clause.since} is above the API level {spec.api_level}")
        if clause.until and version_tuple(clause.until) < version_tuple(clause.since):
            yield Problem(clause.at, clause.id, f"until {clause.until} is before since {clause.since}")


def decisions(spec: Spec, table: TypeTable) -> Iterator[Problem]:
    """What is left open or decided against a source has a decision; every decision is used."""
    used = set()
    for clause in spec.clauses.values():
        used.add(clause.decision)
        if clause.decision and clause.decision not in spec.decisions:
            yield Problem(clause.at, clause.id, f"no file spec/decisions/{clause.decision}-….md")
        if clause.level is Level.UNSPECIFIED and not clause.decision:
            yield Problem(clause.at, clause.id, "unspecified, so it needs a decision that says why")
        if any(s.contradicts for s in clause.sources) and not clause.decision:
            yield Problem(clause.at, clause.id, "its sources contradict each other, so it needs a decision")
    used |= {i.decision for trace in spec.traces.values() for i in trace.items}
    for decision in spec.decisions.values():
        if decision.id not in used:
            yield Problem(decision.at, decision.id, "no clause refers to this decision")


def sources(spec: Spec, table: TypeTable) -> Iterator[Problem]:
    """References to numbered sources exist."""
    for clause in spec.clauses.values():
        for source in clause.sources:
            numbered = source.what.isdigit() and 1 <= int(source.what) <= LAST_FACT
            if source.kind == "fact" and not numbered and source.what not in OTHER_FACTS:
                yield Problem(clause.at, clause.id, f"fact {source.what}: facts are numbered 1 to {LAST_FACT}")
            if source.kind == "seed" and not re.match(r"00[0-3]\b", source.what):
                yield Problem(clause.at, clause.id, f"seed `{source.what}`: begin with the document's number, 000 to 003")


def callers_duties(spec: Spec, table: TypeTable) -> Iterator[Problem]:
    """A clause that binds the caller cannot be tested on a library."""
    for clause in spec.clauses.values():
        if clause.binds is Binds.CALLER and not clause.untested:
            yield Problem(clause.at, clause.id, "binds the caller: say `untested:` and why")


def untested_clauses(spec: Spec, tests: list[Test]) -> Iterator[Problem]:
    """Every clause that binds the implementation is shown by a test, or says why not."""
    shown = {i for t in tests for i in t.scenario.shows}
    for clause in spec.clauses.values():
        if clause.id in shown and clause.untested:
            yield Problem(clause.at, clause.id, "has a test: remove `untested:`")
        if clause.id not in shown and not clause.untested:
            what = "no test can be made of this row" if clause.row_of else "no scenario shows it"
            yield Problem(clause.at, clause.id, f"{what}: write one, or say `untested:` and why")
    for test in tests:
        for variable in test.c.unused:
            yield Problem(test.scenario.at, test.scenario.shows[0], f"variable `{variable}` is declared and never used")
        for id_ in test.scenario.shows:
            if id_ not in spec.clauses:
                yield Problem(test.scenario.at, id_, f"scenario \"{test.scenario.name}\" shows a clause that does not exist")


# ------------------------------------------------------------------------------------------- tables


def tables_are_total(spec: Spec, table: TypeTable) -> Iterator[Problem]:
    """Every handle state × every call has a row, or says that it is the caller's fault."""
    for module in spec.modules.values():
        for function in module.functions.values():
            if module.complete and not function.outcomes:
                yield Problem(function.at, function.name, "no outcome table, though the module says `complete: true`")
            if function.outcomes:
                yield from _missing_states(spec, table, function)


def _missing_states(spec: Spec, table: TypeTable, function: Function) -> Iterator[Problem]:
    subject = handle_param(table, function)
    if subject is None:
        if not any(_catches_all(r, "") for r in function.outcomes):
            yield Problem(function.at, function.name, "no row without further conditions: what happens otherwise?")
        return
    missing: dict[str, None] = {}
    for kind in subject_kinds(spec, table, function, subject):
        for name, active in [*((s.name, s.active) for s in kind.states.values()), *((c, None) for c in COMMON_STATES)]:
            if not any(_catches_all(r, subject) and _names(r, subject, name, active) for r in function.outcomes):
                missing[f"{kind.kind} {name}" if function.module == "handle" else name] = None
    if missing:
        yield Problem(function.at, function.name, f"no row for the handle in state {', '.join(missing)}: add one, or an `undefined: caller` row")


def _catches_all(row: Row, subject: str) -> bool:
    """Whether the row holds for its states whatever the arguments; an attribute is split by a pair of rows."""
    return all(key == subject or _is_last_of_pair(value) for key, value in row.when.items())


def _is_last_of_pair(value: object) -> bool:
    return value in ("> 0", "!= 0", "non-null", "otherwise")


def _names(row: Row, subject: str, state: str, active: bool | None) -> bool:
    wanted = row.when.get(subject)
    if wanted is None:
        return True
    names = [wanted] if isinstance(wanted, str) else list(wanted)
    generic = {True: "active", False: "inactive"}.get(active) if active is not None else None
    return state in names or (generic is not None and generic in names)


def rows_name_real_things(spec: Spec, table: TypeTable) -> Iterator[Problem]:
    """Conditions, arguments, effects and next states of rows exist."""
    for module in spec.modules.values():
        for function in module.functions.values():
            subject = handle_param(table, function)
            kinds = subject_kinds(spec, table, function, subject) if subject else []
            attributes = {a for k in kinds for a in k.attributes}
            states = {s for k in kinds for s in k.states} | {*COMMON_STATES, "raw", "closed", "active", "inactive"}
            params = {p.name for p in function.params}
            for row in function.outcomes:
                yield from _row_problems(function, row, subject, params, attributes, states)


def _row_problems(function: Function, row: Row, subject: str | None, params: set[str], attributes: set[str],
                  states: set[str]) -> Iterator[Problem]:
    id_ = row.id or function.name
    for key in row.when:
        if key not in params | attributes and not row.given:
            yield Problem(row.at, id_, f"`when` names `{key}`, which is no parameter or attribute of {function.name}, and no `given:` brings it about")
    for key in row.args:
        if key not in params:
            yield Problem(row.at, id_, f"`with` names `{key}`, which is no parameter of {function.name}")
    wanted = row.when.get(subject, []) if subject else []
    for state in [wanted] if isinstance(wanted, str) else list(wanted):
        if state not in states:
            yield Problem(row.at, id_, f"no state `{state}` (there is {', '.join(sorted(states))})")
    if row.state and row.state not in states:
        yield Problem(row.at, id_, f"leaves the handle `{row.state}`, which is no state")
    if row.returns and function.returns == "void":
        yield Problem(row.at, id_, f"{function.name} returns nothing")
    if not row.returns and not row.undefined and function.returns != "void":
        yield Problem(row.at, id_, "say what it returns")


# ------------------------------------------------------------------------------------------- the API


def functions_once(spec: Spec, table: TypeTable) -> Iterator[Problem]:
    """A function, type or constant stands in one module."""
    seen: dict[str, str] = {}
    for module in spec.modules.values():
        things = [(f.name, f.at) for f in module.functions.values()] + [(t.name, t.at) for t in module.types.values()]
        things += [(v.name, e.at) for e in module.enums for v in e.values]
        for name, at in things:
            if name in seen:
                yield Problem(at, name, f"also at {seen[name]}")
            seen[name] = str(at)
            if name in BUILTINS:
                yield Problem(at, name, "is the name of a built-in of the step language")


def known_types(spec: Spec, table: TypeTable) -> Iterator[Problem]:
    """Every type that a prototype mentions is a type of the API or of C."""
    known = {t for m in spec.modules.values() for t in m.types} | table.enums | set(table.callbacks)
    for function in spec.functions.values():
        for ctype in [function.returns, *(p.type for p in function.params)]:
            bare = re.sub(r"\bconst\b|[*\s]|\[.*\]", "", ctype)
            if bare.startswith("uv_") and bare not in known:
                yield Problem(function.at, function.name, f"`{ctype}`: no such type")


def abi_agrees(spec: Spec, table: TypeTable) -> Iterator[Problem]:
    """What the ABI measures is declared, and the other way round."""
    values = {v.name for m in spec.modules.values() for e in m.enums for v in e.values}
    types = {t for m in spec.modules.values() for t in m.types} | table.enums
    for abi in spec.abi.values():
        for name in abi.constants:
            if name not in values:
                yield Problem(abi.at, name, "the ABI has this constant, no module declares it")
        for name in abi.types:
            if name.removeprefix("struct ") not in types and name not in types:
                yield Problem(abi.at, name, "the ABI has this type, no module declares it")


def profiles(spec: Spec, table: TypeTable) -> Iterator[Problem]:
    """Profiles name modules and functions that exist."""
    for profile in spec.profiles.values():
        for name in profile.modules:
            if name not in spec.modules:
                yield Problem(profile.at, profile.name, f"no module `{name}`")
        for name in profile.functions:
            if name not in spec.functions:
                yield Problem(profile.at, profile.name, f"no function `{name}`")


def traces(spec: Spec, table: TypeTable) -> Iterator[Problem]:
    """Every statement of a source document has an answer, and the answers exist."""
    for trace in spec.traces.values():
        seen: dict[str, int] = {}
        for item in trace.items:
            if item.item in seen:
                yield Problem(item.at, item.item, f"also on line {seen[item.item]}")
            seen[item.item] = item.at.line
            yield from _answers(spec, item)


def _answers(spec: Spec, item: TraceItem) -> Iterator[Problem]:
    if not (item.clauses or item.outcomes or item.programs or item.decision):
        yield Problem(item.at, item.item, "nothing answers it: link clauses, outcomes, programs, or a decision that says why not")
    links: list[tuple[str, list[str], Container[str]]] = [
        ("clause", item.clauses, spec.clauses), ("function", item.outcomes, spec.functions),
        ("decision", [d for d in [item.decision] if d], spec.decisions),
        ("program", item.programs, guide_programs(paths.ROOT)),
    ]
    for what, names, known in links:
        for name in names:
            if name not in known:
                yield Problem(item.at, item.item, f"there is no {what} {name}")


RULES: list[Callable[[Spec, TypeTable], Iterator[Problem]]] = [
    ids_belong, clause_texts, versions, decisions, sources, callers_duties, tables_are_total, rows_name_real_things,
    functions_once, known_types, abi_agrees, profiles, traces, explained, happenings,
]

__all__ = ["run", "RULES", "SpecError"]
