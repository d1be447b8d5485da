"""Reports hold what others can read, whatever a test wrote."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser

import pytest
from test_judgement import a_manifest, a_test

from uvspec.report import html, jsonout, junit, tap
from uvspec.report.terminal import print_report
from uvspec.run.expectations import Expectation, Expectations
from uvspec.run.results import Checkpoint, Failure, Implementation, Raw, Run, judge, to_json

NASTY = "a \x00\x1b[31m\x7f \ud800 \ufffe <script>alert(1)</script> ]]> & \"quoted\" #hash \\ ü 漢 \U0001f600\nnext"


@pytest.fixture
def run() -> Run:
    tests = [a_test(f"UV-X-000{i}.t{i}", "may" if i == 5 else "must") for i in range(1, 9)]
    raws = [
        Raw("", "pass", ms=1),
        Raw("", "fail", NASTY, [Failure(NASTY, NASTY, NASTY), Failure("trace", "a", "b")], [NASTY, "b"], [Checkpoint(NASTY, [NASTY], False)]),
        Raw("", "crash", NASTY, signal=11, stderr=NASTY), Raw("", "hang"), Raw("", "fail"), Raw("", "unsupported", "no uv_x # here"),
        Raw("", "fail"), Raw("", "pass"),
    ]
    expectations = Expectations([Expectation("f", f"*.t{i}", "", "fail", "known # why", "") for i in (7, 8)])
    results = [judge(t, [r], expectations) for t, r in zip(tests, raws)]
    return Run(Implementation(NASTY, "/x", "1", "", ["uv_y"]), a_manifest(*tests), "gcc", "2000-01-01T00:00:00+00:00", 5, results)


def test_tap(run: Run) -> None:
    lines = tap.render(run).splitlines()
    assert lines[:2] == ["TAP version 14", "1..8"]
    points = [line for line in lines if re.match(r"(not )?ok ", line)]
    assert points == [
        "ok 1 - UV-X-0001.t1", "not ok 2 - UV-X-0002.t2", "not ok 3 - UV-X-0003.t3", "not ok 4 - UV-X-0004.t4",
        "ok 5 - UV-X-0005.t5", r"ok 6 - UV-X-0006.t6 # SKIP no uv_x \# here", r"not ok 7 - UV-X-0007.t7 # TODO known \# why",
        "not ok 8 - UV-X-0008.t8",
    ]
    assert all(line.isprintable() for line in lines)


def test_tap_says_so_when_it_is_not_all(run: Run) -> None:
    run.interrupted = True
    assert tap.render(run).endswith("Bail out! interrupted\n")


def test_tap_diagnoses_are_yaml(run: Run) -> None:
    yaml = pytest.importorskip("yaml")
    blocks = re.findall(r"^  ---\n(.*?)^  \.\.\.$", tap.render(run), re.MULTILINE | re.DOTALL)
    documents = [yaml.safe_load(block) for block in blocks]
    assert [d["status"] for d in documents] == ["fail", "crash", "hang", "reported", "fail", "pass"]
    assert documents[0]["failures"][1] == {"call": "trace", "wanted": "a", "seen": "b"}


def test_junit(run: Run) -> None:
    root = ElementTree.fromstring(junit.render(run).encode("utf-8"))
    assert {k: root.get(k) for k in ("tests", "failures", "errors", "skipped")} == {
        "tests": "8", "failures": "2", "errors": "2", "skipped": "3"}
    cases = {str(c.get("name")): c for c in root.iter("testcase")}
    assert [e.tag for e in cases["UV-X-0003.t3"]] == ["error", "system-err"]
    assert r"a \x00\x1b[31m" in str(cases["UV-X-0003.t3"][1].text)
    assert cases["UV-X-0007.t7"][0].get("message") == "fail: expected: known # why"


class Structure(HTMLParser):
    """Tags that are open, and what loads something from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loads += [str(v) for k, v in attrs if k in ("src", "href", "srcset", "data") and not str(v).startswith("#")]
        self.scripts += tag == "script"
        if tag not in ("meta", "input", "link", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("option", "p", "li"):
            while self.open[-1] != tag:
                self.open.pop()
        assert self.open.pop() == tag, tag


def test_html(run: Run) -> None:
    page = html.render(run)
    structure = Structure()
    structure.feed(page)
    assert structure.open == [] and structure.loads == [] and structure.scripts == 2
    assert "<script>alert" not in page and "url(" not in page and "@import" not in page
    assert "default-src 'none'" in page, "nothing can be loaded, whatever a script does"
    for text in ("UV-X-0002", "passes now"):
        assert text in page


def test_json_is_stable_and_whole(run: Run) -> None:
    assert jsonout.render(run) == jsonout.render(run)
    assert {t["status"] for t in to_json(run)["tests"]} == {"pass", "fail", "crash", "hang", "reported", "unsupported"}


def test_terminal_shows_no_control_characters(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    print_report(run)
    out = capsys.readouterr().out
    assert "\x1b" not in out and "\x00" not in out
    assert "4 clauses broken" not in out and "3 clauses broken" in out
