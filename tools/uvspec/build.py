"""Runs GN and Ninja, and says plainly what went wrong when they fail.

One build folder (`out/`), one graph, a folder in it for each toolchain. Only one build runs at a time
in a folder; a second one waits.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from . import deps, paths
from .console import Live, say
from .exits import CannotRun, Stop, UsageError

_STATUS = re.compile(r"\[(\d+)/(\d+)\] (.*)")


def toolchains() -> list[str]:
    """The names in tools/gn/toolchains.gni, in its order."""
    return _gni_list(paths.TOOLS / "gn" / "toolchains.gni", "uv_toolchains")


def default_toolchain() -> str:
    """gcc where there is one, else clang."""
    return "gcc" if shutil.which("gcc") else "clang"


def known_toolchain(name: str) -> str:
    """`name`, checked, or the default where it is empty."""
    if not name:
        return default_toolchain()
    if name not in toolchains():
        raise UsageError(f"no toolchain `{name}`; there are: {', '.join(toolchains())}")
    return name


def why_unusable(toolchain: str) -> str:
    """Why a toolchain cannot be used here, or ""."""
    compiler = toolchain.split("_")[0]
    if compiler == "gcc" and not shutil.which("gcc"):
        return "gcc is not installed"
    if compiler == "clang" and not deps.find_clang():
        return "clang is not installed"
    if compiler == "clang" and toolchain.endswith("san") and not deps.clang_sanitizers():
        return "clang's sanitizer runtimes are not installed"
    return ""


def build_suite(toolchain: str, with_library: bool = True, jobs: int = 0) -> None:
    """The suite for one toolchain, and the reference library beside it."""
    reason = why_unusable(toolchain)
    if reason:
        raise CannotRun(f"cannot build with {toolchain}: {reason}; run `./uvspec setup`")
    build([toolchain if with_library else f"suite_{toolchain}"], jobs=jobs)


def build_library(toolchain: str, jobs: int = 0) -> None:
    """The reference library for one toolchain."""
    reason = why_unusable(toolchain)
    if reason:
        raise CannotRun(f"cannot build with {toolchain}: {reason}; run `./uvspec setup`")
    build([f"lib_{toolchain}"], jobs=jobs)


def build(targets: list[str], jobs: int = 0, out: Path | None = None, gn_args: Mapping[str, str] | None = None) -> None:
    """Brings the targets up to date. Raises Stop with the compiler's words where that fails. `gn_args` are
    for a build folder of its own."""
    for problem in unlisted_sources():
        say(f"warning: {problem}")  # work in progress may stand there; the tests insist
    out = out or paths.out_dir()
    with _locked(out):
        plan(out, gn_args or {})
        argv = ["ninja", "-C", str(out)]
        if jobs:
            argv += ["-j", str(jobs)]
        _run(argv + targets, "building " + " ".join(targets))


def plan(out: Path, more_args: Mapping[str, str]) -> None:
    """Runs GN where it has not run, or its arguments changed; else Ninja runs it when it has to."""
    gn_args = _gn_args() + "".join(f'{name} = "{value}"\n' for name, value in more_args.items())
    args_file = out / "args.gn"
    planned = (out / "build.ninja").exists() and args_file.exists()
    if planned and args_file.read_text() == gn_args and _planned_for(out) == _planning():
        return
    args_file.write_text(gn_args)
    _run(
        ["gn", "gen", str(out), f"--root={paths.ROOT}", f"--script-executable={sys.executable}"],
        "planning the build",
    )
    (out / "planned").write_text(_planning())


def _planning() -> str:
    """What a plan holds that its arguments do not tell: these sources, and the interpreter for the generators."""
    return f"{paths.ROOT}\n{sys.executable}\n"


def _planned_for(out: Path) -> str:
    """The same of the plan in this folder, which may have been copied from another checkout."""
    try:
        return (out / "planned").read_text()
    except OSError:
        return ""


def _gn_args() -> str:
    """The text of args.gn: what differs from the defaults on this machine."""
    clang = deps.find_clang()
    lines = ["# Written by `./uvspec build`."]
    if clang not in ("", "clang"):
        lines.append(f'uv_clang = "{clang}"')
    if deps.libcurl_headers():
        lines.append("uv_curl = true")
    return "\n".join(lines) + "\n"


@contextlib.contextmanager
def _locked(out: Path) -> Iterator[None]:
    """Holds the build folder. Another build in it finishes first."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = open(out / ".lock", "w", encoding="ascii")
    except OSError as error:
        raise CannotRun(f"cannot use the build folder {out}: {error.strerror}; "
                        "the environment variable UVSPEC_OUT may name another") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"uvspec: another build is running in {out}; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run(argv: list[str], what: str) -> None:
    """Runs a build program; its progress is one live line, anything else is kept for the error."""
    live = Live()
    live.update(f"{what} …")
    said: list[str] = []
    try:
        with subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace") as child:
            assert child.stdout is not None
            for line in child.stdout:
                status = _STATUS.match(line)
                if status:
                    live.update(f"{what}: {status[1]} of {status[2]}, {status[3]}")
                else:
                    said.append(line)
    except FileNotFoundError as error:
        raise CannotRun(f"there is no `{argv[0]}` here; run `./uvspec setup`") from error
    finally:
        live.clear()
    if child.returncode != 0:
        raise _failure(argv, "".join(said), child.returncode)


