"""Tests that nobody writes by hand: rows of outcome tables and rules, expanded to scenarios.

A row becomes one scenario for every handle kind and state that it speaks of, and one more for every
boundary value of the parameters it leaves open. A rule becomes one scenario for every handle kind, or
kind and state, or row of an operation's table (operations.py: rules alone show those). The result is the
same `Scenario` that people write, so one generator serves all.
"""

from __future__ import annotations

import copy
import re
from dataclasses import replace

from .ctypes_ import TypeTable
from .fill import fill, fill_bodies
from .model import Function, HandleDecl, HandleKind, Module, Row, Rule, Scenario, Spec, State, Step
from .operations import BAD, OUTCOMES, is_operation, operation_scenarios

COMMON_STATES = ("closing",)  # states every kind has, from the module `handle`


def closing_state(step_from: Step) -> State:
    """`closing` is the same for every kind: uv_close has been called, its callback has not run."""
    return State("closing", False, [replace(step_from, text="uv_close(h, on_close)")])


def all_scenarios(spec: Spec) -> list[Scenario]:
    """Every scenario of the specification: written, from rows, from rules; in the order of the modules."""
    table = TypeTable(spec)
    out: list[Scenario] = []
    for module in spec.modules.values():
        for function in module.functions.values():
            for row in function.outcomes:
                out += row_scenarios(spec, table, module, function, row)
        out += module.scenarios
        for rule in module.rules:
            out += rule_scenarios(spec, module, rule)
    return out


# ---------------------------------------------------------------------------------------- outcome tables


def row_scenarios(spec: Spec, table: TypeTable, module: Module, function: Function, row: Row) -> list[Scenario]:
    """The scenarios of one row; none where the row says that it is undefined or shown elsewhere."""
    if row.undefined or row.untested or is_operation(function):
        return []
    subject = handle_param(table, function)
    if subject is None:
        arguments = row_arguments(table, function, row, "")
        return [] if arguments is None else _variants(module, function, row, None, None, arguments)
    out: list[Scenario] = []
    for kind in subject_kinds(spec, table, function, subject):
        for state in matching_states(kind, row.when.get(subject, [])):
            arguments = row_arguments(table, function, row, subject)
            if arguments is not None:
                out += _variants(module, function, row, kind, state, arguments)
    return out


def handle_param(table: TypeTable, function: Function) -> str | None:
    """The name of the parameter that is the handle the function is about."""
    for p in function.params:
        if p.type.endswith("*") and table.is_a(p.type.removeprefix("const ").rstrip("* "), "uv_handle_t"):
            return p.name
    return None


def subject_kinds(spec: Spec, table: TypeTable, function: Function, subject: str) -> list[HandleKind]:
    """The handle kinds that may stand there: one, or all for `uv_handle_t*`."""
    struct = next(p.type for p in function.params if p.name == subject).removeprefix("const ").rstrip("* ")
    return [k for k in spec.handle_kinds.values() if table.is_a(k.type, struct)]


def matching_states(kind: HandleKind, wanted: object) -> list[State]:
    """The states of the kind that a condition names; `active` and `inactive` stand for all such."""
    names = [wanted] if isinstance(wanted, str) else list(wanted) if isinstance(wanted, list) else []
    if names == ["raw"]:
        return [State("raw", False)]
    closing = closing_state(Step(kind.at))
    states = [*kind.states.values(), closing]
    if not names:
        return states
    return [s for s in states if s.name in names
            or (s is not closing and ("active" if s.active else "inactive") in names)]


def row_arguments(table: TypeTable, function: Function, row: Row, subject: str) -> dict[str, str] | None:
    """An argument for every parameter, or None where only a scenario can show the row."""
    out: dict[str, str] = {}
    for p in function.params:
        condition = row.when.get(p.name)
        if p.name == subject:
            out[p.name] = "h"
        elif p.name in row.args:
            out[p.name] = row.args[p.name]
        elif condition == "null":
            out[p.name] = "NULL"
        elif isinstance(condition, int) or (isinstance(condition, str) and re.fullmatch(r"UV_[A-Z0-9_]+", condition)):
            out[p.name] = str(condition)
        elif condition not in (None, "non-null"):
            return None
        elif p.example:
            out[p.name] = p.example
        elif p.type.removeprefix("const ") == "uv_loop_t*":
            out[p.name] = "loop"
        elif table.kind(p.type) == "callback":
            out[p.name] = "on_h" if subject and p.type == _own_callback(table, function) else f"on_{p.name}"
        else:
            return None
    for key in row.when:
        if key not in out and not row.given and key != subject:
            return None
    return out


def _own_callback(table: TypeTable, function: Function) -> str:
    return next((p.type for p in function.params if table.kind(p.type) == "callback"), "")


def _variants(module: Module, function: Function, row: Row, kind: HandleKind | None, state: State | None,
              arguments: dict[str, str]) -> list[Scenario]:
    """The row with its example arguments, then with each boundary value of the parameters left open."""
    earlier = function.outcomes[: next(i for i, r in enumerate(function.outcomes) if r is row)]
    out = []
    if not any(_decides(r, state, arguments) for r in earlier):
        out.append(_row_scenario(module, function, row, kind, state, arguments, ""))
    for p in function.params:
        if p.name in row.when or p.name in row.args or row.returns.startswith("UV_E"):
            continue  # a guard that refuses does not look at the other arguments
        for value in p.boundary:
            chosen = {**arguments, p.name: value}
            if value != arguments[p.name] and not any(_decides(r, state, chosen) for r in earlier):
                # In a test's name `-1` would read like `1`.
                what = f"{p.name} {value.replace('-', 'minus ')}"
                out.append(_row_scenario(module, function, row, kind, state, chosen, what))
    return out


