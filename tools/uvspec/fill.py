"""Rules' placeholders: words in braces become what a rule is expanded for, `{given}` a list of steps."""

from __future__ import annotations

import copy
import re

from .model import Scenario, Step


def fill_bodies(s: Scenario, words: dict[str, str], lists: dict[str, list[Step]]) -> None:
    """Puts words, and lists of steps, in place of what stands in braces."""
    s.steps = _fill_steps(s.steps, words, lists)
    for body in s.callbacks.values():
        body.each = _fill_steps(body.each, words, lists)
        body.nth = {n: _fill_steps(steps, words, lists) for n, steps in body.nth.items()}
    for group in s.threads.values():
        group.do, group.last = _fill_steps(group.do, words, lists), _fill_steps(group.last, words, lists)
    s.signals = {name: _fill_steps(steps, words, lists) for name, steps in s.signals.items()}


def _fill_steps(steps: list[Step], words: dict[str, str], lists: dict[str, list[Step]]) -> list[Step]:
    out: list[Step] = []
    for step in steps:
        if step.text[1:-1] in lists and step.text[:1] == "{":
            out += copy.deepcopy(lists[step.text[1:-1]])
            continue
        if step.text == "{reach}":
            continue
        step.text, step.cond, step.c = fill(step.text, words), fill(step.cond, words), fill(step.c, words)
        step.whilst = fill(step.whilst, words)
        step.do, step.orelse = _fill_steps(step.do, words, lists), _fill_steps(step.orelse, words, lists)
        if step.fork is not None:
            step.fork = _fill_steps(step.fork, words, lists)
        if step.aborts is not None:
            step.aborts = _fill_steps(step.aborts, words, lists)
        if step.text or step.trace is not None or step.do or step.fork or step.aborts or step.c:
            out.append(step)  # a step that `{stop}` left empty is dropped
    return out


def fill(text: str, words: dict[str, str]) -> str:
    """The text with its words put in place; `${name}` is left to raw C."""
    return re.sub(r"(?<!\$)\{([a-z]+)\}", lambda m: words.get(m[1], m[0]), text)
