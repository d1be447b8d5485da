"""Builds the suite against an implementation's own headers, and adds what these declare otherwise."""

from __future__ import annotations

import argparse
import json
import re
import shutil
from pathlib import Path

from .. import build, deps, paths
from ..cached import load_remembered
from ..console import say
from ..exits import CannotRun, Stop, UsageError
from ..run.manifest import Test
from ..run.results import Raw
from ..write import write_if_changed
from .find import Prefix, find_prefix
from .headers import Findings, examine

# GNU ld, gold, and lld say it in these ways.
_UNDEFINED = re.compile(r"undefined (?:reference to|symbol:?) [`'\"]?(uv_\w+)")

MODULE = "headers"  # under which the header's rows stand in reports


def prepare(args: argparse.Namespace, toolchain: str) -> tuple[Prefix, Findings, Path]:
    """What lies below the prefix, what its header declares, and the folder with the suite built for it."""
    prefix = find_prefix(args.prefix)
    compiler = deps.find_clang() if toolchain.startswith("clang") else "gcc"
    if not compiler or not shutil.which(compiler):
        raise CannotRun(f"no compiler for {toolchain}; run `./uvspec setup`")
    findings = examine(load_remembered(), prefix.include, compiler)
    say(f"{prefix.include / 'uv.h'}: version {findings.version}, {len(findings.items)} names asked for, "
        f"{len(findings.missing)} not declared, {len(findings.other)} otherwise")
    out = paths.out_dir() / "prefix"
    if not args.no_build:
        _build(prefix, findings, out, toolchain)
    return prefix, findings, out


def _build(prefix: Prefix, findings: Findings, out: Path, toolchain: str) -> None:
    """Builds the suite. What the header declares and the library lacks shows when it is linked: once more, then,
    without it."""
    lacking = paths.out_dir() / "prefix.lacking.json"  # beside it: the build folder holds what the build makes
    out.mkdir(parents=True, exist_ok=True)
    arguments = {"uv_prefix_include": str(prefix.include), "uv_prefix_library": str(prefix.library),
                 "uv_prefix_lacking": str(lacking)}
    for value in arguments.values():
        if '"' in value or "$" in value or "\\" in value:
            raise UsageError(f"{value}: a path with such characters cannot be given to the build")
    for last_try in (False, True):
        write_if_changed(lacking, json.dumps(findings.unavailable, indent=1) + "\n")
        try:
            build.build([f"{toolchain}/bin/uvspec-suite", f"{toolchain}/lib/libuvt-atfork.so"], out=out, gn_args=arguments)
            return
        except CannotRun:
            raise
        except Stop as stop:
            undefined = set(_UNDEFINED.findall(str(stop))) & {i.name for i in findings.items}
            if last_try or not undefined:
                raise
            findings.missing |= {name: "the header declares it, the library does not have it" for name in undefined}


def rows(findings: Findings) -> list[tuple[Test, Raw]]:
    """A test and its result for each name of the API."""
    out = []
    for item in findings.items:
        name = f"{MODULE}.{item.name}"
        reason = findings.missing.get(item.name, "") or findings.other.get(item.name, "")
        symbols = (item.name,) if item.kind == "function" else ()
        test = Test(name, MODULE, (), "must", "header", item.at, f"{item.kind} {item.name}", symbols, item.since, "")
        out.append((test, Raw(name, "fail" if reason else "pass", reason)))
    return out
