"""Reproducers: one C file that needs an installed libuv and nothing else, and says what the suite says."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from uvspec.gen import repro, suite
from uvspec.gen.repro import find, part_of, repro_c
from uvspec.gen.scenario_c import test_name as name_of
from uvspec.model import Spec

CFLAGS = ["-Wall", "-Wextra", "-Werror"]


@pytest.fixture(scope="session")
def libuv() -> tuple[int, ...]:
    """The version of the system's libuv."""
    if not shutil.which("cc") or not shutil.which("pkg-config"):
        pytest.skip("needs cc and pkg-config")
    done = subprocess.run(["pkg-config", "--modversion", "libuv"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip("libuv is not installed (libuv1-dev)")
    return tuple(int(p) for p in re.findall(r"\d+", done.stdout)[:3])


def run(spec: Spec, id_: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Compiled as the file's own first lines say, with all warnings, and run."""
    (folder / "x.c").write_text(repro_c(spec, id_), encoding="utf-8")
    built = subprocess.run(["cc", *CFLAGS, "x.c", "-luv", "-pthread", "-o", "x"], cwd=folder, capture_output=True, text=True, check=False)
    assert built.returncode == 0 and built.stderr == "", built.stderr
    return subprocess.run([str(folder / "x")], capture_output=True, text=True, check=False, timeout=60, stdin=subprocess.DEVNULL)


# One for each part of the helpers, and each kind of origin.
SMALL: dict[str, set[str]] = {
    "UV-ASYNC-0001": {"threads.c", "trace.c"},
    "UV-ASYNC-0002": {"signals.c", "descriptors.c", "trace.c"},
    "UV-LOOP-0001": {"trace.c"},  # any order
    "UV-LOOP-0004": {"fork.c", "trace.c"},  # and a note
    "UV-MEMORY-0001": {"memory.c"},
    "UV-TIMER-0031.in-order": {"clocks.c", "trace.c"},  # one of
    "UV-ERRORS-0001": set(),
    "UV-HANDLE-0010.init-leaves-data-alone-async": set(),
}
# Of the real one: what libuv 1.44.2 keeps.
REAL = ["UV-TIMER-0030", "UV-TIMER-0034.ties-keep-start-order-after-others-were-removed", "UV-TIMER-0044", "UV-TIMER-0051"]


@pytest.mark.parametrize("id_", SMALL)
def test_it_compiles_alone_and_passes(id_: str, small: Spec, tmp_path: Path, libuv: tuple[int, ...]) -> None:
    text = repro_c(small, id_)
    parts = part_of()
    assert {parts[n] for n in set(re.findall(r"\buvt_[a-z0-9_]+", text)) if n in parts} == SMALL[id_]
    done = run(small, id_, tmp_path)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert done.stdout.startswith("libuv 1.") and done.stdout.endswith("\nPASS\n") and "FAILED" not in done.stdout


def test_parts_that_only_the_real_one_uses_compile(real: Spec, real_tests: list[suite.Test], tmp_path: Path, libuv: tuple[int, ...]) -> None:
    """The first test of each that the installed libuv has the functions for."""
    chosen: dict[str, str] = {}
    parts = part_of()
    for test in real_tests:
        new = all(version(real.functions[s].since) <= libuv for s in test.c.symbols)
        for name in set(re.findall(r"\buvt_[a-z0-9_]+", test.c.text)) & set(parts) if new else ():
            chosen.setdefault(parts[name], test.name)
    ids = {id_ for part, id_ in chosen.items() if part not in set().union(*SMALL.values())}
    for number, id_ in enumerate(sorted(ids)):
        (tmp_path / f"x{number}.c").write_text(repro_c(real, id_), encoding="utf-8")
    if ids:
        files = [f"x{n}.c" for n in range(len(ids))]
        built = subprocess.run(["cc", *CFLAGS, "-c", *files], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert built.stderr == "", f"{sorted(ids)}\n{built.stderr}"


def test_whatever_a_scenario_calls_is_there(real_tests: list[suite.Test]) -> None:
    known = set(part_of()) | set(re.findall(r"^static .*\b(uvt_[a-z0-9_]+)\(", repro._read(repro.BASE), re.M))
    missing = {name: test.name for test in real_tests for name in re.findall(r"\b(uvt_[a-z0-9_]+)\(", test.c.text) if name not in known}
    assert not missing


def test_what_the_harness_shares_has_names_that_no_scenario_uses() -> None:
    for name in repro.SHARED:
        text = repro._read(name)
        for line in re.findall(r"^(?:static .*|enum .*|struct .*|[a-z].*\{)$", text, re.M):
            assert re.search(r"\buvt_[a-z0-9_]+|\{$", line), f"{name}: {line}"
        assert "#include" not in text and not re.search(r"^(?!static |enum |struct |union |UVT_|#|\}|/\*| |$)\S", text, re.M), name


def version(text: str) -> tuple[int, ...]:
    return tuple(int(p) for p in text.split("."))


@pytest.mark.parametrize("id_", REAL)
def test_what_libuv_keeps(id_: str, real: Spec, tmp_path: Path, libuv: tuple[int, ...]) -> None:
    done = run(real, id_, tmp_path)
    assert done.returncode == 0, done.stdout


def test_what_an_older_libuv_lacks(real: Spec, tmp_path: Path, libuv: tuple[int, ...]) -> None:
    """Before 1.48 a timer restarted with 0 ms fired again in the same pass."""
    done = run(real, "UV-TIMER-0033", tmp_path)
    assert done.returncode == (0 if libuv >= (1, 48) else 1)
    if libuv < (1, 48):
        assert re.search(r"FAILED  the trace\n  wanted: .*\n  seen:   on_t\(t\) on_t\(t\)", done.stdout) and done.stdout.endswith("FAIL\n")


@pytest.mark.parametrize(("old", "new", "told"), [
    ("CHECK_INT(uv_run(loop, UV_RUN_DEFAULT), ==, 0)", "CHECK_INT(uv_run(loop, UV_RUN_DEFAULT), ==, 7)", "FAILED  uv_run(loop, UV_RUN_DEFAULT)\n  wanted: == 7\n  seen:   0"),
    ('uvt_trace("on_t \\"child ran\\"")', 'uvt_trace("on_t")', "seen:   on_t(t) child ran"),
    ("uvt_note(\"child ran\");", "uvt_note(\"child ran\"); abort();", "FAILED"),
])
def test_what_goes_wrong_in_a_child_is_told(old: str, new: str, told: str, small: Spec, tmp_path: Path, libuv: tuple[int, ...],
                                            monkeypatch: pytest.MonkeyPatch) -> None:
    text = repro_c(small, "UV-LOOP-0004")
    assert text.count(old) == 1
    monkeypatch.setattr("test_repro.repro_c", lambda spec, id_: text.replace(old, new))
    done = run(small, "", tmp_path)
    assert done.returncode == 1 and told in done.stdout


def test_only_what_is_called_is_there(small: Spec) -> None:
    text = repro_c(small, "UV-ERRORS-0001")
    for name in ("uvt_trace", "uvt_loop", "uvt_event", "uvt_handle", "uvt_fork", "uvt_malloc"):
        assert f"{name}(" not in text
    assert "uvt_event(" in repro_c(small, "UV-TIMER-0030")


def test_what_only_a_helper_calls_is_declared_before_it(real: Spec) -> None:
    text = repro_c(real, "UV-UDP-0066.trying-a-hundred")
    assert text.index("static char *uvt_pattern(size_t size);") < text.index("= uvt_pattern(")


def test_nothing_of_the_suite_is_in_it(small: Spec) -> None:
    for id_ in SMALL:
        text = repro_c(small, id_)
        assert '#include "' not in text and "__" not in re.sub(r"__(atomic|attribute__|ATOMIC)\w*|__VA_ARGS__|__\(", "", text)
        assert text.startswith(f"/* {id_}") and "cc FILE.c -luv -pthread" in text


def test_which_test_a_name_means(small: Spec) -> None:
    def found(id_: str) -> str | None:
        scenario = find(small, id_)
        return name_of(scenario) if scenario else None

    assert found("UV-TIMER-0030") == "UV-TIMER-0030.repeats-until-stopped"  # not the one that shows it besides
    assert found("UV-TIMER-0031.in-order") == "UV-TIMER-0031.in-order"
    assert found("UV-TIMER-0004") == "UV-TIMER-0004.uv-timer-start-fresh"
    assert found("UV-TIMER-0004.uv-timer-start-running-repeat-1") == "UV-TIMER-0004.uv-timer-start-running-repeat-1"
    assert found("UV-TIMER-0099") is None
    with pytest.raises(KeyError):
        repro_c(small, "UV-TIMER-0099")
