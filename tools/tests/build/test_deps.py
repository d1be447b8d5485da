"""What has to be installed: the table, the advice, and what happens with and without root."""

from __future__ import annotations

import pytest

from uvspec import deps
from uvspec.exits import CANNOT_RUN, CannotRun

NOT_HERE = deps.Need("thing", "do things", "python", lambda: False, {"apt-get": "thing-pkg", "brew": "thing"})
NO_PACKAGE = deps.Need("other", "do more", "python", lambda: False, {}, pip="other-pip")
OPTIONAL = deps.Need("extra", "do extra", "python", lambda: False, {"apt-get": "extra-pkg"}, optional=True)


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> list[deps.Need]:
    """A table of needs to fill, apt-get as package manager, and no root."""
    needs: list[deps.Need] = []
    monkeypatch.setattr(deps, "needs_of", lambda command: needs)
    monkeypatch.setattr(deps, "package_manager", lambda: "apt-get")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.delenv("UVSPEC_NO_INSTALL", raising=False)
    return needs


def test_every_need_has_a_debian_package() -> None:
    assert [n.name for n in deps.NEEDS if not n.packages.get("apt-get")] == []


def test_every_group_of_a_command_exists() -> None:
    groups = {n.group for n in deps.NEEDS}
    assert {g for wanted in deps.GROUPS.values() for g in wanted} == groups


def test_nothing_missing_is_silent(table: list[deps.Need], capsys: pytest.CaptureFixture[str]) -> None:
    assert deps.ensure("check") is False
    assert capsys.readouterr() == ("", "")


def test_without_root_says_the_one_command(table: list[deps.Need]) -> None:
    table.append(NOT_HERE)
    with pytest.raises(CannotRun) as stop:
        deps.ensure("check")
    assert stop.value.code == CANNOT_RUN
    wanted = "sudo apt-get update && sudo apt-get install -y --no-install-recommends thing-pkg"
    assert wanted in str(stop.value)
    assert "do things" in str(stop.value)


def test_optional_needs_cost_nothing_but_a_note(
    table: list[deps.Need], capsys: pytest.CaptureFixture[str]
) -> None:
    table.append(OPTIONAL)
    assert deps.ensure("test") is False
    said = capsys.readouterr()
    assert said.out == "" and "extra-pkg" in said.err


def test_root_installs(table: list[deps.Need], monkeypatch: pytest.MonkeyPatch) -> None:
    installed: list[str] = []
    need = deps.Need("thing", "do things", "python", lambda: bool(installed), {"apt-get": "thing-pkg"})
    table.append(need)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr(deps, "install", lambda needs, manager: installed.extend(n.name for n in needs))
    assert deps.ensure("check") is True
    assert installed == ["thing"]


def test_root_may_forbid_installing(table: list[deps.Need], monkeypatch: pytest.MonkeyPatch) -> None:
    table.append(NOT_HERE)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setenv("UVSPEC_NO_INSTALL", "1")
    with pytest.raises(CannotRun, match="apt-get update && apt-get install"):
        deps.ensure("check")


def test_a_second_round_brings_what_depends_on_the_first(
    table: list[deps.Need], monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds: list[list[str]] = []
    clang = deps.Need("clang", "compile", "test", lambda: len(rounds) > 0, {"apt-get": "clang"})
    runtime = deps.Need("runtime", "check", "test", lambda: len(rounds) > 1, {"apt-get": "rt-{clang}-dev"})
    table += [clang, runtime]
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr(deps, "clang_major", lambda: "14" if rounds else "")
    monkeypatch.setattr(deps, "install", lambda needs, manager: rounds.append(deps.packages_for(needs, manager)))
    assert deps.ensure("test") is True
    assert rounds == [["clang"], ["rt-14-dev"]]


def test_a_failing_package_manager_tells_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deps, "commands_for", lambda needs, manager: ["sh -c 'echo no such package; exit 100'"])
    with pytest.raises(CannotRun, match="no such package"):
        deps.install([NOT_HERE], "dnf")


def test_advice_for_modules_without_a_package_manager() -> None:
    assert "-m venv .venv && .venv/bin/pip install other-pip" in deps.advice([NO_PACKAGE], "", False)


def test_another_gn_is_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: "/usr/bin/" + name)
    monkeypatch.setattr(deps, "output_of", lambda *argv: "GNU Nothing 3.1\n")
    assert not deps.generate_ninja()
    monkeypatch.setattr(deps, "output_of", lambda *argv: "1000 (5e19d2f)\n")
    assert deps.generate_ninja()
