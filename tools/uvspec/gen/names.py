"""What the headers call things that the specification has no name for, and where private fields lie."""

from __future__ import annotations

from dataclasses import dataclass

from ..layout import Layout
from ..model import Field_, Spec


@dataclass
class Names:
    """What the headers call things that the specification has no name for."""

    spec: Spec
    layout: Layout

    def __post_init__(self) -> None:
        types = {t.name: t for m in self.spec.modules.values() for t in m.types.values()}
        self.types = types
        self.bases = {t.extends for t in types.values() if t.extends}
        aliases = {t.name for t in types.values() if t.form == "alias"}
        self.platform = aliases | set(self.layout.windows_structs)

    def stem(self, type_: str) -> str:
        """`uv_timer_t` to `UV_TIMER`."""
        return type_.removesuffix("_t").upper()

    def fields_macro(self, type_: str) -> str:
        return f"{self.stem(type_)}_FIELDS"

    def private_macro(self, type_: str, gap: int) -> str:
        """The macro of the gap that follows `gap` public fields."""
        gaps = self.gaps(type_)
        number = gaps.index(gap)
        return f"{self.stem(type_)}_PRIVATE_FIELDS" + (f"_{number + 1}" if number else "")

    def gaps(self, type_: str) -> list[int]:
        """After how many public fields private ones may lie, on any platform."""
        found: set[int] = set()
        for family in self.layout.types.get(type_, {}):
            found |= set(self.gap_fields(type_, (family,)))
        return sorted(found)

    def gap_fields(self, type_: str, families: tuple[str, ...]) -> dict[int, list[Field_]]:
        """The private fields of a family, by gap."""
        slots = self.layout.slots(type_, *families)
        if slots is None:
            return {}
        order = [f.name for f in self.types[type_].fields]
        named = [s for s in slots if isinstance(s, str)]
        unknown = [n for n in named if n not in order]
        if unknown or [n for n in order if n in named] != named:
            raise ValueError(f"layout of {type_}: {named} are not public fields in their order {order}")
        gap = 0 if named and named[0] == order[0] else len(order) - len(named)
        out: dict[int, list[Field_]] = {}
        for slot in slots:
            if isinstance(slot, str):
                gap += 1
            else:
                out.setdefault(gap, []).append(slot)
        return out
