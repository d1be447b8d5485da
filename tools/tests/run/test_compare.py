"""`uvspec compare`: what counts as worse, and files that cannot be compared."""

from __future__ import annotations

import argparse
import copy
import json
from pathlib import Path
from typing import Any

import pytest
from test_page import a_run, bad, good

from uvspec.exits import OK, RED, UsageError
from uvspec.report import command
from uvspec.report.compare import compare
from uvspec.report.reading import read_document
from uvspec.run.results import Raw, to_json

Document = dict[str, Any]


def document(*raws: Raw, **options: Any) -> Document:
    return to_json(a_run("x", *raws, **options))


def ran(*statuses: str) -> Document:
    return document(*[Raw("", s, f"said {s}") for s in statuses])


GOOD = ran("pass", "pass", "pass", "pass")


def names(rows: list[Any]) -> list[str]:
    return [f"{r.before}→{r.after}" for r in rows]


@pytest.mark.parametrize(("before", "after", "where"), [
    ("pass", "fail", "worse"), ("pass", "crash", "worse"), ("pass", "unresolved", "worse"), ("fail", "hang", "worse"),
    ("unsupported", "fail", "worse"), ("skipped", "crash", "worse"),
    ("fail", "pass", "better"), ("crash", "fail", "better"), ("unresolved", "pass", "better"),
    ("pass", "unsupported", "other"), ("fail", "unsupported", "other"), ("unsupported", "pass", "other"), ("fail", "unresolved", "other"),
    ("pass", "pass", ""), ("fail", "fail", ""),
])
def test_what_is_worse(before: str, after: str, where: str) -> None:
    changes = compare(ran(before, "pass", "pass", "pass"), ran(after, "pass", "pass", "pass"))
    found = {k: names(getattr(changes, k)) for k in ("worse", "better", "other", "observed") if getattr(changes, k)}
    assert found == ({where: [f"{before}→{after}"]} if where else {})
    assert changes.is_worse == (where == "worse") and changes.same == 4 - bool(where)


def test_what_is_left_open_is_compared_by_what_it_shows() -> None:
    one, other = document(good(), good(), bad(), good()), document(good(), good(), bad("on_i(i)"), good())
    changes = compare(one, other)
    assert [(r.test, r.saw) for r in changes.observed] == [
        ("UV-TIMER-0031.three", ["trace: wanted on_t on_i, saw on_i(i) on_t(t)", "trace: wanted on_t on_i, saw on_i(i)"])]
    assert not changes.is_worse


def test_expectations_play_no_part() -> None:
    known = document(bad(), good(), good(), good(), expect="UV-TIMER-0030.one")
    assert names(compare(document(good(), good(), good(), good()), known).worse) == ["pass→fail"]
    assert compare(document(bad(), good(), good(), good()), known).same == 4


def test_symbols_and_specification() -> None:
    after = copy.deepcopy(GOOD)
    for doc in (before := copy.deepcopy(GOOD), after):
        doc["symbols"] = ["uv_a", "uv_b", "uv_y"]
    after["implementation"]["missing"] = ["uv_a", "uv_newer"]
    after["clauses"]["UV-TIMER-0030"]["rev"] = 2
    after["tests"][0]["status"] = "fail"
    del after["clauses"]["UV-IDLE-0030"]
    after["spec"]["digest"] = "else"
    changes = compare(before, after)
    assert (changes.symbols_lost, changes.symbols_gained) == (["uv_a"], ["uv_y"]), "only of what both were asked for"
    assert changes.clauses_changed == ["UV-TIMER-0030: revision 1 → 2"] and changes.clauses_gone == ["UV-IDLE-0030"]
    assert changes.worse[0].spec == "the clause changed: revision 1 → 2"
    assert any("different states of the specification" in n for n in changes.notes)


