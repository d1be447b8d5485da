"""The registry of clause IDs, and the command that writes it."""

from __future__ import annotations

from pathlib import Path

import pytest
from spec_support import TIMER, Damage, line_of, register

from uvspec import cli, deps, paths, registry
from uvspec.load import load_spec

BEHAVIOR, API = f"{TIMER}/behavior.yaml", f"{TIMER}/api.yaml"
TEXT = "text: Timers fire in the order of their due times."
OWN = """\
  - id: UV-TIMER-0031
    rev: 1
    since: 1.1.0
    text: Timers fire in the order of their due times.
    sources:
      - {seed: 003 step 41}
"""


def problems(damage: Damage) -> list[str]:
    return [str(p) for p in registry.check(damage.root, load_spec(damage.root))]


def entry(root: Path, id_: str) -> str:
    (line,) = [x for x in (root / registry.FILE).read_text().splitlines() if x.startswith(f"{id_} ")]
    return line.removeprefix(f"{id_} ")


def test_what_is_registered_is_in_order(damage: Damage) -> None:
    assert problems(damage) == []
    lines = (damage.root / registry.FILE).read_text().splitlines()
    assert lines[0].startswith("#") and lines[1:] == sorted(lines[1:])
    assert len(lines) - 1 == len(load_spec(damage.root).clauses)
    assert entry(damage.root, "UV-LOOP-0004").startswith("2 ")


@pytest.mark.parametrize(("file", "old", "new"), [
    (BEHAVIOR, TEXT, "text: 'timers  fire, in the Order of their due times!'"),
    (BEHAVIOR, TEXT, "text: >-\n      Timers fire in the order\n      of their due times"),
    (BEHAVIOR, "- {seed: 003 step 41}", "- {seed: 003 step 42}\n      - {doc: timer}"),
    (BEHAVIOR, TEXT, f"{TEXT}\n    untested: for now"),
    (API, "summary: Starts a timer.", "summary: Begins."),
    (API, "    outcomes:\n      - {id: UV-TIMER-0002", "    # a comment\n    outcomes:\n      - {id: UV-TIMER-0002"),
])
def test_changes_that_do_not_count(file: str, old: str, new: str, damage: Damage) -> None:
    damage.replace(file, old, new)
    assert problems(damage) == []


MEANING = [
    (BEHAVIOR, TEXT, "text: Timers fire in the order of their start times.", "UV-TIMER-0031"),
    (BEHAVIOR, TEXT, "text: Timers fire in order of their due times.", "UV-TIMER-0031"),
    (BEHAVIOR, TEXT, f"{TEXT}\n    level: may", "UV-TIMER-0031"),
    (BEHAVIOR, TEXT, f"{TEXT}\n    binds: caller", "UV-TIMER-0031"),
    (BEHAVIOR, TEXT, f"{TEXT}\n    until: 1.40.0", "UV-TIMER-0031"),
    (BEHAVIOR, "since: 1.1.0", "since: 1.2.0", "UV-TIMER-0031"),
    (API, "{id: UV-TIMER-0002, when: {handle: closing}, returns: UV_EINVAL}", "{id: UV-TIMER-0002, when: {handle: closing}, returns: UV_EBUSY}", "UV-TIMER-0002"),
    (API, "{id: UV-TIMER-0003, when: {cb: 'null'}", "{id: UV-TIMER-0003, when: {cb: 'null', repeat: 0}", "UV-TIMER-0003"),
    (API, "sets: {repeat: repeat}}\n  uv_timer_stop", "sets: {repeat: timeout}}\n  uv_timer_stop", "UV-TIMER-0004"),
    (API, "handle: running}, returns: 0, handle: stopped}", "handle: running}, returns: 0}", "UV-TIMER-0006"),
    (API, "given: ['uv_timer_set_repeat(h, 7)']", "given: ['uv_timer_set_repeat(h, 8)']", "UV-TIMER-0008"),
    (API, "given: ['uv_timer_set_repeat(h, 7)']", "given: [{repeat: 2, do: ['uv_timer_set_repeat(h, 7)']}]", "UV-TIMER-0008"),
    (API, "{id: UV-TIMER-0007, when: {handle: closing}, returns: 0}", "{id: UV-TIMER-0007, when: {handle: closing}, returns: 0, text: It is odd.}", "UV-TIMER-0007"),
]


