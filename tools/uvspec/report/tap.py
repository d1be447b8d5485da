"""The results as TAP, version 14."""

from __future__ import annotations

import json

from ..run.results import Run, TestResult


def render(run: Run) -> str:
    lines = ["TAP version 14", f"1..{len(run.tests)}"]
    for number, result in enumerate(run.tests, 1):
        lines += _test(number, result)
    if run.interrupted:
        lines.append("Bail out! interrupted")
    return "\n".join(lines) + "\n"


def _test(number: int, result: TestResult) -> list[str]:
    # A known failure is `# TODO`; a known failure that passes has to be red, which TODO would hide.
    good = not result.red and not (result.expected and result.status not in ("unsupported", "skipped", "reported"))
    line = f"{'ok' if good else 'not ok'} {number} - {_escaped(result.test.name)}"
    if result.status in ("unsupported", "skipped") and not result.red:
        return [f"{line} # SKIP {_escaped(result.raw.reason or result.status)}"]
    if result.expected:
        line += f" # TODO {_escaped(result.expectation.reason if result.expectation else '')}"
    if result.status == "pass" and not result.red:
        return [line]
    return [line, "  ---", *[f"  {d}" for d in _diagnosis(result)], "  ..."]


def _diagnosis(result: TestResult) -> list[str]:
    """YAML; every text as a JSON string, which YAML reads, so that nothing needs thought."""
    lines = [f"status: {result.status}", f"clauses: {json.dumps(list(result.test.clauses))}"]
    if result.note:
        lines.append(f"note: {_quoted(result.note)}")
    if result.raw.reason:
        lines.append(f"reason: {_quoted(result.raw.reason)}")
    if result.raw.failures:
        lines.append("failures:")
        for failure in result.raw.failures:
            lines.append(f"  - call: {_quoted(failure.call)}")
            lines.append(f"    wanted: {_quoted(failure.wanted)}")
            lines.append(f"    seen: {_quoted(failure.seen)}")
    if result.raw.trace:
        lines.append(f"trace: {json.dumps(result.raw.trace)}")
    if result.raw.stderr:
        lines.append(f"stderr: {_quoted(result.raw.stderr)}")
    return lines


def _quoted(text: str) -> str:
    return json.dumps(text)


def _escaped(text: str) -> str:
    return " ".join(text.replace("\\", "\\\\").replace("#", "\\#").split())
