"""From the arguments of `uvspec check` to a run: builds what is needed, then hands over to run/check.py."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

from . import build, paths
from .cached import load_remembered
from .console import say
from .exits import OK, RED, CannotRun, UsageError
from .run.check import Options, run_check
from .run.library import find_library, is_reference
from .run.manifest import read_manifest
from .run.select import version


def check(args: argparse.Namespace) -> int:
    """`uvspec check`."""
    toolchain = build.known_toolchain(args.toolchain)
    if args.prefix:
        return _check_prefix(args, toolchain)
    if not args.no_build:
        build.build_suite(toolchain, with_library=is_reference(args.lib))
    options = make_options(args, toolchain)
    code = run_check(options)
    if args.format == "text" and code in (OK, RED):
        say(f"report: {options.formats['html']}")
    return code


def _check_prefix(args: argparse.Namespace, toolchain: str) -> int:
    """Source mode: the suite compiled against an implementation's own headers, and linked to it."""
    from .source_mode.run import prepare, rows

    if not is_reference(args.lib):
        raise UsageError("--prefix and --lib exclude each other")
    prefix, findings, out = prepare(args, toolchain)
    # By its own header's word it is of this level; newer clauses are not held against it.
    level = args.api_level or ".".join(findings.version.split(".")[:2])
    manifest = out / "gen" / "suite" / "tests.json"
    options = make_options(args, toolchain, suite=out / toolchain / "bin" / "uvspec-suite", manifest=manifest)
    options = dataclasses.replace(options, linked=str(prefix.library), rows=rows(findings),
                                  api_level=_least(level, read_manifest(manifest).api_level))
    code = run_check(options)
    if args.format == "text" and code in (OK, RED):
        say(f"report: {options.formats['html']}")
    return code


def _least(level: str, ours: str) -> str:
    return min(level, ours, key=version)


def make_options(args: argparse.Namespace, toolchain: str, suite: Path | None = None, manifest: Path | None = None) -> Options:
    """The arguments as the runner wants them."""
    suite = suite or paths.suite_binary(toolchain)
    if not suite.exists():
        raise CannotRun(f"{suite} is not built; leave --no-build out")
    library = find_library(args.lib, toolchain) if is_reference(args.lib) else args.lib
    given = {kind: getattr(args, kind) for kind in ("tap", "junit", "json", "html")}
    formats: dict[str, Path] = {kind: path for kind, path in given.items() if path}
    formats.setdefault("json", paths.report_dir() / "results.json")
    formats.setdefault("html", paths.report_dir() / "report.html")
    return Options(
        lib=library,
        suite=suite,
        manifest=manifest or paths.suite_dir() / "tests.json",
        select=args.ids,
        jobs=args.jobs,
        watchdog_ms=round(args.watchdog * 1000),
        expect_file=args.expect,
        formats=formats,
        json_to_stdout=args.format == "json",
        fail_fast=args.fail_fast,
        repeat=args.repeat,
        api_level=args.api_level,
        profile=args.profile,
        variant=toolchain,
        name=args.lib if not args.prefix else "",
        details=load_remembered,
    )