def _failure(argv: list[str], said: str, code: int) -> Stop:
    """What to tell about a failed gn or ninja."""
    out = paths.out_dir()
    text = _without_noise(said) or f"it said nothing (exit code {code})"
    if "No space left on device" in text:
        return CannotRun(f"the disk is full, so {out} could not be built; free some space and try again")
    if re.search(r"build\.ninja:\d+: |ninja: error: (loading|build\.ninja)|recompacting|deps log", text):
        return CannotRun(f"the build folder is damaged:\n{text}\nDelete it and try again:"
                         f"  rm -rf {shlex.quote(str(out))}")
    if argv[0] == "ninja" and "unknown target" in text:
        return UsageError(f"{text.splitlines()[-1]}\nTry a toolchain ({', '.join(toolchains())}), "
                          "lib_TOOLCHAIN or suite_TOOLCHAIN.")
    if code < 0:
        return CannotRun(f"{argv[0]} was killed by signal {-code}:\n{text}")
    return Stop(f"the build failed:\n{text}")


def _without_noise(said: str) -> str:
    """Ninja's words less what helps nobody: of a generator that failed, what it says is enough."""
    kept: list[str] = []
    for line in said.splitlines():
        if "gn_action.py" in line and kept and kept[-1].startswith("FAILED: "):
            kept.pop()
        elif not line.startswith(("ninja: Entering directory", "ninja: build stopped")):
            kept.append(line)
    return "\n".join(kept).strip()


# ------------------------------------------------------------------- sources that nobody listed

_SOURCE_LISTS = (("impl", "src"), ("conformance", "harness"))


def unlisted_sources() -> list[str]:
    """C files that are in a source folder and not in its sources.gni, or the other way round."""
    problems = []
    for part, folder in _SOURCE_LISTS:
        base = paths.ROOT / part
        listing = base / "sources.gni"
        listed = set(re.findall(r'"([^"]+\.c)"', listing.read_text()))
        there = {str(p.relative_to(base)) for p in (base / folder).glob("**/*.c")}
        where = listing.relative_to(paths.ROOT)
        problems += [f"{where}: {part}/{n} exists and is not listed: add it" for n in sorted(there - listed)]
        problems += [f"{where}: {part}/{n} is listed and does not exist" for n in sorted(listed - there)]
    return problems


def _gni_list(gni: Path, name: str) -> list[str]:
    """The strings of one list in a .gni file."""
    match = re.search(rf"^{name} = \[(.*?)\]", gni.read_text(), re.S | re.M)
    return re.findall(r'"([^"]+)"', match.group(1)) if match else []


def environment_note() -> str:
    """One line for reports: which compilers this machine has."""
    found = [c for c in ("gcc", deps.find_clang()) if c and shutil.which(c)]
    versions = [deps.output_of(c, "--version").splitlines()[:1] for c in found]
    return "; ".join(v[0] for v in versions if v) or os.uname().sysname
