"""YAML without its traps, and with a line number for everything.

Only `true`/`false`, decimal integers and quoted or plain strings exist: `on`, `no`, `010` and `1.10`
stay the strings they look like. Duplicate keys, anchors, tags and empty values are errors. Mappings
and sequences come back as `Map` and `Seq`, which behave as dict and list and know their lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml
from yaml.composer import Composer
from yaml.resolver import Resolver

from .errors import Problem
from .model import At

_INT = re.compile(r"(0|-?[1-9][0-9]*)\Z")


class Map(dict[Any, Any]):
    """A YAML mapping; `line` is its own, `lines` those of its keys."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[Any, int] = {}


class Seq(list[Any]):
    """A YAML sequence; `lines[i]` is the line of item i."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []


class YamlProblems(Exception):
    """The file is not the YAML that we accept; `problems` says where and why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(p) for p in problems))
        self.problems = problems


def parse(text: str, file: str) -> Any:
    """Parses one document. Raises YamlProblems with all that is wrong with it."""
    refused: list[tuple[int, str]] = []
    loader = None
    try:
        loader = _watched(text, refused)
        root = loader.get_single_node()
    except yaml.MarkedYAMLError as e:
        mark = e.problem_mark or e.context_mark
        line = mark.line + 1 if mark else 0
        raise YamlProblems([Problem(At(file, line), "", f"not YAML: {e.problem or e.context}")]) from e
    except yaml.YAMLError as e:
        raise YamlProblems([Problem(At(file), "", f"not YAML: {e}")]) from e
    finally:
        if loader is not None:
            loader.dispose()
    if root is None:
        raise YamlProblems([Problem(At(file, 1), "", "the file is empty")])
    builder = _Builder(file)
    builder.problems += [Problem(At(file, line), "", what) for line, what in refused]
    value = builder.build(root)
    if builder.problems:
        raise YamlProblems(builder.problems)
    return value


def _engine(fast: bool = True) -> Callable[[str], Any]:
    """What reads YAML: libyaml, ten times faster, where PyYAML was built with it; else plain Python."""
    try:
        from yaml._yaml import CParser
    except ImportError:
        fast = False
    if not fast:
        plain: Callable[[str], Any] = yaml.SafeLoader  # named, as PyYAML may or may not have its types installed
        return plain

    def __init__(self: Any, text: str) -> None:
        for base in bases:
            base.__init__(self, *([text] if base is CParser else []))

    # Its own composer is in C and cannot be watched, so only its events are used.
    bases: tuple[Any, ...] = (Composer, CParser, Resolver)
    return type("_FastLoader", bases, {"__init__": __init__})


_LOADER = _engine()


def _watched(text: str, refused: list[tuple[int, str]]) -> Any:
    """A loader that notes what leaves no trace in the nodes: anchors, aliases and tags."""
    loader = _LOADER(text)
    compose = loader.compose_node

    def compose_node(parent: yaml.Node | None, index: Any) -> Any:
        event = loader.peek_event()
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            refused.append((line, "aliases are not allowed: write the value again"))
        elif event.anchor is not None:
            refused.append((line, f"anchors are not allowed: take `&{event.anchor}` away"))
        if getattr(event, "tag", None) is not None:
            refused.append((line, f"tags are not allowed: take `{event.tag}` away"))
        return compose(parent, index)

    loader.compose_node = compose_node
    return loader


class _Builder:
    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.seen: set[int] = set()

    def complain(self, node: yaml.Node, what: str) -> None:
        self.problems.append(Problem(At(self.file, node.start_mark.line + 1), "", what))

    def build(self, node: yaml.Node) -> Any:
        if id(node) in self.seen:
            return None  # an alias, complained of already
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._map(node)
        if isinstance(node, yaml.SequenceNode):
            seq = Seq(node.start_mark.line + 1)
            for item in node.value:
                seq.lines.append(item.start_mark.line + 1)
                seq.append(self.build(item))
            return seq
        assert isinstance(node, yaml.ScalarNode)
        return self._scalar(node)

    def _map(self, node: yaml.MappingNode) -> Map:
        out = Map(node.start_mark.line + 1)
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.complain(key_node, "a key must be a plain word")
                continue
            key = str(key_node.value)  # always text: `4:` is the key "4"
            if key in out:
                self.complain(key_node, f"duplicate key `{key}` (first on line {out.lines[key]})")
                continue
            out.lines[key] = key_node.start_mark.line + 1
            out[key] = self.build(value_node)
        return out

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        value: str = node.value
        if node.style:  # quoted or block: always a string
            return value
        if value in ("true", "false"):
            return value == "true"
        if _INT.match(value):
            return int(value)
        if value in ("", "~"):
            self.complain(node, "empty value: give one, or leave the key out")
        return value
