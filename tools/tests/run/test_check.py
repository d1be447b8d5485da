"""run_check() from end to end: what it prints, writes and returns."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from tiny_support import ROOT, TINY, compile_c, include_flags, write_manifest

from uvspec.exits import CANNOT_RUN, INTERRUPTED, OK, RED, USAGE
from uvspec.run.check import Options, run_check


@pytest.fixture
def options(tiny: Path, manifest_file: Path) -> Options:
    return Options(lib="system", suite=tiny, manifest=manifest_file, watchdog_ms=500, jobs=2)


def with_(options: Options, **changes: object) -> Options:
    return dataclasses.replace(options, **changes)  # type: ignore[arg-type]


def test_all_good_is_0(options: Options, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_check(with_(options, select=["good"])) == OK
    assert "8 tests in" in (out := capsys.readouterr().out) and "nothing red" in out


def test_a_red_row_is_1_and_told_in_full(options: Options, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_check(with_(options, select=["good", "fail-trace", "fail-check"])) == RED
    out = capsys.readouterr().out
    for text in ("The sentence about fail-trace.", "a b a", "a*2 b", "./uvspec repro fail-trace", "seen:   UV_EINVAL (-22)",
                 "10 tests in", "2 red, 2 clauses broken"):
        assert text in out


def test_every_report_is_written(options: Options, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    formats = {kind: tmp_path / "new" / f"out.{kind}" for kind in ("tap", "junit", "json", "html")}
    assert run_check(with_(options, formats=formats)) == RED
    document = json.loads(formats["json"].read_text())
    assert document["totals"]["tests"] == 35 and document["totals"]["pass"] == 8
    assert document["implementation"]["missing"] == ["uv_not_there"]
    assert document["implementation"]["soname"] == "libuv.so.1"
    xml = ElementTree.parse(formats["junit"]).getroot()
    assert xml.get("tests") == "35" and len(xml.findall(".//failure")) + len(xml.findall(".//error")) == document["totals"]["red"]
    assert formats["tap"].read_text().startswith("TAP version 14\n1..35\n")
    assert '"id":"UV-TINY-0001"' in formats["html"].read_text()
    assert [p.name for p in (tmp_path / "new").iterdir() if p.name.startswith(".")] == []


def test_json_on_stdout_is_all_there_is(options: Options, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_check(with_(options, select=["good-timer"], json_to_stdout=True)) == OK
    assert json.loads(capsys.readouterr().out)["tests"][0]["test"] == "good-timer"


def test_what_is_left_open_is_reported_not_failed(
    options: Options, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["fail-check", "hang", "crash-null"]
    levels = {"fail_check": "unspecified", "hang": "may", "crash_null": "unspecified"}
    manifest = write_manifest(tmp_path / "tests.json", names, **levels)
    assert run_check(with_(options, manifest=manifest, select=["fail-check", "hang"])) == OK
    assert run_check(with_(options, manifest=manifest)) == RED  # nothing allows a crash


def test_expected_failures_are_not_red_and_passes_are(
    options: Options, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expect = tmp_path / "x.toml"
    expect.write_text('[[expect]]\ntest = "fail-*"\nstatus = "fail"\nreason = "known"\n')
    assert run_check(with_(options, select=["fail", "good"], expect_file=expect)) == OK
    assert "8 of them as expected" in capsys.readouterr().out
    expect.write_text('[[expect]]\ntest = "good-timer"\nstatus = "fail"\nreason = "known"\n')
    assert run_check(with_(options, select=["good"], expect_file=expect)) == RED
    assert "passes now: remove the expectation" in capsys.readouterr().out
    expect.write_text('api_level = "1.44"\n[[expect]]\ntest = "fail-*"\nstatus = "fail"\nreason = "known"\n')
    report = tmp_path / "x.json"
    assert run_check(with_(options, select=["fail", "good"], expect_file=expect, formats={"json": report})) == OK
    assert json.loads(report.read_text())["held_to"] == "1.44"  # the library's own, as the file says
    expect.write_text('[[expect]]\ntest = "fail-check"\nstatus = "crash"\nreason = "known"\n')
    assert run_check(with_(options, select=["fail-check"], expect_file=expect)) == RED
    assert "expected crash, but it is fail" in capsys.readouterr().out


def test_repeat_finds_what_changes(tmp_path: Path, options: Options, capsys: pytest.CaptureFixture[str]) -> None:
    """A suite that passes and fails by turns."""
    script = tmp_path / "suite"
    script.write_text(f"""#!{sys.executable}
import json, pathlib, subprocess, sys
if "--probe" in sys.argv:
    sys.exit(subprocess.run([{str(options.suite)!r}, *sys.argv[1:]]).returncode)
turn = pathlib.Path({str(tmp_path / "turn")!r})
for line in sys.stdin:
    odd = turn.exists()
    turn.unlink() if odd else turn.touch()
    print(json.dumps(dict(test=line.split()[1], status="fail" if odd else "pass", reason="", failures=[], trace=[],
                          expected_trace=[], signal=0, ms=1, stderr="", missing=[])), flush=True)
