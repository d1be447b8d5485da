"""Which tests to run: by name, clause, module, glob or prefix; and which apply to an API level."""

from __future__ import annotations

import difflib
from fnmatch import fnmatchcase

from ..exits import UsageError
from .manifest import Manifest, ProfileInfo, Test


def select(manifest: Manifest, wanted: list[str]) -> list[Test]:
    """The tests that any of the words names, in the suite's order; all for no words."""
    tests = list(manifest.tests.values())
    if not wanted:
        return tests
    chosen: set[str] = set()
    for word in wanted:
        names = {t.name for t in tests if matches(word, t)}
        if not names:
            raise UsageError(_nothing(manifest, word))
        chosen |= names
    return [t for t in tests if t.name in chosen]


def matches(word: str, test: Test) -> bool:
    """Whether a word given by the user means this test."""
    names = (test.name, test.module, *test.clauses)
    if any(c in word for c in "*?["):
        return any(fnmatchcase(n, word) for n in names)
    if word in names:
        return True
    # A prefix counts up to a boundary: UV-TIMER, but not UV-TIMER-003 for UV-TIMER-0030.
    return any(n.startswith(word) and n[len(word)] in "-." for n in (test.name, *test.clauses) if len(n) > len(word))


def _nothing(manifest: Manifest, word: str) -> str:
    clause = manifest.clauses.get(word)
    if clause:
        return f"no test shows {word}" + (f": {clause.untested}" if clause.untested else "")
    known = [*manifest.clauses, *manifest.tests, *manifest.modules]
    near = difflib.get_close_matches(word, known, n=3)
    hint = f"; near it: {', '.join(near)}" if near else f"; modules: {', '.join(manifest.modules)}"
    return f"no test, clause or module matches `{word}`{hint}"


def version(text: str) -> tuple[int, ...]:
    """`1.44` and `1.44.2` as numbers."""
    try:
        return tuple(int(p) for p in text.split("."))
    except ValueError:
        raise UsageError(f"`{text}` is no version; write it like 1.44 or 1.44.2") from None


def find_profile(manifest: Manifest, name: str) -> ProfileInfo | None:
    """The profile of this name; None for no name, which claims nothing and is asked for everything."""
    if name and name not in manifest.profiles:
        raise UsageError(f"no profile `{name}`; there are: {', '.join(manifest.profiles)}")
    return manifest.profiles.get(name)


def why_not_applicable(test: Test, level: str, profile: ProfileInfo | None = None) -> str:
    """Why a test says nothing about a library of this API level, or one that claims no more than this
    profile; or "". `until` names the last level."""
    at = version(level)
    if test.since and at < version(test.since)[: len(at)]:
        return f"since {test.since}; the library is held to API level {level}"
    if test.until and at > version(test.until)[: len(at)]:
        return f"until {test.until}; the library is held to API level {level}"
    beyond = [] if profile is None else [s for s in test.symbols if s not in profile.functions]
    if profile and beyond:
        return f"profile {profile.name} does not claim {', '.join(beyond)}"
    return ""
