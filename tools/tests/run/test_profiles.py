"""Profiles: what a library claims is judged, and all of it; the rest is not even called."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from test_judgement import a_manifest, a_test
from tiny_support import compile_c

from uvspec import paths
from uvspec.exits import UsageError
from uvspec.gen.suite import profile_functions
from uvspec.load import load_spec
from uvspec.run.library import examine
from uvspec.run.manifest import ProfileInfo
from uvspec.run.results import Raw, TestResult, ends_alike, held_to_its_claim
from uvspec.run.select import find_profile, why_not_applicable

PROFILE = ProfileInfo("small", "Two functions.", frozenset({"uv_a", "uv_b"}))


@pytest.mark.parametrize(("symbols", "beyond"), [
    (("uv_a",), ""), ((), ""), (("uv_b", "uv_c"), "profile small does not claim uv_c"),
])
def test_what_a_profile_leaves_out_does_not_apply(symbols: tuple[str, ...], beyond: str) -> None:
    test = dataclasses.replace(a_test("UV-TIMER-0030.a"), symbols=symbols)
    assert why_not_applicable(test, "1.52", PROFILE) == beyond
    assert why_not_applicable(test, "1.52") == ""


def test_what_is_claimed_has_to_be_there() -> None:
    lacking = Raw("UV-TIMER-0030.a", "unsupported", "the library has no uv_a")
    assert held_to_its_claim(lacking, "") is lacking
    held = held_to_its_claim(lacking, "small")
    assert (held.status, held.reason) == ("fail", "the library has no uv_a; profile small claims it")
    assert held_to_its_claim(Raw("x", "pass"), "small").status == "pass"


def test_an_unknown_profile_is_named_with_those_there_are() -> None:
    manifest = a_manifest(a_test("UV-TIMER-0030.a"))
    manifest.profiles["small"] = PROFILE
    assert find_profile(manifest, "") is None
    assert find_profile(manifest, "small") is PROFILE
    with pytest.raises(UsageError, match="no profile `smal`; there are: small"):
        find_profile(manifest, "smal")


def test_the_profile_full_is_the_whole_api() -> None:
    spec = load_spec(paths.ROOT)
    assert set(profile_functions(spec, spec.profiles["full"])) == set(spec.functions)


def test_a_profile_can_run_what_it_claims() -> None:
    """A profile with handles has what the harness needs to make a loop, run it and close it."""
    spec = load_spec(paths.ROOT)
    for profile in spec.profiles.values():
        functions = set(profile_functions(spec, profile))
        if "uv_close" in functions:
            assert {"uv_loop_init", "uv_run", "uv_loop_close", "uv_is_closing"} <= functions, profile.name


def crashed(name: str, words: str) -> TestResult:
    test = a_test(name)
    return TestResult(test, Raw(name, "crash", stderr=words), "crash", ["crash"])


def test_stubs_are_told_once() -> None:
    results = [crashed(f"UV-TIMER-003{i}.a", "noise\nuv_loop_init is a stub\n") for i in range(6)]
    results += [crashed("UV-ASYNC-0030.a", "something else"), crashed("UV-ASYNC-0031.a", "")]
    alike = ends_alike(results)
    assert {words: len(group) for words, group in alike.items()} == {"uv_loop_init is a stub": 6}


def test_what_ends_the_process_for_the_harness_itself_is_found_out(tiny: Path, tmp_path: Path) -> None:
    """A stub of uv_replace_allocator() would otherwise take every test with it."""
    source = tmp_path / "stub.c"
    source.write_text("#include <stdlib.h>\n"
                      "void uv_replace_allocator(void);\nvoid uv_replace_allocator(void) { abort(); }\n"
                      "int uv_loop_init(void *loop);\nint uv_loop_init(void *loop) { return loop == NULL; }\n")
    library = tmp_path / "libstub.so"
    compile_c("-shared", "-fPIC", source, "-o", library)
    assert examine(str(library), tiny).deadly == ["uv_replace_allocator"]
