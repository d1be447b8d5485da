"""Where things are. Everything that is built or reported goes below `out_dir()`."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "tools"
SPEC = ROOT / "spec"
IMPL = ROOT / "impl"
CONFORMANCE = ROOT / "conformance"


def out_dir() -> Path:
    """The build folder: `out/`, or what the environment variable UVSPEC_OUT names."""
    named = os.environ.get("UVSPEC_OUT", "")
    return Path(named).absolute() if named else ROOT / "out"


def spec_json() -> Path:
    """The normalised specification, a build product."""
    return out_dir() / "gen" / "spec.json"


def suite_dir() -> Path:
    """The generated C files of the suite, and tests.json."""
    return out_dir() / "gen" / "suite"


def suite_binary(toolchain: str) -> Path:
    return out_dir() / toolchain / "bin" / "uvspec-suite"


def reference_library(toolchain: str) -> Path:
    return out_dir() / toolchain / "lib" / "libuv.so.1"


def report_dir() -> Path:
    return out_dir() / "report"
