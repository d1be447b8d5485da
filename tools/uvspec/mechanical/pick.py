"""The changes as mutants with names; which of them are meant; a sample that is the same every time."""

from __future__ import annotations

import bisect
import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .. import paths
from ..exits import UsageError
from .operators import Change, apply, changes, families_of

_ID = re.compile(r"X-(?P<file>[\w/]+\.c):(?P<line>\d+)-(?P<hash>[0-9a-f]+)")


@dataclass(frozen=True)
class Mutant:
    """One mechanical mutant. `key` is its ID without the line, which moves when others are added above."""

    id: str
    key: str
    file: str  # below impl/src
    line: int
    change: Change
    was: str  # the lines that change, stripped, and what becomes of them
    becomes: str

    @property
    def operator(self) -> str:
        return self.change.operator

    @property
    def function(self) -> str:
        return self.change.function

    @property
    def diff(self) -> str:
        return "\n".join([*(f"- {x}" for x in self.was.split("\n")), *(f"+ {x}" for x in self.becomes.split("\n"))])


def all_mutants(folder: Path | None = None) -> list[Mutant]:
    """Every mutant of every C file below impl/src, by file and place."""
    folder = folder or paths.IMPL / "src"
    sources = {str(p.relative_to(folder)): p.read_text(encoding="utf-8") for p in sorted(folder.rglob("*.c"))}
    families = families_of(list(sources.values()))
    return [m for file, source in sources.items() for m in mutants_of(file, source, families)]


def mutants_of(file: str, source: str, families: Mapping[str, Sequence[str]]) -> list[Mutant]:
    """Those of one file."""
    starts = [0] + [i + 1 for i, c in enumerate(source) if c == "\n"]
    seen: Counter[tuple[str, ...]] = Counter()
    marks: set[str] = set()
    out = []
    for change in changes(source, families):
        line = bisect.bisect_right(starts, change.start)
        was, becomes = _lines(source, change)
        texts = (change.operator, change.function, source[change.start:change.end], change.text, was)
        identity = tuple(" ".join(text.split()) for text in texts)
        seen[identity] += 1
        digest = hashlib.sha256("\0".join([*identity, str(seen[identity])]).encode()).hexdigest()
        mark = next(digest[i:i + 6] for i in range(0, len(digest), 6) if digest[i:i + 6] not in marks)
        marks.add(mark)
        out.append(Mutant(f"X-{file}:{line}-{mark}", f"X-{file}-{mark}", file, line, change, was, becomes))
    return out


def _lines(source: str, change: Change) -> tuple[str, str]:
    """The whole lines that a change touches, before and after, without indentation and blank lines."""
    begin = source.rfind("\n", 0, change.start) + 1
    end = source.find("\n", change.end)
    end = len(source) if end == -1 else end
    after = apply(source, change)
    texts = source[begin:end], after[begin:len(after) - (len(source) - end)]
    was, becomes = ["\n".join(x.strip() for x in t.split("\n") if x.strip()) for t in texts]
    return was, becomes


def key_of(id_: str) -> str:
    """An ID without its line. Raises ValueError."""
    match = _ID.fullmatch(id_)
    if not match:
        raise ValueError(f"{id_} is no mechanical mutant's name: X-FILE.c:LINE-HASH")
    return f"X-{match['file']}-{match['hash']}"


def meant(every: list[Mutant], words: list[str]) -> list[Mutant]:
    """Those that the words name: IDs, files (or folders) of impl/src, functions."""
    chosen = set()
    for word in words:
        ids = {i for i, m in enumerate(every) if _means(word, m)}
        if not ids:
            raise UsageError(f"no mechanical mutant of `{word}`; give a file below impl/src, a function in one, or an ID")
        chosen |= ids
    return [m for i, m in enumerate(every) if not words or i in chosen]


def _means(word: str, m: Mutant) -> bool:
    if word.startswith("X-"):
        try:
            return key_of(word) == m.key
        except ValueError:
            return m.id.startswith(word)
    path = word.removeprefix("impl/src/").rstrip("/")
    return m.function == word or m.file == path or m.file.startswith(path + "/") or m.file.rpartition("/")[2] == path


def sample(mutants: list[Mutant], count: int, seed: str) -> list[Mutant]:
    """`count` of them, from all files in proportion; a larger sample with the same seed holds the smaller one."""
    files: dict[str, list[Mutant]] = {}
    for m in sorted(mutants, key=lambda m: hashlib.sha256(f"{seed}\0{m.key}".encode()).digest()):
        files.setdefault(m.file, []).append(m)
    ranked = []
    for file, own in files.items():
        shift = int.from_bytes(hashlib.sha256(f"{seed}\0{file}".encode()).digest()[:4], "big") / 2**32
        ranked += [((rank + shift) / len(own), m.id, m) for rank, m in enumerate(own)]
    return [m for _, _, m in sorted(ranked, key=lambda r: r[:2])[:count]]
