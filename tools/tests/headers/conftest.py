"""The specification and the layout, read once."""

from __future__ import annotations

import pytest

from uvspec import paths
from uvspec.layout import Layout, load_layout
from uvspec.load import load_spec
from uvspec.model import Spec


@pytest.fixture(scope="session")
def spec() -> Spec:
    return load_spec(paths.ROOT)


@pytest.fixture(scope="session")
def layout() -> Layout:
    return load_layout(paths.ROOT)
