"""What a header declares, held against the specification by a compiler.

One C file asks one question a line; the compiler's errors are the answers. So nothing has to be parsed
here, and macros, inline functions and extensions count as what they are.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..ctypes_ import declare, spaced
from ..exits import CannotRun, UsageError
from ..model import Function, Spec

TARGET = "linux-x86_64"  # whose values of constants are compared, where they depend on the target

_ERROR = re.compile(r"^(?P<file>[^:\n]+):(?P<line>\d+):(?:\d+:)? (?:fatal )?error: (?P<text>.*)$", re.M)

_DIFFERS = re.compile(r"static.?assert\w* failed")


@dataclass
class Item:
    """One name of the API, and the line of C that compiles only if the header has it as specified."""

    name: str  # uv_run, UV_EOF, uv_timer_t, uv_process_t.pid
    kind: str  # function | constant | type | field
    module: str
    since: str
    at: str
    question: str


@dataclass
class Findings:
    """`missing` and `other` map names to what was found; what is in neither is as specified."""

    items: list[Item]
    version: str  # of the header: 1.44.2
    missing: dict[str, str] = field(default_factory=dict)
    other: dict[str, str] = field(default_factory=dict)

    @property
    def unavailable(self) -> list[str]:
        """Names that generated C must not use."""
        return sorted(n for n in {*self.missing, *(n for n in self.other if n.startswith("uv_"))} if "." not in n)


def items(spec: Spec) -> list[Item]:
    """Every question, in the order of the specification."""
    out: list[Item] = []
    values = spec.abi[TARGET].constants if TARGET in spec.abi else {}
    for module in spec.modules.values():
        for e in module.enums:
            for c in e.values:
                question = (f"_Static_assert((long long) ({c.name}) == {values[c.name]}LL, \"value\");" if c.name in values
                            else f"typedef char QUESTION[sizeof({c.name})];")
                out.append(Item(c.name, "constant", module.name, c.since or e.since, str(e.at), question))
        named = [(e.name, e.at, e.since) for e in module.enums if e.name and e.form == "typedef"]
        named += [(t.name, t.at, t.since) for t in module.types.values() if t.form != "opaque"]
        named += [(c.name, c.at, c.since) for c in module.callbacks.values()]
        for name, at, since in named:
            out.append(Item(name, "type", module.name, since, str(at), f"typedef char QUESTION[sizeof({name})];"))
        for t in module.types.values():
            for f in t.fields:
                if f.access != "private" and t.form == "struct":
                    question = f"typedef char QUESTION[sizeof((({t.name} *) 0)->{f.name})];"
                    out.append(Item(f"{t.name}.{f.name}", "field", module.name, f.since or t.since, str(t.at), question))
    for function in spec.functions.values():
        question = f"_Static_assert(__builtin_types_compatible_p(__typeof__(&{function.name}), {_pointer(function)}), \"type\");"
        out.append(Item(function.name, "function", function.module, function.since, str(function.at), question))
    return out


def _pointer(f: Function) -> str:
    params = [declare(p.type, "").strip() if "(*)" in p.type else spaced(p.type) for p in f.params]
    params += ["..."] if f.variadic else []
    return f"{declare(f.returns, '(*)')}({', '.join(params) or 'void'})"


def examine(spec: Spec, include: Path, compiler: str) -> Findings:
    """Asks the compiler everything. Raises UsageError where the header does not compile by itself."""
    with tempfile.TemporaryDirectory(prefix="uvspec-headers-") as work:
        questions = items(spec)
        found = Findings(questions, _version(Path(work), include, compiler))
        for item, text in _answers(Path(work), include, compiler, questions):
            if _DIFFERS.search(text):
                found.other[item.name] = ""
            else:
                found.missing[item.name] = "the header does not declare it"
        for name, seen in _seen(Path(work), include, compiler, found):
            found.other[name] = seen
        return found


_HEAD = "#include <uv.h>\n#include <stddef.h>\n"


def _compile(work: Path, include: Path, compiler: str, text: str, *flags: str) -> str:
    source = work / "questions.c"
    source.write_text(text, encoding="utf-8")
    argv = [compiler, "-std=gnu11", "-w", "-I", str(include), *flags, str(source)]
    try:
        done = subprocess.run(argv, capture_output=True, text=True, errors="replace", env={"PATH": _path(), "LC_ALL": "C"}, check=False)
    except FileNotFoundError as error:
        raise CannotRun(f"there is no `{compiler}` here; run `./uvspec setup`") from error
    return done.stderr if done.returncode else ""


def _path() -> str:
    return os.environ.get("PATH", "/usr/bin:/bin")


def _answers(work: Path, include: Path, compiler: str, questions: list[Item]) -> Iterator[tuple[Item, str]]:
    """The questions that do not compile, and the first thing the compiler says about each."""
    first = _HEAD.count("\n") + 1
    lines = [q.question.replace("QUESTION", f"question_{i}") for i, q in enumerate(questions)]
    limit = "-ferror-limit=0" if "clang" in compiler else "-fmax-errors=0"
    said = _compile(work, include, compiler, _HEAD + "\n".join(lines) + "\n", "-fsyntax-only", limit)
    for match in _ERROR.finditer(said):
        index = int(match["line"]) - first
        if match["file"].endswith("questions.c") and 0 <= index < len(questions):
            yield questions[index], match["text"]


def _version(work: Path, include: Path, compiler: str) -> str:
    said = _compile(work, include, compiler, _HEAD, "-fsyntax-only")
    if said:
        raise UsageError(f"{include / 'uv.h'} does not compile:\n" + "\n".join(said.splitlines()[:12]))
    text = "UVSPEC_VERSION UV_VERSION_MAJOR UV_VERSION_MINOR UV_VERSION_PATCH\n"
    source = work / "version.c"
    source.write_text(_HEAD + text, encoding="utf-8")
    done = subprocess.run([compiler, "-E", "-P", "-I", str(include), str(source)], capture_output=True, text=True, check=False)
    match = re.search(r"^UVSPEC_VERSION (\d+) (\d+) (\d+)", done.stdout, re.M)
    if match is None:
        raise UsageError(f"{include / 'uv.h'} does not say its version (UV_VERSION_MAJOR, …_MINOR, …_PATCH)")
    return ".".join(match.groups())


def _seen(work: Path, include: Path, compiler: str, found: Findings) -> Iterator[tuple[str, str]]:
    """What the header has instead, for a report: the values of constants; of the rest that it differs."""
    constants = [i for i in found.items if i.kind == "constant" and i.name in found.other]
    for item in found.items:
        if item.name in found.other and item.kind != "constant":
            yield item.name, "the header declares it with another type" if item.kind == "function" else "the header has it otherwise"
    if not constants:
        return
    program = work / "values"
    body = "".join(f'  printf("{i.name} %lld\\n", (long long) ({i.name}));\n' for i in constants)
    text = _HEAD + f"#include <stdio.h>\nint main(void) {{\n{body}  return 0;\n}}\n"
    said = _compile(work, include, compiler, text, "-o", str(program))
    output = "" if said else subprocess.run([str(program)], capture_output=True, text=True, check=False).stdout
    values = dict(line.split() for line in output.splitlines())
    for item in constants:
        yield item.name, f"the header says {values[item.name]}" if item.name in values else "the header has another value"
