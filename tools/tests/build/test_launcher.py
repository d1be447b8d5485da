"""The launcher and the command line: exit codes, streams, messages."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from support import ROOT, uvspec
from uvspec.cli import COMMANDS


def test_help_names_every_command_and_exit_code() -> None:
    done = uvspec("--help")
    assert done.returncode == 0
    for word in (*COMMANDS, "130 interrupted"):
        assert word in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_has_examples(command: str) -> None:
    done = uvspec(command, "--help")
    assert done.returncode == 0
    assert f"./uvspec {command}" in done.stdout.split("examples:")[1]


def test_no_command_is_wrong_usage() -> None:
    done = uvspec()
    assert done.returncode == 2
    assert done.stdout == "" and "COMMAND" in done.stderr


def test_runs_from_any_folder_and_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(ROOT / "uvspec")
    (tmp_path / "yaml.py").write_text("raise SystemExit('the wrong yaml')\n")
    done = subprocess.run(["./link", "list", "--format", "json"], cwd=tmp_path, capture_output=True,
                          text=True, check=True)
    assert any(m["module"] == "timer" for m in json.loads(done.stdout))


def test_an_unknown_name_suggests_near_ones() -> None:
    done = uvspec("show", "uv_timer_strat")
    assert done.returncode == 2
    assert done.stdout == "" and "uv_timer_start" in done.stderr


def test_json_is_one_document_and_alone() -> None:
    for arguments in (("list", "functions"), ("stats",), ("show", "uv_run"), ("setup", "--dry-run")):
        json.loads(uvspec(*arguments, "--format", "json").stdout)


def test_a_closed_pipe_is_no_error() -> None:
    done = subprocess.run(f"'{ROOT}/uvspec' list functions | head -n 1", shell=True, capture_output=True,
                          text=True, check=True)
    assert "Traceback" not in done.stderr and "Broken" not in done.stderr


def test_without_python_it_says_what_to_run(tmp_path: Path) -> None:
    for tool in ("readlink", "id", "sh"):
        (tmp_path / tool).symlink_to(str(shutil.which(tool)))
    (tmp_path / "apt-get").symlink_to("/bin/false")
    (tmp_path / "bin").mkdir()
    launcher = tmp_path / "uvspec"
    text = (ROOT / "uvspec").read_text().replace("/usr/bin/python3", str(tmp_path / "no-python3"))
    launcher.write_text(text)
    done = subprocess.run(["/bin/sh", str(launcher), "list"], capture_output=True, text=True, check=False,
                          env={"PATH": str(tmp_path), "UVSPEC_NO_INSTALL": "1"})
    assert done.returncode == 3
    assert "apt-get install" in done.stderr and "python3" in done.stderr


def test_an_unexpected_error_is_one_line_and_keeps_the_traceback(tmp_path: Path) -> None:
    # A specification folder that is a file makes the loader fail in a way nobody wrote a message for.
    copy = tmp_path / "copy"
    shutil.copytree(ROOT / "tools" / "uvspec", copy / "tools" / "uvspec")
    shutil.copy(ROOT / "uvspec", copy)
    (copy / "tools" / "uvspec" / "load.py").write_text("def load_spec(root):\n    raise ValueError('surprise')\n")
    done = uvspec("list", root=copy, UVSPEC_OUT=str(tmp_path / "out"))
    assert done.returncode == 3
    assert "unexpected ValueError: surprise" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Traceback" in (tmp_path / "out" / "uvspec-error.txt").read_text()


def test_interrupting_ends_with_130(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(ROOT / "tools" / "uvspec", copy / "tools" / "uvspec")
    shutil.copy(ROOT / "uvspec", copy)
    started = tmp_path / "started"
    (copy / "tools" / "uvspec" / "load.py").write_text(
        "import pathlib, threading\n"
        f"def load_spec(root):\n    pathlib.Path({str(started)!r}).touch()\n    threading.Event().wait()\n"
    )
    # A background job is born deaf to Ctrl-C; this one must not be.
    with subprocess.Popen([str(copy / "uvspec"), "list"], stderr=subprocess.PIPE, text=True,
                          env={**os.environ, "UVSPEC_OUT": str(tmp_path / "out")},
                          preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)) as child:
        while not started.exists() and child.poll() is None:
            time.sleep(0.01)
        child.send_signal(signal.SIGINT)
        _, said = child.communicate()
    assert child.returncode == 130
    assert "interrupted" in said and "Traceback" not in said
