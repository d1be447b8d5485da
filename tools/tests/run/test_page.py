"""The page: what it carries, how traces are laid out, and, where a browser is there, what its script shows."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
import subprocess
from pathlib import Path

import jsonschema
import pytest
from test_judgement import a_manifest, a_test

from uvspec import paths
from uvspec.cached import load_remembered
from uvspec.gen.repro import repro_c
from uvspec.report import html, page_data, turns
from uvspec.report.book import Book
from uvspec.report.phases import lanes
from uvspec.report.reading import labels, read_document
from uvspec.run.expectations import Expectation, Expectations
from uvspec.run.results import Checkpoint, Failure, Implementation, Raw, Run, judge, to_json

CALLBACKS = {"on_t": "uv_timer_cb", "on_i": "uv_idle_cb", "on_p": "uv_prepare_cb", "on_a": "uv_async_cb", "on_c": "uv_check_cb",
             "on_x": "uv_close_cb", "on_w": "uv_write_cb", "on_walk": "uv_walk_cb"}
NASTY = "</script><script>alert(1)</script><!-- \u2028 \ud800"


def a_run(name: str, *raws: Raw, expect: str = "", selected: bool = False, interrupted: bool = False) -> Run:
    """Four tests of three clauses in two modules."""
    names = ("UV-TIMER-0030.one", "UV-TIMER-0030.two", "UV-TIMER-0031.three", "UV-IDLE-0030.four")
    tests = [a_test(n, "may" if n.endswith("three") else "must") for n in names]
    for test in tests:
        test.callbacks.update(CALLBACKS)
    manifest = a_manifest(*tests)
    expectations = Expectations([Expectation("f", expect, "", "fail", "known since long ago", "")]) if expect else None
    results = [judge(t, [r], expectations) for t, r in zip(tests, raws)]
    return Run(Implementation(name, "", "1.2.3", "", ["uv_y"]), manifest, "gcc", "2000-01-01T00:00:00+00:00", 5, results,
               selected=selected, interrupted=interrupted, machine={"system": "X"})


def good(trace: str = "on_t(t) on_i(i)", pattern: str = "on_t on_i") -> Raw:
    return Raw("", "pass", trace=trace.split(), expected_trace=[Checkpoint(pattern, trace.split(), True)], loop_runs=["once 0..2"])


def bad(trace: str = "on_i(i) on_t(t)", pattern: str = "on_t on_i") -> Raw:
    failure = Failure("trace", pattern, trace)
    return Raw("", "fail", NASTY, [failure], trace.split(), [Checkpoint(pattern, trace.split(), False)], ["once 0..2"])


@pytest.fixture
def data() -> dict[str, object]:
    runs = [a_run("a", good(), good(), good(), good()), a_run("b", bad(), good(), bad(), good()),
            a_run("c", bad(), good(), good(), expect="UV-TIMER-0030.one", interrupted=True)]
    return page_data.page_data([to_json(r) for r in runs])


def test_cells(data: dict) -> None:  # type: ignore[type-arg]
    cells = {c["id"]: [data["cells"][n] for n in c["cells"]] for c in data["clauses"]}
    assert [c["verdict"] for c in cells["UV-TIMER-0030"]] == ["pass", "fail", "known"]
    assert cells["UV-TIMER-0030"][1] == {"verdict": "fail", "tests": 2, "counts": {"pass": 1, "fail": 1}, "red": 1}
    assert [c["verdict"] for c in cells["UV-TIMER-0031"]] == ["pass", "reported", "pass"]
    assert [c["verdict"] for c in cells["UV-IDLE-0030"]] == ["pass", "pass", "absent"], "it was interrupted before"
    assert [c["verdict"] for c in cells["UV-TIMER-0099"]] == ["untested"] * 3, "a caller's duty stays one"
    assert {c["id"]: c.get("differs", False) for c in data["clauses"]} == {
        "UV-TIMER-0030": True, "UV-TIMER-0031": True, "UV-IDLE-0030": True, "UV-TIMER-0099": False}
    assert data["implementations"][2]["known"] == [{"test": "UV-TIMER-0030.one", "status": "fail", "note": "known since long ago"}]
    assert data["implementations"][2]["partial"] == "interrupted: 3 of 4 tests had run"


def test_what_is_alike_is_there_once(data: dict) -> None:  # type: ignore[type-arg]
    tests = {t["name"]: t["results"] for t in data["tests"]}
    assert len(set(tests["UV-TIMER-0030.two"])) == 1 and tests["UV-IDLE-0030.four"][2] == -1
    assert len(data["results"]) == 4  # good; failed; reported; failed as expected
    assert len({json.dumps(r) for r in data["results"]}) == len(data["results"])


def test_a_drawing_tells_the_first_difference(data: dict) -> None:  # type: ignore[type-arg]
    test = next(t for t in data["tests"] if t["name"] == "UV-TIMER-0030.one")
    drawing = data["results"][test["results"][1]]["drawing"]
    assert test["lanes"] == ["timers", "idle"] and drawing["runs"] == [["once", 0, 2]]
    assert drawing["parts"] == [{"pattern": "on_t on_i", "ok": False, "first": 0, "count": 2, "expected": ["on_t", "on_i"],
                                 "expected_turns": [0], "differs_at": 0, "allowed": ["on_t"]}]


@pytest.mark.parametrize(("events", "runs", "starts"), [
    ("", [], []),
    ("on_i on_p on_a on_c on_x on_t", [("nowait", 0, 6)], [0]),  # one iteration, wherever its timers run
    ("on_t on_i on_p on_a on_c on_x on_t on_i", [("default", 0, 8)], [0, 6]),
    ("on_i(a) on_i(b) on_i(a)", [("default", 0, 3)], [0, 2]),  # the same handle again
    ("on_a on_a on_w on_a", [("default", 0, 4)], [0]),  # while polling, anything any number of times
    ("on_a on_p", [("default", 0, 2)], [0, 1]),
    ("on_t on_t", [("once", 0, 1), ("once", 1, 2)], [0, 1]),
    ("on_walk seen on_t on_walk on_i", [("default", 2, None)], [0, 2]),  # what is in no phase begins no turn
])
def test_turns(events: str, runs: list[tuple[str, int, int | None]], starts: list[int]) -> None:
    assert turns.turn_starts(events.split(), lanes(CALLBACKS), runs) == starts


def test_long_traces_are_told_not_drawn() -> None:
    raw = Raw("", "fail", trace=["on_i(i)*100000"], expected_trace=[Checkpoint("on_i*3", ["on_i(i)*100000"], False)])
    data = page_data.page_data([to_json(a_run("a", raw))])
    assert "drawing" not in data["results"][0] and data["results"][0]["traces"] == [["on_i*3", "on_i(i)*100000", False]]


def test_names_are_told_apart() -> None:
    documents = [to_json(a_run(n)) for n in ("system", "/x/lib/libuv.so.1", "/x/bin/node", "/y/bin/node", "reference")]
    documents[3]["variant"] = "gcc_asan"
    assert labels(documents) == ["system 1.2.3", "libuv 1.2.3", "node 1.2.3 gcc", "node 1.2.3 gcc_asan", "reference 1.2.3"]
    assert labels(documents[:2], ["", "mine"]) == ["system 1.2.3", "mine"]
    assert labels([documents[4]] * 2) == ["reference 1.2.3 gcc 2000-01-01 (1)", "reference 1.2.3 gcc 2000-01-01 (2)"]


def test_results_are_as_the_schema_says(tmp_path: Path) -> None:
    schema = json.loads((paths.SPEC / "schema" / "results.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    document = to_json(a_run("a", good(), bad(), good(), Raw("", "crash", signal=11)))
    jsonschema.Draft202012Validator(schema).validate(document)
    (tmp_path / "a.json").write_text(json.dumps(document))
    assert read_document(tmp_path / "a.json") == document


@pytest.fixture(scope="module")
def book() -> Book:
    return Book(load_remembered())


def test_what_the_specification_adds(book: Book) -> None:
    """From the project's own: steps, why, decisions, source documents, the program of what is red."""
    name = "UV-LOOP-0030.the-phases-of-a-nowait-run"
    test = dataclasses.replace(a_test(name), symbols=("uv_run",))
    manifest = a_manifest(test)
    manifest.clauses["UV-LOOP-0030"] = dataclasses.replace(manifest.clauses["UV-LOOP-0030"], decision="D-0150", digest="of another state")
    run = dataclasses.replace(a_run("a"), manifest=manifest, tests=[judge(test, [bad()], None)])
    data = page_data.page_data([to_json(run)], book)
    row = data["tests"][0]
    assert row["why"] == book.spec.modules["loop"].scenarios[0].why
    assert "steps:" in [data["text"][n] for n in row["steps"]]
    assert data["decisions"]["D-0150"][0].startswith("Mechanisms") and data["decisions"]["D-0150"][1].startswith("**Unclear.**")
    assert "\n\n".join(data["text"][n] for n in data["programs"][name]) == repro_c(book.spec, name) and data["more_programs"] == 0
    assert data["documents"] and all(len(i["states"]) == 1 for d in data["documents"] for i in d["items"])
    red = [i["item"] for d in data["documents"] for i in d["items"] if "red" in i["states"]]
    assert red, "a source's statement is answered by the clause that is broken"
    assert data["elsewhere"] == ["UV-LOOP-0030"] and data["clauses"][0]["profiles"]
    assert len(html.render_documents([to_json(run)], book)) < 1_500_000


