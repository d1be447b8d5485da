"""What the specification in this tree adds to results: how a test goes, why, decisions, documents, programs in C.

Results carry what was seen; this is for reading them. Where they come from another state of the
specification, only what still has the same digest is looked up.
"""

from __future__ import annotations

from typing import Any

from .. import trace
from ..ctypes_ import TypeTable
from ..describe import program, tests
from ..errors import SpecError
from ..gen.repro import scenario_repro
from ..gen.suite import profile_functions
from ..model import Spec
from ..registry import digests

REPROS_MAX = 400  # programs in C on one page; all others are named by their command
REPRO_TEXT_MAX = 1_200_000  # characters of them, what they share counted once


class Book:
    """The specification, looked at from a report."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.scenarios = tests(spec)

    def why(self, test: str) -> str:
        """What a wrong implementation would do."""
        scenario = self.scenarios.get(test)
        return scenario.why if scenario else ""

    def steps(self, test: str) -> list[str]:
        """The test as the specification writes it, with its handles first."""
        scenario = self.scenarios.get(test)
        if scenario is None:
            return []
        handles = ", ".join(f"{h.name}: {h.kind}" + (f" × {h.count}" if h.count > 1 else "") for h in scenario.handles)
        lines = [f"handles: {handles}"] if handles else []
        rest = program(scenario)
        return [*lines, *(rest if rest[0] else rest[1:])]

    def programs(self, names: list[str]) -> dict[str, list[str]]:
        """Test -> its program in C, in pieces, for as many as a page should hold."""
        table, out, known, size = TypeTable(self.spec), {}, set[str](), 0
        for name in names[:REPROS_MAX]:
            scenario = self.scenarios.get(name)
            if scenario is None:
                continue
            try:
                out[name] = pieces(scenario_repro(self.spec, table, scenario))
            except SpecError:
                continue  # `uvspec lint` tells
            size += sum(len(p) for p in out[name] if p not in known)
            known.update(out[name])
            if size > REPRO_TEXT_MAX:
                break
        return out

    def meanings(self) -> dict[str, str]:
        """Clause -> digest, to tell whether results are about what stands here."""
        return {i: digest for i, (_, digest) in digests(self.spec).items()}

    def decisions(self) -> dict[str, list[str]]:
        """ID -> title and text, without the heading that repeats both."""
        out = {}
        for d in self.spec.decisions.values():
            text = d.text.strip()
            out[d.id] = [d.title, text.partition("\n")[2].strip() if text.startswith("#") else text]
        return out

    def profiles(self) -> dict[str, tuple[str, set[str]]]:
        """Name -> summary, and the functions that it claims."""
        return {p.name: (p.summary, set(profile_functions(self.spec, p))) for p in self.spec.profiles.values()}

    def documents(self, verdicts: list[dict[str, str]], programs: dict[str, str]) -> list[dict[str, Any]]:
        """The source documents, item by item: what answers each, and what that comes to on each implementation.

        `programs` are the results of `uvspec guide`, which are about the first implementation only.
        """
        out = []
        for document in self.spec.traces.values():
            per = [trace.answers(self.spec, document, trace.Results(v, programs if i == 0 else {})) for i, v in enumerate(verdicts)]
            items = []
            for row in zip(*per):
                item = row[0].item
                items.append({
                    "item": item.item, "says": item.says, "states": [a.state for a in row], "clauses": item.clauses,
                    "outcomes": item.outcomes, "programs": item.programs, "decision": item.decision, "not_here": item.not_here,
                    "why": row[0].why,
                })
            out.append({"document": document.document, "title": document.title, "items": items})
        return out


def pieces(program: str) -> list[str]:
    """Cut at empty lines, since most of it is the same in all; joined by them it is the program again."""
    return program.split("\n\n")
