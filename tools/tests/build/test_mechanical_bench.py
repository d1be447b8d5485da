"""Trying mechanical mutants: the order of tests, what is remembered, what counts. Nothing is compiled here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from uvspec import reach
from uvspec.mechanical import bench as module
from uvspec.mechanical.bench import Bench, Verdict
from uvspec.mechanical.command import Report
from uvspec.mechanical.equivalent import Equivalent
from uvspec.mechanical.pick import Mutant, mutants_of
from uvspec.mechanical.workshop import Made
from uvspec.model import At
from uvspec.mutants import BuildFailed
from uvspec.reach import Reach
from uvspec.run.manifest import Manifest, Test
from uvspec.run.results import Raw

SOURCE = "int f(int a) {\n  if (a > 1)\n    g(a);\n  return a;\n}\n\nint h(int b) {\n  return b + 1;\n}\n"
TESTS = ("wide", "narrow", "other", "new", "reported")


class Process:
    """Instead of a suite: what each test says, by its name; a list is said in turn."""

    said: dict[str, list[str]] = {}
    ran: list[str] = []

    def __init__(self, *_args: object, **_more: object) -> None:
        pass

    def run(self, name: str, _watchdog_ms: int) -> Raw:
        Process.ran.append(name)
        says = Process.said.get(name, ["pass"])
        return Raw(name, says.pop(0) if len(says) > 1 else says[0])

    def stop(self) -> None:
        pass

    def close(self) -> None:
        pass


class Shop:
    codes: dict[str, str] = {}  # by operator; else each has its own

    def __init__(self, _folder: Path) -> None:
        pass

    def compile(self, mutant: Mutant, folder: Path) -> Made:
        code = Shop.codes.get(mutant.operator, mutant.key)
        if code == "broken":
            raise BuildFailed("no such thing\nand more")
        return Made(folder / "x.o", code, code == "plain")

    def link(self, _mutant: Mutant, _made: Made, folder: Path) -> Path:
        return folder / "libuv.so.1"


@pytest.fixture()
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    (tmp_path / "impl" / "src").mkdir(parents=True)
    (tmp_path / "impl" / "src" / "x.c").write_text(SOURCE)
    monkeypatch.setattr(reach.paths, "IMPL", tmp_path / "impl")
    monkeypatch.setenv("UVSPEC_OUT", str(tmp_path / "out"))
    monkeypatch.setattr(module, "SuiteProcess", Process)
    monkeypatch.setattr(module, "Workshop", Shop)
    monkeypatch.setattr(reach, "digest", lambda: "now")
    Process.said, Process.ran, Shop.codes = {}, [], {}
    yield bench()


def bench(digest: str = "now") -> Bench:
    tests = {n: Test(n, "m", (f"UV-M-{i:04}",), "may" if n == "reported" else "must", "scenario", "", "", (), "", "")
             for i, n in enumerate(TESTS)}
    known = ["wide", "narrow", "other", "new"] if digest == "now" else ["wide", "narrow", "other"]
    found = Reach(digest, known, {"x.c": {2: [0, 1], 3: [0], 8: [0]}, "y.c": {1: [0], 2: [0, 2]}})
    return Bench(Manifest("1.52", tests, {}), found)


def one(operator: str, function: str = "f") -> Mutant:
    return next(m for m in mutants_of("x.c", SOURCE, {}) if (m.operator, m.function) == (operator, function))


def test_only_tests_that_enter_the_function_run_and_narrow_ones_first(made: Bench) -> None:
    assert made.attempt(one("compare")).verdict == "survived"
    assert Process.ran == ["narrow", "wide"]


def test_with_other_sources_all_run_and_new_tests_first(made: Bench) -> None:
    bench("then").attempt(one("compare"))
    assert Process.ran == ["new", "narrow", "wide", "other"]


def test_what_noticed_a_neighbour_is_asked_first(made: Bench) -> None:
    made.known["X-x.c-ffffff"] = Verdict("X-x.c-ffffff", "killed", "wide", how="fail")
    made.attempt(one("compare"))
    assert Process.ran == ["wide", "narrow"]


def test_a_kill_has_its_clause(made: Bench) -> None:
    Process.said = {"narrow": ["fail"]}
    verdict = made.attempt(one("compare"))
    assert (verdict.verdict, verdict.by, verdict.clauses, verdict.how) == ("killed", "narrow", ["UV-M-0001"], "fail")


def test_what_shows_once_and_never_again_is_no_kill(made: Bench) -> None:
    Process.said = {"narrow": ["fail", "pass"]}
    assert made.attempt(one("compare")).verdict == "survived"


def test_after_a_crash_a_clause_is_looked_for(made: Bench) -> None:
    Process.said = {"narrow": ["crash"], "wide": ["fail"]}
    assert (made.attempt(one("compare")).by, made.attempt(one("compare")).how) == ("wide", "fail")
    Process.said = {"narrow": ["hang"]}
    assert (made.attempt(one("no-if")).by, made.attempt(one("no-if")).how) == ("narrow", "hang")


def test_nobody_goes_there(made: Bench) -> None:
    assert made.reach
    made.reach.lines["x.c"][8] = []
    verdict = made.attempt(one("arithmetic", "h"))
    assert (verdict.verdict, verdict.how, Process.ran) == ("survived", "no test goes there", [])


def test_what_is_no_mutant(made: Bench) -> None:
    Shop.codes = {"compare": "plain", "negate": "a", "no-if": "a", "drop": "broken"}
    mutants = [one("compare"), one("negate"), one("no-if"), one("drop")]
    verdicts, interrupted = made.try_all(mutants, 1)
    assert [verdicts[m.key].verdict for m in mutants] == ["same", "survived", "twin", "broken"]
    assert verdicts[mutants[3].key].how == "no such thing"
    assert not interrupted


def test_results_are_kept_until_something_changes(made: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    mutants = [one("compare"), one("no-if")]
    Process.said = {"wide": ["fail"]}
    made.try_all(mutants, 1)
    before, Process.ran = len(Process.ran), []
    verdicts, _ = bench().try_all(mutants, 1)
    assert before and not Process.ran
    assert {v.verdict for v in verdicts.values()} == {"killed"}
    monkeypatch.setattr(reach, "digest", lambda: "later")
    again = bench()
    again.try_all(mutants, 1)
    assert Process.ran[0] == "wide"  # what noticed it before


def test_a_damaged_memory_is_forgotten(made: Bench) -> None:
    made.memory.parent.mkdir(parents=True)
    made.memory.write_text("{\n")
    assert bench().known == {}


def test_the_report(made: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    rows = mutants_of("x.c", SOURCE, {})
    killed, rough, survived, same, equal = rows[:5]
    verdicts = {
        killed.key: Verdict(killed.key, "killed", "narrow", ["UV-M-0001"], "fail"),
        rough.key: Verdict(rough.key, "killed", "wide", ["UV-M-0000"], "hang"),
        survived.key: Verdict(survived.key, "survived", how="no test goes there"),
        same.key: Verdict(same.key, "same"),
    }
    entries = {equal.key: Equivalent(equal.id, At(), "", "", "it comes to the same")}
    report = Report(rows, verdicts, entries)
    document = json.loads(json.dumps(report.document()))
    assert document["totals"] == {"mutants": 5, "same": 1, "twin": 0, "broken": 0, "equivalent": 1, "killed": 2, "survived": 1,
                                  "by_crash_or_hang_alone": 1, "rate": 0.6667}
    assert document["by_clause"] == {"UV-M-0001": 1}
    assert document["by_file"] == {"x.c": {"killed": 2, "of": 3}}
    assert [m["id"] for m in document["survived"]] == [survived.id]
    report.tell()
    said = capsys.readouterr().out
    assert f"impl/src/x.c:{survived.line}: in f(), " in said and survived.diff.split("\n")[1] in said
    assert "2 of 3 mechanical mutants killed (66.7 %), 1 of them only by a crash or a hang" in said