# ------------------------------------------------------------------------- in a browser, where one is there


def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        pytest.skip("needs chromium to run the page's script")
    return found


def dom(page: Path, address: str) -> str:
    """What the page has become when its script is done."""
    command = [chromium(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
               f"--user-data-dir={page.parent / 'profile'}", "--virtual-time-budget=3000", "--dump-dom", f"{page.as_uri()}{address}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip("chromium does not answer here")
    if "<html" not in done.stdout:
        pytest.skip(f"chromium does not run here: {done.stderr.strip()[-200:]}")
    return done.stdout


@pytest.fixture
def page(tmp_path: Path) -> Path:
    documents = [to_json(a_run("a", good(), good(), good(), good())), to_json(a_run("b", bad(), good(), bad(), good()))]
    path = tmp_path / "page.html"
    path.write_text(html.render_documents(documents), encoding="utf-8", errors="replace")
    return path


def rows_in(text: str) -> list[str]:
    return re.findall(r'<tr class="row[^"]*" id="([^"]+)"', text)


@pytest.mark.parametrize(("address", "shown"), [
    ("", ["UV-TIMER-0030", "UV-TIMER-0031", "UV-TIMER-0099", "UV-IDLE-0030"]),
    ("#?verdict=fail", ["UV-TIMER-0030"]),
    ("#?verdict=fail&of=0", []),
    ("#?differs=1&level=may", ["UV-TIMER-0031"]),
    ("#?q=four", ["UV-IDLE-0030"]),
])
def test_the_address_filters(address: str, shown: list[str], page: Path) -> None:
    text = dom(page, address)
    assert 'data-ready="yes"' in text, "the script came to its end"
    assert rows_in(text) == shown
    assert f">{len(shown)} of 4 clauses<" in text or len(shown) == 4
    assert ("No clause matches" in text) and ('id="empty" hidden' in text) == bool(shown)


def test_a_clause_opens_by_its_address(page: Path) -> None:
    text = dom(page, "#UV-TIMER-0030?module=idle")
    assert 'class="row opened" id="UV-TIMER-0030"' in text, "although the filter would hide it"
    for said in ("./uvspec repro UV-TIMER-0030.one", "expected trace", "<svg", "wanted on_t", "uv_run once", "turn 1"):
        assert said in text, said
    assert "<script>alert" not in text.replace("&lt;", "<").split("</main>")[0] or "&lt;script&gt;alert" in text
    assert len(re.findall("<script", text)) == 2, "what a test wrote stays text"
