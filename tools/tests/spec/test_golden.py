"""The generated C as text, compared with checked-in files, and as something that compiles without a warning.

After a wanted change: UVSPEC_UPDATE_GOLDEN=1 pytest tests/spec/test_golden.py, then read the difference.
"""

from __future__ import annotations

import copy
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from spec_support import GOLDEN

from uvspec import __version__, gen, paths, spec_json
from uvspec.errors import SpecError
from uvspec.gen import modules_gni, scenario_c, suite
from uvspec.gen.repro import repro_c
from uvspec.model import At, Function, Module, Param, Spec

FILES = ("async_tests.c", "memory_tests.c", "suite_table.c", "uvt_api.c", "uvt_api.h")
REPROS = ("UV-TIMER-0030", "UV-TIMER-0031.in-order", "UV-LOOP-0001", "UV-LOOP-0004", "UV-TIMER-0004.uv-timer-start-stopped-timeout-uint64-max",
          "UV-HANDLE-0011.activity-in-every-state-timer-stopped", "UV-LOOP-0002.the-function-is-exported-uv-run")
FLAGS = ["-std=gnu11", "-Wall", "-Wextra", "-Wshadow", "-Wstrict-prototypes", "-Werror",
         "-Wno-type-limits"]  # boundary values: `x >= 0` of an unsigned x; the suite's build says so too
_NOWHERE = At()
DIGEST = """\
import hashlib, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from uvspec.gen import suite
from uvspec.load import load_spec
print(hashlib.sha256(repr(suite.files(load_spec(Path(sys.argv[2])))).encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def generated(small: Spec) -> dict[str, str]:
    return suite.files(small)


def compare(name: str, text: str) -> None:
    """The text with the checked-in one; `.txt` keeps the formatters of C away from it."""
    path = GOLDEN / f"{name}.txt"
    text = text.replace(__version__, "VERSION")
    if os.environ.get("UVSPEC_UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert path.exists() and text == path.read_text(encoding="utf-8"), f"{path}: see the top of {Path(__file__).name}"


@pytest.mark.parametrize("name", FILES)
def test_golden(name: str, generated: dict[str, str]) -> None:
    compare(name, generated[name])


@pytest.mark.parametrize("id_", REPROS)
def test_golden_repro(id_: str, small: Spec) -> None:
    """Only the scenario's part: the helpers are C files of their own."""
    text = repro_c(small, id_)
    compare(f"repro-{id_}.c", text[:text.index("#define")] + text[text.index("static void uvt_check("):text.index("/* ---- helpers")])


def test_the_files_of_a_suite(small: Spec, generated: dict[str, str]) -> None:
    assert set(generated) == {f"{m}_tests.c" for m in small.modules} | {"suite_table.c", "uvt_api.c", "uvt_api.h", "tests.json"}
    assert modules_gni.generate(small).split()[-8:] == ["[", '"async",', '"errors",', '"handle",', '"loop",', '"memory",', '"timer",', "]"]
    for line in [line for text in generated.values() for line in text.split("\n")]:
        assert line == line.rstrip()


def test_generating_is_deterministic(small_root: Path, generated: dict[str, str]) -> None:
    here = hashlib.sha256(repr(generated).encode()).hexdigest()
    for seed in ("1", "2"):
        done = subprocess.run([sys.executable, "-c", DIGEST, str(paths.TOOLS), str(small_root)], check=True, capture_output=True,
                              text=True, env={**os.environ, "PYTHONHASHSEED": seed})
        assert done.stdout.strip() == here


def test_it_is_the_same_from_spec_json(small: Spec, generated: dict[str, str], tmp_path: Path) -> None:
    document = tmp_path / "spec.json"
    document.write_text(spec_json.dumps(small), encoding="utf-8")
    out = suite.write(document, tmp_path / "suite")
    assert {p.name: p.read_text(encoding="utf-8") for p in out} == generated
    times = {p: p.stat().st_mtime_ns for p in out}
    suite.write(document, tmp_path / "suite")
    assert {p: p.stat().st_mtime_ns for p in out} == times, "nothing is written that did not change"


def test_a_broken_specification_generates_nothing(small: Spec) -> None:
    broken = copy.deepcopy(small)
    broken.modules["timer"].scenarios[0].steps[1].text = "uv_timer_start(t) -> 0"
    with pytest.raises(SpecError, match="takes 4 arguments, 1 given"):
        suite.files(broken)


