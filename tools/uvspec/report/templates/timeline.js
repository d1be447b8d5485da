// A trace drawn over the phases of the loop: lanes down, events across in the order in which they came. What
// was expected stands above, what was seen below; where they first differ, a band goes through both.

const LANE_H = 21, LABEL_W = 92, CHAR_W = 6.7, TURN_H = 15, SLOTS_MAX = 160;

function s(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// One column an event; where the trace differs, expected and seen share columns by their number.
function columns(drawing) {
  const out = [], wrong = drawing.parts.some(p => p.expected);
  let at = 0;
  const seenAt = n => ({seen: drawing.events[n], seenTurn: drawing.turns.indexOf(n) >= 0, number: n});
  for (const part of drawing.parts) {
    const expected = part.expected;
    const length = Math.max(part.count, expected ? expected.length : 0);
    for (let i = 0; i < length; i++) {
      const column = i < part.count ? seenAt(part.first + i) : {number: part.first + part.count};
      if (expected) {
        if (i < expected.length) { column.wanted = expected[i]; column.wantedTurn = part.expected_turns.includes(i) && i > 0 || (i === 0 && column.seenTurn); }
        column.how = i < part.differs_at ? "ok" : i === part.differs_at ? "differs" : "after";
        if (column.how === "differs") column.allowed = part.allowed;
      } else {
        column.wanted = column.seen;
        column.wantedTurn = column.seenTurn;
        column.how = part.ok ? "ok" : "plain";
      }
      out.push(column);
    }
    if (expected && part.differs_at >= length) out.push({number: part.first + part.count, how: "differs", allowed: part.allowed});
    if (out.length) out[out.length - 1].look = true;
    at = part.first + part.count;
  }
  for (; at < drawing.events.length; at++) out.push({...seenAt(at), how: "plain"});
  return {all: out, wrong};
}

function laneOf(test, event) {
  const name = event.split("(")[0];
  return (test.lane_of || {})[name] || "notes";
}

function timeline(test, drawing) {
  const {all, wrong} = columns(drawing), lanes = test.lanes || ["notes"];
  const shown = all.slice(0, SLOTS_MAX), calls = drawing.runs || [];
  for (const c of shown) c.inside = !drawing.runs || calls.some(([, first, last]) => c.number >= first && (last < 0 || c.number < last));
  let x = LABEL_W;
  for (const c of shown) {
    const longest = Math.max((c.seen || "").length, wrong ? (c.wanted || "").length : 0, 3);
    c.x = x;
    c.w = Math.min(longest, 34) * CHAR_W + 16;
    x += c.w;
  }
  const width = x + 10, panelH = TURN_H + lanes.length * LANE_H, runsH = drawing.runs && drawing.runs.length ? 20 : 4;
  const top = wrong ? 16 : 0, seenTop = wrong ? top + panelH + 26 : top, height = seenTop + panelH + runsH;
  const svg = s("svg", {width, height, viewBox: `0 0 ${width} ${height}`, role: "img"});
  svg.append(s("title", {}, describe(drawing)));
  const names = wrong ? [["expected", top, "wanted"], ["seen", seenTop, "seen"]] : [["", seenTop, "seen"]];
  for (const [name, y] of names) grid(svg, lanes, y, width, name);
  for (const c of shown.filter(c => c.how === "differs")) band(svg, c, top, seenTop + panelH, seenTop - 15);
  for (const [, y, key] of names) panel(svg, test, shown, lanes, y, key);
  runs(svg, shown, drawing.runs || [], seenTop + panelH + 5);
  const box = h("div", {class: "timeline", tabindex: "0", role: "group", "aria-label": "Timeline of the trace"});
  box.append(svg);
  if (all.length > shown.length) box.append(h("p", {class: "soft"}, (all.length - shown.length) + " more events are not drawn"));
  return box;
}

function describe(drawing) {
  const bad = drawing.parts.find(p => p.expected);
  if (!bad) return "Seen: " + drawing.events.join(", ");
  const seen = drawing.events.slice(bad.first, bad.first + bad.count);
  return `Expected: ${bad.expected.join(", ") || "nothing"}. Seen: ${seen.join(", ") || "nothing"}. They differ first at event ${bad.differs_at + 1}.`;
}

function grid(svg, lanes, y, width, name) {
  if (name) svg.append(s("text", {class: "panel-name", x: 0, y: y - 3}, name));
  lanes.forEach((lane, i) => {
    const laneY = y + TURN_H + i * LANE_H;
    svg.append(s("rect", {class: "stripe" + (i % 2 ? " odd" : ""), x: 0, y: laneY, width, height: LANE_H}));
    const label = s("text", {class: "lane-name", x: 6, y: laneY + 14}, lane);
    label.append(s("title", {}, DATA.lanes[lane]));
    svg.append(label);
  });
}

function band(svg, column, top, bottom, labelY) {
  svg.append(s("rect", {class: "band", x: column.x, y: top, width: column.w, height: bottom - top}));
  const words = (column.allowed || []).map(a => a || "nothing more").join(" or ");
  svg.append(s("text", {class: "band-name", x: column.x + 2, y: labelY + 8}, "▲ wanted " + words));
}

function panel(svg, test, shown, lanes, y, key) {
  const bottom = y + TURN_H + lanes.length * LANE_H, path = [];
  const marks = [];
  let turn = 0;
  for (const c of shown) {
    if (c[key === "seen" ? "seenTurn" : "wantedTurn"] && c.inside) {
      turn += 1;
      svg.append(s("line", {class: "turn-rule", x1: c.x - 1, x2: c.x - 1, y1: y, y2: bottom}));
      svg.append(s("text", {class: "turn", x: c.x + 3, y: y + 11}, "turn " + turn));
    }
    if (c[key] === undefined) continue;
    const row = Math.max(lanes.indexOf(laneOf(test, c[key])), 0), markY = y + TURN_H + row * LANE_H + 3;
    const kind = c.how === "differs" ? (key === "seen" ? "wrong" : "wanted") : c.how;
    const text = c[key].length > 34 ? c[key].slice(0, 33) + "…" : c[key], w = text.length * CHAR_W + 8;
    const mark = s("g", {class: "event " + kind}, s("rect", {x: c.x + 4, y: markY, width: w, height: 15, rx: 4}),
      s("text", {x: c.x + 8, y: markY + 11}, text));
    mark.append(s("title", {}, `${c[key]}: ${laneOf(test, c[key])}, ${DATA.lanes[laneOf(test, c[key])]}`));
    marks.push(mark);
    path.push(`${c.x + 4 + w / 2},${markY + 7.5}`);
  }
  for (const c of shown.filter(c => c.look)) svg.append(s("line", {class: "look", x1: c.x + c.w - 1, x2: c.x + c.w - 1, y1: y + TURN_H, y2: bottom}));
  svg.append(s("polyline", {class: "path", points: path.join(" ")}), ...marks);
}

// Brackets below: the calls of uv_run() in which it fired.
function runs(svg, shown, calls, y) {
  const x = n => { const c = shown.find(c => c.number >= n && c.seen !== undefined); return c ? c.x + 1 : end; };
  const seen = shown.filter(c => c.seen !== undefined), end = seen.length ? seen[seen.length - 1].x + seen[seen.length - 1].w - 3 : LABEL_W;
  let labelled = 0;
  for (const [mode, first, last] of calls) {
    if (first === last) continue; // nothing fired in it
    const from = x(first), to = last < 0 ? end : Math.min(end, seen.some(c => c.number >= last) ? x(last) - 4 : end);
    if (to <= from) continue;
    svg.append(s("path", {class: "run", d: `M${from},${y - 3} V${y} H${to} ${last < 0 ? "" : "V" + (y - 3)}`}));
    const text = (to - from > 96 ? "uv_run " : "") + mode + (last < 0 ? ", never returned" : "");
    if (from >= labelled) { svg.append(s("text", {class: "run-name", x: from + 2, y: y + 11}, text)); labelled = from + text.length * 5.4 + 6; }
  }
}
