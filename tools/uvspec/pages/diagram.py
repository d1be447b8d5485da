"""A state machine as SVG: states in a row, transitions as arcs above (forward) and below (backward).

Nothing can overlap by construction. Each arc has a track of its own height; it is free of other arcs over
its whole length, and its label lies on it. Columns move apart until every label fits. Among the arcs that
meet at a state, higher ones stand further out, so that they do not cross. Closing is the same for all and
drawn once, from a frame around the states.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

from .machine import CLOSED, CLOSING, RAW, Machine

CHAR, LINE, PAD = 6.7, 15, 12  # of the font at 12 px: width of a character, height of a line
BOX_H, GAP, ARC_GAP = 46, 34, 14


@dataclass
class Arc:
    start: int
    end: int
    lines: list[tuple[str, bool]]  # label, whether it is a call
    track: int = -1
    x1: float = 0
    x2: float = 0

    @property
    def low(self) -> int:
        return min(self.start, self.end)

    @property
    def high(self) -> int:
        return max(self.start, self.end)

    @property
    def forward(self) -> bool:
        return self.end > self.start

    @property
    def width(self) -> float:
        return max(len(text) for text, _ in self.lines) * CHAR + 2 * PAD

    @property
    def height(self) -> float:
        return len(self.lines) * LINE + 12


@dataclass
class Box:
    name: str
    notes: list[str]
    active: bool
    x: float = 0
    width: float = 0
    above: list[Arc] = field(default_factory=list)
    below: list[Arc] = field(default_factory=list)

    def least_width(self) -> float:
        text = max([len(self.name) * 1.1, *(len(n) for n in self.notes)]) * CHAR + 2 * PAD
        return max(text, 76, (max(len(self.above), len(self.below)) + 1) * ARC_GAP)


def draw(machine: Machine) -> str:
    """The SVG element."""
    boxes = _boxes(machine)
    names = [b.name for b in boxes]
    arcs = _arcs(machine, names)
    for arc in arcs:
        for end in (arc.start, arc.end):
            (boxes[end].above if arc.forward else boxes[end].below).append(arc)
    for side in (True, False):
        _assign_tracks([a for a in arcs if a.forward is side])
    _place(boxes, arcs)
    return _svg(machine, boxes, arcs)


def _boxes(machine: Machine) -> list[Box]:
    fires = machine.kind.fires
    out = []
    for state in machine.kind.states.values():
        notes = ["active" if state.active else "inactive"] if machine.closes else []
        if state.name in fires.get("in", []):
            notes.append(f"→ {fires['callback']}")
        out.append(Box(state.name, notes, state.active))
    return out


def _arcs(machine: Machine, names: list[str]) -> list[Arc]:
    """One arc for each pair of states, with a line for each way from one to the other."""
    by_pair: dict[tuple[int, int], Arc] = {}
    for t in machine.transitions:
        if t.start in names and t.end in names and t.start != t.end:
            pair = (names.index(t.start), names.index(t.end))
            arc = by_pair.setdefault(pair, Arc(*pair, []))
            arc.lines.append((_label(t.what), t.is_call))
    return list(by_pair.values())


def _label(what: str) -> str:
    name, _, rest = what.partition(", ")
    call = f"{name}()" if what.startswith("uv_") and "(" not in name else name
    return f"{call}, {rest}" if rest else call


def _assign_tracks(arcs: list[Arc]) -> None:
    """Short arcs lie nearest to the states; arcs of one track never share a column's inside."""
    for arc in sorted(arcs, key=lambda a: (a.high - a.low, a.low)):
        taken = {o.track for o in arcs if o.track >= 0 and o.low < arc.high and arc.low < o.high}
        # Also above everything that it spans, so that labels of inner arcs are not crossed.
        arc.track = max(taken, default=-1) + 1


