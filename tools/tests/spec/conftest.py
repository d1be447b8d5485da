"""The small specification that most of these tests work on, and the real one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from spec_support import Damage, small_copy

from uvspec import paths
from uvspec.ctypes_ import TypeTable
from uvspec.gen.suite import Test, tests_of
from uvspec.load import load_spec
from uvspec.model import Spec


@pytest.fixture(scope="session")
def small_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_copy(tmp_path_factory.mktemp("small"))


@pytest.fixture()
def root(tmp_path: Path, small_root: Path) -> Path:
    """A project of one's own with the small specification in it, registered and free of problems."""
    shutil.copytree(small_root, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture()
def damage(root: Path) -> Damage:
    return Damage(root)


@pytest.fixture(scope="session")
def small(small_root: Path) -> Spec:
    """The small specification, loaded; not to be changed."""
    return load_spec(small_root)


@pytest.fixture(scope="session")
def table(small: Spec) -> TypeTable:
    return TypeTable(small)


@pytest.fixture(scope="session")
def real() -> Spec:
    """The project's own specification; not to be changed."""
    return load_spec(paths.ROOT)


@pytest.fixture(scope="session")
def real_tests(real: Spec) -> list[Test]:
    """All its tests, as C."""
    tests, problems = tests_of(real)
    assert not problems, [str(p) for p in problems]
    return tests
