"""Mechanical mutants: the C that is read, each rule, names, samples, and those that cannot be noticed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from spec_support import GOLDEN

from uvspec import paths
from uvspec.exits import UsageError
from uvspec.mechanical import equivalent
from uvspec.mechanical.operators import OPERATORS, apply, changes, families_of
from uvspec.mechanical.pick import Mutant, all_mutants, key_of, meant, mutants_of, sample
from uvspec.mechanical.statements import functions_of
from uvspec.mechanical.tokens import tokens_of

SOURCE = """\
/* A comment; with "x == y" and if (a) in it. */
#include <errno.h>
#define TWICE(x) ((x) + \\
                  (x))

static const int table[] = {1, 2, 3};

_Static_assert(sizeof(int) == 4, "1 == 2");

struct thing {
  int a : 1;
};

static int first(struct thing *t, char *s) {
  static const int never = 7;
  int err = start(t, s), count = 0;

  UVI_ASSERT(t != NULL && count == 0);
  if (t == NULL || *s == '"')
    return UV_EINVAL;
  /* err = 0; */
  while (count < 10 && (t->flags & UVI_IO_READABLE))
    count += step(t, "a == b; {");
  for (int i = 0; i <= count; i++) {
    if (skip(i))
      continue;
    else
      give(t, i + 1);
  }
  switch (count) {
    XX(LIST)
    case 1:
      err = -2;
      break;
    default:
      t->flags |= UVI_IO_WRITABLE | UVI_IO_READABLE;
      done(t);
  }
  return err != 0 ? UV_EIO : !count;
}

void second(void) {
  do
    go(0x10u);
  while (errno == EINTR);
#ifdef __linux__
  goto out;
#endif
out:
  x = (char *) &y;
  z = a & b;
}
"""
FAMILIES = {"UVI_IO": ["UVI_IO_READABLE", "UVI_IO_WRITABLE"], "UV_E": ["UV_EBADF", "UV_EINVAL", "UV_EIO"]}


def test_tokens_know_comments_strings_and_directives() -> None:
    texts = [t.text for t in tokens_of(SOURCE)]
    assert '"a == b; {"' in texts and "'\"'" in texts
    assert "TWICE" not in texts and "comment" not in texts and "errno" in texts
    assert all(SOURCE[t.start:t.end] == t.text for t in tokens_of(SOURCE))


def test_what_is_no_c_is_told() -> None:
    with pytest.raises(ValueError, match="line 2: no C token"):
        tokens_of("int a;\n@")


def test_functions_and_statements() -> None:
    first, second = functions_of(tokens_of(SOURCE))
    assert (first.name, first.returns_value, second.name, second.returns_value) == ("first", True, "second", False)
    kinds = [s.kind for s in first.body.inner]
    assert kinds == ["declaration", "declaration", "check", "if", "while", "for", "switch", "return"]
    assert [s.kind for s in second.body.inner] == ["do", "goto", "label", "expression", "expression"]
    assert [s.kind for s in first.body.inner[6].inner[0].inner] == ["check", "label", "expression", "break", "label", "expression", "expression"]


@pytest.mark.parametrize(("head", "name"), [
    ("static int f(void)", "f"),
    ("__attribute__((constructor)) static void g(int a)", "g"),
    ("static void *(*h(int (*a)(void)))(void *)", "h"),
])
def test_heads_of_functions(head: str, name: str) -> None:
    assert [f.name for f in functions_of(tokens_of(f"int x = f(1);\n{head} {{\n}}\nstruct s {{ int a; }};\n"))] == [name]


def made(body: str, head: str = "int f(int a, int b)") -> set[tuple[str, str]]:
    """What the rules make of a function's body: operator and new body."""
    source = f"{head} {{ {body} }}\n"
    return {(c.operator, " ".join(apply(source, c).split()).removeprefix(f"{head} {{ ").removesuffix(" }"))
            for c in changes(source, FAMILIES)}


