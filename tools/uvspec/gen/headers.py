"""The public headers: impl/include/uv.h and uv/*.h, from the specification and the layout.

Pure functions of the model. The frame of each file is a template; what varies is made here, one
function a kind of declaration. Private fields reach uv.h as one macro per struct and gap
(`UV_TIMER_PRIVATE_FIELDS`), which the platform's header defines.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jinja2

from ..ctypes_ import declare
from ..layout import Layout
from ..model import Callback, Constant, Enum_, Function, Module, Spec, Type
from . import ctext
from . import platform_headers as platform
from .names import Names
from .order import in_order, type_order

THREAD_RULES = {
    "loop": "the loop's thread",
    "any": "any thread",
    "any_and_signal": "any thread, and signal handlers",
}
# Codes that no system's errno.h has a say in.
_OWN_CODES = ("UV_EAI_", "UV_EOF", "UV_UNKNOWN", "UV_ECHARSET")


def generate(spec: Spec, layout: Layout) -> dict[str, str]:
    """Every header by its path below impl/include."""
    names = Names(spec, layout)
    values = {
        "version": _macro_values(spec, "version"),
        "errors": errno_codes(spec),
        "errno_map": x_macro("UV_ERRNO_MAP", _errno_rows(spec)),
        "handle_map": x_macro("UV_HANDLE_TYPE_MAP", _kind_rows(spec, "uv_handle_type")),
        "req_map": x_macro("UV_REQ_TYPE_MAP", _kind_rows(spec, "uv_req_type")),
        "forward": forward_declarations(spec, names),
        "sections": [section(spec, layout, names, m) for m in in_order(spec)],
        "unions": any_unions(spec),
        "types": {family: platform.platform_types(spec, layout, family) for family in ("unix", "windows")},
        "structs": {h: platform.private_structs(layout, h) for h in ("unix", "threadpool")},
        "private": {family: platform.private_macros(spec, layout, names, family) for family in platform.FAMILIES},
        "macros": {family: platform.platform_macros(spec, layout, family) for family in ("unix", "windows")},
        "open_flags": platform.open_flags(spec),
    }
    files = ("uv.h", "uv/version.h", "uv/errno.h", "uv/unix.h", "uv/linux.h", "uv/threadpool.h", "uv/win.h")
    return {name: _render(name, values) for name in files}


def _render(name: str, values: dict[str, object]) -> str:
    text = _environment().get_template(name + ".j2").render(values)
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


@cache
def _environment() -> jinja2.Environment:
    folder = Path(__file__).parent / "templates" / "headers"
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder), undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, autoescape=False,
    )
    environment.filters["lines"] = "\n".join
    return environment


# ----------------------------------------------------------------------------------- constants


def _enum(spec: Spec, name: str) -> Enum_:
    return next(e for m in spec.modules.values() for e in m.enums if e.name == name)


def _macro_values(spec: Spec, module: str) -> list[Constant]:
    return [v for e in spec.modules[module].enums if e.form == "macro" for v in e.values]


def errno_codes(spec: Spec) -> list[tuple[str, str, int]]:
    """(constant, the errno it stands for or "", the value where there is no such errno)."""
    fallback = spec.abi["windows-x86_64"].constants
    out = []
    for value in _enum(spec, "uv_errno_t").values:
        if value.name == "UV_ERRNO_MAX":
            continue
        own = value.name.startswith(_OWN_CODES)
        out.append((value.name, "" if own else value.name.removeprefix("UV_"), fallback[value.name]))
    return out


def _errno_rows(spec: Spec) -> list[str]:
    values = _enum(spec, "uv_errno_t").values
    return [f'{v.name.removeprefix("UV_")}, "{v.meaning}"' for v in values if v.name != "UV_ERRNO_MAX"]


def _kind_rows(spec: Spec, enum: str) -> list[str]:
    return [f"{constant.removeprefix('UV_')}, {kind}" for constant, kind in kinds(spec, enum)]


def kinds(spec: Spec, enum: str) -> list[tuple[str, str]]:
    """(UV_NAMED_PIPE, pipe): the constants of an enum whose meaning begins with a type's name."""
    types = {t for m in spec.modules.values() for t in m.types}
    out = []
    for value in _enum(spec, enum).values:
        name = value.meaning.replace(",", " ").split(" ")[0]
        if name in types:
            out.append((value.name, name.removeprefix("uv_").removesuffix("_t")))
    return out


def x_macro(name: str, rows: list[str]) -> list[str]:
    return ctext.macro(f"{name}(XX)", [f"  XX({row})" for row in rows])


def enum_lines(spec: Spec, enum: Enum_) -> list[str]:
    """An enumeration, or a family of #defines, with its comment."""
    head = ctext.comment([enum.summary + _since(enum.since)])
    if enum.form == "macro":
        defines = [ctext.define(v.name, v.value, ctext.meaning(v, enum)) for v in enum.values]
        return [*head, *(line for lines in defines for line in lines)]
    opening = {"typedef": "typedef enum {", "tag": f"enum {enum.name} {{".replace("  ", " ")}[enum.form]
    lines = [*head, opening]
    for number, value in enumerate(enum.values):
        lines += enumerator(spec, value, enum, number == len(enum.values) - 1)
    return [*lines, f"}} {enum.name};" if enum.form == "typedef" else "};"]


