"""The state machine of a handle kind: what its outcome tables and `happens:` say of states."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..ctypes_ import TypeTable
from ..expand import handle_param, matching_states, subject_kinds
from ..model import Function, HandleKind, Life, Row, Spec
from . import words

RAW, CLOSING, CLOSED = "raw", "closing", "closed"
COMMON = {
    RAW: "memory that no init function has seen",
    CLOSING: "uv_close() has been called, and the close callback has not",
    CLOSED: "the close callback has been called; the memory is the caller's",
}


@dataclass
class Transition:
    """One way from a state to another. What is not a call happens inside uv_run()."""

    start: str
    end: str
    what: str
    is_call: bool = True


@dataclass
class Cell:
    """What a call does in a state: a line for each row that may apply."""

    rows: list[tuple[Row, str]] = field(default_factory=list)  # with the conditions on anything but the state
    undefined: bool = False


@dataclass
class Machine:
    kind: HandleKind
    states: list[str]  # without raw, closing and closed
    transitions: list[Transition]
    functions: list[Function]  # those that are about such a handle
    table: dict[tuple[str, str], Cell]  # (function, state)
    closes: bool = True  # handles do, from any state

    @property
    def columns(self) -> list[str]:
        return [*self.states, CLOSING]


def of_kind(spec: Spec, table: TypeTable, kind: HandleKind) -> Machine:
    """The machine of one kind; functions over all handles take part in the table, not in the drawing."""
    machine = Machine(kind, list(kind.states), [], [], {})
    for function in spec.functions.values():
        subject = handle_param(table, function)
        if subject is None:
            continue
        kinds = subject_kinds(spec, table, function, subject)
        if kind not in kinds:
            continue
        common = len(kinds) == len(spec.handle_kinds)
        if not common:
            machine.functions.append(function)
        for row in function.outcomes:
            _enter(machine, function, subject, row, draw=not common)
    for event in kind.happens:
        for start in event.start:
            _add(machine, Transition(start, event.end, event.what, event.what.startswith("uv_")))
    return machine


def of_life(life: Life) -> Machine:
    """The machine of what is no handle: states and ways as they are written."""
    kind = HandleKind("", life.at, life.type, "", "", life.states, happens=life.happens)
    ways = [Transition(start, e.end, e.what, e.what.startswith("uv_")) for e in life.happens for start in e.start]
    return Machine(kind, list(life.states), ways, [], {}, closes=False)


def _enter(machine: Machine, function: Function, subject: str, row: Row, draw: bool) -> None:
    """One row, in every state that it speaks of."""
    condition = words.others(row, subject)
    for state in matching_states(machine.kind, row.when.get(subject, [])):
        cell = machine.table.setdefault((function.name, state.name), Cell())
        if row.undefined:
            cell.undefined = True
        else:
            cell.rows.append((row, condition))
        if draw and row.state and row.state not in (state.name, CLOSING):
            label = function.name + (f", {condition}" if condition else "")
            _add(machine, Transition(state.name, row.state, label))


def _add(machine: Machine, new: Transition) -> None:
    """Adds a transition, unless the same call is there already without a condition."""
    for old in machine.transitions:
        if (old.start, old.end) == (new.start, new.end) and (old.what == new.what or new.what.startswith(old.what + ",")):
            return
    machine.transitions = [t for t in machine.transitions if not (
        (t.start, t.end) == (new.start, new.end) and t.what.startswith(new.what + ","))]
    machine.transitions.append(new)
