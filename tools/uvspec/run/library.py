"""The library under test: finds it, and says in plain words why it cannot be tested.

`find_library` is what `--lib` means, whichever command has it. Where programs are started with the library
in place of their own, a name is not enough and a program that exports a libuv will not do: `library_file`.
"""

from __future__ import annotations

import ctypes.util
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .. import build, deps, paths
from ..exits import CannotRun, UsageError
from .elf import Elf, NotElf, defined_symbols, read_elf
from .results import Implementation

REFERENCE = "reference"
SYSTEM = "system"
_PROBE_S = 60


def is_reference(named: str) -> bool:
    """Whether `--lib` means the library in this tree, which has to be built first."""
    return named in ("", REFERENCE)


def find_library(named: str, toolchain: str = "") -> str:
    """What `--lib` means, as dlopen() wants it: an absolute path, or a name that the loader knows.

    Nothing, or `reference`, is the one in this tree, as built with `toolchain`; `system` the installed one."""
    if is_reference(named):
        return str(paths.reference_library(build.known_toolchain(toolchain)))
    if named == SYSTEM:
        found = deps.find_system_libuv() or ctypes.util.find_library("uv")
        if not found:
            raise UsageError("no libuv is installed where the loader looks; install it, or give --lib a path")
        return found
    path = Path(named)
    if path.exists() or "/" in named:
        return str(path.absolute())
    return named


def library_file(named: str, toolchain: str = "") -> Path:
    """The same as a file, for programs to load in place of their own libuv. Raises UsageError if it is no good."""
    found = find_library(named, toolchain)
    if "/" not in found:
        found = deps.find_system_libuv(found)
        if not found:
            raise UsageError(_unknown_name(named))
    path = Path(found)
    if _examine_file(path, Path(sys.executable)).program:
        raise UsageError(f"{path}: is a program; only `./uvspec check` can test the libuv in one")
    symbols = defined_symbols(path)
    if symbols is not None and not any(s.startswith("uv_") for s in symbols):
        raise UsageError(_no_libuv(str(path)))
    return path.resolve()


def examine(named: str, suite: Path) -> Implementation:
    """Checks the file and loads it once. Raises UsageError if the library is no good."""
    library = find_library(named)
    is_path = "/" in library
    elf = _examine_file(Path(library), suite) if is_path else None
    probe = _probe(suite, library)
    if not probe["ok"]:
        raise UsageError(_why_not_loaded(named, is_path, probe))
    if probe["missing"] and len(probe["missing"]) == probe["symbols"]:
        raise UsageError(_no_libuv(named))
    if elf is None:
        elf = _quietly(Path(probe["path"]))
    return Implementation(named, probe["path"], probe["version"], elf.soname if elf else "", list(probe["missing"]),
                          list(probe["deadly"]))


def examine_linked(named: str, suite: Path) -> Implementation:
    """The same for a library that the suite is linked to. Raises UsageError if the suite cannot start."""
    probe = _probe(suite, "")
    if not probe["ok"]:
        raise UsageError(_why_not_loaded(named, True, probe))
    elf = _quietly(Path(named))
    if elf and Path(probe["path"]).resolve() not in (Path(named).resolve(), suite.resolve()):
        raise UsageError(f"{named}: linked, but the loader takes {probe['path']} for it; does the name {elf.soname} lead to it "
                         "in its own folder, and is LD_LIBRARY_PATH empty?")
    return Implementation(named, named, probe["version"], elf.soname if elf else "", list(probe["missing"]), list(probe["deadly"]))


def _no_libuv(named: str) -> str:
    return f"{named}: none of the functions of libuv is in it; is this the right library?"


def _unknown_name(named: str) -> str:
    return f"{named}: is neither a file nor a library that the loader knows"


def _examine_file(path: Path, ours: Path) -> Elf:
    """Reads what kind of file it is; `ours` is a program that would have to load it."""
    try:
        elf = read_elf(path)
    except NotElf as error:
        raise UsageError(f"{path}: cannot be tested: {error}") from error
    except IsADirectoryError as error:
        raise UsageError(f"{path}: is a folder; give the library file in it") from error
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    if elf.type not in ("a shared library", "a program"):
        raise UsageError(f"{path}: is {elf.type}, not a shared library; link it with -shared")
    here = _quietly(ours)
    if here and (elf.machine, elf.bits, elf.little) != (here.machine, here.bits, here.little):
        raise UsageError(
            f"{path}: is for {elf.machine} ({elf.bits} bit), the suite for {here.machine} ({here.bits} bit); "
            "test it on such a machine"
        )
    return elf


def _quietly(path: Path) -> Elf | None:
    try:
        return read_elf(path)
    except (NotElf, OSError):
        return None


def suite_command(suite: Path, library: str, mode: str, hide: Sequence[str] = ()) -> tuple[list[str], dict[str, str] | None]:
    """The command that runs the suite on a library, and its environment where that is not ours.

    A program that exports a libuv, such as Node.js, cannot be loaded. It is started instead, with the suite
    preloaded, which runs before its main() and in its place. `hide` names functions to treat as missing.
    """
    arguments = [*(["--lib", library] if library else []), *(["--hide", ",".join(hide)] if hide else []), mode]
    elf = _quietly(Path(library)) if "/" in library else None
    if elf is None or not elf.program:
        return [str(suite.absolute()), *arguments], None
    preload = suite.absolute().parent.parent / "lib" / "libuvspec-suite-preload.so"
    return [library], {**os.environ, "LD_PRELOAD": str(preload), "UVSPEC_PRELOADED": "\n".join(arguments)}


def _probe(suite: Path, library: str) -> dict[str, Any]:
    command, environment = suite_command(suite, library, "--probe")
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PROBE_S, check=False, env=environment)
    except subprocess.TimeoutExpired as error:
        raise CannotRun(f"{suite} --probe: no answer within {_PROBE_S} s") from error
    except OSError as error:
        raise CannotRun(f"cannot start {suite}: {error.strerror}; `./uvspec build` makes it") from error
    try:
        document = json.loads(done.stdout)
        return {k: document[k] for k in ("ok", "error", "path", "version", "missing", "deadly", "symbols", "stderr")}
    except (ValueError, KeyError, TypeError) as error:
        said = done.stderr.decode("utf-8", "replace").strip()[-500:]
        raise CannotRun(f"{suite} --probe: exit status {done.returncode} and no answer: {said}") from error


def _why_not_loaded(named: str, is_path: bool, probe: dict[str, Any]) -> str:
    error = probe["error"]
    text = f"{named}: cannot be loaded: {error}"
    if "cannot open shared object file" in error and not is_path:
        return _unknown_name(named)
    if "undefined symbol" in error:
        text += "\n  the library itself is linked without something it uses; add that to its link line"
    if "cannot open shared object file" in error and is_path and os.path.exists(named):
        text += "\n  a library that it needs is not found; LD_LIBRARY_PATH may help"
    if probe["stderr"].strip():
        text += "\n  it said: " + probe["stderr"].strip()[-500:]
    return text
