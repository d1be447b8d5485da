"""The build's own rules: toolchains, source lists, generators that write only what changed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support import ROOT
from uvspec import build, paths
from uvspec.exits import CANNOT_RUN, RED, CannotRun, UsageError


def test_toolchains_are_read_from_the_build_files() -> None:
    assert build.toolchains()[0] == "gcc"
    assert {"clang", "clang_asan", "clang_tsan", "gcc_asan", "gcc_tsan"} < set(build.toolchains())


def test_an_unknown_toolchain_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="clang_asan"):
        build.known_toolchain("tcc")


def test_every_source_is_listed() -> None:
    assert build.unlisted_sources() == []


def test_an_unlisted_and_a_missing_source_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for part, folder in (("impl", "src"), ("conformance", "harness")):
        (tmp_path / part / folder).mkdir(parents=True)
        (tmp_path / part / "sources.gni").write_text(f'x = [ "{folder}/gone.c" ]\n')
    (tmp_path / "impl" / "src" / "new.c").touch()
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    assert build.unlisted_sources() == [
        "impl/sources.gni: impl/src/new.c exists and is not listed: add it",
        "impl/sources.gni: impl/src/gone.c is listed and does not exist",
        "conformance/sources.gni: conformance/harness/gone.c is listed and does not exist",
    ]


@pytest.mark.parametrize(
    ("said", "kind", "code"),
    [
        ("cc1: error: x.o: No space left on device", "the disk is full", CANNOT_RUN),
        ("ninja: error: build.ninja:7: expected '='", "rm -rf", CANNOT_RUN),
        ("x.c:1:1: error: expected identifier", "the build failed", RED),
    ],
)
def test_failures_are_told_apart(said: str, kind: str, code: int) -> None:
    stop = build._failure(["ninja"], said, 1)
    assert kind in str(stop) and stop.code == code


def test_a_failed_generator_is_told_in_its_own_words() -> None:
    said = ("ninja: Entering directory `out'\nFAILED: gen/spec.json gen/other.json\n"
            "/usr/bin/python3 ../tools/uvspec/gn_action.py spec --out x\nspec/a.yaml:1: what\nninja: build stopped: x\n")
    assert str(build._failure(["ninja"], said, 1)) == "the build failed:\nspec/a.yaml:1: what"


def test_a_missing_ninja_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CannotRun, match="setup"):
        build._run(["no-such-ninja"], "building")


def test_an_unusable_build_folder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("UVSPEC_OUT", str(tmp_path / "file" / "out"))
    with pytest.raises(CannotRun, match="cannot use the build folder"):
        build.build(["gcc"])


def test_a_build_folder_of_another_checkout_is_planned_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(build, "_run", lambda argv, what: ran.append(argv))
    (tmp_path / "build.ninja").touch()
    build.plan(tmp_path, {})
    build.plan(tmp_path, {})
    assert len(ran) == 1  # what is planned stays
    monkeypatch.setattr(paths, "ROOT", tmp_path / "elsewhere")
    build.plan(tmp_path, {})
    assert len(ran) == 2 and f"--root={tmp_path / 'elsewhere'}" in ran[1]


def test_generators_leave_unchanged_files_alone_and_say_what_they_read(tmp_path: Path) -> None:
    out, depfile = tmp_path / "spec.json", tmp_path / "spec.json.d"
    argv = [sys.executable, str(ROOT / "tools/uvspec/gn_action.py"), "spec", "--out", str(out),
            "--depfile", str(depfile)]
    subprocess.run(argv, check=True, cwd=tmp_path)
    os.utime(out, (1, 1))
    subprocess.run(argv, check=True, cwd=tmp_path)
    assert out.stat().st_mtime == 1
    read = depfile.read_text()
    for name in ("timer/api.yaml", "schema/api.schema.json", "uvspec/load.py", "spec/modules/timer \\"):
        assert name in read


def test_a_generator_tells_problems_by_file_and_line(tmp_path: Path) -> None:
    import shutil

    for part in ("tools/uvspec", "spec"):
        shutil.copytree(ROOT / part, tmp_path / part)
    api = tmp_path / "spec" / "modules" / "timer" / "api.yaml"
    api.write_text(api.read_text() + "nonsense: 1\n")
    line = len(api.read_text().splitlines())
    done = subprocess.run([sys.executable, str(tmp_path / "tools/uvspec/gn_action.py"), "spec", "--out",
                           str(tmp_path / "o"), "--depfile", str(tmp_path / "d")],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"spec/modules/timer/api.yaml:{line}" in done.stderr and "Traceback" not in done.stderr


def test_a_stale_list_of_modules_is_told(tmp_path: Path) -> None:
    spec = tmp_path / "spec.json"
    tool = str(ROOT / "tools/uvspec/gn_action.py")
    subprocess.run([sys.executable, tool, "spec", "--out", str(spec), "--depfile", str(tmp_path / "d")], check=True)
    done = subprocess.run([sys.executable, tool, "suite", "--spec", str(spec), "--out-dir", str(tmp_path), "--target", "t",
                           "--depfile", str(tmp_path / "d"), "--modules", "timer"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "spec/modules.gni:1: does not name the folders in spec/modules; run `./uvspec gen`\n"
