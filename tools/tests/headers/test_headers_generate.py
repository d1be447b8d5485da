"""The generators: complete, deterministic, up to date on disk; their helpers; the small outputs."""

from __future__ import annotations

import copy
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from compilers import INCLUDE
from uvspec import paths
from uvspec.errors import SpecError
from uvspec.gen import ctext, headers, order, pkgconfig, version_script
from uvspec.layout import Layout, load_layout, parse_layout
from uvspec.model import Field_, Spec

DIGEST = """\
import hashlib, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from uvspec.gen import headers
from uvspec.layout import load_layout
from uvspec.load import load_spec
root = Path(sys.argv[2])
files = headers.generate(load_spec(root), load_layout(root))
print(hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest())
"""


def test_what_is_checked_in_is_up_to_date(spec: Spec, layout: Layout) -> None:
    for name, text in headers.generate(spec, layout).items():
        assert (INCLUDE / name).read_text(encoding="utf-8") == text, f"{name}: run `./uvspec gen`"


def test_no_header_is_left_over(spec: Spec, layout: Layout) -> None:
    there = {str(p.relative_to(INCLUDE)) for p in INCLUDE.rglob("*.h")}
    assert there == set(headers.generate(spec, layout))


def test_generation_is_deterministic(spec: Spec, layout: Layout) -> None:
    """Neither the hash seed nor the order of modules in memory matters."""
    shuffled = copy.copy(spec)
    shuffled.modules = dict(reversed(spec.modules.items()))
    files = headers.generate(shuffled, layout)
    here = hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()
    for seed in ("1", "2"):
        result = subprocess.run([sys.executable, "-c", DIGEST, str(paths.TOOLS), str(paths.ROOT)], check=True,
                                env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True)
        assert result.stdout.strip() == here


def test_every_function_is_declared_once(spec: Spec) -> None:
    assert len(spec.functions) == 318
    text = (INCLUDE / "uv.h").read_text(encoding="utf-8")
    declared = re.findall(r"^UV_EXTERN [^(]*?\b(uv_\w+)\(", text, re.M)
    assert sorted(declared) == sorted(spec.functions)


def test_every_module_has_its_place(spec: Spec) -> None:
    with_api = [m.name for m in spec.modules.values() if m.functions or m.types or m.enums]  # `abi` has clauses only
    assert sorted(order.MODULE_ORDER) == sorted(with_api)


def test_every_constant_and_type_is_declared(spec: Spec) -> None:
    text = "".join(p.read_text(encoding="utf-8") for p in INCLUDE.rglob("*.h") if p.name != "win.h")
    for name in spec.abi["linux-x86_64"].constants:
        assert re.search(rf"^  {name} = ", text, re.M), name
    for module in spec.modules.values():
        for t in module.types.values():
            assert re.search(rf"\b{re.escape(t.tag or t.name)}\b", text), t.name
        for e in module.enums:
            for v in e.values:
                assert re.search(rf"\b{v.name}\b", text), v.name


def test_linux_constants_are_those_of_the_abi(spec: Spec) -> None:
    constants = spec.abi["linux-x86_64"].constants
    for module in spec.modules.values():
        for e in module.enums:
            for v in e.values:
                if e.form != "macro":
                    assert int(v.value) == constants[v.name], f"{e.at}: {v.name}"


def test_prose_names_what_exists(spec: Spec) -> None:
    """Errors are error codes; every function and parameter says something; no name comes twice."""
    codes = {v.name for e in spec.modules["errors"].enums for v in e.values}
    wrong = []
    for f in spec.functions.values():
        if not f.summary.endswith(".") or "TODO" in f.summary + f.details:
            wrong.append(f"{f.at}: {f.name}: a summary is a sentence")
        wrong += [f"{f.at}: {f.name}: {code} is no error code" for code in f.errors if code not in codes]
        if len({p.name for p in f.params}) < len(f.params):
            wrong.append(f"{f.at}: {f.name}: a parameter's name comes twice")
        wrong += [f"{f.at}: {f.name}: {p.name} means what?" for p in f.params if not (p.meaning or p.unit)]
        if f.returns != "void" and not f.returns_meaning:
            wrong.append(f"{f.at}: {f.name}: returns what?")
    assert wrong == []


