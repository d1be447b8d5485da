"""Tests that nobody writes: from rows of outcome tables and from rules."""

from __future__ import annotations

import copy
from collections import Counter

import pytest

from uvspec.ctypes_ import TypeTable
from uvspec.expand import all_scenarios, row_scenarios, rule_scenarios
from uvspec.gen import suite
from uvspec.gen.scenario_c import test_name as name_of
from uvspec.model import At, CallbackBody, Function, Module, Param, Row, Rule, Scenario, Spec, Step, ThreadGroup


def of_row(spec: Spec, function: str, id_: str) -> dict[str, Scenario]:
    """The scenarios of a row by their variant, without the function's name."""
    f = spec.functions[function]
    row = next(r for r in f.outcomes if r.id == id_)
    found = row_scenarios(spec, TypeTable(spec), spec.modules[f.module], f, row)
    assert all(s.shows == [id_] and s.origin == "row" and s.at == row.at for s in found)
    out = {s.variant.removeprefix(function).strip(): s for s in found}
    assert len(out) == len(found)
    return out


def texts(scenario: Scenario) -> list[str]:
    return [s.text for s in scenario.steps]


def test_a_row_becomes_states_times_boundaries(small: Spec) -> None:
    found = of_row(small, "uv_timer_start", "UV-TIMER-0004")
    boundaries = ["", "timeout 0", "timeout UINT64_MAX", "repeat 1"]  # 20 and 0 are the examples
    assert list(found) == [f"{s} {b}".strip() for s in ("fresh", "stopped", "running") for b in boundaries]
    assert texts(found["stopped timeout UINT64_MAX"]) == [
        "uv_timer_start(h, on_h, 1000, 0) -> 0", "uv_timer_stop(h) -> 0", "uv_timer_start(h, on_h, UINT64_MAX, 0) -> 0",
        "uv_timer_get_repeat(h) -> 0", "uv_is_active(h) -> nonzero", "uv_is_closing(h) -> 0"]
    assert texts(found["fresh repeat 1"]) == [
        "uv_timer_start(h, on_h, 20, 1) -> 0", "uv_timer_get_repeat(h) -> 1", "uv_is_active(h) -> nonzero", "uv_is_closing(h) -> 0"]


def test_a_row_that_refuses_has_no_boundaries(small: Spec) -> None:
    assert list(of_row(small, "uv_timer_start", "UV-TIMER-0002")) == ["closing"]
    found = of_row(small, "uv_timer_start", "UV-TIMER-0003")
    assert list(found) == ["fresh", "stopped", "running"]  # closing is decided by the row above
    assert texts(found["running"]) == ["uv_timer_start(h, on_h, 1000, 0) -> 0", "uv_timer_start(h, NULL, 20, 0) -> UV_EINVAL",
                                       "uv_is_active(h) -> nonzero", "uv_is_closing(h) -> 0"]


def test_a_boundary_that_a_row_above_decides_is_that_rows(small: Spec) -> None:
    f = copy.deepcopy(small.functions["uv_timer_set_repeat"])
    f.outcomes.insert(0, Row(At(), "UV-TIMER-0090", when={"handle": "fresh", "repeat": 0}))
    found = row_scenarios(small, TypeTable(small), small.modules["timer"], f, f.outcomes[1])
    assert [s.variant.removeprefix("uv_timer_set_repeat ") for s in found] == [
        "fresh", "fresh repeat UINT64_MAX", "stopped", "stopped repeat 0", "stopped repeat UINT64_MAX",
        "running", "running repeat 0", "running repeat UINT64_MAX"]


def test_raw_memory_is_not_initialised(small: Spec) -> None:
    (scenario,) = of_row(small, "uv_timer_init", "UV-TIMER-0001").values()
    assert [(h.name, h.init) for h in scenario.handles] == [("h", False)]
    assert texts(scenario) == ["uv_timer_init(loop, h) -> 0", "uv_is_active(h) -> 0", "uv_is_closing(h) -> 0"]


def test_states_that_the_row_leaves_alone_are_checked(small: Spec) -> None:
    inactive = of_row(small, "uv_timer_stop", "UV-TIMER-0005")
    assert list(inactive) == ["fresh", "stopped"]
    assert texts(inactive["fresh"]) == ["uv_timer_stop(h) -> 0", "uv_is_active(h) -> 0", "uv_is_closing(h) -> 0"]
    (closing,) = of_row(small, "uv_timer_stop", "UV-TIMER-0007").values()
    assert texts(closing) == ["uv_close(h, on_close)", "uv_timer_stop(h) -> 0", "uv_is_closing(h) -> nonzero"]
    stopped = of_row(small, "uv_timer_stop", "UV-TIMER-0006")["running"]
    assert texts(stopped)[-2:] == ["uv_is_active(h) -> 0", "uv_is_closing(h) -> 0"]


def test_a_row_of_all_handles_becomes_all_kinds(small: Spec) -> None:
    assert list(of_row(small, "uv_is_active", "UV-HANDLE-0002")) == ["async idle", "async pending", "timer running"]
    assert list(of_row(small, "uv_is_active", "UV-HANDLE-0003")) == ["timer fresh", "timer stopped"]
    assert list(of_row(small, "uv_is_active", "UV-HANDLE-0004")) == ["async closing", "timer closing"]
    closed = of_row(small, "uv_close", "UV-HANDLE-0001")
    assert list(closed) == ["async idle", "async pending", "timer fresh", "timer stopped", "timer running"]
    assert texts(closed["async pending"]) == ["uv_async_send(h) -> 0", "uv_close(h, on_close)", "uv_is_closing(h) -> nonzero"]


