"""Laying out YAML: spacing, never words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spec_support import HERE

from uvspec import paths
from uvspec.fmt import formatted
from uvspec.strict_yaml import parse


@pytest.mark.parametrize(("text", "wanted"), [
    ("a: 1  \n\n\n\nb: 2\t\n\n", "a: 1\n\nb: 2\n"),
    ("\n\na: 1", "a: 1\n"),
    ("a:\n\tb: 1\n", "a:\n  b: 1\n"),
    ("a: 'x\ty'\n", "a: 'x\ty'\n"),
    ("   \na: 1\r\n", "a: 1\n"),
])
def test_layout(text: str, wanted: str) -> None:
    assert formatted(text, "f.yaml") == wanted


@settings(max_examples=100, deadline=None)
@given(st.text(" \n\t\rab:-#'", max_size=30))
def test_what_is_laid_out_stays(text: str) -> None:
    once = formatted(text, "f.yaml")
    assert formatted(once, "f.yaml") == once
    assert once.split() == text.split()


def test_no_value_changes() -> None:
    for path in [*(HERE / "small").rglob("*.yaml"), *sorted(paths.SPEC.glob("modules/t*/*.yaml")), *(paths.CONFORMANCE / "mutants").glob("t*.yaml")]:
        text = path.read_text(encoding="utf-8")
        assert parse(formatted(text, path.name), path.name) == parse(text, path.name)
