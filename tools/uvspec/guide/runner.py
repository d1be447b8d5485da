"""`uvspec guide`: runs the programs of the guide on a library, and checks what they do."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from .. import build, deps, paths
from ..console import Live, say
from ..exits import OK, RED, CannotRun, UsageError
from ..run.elf import defined_symbols
from ..run.library import library_file
from ..write import write_atomically
from . import programs
from .stage import Failed, Hang, Skip, stage
from .trials import TRIALS

OPTIONAL = {"uvwget": "libcurl's headers"}  # program -> what it is not built without


@dataclass
class Verdict:
    """What became of one program."""

    name: str
    status: str  # pass | fail | hang | unsupported | skipped
    why: str = ""
    seconds: float = 0.0

    @property
    def red(self) -> bool:
        return self.status in ("fail", "hang")


def run(args: argparse.Namespace) -> int:
    """The command."""
    toolchain = build.known_toolchain(args.toolchain)
    reason = build.why_unusable(toolchain)
    if reason:
        raise CannotRun(f"cannot build with {toolchain}: {reason}; run `./uvspec setup`")
    known = programs.names(paths.ROOT)
    for name in args.programs:
        if name not in known:
            raise UsageError(f"no program `{name}`; there are: {', '.join(known)}")
    build.build([f"lib_{toolchain}", f"guide_{toolchain}"])
    library = library_file(args.lib, toolchain)
    verdicts = []
    for name in args.programs or known:
        verdicts.append(perform(name, paths.out_dir() / toolchain / "guide", library))
        if args.format == "text":
            _tell(verdicts[-1])
    document = {"library": str(library), "toolchain": toolchain, "programs": [asdict(v) for v in verdicts]}
    if not args.programs:
        write_atomically(paths.report_dir() / "guide.json", (json.dumps(document, indent=2) + "\n").encode())
    if args.format == "json":
        print(json.dumps(document, indent=2))
    red = sum(v.red for v in verdicts)
    passed = sum(v.status == "pass" for v in verdicts)
    say(f"uvspec guide: {library}: {len(verdicts)} programs, {passed} passed, {red} red")
    return RED if red or not passed else OK


def perform(name: str, folder: Path, library: Path) -> Verdict:
    """One program's trial."""
    if name in OPTIONAL and not deps.libcurl_headers():
        return Verdict(name, "skipped", f"{OPTIONAL[name]} are not installed")
    lacking = missing_functions(name, library)
    if lacking:
        return Verdict(name, "unsupported", f"the library has no {', '.join(lacking)}")
    live = Live()
    live.update(f"program {name} …")
    started = time.monotonic()
    status, why = "pass", ""
    try:
        with stage(name, folder, library) as on:
            TRIALS[name](on)
    except Skip as skip:
        status, why = "skipped", str(skip)
    except Failed as failure:
        status, why = "fail", str(failure)
    except (Hang, TimeoutError, subprocess.TimeoutExpired) as hang:
        status, why = "hang", str(hang)
    except (OSError, ValueError, IndexError, subprocess.SubprocessError) as error:
        status, why = "fail", f"{type(error).__name__}: {error}"  # a peer that went away, a line that is none
    finally:
        live.clear()
    return Verdict(name, status, why, round(time.monotonic() - started, 2))


def missing_functions(name: str, library: Path) -> list[str]:
    """The functions that a program's sources call and that the library does not define."""
    folder = paths.ROOT / "conformance" / "guide"
    sources = [*(folder / name).glob("*.c"), folder / "guide.c"]
    text = "".join(p.read_text(encoding="utf-8") for p in sources)
    called = set(re.findall(r"\b(uv_\w+)\(", text)) | set(re.findall(r"DO\((uv_\w+),", text))
    defined = defined_symbols(library)
    return sorted(called - defined) if defined is not None else []


def _tell(verdict: Verdict) -> None:
    """One line a program, and what is wrong with it."""
    word = {"pass": "ok", "fail": "FAIL", "hang": "HANG"}.get(verdict.status, verdict.status)
    print(f"{word:11} {verdict.name}" + (f"  ({verdict.why})" if verdict.why and not verdict.red else ""), flush=True)
    if verdict.red:
        for line in verdict.why.splitlines():
            print(f"     | {line}", flush=True)
