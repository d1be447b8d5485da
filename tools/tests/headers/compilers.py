"""Compiling small texts against the checked-in headers."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from uvspec import deps, paths

INCLUDE = paths.IMPL / "include"
STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]


@dataclass(frozen=True)
class Dialect:
    """A language and what it is compiled with."""

    name: str
    flags: tuple[str, ...]
    suffix: str = ".c"

    def __str__(self) -> str:
        return self.name


DIALECTS = (
    # Strict C hides what the headers need, unless POSIX is asked for.
    Dialect("c89", ("-std=c89", "-D_POSIX_C_SOURCE=200809L")),
    Dialect("c11", ("-std=c11", "-D_GNU_SOURCE")),
    Dialect("c++17", ("-std=c++17",), ".cc"),
)
C11, CXX17 = DIALECTS[1], DIALECTS[2]
COMPILERS = ("gcc", "clang")


def find_compiler(name: str, dialect: Dialect) -> str:
    """The compiler's command, or a skipped test that says why."""
    command = name if name == "gcc" else deps.find_clang()
    if not command or not shutil.which(command):
        pytest.skip(f"{name} is not installed")
    if dialect.suffix == ".cc" and name == "gcc" and not shutil.which("g++"):
        pytest.skip("g++ is not installed")
    return command


def compile_text(text: str, folder: Path, dialect: Dialect = C11, compiler: str = "gcc",
                 *extra: str, include: Path | None = INCLUDE) -> subprocess.CompletedProcess[str]:
    """Checks a text without making an object; the result has what the compiler said."""
    source = folder / f"text{dialect.suffix}"
    source.write_text(text, encoding="utf-8")
    where = [f"-I{include}"] if include else []
    argv = [find_compiler(compiler, dialect), *dialect.flags, *STRICT, *where, *extra, "-fsyntax-only", str(source)]
    return subprocess.run(argv, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)


def run_text(text: str, folder: Path) -> list[str]:
    """Compiles and runs a program that needs no library; the lines it prints."""
    source, program = folder / "program.c", folder / "program"
    source.write_text(text, encoding="utf-8")
    subprocess.run([find_compiler("gcc", C11), *C11.flags, *STRICT, f"-I{INCLUDE}", str(source), "-o", str(program)],
                   check=True)
    return subprocess.run([str(program)], capture_output=True, text=True, check=True).stdout.splitlines()
