"""In which order the headers declare things."""

from __future__ import annotations

from ..model import Module, Spec, Type

# What a header's reader wants to know first comes first; a struct that another module's struct holds by
# value stands before it.
MODULE_ORDER = (
    "errors", "version", "memory", "loop", "handle", "request", "timer", "idle", "prepare", "check", "async",
    "poll", "signal", "stream", "tcp", "pipe", "tty", "udp", "process", "fs", "fs_event", "fs_poll",
    "threadpool", "dns", "dl", "thread", "sync", "system", "random", "metrics", "text",
)


def in_order(spec: Spec) -> list[Module]:
    """The modules that there are, as the headers have them."""
    return [spec.modules[m] for m in MODULE_ORDER if m in spec.modules]


def type_order(types: list[Type]) -> list[Type]:
    """The same types, each behind those that it holds by value; else the order stays."""
    by_name = {t.name: t for t in types}
    done: list[Type] = []

    def place(t: Type) -> None:
        if t in done:
            return
        for name in [t.extends, *(f.type for f in t.fields)]:
            if name in by_name and name != t.name:
                place(by_name[name])
        done.append(t)

    for t in types:
        place(t)
    return done
