"""The harness as text behind one scenario, so that a reproducer needs nothing but uv.h.

The harness's files become part of one C file: `#include`s of each other are replaced by what they name,
system headers are named once, and every name that is private to a file gets that file's prefix, so that
it cannot meet one of the scenario's.
"""

from __future__ import annotations

import re
from pathlib import Path

# What a scenario needs at run time, in an order in which it reads well.
PARTS = ("store.c", "checks.c", "pattern.c", "trace.c", "allocator.c", "threads.c", "fixtures.c", "leaks.c")
MAIN = "repro_main.c.inc"

_TOKEN = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|/\*.*?\*/|#\s*include[^\n]*|[A-Za-z_]\w*', re.DOTALL)
_LOCAL_INCLUDE = re.compile(r'^#include "([^"]+)"\n', re.MULTILINE)
_SYSTEM_INCLUDE = re.compile(r"^#include <([^>]+)>\n", re.MULTILINE)
_TABLE = re.compile(r'^#ifdef UVT_SUITE_BINARY\n#include "uvt_api.h"\n#endif\n', re.MULTILINE)
_FEATURES = re.compile(r"^#ifndef _GNU_SOURCE\n#define _GNU_SOURCE[^\n]*\n#endif\n", re.MULTILINE)
_GUARD = re.compile(r"^#ifndef (UVSPEC_\w+_H_)\n#define \1\n(.*)^#endif\n", re.MULTILINE | re.DOTALL)
_PRIVATE = re.compile(r"^static [^=;({]*?\b(\w+)(?:\[[^\]]*\])*\s*(?:=|;|\()", re.MULTILINE)
_PRIVATE_UNNAMED = re.compile(r"^\} (\w+)(?:\[[^\]]*\])*(?: =[^;]*)?;", re.MULTILINE)
_PRIVATE_LIST = re.compile(r"^static [\w ]+ (\w+(?:, \w+)+);", re.MULTILINE)
_CONSTANTS = re.compile(r"^enum \w*\s*\{([^}]*)\}", re.MULTILINE)
_MACRO = re.compile(r"^#define (?!UVT_|ASAN_|__)(\w+)", re.MULTILINE)


def repro_text(harness: Path, title: str, test: str, function: str, flags: str, scenario: str) -> str:
    """A whole C file: `title` is the comment's text, `scenario` defines `void function(void)`."""
    pasted: set[str] = {"uvt_api.h"}
    system: set[str] = set()
    head = _expanded(harness, "scenario.h", pasted)
    tail = "".join(_named_apart(harness, part, pasted) for part in PARTS)
    end = _expanded(harness, MAIN, pasted)
    parts = [
        f"/* {title.replace('*/', '* /')} */\n#ifndef _GNU_SOURCE\n#define _GNU_SOURCE\n#endif\n#include <uv.h>\n\n",
        head, "\n/* ---- the scenario ---- */\n\n", scenario.rstrip() + "\n",
        "\n/* ---- what runs it and checks what happens: the same for every reproducer ---- */\n\n", tail,
        f'#define UVT_REPRO_NAME "{test}"\n#define UVT_REPRO_RUN {function}\n#define UVT_REPRO_FLAGS ({flags or 0})\n\n', end,
    ]
    return re.sub(r"\n{3,}", "\n\n", "".join(_system_once(p, system) for p in parts))


def _expanded(harness: Path, name: str, pasted: set[str]) -> str:
    """The file with the project's own headers in place of their names, each once."""
    pasted.add(name)
    text = (harness / name).read_text(encoding="utf-8")
    text = _GUARD.sub(lambda m: m.group(2), _FEATURES.sub("", _TABLE.sub("", text)))
    text = text.replace('#include "uv.h"\n', "")

    def include(match: re.Match[str]) -> str:
        return "" if match.group(1) in pasted else _expanded(harness, match.group(1), pasted)

    return _LOCAL_INCLUDE.sub(include, text)


def _system_once(text: str, seen: set[str]) -> str:
    def include(match: re.Match[str]) -> str:
        if match.group(1) in seen:
            return ""
        if match.group(1) != "sanitizer/asan_interface.h":
            seen.add(match.group(1))
        return match.group(0)

    return _SYSTEM_INCLUDE.sub(include, text)


def private_names(text: str) -> set[str]:
    """The names that a C file keeps to itself: static functions and variables, constants, macros."""
    names = set(_PRIVATE.findall(text)) | set(_PRIVATE_UNNAMED.findall(text)) | set(_MACRO.findall(text))
    for listed in _PRIVATE_LIST.findall(text):
        names |= set(re.findall(r"\w+", listed))
    for body in _CONSTANTS.findall(text):
        names |= set(re.findall(r"(\w+)(?=\s*(?:=|,|$))", re.sub(r"=\s*[^,]+", "", body)))
    return {n for n in names if not n.startswith(("uvt_", "UVT_", "_"))}


def _named_apart(harness: Path, part: str, pasted: set[str]) -> str:
    private = private_names((harness / part).read_text(encoding="utf-8"))
    prefix = f"uvt_{part.removesuffix('.c')}_"

    def rename(match: re.Match[str]) -> str:
        return prefix + match.group(0) if match.group(0) in private else match.group(0)

    return _TOKEN.sub(rename, _expanded(harness, part, pasted))
