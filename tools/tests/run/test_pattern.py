"""The trace patterns of scenario.h: by example, and against a slow matcher that is plainly right."""

from __future__ import annotations

import itertools
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny_support import HARNESS, TINY, compile_c

from uvspec.report import patterns

Match = Callable[[str, list[str]], str]


@pytest.fixture(scope="module")
def match(tmp_path_factory: pytest.TempPathFactory, library: str) -> Match:
    program = tmp_path_factory.mktemp("match") / "match"
    compile_c("-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", f"-I{HARNESS}",
              HARNESS / "pattern.c", TINY / "match.c", "-o", program)
    process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(pattern: str, events: list[str]) -> str:
        assert process.stdin and process.stdout
        process.stdin.write(f"{pattern}\n{';'.join(events)}\n")
        process.stdin.flush()
        return process.stdout.readline().strip()

    return ask


EXAMPLES = [
    ("", "", "yes"),
    ("", "a", "no"),
    ("a", "", "no"),
    ("a b", "a b", "yes"),
    ("a b", "b a", "no"),
    ("a", "a a", "no"),
    ("a*3", "a a a", "yes"),
    ("a*3", "a a", "no"),
    ("a*3", "a a a a", "no"),
    ("a*0", "", "yes"),
    ("a*1..3 b", "a a b", "yes"),
    ("a*1..3 b", "a a a a b", "no"),
    ("a*2..", "a a a a a a", "yes"),
    ("a*2..", "a", "no"),
    ("a*0.. a", "a a a", "yes"),  # must not be greedy
    ("a*1..2 a*1..2 a", "a a a a", "yes"),
    ("{a b}", "b a", "yes"),
    ("{a b}", "b", "no"),
    ("{a*2 b*2}", "a b a b", "yes"),
    ("{a*2 b*2}", "a b a a", "no"),
    ("{a*1.. b*0..1} c", "a b a a c", "yes"),
    ("{a*1.. b*0..1} c", "a b a b c", "no"),
    ("{a {b c}} d", "c b a d", "yes"),
    ("{a (b c|c c)} d", "c c a d", "yes"),
    ("{a (b c|c c)} d", "c a c d", "no"),  # a group stays together
    ("{on_t on_t(a)}", "on_t(a) on_t(b)", "yes"),
    ("{on_t on_t(a)}", "on_t(b) on_t(b)", "no"),
    ("(a|b) c", "b c", "yes"),
    ("(a|b) c", "c", "no"),
    ("(|a) c", "c", "yes"),
    ("(a|a b) (b c|c)", "a b c", "yes"),
    ("(a b|c)*2", "a", "malformed"),
    ("on_t", "on_t(t)", "yes"),
    ("on_t(t)", "on_t(t)", "yes"),
    ("on_t(t)*2", "on_t(t) on_t(u)", "no"),
    ("on_t(t[0])", "on_t(t[0])", "yes"),
    ("on_t(t)", "on_t", "no"),
    ("on", "on_t", "no"),
    ("a {", "a", "malformed"),
    ("a )", "a", "malformed"),
    ("a*", "a", "malformed"),
    ("*3", "a", "malformed"),
    ("(a", "a", "malformed"),
    ("on_t(t", "a", "malformed"),
    ('"open', "a", "malformed"),
]


@pytest.mark.parametrize(("pattern", "events", "answer"), EXAMPLES)
def test_examples(pattern: str, events: str, answer: str, match: Match) -> None:
    assert match(pattern, events.split()) == answer


@pytest.mark.parametrize(("pattern", "events", "answer"), EXAMPLES)
def test_the_explanations_agree(pattern: str, events: str, answer: str) -> None:
    """Of the page, in Python: none for what matches."""
    assert (patterns.parse(pattern) is None) == (answer == "malformed")
    assert (patterns.explain(pattern, events.split()) is not None) == (answer == "no")


def test_a_quoted_name_may_hold_anything(match: Match) -> None:
    assert match('a "value 3"*2', ["a", "value 3", "value 3"]) == "yes"


def test_long_traces_take_no_deep_recursion(match: Match) -> None:
    assert match("{a*1.. b*1..}", ["a", "b"] * 50_000) == "yes"
    assert match("a*1.. b", ["a"] * 100_000 + ["b"]) == "yes"
    assert match("{a*1.. b*1..}", ["a", "b"] * 50_000 + ["c"]) == "no"


def test_a_search_without_end_is_given_up(match: Match) -> None:
    pattern = "{" + " ".join(["a*0..", "a(x)*0.."] * 8) + "}"
    assert match(pattern, ["a(x)"] * 60 + ["b"]) in ("no", "too hard")


# A pattern as a tree: ("name", n, min, max | None), ("seq", …), ("set", …), ("alt", …)
Tree = tuple  # type: ignore[type-arg]
names = st.tuples(st.just("name"), st.sampled_from("ab"), st.integers(0, 2), st.sampled_from([0, 1, None]))
trees = st.recursive(
    names, lambda inner: st.tuples(st.sampled_from(["seq", "set", "alt"]), st.lists(inner, min_size=1, max_size=3)), max_leaves=5
)


def text_of(tree: Tree) -> str:
    if tree[0] == "name":
        _, name, low, more = tree
        return f"{name}*{low}.." if more is None else f"{name}*{low}..{low + more}"
    inner = [text_of(t) for t in tree[1]]
    if tree[0] == "seq":
        return "(" + " ".join(inner) + ")"
    return "{" + " ".join(inner) + "}" if tree[0] == "set" else "(" + "|".join(inner) + ")"


def words(tree: Tree, limit: int) -> set[str]:
    """Every trace, as letters, of at most `limit` events that the pattern allows."""
    if tree[0] == "name":
        _, name, low, more = tree
        high = limit if more is None else min(low + more, limit)
        return {name * n for n in range(low, high + 1)}
    inner = [words(t, limit) for t in tree[1]]
    if tree[0] == "alt":
        return set().union(*inner)
    if tree[0] == "seq":
        return {w for parts in itertools.product(*inner) if len(w := "".join(parts)) <= limit}
    found: set[str] = set()
    for parts in itertools.product(*inner):
        if sum(map(len, parts)) <= limit:
            # Single names mix; a group stays in one piece.
            pieces = [tuple(p) if t[0] == "name" else (p,) for t, p in zip(tree[1], parts)]
            found |= shuffles(pieces)
    return found


def shuffles(pieces: list[tuple[str, ...]]) -> set[str]:
    if not any(pieces):
        return {""}
    found = set()
    for i, piece in enumerate(pieces):
        if piece:
            rest = [*pieces[:i], piece[1:], *pieces[i + 1:]]
            found |= {piece[0] + tail for tail in shuffles(rest)}
    return found


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(trees, st.text("ab", max_size=4))
def test_it_agrees_with_enumeration(match: Match, tree: Tree, events: str) -> None:
    assert match(text_of(tree), list(events)) == ("yes" if events in words(tree, 4) else "no")


@settings(max_examples=150, deadline=None)
@given(trees, st.text("ab", max_size=4))
def test_the_explanations_agree_with_enumeration(tree: Tree, events: str) -> None:
    explained = patterns.explain(text_of(tree), list(events))
    assert (explained is None) == (events in words(tree, 4))
    if explained and len(explained.expected) <= 4:
        assert "".join(explained.expected) in words(tree, 4)
        assert explained.expected[:explained.differs_at] == list(events)[:explained.differs_at]
