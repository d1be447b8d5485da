"""Deliberate breaks of the reference: reading conformance/mutants/, and building a broken library.

A mutant is data: a file, a text in it that occurs once, what stands there instead, and the clauses that must
notice. Building one compiles what the change reaches (one C file, or all for a header) and links it with the
objects of the normal build.
"""

from __future__ import annotations

import hashlib
import json
import re
import shlex
import shutil
import subprocess
import textwrap
from dataclasses import dataclass
from pathlib import Path

import jsonschema

from . import paths
from .errors import Problem, SpecError
from .exits import CannotRun
from .load import explain
from .model import At, Spec
from .strict_yaml import YamlProblems, parse

FOLDER = paths.CONFORMANCE / "mutants"
TOOLCHAINS = {"plain": "gcc", "asan": "clang_asan", "tsan": "clang_tsan"}


@dataclass(frozen=True)
class Mutant:
    id: str
    at: At
    file: str
    find: str
    replace: str
    aims: tuple[str, ...]
    why: str
    under: str = "plain"

    @property
    def toolchain(self) -> str:
        return TOOLCHAINS[self.under]


class BuildFailed(Exception):
    """The broken source does not compile: the mutant is badly made. The text is the compiler's."""


def load_mutants(spec: Spec, file: Path | None = None) -> list[Mutant]:
    """Every mutant of the project, or those of one file of yours, sorted by ID. Raises SpecError with all problems."""
    schema = json.loads((paths.SPEC / "schema" / "mutants.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    out: dict[str, Mutant] = {}
    problems: list[Problem] = []
    for path in [file] if file else sorted(p for p in FOLDER.glob("*.yaml") if p.name != "equivalent.yaml"):
        name = str(path) if file else str(path.relative_to(paths.ROOT))
        try:
            document = parse(path.read_text(encoding="utf-8"), name)
        except YamlProblems as e:
            problems += e.problems
            continue
        errors = [Problem(At(name, line), id_, what)
                  for line, what, id_ in (explain(document, e) for e in validator.iter_errors(document))]
        problems += errors
        for m in [] if errors else document["mutants"]:
            mutant = Mutant(m["id"], At(name, m.line), m["file"], _text(m["find"]), _text(m["replace"]), tuple(m.get("aims", ())), m["why"], m.get("under", "plain"))
            problems += _wrong_with(mutant, spec, out)
            if not mutant.aims and not file:
                problems.append(Problem(mutant.at, mutant.id, "aims at no clause; only a file given with --file may leave that out"))
            out[mutant.id] = mutant
    if problems:
        raise SpecError(problems)
    return [out[i] for i in sorted(out)]


def _wrong_with(m: Mutant, spec: Spec, others: dict[str, Mutant]) -> list[Problem]:
    what = []
    if m.id in others:
        what.append(f"also at {others[m.id].at}")
    for id_ in m.aims:
        if id_ not in spec.clauses:
            what.append(f"aims at {id_}, which does not exist")
    source = paths.ROOT / m.file
    if not source.is_file():
        what.append(f"no file {m.file}")
    else:
        count = len(_places(m, source.read_text(encoding="utf-8")))
        if count != 1:
            what.append(f"`find` occurs {count} times in {m.file}; it must occur once: quote more, or follow a change of the source")
    return [Problem(m.at, m.id, w) for w in what]


def _text(text: str) -> str:
    """Without the indentation that all lines share: that of the place is used."""
    return textwrap.dedent(text).rstrip("\n")


def _places(m: Mutant, source: str) -> list[re.Match[str]]:
    """Where the text stands, at whatever indentation."""
    lines = [rf"(?P=indent){re.escape(line)}" if line else "" for line in m.find.split("\n")[1:]]
    first = m.find.split("\n")[0]
    if not lines:  # part of a line
        return list(re.finditer(rf"(?P<indent>){re.escape(first)}", source))
    pattern = rf"^(?P<indent>[ \t]*){re.escape(first)}\n" + "\n".join(lines[:-1] + [lines[-1]])
    return list(re.finditer(pattern, source, re.M))


def broken_text(m: Mutant, source: str) -> str:
    """The source with the mutant's change."""
    (place,) = _places(m, source)
    changed = "\n".join(place["indent"] + line if line else "" for line in m.replace.split("\n"))
    return source[: place.start()] + changed + source[place.end():]


@dataclass(frozen=True)
class Unit:
    """How one C file of the reference is compiled, by a toolchain's normal build."""

    source: Path
    object: Path
    command: tuple[str, ...]


def units(toolchain: str) -> list[Unit]:
    """The compilations of the library in that toolchain, from Ninja's compilation database."""
    out = paths.out_dir()
    database = json.loads((out / "compile_commands.json").read_text(encoding="utf-8"))
    found: dict[Path, Unit] = {}
    for entry in database:
        source = (Path(entry["directory"]) / entry["file"]).resolve()
        command = shlex.split(entry["command"])
        target = command[command.index("-o") + 1]
        if source.is_relative_to(paths.IMPL / "src") and target.startswith(f"{toolchain}/"):
            found[source] = Unit(source, out / target, tuple(command))
    if not found:
        raise CannotRun(f"{out / 'compile_commands.json'} knows no build of the library with {toolchain}; run `./uvspec build`")
    return list(found.values())


def build(mutant: Mutant, folder: Path) -> Path:
    """Builds the broken library below `folder`. Raises BuildFailed."""
    tree = folder / "src"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(paths.IMPL / "src", tree)
    broken = tree / Path(mutant.file).relative_to("impl/src")
    broken.write_text(broken_text(mutant, broken.read_text(encoding="utf-8")), encoding="utf-8")
    objects = []
    all_units = units(mutant.toolchain)
    for unit in all_units:
        copy = tree / unit.source.relative_to(paths.IMPL / "src")
        if broken.suffix == ".c" and copy != broken:
            objects.append(unit.object)
            continue
        target = folder / (copy.stem + f"-{len(objects)}.o")
        _call(_redirected(unit, copy, target, tree))
        objects.append(target)
    library = folder / "libuv.so.1"
    first = all_units[0].command
    flags = [f for f in first if f.startswith(("-fsanitize", "-fno-sanitize"))]
    _call([first[0], "-shared", "-Wl,-soname,libuv.so.1", *flags, "-o", str(library), *map(str, objects), "-pthread", "-ldl"])
    return library


def _redirected(unit: Unit, source: Path, target: Path, tree: Path) -> list[str]:
    """The unit's command for a copy of its source: other paths, warnings allowed, no dependency file."""
    original = str(paths.IMPL / "src")
    out: list[str] = []
    words = iter(unit.command)
    for word in words:
        if word in ("-MF", "-o", "-c"):
            next(words)
        elif word in ("-MMD", "-Werror"):
            continue
        elif word.startswith("-I"):
            folder = str((paths.out_dir() / word[2:]).resolve())
            out.append("-I" + (str(tree) + folder[len(original):] if folder.startswith(original) else folder))
        else:
            out.append(word)
    return [*out, "-w", "-c", str(source), "-o", str(target)]


def _call(argv: list[str]) -> None:
    done = subprocess.run(argv, capture_output=True, text=True, check=False, cwd=paths.out_dir())
    if done.returncode != 0:
        raise BuildFailed(done.stderr.strip()[:2000])


def digest(mutant: Mutant) -> str:
    """Changes when anything changes that a result depends on: the mutant, the sources, the suite."""
    h = hashlib.sha256(repr(mutant).encode())
    for path in [*sorted((paths.IMPL / "src").rglob("*.[ch]")), paths.suite_binary(mutant.toolchain), paths.suite_dir() / "tests.json"]:
        h.update(path.read_bytes())
    return h.hexdigest()