def _place(boxes: list[Box], arcs: list[Arc]) -> None:
    for box in boxes:
        box.width = box.least_width()
    gaps = [float(GAP)] * max(len(boxes) - 1, 0)
    for _ in range(3):
        x = 0.0
        for i, box in enumerate(boxes):
            box.x = x
            x += box.width + (gaps[i] if i < len(gaps) else 0)
        _ports(boxes)
        for arc in sorted(arcs, key=lambda a: a.high - a.low):
            lack = arc.width - abs(arc.x2 - arc.x1)
            if lack > 0:
                between = range(arc.low, arc.high)
                for i in between:
                    gaps[i] += lack / len(between)
                for box in boxes[arc.high:]:
                    box.x += lack
                _ports(boxes)


def _ports(boxes: list[Box]) -> None:
    """Where arcs touch: those to the left first, the higher the further right; then those to the right, lowest last."""
    for i, box in enumerate(boxes):
        for side in (box.above, box.below):
            left = sorted((a for a in side if a.high == i), key=lambda a: a.track)
            right = sorted((a for a in side if a.low == i), key=lambda a: -a.track)
            ports = [*left, *right]
            step = box.width / (len(ports) + 1)
            for n, arc in enumerate(ports, 1):
                at = box.x + n * step
                if arc.start == i:
                    arc.x1 = at
                else:
                    arc.x2 = at


def _heights(arcs: list[Arc]) -> list[float]:
    """The distance of each track from the states."""
    out: list[float] = []
    y = 0.0
    for track in range(max((a.track for a in arcs), default=-1) + 1):
        y += max(a.height for a in arcs if a.track == track)
        out.append(y)
    return out


def _svg(machine: Machine, boxes: list[Box], arcs: list[Arc]) -> str:
    up, down = _heights([a for a in arcs if a.forward]), _heights([a for a in arcs if not a.forward])
    above = (up[-1] if up else 0) + 18
    below = (down[-1] if down else 0) + 18
    inits = _inits(machine)
    left = max((len(line) for line in inits), default=0) * CHAR + 34 if inits else 6
    first = next((i for i, b in enumerate(boxes) if b.name == _entry(machine)), 0)
    right = boxes[-1].x + boxes[-1].width
    frame_x, frame_w = left, right + 2 * 16
    shift, top = left + 16, above + 8
    closing_x = frame_x + frame_w + len("uv_close()") * CHAR + 2 * PAD
    width, height = closing_x + 96 if machine.closes else frame_x + frame_w + 6, top + BOX_H + below + 8
    middle = top + BOX_H / 2
    if machine.closes and height < middle + 128:
        height = middle + 128
    out = [f'<svg class="machine" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" '
           f'role="img" aria-label="{escape(_spoken(machine))}">',
           '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
           '<path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>',
           f'<rect class="frame" x="{frame_x:.1f}" y="4" width="{frame_w:.1f}" height="{top + BOX_H + below - 4:.1f}" rx="12"/>']
    if inits:
        out += _entry_arrow(inits, boxes[first], shift, top)
    for arc in arcs:
        out += _arc(arc, _clear_middle(arc, arcs), shift, top, up if arc.forward else down)
    for box in boxes:
        out += _box(box, box.x + shift, top)
    if machine.closes:
        out += _closing(frame_x + frame_w, closing_x, middle)
    return "\n".join([*out, "</svg>"])


def _entry(machine: Machine) -> str:
    return next((t.end for t in machine.transitions if t.start == RAW), machine.states[0])


def _inits(machine: Machine) -> list[str]:
    return list(dict.fromkeys(f"{t.what.split(',')[0]}()" for t in machine.transitions if t.start == RAW))


def _entry_arrow(inits: list[str], box: Box, shift: float, top: float) -> list[str]:
    """From a dot outside the frame to the state that a handle begins in, which is the first one."""
    y = top + BOX_H / 2
    texts = [f'<text class="call" x="6" y="{y - 8 - LINE * (len(inits) - 1 - n):.1f}">{escape(line)}</text>' for n, line in enumerate(inits)]
    return [f'<circle class="dot" cx="10" cy="{y:.1f}" r="5"/>', *texts,
            f'<path class="way" marker-end="url(#tip)" d="M16 {y:.1f}H{box.x + shift:.1f}"/>']


