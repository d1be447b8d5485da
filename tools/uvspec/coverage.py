"""`uvspec coverage`: what reach.py found, told."""

from __future__ import annotations

import argparse
import os
import re
from typing import Any

from . import paths, reach
from .commands.common import print_json
from .exits import OK, UsageError
from .reach import Reach


def run(args: argparse.Namespace) -> int:
    found = reach.find(args.jobs or os.cpu_count() or 1)
    if args.line:
        return _tests_of_line(found, args.line, args.format)
    files = _named(found, args.files)
    if args.format == "json":
        print_json(document(found, files))
        return OK
    for file in files:
        missed, pieces = sum(found.missed.get(file, {}).values()), found.pieces[file]
        if args.files:
            _tell_lines(found, file)
        print(f"{file:28} {100 * (pieces - missed) / pieces:5.1f} %  {missed:3} of {pieces:4} pieces not reached{_never(found, file)}")
    missed, pieces = (sum(x) for x in zip(*((sum(found.missed.get(f, {}).values()), found.pieces[f]) for f in files)))
    print(f"{'all':28} {100 * (pieces - missed) / pieces:5.1f} %  {missed:3} of {pieces:4} pieces not reached by {len(found.tests)} tests")
    return OK


def document(found: Reach, files: list[str]) -> dict[str, Any]:
    """The JSON form."""
    rows: dict[str, dict[str, Any]] = {}
    for file in files:
        missed = found.missed.get(file, {})
        rows[f"impl/src/{file}"] = {"pieces": found.pieces[file], "reached": found.pieces[file] - sum(missed.values()),
                                    "missed_lines": sorted(missed), "missed_functions": unreached(found, file)}
    pieces, reached = sum(r["pieces"] for r in rows.values()), sum(r["reached"] for r in rows.values())
    return {"tests": len(found.tests), "pieces": pieces, "reached": reached, "files": rows}


def unreached(found: Reach, file: str) -> list[str]:
    """The functions that no test enters."""
    lines = found.lines[file]
    out = []
    for name, first, last in reach.functions(file):
        own = [tests for line, tests in lines.items() if first <= line <= last]
        if own and not sum(len(tests) for tests in own):
            out.append(name)
    return out


def _never(found: Reach, file: str) -> str:
    names = unreached(found, file)
    return f"; never entered: {', '.join(names)}" if names else ""


def _tell_lines(found: Reach, file: str) -> None:
    text = (paths.IMPL / "src" / file).read_text(encoding="utf-8").splitlines()
    for line in sorted(found.missed.get(file, {})):
        print(f"impl/src/{file}:{line}: {text[line - 1].strip()}{'' if not found.lines[file][line] else '   (in part)'}")


def _named(found: Reach, words: list[str]) -> list[str]:
    out = []
    for word in words:
        path = word.removeprefix("impl/src/").rstrip("/")
        own = [f for f in found.pieces if f == path or f.startswith(path + "/") or f.rpartition("/")[2] == path]
        if not own:
            raise UsageError(f"no file or folder {word} below impl/src")
        out += own
    return sorted(set(out)) if words else sorted(found.pieces)


def _tests_of_line(found: Reach, place: str, form: str) -> int:
    match = re.fullmatch(r"(.+):(\d+)", place)
    if not match:
        raise UsageError(f"{place}: give FILE:LINE")
    (file, *more) = _named(found, [match[1]])
    if more:
        raise UsageError(f"{match[1]}: there are several: {', '.join([file, *more])}")
    line = max((n for n in found.lines[file] if n <= int(match[2])), default=0)  # the piece that it is part of
    tests = [found.tests[t] for t in found.lines[file].get(line, ())]
    if form == "json":
        print_json({"file": f"impl/src/{file}", "line": line, "tests": tests})
    else:
        print("\n".join(tests))
    return OK
