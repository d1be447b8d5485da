"""`uvspec guide`: the list of programs, and how the runner judges. The programs here are shell scripts."""

from __future__ import annotations

import json
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from uvspec import deps, paths
from uvspec.gen import stub
from uvspec.guide import programs, runner
from uvspec.guide import stage as stages
from uvspec.guide.stage import Done, Failed, Hang, Stage, stage, well
from uvspec.guide.trials import TRIALS


def test_every_program_has_a_trial() -> None:
    assert sorted(TRIALS) == programs.names(paths.ROOT)


def test_every_program_is_built() -> None:
    text = (paths.ROOT / "conformance" / "guide" / "programs.gni").read_text(encoding="utf-8")
    assert sorted(re.findall(r'^ +"([a-z-]+)",?|"(uvwget)"', text, re.M)) == sorted(
        (n, "") if n != "uvwget" else ("", n) for n in programs.names(paths.ROOT))


def script(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def perform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str) -> runner.Verdict:
    """The verdict on a script in a program's place, on a library that has everything."""
    script(tmp_path, name, text)
    monkeypatch.setattr(runner, "missing_functions", lambda *_: [])
    return runner.perform(name, tmp_path, tmp_path / "libuv.so.1")


SAYS = "echo nothing to wait for; echo the loop came back with 0"


@pytest.mark.parametrize(
    ("text", "status", "why"),
    [
        (SAYS, "pass", ""),
        (f"{SAYS}; echo more", "fail", "what it prints"),
        (f"{SAYS}; echo oops >&2; exit 3", "fail", "ended with 3: oops"),
        (f"{SAYS}; kill -SEGV $$", "fail", "ended with -11"),
        ("exit 0", "fail", "what it prints"),
    ],
)
def test_what_a_program_prints_and_how_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, status: str, why: str
) -> None:
    verdict = perform(tmp_path, monkeypatch, "helloworld", text)
    assert (verdict.status, why in verdict.why) == (status, True)


def test_a_program_that_hangs_is_told_and_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "PATIENCE_S", 0.5)
    verdict = perform(tmp_path, monkeypatch, "helloworld", "sleep 1000")
    assert verdict.status == "hang" and verdict.red


def test_a_server_that_never_listens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    verdict = perform(tmp_path, monkeypatch, "tcp-echo-server", "echo cannot bind >&2; exit 1")
    assert verdict.status == "fail" and "it never said `listening on`" in verdict.why and "cannot bind" in verdict.why


def test_the_library_under_test_comes_first(tmp_path: Path) -> None:
    library = tmp_path / "libmine.so"
    library.touch()
    script(tmp_path, "show", 'for d in $(echo "$LD_LIBRARY_PATH" | tr : " "); do readlink "$d/libuv.so.1"; break; done')
    with stage("show", tmp_path, library) as on:
        assert on.run().lines == [str(library)]
        folder = on.folder
    assert not folder.exists()


def test_lines_are_read_as_they_come(tmp_path: Path) -> None:
    script(tmp_path, "talker", 'echo one; read line; echo "got $line"; echo end')
    with stage("talker", tmp_path, tmp_path) as on:
        talk = on.start()
        assert talk.until("one") == "one"
        talk.send(b"this\n")
        assert talk.line() == "got this"
        assert well(talk.end()).lines == ["end"]


def test_what_a_trial_started_ends_with_it(tmp_path: Path) -> None:
    script(tmp_path, "server", "echo here; sleep 1000")
    with stage("server", tmp_path, tmp_path) as on:
        talk = on.start()
        talk.until("here")
    assert talk.child.returncode is not None


def test_patience_ends(tmp_path: Path) -> None:
    on = Stage("x", tmp_path, tmp_path, {})
    on.deadline = 0
    with pytest.raises(Hang):
        on.left_s()


def test_an_end_that_is_not_well() -> None:
    with pytest.raises(Failed, match="said nothing"):
        well(Done(1, "", ""))


@pytest.mark.skipif(not shutil.which("gcc"), reason="no gcc")
def test_functions_that_a_library_lacks_are_found(tmp_path: Path) -> None:
    source, library = tmp_path / "library.c", tmp_path / "libuv.so.1"
    source.write_text("int uv_run(void);\nint uv_loop_init(void) { return uv_run(); }\nint uv_loop_size;\n")
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, source], check=True)
    lacking = runner.missing_functions("helloworld", library)
    assert "uv_run" in lacking, "it is called, not defined"
    assert "uv_loop_init" not in lacking and "uv_loop_size" not in lacking
    assert "uv_fs_mkdir" in runner.missing_functions("fs-operations", library)
    assert runner.missing_functions("helloworld", source) == [], "unknown, so the loader decides"


def test_without_libcurl_its_program_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deps, "libcurl_headers", lambda: False)
    verdict = runner.perform("uvwget", tmp_path, tmp_path)
    assert verdict.status == "skipped" and "libcurl" in verdict.why


def test_the_stub_has_every_function() -> None:
    text = stub.generate(["uv_run", "uv_now"])
    assert re.findall(r"^void (\w+)\(void\) \{\}$", text, re.M) == ["uv_now", "uv_run"]


def test_verdicts_are_json() -> None:
    assert json.dumps(vars(runner.Verdict("a", "pass")))
