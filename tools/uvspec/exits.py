"""Exit codes, and the exceptions that end a command with one of them and one clear message."""

from __future__ import annotations

OK = 0
RED = 1  # something was checked and does not hold
USAGE = 2  # bad arguments or bad input
CANNOT_RUN = 3  # a tool, a file or the system is not as needed
INTERRUPTED = 130


class Stop(Exception):
    """Ends a command. The text says what is wrong and what to do; the user sees no traceback."""

    code = RED


class UsageError(Stop):
    """The arguments or a file given by the user cannot be used."""

    code = USAGE


class CannotRun(Stop):
    """The command could not do its work: a missing tool, a full disk, a broken build folder."""

    code = CANNOT_RUN