def test_a_part_is_told() -> None:
    part = document(good(), interrupted=True)
    changes = compare(GOOD, part)
    assert names(changes.only_before) == ["pass→"] * 3 and not changes.is_worse
    assert changes.notes == ["the second is interrupted: 1 of 4 tests had run"]


# ------------------------------------------------------------------------------------- the commands


def write(folder: Path, name: str, doc: Document) -> str:
    path = folder / name
    path.write_text(json.dumps(doc), encoding="utf-8")
    return str(path)


def call(folder: Path, before: Document, after: Document, **options: Any) -> int:
    args = {"module": [], "all": False, "format": "text"} | options
    return command.compare(argparse.Namespace(before=write(folder, "a.json", before), after=write(folder, "b.json", after), **args))


def test_compare_prints_and_returns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(tmp_path, GOOD, ran("fail", "pass", "pass", "pass")) == RED
    out = capsys.readouterr().out
    for said in ("worse (1)", "pass → fail        UV-TIMER-0030.one", "B: said fail", "3 tests alike; broken: 0 in A, 1 in B", "B is worse"):
        assert said in out, said
    assert call(tmp_path, ran("fail", "pass", "pass", "pass"), GOOD) == OK
    assert "nothing is worse in B" in capsys.readouterr().out
    assert call(tmp_path, GOOD, ran("fail", "pass", "pass", "pass"), module=["idle"]) == OK
    with pytest.raises(UsageError, match="neither result has a module `nowhere`; there are idle, timer"):
        call(tmp_path, GOOD, GOOD, module=["nowhere"])


def test_json_is_all_that_is_on_standard_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(tmp_path, GOOD, document(good(), interrupted=True), format="json") == OK
    captured = capsys.readouterr()
    found = json.loads(captured.out)
    assert found["format"] == 1 and not found["is_worse"] and len(found["only_before"]) == 3
    assert "b.json: interrupted: 1 of 4 tests had run" in captured.err


@pytest.mark.parametrize(("text", "says"), [
    ("", "is empty"),
    ("nonsense", "is no JSON"),
    ("[]", "are no results"),
    ('{"a": 1}', "are no results"),
    ('{"format": 1, "tests": [], "clauses": {}, "symbols": []}', "results of format 1"),
    ('{"format": 2, "tests": [], "clauses": {}}', "lacks `tool`"),
    (json.dumps(GOOD)[:2000], "the file is cut off"),
    (json.dumps(GOOD)[:-1], "the file is cut off"),
    (json.dumps(GOOD).replace('"trace": []', '"trace": 3'), "test 1: `trace` is of the wrong kind"),
    (json.dumps(GOOD).replace('"status": "pass"', '"status": "good"'), "unknown status `good`"),
])
def test_files_that_are_no_results(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        read_document(path)
    assert says in str(caught.value) and str(caught.value).startswith(f"{path}: ")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        read_document(tmp_path / "none.json")
    with pytest.raises(UsageError, match="directory"):
        read_document(tmp_path)
    (tmp_path / "x").write_bytes(b"\xff\xfe\x00{")
    with pytest.raises(UsageError, match="is no text"):
        read_document(tmp_path / "x")


def test_report_makes_one_page(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command.html, "open_book", lambda details: None)  # the specification is another test's
    files = [write(tmp_path, "a.json", GOOD), "mine=" + write(tmp_path, "b.json", ran("fail", "pass", "pass", "pass"))]
    output = tmp_path / "new" / "page.html"
    assert command.report(argparse.Namespace(files=files, output=output)) == OK
    text = output.read_text()
    assert "libuv conformance: x 1.2.3, mine" in text and f"report: {output}" in capsys.readouterr().err
    assert command.report(argparse.Namespace(files=files[:1], output=Path("-"))) == OK
    assert capsys.readouterr().out.startswith("<!DOCTYPE html>")
    with pytest.raises(UsageError, match="No such file"):
        command.report(argparse.Namespace(files=["name=nowhere.json"], output=None))
