"""`uvspec list`: modules, functions, clauses, scenarios, tests or profiles, filtered."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..model import Spec

HELP = "list modules, functions, clauses, scenarios, tests or profiles"
DESCRIPTION = """\
Lists what the specification holds. Filters narrow it; `show` tells all about one entry.
"""
EXAMPLES = """\
  ./uvspec list                            the modules
  ./uvspec list clauses timer              what timers promise
  ./uvspec list clauses --level unspecified --grep close
  ./uvspec list profiles                   subsets for `check --profile`
  ./uvspec list tests --format json        for a program
"""
KINDS = ("modules", "functions", "clauses", "scenarios", "tests", "profiles")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from .common import add_format

    parser.add_argument("kind", nargs="?", choices=KINDS, default="modules", help="what to list (default: modules)")
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="only of these modules")
    parser.add_argument("--level", choices=("must", "may", "unspecified"), default="",
                        help="only clauses, or tests of clauses, that bind like this")
    parser.add_argument("--binds", choices=("implementation", "caller"), default="",
                        help="only clauses that bind this side")
    parser.add_argument("--grep", "-g", metavar="REGEX", default="", help="only where the text matches")
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    from ..console import say
    from .common import load, matches, print_json, print_table, unknown

    spec = load()
    for name in args.modules:
        if name not in spec.modules:
            raise unknown(name, spec.modules, "module")
    entries = _ENTRIES[args.kind](spec)
    if args.modules:
        entries = [e for e in entries if e.get("module") in args.modules]
    for filter_name in ("level", "binds"):
        wanted = getattr(args, filter_name)
        if wanted:
            entries = [e for e in entries if e.get(filter_name) == wanted]
    if args.grep:
        entries = [e for e in entries if matches(args.grep, *map(str, e.values()))]
    if args.format == "json":
        print_json(entries)
    else:
        heads = _COLUMNS[args.kind]
        print_table(heads, [[_cell(e[h]) for h in heads] for e in entries])
        say(f"{len(entries)} {args.kind}")
    return 0


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(value) if isinstance(value, list) else str(value)


def _modules(spec: Spec) -> list[dict[str, Any]]:
    return [{"module": m.name, "complete": m.complete, "functions": len(m.functions), "clauses": len(m.clauses),
             "scenarios": len(m.scenarios), "rules": len(m.rules), "summary": m.summary, "at": str(m.at)}
            for m in spec.modules.values()]


def _functions(spec: Spec) -> list[dict[str, Any]]:
    return [{"function": f.name, "module": f.module, "since": f.since, "thread": f.thread,
             "rows": len(f.outcomes), "summary": f.summary, "at": str(f.at)} for f in spec.functions.values()]


def _clauses(spec: Spec) -> list[dict[str, Any]]:
    return [{"id": c.id, "module": c.module, "level": c.level.value, "binds": c.binds.value, "rev": c.rev,
             "since": c.since, "text": c.text, "at": str(c.at)} for c in spec.clauses.values()]


def _scenarios(spec: Spec) -> list[dict[str, Any]]:
    return [{"scenario": s.name, "module": s.module, "shows": s.shows, "at": str(s.at)}
            for m in spec.modules.values() for s in m.scenarios]


def _tests(spec: Spec) -> list[dict[str, Any]]:
    from ..gen.suite import tests_of

    clauses = spec.clauses
    tests, _ = tests_of(spec)
    entries = []
    for test in tests:
        levels = [clauses[i].level.value for i in test.scenario.shows if i in clauses]
        level = next((x for x in ("unspecified", "may") if x in levels), "must")
        entries.append({"test": test.name, "module": test.scenario.module, "level": level,
                        "origin": test.scenario.origin, "shows": test.scenario.shows,
                        "scenario": test.scenario.name, "at": str(test.scenario.at)})
    return entries


def _profiles(spec: Spec) -> list[dict[str, Any]]:
    from ..gen.suite import profile_functions

    return [{"profile": p.name, "functions": len(profile_functions(spec, p)), "summary": p.summary, "at": str(p.at)}
            for p in spec.profiles.values()]


_ENTRIES = {"modules": _modules, "functions": _functions, "clauses": _clauses, "scenarios": _scenarios,
            "tests": _tests, "profiles": _profiles}
_COLUMNS = {
    "modules": ("module", "complete", "functions", "clauses", "scenarios", "rules", "summary"),
    "functions": ("function", "module", "since", "thread", "rows", "summary"),
    "clauses": ("id", "level", "binds", "text"),
    "scenarios": ("module", "shows", "scenario"),
    "profiles": ("profile", "functions", "summary"),
    "tests": ("test", "module", "level", "origin", "scenario"),
}
