"""What has to be installed: which packages, for what, and how to see that they are there.

Standard library only, and no syntax newer than Python 3.11: this runs before anything is installed.
`NEEDS` is the table; `ensure(command)` is what every command calls first. As root it installs what is
missing, else it prints the one command that does.
"""

from __future__ import annotations

import functools
import glob
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field

from .console import Live, say
from .exits import CannotRun

# ------------------------------------------------------------------------------- is it there?


def module(name: str) -> Callable[[], bool]:
    """A Python module that this interpreter can import."""
    return lambda: importlib.util.find_spec(name) is not None


def command(*names: str) -> Callable[[], bool]:
    """One of these programs is on the PATH."""
    return lambda: any(shutil.which(n) for n in names)


def file(*patterns: str) -> Callable[[], bool]:
    """One of these files exists."""
    return lambda: any(glob.glob(p) for p in patterns)


def output_of(*argv: str) -> str:
    """What a program prints, or "" where it cannot run."""
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout


def generate_ninja() -> bool:
    """`gn` is also the name of other programs; ours answers `--version` with a plain number."""
    return bool(shutil.which("gn")) and bool(re.match(r"\d+ \(", output_of("gn", "--version")))


def find_clang() -> str:
    """The name of the clang to use: `clang`, else the newest `clang-N`, else ""."""
    if shutil.which("clang"):
        return "clang"
    for version in range(30, 13, -1):
        if shutil.which(f"clang-{version}"):
            return f"clang-{version}"
    return ""


def find_clang_format() -> str:
    """The name of the clang-format to use, or ""."""
    if shutil.which("clang-format"):
        return "clang-format"
    for version in range(30, 13, -1):
        if shutil.which(f"clang-format-{version}"):
            return f"clang-format-{version}"
    return ""


def clang_major() -> str:
    """clang's major version, or "" where there is no clang."""
    clang = find_clang()
    match = re.search(r"version (\d+)", output_of(clang, "--version")) if clang else None
    return match.group(1) if match else ""


def clang_sanitizers() -> bool:
    """clang's sanitizer runtimes are a package of their own on most systems."""
    clang = find_clang()
    if not clang:
        return False
    folder = output_of(clang, "-print-runtime-dir").strip()
    candidates = (folder, os.path.join(os.path.dirname(folder), "linux"))
    return any(glob.glob(os.path.join(f, "libclang_rt.tsan*")) for f in candidates if f)


_LIBRARY_FOLDERS = ("/usr/lib/*-linux-*", "/lib/*-linux-*", "/usr/lib64", "/usr/lib", "/usr/local/lib")


def libcurl_headers() -> bool:
    """Whether programs over libcurl can be built."""
    return file("/usr/include/curl/curl.h", "/usr/include/*/curl/curl.h", "/usr/local/include/curl/curl.h")()


def find_system_libuv(name: str = "libuv.so.1") -> str:
    """The libuv.so.1 that the system installed, or ""."""
    for folder in _LIBRARY_FOLDERS:
        found = sorted(glob.glob(os.path.join(folder, glob.escape(name))))
        if found:
            return found[0]
    return ""


# ------------------------------------------------------------------------------------ the table


@dataclass(frozen=True)
class Need:
    """One thing to have. `packages` is by package manager; `optional` costs a lane, not the command."""

    name: str
    why: str
    group: str
    here: Callable[[], bool]
    packages: dict[str, str] = field(default_factory=dict)
    pip: str = ""
    optional: bool = False


def _python(name: str, why: str, group: str, apt: str, pip: str, optional: bool = False) -> Need:
    """A Python module; the package names follow each system's habits."""
    stem = apt.removeprefix("python3-")
    names = {
        "apt-get": apt,
        "dnf": f"python3-{pip.lower()}",
        "zypper": f"python3-{pip}",
        "pacman": f"python-{stem}",
        "apk": f"py3-{stem}",
    }
    return Need(name, why, group, module(name), names, pip, optional)


def _everywhere(name: str) -> dict[str, str]:
    return dict.fromkeys(("apt-get", "dnf", "zypper", "pacman", "apk", "brew"), name)


