"""What readers of the reference pages would miss: rules of `uvspec lint`, one function each."""

from __future__ import annotations

from collections.abc import Iterator

from .ctypes_ import TypeTable
from .errors import Problem
from .expand import COMMON_STATES
from .model import At, Param, Spec

_ENDS = (*COMMON_STATES, "closed")


def explained(spec: Spec, table: TypeTable) -> Iterator[Problem]:
    """Functions, parameters, results, types, fields and constants of modules that claim to be whole say what they are."""
    for module in (m for m in spec.modules.values() if m.complete):
        for function in module.functions.values():
            if not function.summary.endswith("."):
                yield Problem(function.at, function.name, "its summary is a sentence that ends with a full stop")
            if function.returns != "void" and not function.returns_meaning:
                yield Problem(function.at, function.name, "say what it returns: `returns_meaning:`")
            yield from _params(function.at, function.name, function.params)
        for callback in module.callbacks.values():
            yield from _params(callback.at, callback.name, callback.params)
        for t in module.types.values():
            if not t.summary:
                yield Problem(t.at, t.name, "say what it is: `summary:`")
            for f in t.fields:
                if not f.meaning:
                    yield Problem(t.at, t.name, f"say what the field {f.name} is: `meaning:`")
        for enum in module.enums:
            for value in enum.values:
                if not value.meaning:
                    yield Problem(enum.at, value.name, "say what it means: `meaning:`")


def _params(at: At, name: str, params: list[Param]) -> Iterator[Problem]:
    for p in params:
        if not p.meaning:
            yield Problem(at, name, f"say what the parameter {p.name} is: `meaning:`")


def happenings(spec: Spec, table: TypeTable) -> Iterator[Problem]:
    """What happens to handles leads from states that there are to others; callbacks fire in such, too."""
    for kind in spec.handle_kinds.values():
        for event in kind.happens:
            for name in [*event.start, event.end]:
                if name not in kind.states and name not in _ENDS:
                    yield Problem(event.at, kind.kind, f"`happens:` names the state {name}, which {kind.type} does not have")
            if event.end in event.start:
                yield Problem(event.at, kind.kind, f"`happens:` leads from {event.end} to itself")
        callback = kind.fires.get("callback", "")
        if callback and not any(callback in m.callbacks for m in spec.modules.values()):
            yield Problem(kind.at, kind.kind, f"`fires:` names {callback}, which is no callback")
        for name in kind.fires.get("in", []):
            if name not in kind.states:
                yield Problem(kind.at, kind.kind, f"`fires:` names the state {name}, which {kind.type} does not have")
    for life in (m.life for m in spec.modules.values() if m.life):
        for event in life.happens:
            for name in [*event.start, event.end]:
                if name not in life.states:
                    yield Problem(event.at, life.type, f"`life:` leads to or from {name}, which is none of its states")
