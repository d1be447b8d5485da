"""A small suite of tests that misbehave, built once, and what they come to when run."""

from __future__ import annotations

import ctypes.util
import shutil
from pathlib import Path

import pytest
from tiny_support import TINY, WATCHDOG_MS, build_suite, list_tests, write_manifest

from uvspec.run.manifest import Manifest, read_manifest
from uvspec.run.results import Raw
from uvspec.run.suite import run_all


@pytest.fixture(scope="session")
def library() -> str:
    found = ctypes.util.find_library("uv")
    if not found or not shutil.which("gcc"):
        pytest.skip("needs gcc and an installed libuv")
    return found


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory, library: str) -> Path:
    """The small suite."""
    folder = tmp_path_factory.mktemp("tiny")
    return build_suite(folder / "uvspec-suite", TINY / "tiny_suite.c", "-Wno-infinite-recursion")


@pytest.fixture(scope="session")
def manifest_file(tmp_path_factory: pytest.TempPathFactory, tiny: Path) -> Path:
    return write_manifest(tmp_path_factory.mktemp("manifest") / "tests.json", list_tests(tiny))


@pytest.fixture(scope="session")
def manifest(manifest_file: Path) -> Manifest:
    return read_manifest(manifest_file)


@pytest.fixture(scope="session")
def raws(tiny: Path, library: str) -> dict[str, Raw]:
    """All of its tests, run once by one worker, so that each bad one is followed by others."""
    outcome = run_all(tiny, library, list_tests(tiny), 1, WATCHDOG_MS, lambda raw: False)
    return {name: runs[0] for name, runs in outcome.raws.items()}
