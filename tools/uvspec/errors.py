"""Problems found in files, told the same way everywhere: `file:line: ID: what, and what to do`."""

from __future__ import annotations

from dataclasses import dataclass

from .model import At


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong at one place. `id` is the clause or function it is about, or ""."""

    at: At
    id: str
    what: str

    def __str__(self) -> str:
        about = f"{self.id}: " if self.id else ""
        return f"{self.at}: {about}{self.what}"


class SpecError(Exception):
    """The specification cannot be used; `problems` holds every reason found, sorted by place."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(p) for p in self.problems))
