"""Loading: every mistake is told with its file, line and ID, all of them at once; nothing is lost on the way."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from spec_support import HANDLE, LOOP, TIMER, Damage, line_of

from uvspec import paths, spec_json
from uvspec.load import load_spec, row_sentence, spec_files
from uvspec.model import At, Level, Spec

API, BEHAVIOR, SCENARIOS = f"{TIMER}/api.yaml", f"{TIMER}/behavior.yaml", f"{TIMER}/scenarios.yaml"

# file, text, what stands there instead, the line to be told (as text on it, after the change), ID, part of the message
MISTAKES = [
    # unknown keys
    (API, "complete: true", "completed: true", "completed", "", "'completed' was unexpected"),
    (API, "summary: Starts a timer.", "summery: Starts a timer.", "summery", "", "'summery' was unexpected"),
    (API, "{id: UV-TIMER-0005, when:", "{id: UV-TIMER-0005, whenn:", "UV-TIMER-0005", "UV-TIMER-0005", "'whenn' was unexpected"),
    (API, "stopped:\n      active: false", "stopped:\n      activ: false", "activ:", "", "'activ' was unexpected"),
    (BEHAVIOR, "since: 1.1.0", "sinse: 1.1.0", "sinse", "UV-TIMER-0031", "'sinse' was unexpected"),
    (BEHAVIOR, "- {fact: '19'}", "- {fakt: '19'}", "fakt", "UV-TIMER-0030", "'fakt' was unexpected"),
    (SCENARIOS, "why: stops by itself, or never", "wy: stops", "wy: stops", "", "'wy' was unexpected"),
    (SCENARIOS, "      - if: uv_loop_alive(loop) != 0", "      - when: uv_loop_alive(loop) != 0", "when:", "", "steps/3"),
    (f"{HANDLE}/scenarios.yaml", "over: handle states", "over: handle moods", "handle moods", "", "is not one of"),
    ("spec/profiles.yaml", "includes: [pure]", "contains: [pure]", "contains", "", "'contains' was unexpected"),
    # missing keys
    (API, "module: timer\n", "", "summary: Timers.", "", "'module' is a required property"),
    (API, "    since: 1.0.0\n    summary: Starts a timer.", "    summary: Starts a timer.", "uv_timer_start:", "", "'since' is a required"),
    (API, "  constant: UV_TIMER\n", "", "handle:\n  kind", "", "'constant' is a required property"),
    (BEHAVIOR, "    sources:\n      - {seed: 003 step 41}\n", "", "- id: UV-TIMER-0031", "UV-TIMER-0031", "'sources' is a required"),
    (BEHAVIOR, "- {seed: 003 step 41}", "- {says: nothing}", "says: nothing", "UV-TIMER-0031", "sources/0"),
    (SCENARIOS, "    shows: [UV-TIMER-0030]\n", "", "name: repeats until stopped", "", "'shows' is a required property"),
    (f"{LOOP}/scenarios.yaml", "    over: functions\n", "", "name: the function is exported", "", "'over' is a required property"),
    # wrong types and values
    (API, "complete: true", "complete: yes", "complete: yes", "", "'yes' is not of type 'boolean'"),
    (API, "since: 1.0.0\n    summary: Stops", "since: 1.0\n    summary: Stops", "since: 1.0\n", "", "'1.0' does not match"),
    (API, "boundary: ['0', '1']", "boundary: 1", "boundary: 1}", "", "1 is not of type 'array'"),
    (BEHAVIOR, "id: UV-TIMER-0030\n    rev: 1", "id: UV-TIMER-0030\n    rev: one", "rev: one", "UV-TIMER-0030", "'one' is not of type 'integer'"),
    (BEHAVIOR, "id: UV-TIMER-0030", "id: UV-TIMER-30", "UV-TIMER-30", "UV-TIMER-30", "does not match"),
    (SCENARIOS, "handles: {t: timer}", "handles: [t]", "handles: [t]", "", "['t'] is not of type 'object'"),
    (SCENARIOS, "        3:\n", "        3rd:\n", "3rd:", "", "'3rd' does not match any of the regexes"),
    (SCENARIOS, "      - trace: [on_t × 3]", "      - trace: on_t", "trace: on_t\n", "", "steps/3"),
    (SCENARIOS, "t: {kind: timer, count: 10}", "t: {kind: timer, count: 1}", "count: 1}", "", "1 is less than the minimum of 2"),
    ("spec/profiles.yaml", "modules: [errors]", "modules: errors", "modules: errors", "", "'errors' is not of type 'array'"),
    ("spec/profiles.yaml", "includes: [pure]", "includes: [late]", "  loop:", "", "profile `loop` includes `late`, which does not stand above it"),
    # YAML
    (BEHAVIOR, "    rev: 1\n    since", "    rev: 1\n    rev: 2\n    since", "rev: 2", "", "duplicate key `rev`"),
    (API, "complete: true", "complete:", "complete:", "", "empty value"),
    (SCENARIOS, "    vars: {passed: uint64_t}", "    vars: {passed: uint64_t", "callbacks:\n      on_far", "", "not YAML"),
    # names of files and folders, IDs
    (API, "module: timer", "module: timers", "module: timers", "", "module is `timers`, its folder is `timer`"),
    (BEHAVIOR, "id: UV-TIMER-0031", "id: UV-TIMER-0030", "- {fact: '19'}", "UV-TIMER-0030", "also on line 2: IDs are used once"),
    ("spec/decisions/D-0001-closing-and-active.md", "# D-0001: ", "# D-0001 - ", "", "", "a decision begins with `# D-NNNN: title`"),
    ("spec/decisions/D-0001-closing-and-active.md", "# D-0001: ", "# D-0003: ", "", "", "and its file with the same number"),
]


@pytest.mark.parametrize(("file", "old", "new", "on", "id_", "what"), MISTAKES,
                         ids=[f"{m[0].removeprefix('spec/').removeprefix('modules/')}: {m[2].split(chr(10))[-1].strip() or 'no ' + m[1]}" for m in MISTAKES])
def test_a_mistake_is_told_with_its_place(file: str, old: str, new: str, on: str, id_: str, what: str, damage: Damage) -> None:
    damage.replace(file, old, new)
    problem = next((p for p in damage.loading() if what in p), "not told")
    at, _, rest = problem.partition(": ")
    lines = (damage.root / file).read_text(encoding="utf-8").split("\n")
    line = int(at.removeprefix(f"{file}:"))
    # A missing key is told where its mapping begins; a broken bracket, where the parser stumbles.
    near = "\n".join(lines[max(0, line - 2):line + 1])
    assert on.rstrip("\n").split("\n")[0] in near, f"{problem}\n{near}"
    assert rest.startswith(f"{id_}: " if id_ else "")


def test_all_problems_are_told_at_once(damage: Damage) -> None:
    damage.replace(API, "complete: true", "complete: 7")
    damage.replace(API, "summary: Timers.", "sumary: Timers.")
    damage.replace(BEHAVIOR, "since: 1.1.0", "since: soon")
    damage.replace(SCENARIOS, "why: stops by itself, or never", "why: []")
    damage.replace(f"{LOOP}/behavior.yaml", "rev: 2", "rev: 2\n    rev: 3")
    damage.replace("spec/profiles.yaml", "summary: No loop.", "summary: 3")
    damage.write("spec/decisions/D-0009-x.md", "nothing")
    files = [p.split(":")[0] for p in damage.loading()]
    assert files == sorted(files)
    assert sorted(set(files)) == sorted({API, BEHAVIOR, SCENARIOS, f"{LOOP}/behavior.yaml", "spec/profiles.yaml", "spec/decisions/D-0009-x.md"})
    assert files.count(API) == 3  # wrong type, unknown key, missing key


def test_files_that_are_missing_or_no_text(damage: Damage) -> None:
    (damage.root / API).unlink()
    (damage.root / LOOP / "api.yaml").write_bytes(b"module: \xff")
    (damage.root / "spec/decisions/D-0001-closing-and-active.md").write_bytes(b"# D-0001: \xff\n")
    assert [p.partition(": ")[0] for p in damage.loading()] == [
        "spec/decisions/D-0001-closing-and-active.md", f"{LOOP}/api.yaml", TIMER]


def test_two_decisions_with_one_number(damage: Damage) -> None:
    damage.write("spec/decisions/D-0001-zzz.md", "# D-0001: Again\n")
    assert damage.loading() == ["spec/decisions/D-0001-zzz.md:1: D-0001: also in spec/decisions/D-0001-closing-and-active.md: "
                                "take the next free number"]


def test_an_abi_file_is_named_after_its_target(damage: Damage) -> None:
    damage.write("spec/abi/amiga-68k.yaml", "target: amiga-ppc\ntypes: {}\nconstants: {UV_EINVAL: -22}\n")
    assert damage.loading() == ["spec/abi/amiga-68k.yaml:1: target is `amiga-ppc`, the file is named `amiga-68k.yaml`"]


def test_no_specification(tmp_path: Path) -> None:
    assert "is this the project's root?" in Damage(tmp_path).loading()[0]


def test_what_the_small_one_comes_to(small: Spec) -> None:
    assert list(small.modules) == ["async", "errors", "handle", "loop", "memory", "timer"]
    assert small.profiles["loop"].modules == ["errors", "loop", "handle", "timer"]
    assert small.profiles["loop"].functions == ["uv_buf_init", "uv_async_send"]
    assert small.decisions["D-0001"].title == "Whether a closing handle is active"
    assert small.decisions["D-0001"].text == "It is left open.\n"
    clause = small.clauses["UV-TIMER-0031"]
    assert (clause.at, clause.since, clause.level) == (At(BEHAVIOR, 8), "1.1.0", Level.MUST)
    row = small.clauses["UV-TIMER-0004"]
    assert (row.row_of, row.since, row.at.file) == ("uv_timer_start", "1.0.0", API)
    start = small.functions["uv_timer_start"]
    assert row_sentence(start, start.outcomes[2]) == row.text == (
        "uv_timer_start with handle fresh or stopped or running returns 0, leaves the handle running, sets repeat to repeat.")
    scenario = small.modules["timer"].scenarios[0]
    assert scenario.callbacks["on_t"].at.line == line_of(paths.TOOLS / "tests/spec/small", SCENARIOS, "      on_t:")
    assert [s.text for s in scenario.callbacks["on_t"].nth[3]] == ["uv_timer_stop(handle) -> 0"]
    assert scenario.steps[3].trace == ["on_t × 3"] and scenario.steps[3].at.line == scenario.steps[2].at.line + 1


def test_a_row_becomes_a_clause_with_all_it_says(damage: Damage) -> None:
    damage.replace(API, "{id: UV-TIMER-0007, when: {handle: closing}, returns: 0}",
                   "{id: UV-TIMER-0007, rev: 3, when: {handle: closing}, returns: 0, level: may, since: 1.2.0, until: 1.30.0,\n"
                   "         text: 'Said  so.', decision: D-0001, untested: why, sources: [{doc: timer, says: x, contradicts: seed}]}")
    clause = load_spec(damage.root).clauses["UV-TIMER-0007"]
    (source,) = clause.sources
    assert (clause.rev, clause.level, clause.since, clause.until, clause.text, clause.decision, clause.untested) == (
        3, Level.MAY, "1.2.0", "1.30.0", "Said so.", "D-0001", "why")
    assert (source.kind, source.what, source.says, source.contradicts) == ("doc", "timer", "x", "seed")


def test_the_build_depends_on_every_file_that_was_read(root: Path) -> None:
    names = {str(p.relative_to(root)) for p in spec_files(root)}
    everything = {str(p.relative_to(root)) for p in (root / "spec").rglob("*") if p.is_file()} - {"spec/registry.txt"}
    assert names == everything


# ------------------------------------------------------------------------------------------- spec.json


@pytest.mark.parametrize("which", ["small", "real"])
def test_spec_json_loses_nothing(which: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    spec: Spec = request.getfixturevalue(which)
    text = spec_json.dumps(spec)
    path = tmp_path / "spec.json"
    path.write_text(text, encoding="utf-8")
    again = spec_json.read(path)
    assert again == spec
    assert typed(again) == typed(spec)  # `==` takes true for 1, and a text for an enumeration
    assert spec_json.dumps(again) == text


def typed(value: Any) -> Any:
    """The value with the types of all its parts, containers aside."""
    if dataclasses.is_dataclass(value):
        return type(value).__name__, {f.name: typed(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, dict):
        return [(typed(k), typed(v)) for k, v in value.items()]
    if isinstance(value, (list, tuple)):
        return isinstance(value, tuple), [typed(v) for v in value]
    return type(value).__name__, value


def test_spec_json_of_another_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "spec.json"
    path.write_text(json.dumps({"format": 99, "spec": {}}))
    with pytest.raises(ValueError, match="format 99, this tool reads"):
        spec_json.read(path)


def test_the_real_one_loads(real: Spec) -> None:
    assert len(real.functions) == 318
    assert set(real.abi) >= {"linux-x86_64", "windows-x86_64"}
