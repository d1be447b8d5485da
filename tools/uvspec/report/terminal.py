"""What a person sees: progress while the suite runs, then a table and each broken clause."""

from __future__ import annotations

import io
import re
import sys

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ..console import Live, say
from ..run.results import BROKEN, Run, TestResult, ends_alike, totals

# More red tests than anybody reads on a terminal; the other reports have all.
SHOWN_MAX = 40
_STDERR_LINES = 20
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_COLUMNS = ("tests", "pass", "fail", "expected", "reported", "unsupported", "skipped", "unresolved")
_STYLES = {"fail": "bold red", "crash": "bold red", "hang": "bold red", "unresolved": "bold yellow", "pass": "bold red"}


class Progress:
    """One live line on a terminal; elsewhere a line for each red test and every quarter."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self.red = 0
        self.live = Live()

    def add(self, result: TestResult) -> None:
        self.done += 1
        self.red += result.red
        if self.live.wanted:
            red = f", {self.red} red" if self.red else ""
            self.live.update(f"{self.done}/{self.total}{red}  {result.test.name}")
            return
        if result.red and self.red <= SHOWN_MAX:
            say(f"{result.status}: {result.test.name}")
        if self.done * 4 // max(self.total, 1) != (self.done - 1) * 4 // max(self.total, 1):
            say(f"{self.done} of {self.total} tests, {self.red} red")

    def close(self) -> None:
        self.live.clear()


def print_report(run: Run) -> None:
    """The whole report on standard output."""
    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    if console.is_terminal:
        _print(console, run)
        return
    text = io.StringIO()
    _print(Console(file=text, highlight=False, markup=False, emoji=False, width=120), run)
    sys.stdout.write("".join(line.rstrip() + "\n" for line in text.getvalue().splitlines()))


def _print(console: Console, run: Run) -> None:
    _print_library(console, run)
    _print_clauses(console, run)
    _print_changing(console, run)
    console.print(_table(run))
    console.print(_summary(run))


def _print_library(console: Console, run: Run) -> None:
    about = run.implementation
    version = f", version {about.version}" if about.version else ""
    console.print(_text(f"{about.path or about.name}{version}" + (f", {run.variant}" if run.variant else "")), soft_wrap=True)
    if about.missing:
        shown = ", ".join(about.missing[:8]) + (", …" if len(about.missing) > 8 else "")
        number = "1 function is" if len(about.missing) == 1 else f"{len(about.missing)} functions are"
        console.print(_text(f"{number} missing: {shown}"), soft_wrap=True)
    if about.deadly:
        console.print(_text(f"ends the process, and is not called: {', '.join(about.deadly)}"), soft_wrap=True)
    if run.profile:
        claimed = run.manifest.profiles[run.profile]
        console.print(_text(f"held to profile {claimed.name}: {len(claimed.functions)} functions. {claimed.summary}"), soft_wrap=True)
    console.print()


# ------------------------------------------------------------------------------------------ the table


def column(result: TestResult) -> str:
    """In which column of the table a result counts."""
    if result.red:
        return "unresolved" if result.status == "unresolved" else "fail"
    if result.expected:
        return "expected"
    return result.status if result.status in _COLUMNS else "fail"


def counts(results: list[TestResult]) -> dict[str, int]:
    found = dict.fromkeys(_COLUMNS, 0)
    found["tests"] = len(results)
    for result in results:
        found[column(result)] += 1
    return found


def _table(run: Run) -> Table:
    by_module: dict[str, list[TestResult]] = {}
    for result in run.tests:
        by_module.setdefault(result.test.module, []).append(result)
    rows = {module: counts(results) for module, results in by_module.items()}
    total = counts(run.tests)
    columns = [c for c in _COLUMNS if c != "skipped" or total[c]]
    table = Table(box=None, pad_edge=False, show_footer=len(rows) > 1)
    table.add_column("module", footer="all")
    for name in columns:
        table.add_column(name, footer=str(total[name]), justify="right")
    for module, row in rows.items():
        cells = [_text(str(row[c]) if row[c] else "·", style=_style(c, row[c])) for c in columns]
        table.add_row(_text(module), *cells)
    return table


def _style(name: str, count: int) -> str:
    if not count:
        return "dim"
    return {"fail": "bold red", "unresolved": "bold yellow", "pass": "green"}.get(name, "")


def _summary(run: Run) -> Text:
    total = totals(run)
    seconds = run.duration_ms / 1000
    text = f"\n{total['tests']} tests in {seconds:.1f} s: "
    if run.interrupted:
        return _text(text + f"interrupted; {total['red']} red so far", style="bold yellow")
    if total["red"]:
        broken = sorted({c for t in run.red if t.status in BROKEN for c in t.test.clauses[:1]})
        return _text(text + f"{total['red']} red" + (f", {len(broken)} clauses broken" if broken else ""), style="bold red")
    known = f", {total['expected']} of them as expected" if total["expected"] else ""
    return _text(text + "nothing red" + known, style="bold green")


def _text(text: str, style: str = "") -> Text:
    """Text without anything that a terminal would take for an order, or cannot encode."""
    return Text(_UNSAFE.sub(lambda m: f"\\x{ord(m.group()):02x}", text), style=style)


def _indented(console: Console, columns: int, what: RenderableType, below: int = 0) -> None:
    console.print(Padding(what, (0, 0, below, columns), expand=False))


# -------------------------------------------------------------------------------------- broken clauses


def _print_clauses(console: Console, run: Run) -> None:
    """Each red test below its first clause."""
    groups: dict[str, list[TestResult]] = {}
    alike = ends_alike(run.red)
    _print_alike(console, alike)
    told = {result.test.name for results in alike.values() for result in results}
    red = [result for result in run.red if result.test.name not in told]
    for result in red[:SHOWN_MAX]:
        groups.setdefault(result.test.clauses[0] if result.test.clauses else result.test.name, []).append(result)
    for id_, results in groups.items():
        _print_clause(console, run, id_)
        for result in results:
            _print_test(console, result)
    if len(red) > SHOWN_MAX:
        console.print(_text(f"… and {len(red) - SHOWN_MAX} more; --html and --json have them all\n", style="bold"))


def _print_alike(console: Console, alike: dict[str, list[TestResult]]) -> None:
    """What ends many tests in the same way is told once."""
    for words, results in sorted(alike.items(), key=lambda item: -len(item[1])):
        console.print(_text(f"{len(results)} tests crash with these last words:", "bold red"), soft_wrap=True)
        _indented(console, 2, _text(words))
        modules = ", ".join(dict.fromkeys(r.test.module for r in results))
        _indented(console, 2, _text(f"in {modules}; the first: ./uvspec repro {results[0].test.name}", style="dim"), below=1)


def _print_changing(console: Console, run: Run) -> None:
    """Tests that are not red, and yet not the same each time."""
    for result in run.tests:
        if result.flaky and not result.red:
            console.print(_text(f"{result.test.name}: {result.note}\n"), soft_wrap=True)


def _print_clause(console: Console, run: Run, id_: str) -> None:
    clause = run.manifest.clauses.get(id_)
    console.print(_text(id_, "bold") + _text(f"  {clause.level}, {clause.at}" if clause else "", "dim"), soft_wrap=True)
    if not clause:
        return
    _indented(console, 2, _text(clause.text))
    if clause.decision:
        title = run.manifest.decisions.get(clause.decision, "")
        _indented(console, 2, _text(f"decision {clause.decision}" + (f": {title}" if title else ""), style="dim"))


def _print_test(console: Console, result: TestResult) -> None:
    word = "flaky" if result.flaky else result.status
    line = _text("  ") + _text(word, _STYLES.get(word, "bold red")) + _text(f"  {result.test.name}")
    console.print(line, soft_wrap=True)
    for text in (result.note, result.raw.reason):
        if text:
            _indented(console, 4, _text(text))
    checks = [f for f in result.raw.failures if f.call != "trace"]
    for failure in checks:
        _indented(console, 4, _text(failure.call))
        _indented(console, 6, _text(f"wanted: {failure.wanted}\nseen:   {failure.seen}"))
    _print_traces(console, result)
    if result.status in BROKEN and result.raw.stderr.strip():
        lines = result.raw.stderr.strip().splitlines()[-_STDERR_LINES:]
        _indented(console, 4, _text("\n".join(f"| {line}" for line in lines), style="dim"))
    if result.test.origin != "header":  # what a header lacks is no program
        _indented(console, 4, _text(f"./uvspec repro {result.test.name}", style="cyan"), below=1)


def _print_traces(console: Console, result: TestResult) -> None:
    """Expected and seen, side by side, where they differ; else what fired before it went wrong."""
    wrong = [c for c in result.raw.expected_trace if not c.ok]
    if wrong:
        table = Table(box=None, pad_edge=False)
        table.add_column("expected trace", min_width=16)
        table.add_column("seen", min_width=16)
        for checkpoint in wrong:
            table.add_row(_text(checkpoint.pattern or "nothing"), _text(" ".join(checkpoint.seen) or "nothing"))
        _indented(console, 4, table)
    elif result.status in ("crash", "hang") and result.raw.trace:
        _indented(console, 4, _text("trace: " + " ".join(result.raw.trace)))
