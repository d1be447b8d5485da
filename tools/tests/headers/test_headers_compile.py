"""The headers compile in every dialect, alone, twice, and in any order."""

from __future__ import annotations

from pathlib import Path

import pytest

from compilers import C11, COMPILERS, DIALECTS, INCLUDE, Dialect, compile_text, run_text

PARTS = sorted(p.name for p in (INCLUDE / "uv").glob("*.h") if p.name != "win.h")
WHOLE = '#include "uv.h"\n'
END = "\nint main(void) { return 0; }\n"


def _part(name: str) -> str:
    return f'#include "uv/{name}"\n'


ORDERS = {
    "alone": WHOLE,
    "twice": WHOLE * 2,
    "angle brackets": "#include <uv.h>\n",
    "parts first": "".join(map(_part, PARTS)) + WHOLE,
    "parts first, backwards": "".join(map(_part, reversed(PARTS))) + WHOLE,
    "parts last": WHOLE + "".join(map(_part, PARTS)),
    "behind the system's": "#include <stdio.h>\n#include <pthread.h>\n#include <net/if.h>\n" + WHOLE,
    **{f"uv/{name} alone": _part(name) * 2 for name in PARTS},
}


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("dialect", DIALECTS, ids=str)
@pytest.mark.parametrize("compiler", COMPILERS)
def test_headers_compile(compiler: str, dialect: Dialect, order: str, tmp_path: Path) -> None:
    result = compile_text(ORDERS[order] + END, tmp_path, dialect, compiler)
    assert result.returncode == 0, result.stderr


def test_strict_c_is_told_what_is_missing(tmp_path: Path) -> None:
    result = compile_text(WHOLE + END, tmp_path, Dialect("bare", ("-std=c11",)))
    assert result.returncode != 0
    assert "uv.h needs POSIX.1-2008" in result.stderr


def test_lines_fit() -> None:
    for path in [INCLUDE / "uv.h", *(INCLUDE / "uv").glob("*.h")]:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            assert len(line) <= 100, f"{path.name}:{number}"
            assert line == line.rstrip(), f"{path.name}:{number}"
            assert "\t" not in line and "//" not in line, f"{path.name}:{number}"


def test_what_programs_use_of_the_macros(tmp_path: Path) -> None:
    """X-macros expand, codes are negated errnos, initialisers initialise, flags are the system's."""
    lines = run_text(
        WHOLE + r"""
        #include <string.h>
        static uv_once_t once = UV_ONCE_INIT;
        int main(void) {
          union uv_any_handle handle;
          union uv_any_req req;
          int handles = 0, requests = 0;
          (void) once;
        #define XX(code, message) if (UV_##code == -ENOENT) printf("%s: %s\n", #code, message);
          UV_ERRNO_MAP(XX)
        #undef XX
        #define XX(constant, kind) handles += UV_##constant > 0 && sizeof(uv_##kind##_t) <= sizeof handle;
          UV_HANDLE_TYPE_MAP(XX)
        #undef XX
        #define XX(constant, kind) requests += UV_##constant > 0 && sizeof(uv_##kind##_t) <= sizeof req;
          UV_REQ_TYPE_MAP(XX)
        #undef XX
          printf("%d %d\n", handles, requests);
          printf("%d.%d.%d%s %x %d\n", UV_VERSION_MAJOR, UV_VERSION_MINOR, UV_VERSION_PATCH,
                 UV_VERSION_SUFFIX, (unsigned) UV_VERSION_HEX, UV_VERSION_IS_RELEASE);
          printf("%d\n", UV_FS_O_CREAT == O_CREAT && UV_FS_O_DIRECT == O_DIRECT && UV_FS_O_NOATIME == O_NOATIME);
          return 0;
        }
        """, tmp_path)
    assert lines == ["ENOENT: no such file or directory", "16 10", "1.52.0 13400 1", "1"]


def test_open_flags_are_the_same_in_strict_c(tmp_path: Path) -> None:
    """glibc hides some O_ names in strict C; a flag must not silently become 0 there."""
    checks = "".join(f"int check_{n}[{n} ? 1 : -1];\n" for n in (
        "UV_FS_O_DIRECT", "UV_FS_O_DIRECTORY", "UV_FS_O_NOATIME", "UV_FS_O_NOFOLLOW", "UV_FS_O_SYNC"))
    strict = Dialect("strict", ("-std=c99", "-D_POSIX_C_SOURCE=200112L"))
    result = compile_text(WHOLE + checks + END, tmp_path, strict)
    assert result.returncode == 0, result.stderr


def test_windows_takes_the_windows_header(tmp_path: Path) -> None:
    """Without Windows' own headers only the choice can be seen: it asks for winsock2.h."""
    result = compile_text(WHOLE + END, tmp_path, C11, "gcc", "-D_WIN32")
    assert "winsock2.h" in result.stderr
