"""The remembered specification: used while nothing changed, and never in the way."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from uvspec import cached, paths
from uvspec.errors import SpecError


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A specification of one module, to change."""
    for part in ("schema", "modules/version"):
        shutil.copytree(paths.SPEC / part, tmp_path / "spec" / part)
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(paths, "SPEC", tmp_path / "spec")
    monkeypatch.setenv("UVSPEC_OUT", str(tmp_path / "out"))
    return tmp_path


def test_it_is_loaded_once(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = cached.load_remembered()
    monkeypatch.setattr(cached, "load_spec", lambda root: pytest.fail("loaded again"))
    assert cached.load_remembered() == first


def test_a_change_is_seen(tree: Path) -> None:
    cached.load_remembered()
    api = tree / "spec" / "modules" / "version" / "api.yaml"
    api.write_text(api.read_text() + "nonsense: 1\n")
    with pytest.raises(SpecError, match="nonsense"):
        cached.load_remembered()


def test_rubbish_and_no_place_do_no_harm(tree: Path) -> None:
    first = cached.load_remembered()
    (tree / "out" / "cache" / "spec.pickle").write_bytes(b"rubbish")
    assert cached.load_remembered() == first
    shutil.rmtree(tree / "out")
    (tree / "out").touch()
    assert cached.load_remembered() == first
