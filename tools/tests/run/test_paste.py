"""A reproducer is one C file that needs uv.h and nothing else, and says the same as the suite."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tiny_support import HARNESS, include_flags

from uvspec.run.paste import PARTS, private_names, repro_text

# Its names are those of the harness, on purpose.
SCENARIO = """\
static uv_timer_t t;
static int calls, live, lock, report, match, groups, handles, loops, NAME, GUARD;

static void walk(uv_timer_t *h) {
  uvt_event("on_t", h);
  if (++calls == 2) CHECK_INT(uv_timer_stop(h), ==, %(stop)s);
}

static void scenario(void) {
  uv_loop_t *loop = uvt_loop("loop");
  live = lock = report = match = groups = handles = loops = NAME = GUARD = 0;
  CHECK_INT(live + lock + report + match + groups + handles + loops + NAME + GUARD, ==, 0);
  CHECK_INT(uv_timer_init(loop, &t), ==, 0);
  uvt_handle("t", (uv_handle_t *) &t);
  CHECK_INT(uv_timer_start(&t, walk, 1, 1), ==, 0);
  CHECK_INT(uv_run(loop, UV_RUN_DEFAULT), ==, 0);
  uvt_trace("on_t*2");
  %(extra)s;
  uvt_finish();
}
"""


def run_repro(tmp_path: Path, *compiler: str, stop: str = "0", extra: str = "") -> subprocess.CompletedProcess[str]:
    source, program = tmp_path / "repro.c", tmp_path / "repro"
    scenario = SCENARIO % {"stop": stop, "extra": extra}
    source.write_text(repro_text(HARNESS, "UV-X-0001: a */ timer", "UV-X-0001.t", "scenario", "", scenario))
    built = subprocess.run([*compiler, *include_flags(), str(source), "-luv", "-pthread", "-o", str(program)],
                           capture_output=True, text=True, check=False)
    assert built.returncode == 0 and built.stderr == "", built.stderr
    return subprocess.run([str(program)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("compiler", [
    ["gcc"], ["gcc", "-std=c11", "-Wall", "-Wextra", "-Wshadow", "-Wstrict-prototypes", "-O2"],
    ["gcc", "-fsanitize=address,undefined"], ["gcc", "-fsanitize=thread"],
], ids=" ".join)
def test_it_compiles_alone_and_passes(compiler: list[str], tmp_path: Path, library: str) -> None:
    done = run_repro(tmp_path, *compiler)
    assert (done.stdout, done.stderr, done.returncode) == ("trace:\n  on_t(t)*2\nPASS: UV-X-0001.t\n", "", 0)


def test_a_failed_check_is_1(tmp_path: Path, library: str) -> None:
    done = run_repro(tmp_path, "gcc", stop="UV_EINVAL")
    assert done.returncode == 1
    assert "FAILED  uv_timer_stop(h)\n  wanted: UV_EINVAL (-22)\n  seen:   0\nFAIL: UV-X-0001.t\n" in done.stdout


@pytest.mark.parametrize(("extra", "says"), [
    ("exit(0)", "the program ended before the scenario did"),
    ('uvt_trace("(")', "gave up: the trace pattern is malformed"),
    ("if (dup(1) < 0) abort()", "left open: "),
    ("uv_loop_init((uv_loop_t *) malloc(sizeof(uv_loop_t)))", "memory after the test"),
])
def test_it_sees_what_the_suite_sees(extra: str, says: str, tmp_path: Path, library: str) -> None:
    done = run_repro(tmp_path, "gcc", "-include", "unistd.h", "-include", "stdlib.h", extra=extra)
    assert done.returncode == 1 and says in done.stdout, done.stdout


def test_it_includes_nothing_of_the_project() -> None:
    text = repro_text(HARNESS, "t", "t", "scenario", "0", "static void scenario(void) {}\n")
    assert '#include "' not in text and "uvt_api" not in text.replace('"uvt_api."', "")
    assert all(name in text for name in ("uvt_store_new", "uvt_leaks_after"))


def test_every_file_local_name_is_found() -> None:
    """The compiler's own list: no two pasted files may share a name that is not renamed."""
    for part in PARTS:
        text = (HARNESS / part).read_text()
        names = private_names(text)
        static_functions = {line.split("(")[0].split()[-1].lstrip("*") for line in text.splitlines()
                            if line.startswith("static ") and "(" in line and "=" not in line.split("(")[0]}
        assert {n for n in static_functions if not n.startswith("uvt_")} <= names, part
