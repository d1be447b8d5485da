"""The results as one self-contained page: clauses down, implementations across.

It is made from the JSON form, so that results of several runs, perhaps of several machines, make one page.
The page loads nothing: its data, style and script are in it, and it works opened from a disk.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..errors import SpecError
from ..model import Spec
from ..run.results import Run, to_json
from .book import Book
from .page_data import page_data
from .reading import Document

_TEMPLATES = Path(__file__).resolve().parent / "templates"
# In the order in which they need each other.
SCRIPTS = ("elements.js", "state.js", "summary.js", "timeline.js", "detail.js", "matrix.js", "documents.js", "main.js")
STYLES = ("report.css", "detail.css", "print.css")


def render(run: Run, details: Callable[[], Spec] | None = None) -> str:
    """The page of one run; without the specification's own words where these cannot be had."""
    return render_documents([to_json(run)], open_book(details))


def open_book(details: Callable[[], Spec] | None) -> Book | None:
    try:
        return Book(details()) if details else None
    except SpecError:
        return None  # the run itself does not depend on it; `uvspec lint` tells what is wrong


def render_documents(
    documents: list[Document], book: Book | None = None, given: list[str] | None = None, guide: dict[str, str] | None = None
) -> str:
    """One page of one or more results documents (see run/results.py); `given` are names for them."""
    data = page_data(documents, book, given, guide)
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("report.html.j2").render(
        names=[i["name"] for i in data["implementations"]], clauses=len(data["clauses"]), api_level=data["api_level"],
        data=embedded(data), style=_read(*STYLES), script=_read(*SCRIPTS),
    ) + "\n"


def embedded(data: dict[str, Any]) -> str:
    """JSON that can stand in a <script>: nothing in it can end the element, whatever a test wrote."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for mark in "<>&\u2028\u2029\x7f":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    # A lone surrogate is no text that can be written.
    return text.encode("utf-8", "replace").decode("utf-8")


def _read(*names: str) -> str:
    return "\n".join((_TEMPLATES / name).read_text(encoding="utf-8").strip() for name in names)
