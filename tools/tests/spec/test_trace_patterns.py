"""Expected traces: from the specification's lists to the harness's patterns."""

from __future__ import annotations

from typing import Any

import pytest

from uvspec.gen.trace import pattern
from uvspec.steps import StepError


@pytest.mark.parametrize(("expected", "text"), [
    ([], ""),
    ({}, ""),
    (["on_a", "on_b"], "on_a on_b"),
    (["on_a × 3", "on_a x 3", "on_a×3"], "on_a*3 on_a*3 on_a*3"),
    (["on_a × 1..4", "on_a × 2..", "on_a × 0"], "on_a*1..4 on_a*2.. on_a*0"),
    (["on_a(t)", "on_a(t[12]) × 2"], "on_a(t) on_a(t[12])*2"),
    (["note closed", "note child ran", "note value 3 × 2"], 'closed "child ran" "value 3"*2'),
    ([{"any order": ["on_a", "on_b × 2"]}, "on_c"], "{ on_a on_b*2 } on_c"),
    ([{"one of": [["on_a"], ["on_b", "on_a"], []]}], "( on_a | on_b on_a |  )"),
    ([{"any order": ["on_a", {"one of": [["on_b"], {"on_c": 2}]}]}], "{ on_a ( on_b | { on_c*2 } ) }"),
    ({"on_a": 3, "on_b": "1..4000", "on_c(t)": "2.."}, "{ on_a*3 on_b*1..4000 on_c(t)*2.. }"),
])
def test_patterns(expected: Any, text: str) -> None:
    assert pattern(expected).split() == text.split()


@pytest.mark.parametrize("expected", [
    ["a"], ["on_a(t"], ["on_a (t)"], ["on_a × "], ["on_a × n"], ["on_a × 3..x"], ["on_a 3"], ["on_a, on_b"], [""], ["ON_A"], ["on_a(t.x)"],
    ["note"], ['note "x"'], [{"some": ["on_a"]}], [{"any order": ["on_a"], "one of": [["on_a"]]}], [3], [["on_a"]], {"on_a": "many"}, {"x": 1},
    [{"any order": ["a"]}], [{"one of": [["a"]]}],
])
def test_bad_patterns(expected: Any) -> None:
    with pytest.raises(StepError, match="is no trace item"):
        pattern(expected)
