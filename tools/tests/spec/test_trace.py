"""The trace of the source documents: links that have to exist, and what becomes of an item by the last results."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from spec_support import Damage

from uvspec import trace
from uvspec.model import Spec
from uvspec.load import load_spec

FILE = "spec/trace/003-steps.yaml"
TRACE = """\
document: '003'
title: Two steps
items:
  - item: '1'
    says: timers repeat
    clauses: [UV-TIMER-0030]
  - item: '2'
    says: stopping
    outcomes: [uv_timer_stop]
"""


def traced(damage: Damage, text: str = TRACE) -> Spec:
    damage.write(FILE, text)
    return load_spec(damage.root)


def test_a_trace_in_order(damage: Damage) -> None:
    spec = traced(damage)
    assert damage.linting() == []
    assert [i.item for i in spec.traces["003"].items] == ["1", "2"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("    clauses: [UV-TIMER-0030]\n", "", "nothing answers it"),
        ("UV-TIMER-0030", "UV-TIMER-0099", "there is no clause UV-TIMER-0099"),
        ("[uv_timer_stop]", "[uv_timer_stopp]", "there is no function uv_timer_stopp"),
        ("    clauses: [UV-TIMER-0030]", "    decision: D-0099", "there is no decision D-0099"),
        ("    clauses: [UV-TIMER-0030]", "    programs: [helloworlds]", "there is no program helloworlds"),
        ("item: '2'", "item: '1'", "also on line 4"),
    ],
)
def test_links_that_are_wrong(damage: Damage, old: str, new: str, says: str) -> None:
    damage.write(FILE, TRACE.replace(old, new))
    (problem,) = damage.linting()
    assert says in problem and FILE in problem


def test_a_whole_module_is_no_answer(damage: Damage) -> None:
    damage.write(FILE, TRACE.replace("UV-TIMER-0030", "timer"))
    assert damage.loading()


def test_a_decision_is_used_by_a_trace(damage: Damage) -> None:
    damage.write("spec/decisions/D-0009-elsewhere.md", "# D-0009: Elsewhere\n\n**Decided.** No.\n")
    assert ["no clause refers" in p for p in damage.linting()] == [True]
    damage.write(FILE, TRACE.replace("    clauses: [UV-TIMER-0030]", "    decision: D-0009"))
    assert damage.linting() == []


def states(spec: Spec, results: trace.Results) -> list[str]:
    return [a.state for a in trace.answers(spec, spec.traces["003"], results)]


def test_what_becomes_of_items(damage: Damage) -> None:
    spec = traced(damage)
    rows = [c.id for c in spec.clauses.values() if c.row_of == "uv_timer_stop"]
    assert states(spec, trace.Results()) == ["not run", "not run"]
    good = {"UV-TIMER-0030": "pass", **dict.fromkeys(rows, "pass")}
    assert states(spec, trace.Results(good)) == ["covered", "covered"]
    assert states(spec, trace.Results({**good, rows[0]: "fail"})) == ["covered", "red"]
    assert states(spec, trace.Results({**good, rows[0]: "unsupported"})) == ["covered", "not run"]
    assert states(spec, trace.Results({**good, "UV-TIMER-0030": "unresolved"})) == ["red", "covered"]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("decision: D-0001", "decided"),
        ("decision: D-0001\n    not_here: windows", "not here"),
        ("clauses: [UV-LOOP-0003]", "stated"),  # binds the caller
        ("outcomes: [uv_update_time]", "open"),  # a function without an outcome table
        ("programs: [helloworld]", "not run"),
    ],
)
def test_other_answers(damage: Damage, answer: str, state: str) -> None:
    spec = traced(damage, TRACE.replace("clauses: [UV-TIMER-0030]", answer))
    assert states(spec, trace.Results())[0] == state


def test_programs_count(damage: Damage) -> None:
    spec = traced(damage, TRACE.replace("clauses: [UV-TIMER-0030]", "programs: [helloworld]"))
    assert states(spec, trace.Results(programs={"helloworld": "pass"}))[0] == "covered"
    assert states(spec, trace.Results(programs={"helloworld": "fail"}))[0] == "red"
    assert states(spec, trace.Results(programs={"helloworld": "hang"}))[0] == "red"
    assert states(spec, trace.Results(programs={"helloworld": "unsupported"}))[0] == "not run"


def test_results_are_read_where_there_are_some(tmp_path: Path) -> None:
    assert trace.read_results(tmp_path) == trace.Results()
    (tmp_path / "results.json").write_text("half of")
    assert trace.read_results(tmp_path) == trace.Results()
    check = {"clauses": {"UV-A-0001": {"verdict": "pass"}}, "implementation": {"path": "/x/libuv.so.1"}}
    (tmp_path / "results.json").write_text(json.dumps(check))
    (tmp_path / "guide.json").write_text(json.dumps({"programs": [{"name": "uvcat", "status": "pass"}]}))
    assert trace.read_results(tmp_path) == trace.Results({"UV-A-0001": "pass"}, {"uvcat": "pass"}, "/x/libuv.so.1")


def test_the_source_documents_are_whole(real: Spec) -> None:
    assert sorted(real.traces) == ["000", "001", "002", "003"]
    assert [i.item for i in real.traces["003"].items] == [str(n) for n in range(1, 196)]
    assert {i.item.split(".")[0] for i in real.traces["002"].items} == {str(n) for n in range(1, 11)}


def test_every_program_of_the_guide_answers_something(real: Spec) -> None:
    from uvspec import paths
    from uvspec.guide import programs

    linked = {p for t in real.traces.values() for i in t.items for p in i.programs}
    assert linked == set(programs.names(paths.ROOT))
