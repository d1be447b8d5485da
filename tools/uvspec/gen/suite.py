"""The conformance suite in C: one file of tests a module, the call table, and the manifest.

    MODULE_tests.c    the module's scenarios
    suite_table.c     uvt_modules[], which harness.c reads
    uvt_api.h/.c      the call table: in binary mode a missing symbol is "unsupported", no link error
    tests.json        what a runner and a report must know of each test and clause
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from .. import __version__
from ..ctypes_ import TypeTable, declare, spaced
from ..errors import Problem, SpecError
from ..expand import all_scenarios
from ..model import Clause, Function, Profile, Scenario, Spec, version_tuple
from ..registry import digests
from ..spec_json import read, to_dict
from ..write import write_if_changed
from .scenario_c import ScenarioC, generate, test_name

MANIFEST_FORMAT = 1
_GENERATED = "/* Generated from spec/ by uvspec; do not edit. */"


@dataclass
class Test:
    """A test of the suite and the C that runs it."""

    name: str
    scenario: Scenario
    c: ScenarioC
    flags: list[str] = field(default_factory=list)


def tests_of(spec: Spec) -> tuple[list[Test], list[Problem]]:
    """Every test, in the spec's order, and every problem that keeps one from being generated."""
    table, functions = TypeTable(spec), spec.functions
    tests: list[Test] = []
    problems: list[Problem] = []
    names: dict[str, Scenario] = {}
    for number, scenario in enumerate(all_scenarios(spec), 1):
        c = generate(spec, functions, table, scenario, f"__{number}")
        problems += c.problems
        name = test_name(scenario)
        if name in names:
            problems.append(Problem(scenario.at, scenario.shows[0], f"two tests are named {name}; the other is at {names[name].at}"))
        names[name] = scenario
        tests.append(Test(name, scenario, c, _flags(scenario)))
    return tests, problems


def _flags(scenario: Scenario) -> list[str]:
    flags = ["UVT_LEAKS_OK"] if scenario.leaks != "checked" else []
    flags += ["UVT_NO_ALLOCATOR"] if "allocator" in scenario.needs else []
    return flags + (["UVT_NEEDS_FORK"] if "fork" in scenario.needs else [])


def modules_with_tests(spec: Spec) -> list[str]:
    """Every module gets a file, so that the build's outputs do not depend on what is written in it."""
    return list(spec.modules)


def files(spec: Spec, source: Collection[str] | None = None) -> dict[str, str]:
    """All files of the suite, by name. Raises SpecError.

    `source` is for source mode: the names that the implementation's headers lack. A test that uses one of
    them only says so.
    """
    tests, problems = tests_of(spec)
    if problems:
        raise SpecError(problems)
    for test in tests:
        _leave_out(test, source or ())
    out = {f"{module}_tests.c": module_file(module, [t for t in tests if t.scenario.module == module]) for module in spec.modules}
    out["suite_table.c"] = table_file(list(spec.modules))
    out["uvt_api.h"] = api_header(spec, source or ())
    out["uvt_api.c"] = api_source(spec, source)
    out["tests.json"] = manifest(spec, tests)
    return out


def _leave_out(test: Test, lacking: Collection[str]) -> None:
    """Replaces a test that would not compile against a header without these names."""
    used = sorted(set(re.findall(r"\b(?:uv|UV)_\w+", test.c.text)) & set(lacking))
    if used:
        reason = f"the headers have no {', '.join(used)}"
        test.c.text = f'static void {test.c.name}(void) {{\n  uvt_give_up(UVT_UNSUPPORTED, "{reason}");\n}}\n'
        test.c.symbols = []


def write(spec_json: Path, out_dir: Path, source: Collection[str] | None = None) -> list[Path]:
    """The GN action: reads spec.json, writes what changed, returns every output."""
    out = []
    for name, text in files(read(spec_json), source).items():
        write_if_changed(out_dir / name, text)
        out.append(out_dir / name)
    return out


def module_file(module: str, tests: list[Test]) -> str:
    lines = [_GENERATED, f"/* Module {module}: {len(tests)} tests. */", '#include "harness.h"', '#include "scenario.h"', "",
             "#include <errno.h>", "#include <fcntl.h>", "#include <limits.h>", "#include <math.h>", "#include <signal.h>", "#include <stdatomic.h>", "#include <stdlib.h>", "#include <string.h>", "#include <sys/stat.h>", "#include <unistd.h>", ""]
    for test in tests:
        lines.append(test.c.text)
    lines.append(f"const uvt_test uvt_{module}_tests[] = {{")
    for test in tests:
        symbols = "".join(f'"{s}", ' for s in test.c.symbols)
        flags = " | ".join(test.flags) or "0"
        lines.append(f'  {{"{test.name}", {test.c.name}, (const char *const[]) {{{symbols}NULL}}, {flags}}},')
    lines += ["  {NULL, NULL, NULL, 0},", "};", ""]
    return "\n".join(lines)