def test_private_fields_between_public_ones(spec: Spec, layout: Layout) -> None:
    text = (INCLUDE / "uv.h").read_text(encoding="utf-8")
    body = re.search(r"^struct uv_getaddrinfo_s \{(.*?)^\};", text, re.M | re.S)
    assert body is not None
    names = re.findall(r"\b(loop|addrinfo|UV_\w+)(?:;|\n)", body[1])
    assert names == ["UV_REQ_FIELDS", "loop", "UV_GETADDRINFO_PRIVATE_FIELDS", "addrinfo",
                     "UV_GETADDRINFO_PRIVATE_FIELDS_2"]


def test_a_layout_that_names_no_public_field_is_refused(spec: Spec, layout: Layout) -> None:
    wrong = copy.deepcopy(layout)
    wrong.types["uv_getaddrinfo_t"]["unix"].insert(0, "addrinfos")
    with pytest.raises(ValueError, match="uv_getaddrinfo_t.*addrinfos"):
        headers.generate(spec, wrong)


def test_layout_problems_are_told_together() -> None:
    text = "types:\n  uv_timer_t:\n    unixx:\n      - {name: a, kind: b}\n"
    with pytest.raises(SpecError) as caught:
        parse_layout(text, "layout.yaml")
    told = str(caught.value)
    assert "layout.yaml:3: uv_timer_t: unknown key `unixx`" in told
    assert "layout.yaml:4: uv_timer_t: unknown key `kind`" in told
    assert "a field needs `type`" in told


def test_layout_must_exist(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="layout.yaml"):
        load_layout(tmp_path)


def test_comments_fit_and_keep_tables() -> None:
    lines = ctext.comment(["word " * 60, "", *ctext.table([("a", "b " * 80), ("longer", "c")])])
    assert all(len(line) <= 100 for line in lines)
    assert lines[0].startswith("/* word") and lines[-1] == " *   longer  c */"


def test_members() -> None:
    assert ctext.member(Field_("u", "union {int fd; void* reserved[4];}")) == [
        "  union {", "    int fd;", "    void *reserved[4];", "  } u;"]
    assert ctext.member(Field_("work", "void (*)(void)", meaning="the work")) == ["  void (*work)(void); /* the work */"]


def test_the_version_script_exports_what_it_is_told(tmp_path: Path) -> None:
    text = version_script.generate(["uv_run", "uv_close", "uv_run"])
    assert text.count("uv_run;") == 1
    assert text.index("uv_close;") < text.index("uv_run;")
    with pytest.raises(ValueError, match="uvi_secret"):
        version_script.generate(["uvi_secret"])
    (tmp_path / "script").write_text(text)
    (tmp_path / "lib.c").write_text("int uv_run(void) { return 1; }\nint uv_close(void) { return 2; }\n"
                                    "int uvi_secret(void) { return 3; }\nint uv_other(void) { return 4; }\n")
    library = tmp_path / "lib.so"
    subprocess.run(["gcc", "-shared", "-fPIC", f"-Wl,--version-script={tmp_path / 'script'}", "-o", str(library),
                    str(tmp_path / "lib.c")], check=True)
    symbols = subprocess.run(["nm", "-D", "--defined-only", str(library)], check=True, capture_output=True, text=True)
    assert sorted(line.split()[-1] for line in symbols.stdout.splitlines()) == ["uv_close", "uv_run"]


def test_an_empty_version_script_hides_everything() -> None:
    assert "global" not in version_script.generate([])


def test_pkg_config(spec: Spec, tmp_path: Path) -> None:
    (tmp_path / "libuv.pc").write_text(pkgconfig.generate(spec, "/opt/libuv/"))
    assert pkgconfig.generate(spec, "/opt/libuv").startswith("prefix=/opt/libuv\n")
    with pytest.raises(ValueError, match="absolute"):
        pkgconfig.generate(spec, "relative")
    if not shutil.which("pkg-config"):
        pytest.skip("pkg-config is not installed")
    environment = {**os.environ, "PKG_CONFIG_PATH": str(tmp_path)}
    said = [subprocess.run(["pkg-config", option, "libuv"], env=environment, check=True, capture_output=True,
                           text=True).stdout.strip() for option in ("--modversion", "--cflags", "--libs")]
    assert said == ["1.52.0", "-I/opt/libuv/include", "-L/opt/libuv/lib -luv"]