def test_given_comes_before_the_call(small: Spec) -> None:
    found = of_row(small, "uv_timer_get_repeat", "UV-TIMER-0008")
    assert texts(found["running"])[:3] == ["uv_timer_start(h, on_h, 1000, 0) -> 0", "uv_timer_set_repeat(h, 7)", "uv_timer_get_repeat(h) -> 7"]


def test_a_function_without_a_handle(small: Spec) -> None:
    einval = of_row(small, "uv_strerror", "UV-ERRORS-0001")
    assert {v: (texts(s), s.loop, s.handles) for v, s in einval.items()} == {
        "": (['uv_strerror(UV_EINVAL) -> "invalid argument"'], "none", [])}
    others = of_row(small, "uv_strerror", "UV-ERRORS-0002")
    assert {v: texts(s)[0] for v, s in others.items()} == {
        "": "uv_strerror(-22) -> non-null", "err minus 1": "uv_strerror(-1) -> non-null", "err 1": "uv_strerror(1) -> non-null",
        "err INT_MIN": "uv_strerror(INT_MIN) -> non-null"}


@pytest.mark.parametrize("change", [
    {"undefined": "caller"}, {"untested": "why"}, {"when": {"handle": ["fresh"], "cb": "something in words"}},
    {"when": {"handle": ["fresh"], "weather": "bad"}}, {"when": {"handle": ["gone"]}},
])
def test_rows_that_no_test_can_be_made_of(small: Spec, change: dict[str, object]) -> None:
    function = copy.deepcopy(small.functions["uv_timer_start"])
    row = function.outcomes[2]
    for key, value in change.items():
        setattr(row, key, value)
    assert row_scenarios(small, TypeTable(small), small.modules["timer"], function, row) == []


def test_an_argument_without_an_example_takes_a_scenario(small: Spec) -> None:
    module = Module("m", At(), "", False)
    f = Function("uv_x", At(), "m", "1.0.0", "int", [Param("n", "int")], outcomes=[Row(At(), "UV-M-0001", returns="0")])
    assert row_scenarios(small, TypeTable(small), module, f, f.outcomes[0]) == []
    f.params[0].example = "3"
    assert [texts(s) for s in row_scenarios(small, TypeTable(small), module, f, f.outcomes[0])] == [["uv_x(3) -> 0"]]


# ------------------------------------------------------------------------------------------- rules


def of_rule(spec: Spec, module: str, name: str) -> dict[str, Scenario]:
    (rule,) = [r for r in spec.modules[module].rules if r.name == name]
    return {s.variant: s for s in rule_scenarios(spec, spec.modules[module], rule)}


def test_over_handle_kinds(small: Spec) -> None:
    found = of_rule(small, "handle", "init leaves data alone")
    assert list(found) == ["async", "timer"]
    assert texts(found["async"]) == ["h.data = loop", "uv_async_init(loop, h, on_h) -> 0", "expect h.data == loop"]  # it has no stop
    assert texts(found["timer"]) == ["h.data = loop", "uv_timer_init(loop, h) -> 0", "expect h.data == loop", "uv_timer_stop(h) -> 0"]
    assert [(h.name, h.kind, h.init) for h in found["timer"].handles] == [("h", "timer", False)]


def test_over_kinds_with_start(small: Spec) -> None:
    assert list(of_rule(small, "handle", "stopped and started again")) == ["timer"]


def test_over_handle_states(small: Spec) -> None:
    found = of_rule(small, "handle", "activity in every state")
    assert list(found) == ["async idle", "async pending", "timer fresh", "timer stopped"]  # timer/running is excepted
    assert texts(found["timer stopped"]) == ["uv_timer_start(h, on_h, 1000, 0) -> 0", "uv_timer_stop(h) -> 0",
                                             "expect (uv_is_active(h) != 0) == 0"]
    assert texts(found["async idle"]) == ["expect (uv_is_active(h) != 0) == 1"]


def test_over_functions(small: Spec) -> None:
    found = of_rule(small, "loop", "the function is exported")
    assert set(found) == set(small.functions) - {"uv_stop"}
    assert texts(found["uv_run"]) == ["exported(uv_run) -> non-null"]


@pytest.mark.parametrize("over", ["handle states", "functions"])
def test_every_body_is_filled_in(small: Spec, over: str) -> None:
    word = "{function}" if over == "functions" else "{kind}"

    def step() -> Step:
        return Step(At(), text=f"note(\"{word}\")")

    template = Scenario("x", At(), "", ["UV-LOOP-0001"], steps=[
        Step(At(), repeat="2", do=[step()]), Step(At(), cond=f"1 == {word}", do=[step()], orelse=[step()]), Step(At(), fork=[step()]),
        Step(At(), c=f"{word} ${{h}}")])
    template.callbacks["on_h"] = CallbackBody("on_h", At(), [step()], {2: [step()]})
    template.threads["g"] = ThreadGroup("g", At(), 1, [step()], [step()])
    template.signals["SIGUSR1"] = [step()]
    before = copy.deepcopy(template)
    found = rule_scenarios(small, small.modules["loop"], Rule("x", At(), ["UV-LOOP-0001"], over, template))
    for scenario in found:
        assert word not in repr(scenario) and "${h}" in repr(scenario)
        assert repr(scenario).count(scenario.variant.split()[0]) >= 12
    assert template == before, "an expansion must not change the rule"


def test_every_test_has_its_own_name(small: Spec, real: Spec) -> None:
    for spec in (small, real):
        names = Counter(name_of(s) for s in all_scenarios(spec))
        assert [n for n, count in names.items() if count > 1] == []
    assert "UV-ERRORS-0002.uv-strerror-err-minus-1" in {name_of(s) for s in all_scenarios(small)}


def test_expansions_are_translated(small: Spec) -> None:
    tests, problems = suite.tests_of(small)
    assert not problems and len(tests) == len(all_scenarios(small)) > 80
