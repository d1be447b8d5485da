"""The parts of the platform's headers: the system's types, families of #defines, private fields."""

from __future__ import annotations

from ..layout import Layout
from ..model import Enum_, Spec
from . import ctext
from .names import Names
from .order import in_order

# Under which families of the layout each header looks.
FAMILIES = {"unix": ("all", "unix"), "linux": ("linux",), "windows": ("all", "windows")}
OPEN_FLAGS = "uv_fs_open_flags"


def is_platform_enum(layout: Layout, enum: Enum_) -> bool:
    """Whether Windows has other values for a family of #defines."""
    return enum.form == "macro" and any(v.name in layout.windows_macros for v in enum.values)


def open_flags(spec: Spec) -> list[str]:
    """`O_APPEND` and so on: the system's names of the flags of uv_fs_open()."""
    flags = next(e for e in spec.modules["fs"].enums if e.name == OPEN_FLAGS)
    return [v.name.removeprefix("UV_FS_") for v in flags.values]


def platform_macros(spec: Spec, layout: Layout, family: str) -> list[str]:
    """Families of #defines that differ between platforms, but for the open flags."""
    lines: list[str] = []
    for module in in_order(spec):
        for enum in module.enums:
            if not is_platform_enum(layout, enum):
                continue
            if enum.name == OPEN_FLAGS and family == "unix":
                continue
            lines += ctext.comment([enum.summary.split(": the system")[0].rstrip(".") + "."])
            for value in enum.values:
                text = layout.windows_macros.get(value.name, value.value) if family == "windows" else value.value
                lines += ctext.define(value.name, text, ctext.meaning(value, enum))
    return lines


def platform_types(spec: Spec, layout: Layout, family: str) -> list[str]:
    """The types that are the system's own under another name, and structs it lays out."""
    windows = family == "windows"
    lines: list[str] = []
    for module in in_order(spec):
        for t in module.types.values():
            fields = layout.windows_structs.get(t.name) if windows else t.fields
            if t.form == "alias" and not (windows and fields):
                target = layout.windows_aliases.get(t.name, t.target) if windows else t.target
                lines += [*ctext.comment([t.summary]), f"typedef {target} {t.name};"]
            elif t.name in layout.windows_structs:
                tag = t.tag or t.name
                members = [m for f in fields or [] for m in ctext.member(f)]
                lines += [*ctext.comment([t.summary]), *ctext.struct(tag, members),
                          f"typedef struct {tag} {t.name};"]
    return lines


def private_structs(layout: Layout, header: str) -> list[str]:
    lines: list[str] = []
    for s in layout.structs.values():
        if s.header != header:
            continue
        lines += [*ctext.comment([s.summary]),
                  *ctext.struct(s.tag, [m for f in s.fields for m in ctext.member(f)])]
        if s.name != s.tag:
            lines.append(f"typedef struct {s.tag} {s.name};")
    return lines


def private_macros(spec: Spec, layout: Layout, names: Names, family: str) -> list[str]:
    """One macro per struct and gap."""
    lines: list[str] = []
    for module in in_order(spec):
        for t in module.types.values():
            gaps = names.gaps(t.name)
            elsewhere = "linux" in layout.types.get(t.name, {})
            if elsewhere and family == "unix" or not elsewhere and family == "linux":
                continue
            here = names.gap_fields(t.name, FAMILIES[family])
            for gap in gaps:
                members = [m for f in here.get(gap, []) for m in ctext.member(f)]
                lines += [*ctext.macro(names.private_macro(t.name, gap), members), ""]
    return lines[:-1]
