"""`uvspec check`, once everything is built: probes the library, runs the suite, judges, reports."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import hashlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..console import say
from ..exits import CANNOT_RUN, INTERRUPTED, OK, RED, Stop, UsageError
from ..model import Spec
from ..report import jsonout, save
from ..report.terminal import Progress, print_report
from .expectations import Expectations, read_expectations
from .library import examine, examine_linked
from .machine import compiler, facts
from .manifest import Manifest, Test, read_manifest
from .results import Implementation, Raw, Run, held_to_its_claim, judge
from .select import find_profile, select, version, why_not_applicable
from .suite import run_all

WATCHDOG_MS = 20000
_TSAN_FACTOR = 5


@dataclass
class Options:
    """What to check, with what, and what to write."""

    lib: str  # a path, a name for the loader, or `system`
    suite: Path  # uvspec-suite
    manifest: Path  # tests.json
    select: list[str] = field(default_factory=list)
    jobs: int = 0  # 0: one a core
    watchdog_ms: int = 0  # 0: 20 s, more with ThreadSanitizer
    expect_file: Path | None = None
    formats: dict[str, Path] = field(default_factory=dict)  # tap | junit | json | html -> file
    json_to_stdout: bool = False
    fail_fast: bool = False
    repeat: int = 1
    api_level: str = ""  # hold the library to this level, not to the specification's
    profile: str = ""  # judge no more than this subset of the API, and all of that
    linked: str = ""  # the suite is linked to this library, as source mode does; `lib` is not used
    rows: list[tuple[Test, Raw]] = field(default_factory=list)  # results that are there already
    name: str = ""  # of the library, for the reports; "" for `lib` itself
    details: Callable[[], Spec] | None = None  # the specification, for the HTML page to say more
    variant: str = ""  # what the suite was built with: clang_tsan


def run_check(options: Options) -> int:
    """Returns the exit code. Results go to standard output, everything else to standard error."""
    try:
        return _check(options)
    except Stop as stop:
        say(f"uvspec: {stop}")
        return stop.code


def _check(options: Options) -> int:
    unknown = sorted(set(options.formats) - set(save.WRITERS))
    if unknown:
        raise UsageError(f"no report format `{unknown[0]}`; there are {', '.join(save.WRITERS)}")
    if options.repeat < 1 or options.jobs < 0 or options.watchdog_ms < 0:
        raise UsageError("--repeat, --jobs and --watchdog take positive numbers")
    manifest = read_manifest(options.manifest)
    if options.api_level:
        version(options.api_level)
    find_profile(manifest, options.profile)
    manifest.tests |= {test.name: test for test, _ in options.rows}
    tests = select(manifest, options.select)
    if not tests:
        raise UsageError(f"{options.manifest}: the suite holds no tests")
    expectations = read_expectations(options.expect_file, manifest) if options.expect_file else None
    implementation = examine_linked(options.linked, options.suite) if options.linked else examine(options.lib, options.suite)
    implementation = dataclasses.replace(implementation, name=options.name or implementation.name, sha256=_digest(implementation.path))
    run = _run(options, manifest, tests, expectations, implementation)
    return _tell(options, run)


def _run(
    options: Options, manifest: Manifest, tests: list[Test], expectations: Expectations | None, implementation: Implementation
) -> Run:
    level = options.api_level or (expectations.api_level if expectations else "") or manifest.api_level
    profile = find_profile(manifest, options.profile)
    reasons = {t.name: why_not_applicable(t, level, profile) for t in tests}
    raws = {raw.test: [raw] for _, raw in options.rows if raw.test in reasons}
    raws |= {name: [Raw(name, "unsupported", why)] for name, why in reasons.items() if why}
    names = [t.name for t in tests if t.name not in raws] * options.repeat
    progress = Progress(len(names))

    def on_result(raw: Raw) -> bool:
        result = judge(manifest.tests[raw.test], [held_to_its_claim(raw, options.profile)], expectations)
        progress.add(result)
        return options.fail_fast and result.red

    started, clock = datetime.datetime.now(datetime.timezone.utc), time.monotonic()
    # What the profile leaves out is not even called by the harness: it may be a stub that aborts.
    hide = sorted({*implementation.deadly, *(s for s in manifest.symbols if profile and s not in profile.functions)})
    # A library that the loader found by name is loaded by its path: what was examined is what is tested.
    library = implementation.path if implementation.path.startswith("/") else options.lib
    library = "" if options.linked else library
    try:
        with _ends_are_interrupts():
            outcome = run_all(options.suite, library, names, options.jobs or os.cpu_count() or 1, _watchdog_ms(options), on_result, hide)
    finally:
        progress.close()
    raws |= {name: [held_to_its_claim(raw, options.profile) for raw in runs] for name, runs in outcome.raws.items()}
    results = [judge(t, raws[t.name], expectations) for t in tests if t.name in raws]
    return Run(
        implementation=implementation, manifest=manifest, variant=options.variant,
        started=started.isoformat(timespec="seconds"), duration_ms=int((time.monotonic() - clock) * 1000), tests=results,
        interrupted=outcome.interrupted, selected=bool(options.select) or len(results) < len(tests),
        profile=options.profile, api_level=level, compiler=compiler(options.variant), machine=facts(),
    )


def _digest(path: str) -> str:
    """Which file it was; two of the same name and version may differ."""
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError:
        return ""


@contextlib.contextmanager
def _ends_are_interrupts() -> Iterator[None]:
    """SIGTERM and SIGHUP end a run as Ctrl-C does: without leaving processes behind, and with a report."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(signum: int, frame: object) -> None:
        raise KeyboardInterrupt

    kinds = [s for s in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(s) == signal.SIG_DFL]
    for kind in kinds:
        signal.signal(kind, interrupt)
    try:
        yield
    finally:
        for kind in kinds:
            signal.signal(kind, signal.SIG_DFL)


def _watchdog_ms(options: Options) -> int:
    if options.watchdog_ms:
        return options.watchdog_ms
    return WATCHDOG_MS * (_TSAN_FACTOR if "tsan" in options.variant else 1)


def _tell(options: Options, run: Run) -> int:
    """Prints first, then writes: a full disk must not cost the results, nor a reader that went away."""
    unread: BrokenPipeError | None = None
    try:
        if options.json_to_stdout:
            sys.stdout.write(jsonout.render(run).encode("utf-8", "replace").decode("utf-8"))
        else:
            print_report(run)
        sys.stdout.flush()
    except BrokenPipeError as error:
        unread = error
    problems = [p for kind, path in options.formats.items() if (p := save.save(kind, path, run, options.details))]
    for problem in problems:
        say(f"uvspec: {problem}")
    if unread:
        raise unread
    if run.interrupted:
        say(f"uvspec: interrupted after {len(run.tests)} tests")
        return INTERRUPTED
    if problems:
        return CANNOT_RUN
    return RED if run.red else OK


