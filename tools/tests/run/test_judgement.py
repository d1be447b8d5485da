"""Verdicts, expectations, selection and API levels, without running anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from uvspec.exits import UsageError
from uvspec.run.expectations import Expectation, Expectations, read_expectations
from uvspec.run.manifest import ClauseInfo, Manifest, Test
from uvspec.run.results import Implementation, Raw, Run, clause_verdict, judge, status_at_level, to_json
from uvspec.run.select import select, why_not_applicable


def a_test(name: str, level: str = "must", since: str = "1.0.0", until: str = "", *clauses: str) -> Test:
    ids = clauses or (name.split(".")[0],)
    return Test(name, ids[0].split("-")[1].lower(), ids, level, "scenario", "x.yaml:1", name, (), since, until)


def a_manifest(*tests: Test) -> Manifest:
    clauses = {c: ClauseInfo(c, t.module, "Text.", t.level, "implementation", 1, "", (), "x.yaml:1", "1.0.0", "", "")
               for t in tests for c in t.clauses}
    clauses["UV-TIMER-0099"] = ClauseInfo("UV-TIMER-0099", "timer", "T.", "must", "caller", 1, "", (), "x", "", "", "a caller's duty")
    return Manifest("1.52", {t.name: t for t in tests}, clauses)


MANIFEST = a_manifest(a_test("UV-TIMER-0030.a"), a_test("UV-TIMER-0030.b"), a_test("UV-TIMER-0031.c"), a_test("UV-ASYNC-0003.d"))


@pytest.mark.parametrize(("statuses", "verdict"), [
    ([], "untested"), (["pass"], "pass"), (["pass", "fail"], "fail"), (["pass", "crash"], "fail"), (["hang", "unresolved"], "fail"),
    (["pass", "unresolved"], "unresolved"), (["reported", "pass"], "pass"), (["reported", "unsupported"], "reported"),
    (["unsupported", "skipped"], "unsupported"), (["skipped"], "skipped"),
])
def test_clause_verdicts(statuses: list[str], verdict: str) -> None:
    assert clause_verdict(statuses) == verdict


@pytest.mark.parametrize(("status", "level", "becomes"), [
    ("fail", "must", "fail"), ("fail", "may", "reported"), ("hang", "unspecified", "reported"), ("crash", "may", "crash"),
    ("pass", "unspecified", "pass"), ("unresolved", "may", "unresolved"),
])
def test_levels(status: str, level: str, becomes: str) -> None:
    assert status_at_level(Raw("x", status), level) == becomes


def test_a_flaky_test_is_red_even_if_a_failure_is_expected() -> None:
    entry = Expectation("f", "UV-TIMER-0030.a", "", "fail", "why", "")
    runs = [Raw("UV-TIMER-0030.a", "pass"), Raw("UV-TIMER-0030.a", "fail", "seen")]
    result = judge(MANIFEST.tests["UV-TIMER-0030.a"], runs, Expectations([entry]))
    assert result.flaky and result.red and not result.expected
    assert (result.status, result.raw.reason) == ("fail", "seen")


def test_what_is_left_open_may_change() -> None:
    result = judge(a_test("UV-X-1.a", "unspecified"), [Raw("UV-X-1.a", "pass"), Raw("UV-X-1.a", "fail")], None)
    assert result.flaky and not result.red and result.note == "changes from run to run: 1 × pass, 1 × reported"
    assert judge(a_test("UV-X-1.a"), [Raw("UV-X-1.a", "pass"), Raw("UV-X-1.a", "hang")], None).red


def test_select() -> None:
    def names(*words: str) -> list[str]:
        return [t.name for t in select(MANIFEST, list(words))]

    assert len(names()) == 4
    assert names("UV-TIMER-0030") == names("UV-TIMER-0030.*") == ["UV-TIMER-0030.a", "UV-TIMER-0030.b"]
    assert names("async") == ["UV-ASYNC-0003.d"]
    assert names("UV-TIMER", "UV-TIMER-0030.a") == ["UV-TIMER-0030.a", "UV-TIMER-0030.b", "UV-TIMER-0031.c"]
    with pytest.raises(UsageError, match="near it: UV-TIMER-003"):
        names("UV-TIMER-003")
    with pytest.raises(UsageError, match="a caller's duty"):
        names("UV-TIMER-0099")


def test_api_levels() -> None:
    test = a_test("UV-X-1.a", since="1.45.0", until="1.48.0")
    assert [bool(why_not_applicable(test, v)) for v in ("1.44", "1.44.2", "1.45", "1.48", "1.48.1", "1.49")] == [
        True, True, False, False, True, True]
    assert not why_not_applicable(a_test("UV-X-1.a"), "1.52")


@pytest.mark.parametrize(("text", "says"), [
    ('[[expect]]\ntest = "UV-TIMER-0030.a"\nstatus = "fail"', "entry 1 (UV-TIMER-0030.a): needs a `reason`"),
    ('[[expect]]\ntest = "UV-TIMER-0030.a"\nstatus = "fail"\nreason = " "', "needs a `reason`"),
    ('[[expect]]\ntest = "UV-TIMER-0030.a"\nstatus = "pass"\nreason = "x"', "`status` must be one of"),
    ('[[expect]]\nstatus = "fail"\nreason = "x"', "needs either `test` or `clause`"),
    ('[[expect]]\ntest = "a"\nclause = "b"\nstatus = "fail"\nreason = "x"', "needs either `test` or `clause`"),
    ('[[expect]]\ntest = "nowhere"\nstatus = "fail"\nreason = "x"', "matches no test of the suite"),
    ('[[expect]]\nclause = "UV-TIMER-0099"\nstatus = "fail"\nreason = "x"', "no test shows this clause"),
    ('[[expect]]\ntest = "a"\nstatus = "fail"\nreason = "x"\nwhy = "y"', "unknown key `why`"),
    ('[[expect]]\ntest = 3\nstatus = "fail"\nreason = "x"', "`test` must be text"),
    ('[expect]\ntest = "a"', "with two brackets"),
    ("[[expected]]\n", "unknown key `expected`"),
    ("api_level = 1.44\n", '`api_level` must be text like "1.44"'),
    ('api_level = "old"\n', '`api_level` must be text like "1.44"'),
    ("nonsense", "no TOML"),
    ('[[expect]]\ntest = "UV-TIMER-*"\nstatus = "fail"\nreason = "x"\n'
     '[[expect]]\ntest = "UV-TIMER-0030.a"\nstatus = "hang"\nreason = "x"', "entry 2 (UV-TIMER-0030.a): never counts"),
])
def test_expectation_files_are_checked(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "impl.toml"
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        read_expectations(path, MANIFEST)
    assert says in str(caught.value) and str(path) in str(caught.value)


def test_expectations_may_name_clauses(tmp_path: Path) -> None:
    path = tmp_path / "impl.toml"
    path.write_text('[[expect]]\nclause = "UV-TIMER-*"\nstatus = "fail"\nreason = "x"\nissue = "https://example.org"\n')
    read = read_expectations(path, MANIFEST)
    assert read.of(MANIFEST.tests["UV-TIMER-0031.c"]) == read.entries[0]
    assert read.of(MANIFEST.tests["UV-ASYNC-0003.d"]) is None


def test_a_selection_says_nothing_about_other_clauses() -> None:
    results = [judge(MANIFEST.tests["UV-TIMER-0031.c"], [Raw("UV-TIMER-0031.c", "pass")], None)]
    about = Implementation("x", "/x", "", "", [])
    run = Run(about, MANIFEST, "", "2000-01-01T00:00:00+00:00", 1, results, selected=True)
    assert run.clauses() == {"UV-TIMER-0031": "pass"}
    whole = Run(about, MANIFEST, "", "2000-01-01T00:00:00+00:00", 1, results)
    assert whole.clauses()["UV-TIMER-0099"] == "untested"
    assert set(to_json(whole)["clauses"]) == set(MANIFEST.clauses)
