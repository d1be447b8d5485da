"""`uvspec report` and `uvspec compare`: from files to a page or a list of changes."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .. import paths
from ..cached import load_remembered
from ..console import say
from ..exits import OK, RED, CannotRun, UsageError
from ..trace import read_results
from . import compare as comparing
from . import html, save
from .reading import Document, label, labels, partial, read_document


def report(args: argparse.Namespace) -> int:
    """One page of all files."""
    files = args.files or [str(paths.report_dir() / "results.json")]
    if not args.files and not Path(files[0]).exists():
        raise UsageError("there are no results yet: `./uvspec check` writes some, or name files")
    named = [_named(f) for f in files]
    documents = [read_document(path) for _, path in named]
    _tell_partial([path for _, path in named], documents)
    guide = read_results(paths.report_dir()).programs
    text = html.render_documents(documents, html.open_book(load_remembered), [name for name, _ in named], guide)
    if str(args.output) == "-":
        sys.stdout.write(text)
        return OK
    output = args.output or paths.report_dir() / "matrix.html"
    problem = save.write(output, text)
    if problem:
        raise CannotRun(problem)
    say(f"report: {output} ({len(text.encode()) / 1e6:.1f} MB)")
    return OK


def _named(text: str) -> tuple[str, Path]:
    """`NAME=FILE`, or a file, which may have such a name itself."""
    name, equals, file = text.partition("=")
    if equals and name and file and not Path(text).exists():
        return name, Path(file)
    return "", Path(text)


def _tell_partial(paths_: list[Path], documents: list[Document]) -> None:
    for path, document in zip(paths_, documents):
        if reason := partial(document):
            say(f"uvspec: {path}: {reason}; the rest counts as not run")


def compare(args: argparse.Namespace) -> int:
    """What changed; 1 where something got worse."""
    before, after = read_document(Path(args.before)), read_document(Path(args.after))
    _tell_partial([Path(args.before), Path(args.after)], [before, after])
    known = {t["module"] for d in (before, after) for t in d["tests"]} | {c["module"] for d in (before, after) for c in d["clauses"].values()}
    for module in args.module:
        if module not in known:
            raise UsageError(f"neither result has a module `{module}`; there are {', '.join(sorted(known))}")
    changes = comparing.compare(before, after, args.module)
    names = labels([before, after])
    if label(before) == label(after) and before["implementation"]["path"] == after["implementation"]["path"]:
        names = [args.before, args.after]
    if args.format == "json":
        sys.stdout.write(comparing.to_json(changes, names))
    else:
        comparing.print_changes(changes, names, None if args.all else comparing.SHOWN)
    return RED if changes.is_worse else OK
