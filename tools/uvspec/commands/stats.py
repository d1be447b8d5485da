"""`uvspec stats`: how much is specified, how much of it is tested, and what is owed."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..model import Module, Spec, Step

HELP = "count clauses, tests and debts"
DESCRIPTION = """\
Counts what the specification holds and what it owes, for each module: clauses by level, those that a
test shows, tests by origin, `c:` steps, clauses without a test and the reasons.
"""
EXAMPLES = """\
  ./uvspec stats
  ./uvspec stats timer        also which clauses have no test, and why
  ./uvspec stats --format json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from .common import add_format

    parser.add_argument("modules", nargs="*", metavar="MODULE", help="only these modules")
    parser.add_argument("--all", action="store_true", help="also modules that have prototypes only")
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    from .common import load, print_json, print_table, unknown

    spec = load()
    for name in args.modules:
        if name not in spec.modules:
            raise unknown(name, spec.modules, "module")
    rows = [r for r in collect(spec) if not args.modules or r["module"] in args.modules]
    total = _sum(rows)
    if args.format == "json":
        print_json({"modules": rows, "total": total})
        return 0
    shown = [r for r in rows if r["complete"] or r["clauses"] or args.all or args.modules]
    print_table([h for h, _ in _COLUMNS], [[str(r[k]) for _, k in _COLUMNS] for r in [*shown, total]])
    left = len(rows) - len(shown)
    if left > 0:
        print(f"\n{left} more modules have prototypes and ABI only (--all shows them).")
    debts = [(i, why) for r in rows for i, why in sorted(r["untested"].items())]
    if debts and args.modules:
        print("\nclauses without a test:")
        for clause, why in debts:
            print(f"  {clause}  {why or 'no scenario shows it'}")
    return 0


_COLUMNS = (("module", "module"), ("functions", "functions"), ("clauses", "clauses"), ("must", "must"),
            ("may", "may"), ("unspecified", "unspecified"), ("caller", "caller"), ("shown", "shown"),
            ("tests", "tests"), ("written", "scenario"), ("rows", "row"), ("rules", "rule"),
            ("c: steps", "c_steps"))


def collect(spec: Spec) -> list[dict[str, Any]]:
    """One row of numbers a module."""
    from ..expand import all_scenarios

    scenarios = all_scenarios(spec)
    shown = {i for s in scenarios for i in s.shows}
    rows = []
    for module in spec.modules.values():
        own = [s for s in scenarios if s.module == module.name]
        row = _clauses(module, shown)
        row |= {"tests": len(own)}
        row |= {origin: sum(s.origin == origin for s in own) for origin in ("scenario", "row", "rule")}
        row["c_steps"] = sum(_c_steps(s.steps) for s in module.scenarios)
        rows.append(row)
    return rows


def _clauses(module: Module, shown: set[str]) -> dict[str, Any]:
    clauses = list(module.clauses.values())
    binding = [c for c in clauses if c.binds.value == "implementation"]
    row: dict[str, Any] = {"module": module.name, "complete": module.complete, "functions": len(module.functions),
                           "clauses": len(clauses), "caller": len(clauses) - len(binding)}
    for level in ("must", "may", "unspecified"):
        row[level] = sum(c.level.value == level for c in binding)
    row["shown"] = sum(c.id in shown for c in clauses)
    row["untested"] = {c.id: c.untested for c in clauses if c.id not in shown}
    return row


def _c_steps(steps: list[Step]) -> int:
    return sum(bool(s.c) + _c_steps(s.do) + _c_steps(s.fork or []) + _c_steps(s.aborts or []) for s in steps)


def _sum(rows: list[dict[str, Any]]) -> dict[str, Any]:
    total: dict[str, Any] = {"module": "total"}
    for key in rows[0] if rows else ():
        if isinstance(rows[0][key], int) and not isinstance(rows[0][key], bool):
            total[key] = sum(r[key] for r in rows)
    return total