def _decides(row: Row, state: State | None, arguments: dict[str, str]) -> bool:
    """Whether the row certainly holds for a handle in that state and these arguments: then it decides, not one below."""
    return not row.given and all(_holds(key, wanted, state, arguments) for key, wanted in row.when.items())


def _holds(key: str, wanted: object, state: State | None, arguments: dict[str, str]) -> bool:
    value = arguments.get(key)
    if state is not None and value == "h":
        names = [wanted] if isinstance(wanted, str) else list(wanted) if isinstance(wanted, list) else []
        generic = "" if state.name in (*COMMON_STATES, "raw") else "active" if state.active else "inactive"
        return state.name in names or generic in names
    if value is None:
        return False  # an attribute, or words for what `given:` brings about
    if wanted in ("null", "non-null"):
        return (value == "NULL") == (wanted == "null")
    return not isinstance(wanted, list) and str(wanted) == value


def _row_scenario(module: Module, function: Function, row: Row, kind: HandleKind | None, state: State | None,
                  arguments: dict[str, str], what: str) -> Scenario:
    parts = [kind.kind if kind and kind.kind != module.name else "", state.name if state else "", what]
    variant = " ".join(p for p in [function.name, *parts] if p)
    steps = copy.deepcopy([*(state.reach if state else []), *row.given])
    call = f"{function.name}({', '.join(arguments.values())})"
    steps.append(Step(row.at, text=f"{call} -> {row.returns}" if row.returns else call))
    for name, value in row.sets.items():
        get = kind.attributes[name].get if kind and name in kind.attributes else name
        steps.append(Step(row.at, text=f"{get} -> {_with_arguments(value, arguments)}"))
    if kind and state:
        steps += _state_checks(row, kind, state)
    handles = [HandleDecl("h", kind.kind, init=state is None or state.name != "raw")] if kind else []
    names = variables(function, arguments)
    uses_loop = kind is not None or "loop" in arguments.values() or any("loop" in s.text for s in steps)
    return Scenario(row.text or f"{function.name}, row {row.id}", row.at, module.name, [row.id],
                    handles=handles, vars=names, steps=steps, loop="auto" if uses_loop else "none",
                    origin="row", variant=variant)


def variables(function: Function, arguments: dict[str, str]) -> dict[str, str]:
    """A variable for every plain name given where a pointer to something is wanted: `m` for `uv_mutex_t*`; room for `char*`."""
    out = {}
    for p in function.params:
        name, pointee = arguments[p.name], p.type.removeprefix("const ").removesuffix("*")
        if p.type.endswith("*") and re.fullmatch(r"[a-z][a-z0-9_]*", name) and name not in ("h", "loop") and pointee != "void":
            out[name] = "char[2048]" if pointee == "char" else pointee
    return out


def _state_checks(row: Row, kind: HandleKind, before: State) -> list[Step]:
    """The state after the call, as far as a program can see it."""
    name = row.state or before.name
    closing = name == "closing"
    if not closing and name not in kind.states:
        return []  # the linter tells of states that do not exist
    active = False if closing else kind.states[name].active
    # Whether a closing handle still counts as active differs by kind and version: not a row's matter.
    return ([] if closing else [Step(row.at, text=f"uv_is_active(h) -> {'nonzero' if active else '0'}")]) + [
        Step(row.at, text=f"uv_is_closing(h) -> {'nonzero' if closing else '0'}")]


def _with_arguments(expression: str, arguments: dict[str, str]) -> str:
    return re.sub(r"\b[a-z_][a-z0-9_]*\b(?!\()", lambda m: arguments.get(m[0], m[0]), expression)


# ---------------------------------------------------------------------------------------- rules


def rule_scenarios(spec: Spec, module: Module, rule: Rule) -> list[Scenario]:
    """One scenario per function, per handle kind, per kind and state, or per outcome of an operation."""
    if rule.over in (*OUTCOMES, *BAD):
        return operation_scenarios(spec, module, rule)
    if rule.over == "functions":
        return [_of_function(module, rule, f) for f in spec.functions.values() if f.name not in rule.except_]
    out = []
    for kind in spec.handle_kinds.values():
        if rule.over == "handle kinds with start" and not kind.start:
            continue
        states: list[State | None] = [None]
        if rule.over == "handle states":
            states = [s for s in kind.states.values() if not s.apart]
        for state in states:
            key = f"{kind.kind}/{state.name}" if state else kind.kind
            if key not in rule.except_ and kind.kind not in rule.except_:
                out.append(_instance(module, rule, kind, state))
    return out


def _of_function(module: Module, rule: Rule, function: Function) -> Scenario:
    s = copy.deepcopy(rule.scenario)
    s.name, s.module, s.at, s.origin, s.variant = rule.name, module.name, rule.at, "rule", function.name
    fill_bodies(s, {"function": function.name}, {})
    return s


def _instance(module: Module, rule: Rule, kind: HandleKind, state: State | None) -> Scenario:
    words = {"kind": kind.kind, "type": kind.type, "constant": kind.constant, "start": kind.start, "stop": kind.stop,
             "init": kind.init, "state": state.name if state else "", "active": "1" if state and state.active else "0"}
    s = copy.deepcopy(rule.scenario)
    s.name, s.module, s.at, s.origin = rule.name, module.name, rule.at, "rule"
    s.variant = f"{kind.kind} {state.name}" if state else kind.kind
    if not any(h.name == "h" for h in s.handles):
        s.handles.insert(0, HandleDecl("h", "{kind}"))
    for h in s.handles:
        h.kind = fill(h.kind, words)
    s.vars = {name: fill(ctype, words) for name, ctype in s.vars.items()}
    fill_bodies(s, words, {"reach": state.reach if state else []})
    return s