""")
    script.chmod(0o755)
    once = with_(options, suite=script, select=["good-timer"], jobs=1)
    assert run_check(with_(once, repeat=4)) == RED
    assert "changes from run to run: 2 × pass, 2 × fail" in capsys.readouterr().out
    assert run_check(with_(options, select=["good-timer", "fail-check"], repeat=3)) == RED
    assert "changes from run to run" not in capsys.readouterr().out


def test_fail_fast_stops_at_the_first_red_row(options: Options, capsys: pytest.CaptureFixture[str]) -> None:
    chosen = ["good-timer", "fail-check", "hang"]
    assert run_check(with_(options, select=chosen, jobs=1, fail_fast=True, watchdog_ms=600_000)) == RED
    assert "2 tests in" in capsys.readouterr().out


@pytest.mark.parametrize(("named", "says"), [
    ("./nowhere.so", "No such file or directory"),
    ("libnowhere.so.9", "neither a file nor a library that the loader knows"),
    ("folder", "is a folder"),
    ("text.so", "it is no ELF file"),
    ("empty.so", "the file is empty"),
    ("lib.a", "static archive"),
    ("script.so", "linker script"),
    ("object.o", "is an object file, not a shared library"),
    ("arm.so", "is for AArch64 (64 bit), the suite for"),
    ("cut.so", "cannot be loaded"),
    ("other.so", "none of the functions of libuv is in it"),
    ("undefined.so", "linked without something it uses"),
    ("abort.so", "SIGABRT"),
])
def test_libraries_that_cannot_be_tested(
    named: str, says: str, options: Options, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    make_bad_libraries(tmp_path)
    assert run_check(with_(options, lib=named)) == USAGE
    error = capsys.readouterr().err
    assert says in error and named.removeprefix("./") in error


def make_bad_libraries(folder: Path) -> None:
    (folder / "folder").mkdir()
    (folder / "text.so").write_text("int main(void)\n")
    (folder / "empty.so").touch()
    (folder / "lib.a").write_bytes(b"!<arch>\nwhatever")
    (folder / "script.so").write_text("GROUP ( /lib/libuv.so.1 )\n")
    source = folder / "other.c"
    source.write_text("int other;\n")
    compile_c("-c", source, "-o", folder / "object.o")
    compile_c("-shared", "-fPIC", source, "-o", folder / "other.so")
    data = bytearray((folder / "other.so").read_bytes())
    (folder / "cut.so").write_bytes(data[:200])
    data[18] = 183
    (folder / "arm.so").write_bytes(data)
    source.write_text("int nowhere(void);\nint uv_x(void);\nint uv_x(void) { return nowhere(); }\n")
    compile_c("-shared", "-fPIC", source, "-o", folder / "undefined.so")
    source.write_text("#include <stdlib.h>\n__attribute__((constructor)) static void f(void) { abort(); }\n")
    compile_c("-shared", "-fPIC", source, "-o", folder / "abort.so")


def test_a_library_that_lacks_functions_is_tested_all_the_same(
    options: Options, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    library = tmp_path / "libbuggy.so"
    compile_c("-shared", "-fPIC", "-Wno-use-after-free", *include_flags(), TINY / "buggy_library.c", "-o", library, "-pthread")
    monkeypatch.chdir(tmp_path)
    assert run_check(with_(options, lib="libbuggy.so", select=["good-fork"])) == OK
    out = capsys.readouterr().out
    assert f"{library}, version 1.52.0-buggy" in out and "functions are missing: uv_loop_fork, uv_stop" in out


def test_bad_input_is_2_and_broken_builds_are_3(
    options: Options, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_check(with_(options, select=["UV-TINY-9999"])) == USAGE
    assert run_check(with_(options, formats={"pdf": tmp_path / "x"})) == USAGE
    assert run_check(with_(options, repeat=0)) == USAGE
    assert run_check(with_(options, api_level="new")) == USAGE
    assert run_check(with_(options, expect_file=tmp_path / "none.toml")) == USAGE
    assert run_check(with_(options, suite=tmp_path / "none")) == CANNOT_RUN
    assert run_check(with_(options, manifest=tmp_path / "none")) == CANNOT_RUN
    (tmp_path / "bad.json").write_text('{"format": 1}')
    assert run_check(with_(options, manifest=tmp_path / "bad.json")) == CANNOT_RUN
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 8 and all(line.startswith("uvspec: ") for line in lines)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_costs_no_results(options: Options, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_check(with_(options, select=["good"], formats={"json": Path("/dev/full")})) == CANNOT_RUN
    captured = capsys.readouterr()
    assert "/dev/full: the disk is full" in captured.err and "8 tests in" in captured.out


def test_a_report_that_cannot_be_written(options: Options, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert run_check(with_(options, select=["good"], formats={"tap": tmp_path / "file" / "x.tap"})) == CANNOT_RUN
    captured = capsys.readouterr()
    assert "x.tap: cannot be written" in captured.err and "8 tests in" in captured.out


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_keeps_what_there_is(signum: signal.Signals, options: Options, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    program = f"""
import signal, sys
from pathlib import Path
from uvspec.run.check import Options, run_check
signal.signal(signal.SIGINT, signal.default_int_handler)  # background jobs inherit that it is ignored
signal.signal(signal.SIGTERM, signal.SIG_DFL)
sys.exit(run_check(Options(lib="system", suite=Path({str(options.suite)!r}), manifest=Path({str(options.manifest)!r}),
         select=["good-timer", "hang-stubborn"], jobs=1, watchdog_ms=600000, formats={{"json": Path({str(out)!r})}})))
"""
    process = subprocess.Popen(
        [sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": str(ROOT / "tools")},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )
    assert process.stderr
    process.stderr.readline()  # one of two tests is done; the other never ends
    process.send_signal(signum)
    stdout, stderr = process.communicate()
    assert process.returncode == INTERRUPTED, stderr
    assert "interrupted; 0 red so far" in stdout and "interrupted after 1 tests" in stderr
    document = json.loads(out.read_text())
    assert document["interrupted"] and [t["test"] for t in document["tests"]] == ["good-timer"]
    assert subprocess.run(["pgrep", "-f", f"^{options.suite} "], check=False, capture_output=True).stdout == b""
