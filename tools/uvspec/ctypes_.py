"""What the generators need to know about C types: classes of values, fields of structs, casts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .model import Callback, Spec

SIGNED = {"int", "long", "short", "char", "int8_t", "int16_t", "int32_t", "int64_t", "ssize_t", "pid_t", "_Bool"}
UNSIGNED = {"unsigned", "unsigned int", "unsigned char", "uint8_t", "uint16_t", "uint32_t", "uint64_t", "size_t",
            "uid_t", "gid_t", "unsigned long", "unsigned short"}
LIMITS = {"UINT64_MAX": "uint64_t", "INT64_MAX": "int64_t", "INT64_MIN": "int64_t", "INT_MAX": "int", "INT_MIN": "int",
          "UINT_MAX": "unsigned int", "SIZE_MAX": "size_t", "UINT32_MAX": "uint32_t", "NAN": "double", "INFINITY": "double"}
# Constants that are no numbers, and what they initialise.
INITIALISERS = {"UV_ONCE_INIT": "uv_once_t"}
# Structs of the system that the API takes: their fields, and what they may be cast to.
SYSTEM_FIELDS = {
    "struct addrinfo": {
        "ai_flags": "int", "ai_family": "int", "ai_socktype": "int", "ai_protocol": "int", "ai_canonname": "char*",
        "ai_addrlen": "unsigned int", "ai_addr": "struct sockaddr*", "ai_next": "struct addrinfo*",
    },
    "struct sockaddr": {"sa_family": "unsigned short"},
    "struct sockaddr_in": {"sin_family": "unsigned short", "sin_port": "uint16_t"},
    "struct sockaddr_in6": {"sin6_family": "unsigned short", "sin6_port": "uint16_t", "sin6_scope_id": "uint32_t"},
    "struct sockaddr_storage": {"ss_family": "unsigned short"},
}
SYSTEM_EXTENDS = {f"struct sockaddr_{name}": "struct sockaddr" for name in ("in", "in6", "storage")}
_SYSTEM_CONSTANT = re.compile(r"(SIG[A-Z0-9]+|E[A-Z0-9]+|AF_[A-Z0-9]+|SOCK_[A-Z]+|IPPROTO_[A-Z0-9]+|(EAI|AI|NI)_[A-Z0-9]+|[FRWX]_OK|O_[A-Z]+|S_I[A-Z]+)\Z")


def spaced(ctype: str) -> str:
    """`uv_timer_t*` as our C is written: `uv_timer_t *`."""
    return re.sub(r"\s*(\*+)", r" \1", ctype).strip()


def declare(ctype: str, name: str, dims: str = "") -> str:
    """A declarator: `uv_timer_t *handle`, `void (*callback)(void)`, `char buf[32]`."""
    if "(*)" in ctype:
        return ctype.replace("(*)", f"(*{name})", 1)
    text = spaced(ctype)
    return f"{text}{name}{dims}" if text.endswith("*") else f"{text} {name}{dims}"


@dataclass
class TypeTable:
    """Lookups over all modules; built once per generator run."""

    spec: Spec
    aliases: dict[str, str] = field(default_factory=dict)
    enums: set[str] = field(default_factory=set)
    constants: dict[str, str] = field(default_factory=dict)  # name -> "int"
    callbacks: dict[str, Callback] = field(default_factory=dict)
    fields: dict[str, dict[str, str]] = field(default_factory=dict)
    extends: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.fields.update(SYSTEM_FIELDS)
        self.extends.update(SYSTEM_EXTENDS)
        for module in self.spec.modules.values():
            self.callbacks.update(module.callbacks)
            for e in module.enums:
                if e.name:
                    self.enums.add(e.name)
                self.constants.update({v.name: "int" for v in e.values})
            for t in module.types.values():
                if t.form == "alias":
                    self.aliases[t.name] = t.target
                self.extends[t.name] = t.extends
                self.fields[t.name] = {f.name: f.type + f.dims for f in t.fields}
        for abi in self.spec.abi.values():
            self.constants.update({name: "int" for name in abi.constants})

    def resolve(self, ctype: str) -> str:
        """The type behind aliases, without `const`."""
        bare = ctype.removeprefix("const ").strip()
        while bare in self.aliases:
            bare = self.aliases[bare]
        return bare

    def kind(self, ctype: str) -> str:
        """int, uint, float, str, ptr, void, callback, or struct."""
        bare = self.resolve(ctype)
        if bare == "void":
            return "void"
        if bare in SIGNED or bare in self.enums or bare.startswith("enum "):
            return "int"
        if bare in UNSIGNED:
            return "uint"
        if bare == "double":
            return "float"
        if bare in self.callbacks or "(*)" in bare:
            return "callback"
        if bare in ("char*", "char *") or re.fullmatch(r"char\s*\[.*\]", bare):
            return "str"
        if bare.endswith("*") or bare.endswith("]"):
            return "ptr"
        return "struct"

    def constant(self, name: str) -> str | None:
        """The C type of a constant that a step may name; None when there is none of that name."""
        if name in INITIALISERS:
            return INITIALISERS[name]
        if name in self.constants:
            return "int"
        if name in LIMITS:
            return LIMITS[name]
        return "int" if _SYSTEM_CONSTANT.match(name) else None

    def field_type(self, struct: str, name: str) -> str | None:
        """The type of a public field, looked for in what the struct extends too."""
        at: str | None = self.resolve(struct)
        while at:
            if name in self.fields.get(at, {}):
                return self.fields[at][name]
            at = self.extends.get(at)
        return None

    def is_a(self, struct: str, base: str) -> bool:
        """Whether `uv_tcp_t` may stand where a `uv_stream_t` or `uv_handle_t` is wanted."""
        at: str | None = struct
        while at:
            if at == base:
                return True
            at = self.extends.get(at)
        return False
