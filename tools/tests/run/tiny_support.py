"""Builds small suites and libraries for the tests of the runner."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path


ROOT = Path(__file__).resolve().parents[3]
HARNESS = ROOT / "conformance" / "harness"
TINY = Path(__file__).resolve().parent / "tiny"
WATCHDOG_MS = 500
WARNINGS = ["-std=c11", "-Wall", "-Wextra", "-Wshadow", "-Wstrict-prototypes", "-Werror", "-D_GNU_SOURCE"]


def include_flags() -> list[str]:
    """The project's own header where there is one, else the system's."""
    ours = ROOT / "impl" / "include"
    return [f"-I{ours}"] if (ours / "uv.h").exists() else []


def compile_c(*arguments: str | Path) -> None:
    done = subprocess.run(["gcc", *WARNINGS, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def build_suite(out: Path, tests: Path, *flags: str) -> Path:
    sources = [*sorted(HARNESS.glob("*.c")), TINY / "uvt_api.c", tests]
    compile_c("-g", "-O1", *flags, "-DUVT_SUITE_BINARY", f"-I{HARNESS}", f"-I{TINY}", *include_flags(), *sources,
              "-o", out, "-ldl", "-pthread")
    return out


def list_tests(suite: Path) -> list[str]:
    return subprocess.run([suite, "--list"], capture_output=True, text=True, check=True).stdout.split()


def write_manifest(path: Path, names: list[str], **levels: str) -> Path:
    """A tests.json with one clause a test; the module is the name's first word."""
    tests, clauses = [], {}
    for number, name in enumerate(names, 1):
        id_, module = f"UV-TINY-{number:04}", name.split("-")[0]
        level = levels.get(name.replace("-", "_"), "must")
        tests.append({"name": name, "module": module, "clauses": [id_], "level": level, "origin": "scenario",
                      "at": f"tiny.yaml:{number}", "scenario": name, "symbols": [], "since": "1.0.0", "until": ""})
        clauses[id_] = {"module": module, "text": f"The sentence about {name}.", "level": level, "binds": "implementation",
                        "rev": 1, "decision": "", "sources": [], "at": f"tiny.yaml:{number}", "since": "1.0.0", "until": ""}
    path.write_text(json.dumps({"format": 1, "api_level": "1.52", "tests": tests, "clauses": clauses, "symbols": []}))
    return path