@pytest.mark.parametrize(("body", "operator", "expected"), [
    ("if (ok(a)) g(b);", "negate", {"if (!(ok(a))) g(b);"}),
    ("if (a == b) g(b);", "negate", set()),  # `compare` does the same
    ("if (a == b && b) g(b);", "negate", {"if (!(a == b && b)) g(b);"}),
    ("x = a ? 2 : 3;", "negate", {"x = !(a) ? 2 : 3;"}),
    ("if (a) return 1;", "no-if", {";"}),
    ("if (a) g(); else h();", "no-if", {"h();"}),
    ("if (a) g(); else h();", "no-else", {"if (a) g();"}),
    ("if (a) { g(); } else if (b) { h(); }", "no-else", {"if (a) { g(); }"}),
    ("while (a) g();", "once", {"if (a) g();"}),
    ("while (a) { if (b) break; }", "once", set()),
    ("g(a); a = 1; int c = a; return c;", "drop", {"; a = 1; int c = a; return c;", "g(a); ; int c = a; return c;"}),
    ("if (a) { g(); return 2; } h();", "drop", {"if (a) { ; return 2; } h();", "if (a) { g(); ; } h();", "if (a) { g(); return 2; } ;"}),
    ("switch (a) { case 1: b = 2; break; }", "drop", {"switch (a) { case 1: ; break; }", "switch (a) { case 1: b = 2; ; }"}),
    ("return a;", "result", {"return 0;"}),
    ("return a + b;", "result", set()),
    ("x = a && b || c;", "operand", {"x = b || c;", "x = a || c;", "x = a && b;", "x = c;"}),
    ("x = f(a | b | c, d);", "operand", {"x = f(b | c, d);", "x = f(a | c, d);", "x = f(a | b, d);"}),
    ("x = &a; y = a & b;", "operand", {"x = &a; y = a;", "x = &a; y = b;"}),
    ("x = a && b;", "and-or", {"x = a || b;"}),
    ("x = a <= b; y = a >> 1 > b;", "compare", {"x = a < b; y = a >> 1 > b;", "x = a <= b; y = a >> 1 >= b;"}),
    ("x = a + 1; y = -a;", "arithmetic", {"x = a; y = -a;"}),
    ("x = a - b; y++;", "arithmetic", {"x = a + b; y++;", "x = a - b; y--;"}),
    ("x = !a; y = ~b;", "not", {"x = a; y = ~b;", "x = !a; y = b;"}),
    ("x |= a;", "assign", {"x = a;"}),
    ("x = 0; y = 1; z = 7u; v = true; w = 0x10; f = 1.5;", "constant", {
        "x = 1; y = 1; z = 7u; v = true; w = 0x10; f = 1.5;", "x = 0; y = 0; z = 7u; v = true; w = 0x10; f = 1.5;",
        "x = 0; y = 1; z = 8u; v = true; w = 0x10; f = 1.5;", "x = 0; y = 1; z = 7u; v = false; w = 0x10; f = 1.5;",
        "x = 0; y = 1; z = 7u; v = true; w = 17; f = 1.5;"}),
    ("return UV_EIO;", "error", {"return UV_EBADF;"}),
    ("x = UV_EIO; y = UV_EINVAL;", "error", {"x = UV_EINVAL; y = UV_EINVAL;", "x = UV_EIO; y = UV_EIO;"}),  # one that the file names
    ("x = UVI_IO_READABLE; y = UVI_IO_READABLE(1);", "name", {"x = UVI_IO_WRITABLE; y = UVI_IO_READABLE(1);"}),
    ("g(a, &b, 3, c->d);", "swap", {"g(&b, a, 3, c->d);"}),
    ("x = UVI_OF(a, b);", "swap", set()),
    ("g(a); t->close_cb(b); x = 1; y = 2;", "order", {"t->close_cb(b); g(a); x = 1; y = 2;", "g(a); x = 1; t->close_cb(b); y = 2;"}),
    ("UVI_ASSERT(a == 1); _Static_assert(1 == 1, 2); static const int c = 3; enum { D = 1 };", "", set()),
])
def test_each_rule(body: str, operator: str, expected: set[str]) -> None:
    assert {text for op, text in made(body) if op == operator or not operator} == expected


def test_every_rule_is_tried_above_and_described() -> None:
    marks = test_each_rule.pytestmark[0].args[1]  # type: ignore[attr-defined]
    assert {row[1] for row in marks} - {""} == set(OPERATORS)


def test_a_function_without_a_value_returns_none() -> None:
    assert ("result", "return a;") not in made("return a;", "void f(int a)")


def test_lines_stay_where_they_are() -> None:
    for change in changes(SOURCE, FAMILIES):
        assert apply(SOURCE, change).count("\n") == SOURCE.count("\n")


def test_families() -> None:
    assert families_of(["x = UV_EIO | UV_EBADF | O_RDWR | O_EXCL | A_B(1);"]) == {"UV_E": ["UV_EBADF", "UV_EIO"], "O": ["O_EXCL", "O_RDWR"]}