@pytest.mark.parametrize(("file", "old", "new", "id_"), MEANING, ids=[m[2] for m in MEANING])
def test_a_changed_meaning_needs_a_revision(file: str, old: str, new: str, id_: str, damage: Damage) -> None:
    damage.replace(file, old, new)
    (problem,) = problems(damage)
    at, rest = problem.split(": ", 1)
    assert line_of(damage.root, file, f"id: {id_}") == int(at.removeprefix(f"{file}:"))
    assert rest.startswith(f"{id_}: its meaning changed: make it `rev: 2`")
    before = (damage.root / registry.FILE).read_text()
    register(damage.root)
    assert (damage.root / registry.FILE).read_text() == before, "registering alone must not hide it"


def test_a_structured_given_step_counts_whatever_its_line(damage: Damage) -> None:
    damage.replace(API, "given: ['uv_timer_set_repeat(h, 7)']", "given: [{repeat: 2, do: ['uv_timer_set_repeat(h, 7)']}]")
    damage.replace(API, "{id: UV-TIMER-0008,", "{id: UV-TIMER-0008, rev: 2,")
    register(damage.root)
    damage.replace(API, "module: timer\n", "\n\nmodule: timer\n")
    assert problems(damage) == []
    damage.replace(API, "do: ['uv_timer_set_repeat(h, 7)']", "do: ['uv_timer_set_repeat(h, 8)']")
    assert "UV-TIMER-0008: its meaning changed: make it `rev: 3`" in problems(damage)[0]


def test_a_new_revision(damage: Damage) -> None:
    damage.replace(BEHAVIOR, TEXT, "text: Timers fire whenever they like.")
    damage.replace(BEHAVIOR, "id: UV-TIMER-0031\n    rev: 1", "id: UV-TIMER-0031\n    rev: 2")
    assert problems(damage) == [f"{BEHAVIOR}:8: UV-TIMER-0031: new revision: run `./uvspec lint --register`"]
    old = entry(damage.root, "UV-TIMER-0031")
    register(damage.root)
    assert problems(damage) == []
    assert entry(damage.root, "UV-TIMER-0031").split()[0] == "2" and entry(damage.root, "UV-TIMER-0031")[2:] != old[2:]
    damage.replace(BEHAVIOR, "id: UV-TIMER-0031\n    rev: 2", "id: UV-TIMER-0031\n    rev: 1")
    assert problems(damage) == [f"{BEHAVIOR}:8: UV-TIMER-0031: revision 1, but the registry knows revision 2"]
    register(damage.root)
    assert entry(damage.root, "UV-TIMER-0031").split()[0] == "2", "a revision never goes back"


def test_editorial(damage: Damage) -> None:
    damage.replace(BEHAVIOR, TEXT, "text: By their due times timers fire in order.")
    register(damage.root, editorial=("UV-TIMER-0031",))
    assert problems(damage) == []
    assert entry(damage.root, "UV-TIMER-0031").startswith("1 ")


def test_retired_for_ever(damage: Damage) -> None:
    damage.replace(BEHAVIOR, OWN, "")
    damage.replace(f"{TIMER}/scenarios.yaml", "shows: [UV-TIMER-0031, UV-TIMER-0030]", "shows: [UV-TIMER-0030]")
    line = line_of(damage.root, registry.FILE, "UV-TIMER-0031")
    assert problems(damage) == [f"{registry.FILE}:{line}: UV-TIMER-0031: the clause is gone: run `./uvspec lint --register --retire UV-TIMER-0031`"]
    register(damage.root)
    assert len(problems(damage)) == 1, "nothing is retired unasked"
    register(damage.root, retire=("UV-TIMER-0031",))
    assert problems(damage) == [] and entry(damage.root, "UV-TIMER-0031") == "1 retired"
    damage.write(BEHAVIOR, (damage.root / BEHAVIOR).read_text() + OWN.replace("rev: 1", "rev: 7"))
    for _ in range(2):
        assert problems(damage) == [f"{BEHAVIOR}:8: UV-TIMER-0031: this ID was retired and must not be used again: take a new one"]
        register(damage.root)


@pytest.mark.parametrize(("editorial", "retire", "what"), [
    (["UV-TIMER-0099"], [], "UV-TIMER-0099: not in both the registry and the specification"),
    ([], ["UV-TIMER-0099"], "UV-TIMER-0099: not in the registry, so it cannot be retired"),
    ([], ["UV-TIMER-0030"], "UV-TIMER-0030: still in the specification, so it cannot be retired"),
])
def test_what_cannot_be_registered(editorial: list[str], retire: list[str], what: str, damage: Damage) -> None:
    _, found = registry.register(damage.root, load_spec(damage.root), set(editorial), set(retire))
    assert len(found) == 1 and what in str(found[0])


