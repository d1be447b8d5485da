"""The lanes of `uvspec test`: what CI runs, one after the other, each with its own count.

A lane is one command in a process of its own; its output goes to out/test/LANE.log. How many checks it
passed is read from the machine-readable result that the command writes, never guessed from its text.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from . import build, deps, paths
from .console import Live, say
from .exits import CANNOT_RUN, OK, RED, CannotRun, UsageError

# Longer than any lane takes; so that CI ends with a report instead of being ended.
HANGS_AFTER_S = 900


@dataclass
class Outcome:
    """What a lane counted. `why` explains a skipped or failed lane in one line."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    why: str = ""


@dataclass
class Lane:
    """`run(folder, jobs)` does the work; `quick` and `default` say when it is chosen unasked."""

    name: str
    what: str
    run: Callable[[Path, int], Outcome]
    quick: bool = False
    default: bool = True


@dataclass
class Finished:
    """A lane that has run."""

    lane: Lane
    outcome: Outcome
    seconds: float
    log: Path = field(default_factory=Path)


# ------------------------------------------------------------------------------ running one command


def _command(folder: Path, argv: list[str], result: Path | None = None) -> int:
    """Runs a command with its output in the lane's log, or its standard output in `result`.

    Returns its exit code. A command that hangs is ended, with all that it started."""
    environment = dict(os.environ, UVSPEC_NO_INSTALL="1", PYTHONPATH=str(paths.TOOLS))
    with open(folder.with_suffix(".log"), "a", encoding="utf-8") as log, contextlib.ExitStack() as files:
        log.write(f"$ {' '.join(argv)}\n")
        log.flush()
        stdout = files.enter_context(open(result, "w", encoding="utf-8")) if result else log
        child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=stdout, stderr=log, cwd=paths.ROOT,
                                 env=environment, start_new_session=True)
        try:
            code = child.wait(HANGS_AFTER_S)
        except subprocess.TimeoutExpired:
            _end(child, signal.SIGTERM)
            log.write(f"\nended: it hung for {HANGS_AFTER_S} s\n")
            code = CANNOT_RUN
        except BaseException:  # Ctrl-C above all: nothing may go on without us
            _end(child, signal.SIGINT)
            raise
    return code


def _end(child: subprocess.Popen[bytes], how: signal.Signals) -> None:
    """Ends a command and its children: politely, then not."""
    for number, patience_s in ((how, 10), (signal.SIGKILL, None)):
        with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
            os.killpg(child.pid, number)
            child.wait(patience_s)


