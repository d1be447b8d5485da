"""A suite built with a sanitizer: its findings are red rows, and it finds nothing in the harness."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_support import TINY, build_suite, list_tests

from uvspec.run.results import Raw
from uvspec.run.suite import run_all

EXPECTED = {
    "address,undefined": {
        "good": ("pass", ""),
        "use-after-free": ("crash", "SUMMARY: AddressSanitizer: heap-use-after-free"),
        "leak": ("crash", "SUMMARY: AddressSanitizer: 123 byte(s) leaked in 1 allocation(s)."),
        "leak-after-failure": ("fail", ""),
        "overflow": ("crash", "runtime error: signed integer overflow"),
        "race": ("pass", ""),
    },
    "thread": {
        "good": ("pass", ""),
        "use-after-free": ("crash", "SUMMARY: ThreadSanitizer: heap-use-after-free"),
        "leak": ("pass", ""),
        "leak-after-failure": ("fail", ""),
        "overflow": ("pass", ""),
        "race": ("crash", "SUMMARY: ThreadSanitizer: data race"),
    },
}


@pytest.fixture(scope="module", params=EXPECTED)
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, library: str) -> tuple[str, dict[str, Raw]]:
    kind: str = request.param
    out = tmp_path_factory.mktemp("sanitized") / "suite"
    flags = [f"-fsanitize={kind}", "-fno-sanitize-recover=all", "-Wno-use-after-free"]
    suite = build_suite(out, TINY / "sanitized.c", *flags)
    outcome = run_all(suite, library, list_tests(suite), 1, 20_000, lambda raw: False)
    return kind, {name: raws[0] for name, raws in outcome.raws.items()}


@pytest.mark.parametrize("name", EXPECTED["thread"])
def test_finding(name: str, found: tuple[str, dict[str, Raw]]) -> None:
    kind, raws = found
    status, says = EXPECTED[kind][name]
    assert raws[name].status == status, raws[name]
    assert says in raws[name].reason