def test_golden() -> None:
    """All mutants of a small file. After a wanted change: UVSPEC_UPDATE_GOLDEN=1, then read the difference."""
    text = "".join(f"{m.id} {m.operator} {m.function}\n{m.diff}\n" for m in mutants_of("core/x.c", SOURCE, FAMILIES))
    path = GOLDEN / "mechanical.txt"
    if os.environ.get("UVSPEC_UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_a_name_survives_lines_that_come_before() -> None:
    before = mutants_of("core/x.c", SOURCE, FAMILIES)
    after = mutants_of("core/x.c", "\n/* more */\n\n" + SOURCE, FAMILIES)
    assert [m.key for m in before] == [m.key for m in after]
    assert [m.line + 3 for m in before] == [m.line for m in after]
    assert len({m.key for m in before}) == len(before)
    assert key_of(before[0].id) == before[0].key
    with pytest.raises(ValueError, match="no mechanical mutant"):
        key_of("M-TIMER-0001")


@pytest.fixture(scope="module")
def every() -> list[Mutant]:
    return all_mutants()


def test_the_reference_can_be_read(every: list[Mutant]) -> None:
    """Every file of it, with every function that its text has."""
    assert {m.file for m in every} > {"core/timer.c", "posix/signal.c", "linux/inotify.c", "util/heap.c"}
    assert len({m.key for m in every}) == len(every)
    assert {m.operator for m in every} == set(OPERATORS)
    for path in sorted((paths.IMPL / "src").rglob("*.c")):
        source = path.read_text(encoding="utf-8")
        ends = source.splitlines().count("}")  # what else has braces ends with a semicolon
        assert len(functions_of(tokens_of(source))) == ends, path


def test_a_sample_is_the_same_every_time(every: list[Mutant]) -> None:
    small, large = sample(every, 100, "0"), sample(every, 300, "0")
    assert small == sample(list(reversed(every)), 100, "0") == large[:100]
    assert len({m.key for m in large}) == 300
    assert set(small) != set(sample(every, 100, "1"))


def test_a_sample_is_from_all_files(every: list[Mutant]) -> None:
    counts: dict[str, int] = {}
    for m in sample(every, 1000, "0"):
        counts[m.file] = counts.get(m.file, 0) + 1
    for file in {m.file for m in every}:
        own = sum(m.file == file for m in every)
        assert abs(counts.get(file, 0) - 1000 * own / len(every)) <= 1.5, file


def test_what_is_meant(every: list[Mutant]) -> None:
    assert {m.file for m in meant(every, ["core/timer.c"])} == {m.file for m in meant(every, ["impl/src/core/timer.c"])} == {"core/timer.c"}
    assert {m.file.split("/")[0] for m in meant(every, ["util/", "linux"])} == {"util", "linux"}
    assert {m.function for m in meant(every, ["uv_timer_start"])} == {"uv_timer_start"}
    one = every[7]
    assert meant(every, [one.id]) == meant(every, [one.id.replace(f":{one.line}-", ":9999-")]) == [one]
    with pytest.raises(UsageError, match="no mechanical mutant of `nothing`"):
        meant(every, ["nothing"])


# ---- those that cannot be noticed ----


def entry(m: Mutant, **other: str) -> str:
    fields = {"id": m.id, "was": m.was, "becomes": m.becomes, "reason": "both come to the same, since x is 1 here", **other}
    return "  - " + "\n    ".join(f"{k}: {v!r}" for k, v in fields.items()) + "\n"


def problems(tmp_path: Path, text: str, every: list[Mutant]) -> list[str]:
    path = tmp_path / "equivalent.yaml"
    path.write_text("equivalent:\n" + text, encoding="utf-8")
    entries, found = equivalent.load(path)
    return [str(p).removeprefix(f"{path}:") for p in [*found, *equivalent.stale(entries, every)]]


def test_equivalents(tmp_path: Path) -> None:
    every = mutants_of("core/x.c", SOURCE, FAMILIES)
    one, two = [m for m in every if "\n" not in m.was][:2]
    assert problems(tmp_path, entry(one) + entry(two), every) == []
    assert problems(tmp_path, entry(one, id=one.id.replace(":", ":1")), every) == []  # the line has moved
    assert problems(tmp_path, entry(one) + entry(one), every)[0].startswith("6: ")
    assert "no such mutant any more" in problems(tmp_path, entry(one, id="X-core/x.c:1-000000"), every)[0]
    assert "are not what the mutant does" in problems(tmp_path, entry(one, becomes="y"), every)[0]
    assert "does not match" in problems(tmp_path, entry(one, id="M-X-0001"), every)[0]
    assert "too short" in problems(tmp_path, entry(one, reason="same"), every)[0]


def test_the_equivalents_of_the_reference_are_not_stale(every: list[Mutant]) -> None:
    entries, found = equivalent.load()
    assert [str(p) for p in [*found, *equivalent.stale(entries, every)]] == []
