"""Makes the broken libraries: one file compiled, the rest as the normal build has it."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path

from .. import paths
from ..mutants import BuildFailed, Unit, units
from .operators import apply
from .pick import Mutant

# A mutant may mistake what it kills; all processes of the machine are not to be among it.
_GUARD = """
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
int __real_kill(pid_t pid, int signum);
int __wrap_kill(pid_t pid, int signum);
int __wrap_kill(pid_t pid, int signum) {
  if (pid == -1 || pid == 1) {
    errno = EPERM;
    return -1;
  }
  return __real_kill(pid, signum);
}
"""
# Two arguments that changed places and do not fit are no mutant.
_REFUSED = ["-Werror=incompatible-pointer-types", "-Werror=int-conversion", "-Werror=discarded-qualifiers"]
_LINK = ["-shared", "-Wl,-soname,libuv.so.1", "-Wl,--wrap=kill"]


@dataclass(frozen=True)
class Made:
    """What the compiler made of a mutant."""

    object: Path
    code: str  # a digest
    same: bool  # as without the change


class Workshop:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.units = {str(u.source.relative_to(paths.IMPL / "src")): u for u in units("gcc")}
        self.plain: dict[str, str] = {}
        self.lock = threading.Lock()
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.objects = {file: folder / f"{number}.o" for number, file in enumerate(self.units)}
        for file, unit in self.units.items():
            _call(["objcopy", "-g", str(unit.object), str(self.objects[file])])  # half the linker's work
        self.guard = folder / "guard.o"
        _call([self.compiler, "-fPIC", "-x", "c", "-c", "-", "-o", str(self.guard)], _GUARD)

    @property
    def compiler(self) -> str:
        return next(iter(self.units.values())).command[0]

    def compile(self, mutant: Mutant, folder: Path) -> Made:
        """Raises BuildFailed."""
        source = (paths.IMPL / "src" / mutant.file).read_text(encoding="utf-8")
        unit = self.units[mutant.file]
        with self.lock:
            if mutant.file not in self.plain:
                self.plain[mutant.file] = _code(unit, source, folder / "plain.o")
        target = folder / "broken.o"
        code = _code(unit, apply(source, mutant.change), target)
        return Made(target, code, code == self.plain[mutant.file])

    def link(self, mutant: Mutant, made: Made, folder: Path) -> Path:
        """The library. Raises BuildFailed."""
        library = folder / "libuv.so.1"
        objects = [str(made.object if file == mutant.file else path) for file, path in self.objects.items()]
        _call([self.compiler, *_LINK, "-o", str(library), str(self.guard), *objects, "-pthread", "-ldl", "-lrt"])
        return library


def _code(unit: Unit, source: str, target: Path) -> str:
    """Compiles, without what is for debuggers, and returns a digest of the object file."""
    argv, words = [], iter(unit.command)
    for word in words:
        if word in ("-MF", "-o", "-c"):
            next(words)
        elif word not in ("-MMD", "-g") and not word.startswith("-W"):
            argv.append(word)
    # By the standard input: so the file's name, which the object holds, does not differ.
    _call([*argv, *_REFUSED, "-x", "c", "-c", "-", "-o", str(target)], f'#line 1 "{unit.source.name}"\n{source}')
    return hashlib.sha256(target.read_bytes()).hexdigest()


def _call(argv: list[str], said: str = "") -> None:
    done = subprocess.run(argv, input=said, capture_output=True, text=True, check=False, cwd=paths.out_dir())
    if done.returncode != 0:
        raise BuildFailed(done.stderr.strip()[:2000])
