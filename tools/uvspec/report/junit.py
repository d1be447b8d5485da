"""The results as JUnit XML, as CI systems read it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

from ..run.results import Run, TestResult

# What XML 1.0 cannot hold, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(run: Run) -> str:
    root = ElementTree.Element("testsuites", name="uvspec", time=_seconds(run.duration_ms))
    modules: dict[str, list[TestResult]] = {}
    for result in run.tests:
        modules.setdefault(result.test.module, []).append(result)
    for module, results in modules.items():
        _suite(root, run, module, results)
    for key, kind in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        root.set(key, str(len(root.findall(f".//{kind}"))))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _suite(root: ElementTree.Element, run: Run, module: str, results: list[TestResult]) -> None:
    suite = ElementTree.SubElement(
        root, "testsuite", name=_text(module), timestamp=run.started, time=_seconds(sum(r.raw.ms for r in results))
    )
    properties = ElementTree.SubElement(suite, "properties")
    about = run.implementation
    for name, value in (("library", about.path), ("version", about.version), ("variant", run.variant)):
        ElementTree.SubElement(properties, "property", name=name, value=_text(value))
    for result in results:
        _case(suite, result)
    for key, kind in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(key, str(len(suite.findall(f"./{'testcase/' if kind != 'testcase' else ''}{kind}"))))


def _case(suite: ElementTree.Element, result: TestResult) -> None:
    case = ElementTree.SubElement(
        suite, "testcase", name=_text(result.test.name), classname=_text(f"uvspec.{result.test.module}"),
        time=_seconds(result.raw.ms),
    )
    message = _text(result.note or result.raw.reason or _first_failure(result))
    if result.red:
        kind = "failure" if result.status in ("fail", "pass") or result.flaky else "error"
        element = ElementTree.SubElement(case, kind, type=result.status, message=message)
        element.text = _text(_story(result))
    elif result.expected or result.status in ("unsupported", "skipped", "reported"):
        ElementTree.SubElement(case, "skipped", message=f"{result.status}: {message}")
    if result.raw.stderr:
        ElementTree.SubElement(case, "system-err").text = _text(result.raw.stderr)


def _first_failure(result: TestResult) -> str:
    if not result.raw.failures:
        return ""
    failure = result.raw.failures[0]
    return f"{failure.call}: wanted {failure.wanted}, saw {failure.seen}"


def _story(result: TestResult) -> str:
    lines = [f"clauses: {', '.join(result.test.clauses)}", f"reproduce: ./uvspec repro {result.test.name}"]
    lines += [line for line in (result.note, result.raw.reason) if line]
    lines += [f"{f.call}\n  wanted: {f.wanted}\n  seen:   {f.seen}" for f in result.raw.failures]
    if result.raw.trace:
        lines.append("trace: " + " ".join(result.raw.trace))
    return "\n".join(lines)


def _seconds(ms: int) -> str:
    return f"{ms / 1000:.3f}"


def _text(text: str) -> str:
    return _FORBIDDEN.sub(lambda m: f"\\x{ord(m.group()):02x}", text)
