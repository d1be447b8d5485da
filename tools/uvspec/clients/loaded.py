"""Which libuv each process of a run mapped, told by the dynamic loader itself.

With LD_DEBUG=libs and LD_DEBUG_OUTPUT=FILE the loader writes FILE.PID for every process: the program, and
each library that it initialises, by path. A client that runs on another library than the one it was given
(a launcher that changes the search path, a copy linked in) would make the comparison worthless.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

_PROGRAM = re.compile(r"initialize program: (.*)$", re.MULTILINE)
_LIBUV = re.compile(r"calling init: (\S*/libuv\.so\S*)", re.MULTILINE)


@dataclass
class Loaded:
    """`right`: the programs that mapped the library under test; `wrong`: program → another one's path."""

    right: set[str] = field(default_factory=set)
    wrong: dict[str, str] = field(default_factory=dict)
    processes: int = 0

    def problem(self, programs: tuple[str, ...]) -> str:
        """Why the run says nothing about the library, or ""."""
        for program, path in sorted(self.wrong.items()):
            return f"{program} loaded {path}"
        for program in programs:
            if program not in self.right:
                return f"{program} did not load the library"
        return ""


def environment(logs: Path) -> dict[str, str]:
    """What makes the loader write its logs to that folder."""
    return {"LD_DEBUG": "libs", "LD_DEBUG_OUTPUT": str(logs / "ld")}


def read_logs(logs: Path, library: Path) -> Loaded:
    """What the logs say about a run with that library."""
    result = Loaded()
    wanted = library.resolve()
    for log in sorted(logs.glob("ld.*")):
        text = log.read_text(encoding="utf-8", errors="replace")
        programs = _PROGRAM.findall(text)
        program = Path(programs[-1].strip()).name if programs else "a program that did not start"
        paths = _LIBUV.findall(text)
        result.processes += bool(paths)
        for path in paths:
            if Path(path).resolve() == wanted:
                result.right.add(program)
            else:
                result.wrong[program] = path
    return result
