"""The command line: finds the command, makes sure its tools are there, runs it, maps ends to exit codes.

A command is a module in `commands/` with HELP (one line), DESCRIPTION, EXAMPLES, `add_arguments(parser)`
and `run(args) -> int`. Standard library only here: this starts before anything is installed.
"""

from __future__ import annotations

import argparse
import errno
import importlib
import os
import sys
import tempfile
import traceback
from pathlib import Path
from types import ModuleType

from . import __version__, deps, paths
from .console import say
from .exits import CANNOT_RUN, INTERRUPTED, RED, USAGE, Stop

# In the order of `--help`: what a newcomer wants first.
COMMANDS = (
    "check",
    "report",
    "compare",
    "list",
    "show",
    "pages",
    "trace",
    "repro",
    "build",
    "install",
    "setup",
    "lint",
    "fmt",
    "gen",
    "stats",
    "test",
    "clients",
    "mutate",
    "coverage",
    "soak",
    "guide",
)

_DESCRIPTION = """\
A machine-readable specification of libuv 1.x, the conformance tests generated from it, and a reference
implementation to link. Start with:

  ./uvspec check                       test the reference in this tree
  ./uvspec check --lib ./libmine.so    test yours
  ./uvspec show uv_timer_start         read what a function has to do
"""

_EXIT_CODES = """\
exit codes: 0 all well, 1 something checked does not hold, 2 wrong usage or input, 3 could not run,
130 interrupted. Results go to standard output, everything else to standard error.
"""


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Keeps our line breaks and a steady width."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28, width=100)


def make_parser(modules: dict[str, ModuleType]) -> argparse.ArgumentParser:
    """The parser with every command in it."""
    parser = argparse.ArgumentParser(
        prog="uvspec",
        description=_DESCRIPTION,
        epilog="`uvspec COMMAND --help` explains one with examples.\n\n" + _EXIT_CODES,
        formatter_class=_Formatter,
    )
    parser.add_argument("--version", action="version", version=f"uvspec {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, module in modules.items():
        command = commands.add_parser(
            name,
            help=module.HELP,
            description=module.DESCRIPTION,
            epilog="examples:\n" + module.EXAMPLES.rstrip() + "\n\n" + _EXIT_CODES,
            formatter_class=_Formatter,
        )
        module.add_arguments(command)
        command.set_defaults(command_module=module)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    modules = {name: importlib.import_module(f".commands.{name}", __package__) for name in COMMANDS}
    parser = make_parser(modules)
    args = parser.parse_args(arguments)
    if args.command is None:
        parser.print_help(sys.stderr)
        return USAGE
    try:
        if args.command != "setup" and deps.ensure(args.command):
            _start_anew(arguments)
        code = int(args.command_module.run(args))
        sys.stdout.flush()
        return code
    except Stop as stop:
        say(f"uvspec: {stop}")
        return stop.code
    except KeyboardInterrupt:
        say("uvspec: interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader went away (`uvspec list | head`): nothing to complain about.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return RED
    except Exception as error:
        return _unexpected(error)


def _start_anew(arguments: list[str]) -> None:
    """After an installation the launcher may find a better Python. Once, so that it cannot go round."""
    if os.environ.get("UVSPEC_STARTED_ANEW"):
        return
    os.environ["UVSPEC_STARTED_ANEW"] = "1"
    launcher = str(paths.ROOT / "uvspec")
    os.execv(launcher, [launcher, *arguments])


def _unexpected(error: Exception) -> int:
    """One line for what nobody foresaw, and the whole story in a file."""
    if isinstance(error, ModuleNotFoundError) and (error.name or "").split(".")[0] != "uvspec":
        say(f"uvspec: this Python ({sys.executable}) has no module `{error.name}`; run `./uvspec setup`")
        return CANNOT_RUN
    # The specification's own problems carry file, line and ID. Compared by name: importing the class
    # would need what may be missing here.
    if type(error).__name__ == "SpecError":
        say(str(error))
        say(f"uvspec: {len(getattr(error, 'problems', [0]))} problem(s) in the specification")
        return RED
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        say(f"uvspec: the disk is full ({error.filename or 'while writing'}); free some space and try again")
        return CANNOT_RUN
    if isinstance(error, PermissionError):
        say(f"uvspec: not allowed: {error.filename}: {error.strerror}")
        return CANNOT_RUN
    where = _keep_traceback(error)
    say(f"uvspec: unexpected {type(error).__name__}: {error}\n  This is a bug in uvspec; {where}")
    return CANNOT_RUN


def _keep_traceback(error: Exception) -> str:
    """Writes the traceback into the build folder, or a temporary file; says where."""
    text = f"uvspec {' '.join(sys.argv[1:])}\n\n" + "".join(traceback.format_exception(error))
    for folder in (paths.out_dir(), Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / "uvspec-error.txt"
            path.write_text(text, encoding="utf-8")
            return f"the traceback is in {path}"
        except OSError:
            continue
    return text