def _box(box: Box, x: float, y: float) -> list[str]:
    middle = x + box.width / 2
    out = [f'<rect class="state{" active" if box.active else ""}" x="{x:.1f}" y="{y:.1f}" width="{box.width:.1f}" height="{BOX_H}" rx="7"/>',
           f'<text class="name" x="{middle:.1f}" y="{y + 17:.1f}">{escape(box.name)}</text>']
    for n, note in enumerate(box.notes):
        out.append(f'<text class="{"fires" if note.startswith("→") else "note"}" x="{middle:.1f}" y="{y + 29 + 11 * n:.1f}">{escape(note)}</text>')
    return out


def _clear_middle(arc: Arc, arcs: list[Arc]) -> float:
    """Where the label's middle goes: on the arc, and off the arcs that come down through its track."""
    left, right = sorted((arc.x1, arc.x2))
    half = arc.width / 2 - PAD + 2
    crossing = [x for o in arcs if o.forward == arc.forward and o.track > arc.track for x in (o.x1, o.x2)]
    middle = (left + right) / 2
    places = sorted((left + half + n for n in range(0, max(int(right - left - 2 * half), 0) + 1, 4)), key=lambda x: abs(x - middle))
    return next((x for x in places if not any(x - half < c < x + half for c in crossing)), middle)


def _arc(arc: Arc, middle: float, shift: float, top: float, tracks: list[float]) -> list[str]:
    x1, x2 = arc.x1 + shift, arc.x2 + shift
    sign = -1 if arc.forward else 1
    base = top if arc.forward else top + BOX_H
    y = base + sign * tracks[arc.track]
    turn = 7 if x2 > x1 else -7
    only_events = not any(is_call for _, is_call in arc.lines)
    path = (f'<path class="way{" event" if only_events else ""}" marker-end="url(#tip)" d="M{x1:.1f} {base:.1f}V{y - sign * 7:.1f}'
            f'Q{x1:.1f} {y:.1f} {x1 + turn:.1f} {y:.1f}H{x2 - turn:.1f}Q{x2:.1f} {y:.1f} {x2:.1f} {y - sign * 7:.1f}V{base + sign:.1f}"/>')
    out = [path]
    middle += shift
    for n, (text, is_call) in enumerate(arc.lines):
        # Labels lie between their track and the states, where no other arc of the same pair of columns runs.
        at = y + LINE * (n + 1) - 2 if arc.forward else y - 5 - LINE * (len(arc.lines) - 1 - n)
        out.append(f'<text class="{"call" if is_call else "event"} mid" x="{middle:.1f}" y="{at:.1f}">{escape(text)}</text>')
    return out


def _closing(frame_end: float, x: float, y: float) -> list[str]:
    """uv_close() from any state, to closing, to closed."""
    out = [f'<path class="way" marker-end="url(#tip)" d="M{frame_end:.1f} {y:.1f}H{x:.1f}"/>',
           f'<text class="call mid" x="{(frame_end + x) / 2:.1f}" y="{y - 6:.1f}">uv_close()</text>']
    for n, (name, note) in enumerate(((CLOSING, "inactive"), (CLOSED, "yours again"))):
        at = y - BOX_H / 2 + n * 96
        out += [f'<rect class="state" x="{x:.1f}" y="{at:.1f}" width="88" height="{BOX_H}" rx="7"/>',
                f'<text class="name" x="{x + 44:.1f}" y="{at + 20:.1f}">{name}</text>',
                f'<text class="note" x="{x + 44:.1f}" y="{at + 34:.1f}">{note}</text>']
    out += [f'<path class="way event" marker-end="url(#tip)" d="M{x + 44:.1f} {y + BOX_H / 2:.1f}V{y - BOX_H / 2 + 95:.1f}"/>',
            f'<text class="event end" x="{x + 38:.1f}" y="{y + BOX_H / 2 + 29:.1f}">uv_close_cb</text>']
    return out


def _spoken(machine: Machine) -> str:
    """The drawing in words, for those who hear it."""
    ways = [f"{t.start} to {t.end} by {t.what}" for t in machine.transitions if t.start != t.end]
    states = [*machine.states, *([CLOSING, CLOSED] if machine.closes else [])]
    return f"States of {machine.kind.type}: {', '.join(states)}. " + "; ".join(ways)
