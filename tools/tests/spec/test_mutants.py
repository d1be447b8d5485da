"""Mutants: the real ones fit the sources, broken ones are told, and the change lands where it should."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from uvspec import mutants, paths
from uvspec.errors import SpecError
from uvspec.model import At, Spec
from uvspec.mutants import Mutant, broken_text, load_mutants

FILE = "conformance/mutants/timer.yaml"
SOURCE = """\
static int twice(void) {
  if (a) {
    first();
    second();

    third();
  }
  again(1);
  again(2);
  return 0;
}
"""
GOOD = """\
mutants:
  - id: M-TIMER-0001
    file: impl/src/core/x.c
    find: first();
    replace: ''
    aims: [UV-TIMER-0030]
    why: forgets the first
  - id: M-TIMER-0002
    file: impl/src/core/x.c
    find: |
      second();

      third();
    replace: |
      third();
      if (b)
        second();
    aims: [UV-TIMER-0030, UV-TIMER-0031]
    why: turns them round
    under: tsan
"""


@pytest.fixture()
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / FILE).parent.mkdir(parents=True)
    (tmp_path / "impl/src/core").mkdir(parents=True)
    (tmp_path / "impl/src/core/x.c").write_text(SOURCE)
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(mutants, "FOLDER", tmp_path / "conformance/mutants")
    return tmp_path


def load(project: Path, text: str, spec: Spec) -> list[Mutant]:
    (project / FILE).write_text(text, encoding="utf-8")
    return load_mutants(spec)


def test_good_ones(project: Path, small: Spec) -> None:
    first, second = load(project, GOOD, small)
    assert (first.id, first.at, first.toolchain, first.replace) == ("M-TIMER-0001", At(FILE, 2), "gcc", "")
    assert (second.aims, second.toolchain) == (("UV-TIMER-0030", "UV-TIMER-0031"), "clang_tsan")
    assert second.find == "second();\n\nthird();"


BAD = [
    ("find: first();", "find: fourth();", 2, "M-TIMER-0001", "`find` occurs 0 times in impl/src/core/x.c"),
    ("find: first();", "find: again(", 2, "M-TIMER-0001", "`find` occurs 2 times in impl/src/core/x.c; it must occur once"),
    ("      second();\n\n      third();", "      second();\n      third();", 8, "M-TIMER-0002", "`find` occurs 0 times"),
    ("id: M-TIMER-0002", "id: M-TIMER-0001", 8, "M-TIMER-0001", f"also at {FILE}:2"),
    ("[UV-TIMER-0030, UV-TIMER-0031]", "[UV-TIMER-0030, UV-TIMER-0077]", 8, "M-TIMER-0002", "aims at UV-TIMER-0077, which does not exist"),
    ("file: impl/src/core/x.c\n    find: first", "file: impl/src/core/y.c\n    find: first", 2, "M-TIMER-0001", "no file impl/src/core/y.c"),
    ("file: impl/src/core/x.c\n    find: first", "file: impl/include/x.c\n    find: first", 3, "M-TIMER-0001", "mutants/0/file: 'impl/include/x.c' does not match"),
    ("    why: turns them round\n", "", 8, "M-TIMER-0002", "mutants/1: 'why' is a required property"),
    ("    under: tsan", "    with: tsan", 20, "M-TIMER-0002", "mutants/1: Additional properties are not allowed ('with' was unexpected"),
    ("    under: tsan", "    under: msan", 20, "M-TIMER-0002", "mutants/1/under: 'msan' is not one of"),
    ("aims: [UV-TIMER-0030]", "aims: []", 2, "M-TIMER-0001", "aims at no clause"),
    ("id: M-TIMER-0002", "id: TIMER-2", 8, "TIMER-2", "mutants/1/id: 'TIMER-2' does not match"),
    ("    under: tsan", "    why: twice", 20, "", "duplicate key `why`"),
]


@pytest.mark.parametrize(("old", "new", "line", "id_", "what"), BAD, ids=[b[4] for b in BAD])
def test_bad_ones(old: str, new: str, line: int, id_: str, what: str, project: Path, small: Spec) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(SpecError) as caught:
        load(project, GOOD.replace(old, new), small)
    (problem,) = map(str, caught.value.problems)
    assert problem.startswith(f"{FILE}:{line}: {id_ + ': ' if id_ else ''}{what}")


def test_all_bad_ones_are_told_at_once(project: Path, small: Spec) -> None:
    (project / FILE).with_name("a.yaml").write_text("mutants: 3\n")
    (project / FILE).with_name("b.yaml").write_text("mutants: [\n")
    with pytest.raises(SpecError) as caught:
        load(project, GOOD.replace("first();", "nothing").replace("UV-TIMER-0031", "UV-TIMER-0077"), small)
    assert [p.at.file.split("/")[-1] for p in caught.value.problems] == ["a.yaml", "b.yaml", "timer.yaml", "timer.yaml"]


def test_a_file_of_your_own_needs_no_aims(project: Path, small: Spec) -> None:
    """Bugs to try the suite on: nobody has to know which clause should notice."""
    path = project / "bugs.yaml"
    path.write_text(GOOD.replace("    aims: [UV-TIMER-0030]\n", ""))
    first, second = load_mutants(small, path)
    assert (first.aims, second.aims) == ((), ("UV-TIMER-0030", "UV-TIMER-0031"))
    assert first.at == At(str(path), 2)


def mutant(find: str, replace: str) -> Mutant:
    return Mutant("M-X-0001", At(), "impl/src/core/x.c", find, replace, ("UV-X-0001",), "why")


@pytest.mark.parametrize(("find", "replace", "before", "after"), [
    ("first();", "", "    first();\n", "    \n"),
    ("again(2)", "again(3)", "  again(2);\n", "  again(3);\n"),
    ("if (a) {", "if (!a) {", "  if (a) {\n", "  if (!a) {\n"),
    ("first();\nsecond();", "second();\n\nif (b)\n  first();", "    first();\n    second();\n", "    second();\n\n    if (b)\n      first();\n"),
    ("second();\n\nthird();", "third();", "    second();\n\n    third();\n", "    third();\n"),
    ("  third();\n}", "}", "    third();\n  }\n", "  }\n"),
    ("static int twice(void) {\n  if (a) {", "static int twice(void) {\n  {", "static int twice(void) {\n  if (a) {\n", "static int twice(void) {\n  {\n"),
])
def test_the_change_takes_the_indentation_of_its_place(find: str, replace: str, before: str, after: str) -> None:
    assert SOURCE.count(before) == 1
    assert broken_text(mutant(find, replace), SOURCE) == SOURCE.replace(before, after)
    deeper = broken_text(mutant(find, replace), textwrap.indent(SOURCE, "\t"))
    assert deeper == textwrap.indent(SOURCE.replace(before, after), "\t", lambda line: line not in ("", "\n"))


def test_special_characters_are_only_text() -> None:
    source = "  x = a[i] + (b * c)?; /* .*$^ \\1 */\n  y = 1;\n"
    assert broken_text(mutant("a[i] + (b * c)?", "\\g<0>\\1"), source) == source.replace("a[i] + (b * c)?", "\\g<0>\\1")
    assert broken_text(mutant("x = a[i] + (b * c)?; /* .*$^ \\1 */\ny = 1;", "z;"), source) == "  z;\n"


def test_the_real_ones_fit(real: Spec) -> None:
    """Each file and text exists once, each clause aimed at too; and the change is one."""
    every = load_mutants(real)
    assert every and [m.id for m in every] == sorted({m.id for m in every})
    for m in every:
        source = (paths.ROOT / m.file).read_text(encoding="utf-8")
        assert broken_text(m, source) != source, m.id
