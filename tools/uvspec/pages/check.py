"""What can be checked of generated pages: every link leads somewhere, nothing is loaded from elsewhere, mdoc is sound."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

ELSEWHERE = ("https://docs.libuv.org/", "https://github.com/libuv/libuv/")  # where links may lead; nothing is loaded
_LOADS = {("link", "href"), ("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src")}
_VOID = {"meta", "link", "input", "br", "img", "hr", "path", "rect", "circle"}


class _Page(HTMLParser):
    """The anchors of a page, where it leads, what it loads, and whether its elements nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.leads: list[str] = []
        self.loads: list[str] = []
        self.refers: list[str] = []  # from aria-labelledby
        self.problems: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        if self.open:
            self.problems.append(f"<{self.open[-1]}> is never closed")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id" and value:
                self.ids[value] += 1
            elif (tag, name) in _LOADS:
                self.loads.append(value or "")
            elif name == "href":
                self.leads.append(value or "")
            elif name == "aria-labelledby":
                self.refers.append(value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if not self.open or self.open[-1] != tag:
            self.problems.append(f"</{tag}> at {self.getpos()} closes {'nothing' if not self.open else '<' + self.open[-1] + '>'}")
        else:
            self.open.pop()


def problems_of(files: dict[str, str]) -> list[str]:
    """All that is wrong with the pages, by their paths below html/ and man/."""
    pages = {name.removeprefix("html/"): _Page(text) for name, text in files.items() if name.endswith(".html")}
    there = {name.removeprefix("html/") for name in files if name.startswith("html/")}
    out = []
    for name, page in pages.items():
        out += [f"{name}: {p}" for p in page.problems]
        out += [f"{name}: the anchor {i} is there {n} times" for i, n in page.ids.items() if n > 1]
        out += [f"{name}: loads {x}, which is not one of the pages' files" for x in page.loads if x not in there]
        out += [f"{name}: aria-labelledby {x} is not there" for x in page.refers if x not in page.ids]
        for href in page.leads:
            out += [f"{name}: {why}" for why in _why_nowhere(href, name, pages)]
    out += [f"search.js: {why}" for href in re.findall(r'^\["[^"]*", "[a-z]+", "([^"]*)"', files.get("html/search.js", ""), re.M)
            for why in _why_nowhere(href, "index.html", pages)]
    manuals = {Path(name).name for name in files if name.startswith("man/")}
    for name, text in files.items():
        if name.startswith("man/"):
            out += [f"{name}: refers to {n}({s}), which is not there" for n, s in re.findall(r"\bXr (\S+) ([0-9])", text)
                    if f"{n}.{s}" not in manuals]
    return out


def _why_nowhere(href: str, at: str, pages: dict[str, _Page]) -> list[str]:
    if href.startswith(ELSEWHERE):
        return []
    file, _, anchor = href.partition("#")
    file = file or at
    if file not in pages:
        return [f"leads to {href}, and there is no such page"]
    if anchor and anchor not in pages[file].ids:
        return [f"leads to {href}, and there is no such anchor"]
    return []


def mandoc_problems(folder: Path) -> list[str] | None:
    """What `mandoc -Tlint` says of the manual pages below a folder; None where it is not installed."""
    if not shutil.which("mandoc"):
        return None
    manuals = sorted(str(p.relative_to(folder)) for p in folder.rglob("*.[37]"))
    done = subprocess.run(["mandoc", "-Tlint", *manuals], cwd=folder, capture_output=True, text=True, check=False)
    # The pages are not installed where mandoc looks; that they refer to each other is checked above.
    return [line for line in (done.stdout + done.stderr).splitlines() if "referenced manual not found" not in line]