def test_editorial_does_not_change_the_revision(damage: Damage) -> None:
    damage.replace(BEHAVIOR, "id: UV-TIMER-0031\n    rev: 1", "id: UV-TIMER-0031\n    rev: 2")
    _, found = registry.register(damage.root, load_spec(damage.root), {"UV-TIMER-0031"}, set())
    assert [str(p) for p in found] == [f"{BEHAVIOR}:8: UV-TIMER-0031: revision 2, but the registry knows revision 1: "
                                       "a change of wording keeps the revision"]


@pytest.mark.parametrize("line", ["UV-TIMER-0031 1", "UV-TIMER-31 1 0123456789ab", "UV-TIMER-0031 1 0123456789AB", "UV-TIMER-0098 x retired"])
def test_broken_lines(line: str, damage: Damage) -> None:
    text = (damage.root / registry.FILE).read_text()
    damage.write(registry.FILE, text + line + "\n" + "UV-TIMER-0030 1 0123456789ab\n")
    count = text.count("\n")
    found = problems(damage)
    assert found[0] == f"{registry.FILE}:{count + 1}: `{line}` is not `ID REVISION DIGEST`"
    first = text[:text.index("UV-TIMER-0030")].count("\n") + 1
    assert found[1] == f"{registry.FILE}:{count + 2}: UV-TIMER-0030: also on line {first}"


# ------------------------------------------------------------------------------------------- the command


@pytest.fixture()
def project(damage: Damage, monkeypatch: pytest.MonkeyPatch) -> Damage:
    monkeypatch.setattr(paths, "ROOT", damage.root)
    monkeypatch.setattr(deps, "ensure", lambda command: False)
    return damage


def test_register_writes_once(project: Damage, capsys: pytest.CaptureFixture[str]) -> None:
    path = project.root / registry.FILE
    text = path.read_text()
    path.unlink()
    assert cli.main(["lint"]) == 1
    assert f"{BEHAVIOR}:2: UV-TIMER-0030: not in the registry: run `./uvspec lint --register`" in capsys.readouterr().out
    assert cli.main(["lint", "--register"]) == 0
    assert path.read_text() == text and capsys.readouterr().err.startswith(f"wrote {registry.FILE}")
    assert cli.main(["lint", "--register"]) == 0
    assert "wrote" not in capsys.readouterr().err
    assert list(path.parent.glob(".*")) == [], "no temporary file is left"


def test_register_takes_several_ids(project: Damage) -> None:
    project.replace(BEHAVIOR, TEXT, "text: By their due times timers fire in order.")
    project.replace(BEHAVIOR, "text: A repeating timer fires until it is stopped.", "text: Until it is stopped a repeating timer fires.")
    assert cli.main(["lint", "--register"]) == 1
    assert cli.main(["lint", "--register", "--editorial", "UV-TIMER-0030", "UV-TIMER-0031"]) == 0
    project.replace(BEHAVIOR, OWN.replace(TEXT, "text: By their due times timers fire in order."), "")
    project.replace(f"{TIMER}/scenarios.yaml", "shows: [UV-TIMER-0031, UV-TIMER-0030]", "shows: [UV-TIMER-0030]")
    assert cli.main(["lint", "--register", "--retire", "UV-TIMER-0031"]) == 0
    assert entry(project.root, "UV-TIMER-0031") == "1 retired"


@pytest.mark.parametrize(("old", "new", "arguments", "told"), [
    ("", "", ["--retire", "UV-TIMER-0030"], "UV-TIMER-0030: still in the specification"),
    ("", "", ["--editorial", "UV-TIMER-0077"], "UV-TIMER-0077: not in both"),
    ("id: UV-TIMER-0031", "id: UV-TIMMER-0031", [], "UV-TIMMER-0031: clauses of the module timer are named UV-TIMER-NNNN"),
    ("rev: 1\n    since: 1.1.0", "rev: none\n    since: 1.1.0", [], "UV-TIMER-0031: clauses/1/rev: 'none' is not of type 'integer'"),
])
def test_register_refuses(old: str, new: str, arguments: list[str], told: str, project: Damage, capsys: pytest.CaptureFixture[str]) -> None:
    if old:
        project.replace(BEHAVIOR, old, new)
    before = (project.root / registry.FILE).read_text()
    assert cli.main(["lint", "--register", *arguments]) == 1
    assert told in capsys.readouterr().err
    assert (project.root / registry.FILE).read_text() == before


def test_retire_needs_register(project: Damage, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["lint", "--retire", "UV-TIMER-0031"]) == 2
    assert "belong to --register" in capsys.readouterr().err