NEEDS: tuple[Need, ...] = (
    _python("yaml", "read the specification", "python", "python3-yaml", "PyYAML"),
    _python("jsonschema", "check it against its schema", "python", "python3-jsonschema", "jsonschema"),
    _python("jinja2", "fill in templates", "python", "python3-jinja2", "Jinja2"),
    _python("rich", "print tables", "python", "python3-rich", "rich"),
    Need("gn", "plan the build (generate-ninja)", "build", generate_ninja,
         _everywhere("gn") | {"apt-get": "generate-ninja"}),
    Need("ninja", "run the build", "build", command("ninja"),
         _everywhere("ninja") | {"apt-get": "ninja-build", "dnf": "ninja-build"}),
    Need("C compiler", "compile C", "build", command("gcc", "clang"), _everywhere("gcc")),
    Need("C headers", "compile C", "build", file("/usr/include/stdio.h", "/Library/Developer/*"),
         {"apt-get": "libc6-dev", "dnf": "glibc-devel", "zypper": "glibc-devel",
          "pacman": "glibc", "apk": "musl-dev linux-headers"}),
    Need("gcc", "test with gcc", "test", command("gcc"), _everywhere("gcc")),
    Need("clang", "test with clang", "test", lambda: bool(find_clang()),
         _everywhere("clang") | {"brew": "llvm"}, optional=True),
    Need("clang's sanitizers", "find memory errors and data races", "test", clang_sanitizers,
         {"apt-get": "libclang-rt-{clang}-dev", "dnf": "compiler-rt", "zypper": "clang",
          "pacman": "compiler-rt", "apk": "compiler-rt"}, optional=True),
    Need("clang-format", "check the layout of C files", "format",
         lambda: bool(find_clang_format()),
         {"apt-get": "clang-format", "dnf": "clang-tools-extra", "zypper": "clang-tools",
          "pacman": "clang", "apk": "clang-extra-tools", "brew": "clang-format"}, optional=True),
    _python("pytest", "test the tools", "test", "python3-pytest", "pytest", optional=True),
    _python("hypothesis", "test the tools", "test", "python3-hypothesis", "hypothesis", optional=True),
    Need("mypy", "check the tools' types", "test", command("mypy"),
         _everywhere("mypy") | {"dnf": "python3-mypy", "apk": "py3-mypy"}, "mypy", optional=True),
    Need("C++ compiler", "check that C++ programs can use the headers", "test", command("g++"),
         _everywhere("g++") | {"dnf": "gcc-c++", "zypper": "gcc-c++", "pacman": "gcc", "brew": "gcc"},
         optional=True),
    Need("pkg-config", "check that libuv.pc is understood", "test", command("pkg-config"),
         _everywhere("pkgconf") | {"zypper": "pkg-config"}, optional=True),
    Need("mandoc", "check the manual pages", "test", command("mandoc"), _everywhere("mandoc"), optional=True),
    Need("pgrep", "check that tests leave no process behind", "test", command("pgrep"),
         _everywhere("procps") | {"dnf": "procps-ng", "pacman": "procps-ng", "brew": "proctools"},
         optional=True),
    Need("libuv", "test the suite against the system's libuv", "test",
         lambda: bool(find_system_libuv()),
         {"apt-get": "libuv1", "dnf": "libuv", "zypper": "libuv1", "pacman": "libuv",
          "apk": "libuv", "brew": "libuv"}, optional=True),
    Need("libcurl's headers", "build the guide's downloader", "test", libcurl_headers,
         {"apt-get": "libcurl4-openssl-dev", "dnf": "libcurl-devel", "zypper": "libcurl-devel",
          "pacman": "curl", "apk": "curl-dev", "brew": "curl"}, optional=True),
    Need("libuv's header", "compare the generated header with the system's", "test",
         file("/usr/include/uv.h", "/usr/local/include/uv.h"),
         {"apt-get": "libuv1-dev", "dnf": "libuv-devel", "zypper": "libuv-devel",
          "pacman": "libuv", "apk": "libuv-dev", "brew": "libuv"}, optional=True),
)

# Which groups a command needs; those not named here read the specification and no more.
GROUPS = {
    "setup": ("python", "build", "format", "test"),
    "test": ("python", "build", "format", "test"),
    "check": ("python", "build"),
    "clients": ("python", "build"),
    "build": ("python", "build"),
    "install": ("python", "build"),
    "mutate": ("python", "build"),
    "soak": ("python", "build"),
    "guide": ("python", "build"),
    "fmt": ("python", "format"),
}


def needs_of(command_name: str) -> list[Need]:
    groups = GROUPS.get(command_name, ("python",))
    return [n for n in NEEDS if n.group in groups]


def missing(command_name: str) -> list[Need]:
    """What the command needs and this machine lacks."""
    return [n for n in needs_of(command_name) if not n.here()]


# -------------------------------------------------------------------------------- installing it

_INSTALL = {
    "apt-get": "apt-get install -y --no-install-recommends",
    "dnf": "dnf install -y",
    "zypper": "zypper --non-interactive install",
    "pacman": "pacman -S --noconfirm --needed",
    "apk": "apk add",
    "brew": "brew install",
}
_REFRESH = {"apt-get": "apt-get update", "pacman": "pacman -Sy"}
_APT_OPTIONS = ("-o", "DPkg::Lock::Timeout=120", "-q")


