"""One item on one library: the environment, the command, what came of it."""

from __future__ import annotations

import secrets
import shutil
import signal
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from . import loaded, processes
from .definitions import Client, Item
from .fetch import NotThere, Root, system_path

OK, FAILED, HUNG, CRASHED, WRONG_LIBRARY, LEFT_BEHIND = "ok", "failed", "hung", "crashed", "wrong library", "left behind"


@dataclass
class Ran:
    """What an item did on a library. `said` is its standard output, `why` one line about a failure."""

    status: str
    seconds: float
    said: list[str]
    why: str = ""
    err: Path = field(default_factory=Path)


@dataclass(frozen=True)
class Place:
    """Where a client runs: its root, and folders of libraries to look into before the root's."""

    client: Client
    root: Root
    first: tuple[Path, ...] = ()


def run_item(place: Place, item: Item, library: Path, logs: Path) -> Ran:
    """Runs it in a new folder, which is gone afterwards; its output stays in `logs`."""
    logs.mkdir(parents=True, exist_ok=True)
    for old in logs.glob("ld.*"):
        old.unlink()
    work = Path(tempfile.mkdtemp(prefix="uvc-"))  # short: paths of sockets have to fit into 108 bytes
    try:
        link = work / "lib" / "libuv.so.1"
        link.parent.mkdir()
        link.symlink_to(library)
        (work / "work").mkdir()
        environment = _environment(place, work, logs)
        argv = [_fill(argument, place, work) for argument in item.run]
        program = place.root.program(argv[0]) if "/" not in argv[0] else Path(argv[0])
        if program is None:
            raise NotThere(f"there is no program `{argv[0]}`, neither fetched nor installed")
        ended = processes.run([str(program), *argv[1:]], environment, work / "work", logs / "out", logs / "err",
                              item.watchdog_s)
        ran = _judge(item, ended, library, logs)
        ran.said = [line.replace(str(work), "FOLDER") for line in ran.said]  # it has another name each time
        return ran
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _judge(item: Item, ended: processes.Ended, library: Path, logs: Path) -> Ran:
    said = (logs / "out").read_text(encoding="utf-8", errors="replace").splitlines()
    ran = Ran(OK, ended.seconds, said, err=logs / "err")
    found = loaded.read_logs(logs, library)
    problem = found.problem(item.programs)
    if ended.hung:
        ran.status, ran.why = HUNG, f"no end after {item.watchdog_s:g} s"
    elif ended.code < 0:
        ran.status, ran.why = CRASHED, signal.Signals(-ended.code).name
    elif ended.code != 0:
        ran.status, ran.why = FAILED, _complaint(logs / "err") or f"exit status {ended.code}"
    elif ended.left:
        ran.status, ran.why = LEFT_BEHIND, f"still running: {', '.join(ended.left)}"
    # A program that cannot start did not load anything; that it failed says more.
    if problem and (found.wrong or ran.status == OK):
        ran.status, ran.why = WRONG_LIBRARY, problem
    if ran.status != WRONG_LIBRARY:
        for log in logs.glob("ld.*"):
            log.unlink()
    return ran


def _complaint(err: Path) -> str:
    """The line of standard error that most likely says what went wrong."""
    lines = [line.strip() for line in err.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    for sign in ("undefined symbol", "rror"):
        telling = [line for line in lines if sign in line]
        if telling:
            return telling[0][:200]
    return (lines or [""])[0][:200]


def _environment(place: Place, work: Path, logs: Path) -> dict[str, str]:
    root = place.root
    libraries = [work / "lib", *place.first, *(root.library_folders() if root.path != Path("/") else [])]
    programs = [str(f) for f in root.program_folders()] if root.path != Path("/") else []
    environment = {
        "PATH": ":".join([*programs, system_path()]),
        "LD_LIBRARY_PATH": ":".join(map(str, libraries)),
        "HOME": str(work / "work"),
        "TMPDIR": str(work / "work"),
        "LC_ALL": "C.UTF-8",
        "TERM": "xterm",
        processes.MARK: secrets.token_hex(8),
        **loaded.environment(logs),
    }
    for name, value in place.client.environment.items():
        environment[name] = _fill(value, place, work)
    return environment


def _fill(text: str, place: Place, work: Path) -> str:
    """Fills in {root}, {libs} (of the root), {here} (the client's folder) and {work}."""
    folders = place.root.library_folders()
    for name, path in (("root", place.root.path), ("libs", folders[0] if folders else place.root.path),
                       ("here", place.client.folder), ("work", work / "work")):
        text = text.replace("{" + name + "}", str(path))
    return text
