"""Whatever a test does to itself: one row says so, and the others do not notice."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from tiny_support import list_tests

from uvspec.run.results import Raw
from uvspec.run.suite import SuiteProcess, run_all

# Test -> status, and what its reason or one of its failed checks has to say.
EXPECTED = {
    "fail-check": ("fail", "uv_timer_start(&t, NULL, 1, 1) wanted 0 saw UV_EINVAL (-22)"),
    "fail-trace": ("fail", "trace wanted a b a saw a*2 b"),
    "fail-open-loop": ("fail", "uv_loop_close(loop) wanted 0 saw UV_EBUSY (-16)"),
    "fail-in-child": ("fail", "2 + 2 wanted 5 saw 4"),
    "fail-child-crash": ("fail", "killed by signal 6"),
    "fail-child-goes-on": ("fail", "went on into its parent's part"),
    "fail-exit-0": ("fail", "ended early with exit status 0"),
    "fail-exit-7": ("fail", "ended early with exit status 7"),
    "crash-null": ("crash", "SIGSEGV"),
    "crash-abort": ("crash", "SIGABRT, in the scenario: very wrong"),
    "crash-stack": ("crash", "SIGSEGV"),
    "crash-late": ("crash", "SIGABRT, after everything was checked"),
    "crash-heap": ("crash", "killed by"),
    "crash-store": ("crash", "wrote over the harness's memory"),
    "hang": ("hang", "no end within 500 ms"),
    "hang-stubborn": ("hang", "no end within 500 ms"),
    "hang-loud": ("hang", "no end within 500 ms"),
    "hang-open-handle": ("hang", "uv_run(loop, UV_RUN_DEFAULT) after everything is closed"),
    "leak-fd": ("fail", "-> /dev/zero"),
    "leak-closed-fd": ("fail", "closed: 0 -> /dev/null, closed: 1 -> pipe, closed: 2 -> pipe"),
    "leak-thread": ("fail", "threads after the test wanted as before it saw still running"),
    "leak-child": ("fail", "a child still runs"),
    "leak-zombie": ("fail", "a child ended and nobody waited for it"),
    "leak-daemon": ("fail", "what the test had started still ran"),
    "leak-memory": ("fail", "memory after the test wanted everything is freed saw"),
    "unsupported": ("unsupported", "the library has no uv_not_there"),
    "unresolved-pattern": ("unresolved", "the trace pattern is malformed"),
}


def story(raw: Raw) -> str:
    return "\n".join([raw.reason, *(f"{f.call} wanted {f.wanted} saw {f.seen}" for f in raw.failures)])


def test_every_test_has_an_expectation_here(tiny: Path) -> None:
    assert {n for n in list_tests(tiny) if not n.startswith("good")} == set(EXPECTED)


def test_each_test_gives_one_row(tiny: Path, raws: dict[str, Raw]) -> None:
    assert list(raws) == list_tests(tiny)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_bad_test_is_one_red_row(name: str, raws: dict[str, Raw]) -> None:
    status, says = EXPECTED[name]
    assert raws[name].status == status, story(raws[name])
    assert says in story(raws[name])


def test_good_tests_pass_all_the_same(raws: dict[str, Raw]) -> None:
    good = {n: r for n, r in raws.items() if n.startswith("good")}
    assert len(good) == 8
    assert {n: story(r) for n, r in good.items() if r.status != "pass"} == {}


def test_what_was_seen_before_a_crash_is_kept(raws: dict[str, Raw]) -> None:
    assert raws["crash-null"].trace == ["before"]
    assert raws["crash-null"].signal == signal.SIGSEGV
    assert "something is\nvery wrong" in raws["crash-abort"].stderr


def test_output_is_kept_from_its_end_and_becomes_text(raws: dict[str, Raw]) -> None:
    assert len(raws["hang-loud"].stderr) <= 4096
    assert raws["good-garbage"].stderr.endswith("\x01\x02 not \ufffd( UTF-8\n")


def test_traces_name_handles_and_drop_generated_suffixes(raws: dict[str, Raw]) -> None:
    checkpoint = raws["good-timer"].expected_trace[0]
    assert (checkpoint.pattern, checkpoint.seen, checkpoint.ok) == ("on_repeat(t)*3", ["on_repeat(t)*3"], True)


def test_nothing_survives_the_suite(tiny: Path, raws: dict[str, Raw]) -> None:
    """Neither daemons nor stopped children of the tests are left once run_all() is back."""
    left = subprocess.run(["pgrep", "-f", f"^{tiny} "], capture_output=True, text=True, check=False).stdout.split()
    assert left == []


def test_a_worker_that_dies_is_replaced(tiny: Path, library: str) -> None:
    worker = SuiteProcess(tiny, library)
    try:
        assert (first := worker.run("good-timer", 500)) and first.status == "pass"
        assert worker._process
        os.kill(worker._process.pid, signal.SIGKILL)
        second = worker.run("good-timer", 500)
        assert second and second.status == "crash" and "SIGKILL" in second.reason
        assert (third := worker.run("good-timer", 500)) and third.status == "pass"
    finally:
        worker.close()


def test_a_test_that_kills_its_harness_is_a_crash(tmp_path: Path, library: str) -> None:
    """The last resort: the worker itself is gone, and the next test runs on a new one."""
    script = tmp_path / "suite"
    script.write_text('#!/bin/sh\nread -r word test rest\necho oops >&2\nkill -9 $$\n')
    script.chmod(0o755)
    raws = run_all(script, library, ["a", "b"], 1, 500, lambda raw: False).raws
    assert [raws[n][0].status for n in "ab"] == ["crash", "crash"]
    assert raws["a"][0].reason == "the suite's own process died: signal SIGKILL: oops"


def test_nonsense_from_the_suite_is_a_crash(tmp_path: Path, library: str) -> None:
    script = tmp_path / "suite"
    script.write_text('#!/bin/sh\nwhile read -r word test rest; do echo "{}"; done\n')
    script.chmod(0o755)
    raws = run_all(script, library, ["a", "b"], 1, 500, lambda raw: False).raws
    assert [raws[n][0].status for n in "ab"] == ["crash", "crash"]
    assert "answered with nonsense" in raws["a"][0].reason


def test_an_answer_about_another_test_is_a_crash(tmp_path: Path, tiny: Path, library: str) -> None:
    script = tmp_path / "suite"
    script.write_text(f"#!/bin/sh\nsed -u s/RUN.*/RUN\\ good-signal\\ 500/ | {tiny} \"$@\"\n")
    script.chmod(0o755)
    raws = run_all(script, library, ["good-signal", "good-timer"], 1, 500, lambda raw: False).raws
    assert raws["good-signal"][0].status == "pass"
    assert raws["good-timer"][0].status == "crash" and "answered with nonsense" in raws["good-timer"][0].reason


def test_stop_ends_a_hanging_test_at_once(tiny: Path, library: str) -> None:
    import threading

    worker = SuiteProcess(tiny, library)
    came_back: list[Raw | None] = []
    thread = threading.Thread(target=lambda: came_back.append(worker.run("hang-stubborn", 600_000)))
    thread.start()
    while worker._process is None:
        time.sleep(0.001)
    worker.stop()
    thread.join()  # the watchdog alone would take ten minutes
    worker.close()
    assert came_back == [None]


def test_a_suite_killed_by_force_takes_its_test_along(tiny: Path, library: str) -> None:
    command = [str(tiny), "--lib", library, "--serve"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    assert process.stdin
    process.stdin.write(b"RUN hang 600000\n")
    process.stdin.flush()
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while not children.read_text().split():
        time.sleep(0.001)
    child = int(children.read_text().split()[0])
    while b"S" not in Path(f"/proc/{child}/stat").read_bytes().rpartition(b")")[2][:3]:
        time.sleep(0.001)  # until it sleeps in its pause(): then it has told the kernel whose death to share
    process.kill()
    process.wait()
    process.stdin.close()
    for _ in range(10_000):
        if not Path(f"/proc/{child}").exists() or b"Z" in Path(f"/proc/{child}/stat").read_bytes().rpartition(b")")[2][:3]:
            return
        time.sleep(0.001)
    pytest.fail(f"process {child} outlives the suite")


def test_runs_of_the_loop_are_noted(raws: dict[str, Raw]) -> None:
    """Counted in callbacks: three of a timer, then the handle's closing when the scenario is over."""
    assert raws["good-timer"].loop_runs == ["default 0..3", "default 3..3"]
    assert raws["good-fork"].loop_runs[0].startswith("default 2..")
    assert raws["fail-trace"].loop_runs == []
