"""YAML without its traps: what is refused, what stays text, and where everything stands."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from uvspec import strict_yaml
from uvspec.strict_yaml import Map, Seq, YamlProblems, parse


@pytest.fixture(autouse=True, params=[True, False], ids=["libyaml", "python"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both of PyYAML's engines have to agree."""
    loader = strict_yaml._engine(fast=request.param)
    if request.param and loader is yaml.SafeLoader:
        pytest.skip("this PyYAML was built without libyaml")
    monkeypatch.setattr(strict_yaml, "_LOADER", loader)


def refused(text: str) -> list[str]:
    with pytest.raises(YamlProblems) as caught:
        parse(text, "f.yaml")
    return [str(p) for p in caught.value.problems]


@pytest.mark.parametrize("word", [
    "on", "off", "yes", "no", "y", "n", "True", "FALSE", "null", "Null", "010", "1.10", "1e3", "0x10", "0o7", "1_000",
    "1:30", "+1", "-0", ".5", ".inf", "2024-01-02", "=", "<<", "UV_EINVAL", "-- 1", "1..4",
])
def test_what_looks_like_something_else_stays_text(word: str) -> None:
    value = parse(f"a: {word}\nb: [{word!r}]", "f.yaml")
    assert value == {"a": word, "b": [word]} and type(value["a"]) is str


@pytest.mark.parametrize(("text", "value"), [
    ("true", True), ("false", False), ("0", 0), ("7", 7), ("-22", -22), ("18446744073709551615", 2**64 - 1),
    ("'7'", "7"), ('"true"', "true"), ("''", ""), ("|\n  7\n", "7\n"), (">-\n  a\n  b\n", "a b"), ("[]", []), ("{}", {}),
])
def test_values(text: str, value: object) -> None:
    found = parse(f"a: {text}", "f.yaml")["a"]
    assert found == value and isinstance(found, type(value))


@pytest.mark.parametrize(("text", "problems"), [
    ("a: 1\nb: 2\n'a': 3\n", ["f.yaml:3: duplicate key `a` (first on line 1)"]),
    ("1: x\n\"1\": y", ["f.yaml:2: duplicate key `1` (first on line 1)"]),
    ("a:\n  - {b: 1, c: 2, b: 3}", ["f.yaml:2: duplicate key `b` (first on line 2)"]),
    ("a: 1\nb:\nc: ~\nd:\n  -\n", ["f.yaml:2: empty value", "f.yaml:3: empty value", "f.yaml:5: empty value"]),
    ("a: &x [1]\nb: *x", ["f.yaml:1: anchors", "f.yaml:2: aliases"]),
    ("a: &x 1\nb: *x", ["f.yaml:1: anchors", "f.yaml:2: aliases"]),
    ("&x a: 1", ["f.yaml:1: anchors"]),
    ("a: &x\n  b: *x", ["f.yaml:1: anchors", "f.yaml:2: aliases"]),
    ("a: !!str 5\nb: ! c\nd: !mine [1]", ["f.yaml:1: tags", "f.yaml:2: tags", "f.yaml:3: tags"]),
    ("? [a]\n: 1", ["f.yaml:1: a key must be a plain word"]),
    ("", ["f.yaml:1: the file is empty"]),
    ("# only this\n", ["f.yaml:1: the file is empty"]),
    ("a: 1\n---\nb: 2", ["f.yaml:2: not YAML"]),
    ("a: 1\nb: [1, 2\nc: 3\n", ["f.yaml:3: not YAML"]),
    ("a: 1\n\tb: 2", ["f.yaml:2: not YAML"]),
    ("a: 1\nb: %c", ["f.yaml:2: not YAML"]),
    ("a: \x07", ["f.yaml: not YAML"]),
])
def test_refused(text: str, problems: list[str]) -> None:
    found = refused(text)
    assert len(found) == len(problems)
    for seen, wanted in zip(found, problems):
        assert seen.startswith(wanted)


def test_everything_knows_its_line() -> None:
    value = parse("# note\na: 1\n\nb:\n  - x\n  - c: 1\n    d:\n      [2,\n       3]\n", "f.yaml")
    assert (value.line, value.lines) == (2, {"a": 2, "b": 4})
    assert (value["b"].line, value["b"].lines) == (5, [5, 6])
    assert value["b"][1].lines == {"c": 6, "d": 7}
    assert value["b"][1]["d"].lines == [8, 9]


words = st.text("abcxyz_ ÄÖ×€{}[]:,#&*!|>'\"%@`~?-0123456789.", max_size=12)
trees = st.recursive(
    st.booleans() | st.integers(-10**20, 10**20) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4), max_leaves=12)


def checked_lines(value: Any) -> None:
    """Every container has a line for each of its parts, and they only go down the page."""
    if isinstance(value, (Map, Seq)):
        lines = list(value.lines.values()) if isinstance(value, Map) else value.lines
        assert len(lines) == len(value) and lines == sorted(lines) and all(n >= value.line for n in lines)
        for inner in value.values() if isinstance(value, Map) else value:
            checked_lines(inner)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(trees, st.sampled_from([None, 1]))
def test_json_is_yaml(tree: object, indent: int | None) -> None:
    """What JSON says comes back as it was: same values, same types, in the same order."""
    text = json.dumps(tree, ensure_ascii=False, indent=indent)
    found = parse(text, "f.yaml")
    assert json.dumps(found, ensure_ascii=False, indent=indent) == text
    checked_lines(found)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.from_regex(r"[0-9a-zA-Z_.+-]{1,8}", fullmatch=True).filter(lambda w: not re.match(r"-+\Z|-?-\Z|\.\.\.", w)))
def test_nothing_of_a_plain_word_is_lost(word: str) -> None:
    value = parse(f"[{word}]", "f.yaml")[0]
    assert (value if isinstance(value, str) else json.dumps(value)) == word