def table_file(modules: list[str]) -> str:
    lines = [_GENERATED, '#include "harness.h"', ""]
    lines += [f"extern const uvt_test uvt_{m}_tests[];" for m in modules]
    lines += ["", "const uvt_test *const uvt_modules[] = {"]
    lines += [f"  uvt_{m}_tests," for m in modules]
    return "\n".join([*lines, "  NULL,", "};", ""])


def _pointer(f: Function) -> str:
    params = [declare(p.type, "").strip() if "(*)" in p.type else spaced(p.type) for p in f.params]
    if f.variadic:
        params.append("...")
    return f"{declare(f.returns, f'(*{f.name})')}({', '.join(params) or 'void'})"


def api_header(spec: Spec, lacking: Collection[str] = ()) -> str:
    """`lacking`: names that the headers do not have; a pointer that would need one is to nothing in particular."""
    functions = spec.functions
    lines = [_GENERATED, "/* The library under test, as a table of calls filled by dlsym(). */", "#ifndef UVT_API_H_", "#define UVT_API_H_", "",
             "#include <stddef.h>", '#include "uv.h"', "", "struct uvt_api {"]
    types = {t for t in lacking if t not in functions}
    lines += [f"  void *{f.name};" if types & set(re.findall(r"\w+", _pointer(f))) else f"  {_pointer(f)};" for f in functions.values()]
    lines += ["};", "", "struct uvt_symbol {", "  const char *name;", "  size_t offset; /* in struct uvt_api */", "};", "",
              "extern struct uvt_api uvt_api;", "extern const struct uvt_symbol uvt_symbols[];", "extern const int uvt_symbol_count;", "",
              "#ifndef UVT_API_NO_REDIRECT"]
    lines += [f"#define {name} uvt_api.{name}" for name in functions]
    return "\n".join([*lines, "#endif", "", "#endif", ""])


def api_source(spec: Spec, source: Collection[str] | None = None) -> str:
    """The table: empty, to be filled by dlsym(), or, in source mode, with what the headers declare."""
    names = list(spec.functions)
    table = ["struct uvt_api uvt_api;"]
    if source is not None:
        table = ["struct uvt_api uvt_api = {", *(f"  .{n} = {n}," for n in names if n not in source), "};"]
    lines = [_GENERATED, "#define UVT_API_NO_REDIRECT", '#include "uvt_api.h"', "", *table,
             f"const int uvt_symbol_count = {len(names)};", "", "const struct uvt_symbol uvt_symbols[] = {"]
    lines += [f'  {{"{n}", offsetof(struct uvt_api, {n})}},' for n in names]
    return "\n".join([*lines, "};", ""])


def _digest(test: Test) -> str:
    """Changes when what the test does changes: neither by its comment nor by the number that its names carry."""
    text = re.sub(r"__[0-9]+", "", test.c.text.split("*/\n", 1)[-1])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def concerned(spec: Spec, clause: Clause) -> list[str]:
    """The functions that a clause is about: whose row it is, else those that its sentence names."""
    if clause.row_of:
        return [clause.row_of]
    named = dict.fromkeys(re.findall(r"\buv_[a-z0-9_]+", clause.text))
    return [f for f in named if f in spec.functions]


def profile_functions(spec: Spec, profile: Profile) -> list[str]:
    """What an implementation that claims the profile has to have."""
    modules, named = set(profile.modules), set(profile.functions)
    return sorted(f.name for f in spec.functions.values() if f.module in modules or f.name in named)


def manifest(spec: Spec, tests: list[Test]) -> str:
    clauses, functions, meanings = spec.clauses, spec.functions, digests(spec)
    rows = []
    for t in tests:
        s = t.scenario
        levels = {clauses[i].level.value for i in s.shows if i in clauses}
        level = next((x for x in ("unspecified", "may") if x in levels), "must")
        asked = [clauses[i].since for i in s.shows if i in clauses] + [functions[f].since for f in t.c.symbols]
        since = max(asked, key=version_tuple, default="1.0.0")
        ends = [clauses[i].until for i in s.shows if i in clauses and clauses[i].until]
        until = min(ends, key=version_tuple, default="")
        rows.append({"name": t.name, "module": s.module, "clauses": s.shows, "level": level, "origin": s.origin, "at": str(s.at),
                     "scenario": s.name, "symbols": t.c.symbols, "since": since,
                     "until": until, "callbacks": t.c.callbacks, "digest": _digest(t)})
    document = {
        "format": MANIFEST_FORMAT, "tool": __version__, "api_level": spec.api_level, "tests": rows,
        "clauses": {c.id: {"module": c.module, "text": c.text, "level": c.level.value, "binds": c.binds.value, "rev": c.rev,
                           "decision": c.decision, "sources": [to_dict(s) for s in c.sources], "at": str(c.at), "since": c.since,
                           "until": c.until, "untested": c.untested, "digest": meanings[c.id][1],
                           "functions": concerned(spec, c)} for c in clauses.values()},
        "decisions": {d.id: {"title": d.title, "text": d.text, "at": str(d.at)} for d in spec.decisions.values()},
        "profiles": {p.name: {"summary": p.summary, "functions": profile_functions(spec, p)} for p in spec.profiles.values()},
        "symbols": [{"name": f.name, "since": f.since, "module": f.module} for f in spec.functions.values()],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
