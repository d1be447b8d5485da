"""Reads what we need of an ELF file: for which machine it is, its soname, and what it defines."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

MACHINES = {3: "x86", 8: "MIPS", 20: "PowerPC", 21: "PowerPC 64", 22: "S/390", 40: "ARM", 62: "x86-64", 183: "AArch64", 243: "RISC-V", 258: "LoongArch"}
_TYPES = {1: "an object file", 2: "a program", 3: "a shared library", 4: "a core dump"}
_PT_LOAD, _PT_DYNAMIC, _PT_INTERP, _DT_STRTAB, _DT_SONAME = 1, 2, 3, 5, 14
_SHT_DYNSYM = 11


@dataclass(frozen=True)
class Elf:
    bits: int
    little: bool
    type: str
    machine: str
    soname: str
    program: bool = False  # has an interpreter: started, not loaded, also where it is position-independent


class NotElf(Exception):
    """The file is something else; the text says what, as far as one can tell."""


def read_elf(path: Path) -> Elf:
    """Raises NotElf or OSError."""
    data = path.read_bytes()
    if data[:4] != b"\x7fELF" or len(data) < 52:
        raise NotElf(_what_it_is(data))
    bits = 64 if data[4] == 2 else 32
    little = data[5] == 1
    order = "<" if little else ">"
    type_, machine = struct.unpack_from(order + "HH", data, 16)
    try:
        soname = _soname(data, order, bits)
    except (struct.error, IndexError, ValueError):
        soname = ""  # good enough for the loader, perhaps; it will say
    program = type_ == 2 or (type_ == 3 and not soname and _has_interpreter(data, order, bits))
    return Elf(bits, little, _TYPES.get(type_, f"type {type_}"), MACHINES.get(machine, f"machine {machine}"), soname, program)


def _has_interpreter(data: bytes, order: str, bits: int) -> bool:
    """Whether a program header names the dynamic loader, as those of programs do."""
    try:
        offset = struct.unpack_from(order + ("Q" if bits == 64 else "I"), data, 32 if bits == 64 else 28)[0]
        size, count = struct.unpack_from(order + "HH", data, 54 if bits == 64 else 42)
        return any(struct.unpack_from(order + "I", data, offset + i * size)[0] == _PT_INTERP for i in range(count))
    except struct.error:
        return False


def _what_it_is(data: bytes) -> str:
    if not data:
        return "the file is empty"
    if data.startswith(b"!<arch>"):
        return "it is a static archive; give the shared library (libuv.so.1)"
    if data[:4] in (b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe"):
        return "it is a library for macOS"
    if data.startswith(b"MZ"):
        return "it is a DLL for Windows"
    if b"GROUP" in data[:4096] or b"INPUT" in data[:4096]:
        return "it is a linker script; give the library it names"
    return "it is no ELF file"


def _soname(data: bytes, order: str, bits: int) -> str:
    loads, dynamic = _segments(data, order, bits)
    entry = order + ("QQ" if bits == 64 else "II")
    size = struct.calcsize(entry)
    found: dict[int, int] = {}
    for offset in range(dynamic[0], dynamic[0] + dynamic[1], size):
        tag, value = struct.unpack_from(entry, data, offset)
        if tag == 0:
            break
        found.setdefault(tag, value)
    if _DT_SONAME not in found or _DT_STRTAB not in found:
        return ""
    address = found[_DT_STRTAB]
    for offset, start, length in loads:
        if start <= address < start + length:
            begin = offset + address - start + found[_DT_SONAME]
            return data[begin:data.index(b"\0", begin)].decode("ascii", "replace")
    return ""


def _segments(data: bytes, order: str, bits: int) -> tuple[list[tuple[int, int, int]], tuple[int, int]]:
    """(file offset, address, size) of what is loaded; (file offset, size) of the dynamic section."""
    if bits == 64:
        (table,), (size, count) = struct.unpack_from(order + "Q", data, 32), struct.unpack_from(order + "HH", data, 54)
    else:
        (table,), (size, count) = struct.unpack_from(order + "I", data, 28), struct.unpack_from(order + "HH", data, 42)
    loads: list[tuple[int, int, int]] = []
    dynamic = (0, 0)
    for i in range(count):
        at = table + i * size
        if bits == 64:
            type_, _, offset, address, _, length = struct.unpack_from(order + "IIQQQQ", data, at)
        else:
            type_, offset, address, _, length = struct.unpack_from(order + "IIIII", data, at)
        if type_ == _PT_LOAD:
            loads.append((offset, address, length))
        elif type_ == _PT_DYNAMIC:
            dynamic = (offset, length)
    return loads, dynamic


def defined_symbols(path: Path) -> set[str] | None:
    """The names that a library defines for others; None where its sections do not tell."""
    try:
        data = path.read_bytes()
        bits, order = 64 if data[4] == 2 else 32, "<" if data[5] == 1 else ">"
        sections = _sections(data, order, bits)
        symbols = next((s for s in sections if s[0] == _SHT_DYNSYM), None)
        if symbols is None:
            return None
        names = sections[symbols[3]][1]
        found = set()
        layout, size = (order + "IBBHQQ", 24) if bits == 64 else (order + "IIIBBH", 16)
        for at in range(symbols[1], symbols[1] + symbols[2], size):
            entry = struct.unpack_from(layout, data, at)
            if entry[3 if bits == 64 else 5]:  # the section that it is defined in; 0 is none
                begin = names + entry[0]
                found.add(data[begin:data.index(b"\0", begin)].decode("ascii", "replace"))
        return found
    except (OSError, struct.error, IndexError, ValueError):
        return None


def _sections(data: bytes, order: str, bits: int) -> list[tuple[int, int, int, int]]:
    """(type, file offset, size, link) of each section."""
    if bits == 64:
        (table,), (size, count) = struct.unpack_from(order + "Q", data, 40), struct.unpack_from(order + "HH", data, 58)
    else:
        (table,), (size, count) = struct.unpack_from(order + "I", data, 32), struct.unpack_from(order + "HH", data, 46)
    layout = order + ("IIQQQQII" if bits == 64 else "IIIIIIII")
    out = []
    for i in range(count):
        _, type_, _, _, offset, length, link, _ = struct.unpack_from(layout, data, table + i * size)
        out.append((type_, offset, length, link))
    return out