def enumerator(spec: Spec, value: Constant, enum: Enum_, last: bool) -> list[str]:
    """The lines of one enumerator; two values where Windows has another one."""
    meaning, comma = ctext.meaning(value, enum), "" if last else ","
    number = f"UV__{value.name.removeprefix('UV_')}" if enum.name == "uv_errno_t" else value.value
    if value.name == "UV_ERRNO_MAX":
        number = value.value
    windows = spec.abi["windows-x86_64"].constants.get(value.name)
    if enum.name == "uv_errno_t" or windows is None or str(windows) == number:
        return ctext.beside(f"  {value.name} = {number}{comma}", meaning)
    return ["#ifdef _WIN32", *ctext.beside(f"  {value.name} = {windows}{comma}", meaning),
            "#else", *ctext.beside(f"  {value.name} = {number}{comma}", meaning), "#endif"]


def _since(version: str) -> str:
    return "" if version == "1.0.0" else f" Since {version}."


# --------------------------------------------------------------------------------------- types


def forward_declarations(spec: Spec, names: Names) -> list[str]:
    """A typedef for each struct that has one, so that the order of the rest does not matter."""
    lines = []
    for module in in_order(spec):
        for t in module.types.values():
            if t.form == "struct" and t.name not in names.platform and not t.name.startswith("struct "):
                lines.append(f"typedef struct {t.tag} {t.name};")
    return lines


def struct_lines(names: Names, t: Type) -> list[str]:
    """A struct; one that others extend is a macro of its fields first."""
    head = ctext.comment([t.summary + _since(t.since)])
    own = body(names, t)
    base = base_macros(names, t.extends)
    if t.name not in names.bases:
        return [*head, *ctext.struct(t.tag, [*base, *own])]
    fields = names.fields_macro(t.name)
    return [*head, *ctext.macro(fields, own), "", *ctext.struct(t.tag, [*base, f"  {fields}"])]


def base_macros(names: Names, base: str) -> list[str]:
    """The macros that a struct begins with: those of what it extends, the outermost first."""
    if not base:
        return []
    return [*base_macros(names, names.types[base].extends), f"  {names.fields_macro(base)}"]


def body(names: Names, t: Type) -> list[str]:
    """A struct's own members: public ones, and a macro in each gap."""
    gaps = names.gaps(t.name)
    lines: list[str] = []
    for number in range(len(t.fields) + 1):
        if number in gaps:
            lines.append(f"  {names.private_macro(t.name, number)}")
        if number < len(t.fields):
            lines += ctext.member(t.fields[number])
    return lines


def callback_lines(callback: Callback) -> list[str]:
    rows = [(p.name, p.meaning) for p in callback.params if p.meaning]
    lines = ctext.comment([callback.summary + _since(callback.since), *(ctext.table(rows) if rows else [])])
    head = f"typedef {callback.returns} (*{callback.name})"
    if callback.returns.endswith("*"):
        head = f"typedef {declare(callback.returns, '')}(*{callback.name})"
    return [*lines, *ctext.call(head, ctext.parameters(callback.params), ";")]


def any_unions(spec: Spec) -> list[str]:
    """union uv_any_handle and uv_any_req: large enough for any of their kind."""
    lines: list[str] = []
    for name, enum, what in (("uv_any_handle", "uv_handle_type", "handle"), ("uv_any_req", "uv_req_type", "request")):
        members = [f"  uv_{kind}_t {kind};" for _, kind in kinds(spec, enum)]
        lines += [*ctext.comment([f"Room for any kind of {what}."]), f"union {name} {{", *members, "};", ""]
    return lines[:-1]


# ----------------------------------------------------------------------------------- functions


def function_lines(function: Function) -> list[str]:
    """A prototype with all that the specification says in prose."""
    return [*ctext.comment(doc(function)), *ctext.prototype(function)]


def doc(function: Function) -> list[str]:
    """The paragraphs of a function's comment."""
    text = [function.summary]
    if function.details:
        text += ["", function.details]
    rows = [(p.name, _parameter(p.dir, p.unit, p.nullable, p.retained, p.owner, p.meaning))
            for p in function.params]
    rows = [row for row in rows if row[1]]
    if rows:
        text += ["", *ctext.table(rows)]
    if function.returns != "void" and function.returns_meaning:
        text += ["", f"Returns {function.returns_meaning}" + (":" if function.errors else ".")]
    if function.errors:
        text += ctext.table(list(function.errors.items()))
    if function.windows:
        text += ["", f"Windows: {function.windows}"]
    return [*text, "", f"Since {function.since}. Thread: {THREAD_RULES[function.thread]}."]


def _parameter(direction: str, unit: str, nullable: bool, retained: str, owner: str, meaning: str) -> str:
    parts = [meaning] if meaning else []
    if unit:
        parts.append(f"in {unit}")
    if nullable:
        parts.append("may be NULL")
    if retained:
        parts.append(f"kept {retained}")
    if owner:
        parts.append(f"freed by {owner}")
    if direction == "out" and parts:
        parts[0] = f"(out) {parts[0]}"
    return "; ".join(parts)


def section(spec: Spec, layout: Layout, names: Names, module: Module) -> dict[str, object]:
    """All that one module declares, as blocks of lines."""
    blocks: list[list[str]] = []
    own = [e for e in module.enums if not platform.is_platform_enum(layout, e) and module.name != "version"]
    blocks += [enum_lines(spec, e) for e in own]
    blocks += [callback_lines(c) for c in module.callbacks.values()]
    structs = [t for t in module.types.values() if t.form == "struct" and t.name not in names.platform]
    blocks += [struct_lines(names, t) for t in type_order(structs)]
    blocks += [function_lines(f) for f in module.functions.values()]
    return {"title": module.name, "summary": ctext.comment([module.summary]), "blocks": blocks}