def test_the_manifest_tells_what_a_report_needs(small: Spec, generated: dict[str, str]) -> None:
    document = json.loads(generated["tests.json"])
    tests = {t["name"]: t for t in document["tests"]}
    assert tests["UV-TIMER-0031.in-order"] | {"symbols": [], "digest": ""} == {
        "name": "UV-TIMER-0031.in-order", "module": "timer", "clauses": ["UV-TIMER-0031", "UV-TIMER-0030"], "level": "must", "origin": "scenario",
        "at": "spec/modules/timer/scenarios.yaml:20", "scenario": "in order", "symbols": [], "since": "1.1.0", "until": "", "digest": "",
        "callbacks": {"on_close": "uv_close_cb", "on_far": "uv_timer_cb", "on_t": "uv_timer_cb"}}
    assert tests["UV-LOOP-0004.in-a-child"]["since"] == "1.12.0"
    levels = {n: t["level"] for n, t in tests.items() if t["level"] != "must"}
    assert levels["UV-HANDLE-0004.uv-is-active-timer-closing"] == "unspecified" and "may" in levels.values() and len(levels) == 3
    assert document["clauses"]["UV-LOOP-0003"] | {"at": "", "sources": [], "digest": ""} == {
        "module": "loop", "text": "A loop is closed before its memory goes.", "level": "must", "binds": "caller", "rev": 1, "decision": "",
        "sources": [], "at": "", "since": "1.0.0", "until": "", "untested": "binds the caller", "digest": "", "functions": []}
    assert set(document["decisions"]) == {"D-0001", "D-0002"} and len(document["symbols"]) == len(small.functions)


def test_a_digest_is_of_what_a_test_does(small: Spec, generated: dict[str, str]) -> None:
    """Neither a wording nor another test beside it changes it; a step does."""
    changed = copy.deepcopy(small)
    timer = changed.modules["timer"]
    timer.scenarios[0].why, timer.clauses["UV-TIMER-0030"].text = "Something else.", "Other words."
    changed.modules["async"].scenarios.clear()
    before = {t["name"]: t["digest"] for t in json.loads(generated["tests.json"])["tests"]}
    after = {t["name"]: t["digest"] for t in json.loads(suite.files(changed)["tests.json"])["tests"]}
    assert {n: before[n] for n in after} == after and len(set(before.values())) > 1
    timer.scenarios[0].steps = timer.scenarios[0].steps[:-1]
    name = scenario_c.test_name(timer.scenarios[0])
    assert {t["name"]: t["digest"] for t in json.loads(suite.files(changed)["tests.json"])["tests"]}[name] != after[name]


def test_a_test_ends_with_its_first_clause_that_ends(small: Spec) -> None:
    changed = copy.deepcopy(small)
    changed.modules["timer"].clauses["UV-TIMER-0031"].until = "1.44.0"
    changed.modules["timer"].clauses["UV-TIMER-0030"].until = "1.9.0"
    document = json.loads(suite.files(changed)["tests.json"])
    assert {t["name"]: t["until"] for t in document["tests"]}["UV-TIMER-0031.in-order"] == "1.9.0"


def test_pointers_of_all_shapes() -> None:
    def function(name: str, returns: str, *types: str, variadic: bool = False) -> Function:
        params = [Param(f"p{i}", t) for i, t in enumerate(types)]
        return Function(name, _NOWHERE, "m", "1.0.0", returns, params, variadic)

    functions = [function("uv_a", "void"), function("uv_b", "const char*", "int", "char**"), function("uv_c", "int", "uv_loop_t*", variadic=True),
                 function("uv_d", "void", "void (*)(void)")]
    spec = Spec("1.52", {"m": Module("m", _NOWHERE, "", False, {f.name: f for f in functions})})
    text = suite.api_header(spec)
    for line in ("void (*uv_a)(void);", "const char *(*uv_b)(int, char **);", "int (*uv_c)(uv_loop_t *, ...);", "void (*uv_d)(void (*)(void));"):
        assert f"  {line}\n" in text


def test_writing_what_is_checked_in(small: Spec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gen, "checked_in", lambda spec, root: {root / "a.txt": "a\n", root / "b/c.txt": "c\n"})
    (tmp_path / "a.txt").write_text("a\n")
    assert gen.run(small, tmp_path, verify=True) == [Path("b/c.txt")]
    assert not (tmp_path / "b").exists()
    assert gen.run(small, tmp_path) == [Path("b/c.txt")] and (tmp_path / "b/c.txt").read_text() == "c\n"
    assert gen.run(small, tmp_path) == []


# ------------------------------------------------------------------------------------------- as C


def compiled(files: dict[str, str], names: list[str], folder: Path, how: str = "-O1") -> str:
    """What gcc says of the files, all of them together."""
    if not shutil.which("gcc"):
        pytest.skip("gcc is not installed")
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    argv = ["gcc", *FLAGS, "-DUVT_SUITE_BINARY", f"-I{paths.CONFORMANCE / 'harness'}", f"-I{folder}", f"-I{paths.IMPL / 'include'}", how, "-c"]
    return subprocess.run([*argv, *names], cwd=folder, capture_output=True, text=True, check=False).stderr


def test_it_compiles(generated: dict[str, str], tmp_path: Path) -> None:
    assert compiled(generated, [n for n in generated if n.endswith(".c")], tmp_path) == ""


def test_the_real_one_compiles(real: Spec, real_tests: list[suite.Test], tmp_path: Path) -> None:
    """Not all of it, that is the build's business: the call table, and the tests of two modules."""
    files = {f"{m}_tests.c": suite.module_file(m, [t for t in real_tests if t.scenario.module == m]) for m in ("timer", "async")}
    files |= {"uvt_api.c": suite.api_source(real), "uvt_api.h": suite.api_header(real)}
    assert compiled(files, [n for n in files if n.endswith(".c")], tmp_path, "-fsyntax-only") == ""
