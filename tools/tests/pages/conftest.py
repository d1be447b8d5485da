"""The small specification, shared with the tests of the specification; the real one; and the pages of both."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "spec"))

from spec_support import small_copy  # noqa: E402

from uvspec import paths  # noqa: E402
from uvspec.load import load_spec  # noqa: E402
from uvspec.model import Spec  # noqa: E402
from uvspec.pages import write  # noqa: E402


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Spec:
    return load_spec(small_copy(tmp_path_factory.mktemp("small")))


@pytest.fixture(scope="session")
def small_pages(small: Spec) -> dict[str, str]:
    return write.files(small)


@pytest.fixture(scope="session")
def real() -> Spec:
    return load_spec(paths.ROOT)


@pytest.fixture(scope="session")
def real_pages(real: Spec) -> dict[str, str]:
    return write.files(real)
