"""Sizes, offsets and constants: the headers hold the measured ABI, and a difference is noticed."""

from __future__ import annotations

import copy
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from compilers import C11, COMPILERS, CXX17, INCLUDE, Dialect, compile_text
from uvspec.gen import abi_asserts, headers
from uvspec.layout import Layout
from uvspec.model import Field_, Spec

TARGET = "linux-x86_64"


@pytest.mark.parametrize("dialect", (C11, CXX17), ids=str)
@pytest.mark.parametrize("compiler", COMPILERS)
def test_the_headers_hold_the_abi(spec: Spec, compiler: str, dialect: Dialect, tmp_path: Path) -> None:
    text = abi_asserts.generate(spec.abi[TARGET])
    result = compile_text(text, tmp_path, dialect, compiler)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("what", ("offset", "width", "size", "constant"))
@pytest.mark.parametrize("dialect", (C11, CXX17), ids=str)
def test_one_difference_is_an_error(spec: Spec, dialect: Dialect, what: str, tmp_path: Path) -> None:
    abi = copy.deepcopy(spec.abi[TARGET])
    fields = abi.types["uv_process_t"].fields
    if what == "offset":
        fields["pid"] = (112, fields["pid"][1])
    elif what == "width":
        fields["pid"] = (fields["pid"][0], 8)
    elif what == "size":
        abi.types["uv_process_t"].size += 8
    else:
        abi.constants["UV_RUN_ONCE"] = 7
    result = compile_text(abi_asserts.generate(abi), tmp_path, dialect)
    assert result.returncode != 0
    named = {"offset": "offset of uv_process_t.pid", "width": "size of uv_process_t.pid",
             "size": "size of uv_process_t", "constant": "value of UV_RUN_ONCE"}[what]
    assert named in result.stderr


def test_a_private_field_too_many_is_an_error(spec: Spec, layout: Layout, tmp_path: Path) -> None:
    wide = copy.deepcopy(layout)
    wide.types["uv_timer_t"]["unix"].append(Field_("one_more", "uint64_t"))
    include = tmp_path / "include"
    for name, text in headers.generate(spec, wide).items():
        (include / name).parent.mkdir(parents=True, exist_ok=True)
        (include / name).write_text(text, encoding="utf-8")
    result = compile_text(abi_asserts.generate(spec.abi[TARGET]), tmp_path, include=include)
    assert result.returncode != 0
    assert "size of uv_timer_t" in result.stderr


def test_every_type_and_constant_is_asserted(spec: Spec) -> None:
    text = abi_asserts.generate(spec.abi[TARGET])
    abi = spec.abi[TARGET]
    assert len(re.findall(r"^SIZE\(", text, re.M)) == len(abi.types)
    assert len(re.findall(r"^FIELD\(", text, re.M)) == sum(len(t.fields) for t in abi.types.values())
    assert len(re.findall(r"^VALUE\(", text, re.M)) == len(abi.constants)


PRIVATE = r"""
#include <stddef.h>
#include "uv.h"
_Static_assert(offsetof(uv_handle_t, flags) == 88 && sizeof(((uv_handle_t *) 0)->flags) == 4, "uvloop sets a flag");
_Static_assert(offsetof(uv_poll_t, io_watcher) + offsetof(uv__io_t, fd) == 152, "libwebsockets reads the descriptor");
_Static_assert(offsetof(uv_getaddrinfo_t, addrinfo) == 144, "clients read the result");
_Static_assert(sizeof(uv__io_t) == 56, "a watcher is as large as it is everywhere");
_Static_assert(offsetof(uv_loop_t, reserved) % 8 == 0, "the loop's private part is aligned");
_Static_assert(sizeof(uv_buf_t) == 16 && offsetof(uv_buf_t, len) == 8, "a buffer is an iovec");
"""


def test_what_programs_read_though_it_is_private(tmp_path: Path) -> None:
    result = compile_text(PRIVATE, tmp_path)
    assert result.returncode == 0, result.stderr


def _installed_minor() -> int:
    """The minor version of the libuv headers in /usr/include; 0 where there are none."""
    text = subprocess.run(["gcc", "-dM", "-E", "-include", "uv.h", "-x", "c", "/dev/null"],
                          capture_output=True, text=True, check=False).stdout
    match = re.search(r"#define UV_VERSION_MINOR (\d+)", text)
    return int(match[1]) if match else 0


def test_an_installed_libuv_has_the_same_abi(spec: Spec, tmp_path: Path) -> None:
    """Informational: what an older upstream release has is where we say it is."""
    minor = _installed_minor()
    if minor < 44:
        pytest.skip("no libuv 1.44 or later is installed")

    def there(since: str) -> bool:
        return int(since.split(".")[1]) <= minor if since else True

    # uv_statfs_t got f_frsize in 1.52, in a place that was spare.
    keep = {t.name for m in spec.modules.values() for t in m.types.values() if there(t.since)} - {"uv_statfs_t"}
    for module in spec.modules.values():
        for enum in module.enums:
            keep |= {v.name for v in enum.values if there(v.since) and there(enum.since)}
    text = abi_asserts.generate(spec.abi[TARGET], only=keep)
    assert text.count("FIELD(") > 150
    result = compile_text(text, tmp_path, include=None)
    assert result.returncode == 0, result.stderr


def test_windows_headers_hold_the_windows_abi(spec: Spec, tmp_path: Path) -> None:
    compiler = shutil.which("x86_64-w64-mingw32-gcc")
    if not compiler:
        pytest.skip("no compiler for Windows (Debian: gcc-mingw-w64-x86-64-win32)")
    source = tmp_path / "text.c"
    source.write_text(abi_asserts.generate(spec.abi["windows-x86_64"]), encoding="utf-8")
    result = subprocess.run([compiler, "-std=c11", "-Wall", "-Wextra", "-Werror", f"-I{INCLUDE}", "-fsyntax-only",
                             str(source)], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
