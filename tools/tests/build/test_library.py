"""The library as built and as installed: names, exports, links, pkg-config."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from support import uvspec
from uvspec import build, paths
from uvspec.load import load_spec

PROGRAM = """\
#include <stdio.h>
#include <uv.h>
int main(void) {
  puts(uv_version_string());
  return uv_version() == UV_VERSION_HEX ? 0 : 1;
}
"""


@pytest.fixture(scope="module")
def toolchain() -> str:
    name = build.default_toolchain()
    build.build_library(name)
    return name


@pytest.fixture(scope="module")
def installed(toolchain: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    prefix = tmp_path_factory.mktemp("prefix")
    done = uvspec("install", "--prefix", str(prefix), "--toolchain", toolchain)
    assert done.returncode == 0, done.stderr
    return prefix


def symbols(library: Path) -> set[str]:
    out = subprocess.run(["nm", "-D", "--defined-only", str(library)], capture_output=True, text=True, check=True)
    return {line.split()[-1] for line in out.stdout.splitlines()}


def test_exports_are_the_api_and_nothing_else(toolchain: str) -> None:
    spec = load_spec(paths.ROOT)
    whole = {name for module in spec.modules.values() if module.complete for name in module.functions}
    exported = symbols(paths.reference_library(toolchain))
    assert exported - set(spec.functions) == set(), "exported, and not in the API"
    assert whole - exported == set(), "in a module that claims to be whole, and not exported"


def test_soname_and_links(toolchain: str) -> None:
    library = paths.reference_library(toolchain)
    out = subprocess.run(["readelf", "-d", str(library)], capture_output=True, text=True, check=True).stdout
    assert "[libuv.so.1]" in out
    assert os.readlink(library) == os.readlink(library.with_name("libuv.so")) == "libuv.so.1.0.0"


def test_installed_files(installed: Path) -> None:
    there = {str(p.relative_to(installed)) for p in installed.rglob("*") if not p.is_dir()}
    wanted = {"lib/libuv.so", "lib/libuv.so.1", "lib/libuv.so.1.0.0", "lib/libuv.a", "lib/pkgconfig/libuv.pc",
              "include/uv.h", "include/uv/version.h"}
    assert wanted <= there
    assert [n for n in there if not n.startswith(("lib/libuv", "lib/pkgconfig/libuv.pc", "include/uv"))] == []


@pytest.mark.parametrize("linking", ["shared", "static"])
def test_an_installed_library_can_be_used(installed: Path, tmp_path: Path, toolchain: str, linking: str) -> None:
    source, program = tmp_path / "p.c", tmp_path / "p"
    source.write_text(PROGRAM)
    flags = [f"-I{installed}/include"]
    if linking == "shared":
        flags += [f"-L{installed}/lib", "-luv", f"-Wl,-rpath,{installed}/lib"]
    else:
        flags += [f"{installed}/lib/libuv.a", "-pthread", "-ldl", "-lrt"]
    subprocess.run([toolchain, str(source), *flags, "-o", str(program)], check=True)
    done = subprocess.run([str(program)], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("1.")


@pytest.mark.skipif(not shutil.which("pkg-config"), reason="pkg-config is not installed")
def test_pkg_config_finds_it(installed: Path) -> None:
    out = subprocess.run(["pkg-config", "--cflags", "--libs", "libuv"], capture_output=True, text=True,
                         check=True, env={**os.environ, "PKG_CONFIG_PATH": f"{installed}/lib/pkgconfig"}).stdout
    assert out.split() == [f"-I{installed}/include", f"-L{installed}/lib", "-luv"]


def test_destdir_stages_below_a_folder(toolchain: str, tmp_path: Path) -> None:
    done = uvspec("install", "--prefix", "/opt/uv", "--destdir", str(tmp_path), "--toolchain", toolchain)
    assert done.returncode == 0, done.stderr
    pc = (tmp_path / "opt/uv/lib/pkgconfig/libuv.pc").read_text()
    assert "prefix=/opt/uv\n" in pc and str(tmp_path) not in pc


def test_a_prefix_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = uvspec("install", "--prefix", str(tmp_path / "file"))
    assert done.returncode == 2
    assert "is not a folder" in done.stderr
    assert uvspec("install", "--prefix", "/proc/nowhere").returncode == 3
