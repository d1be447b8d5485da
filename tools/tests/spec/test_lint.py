"""The linter: one damage at a time to a specification that is in order, and what has to be told of it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from spec_support import HANDLE, LOOP, TIMER, Damage, line_of

from uvspec import documented, lint, paths, steps

API, BEHAVIOR, SCENARIOS = f"{TIMER}/api.yaml", f"{TIMER}/behavior.yaml", f"{TIMER}/scenarios.yaml"
ERRORS, PROFILES = "spec/modules/errors/api.yaml", "spec/profiles.yaml"
TEXT_31 = "text: Timers fire in the order of their due times."
ROW_7 = "{id: UV-TIMER-0007, when: {handle: closing}, returns: 0}"

# file, text, what stands there instead, (another file and) text of the line that is told, ID or name, message
DAMAGE = [
    # scenarios
    ("spec/modules/timer/scenarios.yaml", "vars: {passed: uint64_t}", "vars: {passed: uint64_t, spare: int}", "name: in order", "UV-TIMER-0031", "variable `spare` is declared and never used"),
    # clauses
    (BEHAVIOR, "id: UV-TIMER-0031", "id: UV-TIMERS-0031", "id: UV-TIMERS-0031", "UV-TIMERS-0031", "clauses of the module timer are named UV-TIMER-NNNN"),
    (API, "id: UV-TIMER-0005", "id: UV-LOOP-0005", "id: UV-LOOP-0005", "UV-LOOP-0005", "clauses of the module timer are named UV-TIMER-NNNN"),
    (API, "id: UV-TIMER-0005", "id: UV-TIMER-0006", "id: UV-TIMER-0006, when: {handle: running}", "UV-TIMER-0006", ": IDs are used once"),
    (BEHAVIOR, "id: UV-TIMER-0030", "id: UV-TIMER-0002", "id: UV-TIMER-0002", "UV-TIMER-0002", "already used at spec/modules/timer/api.yaml:"),
    (BEHAVIOR, TEXT_31, TEXT_31.rstrip("."), "id: UV-TIMER-0031", "UV-TIMER-0031", "the text must be a sentence that ends with a full stop"),
    (BEHAVIOR, TEXT_31, TEXT_31 + " So" * 150 + ".", "id: UV-TIMER-0031", "UV-TIMER-0031", "495 characters: a clause says one thing (at most 400)"),
    (BEHAVIOR, "since: 1.1.0", "since: 1.53.0", "id: UV-TIMER-0031", "UV-TIMER-0031", "since 1.53.0 is above the API level 1.52"),
    (BEHAVIOR, "since: 1.1.0", "since: 1.10.0\n    until: 1.9.0", "id: UV-TIMER-0031", "UV-TIMER-0031", "until 1.9.0 is before since 1.10.0"),
    (f"{LOOP}/api.yaml", "uv_loop_fork: {since: 1.12.0", "uv_loop_fork: {since: 1.60.0", "uv_loop_fork:", "uv_loop_fork", "since 1.60.0 is above"),
    (f"{LOOP}/behavior.yaml", "    untested: binds the caller\n", "", "id: UV-LOOP-0003", "UV-LOOP-0003", "binds the caller: say `untested:` and why"),
    (BEHAVIOR, "{fact: '19'}", "{fact: '46'}", "id: UV-TIMER-0030", "UV-TIMER-0030", "fact 46: facts are numbered 1 to 45"),
    (BEHAVIOR, "{fact: '19'}", "{fact: nineteen}", "id: UV-TIMER-0030", "UV-TIMER-0030", "fact nineteen: facts are numbered"),
    (BEHAVIOR, "{seed: 003 step 41}", "{seed: 004 step 41}", "id: UV-TIMER-0031", "UV-TIMER-0031", "seed `004 step 41`: begin with the document's number"),
    # decisions
    (f"{HANDLE}/behavior.yaml", "decision: D-0002", "decision: D-0003", "id: UV-HANDLE-0012", "UV-HANDLE-0012", "no file spec/decisions/D-0003-….md"),
    (f"{HANDLE}/behavior.yaml", "decision: D-0002", "decision: D-0001", "spec/decisions/D-0002-starting-again.md", "D-0002", "no clause refers to this decision"),
    (f"{HANDLE}/behavior.yaml", "    decision: D-0002\n", "", "id: UV-HANDLE-0012", "UV-HANDLE-0012", "its sources contradict each other, so it needs a decision"),
    (f"{HANDLE}/api.yaml", ", decision: D-0001", "", "id: UV-HANDLE-0004", "UV-HANDLE-0004", "unspecified, so it needs a decision that says why"),
    # clauses and tests
    (SCENARIOS, "shows: [UV-TIMER-0030]", "shows: [UV-TIMER-0030, UV-TIMER-0032]", "name: repeats until stopped", "UV-TIMER-0032", 'scenario "repeats until stopped" shows a clause that does not exist'),
    (SCENARIOS, "shows: [UV-TIMER-0031, UV-TIMER-0030]", "shows: [UV-TIMER-0030]", f"{BEHAVIOR}|id: UV-TIMER-0031", "UV-TIMER-0031", "no scenario shows it: write one, or say `untested:`"),
    (BEHAVIOR, TEXT_31, TEXT_31 + "\n    untested: too hard", "id: UV-TIMER-0031", "UV-TIMER-0031", "has a test: remove `untested:`"),
    (ERRORS, "example: -22, ", "", "id: UV-ERRORS-0002", "UV-ERRORS-0002", "no test can be made of this row"),
    (API, "{id: UV-TIMER-0002, when: {handle: closing}", "{id: UV-TIMER-0002, when: {cb: 'null'}", "id: UV-TIMER-0003", "UV-TIMER-0003", "no test can be made of this row"),
    (SCENARIOS, "name: in order\n    shows: [UV-TIMER-0031, UV-TIMER-0030]", "name: Repeats, until stopped\n    shows: [UV-TIMER-0030, UV-TIMER-0031]", "name: Repeats, until", "UV-TIMER-0030", "two tests are named UV-TIMER-0030.repeats-until-stopped; the other is at spec/modules/timer/scenarios.yaml:2"),
    (SCENARIOS, "- uv_timer_start(t, on_t, 2, 2) -> 0", "- uv_timer_start(t, on_t, 2) -> 0", "uv_timer_start(t, on_t, 2) -> 0", "UV-TIMER-0030", "`uv_timer_start` takes 4 arguments, 3 given"),
    (SCENARIOS, "far: timer}", "far: tmer}", "name: in order", "UV-TIMER-0031", "handle `far`: no kind `tmer` (there is async, timer)"),
    (SCENARIOS, "- trace: [on_t × 3]", "- trace: [on_t * 3]", "trace: [on_t * 3]", "UV-TIMER-0030", "`on_t * 3` is no trace item"),
    (SCENARIOS, "      on_far:\n", "      on_late:\n", "on_late:", "UV-TIMER-0031", "callback `on_late` is never passed to a function"),
    (SCENARIOS, "handles: {t: timer}\n", "handles: {t: timer}\n    threads:\n      w: {do: [uv_now(loop) -> any]}\n", "w: {do:", "UV-TIMER-0030", "thread group `w` is never started"),
    (SCENARIOS, "- trace: [on_t × 3]", "- trace: [on_t × 3, on_tt × 0]", "on_tt × 0", "UV-TIMER-0030", "the trace names `on_tt`, which is no callback of this scenario"),
    (SCENARIOS, "- expect uv_now(loop) >= passed + 12", "- trace: ['on_t(t[9]) × 2..']", "on_t(t[9])", "UV-TIMER-0031", "`t` has more than 8 handles: a trace cannot tell them apart"),
    # outcome tables
    (API, f"      - {ROW_7}\n", "", "  uv_timer_stop:", "uv_timer_stop", "no row for the handle in state closing"),
    (API, "{id: UV-TIMER-0005, when: {handle: inactive}", "{id: UV-TIMER-0005, when: {handle: fresh}", "  uv_timer_stop:", "uv_timer_stop", "no row for the handle in state stopped"),
    (API, "{id: UV-TIMER-0006, when: {handle: running}", "{id: UV-TIMER-0006, when: {handle: running, repeat: 0}", "  uv_timer_stop:", "uv_timer_stop", "no row for the handle in state running"),
    (f"{HANDLE}/api.yaml", "- {id: UV-HANDLE-0002, when: {handle: active}, returns: nonzero}", "- {id: UV-HANDLE-0002, when: {handle: [running, idle]}, returns: nonzero}", "  uv_is_active:", "uv_is_active", "async pending: add one, or an `undefined: caller` row"),
    (ERRORS, "{id: UV-ERRORS-0002, returns", "{id: UV-ERRORS-0002, when: {err: UV_EBUSY}, returns", "  uv_strerror:", "uv_strerror", "no row without further conditions"),
    (f"{HANDLE}/api.yaml", "module: handle\n", "module: handle\ncomplete: true\n", "  uv_is_closing:", "uv_is_closing", "no outcome table, though the module says `complete: true`"),
    (API, "when: {handle: running}, returns: 0, handle: stopped", "when: {handle: running}, returns: 0, handle: halted", "id: UV-TIMER-0006", "UV-TIMER-0006", "leaves the handle `halted`, which is no state"),
    (API, "{id: UV-TIMER-0006, when: {handle: running}", "{id: UV-TIMER-0006, when: {handle: [running, walking]}", "id: UV-TIMER-0006", "UV-TIMER-0006", "no state `walking` (there is active, closed"),
    (API, "when: {cb: 'null'}", "when: {bc: 'null'}", "id: UV-TIMER-0003", "UV-TIMER-0003", "`when` names `bc`, which is no parameter or attribute of uv_timer_start"),
    (f"{HANDLE}/api.yaml", "with: {close_cb: on_close}", "with: {closed_cb: on_close}", "id: UV-HANDLE-0001", "UV-HANDLE-0001", "`with` names `closed_cb`, which is no parameter of uv_close"),
    (API, "sets: {repeat: repeat}}\n      - {when", "returns: 0}\n      - {when", "id: UV-TIMER-0009", "UV-TIMER-0009", "uv_timer_set_repeat returns nothing"),
    (API, ROW_7, "{id: UV-TIMER-0007, when: {handle: closing}}", "id: UV-TIMER-0007", "UV-TIMER-0007", "say what it returns"),
    # the API
    (API, "  uv_timer_stop:\n", "  uv_stop:\n", "  uv_stop:\n", "uv_stop", "also at spec/modules/loop/api.yaml:"),
    (API, "callbacks:\n", "  uv_buf_t: {form: opaque}\n\ncallbacks:\n", "uv_buf_t", "uv_buf_t", "also at spec/modules/memory/api.yaml:"),
    (API, "types:\n", "enums:\n  - {name: '', form: tag, values: [{name: UV_EINVAL, value: 1}]}\ntypes:\n", "form: tag", "UV_EINVAL", "also at spec/modules/errors/api.yaml:"),
    (API, "{name: timeout, type: uint64_t", "{name: timeout, type: uv_time_t", "  uv_timer_start:", "uv_timer_start", "`uv_time_t`: no such type"),
    (f"{LOOP}/api.yaml", "A loop for all., returns: uv_loop_t*", "A loop for all., returns: const uv_lop_t*", "uv_default_loop:", "uv_default_loop", "`const uv_lop_t*`: no such type"),
    (PROFILES, "functions: [uv_async_send]", "functions: [uv_async_sent]", "  loop:", "loop", "no function `uv_async_sent`"),
    (PROFILES, "modules: [errors]", "modules: [error]", "  pure:", "pure", "no module `error`"),
    # what readers would miss
    (API, "summary: Stops a timer.", "summary: Stops a timer", "  uv_timer_stop:", "uv_timer_stop", "its summary is a sentence"),
    (API, "    returns: uint64_t\n    returns_meaning: the interval\n", "    returns: uint64_t\n", "  uv_timer_get_repeat:", "uv_timer_get_repeat", "say what it returns: `returns_meaning:`"),
    (API, "type: uv_timer_cb, retained: until close, meaning: called when it is due}", "type: uv_timer_cb}", "  uv_timer_start:", "uv_timer_start", "say what the parameter cb is"),
    (API, "    summary: A timer.\n", "", "  uv_timer_t:", "uv_timer_t", "say what it is: `summary:`"),
    (API, "    summary: A timer.\n", "    summary: A timer.\n    fields: [{name: a, type: int}]\n", "  uv_timer_t:", "uv_timer_t", "say what the field a is"),
    (API, "types:\n", "enums:\n  - {name: '', form: tag, values: [{name: UV_ELSE, value: 1}]}\ntypes:\n", "form: tag", "UV_ELSE", "say what it means: `meaning:`"),
    (API, "to: stopped, what", "to: halted, what", "to: halted", "timer", "`happens:` names the state halted"),
    (API, "to: stopped, what", "to: running, what", "to: running", "timer", "`happens:` leads from running to itself"),
    (API, "fires: {callback: uv_timer_cb,", "fires: {callback: uv_time_cb,", "  kind: timer", "timer", "`fires:` names uv_time_cb, which is no callback"),
    (f"{LOOP}/api.yaml", "functions:\n", "life: {type: uv_loop_t, states: {a: {active: true, meaning: a}}, happens: [{from: [a], to: b, what: c}]}\nfunctions:\n", "life: {type", "uv_loop_t", "`life:` leads to or from b, which is none of its states"),
    (API, "in: [running], phase", "in: [going], phase", "  kind: timer", "timer", "`fires:` names the state going"),
    # what only a whole load finds
    (BEHAVIOR, "since: 1.1.0", "since: tomorrow", "since: tomorrow", "UV-TIMER-0031", "'tomorrow' does not match"),
    # the registry
    (BEHAVIOR, TEXT_31, "text: Timers fire at random.", "id: UV-TIMER-0031", "UV-TIMER-0031", "its meaning changed: make it `rev: 2`"),
]


def test_the_small_one_is_in_order(damage: Damage) -> None:
    assert damage.linting() == []


@pytest.mark.parametrize(("file", "old", "new", "on", "id_", "what"), DAMAGE, ids=[f"{d[4]} {d[5]}" for d in DAMAGE])
def test_damage_is_told(file: str, old: str, new: str, on: str, id_: str, what: str, damage: Damage) -> None:
    damage.replace(file, old, new)
    told = damage.linting()
    if on.endswith(".md"):
        place = f"{on}:1"
    else:
        where, _, text = on.rpartition("|")
        place = f"{where or file}:{line_of(damage.root, where or file, text)}"
    assert any(p.startswith(f"{place}: {id_}: ") and what in p for p in told), f"not told at {place}:\n" + "\n".join(told)


def test_the_abi_and_the_api_agree(damage: Damage) -> None:
    damage.write("spec/abi/linux-x86_64.yaml", "target: linux-x86_64\ntypes:\n  uv_timer_t: {size: 152}\n  uv_tmer_t: {size: 1}\n"
                                               "constants: {UV_EINVAL: -22, UV_ENO: 1}\n")
    assert damage.linting() == [
        "spec/abi/linux-x86_64.yaml:1: UV_ENO: the ABI has this constant, no module declares it",
        "spec/abi/linux-x86_64.yaml:1: uv_tmer_t: the ABI has this type, no module declares it"]


def test_a_function_named_like_a_built_in_is_told(damage: Damage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(steps.BUILTINS, "uv_now", ("int", 0, "x"))
    assert any("uv_now: is the name of a built-in of the step language" in p for p in damage.linting())


def test_every_rule_was_broken_above() -> None:
    """A rule without a damage would be a rule that may say nothing."""
    source = "".join(Path(m.__file__).read_text(encoding="utf-8") for m in (lint, documented))
    messages = re.findall(r'yield Problem\([^"]*?, f?"((?:[^"\\]|\\.)*)"', source) + re.findall(r"what = \"([^\"]*)\" if", source)
    tests = (Path(__file__), Path(__file__).with_name("test_trace.py"))
    told = " ".join(d[5] for d in DAMAGE) + "".join(p.read_text(encoding="utf-8") for p in tests)
    assert len(messages) > 25
    for message in messages:
        words = max(re.split(r"\{[^}]*\}", message.replace('\\"', '"')), key=len).strip()
        assert words[:15].strip() in told, f"no damage makes the linter say: {message}"


def test_the_real_one_notices_damage_too(tmp_path: Path) -> None:
    """Its files at the moment, broken in several places at once."""
    shutil.copytree(paths.SPEC, tmp_path / "spec")
    damage = Damage(tmp_path)
    damage.replace(SCENARIOS, "name: stopped while due\n", "name: closed while due\n")
    damage.replace(SCENARIOS, "    shows: [UV-TIMER-0046]", "    shows: [UV-TIMER-0047]")
    damage.replace(SCENARIOS, "    shows: [UV-TIMER-0045]", "    shows: [UV-TIMER-0045, UV-TIMER-9999]")
    damage.replace(API, "{id: UV-TIMER-0007, when: {handle: closing}", "{id: UV-TIMER-0007, when: {handle: closed}")
    damage.write("spec/decisions/D-9999-unused.md", "# D-9999: Nobody asked\n")
    new = "\n".join(damage.linting())
    for told in ("UV-TIMER-0046: no scenario shows it", "two tests are named UV-TIMER-0047.closed-while-due", "UV-TIMER-9999: scenario \"",
                 "uv_timer_stop: no row for the handle in state closing", "spec/decisions/D-9999-unused.md:1: D-9999: no clause refers"):
        assert told in new