@functools.lru_cache(maxsize=None)
def package_manager() -> str:
    """The first package manager found, or ""."""
    return next((m for m in _INSTALL if shutil.which(m)), "")


def packages_for(needs: list[Need], manager: str, unversioned: bool = False) -> list[str]:
    """The packages that bring the needs.

    One that is named after clang's version waits until there is a clang, or (`unversioned`) goes by
    the name without a version that newer releases also have."""
    major = clang_major()
    names: list[str] = []
    for need in needs:
        for name in need.packages.get(manager, "").split():
            if "{clang}" in name and not major:
                if not unversioned:
                    continue
                name = name.replace("-{clang}", "")
            name = name.format(clang=major)
            if name not in names:
                names.append(name)
    return names


def commands_for(needs: list[Need], manager: str, unversioned: bool = False) -> list[str]:
    """The shell commands that install the needs."""
    names = packages_for(needs, manager, unversioned)
    if not names:
        return []
    refresh = [_REFRESH[manager]] if manager in _REFRESH else []
    return [*refresh, f"{_INSTALL[manager]} {' '.join(names)}"]


def advice(needs: list[Need], manager: str, as_root: bool) -> str:
    """The one command for a person to type."""
    commands = commands_for(needs, manager, unversioned=True) if manager else []
    if commands:
        sudo = "" if as_root or manager == "brew" else "sudo "
        return " && ".join(sudo + c for c in commands)
    pips = [n.pip for n in needs if n.pip]
    if pips and len(pips) == len(needs):
        return f"{sys.executable} -m venv .venv && .venv/bin/pip install {' '.join(pips)}"
    return "install " + ", ".join(n.name for n in needs)


def install(needs: list[Need], manager: str) -> None:
    """Installs, without a question. Raises CannotRun with the end of the log where that fails."""
    say(f"uvspec: installing with {manager}, as root, what is missing:")
    for need in needs:
        say(f"  {' '.join(packages_for([need], manager, unversioned=True)):28} {need.why}")
    commands = commands_for(needs, manager)
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    live = Live()
    for line in commands:
        argv = shlex.split(line)
        if manager == "apt-get":
            argv[1:1] = _APT_OPTIONS
        with tempfile.TemporaryFile("w+") as log:
            with subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True, env=environment) as child:
                assert child.stdout is not None
                for text in child.stdout:
                    log.write(text)
                    live.update(text.strip())
            live.clear()
            # A refresh that fails for one source may still have fetched what is needed.
            if child.returncode != 0 and line not in _REFRESH.values():
                log.seek(0)
                tail = "".join(log.readlines()[-15:])
                raise CannotRun(f"`{line}` failed:\n{tail}\nIs the network there? Then run it by hand.")


def ensure(command_name: str) -> bool:
    """Makes sure that a command finds what it needs. True where something was installed.

    Raises CannotRun where it cannot. Optional things only cost what they are for."""
    lacking = missing(command_name)
    if not lacking:
        return False
    manager = package_manager()
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    may_install = as_root and manager not in ("", "brew") and not os.environ.get("UVSPEC_NO_INSTALL")
    if may_install:
        # Twice: some packages' names depend on the version of what the first round brings.
        for _ in range(2):
            if packages_for(lacking, manager):
                try:
                    install(lacking, manager)
                except CannotRun as error:
                    if any(not n.optional for n in lacking):
                        raise
                    say(f"uvspec: {error}")
            importlib.invalidate_caches()
            lacking = missing(command_name)
            if not lacking:
                return True
    required = [n for n in lacking if not n.optional]
    listing = "\n".join(f"  {n.name:22} {n.why}" for n in lacking)
    if not required:
        say(f"uvspec: not installed, so left out:\n{listing}\n"
            f"  To have it: {advice(lacking, manager, as_root)}")
        return may_install
    if may_install and not _only_other_python(required):
        raise CannotRun(f"`{command_name}` needs what could not be installed:\n{listing}")
    if may_install:
        return True
    raise CannotRun(f"`{command_name}` needs what is not installed:\n{listing}\n\n"
                    f"Run this, then try again:\n  {advice(lacking, manager, as_root)}")


def _only_other_python(needs: list[Need]) -> bool:
    """Modules were installed, but for the system's Python, which is not the one that runs."""
    system = os.path.realpath("/usr/bin/python3")
    return all(n.group == "python" for n in needs) and os.path.realpath(sys.executable) != system
