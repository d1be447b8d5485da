"""`uvspec test`: choosing lanes, counting, the last line."""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from uvspec import lanes, paths
from uvspec.exits import UsageError


def fake(name: str, outcome: lanes.Outcome, **more: bool) -> lanes.Lane:
    def run(folder: Path, _jobs: int) -> lanes.Outcome:
        folder.with_suffix(".log").write_text("what the command said\n")
        return outcome

    return lanes.Lane(name, "a test", run, **more)


def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *outcomes: lanes.Outcome) -> int:
    monkeypatch.setenv("UVSPEC_OUT", str(tmp_path))
    monkeypatch.setattr(lanes, "LANES", [fake(f"lane{i}", o) for i, o in enumerate(outcomes)])
    args = argparse.Namespace(lanes=[], quick=False, all=False, list=False, jobs=0, format="text")
    return lanes.main(args)


def test_the_last_line_is_the_sum(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(monkeypatch, tmp_path, lanes.Outcome(passed=3), lanes.Outcome(passed=4, skipped=1))
    said = capsys.readouterr().out
    assert code == 0
    assert said.splitlines()[-1] == "7 passed, 0 failed, 1 skipped"
    assert len(re.findall(r"^\d+ passed, \d+ failed, \d+ skipped$", said, re.M)) == 1


def test_a_failure_is_red_and_shows_the_log(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(monkeypatch, tmp_path, lanes.Outcome(passed=3), lanes.Outcome(passed=1, failed=2))
    said = capsys.readouterr().out
    assert code == 1
    assert "what the command said" in said
    assert said.splitlines()[-1] == "4 passed, 2 failed, 0 skipped"


def test_nothing_run_is_not_green(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert run(monkeypatch, tmp_path, lanes.Outcome(skipped=5)) == 1


def test_choosing() -> None:
    names = [lane.name for lane in lanes.choose([], quick=False, everything=False)]
    assert "gcc_asan" not in names and "clang_asan" in names
    assert "clang_asan" not in [lane.name for lane in lanes.choose([], quick=True, everything=False)]
    assert [lane.name for lane in lanes.choose(["gcc", "lint"], False, False)] == ["lint", "gcc"]
    with pytest.raises(UsageError, match="lint"):
        lanes.choose(["lnit"], False, False)


def totals(**counts: int) -> dict[str, object]:
    known = ("tests", "red", "unsupported", "skipped", "expected")
    return {"totals": {name: counts.get(name, 0) for name in known}}


def test_counting_a_run_of_the_suite() -> None:
    outcome = lanes.checked(totals(tests=10, red=2, unsupported=1, expected=3), 1)
    assert (outcome.passed, outcome.failed, outcome.skipped) == (7, 2, 1)
    assert "3 of them known" in outcome.why


def test_a_run_that_ended_badly_is_a_failure_even_if_nothing_is_red() -> None:
    assert lanes.checked(totals(tests=10), 130).failed == 1


def ends(pid: int) -> bool:
    """Whether the process, which was killed, ends: the kernel takes its time. Gives up after a minute."""
    watchdog = time.monotonic() + 60
    while time.monotonic() < watchdog:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state in "ZX":
            return True
        time.sleep(0.01)
    return False


def test_a_lane_that_hangs_is_ended_with_all_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "HANGS_AFTER_S", 1)
    pid_file = tmp_path / "pid"
    code = lanes._command(tmp_path / "lane", ["sh", "-c", f"sleep 1000 & echo $! > {pid_file}; wait"])
    assert code == 3
    assert "it hung" in (tmp_path / "lane.log").read_text()
    assert ends(int(pid_file.read_text()))


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_an_ended_run_leaves_nothing_behind(tmp_path: Path, signum: signal.Signals) -> None:
    pid_file = tmp_path / "pid"
    program = f"""
import signal, sys
from uvspec import cli, lanes
signal.signal(signal.SIGINT, signal.default_int_handler)  # background jobs are born deaf to it
lane = lanes.Lane("slow", "sleeps", lambda folder, jobs: lanes._command(folder, ["sh", "-c", "echo $$ > {pid_file}; sleep 1000"]))
lanes.LANES = (lane,)
sys.exit(cli.main(["test"]))
"""
    environment = {**os.environ, "PYTHONPATH": str(paths.TOOLS), "UVSPEC_OUT": str(tmp_path / "out"), "UVSPEC_NO_INSTALL": "1"}
    with subprocess.Popen([sys.executable, "-c", program], env=environment, stderr=subprocess.PIPE, text=True) as child:
        while not (pid_file.exists() and pid_file.read_text()) and child.poll() is None:
            time.sleep(0.01)
        child.send_signal(signum)
        _, said = child.communicate()
    assert child.returncode == 130, said
    assert ends(int(pid_file.read_text()))


@pytest.mark.parametrize(("killed", "survived", "failed"), [(16, 0, 0), (12, 4, 0), (8, 8, 0), (7, 9, 9)])
def test_mechanical_survivors_are_told_and_red_where_they_are_most(
    killed: int, survived: int, failed: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows = [{"id": f"X-core/a.c:{i}-000000", "was": "a", "becomes": "b"} for i in range(survived)]
    document = {"totals": {"killed": killed, "rate": killed / (killed + survived)}, "survived": rows}
    monkeypatch.setattr(lanes, "_json_of", lambda *_: (1 if survived else 0, document))
    outcome = lanes._mechanical(tmp_path / "mutation", ())
    assert (outcome.passed, outcome.failed) == (killed, failed)
    assert ("X-core/a.c:0-000000" in outcome.why) == (survived > 0)
