"""What the harness notices of a library's memory, threads and life: one bug at a time."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_support import TINY, compile_c, include_flags

from uvspec.run.suite import run_all


@pytest.fixture(scope="module")
def buggy(tmp_path_factory: pytest.TempPathFactory, tiny: Path) -> Path:
    out = tmp_path_factory.mktemp("buggy") / "libbuggy.so"
    compile_c("-shared", "-fPIC", "-Wno-use-after-free", *include_flags(), TINY / "buggy_library.c", "-o", out, "-pthread")
    return out


CASES = {
    "": ("pass", ""),
    "moved": ("pass", ""),
    "joined threads": ("pass", ""),
    "written behind": ("fail", "written behind the end: block of 8 bytes, allocation 1"),
    "written before": ("fail", "written before the beginning: block of 8 bytes, allocation 1"),
    "written after free": ("fail", "written after it was freed: block of 8 bytes, allocation 1"),
    "written after free, long ago": ("fail", "written after it was freed: block of 8 bytes, allocation 1"),
    "freed twice": ("fail", "freed twice: block of 8 bytes, allocation 1"),
    "freed foreign": ("fail", "freed memory from somewhere else"),
    "leak": ("fail", "8 bytes (allocation 1)"),
    "detached thread": ("fail", "still running: thread"),
    "busy": ("fail", "UV_EBUSY (-16)"),
    "alive for ever": ("fail", "uv_run(loop, UV_RUN_DEFAULT) after everything is closed wanted 0 saw 1"),
    "init fails": ("unresolved", "uv_loop_init() failed"),
    "allocator refused": ("unresolved", "uv_replace_allocator() failed"),
    "crash while loading": ("crash", "SIGABRT, while the library was loaded"),
    "crash while unloading": ("crash", "SIGABRT, after everything was checked"),
    "exit in shutdown": ("fail", "ended early with exit status 0, in the checks after it"),
}


@pytest.mark.parametrize("bug", CASES)
def test_bug(bug: str, tiny: Path, buggy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUG", bug)
    raw = run_all(tiny, str(buggy), ["good-fork"], 1, 5000, lambda raw: False).raws["good-fork"][0]
    status, says = CASES[bug]
    told = "\n".join([raw.reason, *(f"{f.call} wanted {f.wanted} saw {f.seen}" for f in raw.failures)])
    assert raw.status == status, told
    assert says in told


def test_without_shutdown_what_stays_is_no_leak(tmp_path: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that cannot be shut down keeps what it has; bounds are checked all the same."""
    library = tmp_path / "libbuggy.so"
    compile_c("-shared", "-fPIC", "-Wno-use-after-free", "-DNO_SHUTDOWN", *include_flags(), TINY / "buggy_library.c", "-o", library)
    for bug, status in (("leak", "pass"), ("written behind", "fail")):
        monkeypatch.setenv("BUG", bug)
        raw = run_all(tiny, str(library), ["good-fork"], 1, 5000, lambda raw: False).raws["good-fork"][0]
        assert raw.status == status
