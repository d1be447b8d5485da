"""What `--lib` means: one function for every command, and what it says where the library is no good."""

from __future__ import annotations

import ctypes.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from uvspec import build, deps, paths
from uvspec.exits import UsageError
from uvspec.run.elf import defined_symbols
from uvspec.run.library import find_library, is_reference, library_file

COMPILER = shutil.which("gcc") or shutil.which("clang") or ""
needs_compiler = pytest.mark.skipif(not COMPILER, reason="no C compiler")


def compiled(path: Path, text: str, *flags: str) -> Path:
    source = path.with_suffix(".c")
    source.write_text(text)
    subprocess.run([COMPILER, *flags, "-o", path, source], check=True)
    return path


@pytest.fixture()
def library(tmp_path: Path) -> Path:
    return compiled(tmp_path / "libmine.so.1.0", "int uv_run(void) { return 0; }\n", "-shared", "-fPIC")


@pytest.mark.parametrize("named", ["", "reference"])
def test_nothing_is_the_reference(named: str) -> None:
    assert is_reference(named)
    assert find_library(named, "clang_asan") == str(paths.reference_library("clang_asan"))
    assert find_library(named) == str(paths.reference_library(build.default_toolchain()))


def test_an_unknown_toolchain_is_told() -> None:
    with pytest.raises(UsageError, match="no toolchain `tcc`"):
        find_library("reference", "tcc")


def test_the_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deps, "find_system_libuv", lambda: "/usr/lib/libuv.so.1")
    assert find_library("system") == "/usr/lib/libuv.so.1"
    monkeypatch.setattr(deps, "find_system_libuv", lambda: "")
    monkeypatch.setattr(ctypes.util, "find_library", lambda name: f"lib{name}.so.1")
    assert find_library("system") == "libuv.so.1"
    monkeypatch.setattr(ctypes.util, "find_library", lambda name: None)
    for find in (find_library, library_file):
        with pytest.raises(UsageError, match="no libuv is installed"):
            find("system")


def test_paths_are_absolute_and_names_are_the_loaders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.so").touch()
    assert find_library("mine.so") == str(tmp_path / "mine.so")
    assert find_library("./not-there.so") == str(tmp_path / "not-there.so")
    assert find_library("libelsewhere.so.1") == "libelsewhere.so.1"


@needs_compiler
def test_a_file_is_what_links_lead_to(library: Path, tmp_path: Path) -> None:
    link = tmp_path / "libmine.so"
    link.symlink_to(library)
    assert library_file(str(link)) == library


@needs_compiler
def test_a_name_is_looked_for_where_the_loader_looks(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deps, "find_system_libuv", lambda name="": str(library) if name == "libmine.so.1" else "")
    assert library_file("libmine.so.1") == library


@needs_compiler
@pytest.mark.parametrize(("name", "says"), [
    ("./nowhere.so", "nowhere.so: No such file or directory"),
    ("libnowhere.so.9", "libnowhere.so.9: is neither a file nor a library that the loader knows"),
    ("text.so", "it is no ELF file"),
    ("folder", "is a folder"),
    ("program", "is a program; only `./uvspec check`"),
    ("other.so", "none of the functions of libuv is in it"),
])
def test_what_cannot_stand_for_a_library(name: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.so").write_text("text")
    (tmp_path / "folder").mkdir()
    compiled(tmp_path / "program", "int main(void) { return 0; }\n")
    compiled(tmp_path / "other.so", "int uv_run(void);\nint other(void) { return uv_run(); }\n", "-shared", "-fPIC")
    with pytest.raises(UsageError) as error:
        library_file(name)
    assert says in str(error.value)


@needs_compiler
def test_what_a_library_defines(library: Path, tmp_path: Path) -> None:
    assert "uv_run" in (defined_symbols(library) or set())
    caller = compiled(tmp_path / "caller.so", "int uv_run(void);\nint f(void) { return uv_run(); }\n", "-shared", "-fPIC")
    defined = defined_symbols(caller)
    assert defined is not None and "f" in defined and "uv_run" not in defined
    text = tmp_path / "text"
    text.write_text("text")
    assert defined_symbols(text) is None and defined_symbols(tmp_path / "nowhere") is None
    assert defined_symbols(Path(sys.executable)) is not None
