"""Reads results that `uvspec check` saved as JSON, perhaps elsewhere, perhaps long ago."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..exits import UsageError
from ..run.results import FORMAT, STATUSES, VERDICTS

Document = dict[str, Any]

# What everything else relies on; the schema in spec/schema/results.schema.json says the rest.
_NEEDED: dict[str, type] = {
    "tool": str, "api_level": str, "spec": dict, "implementation": dict, "variant": str, "profile": str, "held_to": str,
    "started": str, "duration_ms": int, "interrupted": bool, "selected": bool, "totals": dict, "symbols": list, "tests": list,
    "clauses": dict, "machine": dict, "compiler": str,
}
_OF_TEST: dict[str, type] = {
    "test": str, "module": str, "clauses": list, "level": str, "status": str, "runs": list, "red": bool, "expected": bool,
    "note": str, "reason": str, "failures": list, "trace": list, "expected_trace": list, "loop_runs": list, "symbols": list,
    "callbacks": dict, "origin": str, "digest": str, "stderr": str, "flaky": bool,
}
_OF_CLAUSE: dict[str, type] = {
    "verdict": str, "module": str, "level": str, "rev": int, "text": str, "tests": list, "digest": str, "functions": list,
    "sources": list, "decision": str, "since": str, "until": str, "binds": str, "untested": str,
}


def read_document(path: Path) -> Document:
    """Raises UsageError with what is wrong with the file, and what to do."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    if not data.strip():
        raise UsageError(f"{path}: is empty; `./uvspec check --json {path}` writes one")
    try:
        document = json.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: is no text, so no results of `./uvspec check --json`") from error
    except json.JSONDecodeError as error:
        cut = error.pos >= len(error.doc.rstrip()) - 1 or error.msg.startswith("Unterminated")
        what = "the file is cut off" if cut and data.lstrip()[:1] == b"{" else "is no JSON"
        raise UsageError(f"{path}: {what} (line {error.lineno}: {error.msg}); write it anew with `./uvspec check --json`") from error
    except RecursionError as error:
        raise UsageError(f"{path}: is nested too deeply to be results of `./uvspec check`") from error
    _check(path, document)
    result: Document = document
    return result


def _check(path: Path, document: object) -> None:
    if not isinstance(document, dict) or not {"format", "tests", "clauses"} <= set(document):
        hint = "; that is a manifest of the suite" if isinstance(document, dict) and "clauses" in document else ""
        raise UsageError(f"{path}: these are no results of `./uvspec check --json`{hint}")
    if document["format"] != FORMAT:
        raise UsageError(f"{path}: results of format {document['format']} (written by {document.get('tool', 'who knows what')}); "
                         f"this tool reads format {FORMAT}: check that library again")
    problem = _lacks(document, _NEEDED)
    for number, test in enumerate(document["tests"] if not problem else []):
        problem = problem or _named(f"test {number + 1}", _lacks(test, _OF_TEST))
        if not problem and test["status"] not in STATUSES:
            problem = f"test {number + 1} has the unknown status `{test['status']}`"
    for id_, clause in (document["clauses"] if not problem else {}).items():
        problem = problem or _named(f"clause {id_}", _lacks(clause, _OF_CLAUSE))
        if not problem and clause["verdict"] not in VERDICTS:
            problem = f"clause {id_} has the unknown verdict `{clause['verdict']}`"
    problem = problem or _named("implementation", _lacks(document["implementation"], {"name": str, "path": str, "version": str, "missing": list}))
    if problem:
        raise UsageError(f"{path}: {problem}; write it anew with `./uvspec check --json`")


def _lacks(row: object, needed: dict[str, type]) -> str:
    if not isinstance(row, dict):
        return "is no object"
    for key, kind in needed.items():
        if key not in row:
            return f"lacks `{key}`"
        if not isinstance(row[key], kind):
            return f"`{key}` is of the wrong kind"
    return ""


def _named(what: str, problem: str) -> str:
    return f"{what}: {problem}" if problem else ""


# ----------------------------------------------------------------------------------------- names


def label(document: Document) -> str:
    """What to call an implementation: `reference 1.52.0`, `libuv.so.1 1.44.2`, `node 1.46.0`."""
    about = document["implementation"]
    name = about["name"]
    if name == "system" or "/" in name:
        name = Path(about["path"] or name).name
        name = name.partition(".so")[0] if ".so" in name else name
    return f"{name} {about['version']}".strip()


def labels(documents: list[Document], given: list[str] | None = None) -> list[str]:
    """One each, all different: by variant, then by number."""
    names = [g or label(d) for g, d in zip(given or [""] * len(documents), documents)]
    for more in (lambda d: d["profile"], lambda d: d["variant"], lambda d: d["started"][:10]):
        twice = {n for n in names if names.count(n) > 1}
        names = [f"{n} {more(d)}".strip() if n in twice else n for n, d in zip(names, documents)]
    return [f"{n} ({names[:i].count(n) + 1})" if names.count(n) > 1 else n for i, n in enumerate(names)]


def partial(document: Document) -> str:
    """Why not every test of the suite is in it, or ""."""
    of = f"{len(document['tests'])} of {document['spec'].get('tests', '?')} tests"
    if document["interrupted"]:
        return f"interrupted: {of} had run"
    return f"a selection: {of}" if document["selected"] else ""
