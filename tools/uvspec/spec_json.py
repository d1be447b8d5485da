"""The normalised `spec.json`: the whole specification as one document.

Every generator, and anyone outside who does not want to parse our YAML, reads this. The mapping is the
dataclasses of `model.py`, field by field; `from_dict` is the inverse of `to_dict`.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from enum import Enum
from pathlib import Path
from typing import Any

from . import model

FORMAT = 1


def to_dict(value: Any) -> Any:
    """Dataclasses, enums and containers to what JSON knows. Fields with their default are left out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        out: dict[str, Any] = {}
        for f in dataclasses.fields(value):
            v = getattr(value, f.name)
            if f.default is not dataclasses.MISSING and v == f.default:
                continue
            if f.default_factory is not dataclasses.MISSING and v == f.default_factory():
                continue
            out[f.name] = to_dict(v)
        return out
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict):
        return {str(k): to_dict(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_dict(v) for v in value]
    return value


def from_dict(hint: Any, value: Any) -> Any:
    """Builds a value of type `hint` from what `to_dict` made."""
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        inner = [a for a in typing.get_args(hint) if a is not type(None)]
        return None if value is None else from_dict(inner[0], value)
    if origin is list:
        return [from_dict(typing.get_args(hint)[0], v) for v in value]
    if origin is tuple:
        return tuple(from_dict(a, v) for a, v in zip(typing.get_args(hint), value))
    if origin is dict:
        key_type, value_type = typing.get_args(hint)
        return {key_type(k) if key_type is int else k: from_dict(value_type, v) for k, v in value.items()}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        hints = _hints(hint)
        return hint(**{k: from_dict(hints[k], v) for k, v in value.items()})
    return value


_HINTS: dict[type, dict[str, Any]] = {}


def _hints(cls: type) -> dict[str, Any]:
    if cls not in _HINTS:
        _HINTS[cls] = typing.get_type_hints(cls, vars(model))
    return _HINTS[cls]


def dumps(spec: model.Spec) -> str:
    """The document as text: sorted by the spec's own order, stable from run to run."""
    return json.dumps({"format": FORMAT, "spec": to_dict(spec)}, indent=1, ensure_ascii=False) + "\n"


def read(path: Path) -> model.Spec:
    """Reads a spec.json. Raises ValueError where it is of another format."""
    document = json.loads(path.read_text(encoding="utf-8"))
    if document.get("format") != FORMAT:
        raise ValueError(f"{path}: spec.json of format {document.get('format')}, this tool reads {FORMAT}")
    spec: model.Spec = from_dict(model.Spec, document["spec"])
    return spec
