"""Source mode: what a header lacks or has otherwise is found by a compiler."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from uvspec import paths
from uvspec.exits import UsageError
from uvspec.gen.suite import api_header, api_source, files
from uvspec.load import load_spec
from uvspec.model import Spec
from uvspec.source_mode.find import find_prefix
from uvspec.source_mode.headers import examine
from uvspec.source_mode.run import rows


@pytest.fixture(scope="module")
def spec() -> Spec:
    return load_spec(paths.ROOT)


@pytest.fixture
def include(tmp_path: Path) -> Path:
    """A copy of our own headers, to be spoilt."""
    folder = tmp_path / "include"
    shutil.copytree(paths.IMPL / "include", folder)
    return folder


def spoil(include: Path, old: str, new: str) -> None:
    for header in sorted(include.rglob("*.h")):
        text = header.read_text()
        if old in text:
            header.write_text(text.replace(old, new, 1))
            return
    raise AssertionError(f"`{old}` is in no header")


def compilers() -> list[str]:
    return [c for c in ("gcc", "clang-14", "clang") if shutil.which(c)][:2]


@pytest.mark.parametrize("compiler", compilers())
def test_our_own_header_is_as_specified(spec: Spec, include: Path, compiler: str) -> None:
    findings = examine(spec, include, compiler)
    assert not findings.missing and not findings.other
    assert {"function", "constant", "type", "field"} == {i.kind for i in findings.items}
    assert sum(i.kind == "function" for i in findings.items) == 318


@pytest.mark.parametrize("compiler", compilers())
def test_every_kind_of_difference_is_named(spec: Spec, include: Path, compiler: str) -> None:
    spoil(include, "uv_timer_get_repeat(const uv_timer_t *handle)", "uv_timer_get_repeet(const uv_timer_t *handle)")
    spoil(include, "uint64_t uv_timer_get_due_in(", "int64_t uv_timer_get_due_in(")
    spoil(include, "UV_RUN_NOWAIT = 2", "UV_RUN_NOWAIT = 3")
    spoil(include, "UV_DISCONNECT", "UV_DISCONNEKT")
    spoil(include, "uint64_t f_frsize;", "uint64_t f_fragment;")
    findings = examine(spec, include, compiler)
    assert {"uv_timer_get_repeat", "UV_DISCONNECT"} <= set(findings.missing)
    assert "uv_statfs_t.f_frsize" in findings.missing
    assert findings.other["uv_timer_get_due_in"] == "the header declares it with another type"
    assert findings.other["UV_RUN_NOWAIT"] == "the header says 3"
    assert {"uv_timer_get_repeat", "uv_timer_get_due_in", "UV_DISCONNECT"} <= set(findings.unavailable)
    assert "UV_RUN_NOWAIT" not in findings.unavailable  # a program can still be compiled
    red = {test.name: raw.reason for test, raw in rows(findings) if raw.status == "fail"}
    assert red["headers.UV_RUN_NOWAIT"] == "the header says 3"
    assert len(red) == len(findings.missing) + len(findings.other)


def test_a_header_that_does_not_compile(spec: Spec, include: Path) -> None:
    spoil(include, "#define UV_VERSION_MAJOR 1", "#define UV_VERSION_MAJOR 1\nint oops[;")
    with pytest.raises(UsageError, match="does not compile"):
        examine(spec, include, "gcc")


def test_tests_that_need_what_is_lacking_only_say_so(spec: Spec) -> None:
    lacking = ["UV_DISCONNECT", "uv_timer_again", "uv_metrics_t"]
    out = files(spec, lacking)
    timer, poll = out["timer_tests.c"], out["poll_tests.c"]
    assert "uv_timer_again(" not in timer
    assert 'uvt_give_up(UVT_UNSUPPORTED, "the headers have no uv_timer_again");' in timer
    assert "UV_DISCONNECT" in poll and "| UV_DISCONNECT" not in poll
    assert out["timer_tests.c"].count("static void UV_TIMER") == files(spec)["timer_tests.c"].count("static void UV_TIMER")


def test_the_table_holds_what_the_headers_declare(spec: Spec) -> None:
    source = api_source(spec, ["uv_timer_again", "uv_metrics_t", "uv_metrics_info"])
    assert ".uv_timer_start = uv_timer_start," in source
    assert ".uv_timer_again" not in source
    header = api_header(spec, ["uv_metrics_t"])
    assert "void *uv_metrics_info;" in header
    assert "int (*uv_timer_again)(uv_timer_t *);" in header
    assert "= {" not in api_source(spec).split("uvt_symbols")[0]


def test_a_prefix_is_found_or_said_to_lack_something(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no folder"):
        find_prefix(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="uv.h"):
        find_prefix(tmp_path)
    (tmp_path / "include").mkdir()
    (tmp_path / "include" / "uv.h").touch()
    with pytest.raises(UsageError, match="neither libuv.so nor libuv.a"):
        find_prefix(tmp_path)
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "libuv.a").touch()
    prefix = find_prefix(tmp_path)
    assert (prefix.include, prefix.library) == (tmp_path / "include", tmp_path / "lib" / "libuv.a")