def _uvspec(*arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", "uvspec", *arguments]


def _json_of(folder: Path, *arguments: str) -> tuple[int, Any]:
    """Runs one of our commands with `--format json`; returns its exit code and its document."""
    result = folder.with_suffix(".json")
    code = _command(folder, _uvspec(*arguments, "--format", "json"), result)
    try:
        return code, json.loads(result.read_text(encoding="utf-8"))
    except ValueError:
        return code, None


def _note(folder: Path, lines: list[str]) -> None:
    """Adds lines to the lane's log."""
    with open(folder.with_suffix(".log"), "a", encoding="utf-8") as log:
        log.writelines(f"{line}\n" for line in lines)


# --------------------------------------------------------------------------------------- the lanes


def _lint(folder: Path, _jobs: int) -> Outcome:
    code, problems = _json_of(folder, "lint")
    if isinstance(problems, list) and problems:
        _note(folder, [f"{p['file']}:{p['line']}: {p['id']}: {p['what']}" for p in problems])
        return Outcome(failed=len(problems), why=f"{len(problems)} problems in the specification")
    return Outcome(passed=1) if code == OK else Outcome(failed=1, why=f"exit code {code}")


def _generated(folder: Path, _jobs: int) -> Outcome:
    code, document = _json_of(folder, "gen", "--verify")
    stale = document.get("stale", []) if isinstance(document, dict) else []
    if stale:
        return Outcome(failed=len(stale), why="run `./uvspec gen`: " + ", ".join(map(str, stale[:3])))
    return Outcome(passed=1) if code == OK else Outcome(failed=1, why=f"exit code {code}")


def _layout(folder: Path, _jobs: int) -> Outcome:
    code, document = _json_of(folder, "fmt", "--check")
    if not isinstance(document, dict):
        return Outcome(failed=1, why=f"exit code {code}")
    differ, left_out = len(document["changed"]), document["left_out"]
    _note(folder, document["changed"])
    why = "run `./uvspec fmt`" if differ else "; ".join(left_out)
    return Outcome(document["files"] - differ, differ, len(left_out), why)


def _pages(folder: Path, _jobs: int) -> Outcome:
    """The reference pages: all are made, their links lead somewhere, and mandoc is content with the manual."""
    code, document = _json_of(folder, "pages", "--out", str(folder.with_suffix(".pages")), "--check")
    if not isinstance(document, dict):
        return Outcome(failed=1, why=f"`uvspec pages` exited with {code}")
    problems, skipped = document["problems"], document["skipped"]
    _note(folder, problems)
    why = "; ".join(problems[:2]) or skipped
    return Outcome(0 if problems else document["pages"], len(problems), 1 if skipped else 0, why)


def _pytest(folder: Path, jobs: int) -> Outcome:
    if not deps.module("pytest")():
        return Outcome(skipped=1, why="pytest is not installed")
    report = folder.with_suffix(".xml")
    report.unlink(missing_ok=True)
    argv = [sys.executable, "-P", "-m", "pytest", "-q", "-c", str(paths.TOOLS / "pyproject.toml"),
            f"--junitxml={report}", str(paths.TOOLS / "tests")]
    code = _command(folder, argv)
    if not report.exists():
        return Outcome(failed=1, why=f"pytest wrote no report (exit code {code})")
    suite = ElementTree.parse(report).getroot().find("testsuite")
    assert suite is not None
    ran, skipped = int(suite.get("tests", 0)), int(suite.get("skipped", 0))
    failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    if code not in (0, 1) or ran == 0:
        return Outcome(failed=max(failed, 1), why=f"pytest could not run all tests (exit code {code})")
    return Outcome(ran - failed - skipped, failed, skipped)


def _mypy(folder: Path, _jobs: int) -> Outcome:
    if not deps.command("mypy")():
        return Outcome(skipped=1, why="mypy is not installed")
    config = str(paths.TOOLS / "pyproject.toml")
    code = _command(folder, ["mypy", f"--config-file={config}", str(paths.TOOLS / "uvspec")])
    return Outcome(passed=1) if code == 0 else Outcome(failed=1, why="types do not agree")


def _suite(toolchain: str, folder: Path, jobs: int) -> Outcome:
    """The suite against the reference, both built with one toolchain."""
    reason = build.why_unusable(toolchain)
    if reason:
        return Outcome(skipped=1, why=reason)
    return _check(folder, jobs, "--toolchain", toolchain)


def _system(folder: Path, jobs: int) -> Outcome:
    """The suite against the installed libuv, with what is known of that version."""
    library = deps.find_system_libuv()
    if not library:
        return Outcome(skipped=1, why="no libuv is installed")
    version = _version_of(library)
    known = sorted((paths.ROOT / "ci" / "expectations").glob(f"*-{version}.toml"))
    if not known:
        return Outcome(skipped=1, why=f"ci/expectations has nothing about libuv {version}")
    return _check(folder, jobs, "--lib", "system", "--expect", str(known[0]))


def _source(folder: Path, jobs: int) -> Outcome:
    """Source mode: the reference installed, and judged by the headers it was installed with."""
    prefix = folder.with_suffix(".prefix")
    code = _command(folder, _uvspec("install", "--prefix", str(prefix)))
    if code != OK:
        return Outcome(failed=1, why=f"`uvspec install` exited with {code}")
    return _check(folder, jobs, "--prefix", str(prefix))


def _version_of(library: str) -> str:
    call = ctypes.CDLL(library).uv_version_string
    call.restype = ctypes.c_char_p
    return bytes(call()).decode("ascii")


def _check(folder: Path, jobs: int, *arguments: str) -> Outcome:
    """Runs `uvspec check`: what it says goes to the log, what it counted is read from its JSON file."""
    results = folder.with_suffix(".json")
    results.unlink(missing_ok=True)
    outputs = ("--json", str(results), "--html", str(folder.with_suffix(".html")))
    jobs_arguments = ("--jobs", str(jobs)) if jobs else ()
    code = _command(folder, _uvspec("check", *arguments, *outputs, *jobs_arguments))
    try:
        return checked(json.loads(results.read_text(encoding="utf-8")), code)
    except (OSError, ValueError):
        return Outcome(failed=1, why=f"`uvspec check` exited with {code} and no results")


def checked(document: dict[str, Any], code: int) -> Outcome:
    """A results document as one lane's count. What is red failed; what could not apply is skipped."""
    totals = document["totals"]
    skipped = totals["unsupported"] + totals["skipped"]
    outcome = Outcome(totals["tests"] - totals["red"] - skipped, totals["red"], skipped)
    if totals["expected"]:
        outcome.why = f"{totals['expected']} of them known failures, as expected"
    if code != OK and not outcome.failed:
        outcome = Outcome(outcome.passed, 1, skipped, f"`uvspec check` exited with {code}")
    return outcome


def _mutation(folder: Path, jobs: int) -> Outcome:
    """The short form of `uvspec mutate`: bugs that aim at clauses, and some that are made by rule. One of the former that does
    not compile is one that tests nothing."""
    jobs_arguments = ("--jobs", str(jobs)) if jobs else ()
    code, document = _json_of(folder, "mutate", "--quick", *jobs_arguments)
    if not isinstance(document, dict):
        return Outcome(failed=1, why=f"`uvspec mutate` exited with {code} and no results")
    killed, survived, broken = (document[k] for k in ("killed", "survived", "broken"))
    why = [f"not noticed: {', '.join(survived)}"] if survived else []
    why += [f"cannot be made: {', '.join(broken)}"] if broken else []
    rest = _mechanical(folder, jobs_arguments)
    return Outcome(len(killed) + rest.passed, len(survived) + len(broken) + rest.failed, 0, "; ".join([*why, *filter(None, [rest.why])]))


# Of a few mechanical mutants, drawn anew whenever the sources change, several may be ones that nobody has looked at yet.
# So survivors are told; red is a suite, or a machinery, that notices fewer than this share.
_MECHANICAL, _FLOOR = 20, 0.5


def _mechanical(folder: Path, jobs_arguments: tuple[str, ...]) -> Outcome:
    """Some mutants made by rule."""
    code, document = _json_of(folder, "mutate", "--mechanical", "--sample", str(_MECHANICAL), "--seed", "ci", *jobs_arguments)
    if not isinstance(document, dict):
        return Outcome(failed=1, why=f"`uvspec mutate --mechanical` exited with {code} and no results")
    survived = document["survived"]
    for mutant in survived:
        _note(folder, [f"{mutant['id']}: {mutant['was']}", f"  became {mutant['becomes']}"])
    red = len(survived) if document["totals"]["rate"] < _FLOOR else 0
    why = f"mechanical ones not noticed: {', '.join(m['id'] for m in survived)}" if survived else ""
    return Outcome(document["totals"]["killed"], red, 0, why)


def _soak(folder: Path, _jobs: int) -> Outcome:
    """The trials: in full without sanitizers, where system calls are counted, in short with them."""
    total, why = Outcome(), []
    for toolchain, scale in (("gcc", "1"), ("clang_asan", "0.2"), ("clang_tsan", "0.1")):
        reason = build.why_unusable(toolchain)
        if reason:
            total.skipped += 1
            why.append(reason)
            continue
        code, document = _json_of(folder, "soak", "--toolchain", toolchain, "--scale", scale)
        if not isinstance(document, dict):
            return Outcome(failed=1, why=f"`uvspec soak` exited with {code} and no results")
        red = [t for t in document["trials"] if t["red"]]
        total.passed += len(document["trials"]) - len(red)
        total.failed += len(red)
        why += [f"{t['name']} with {toolchain}" for t in red]
        _note(folder, [f"{t['name']} with {toolchain}: {t['failed'] or 'too many system calls'}" for t in red])
        why += sorted({t["why_not_counted"] for t in document["trials"] if t["why_not_counted"]})
    total.why = "; ".join(why)
    return total


def _guide(folder: Path, _jobs: int) -> Outcome:
    """The guide's programs on the reference; with sanitizers too, since they are programs as users write them."""
    total, why = Outcome(), []
    for toolchain in ("gcc", "clang_asan", "clang_tsan"):
        reason = build.why_unusable(toolchain)
        if reason:
            total.skipped += 1
            why.append(reason)
            continue
        code, document = _json_of(folder, "guide", "--toolchain", toolchain)
        if not isinstance(document, dict):
            return Outcome(failed=1, why=f"`uvspec guide` exited with {code} and no results")
        for entry in document["programs"]:
            red = entry["status"] in ("fail", "hang")
            total.passed += entry["status"] == "pass"
            total.failed += red
            total.skipped += entry["status"] in ("unsupported", "skipped")
            if red:
                why.append(f"{entry['name']} with {toolchain}")
                _note(folder, [f"{entry['name']} with {toolchain}: {entry['why']}"])
            elif entry["status"] == "skipped":
                why.append(f"{entry['name']}: {entry['why']}")
    total.why = "; ".join(dict.fromkeys(why))
    return total


def _clients(folder: Path, jobs: int) -> Outcome:
    """Real programs on the reference and on the distribution's library, side by side."""
    jobs_arguments = ("--jobs", str(jobs)) if jobs else ()
    code, document = _json_of(folder, "clients", *jobs_arguments)
    if not isinstance(document, dict):
        return Outcome(failed=1, why=f"`uvspec clients` exited with {code} and no results")
    return ran_clients(document, code, partial(_note, folder))


def ran_clients(document: dict[str, Any], code: int, note: Callable[[list[str]], None]) -> Outcome:
    """The result of `uvspec clients` as one lane's count."""
    totals = document["totals"]
    red = [f"{c['name']}/{i['name']}: {i['verdict']}: {i['why']}"
           for c in document["clients"] for i in c["items"] if i["verdict"] != "ok"]
    note(red)
    why = red[:3] + [f"{c['name']}: {c['skipped']}" for c in document["clients"] if c["skipped"]][:1]
    outcome = Outcome(totals["ok"], totals["red"], totals["skipped"], "; ".join(why))
    if code not in (OK, CANNOT_RUN) and not outcome.failed:
        outcome.failed, outcome.why = 1, f"`uvspec clients` exited with {code}"
    return outcome


LANES = (
    Lane("lint", "the specification is well-formed", _lint, quick=True),
    Lane("gen", "generated files that are checked in are up to date", _generated, quick=True),
    Lane("fmt", "C, GN and YAML are laid out", _layout, quick=True),
    Lane("pages", "the reference pages can be made, and their links lead somewhere", _pages, quick=True),
    Lane("mypy", "the tools' types agree", _mypy, quick=True),
    Lane("python", "tests of the tools, the headers, the ABI, the build", _pytest, quick=True),
    Lane("gcc", "the suite against the reference", partial(_suite, "gcc"), quick=True),
    Lane("clang", "the same, with clang", partial(_suite, "clang")),
    Lane("clang_asan", "the same, with AddressSanitizer and UBSan", partial(_suite, "clang_asan")),
    Lane("clang_tsan", "the same, with ThreadSanitizer", partial(_suite, "clang_tsan")),
    Lane("gcc_asan", "the same, with gcc's AddressSanitizer and UBSan", partial(_suite, "gcc_asan"), default=False),
    Lane("gcc_tsan", "the same, with gcc's ThreadSanitizer", partial(_suite, "gcc_tsan"), default=False),
    Lane("system", "the suite against the installed libuv, with its expectations", _system),
    Lane("source", "the suite compiled against the reference's own headers", _source),
    Lane("soak", "large amounts, nothing lost or leaked; system calls an operation", _soak),
    Lane("guide", "small real programs do what they should", _guide),
    Lane("clients", "CMake, Node.js, Neovim, BIND, uvloop and luv run on the reference", _clients),
    Lane("mutation", "seeded bugs are noticed", _mutation),
)


# ------------------------------------------------------------------------------------ running them


def main(args: argparse.Namespace) -> int:
    """`uvspec test`."""
    chosen = choose(args.lanes, args.quick, args.all)
    if args.list:
        return _list(args.format)
    folder = paths.out_dir() / "test"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotRun(f"cannot write to {folder}: {error.strerror}") from error
    # Ended from outside, it ends what it started, as with Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    done = []
    for number, lane in enumerate(chosen, 1):
        done.append(_run(lane, folder, args.jobs, f"{number} of {len(chosen)}"))
        if args.format == "text":
            _tell(done[-1])
    return _total(done, args.format)


def choose(names: list[str], quick: bool, everything: bool) -> list[Lane]:
    """The lanes to run, in their order."""
    known = {lane.name: lane for lane in LANES}
    unknown = [n for n in names if n not in known]
    if unknown:
        raise UsageError(f"no lane `{unknown[0]}`; there are: {', '.join(known)}")
    if names:
        return [lane for lane in LANES if lane.name in names]
    return [lane for lane in LANES if everything or (lane.quick if quick else lane.default)]


def _run(lane: Lane, folder: Path, jobs: int, progress: str) -> Finished:
    base = folder / lane.name
    base.with_suffix(".log").write_text("")
    live = Live()
    live.update(f"lane {progress}: {lane.name}: {lane.what} …")
    started = time.monotonic()
    try:
        outcome = lane.run(base, jobs)
    finally:
        live.clear()
    return Finished(lane, outcome, time.monotonic() - started, base.with_suffix(".log"))


def _tell(finished: Finished) -> None:
    """One line a lane; the end of the log where it failed, so that a CI log tells the story alone."""
    o = finished.outcome
    word = "FAIL" if o.failed else "ok" if o.passed else "skip"
    counts = f"{o.passed:5} passed {o.failed:3} failed {o.skipped:3} skipped"
    why = f"  ({o.why})" if o.why else ""
    print(f"{word:4} {finished.lane.name:11}{counts} {finished.seconds:7.1f} s{why}", flush=True)
    if o.failed:
        lines = finished.log.read_text(encoding="utf-8", errors="replace").splitlines()
        print("\n".join(f"     | {line[:200]}" for line in lines[-40:]))
        print(f"     all of it: {finished.log}", flush=True)


def _total(done: list[Finished], form: str) -> int:
    passed = sum(f.outcome.passed for f in done)
    failed = sum(f.outcome.failed for f in done)
    skipped = sum(f.outcome.skipped for f in done)
    if form == "json":
        document = {
            "passed": passed, "failed": failed, "skipped": skipped,
            "lanes": [{"lane": f.lane.name, "seconds": round(f.seconds, 1), **vars(f.outcome)} for f in done],
        }
        json.dump(document, sys.stdout, indent=2)
        print()
    else:
        print(f"\n{passed} passed, {failed} failed, {skipped} skipped", flush=True)
    if failed:
        say(f"uvspec test: logs are in {paths.out_dir() / 'test'}")
    return RED if failed or not passed else OK


def _list(form: str) -> int:
    if form == "json":
        json.dump([{"lane": x.name, "what": x.what, "quick": x.quick, "default": x.default} for x in LANES],
                  sys.stdout, indent=2)
        print()
    else:
        for lane in LANES:
            when = "quick" if lane.quick else "default" if lane.default else "--all"
            print(f"{lane.name:11} {when:8} {lane.what}")
    return OK
