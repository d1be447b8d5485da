"""`uvspec soak`: reading what trials say, and judging system calls. No trial runs here."""

from __future__ import annotations

from pathlib import Path

import pytest

from uvspec import paths, soak
from uvspec.exits import UsageError

SAID = """\
{"phase": "an echo", "index": 1, "operations": 100}
noise from the library under test
{"phase": "a nap", "index": 2, "operations": 10}
{"figure": "echoes", "value": 100}
"""


def test_a_trial_that_is_done() -> None:
    trial = soak.read_trial("calls", 0, SAID + '{"done": true}\n', "")
    assert [(p.name, p.operations) for p in trial.phases] == [("an echo", 100), ("a nap", 10)]
    assert trial.figures == {"echoes": 100}
    assert not trial.red


@pytest.mark.parametrize(
    ("code", "out", "err", "says"),
    [
        (0, SAID, "", "ended with 0"),  # it did not say that it was done
        (3, SAID + '{"done": true}', "oops", "ended with 3\noops"),
        (-11, SAID, "", "died by signal 11"),
        (139, SAID, "", "died by signal 11"),  # as the counter of system calls passes it on
        (None, SAID, "", "hangs"),
        (1, '{"failed": "x == 1", "at": "soak/a.c:7"}', "", "soak/a.c:7: x == 1"),
    ],
)
def test_a_trial_that_is_not(code: int | None, out: str, err: str, says: str) -> None:
    trial = soak.read_trial("calls", code, out, err)
    assert trial.failed.startswith(says)
    assert trial.red


def test_a_system_that_lets_nobody_trace() -> None:
    trial = soak.read_trial("calls", soak.CANNOT_TRACE, "", "tracing is not allowed here: no")
    assert trial.why_not_counted == "tracing is not allowed here: no"
    assert not trial.failed


def test_budgets() -> None:
    trial = soak.read_trial("calls", 0, SAID + '{"done": true}\n', "")
    soak.add_counts(trial, "1 read 200\n1 write 201\n2 futex 5\n", {"an echo": 4.0, "a nap": 0.5})
    assert trial.phases[0].per_operation == 4.01
    assert trial.phases[0].too_many
    assert not trial.phases[1].too_many
    assert trial.red


def test_every_budget_is_of_a_phase_that_exists() -> None:
    sources = "".join(p.read_text() for p in (paths.ROOT / "conformance" / "soak").glob("*.c"))
    for name in soak.read_budgets(paths.ROOT / "ci" / "budgets.toml"):
        assert f'"{name}"' in sources, name


def test_a_broken_budget_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "budgets.toml"
    path.write_text('["an echo"]\nmost = "few"\n')
    with pytest.raises(UsageError, match="budgets.toml"):
        soak.read_budgets(path)


def test_there_are_trials() -> None:
    assert {"asyncs", "calls", "connections", "descriptors", "memory", "timers"} <= set(soak.names())
