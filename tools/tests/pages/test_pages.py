"""The reference pages: what stands on them, that links lead somewhere, that they are the same every time.

Golden pages are of the small specification. After a wanted change:
UVSPEC_UPDATE_GOLDEN=1 pytest tests/pages, then read the difference.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from uvspec import __version__, cli, install, paths
from uvspec.commands import common
from uvspec.exits import CannotRun
from uvspec.model import Row, Spec
from uvspec.pages import check, diagram, machine, man, markdown, words, write
from uvspec.pages.book import Book

GOLDEN = Path(__file__).parent / "golden"
PAGES = ("html/timer.html", "man/man3/uv_timer_start.3", "man/man7/uv_timer.7", "man/man7/uv_async.7")
DIGEST = """\
import hashlib, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from uvspec.load import load_spec
from uvspec.pages import write
print(hashlib.sha256(repr(write.files(load_spec(Path(sys.argv[2])))).encode()).hexdigest())
"""


@pytest.mark.parametrize("name", PAGES)
def test_golden(name: str, small_pages: dict[str, str]) -> None:
    path = GOLDEN / f"{Path(name).name}.txt"
    text = small_pages[name].replace(__version__, "VERSION")
    if os.environ.get("UVSPEC_UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.exists() and text == path.read_text(encoding="utf-8"), f"{path}: see the top of {Path(__file__).name}"


def test_every_link_leads_somewhere(real_pages: dict[str, str]) -> None:
    assert check.problems_of(real_pages) == []


def test_every_name_has_its_place(real: Spec, real_pages: dict[str, str]) -> None:
    for function in real.functions.values():
        assert f'id="{function.name}"' in real_pages[f"html/{function.module}.html"]
        assert f"man/man3/{function.name}.3" in real_pages
    for clause in real.clauses.values():
        assert real_pages[f"html/{clause.module}.html"].count(f'id="{clause.id}"') == 1, clause.id
    for decision in real.decisions.values():
        assert f'id="{decision.id}"' in real_pages["html/decisions.html"]
    for module in real.modules.values():
        assert f"man/man7/uv_{module.name}.7" in real_pages
        for name in [*module.types, *module.callbacks]:
            assert f'id="{name.replace(" ", "-")}"' in real_pages[f"html/{module.name}.html"], name


def test_nothing_dated_or_loaded_from_elsewhere(real_pages: dict[str, str]) -> None:
    for name, text in real_pages.items():
        assert not re.search(r"\b20[0-9]{2}-[0-9]{2}-[0-9]{2}\b", text), name
        assert not re.search(r'src="(https?:)?//|url\((?!#)|@import|<link[^>]+href="http', text), name
        assert str(paths.ROOT) not in text, name


def test_pages_are_the_same_every_time(small_pages: dict[str, str], small: Spec, tmp_path: Path) -> None:
    from spec_support import small_copy

    root = small_copy(tmp_path)
    here = hashlib.sha256(repr(small_pages).encode()).hexdigest()
    for seed in ("1", "2"):
        done = subprocess.run([sys.executable, "-c", DIGEST, str(paths.TOOLS), str(root)], check=True, capture_output=True, text=True,
                              env={**os.environ, "PYTHONHASHSEED": seed})
        assert done.stdout.strip() == here


@pytest.mark.skipif(not shutil.which("mandoc"), reason="no mandoc")
def test_mandoc_is_content(real_pages: dict[str, str], tmp_path: Path) -> None:
    for name, text in real_pages.items():
        if name.startswith("man/"):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
    assert check.mandoc_problems(tmp_path / "man") == []
    (tmp_path / "man" / "man3" / "bad.3").write_text(".Dd\n.Sh\n")
    assert check.mandoc_problems(tmp_path / "man")


def test_without_mandoc_that_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert check.mandoc_problems(tmp_path) is None


@pytest.mark.parametrize(("page", "says"), [
    ('<a href="b.html">x</a>', "leads to b.html, and there is no such page"),
    ('<a href="#x">x</a>', "leads to #x, and there is no such anchor"),
    ('<a href="https://example.org/">x</a>', "there is no such page"),
    ('<p id="x"></p><p id="x"></p>', "the anchor x is there 2 times"),
    ('<script src="https://docs.libuv.org/a.js"></script>', "loads https://docs.libuv.org/a.js"),
    ('<p><b></p></b>', "closes <b>"),
    ('<div>', "<div> is never closed"),
    ('<section aria-labelledby="y"></section>', "aria-labelledby y is not there"),
])
def test_bad_pages_are_told(page: str, says: str) -> None:
    assert any(says in problem for problem in check.problems_of({"html/a.html": page}))


def test_bad_search_and_manual_references_are_told() -> None:
    assert check.problems_of({"html/search.js": '["uv_x", "function", "x.html#uv_x", ""]'}) == [
        "search.js: leads to x.html#uv_x, and there is no such page"]
    assert check.problems_of({"man/man3/a.3": ".Xr b 3 ,\n.Xr a 3\n"}) == ["man/man3/a.3: refers to b(3), which is not there"]


# ------------------------------------------------------------------------------------- machines


def test_a_machine_is_what_the_tables_say(small: Spec) -> None:
    timer = Book(small).machines["timer"]
    assert timer.states == ["fresh", "stopped", "running"] and timer.columns[-1] == "closing"
    assert [(t.start, t.end, t.what, t.is_call) for t in timer.transitions] == [
        ("raw", "fresh", "uv_timer_init", True), ("fresh", "running", "uv_timer_start", True),
        ("stopped", "running", "uv_timer_start", True), ("running", "stopped", "uv_timer_stop", True),
        ("running", "stopped", "due, and repeat is 0", False)]


def test_every_state_can_be_reached(real: Spec) -> None:
    """From raw, by calls and what happens: else the drawing lacks something that `reach:` shows to be there."""
    for name, m in Book(real).machines.items():
        there, before = {machine.RAW}, set[str]()
        while there != before:
            before = set(there)
            there |= {t.end for t in m.transitions if t.start in there}
        assert set(m.states) <= there, name


def test_drawings_are_sound(real: Spec) -> None:
    for name, m in Book(real).machines.items():
        svg = diagram.draw(m)
        root = ElementTree.fromstring(svg)
        width, height = float(root.get("width", 0)), float(root.get("height", 0))
        assert 200 < width < 2400 and 60 < height < 900, name
        assert root.get("aria-label")
        names = [e.text for e in root.iter("text") if e.get("class") == "name"]
        assert names == [*m.states, "closing", "closed"], name
        for rect in root.iter("rect"):
            x, w = float(rect.get("x", 0)), float(rect.get("width", 0))
            assert x >= 0 and x + w <= width, name


def test_labels_do_not_overlap(real: Spec) -> None:
    for name, m in Book(real).machines.items():
        root = ElementTree.fromstring(diagram.draw(m))
        boxes = []
        for text in root.iter("text"):
            if "mid" in str(text.get("class")):
                half = len(text.text or "") * diagram.CHAR / 2
                boxes.append((float(text.get("x", 0)) - half, float(text.get("x", 0)) + half, float(text.get("y", 0)), text.text))
        for i, a in enumerate(boxes):
            for b in boxes[i + 1:]:
                assert a[1] <= b[0] or b[1] <= a[0] or abs(a[2] - b[2]) >= 12, f"{name}: {a[3]} and {b[3]}"


def test_what_is_no_handle_is_drawn_too(real: Spec, real_pages: dict[str, str]) -> None:
    for name, m in Book(real).lives.items():
        root = ElementTree.fromstring(diagram.draw(m))
        assert [e.text for e in root.iter("text") if e.get("class") == "name"] == m.states
        assert f"States of <code>{m.kind.type}</code>" in real_pages[f"html/{name}.html"]
    assert {"loop", "request"} <= set(Book(real).lives)


# ------------------------------------------------------------------------------------- words


@pytest.mark.parametrize(("value", "says"), [
    ("null", "is NULL"), ("non-null", "is not NULL"), ("raw", "is not initialised"), ("> 0", "> 0"), (0, "is 0"),
    (["fresh", "stopped", "running"], "is fresh, stopped or running"), ("of a folder", "is of a folder"),
    ("nothing that is there", "is that of nothing that is there"), ("no address", "is no address"),
])
def test_conditions(value: object, says: str) -> None:
    assert words.condition(value) == says
    assert words.condition("of a folder", "path") == "is that of a folder"


def test_rows_in_words(small: Spec) -> None:
    row = Row(small.modules["timer"].at, "", when={"handle": ["a", "b"], "cb": "null", "size": "otherwise"}, returns="one of [0, UV_EINVAL]",
              state="a", sets={"repeat": "nonzero"})
    assert words.when_text(row) == "handle is a or b, cb is NULL" and words.others(row, "handle") == "cb is NULL"
    assert words.outcome_text(row) == "returns 0 or UV_EINVAL; the handle is then a; repeat is then not 0"
    assert words.when_text(Row(row.at, "")) == words.when_text(Row(row.at, "", when={"x": "otherwise"})) == "otherwise"


def test_markdown() -> None:
    text = "**Unclear.** What `a < b` is.\nMore.\n\n- one\n  more\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    html = markdown.html(text, lambda escaped: escaped)
    assert html.startswith("<p><strong>Unclear.</strong> What <code>a &lt; b</code> is. More.</p>\n<ul><li>one more</li><li>two</li></ul>\n")
    assert "<th scope=\"col\">b</th>" in html and "<td>2</td>" in html


def test_decisions_are_set_as_they_are_written(small: Spec, real_pages: dict[str, str]) -> None:
    page = real_pages["html/decisions.html"]
    assert "<strong>" in page and "&lt;strong&gt;" not in page and "**" not in page and "&amp;lt;" not in page


def test_mdoc_text() -> None:
    assert man.text_lines("Call uv_run(), then (see uv_stop()) go. It ends.") == [
        "Call", ".Fn uv_run ,", "then (see", ".Fn uv_stop )", "go.", "It ends."]
    assert man.text_lines(".profile is a\\b") == ["\\&.profile is a\\eb"]
    assert man.macro_text('No "x" . uv_run()') == "\\&No \\(dqx\\(dq \\&. uv_run\\&()"


# ------------------------------------------------------------------------------------- files


def test_writing(small: Spec, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    first = write.write(small, folder)
    assert first.changed == len(first.files) and all(f.is_file() for f in first.files)
    (folder / "html" / "gone.html").write_text("x")
    again = write.write(small, folder)
    assert again.changed == 0 and not (folder / "html" / "gone.html").exists()


def test_foreign_folders_are_left_alone(small: Spec, tmp_path: Path) -> None:
    (tmp_path / "html").mkdir()
    (tmp_path / "html" / "mine.html").write_text("x")
    with pytest.raises(CannotRun, match="holds other things"):
        write.write(small, tmp_path)
    assert (tmp_path / "html" / "mine.html").exists()


def test_installing(small: Spec, tmp_path: Path) -> None:
    done = install.install_pages(small, Path("/usr"), tmp_path)
    assert tmp_path / "usr" / "share" / "man" / "man3" / "uv_timer_start.3" in done
    assert tmp_path / "usr" / "share" / "doc" / "uvspec" / "html" / "index.html" in done
    assert all(f.is_file() for f in done)
    (tmp_path / "file").touch()
    with pytest.raises(CannotRun, match="cannot install"):
        install.install_pages(small, tmp_path / "file", None)


def test_the_command(monkeypatch: pytest.MonkeyPatch, small: Spec, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(common, "load", lambda: small)
    assert cli.main(["pages", "--out", str(tmp_path / "p"), "--check", "--format", "json"]) in (0, 1)
    document = json.loads(capsys.readouterr().out)
    assert document["pages"] > 20 and document["folder"] == str(tmp_path / "p")
    # The small specification has no glossary of its own: what it does not declare, the terms lead nowhere for.
    assert all("glossary.html" in p or "index.html" in p or "man/" in p for p in document["problems"]), document["problems"]
