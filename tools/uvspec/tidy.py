"""One layout for every kind of file that people write: C, GN, and the specification's YAML."""

from __future__ import annotations

import importlib
import importlib.util
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from . import deps, paths
from .exits import CannotRun
from .write import write_if_changed


@dataclass
class Result:
    """How many files were looked at, which differed, and what was left out and why."""

    files: int = 0
    changed: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def c_files() -> list[Path]:
    """Hand-written C. The public headers are generated, and templates are not C yet."""
    folders = (paths.IMPL / "src", paths.CONFORMANCE, paths.ROOT / "fuzz", paths.TOOLS / "tests")
    return sorted(p for f in folders for p in f.glob("**/*.[ch]") if p.is_file())


def gn_files() -> list[Path]:
    """Build files."""
    parts = [paths.ROOT / name for name in ("impl", "conformance", "fuzz", "spec", "tools")]
    found = [p for part in parts for pattern in ("**/*.gn", "**/*.gni") for p in part.glob(pattern)]
    return sorted([paths.ROOT / ".gn", paths.ROOT / "BUILD.gn", *found])


def run(check: bool) -> Result:
    """Lays everything out, or (`check`) only says what is not."""
    result = Result()
    clang_format = deps.find_clang_format()
    if clang_format:
        _each(c_files(), [clang_format, "--style=file"], check, result)
    else:
        result.left_out.append("C files: clang-format is not installed")
    if deps.generate_ninja():
        _each(gn_files(), ["gn", "format", "--stdin"], check, result)
    else:
        result.left_out.append("build files: gn is not installed")
    _specification(check, result)
    return result


def _each(files: list[Path], argv: list[str], check: bool, result: Result) -> None:
    """Pipes every file through a formatter."""
    for path in files:
        text = path.read_text(encoding="utf-8")
        command = argv if argv[0] == "gn" else [*argv, f"--assume-filename={path}"]
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise CannotRun(f"{path}: {argv[0]} failed: {(done.stderr or done.stdout).strip()}")
        _compare(path, text, done.stdout, check, result)


def _specification(check: bool, result: Result) -> None:
    """The specification's files, by `fmt.py`: `formatted(text, file) -> text`."""
    if importlib.util.find_spec("uvspec.fmt") is None:
        result.left_out.append("the specification: it has no formatter yet")
        return
    fmt = importlib.import_module("uvspec.fmt")
    for path in sorted(paths.SPEC.glob("**/*.yaml")):
        text = path.read_text(encoding="utf-8")
        _compare(path, text, fmt.formatted(text, str(path.relative_to(paths.ROOT))), check, result)


def _compare(path: Path, text: str, wanted: str, check: bool, result: Result) -> None:
    """Counts one file, and rewrites it unless only checking."""
    result.files += 1
    if wanted == text:
        return
    result.changed.append(str(path.relative_to(paths.ROOT)))
    if not check:
        write_if_changed(path, wanted)
