// What a clause unfolds to: where it comes from, and each of its tests on each implementation.

const TESTS_SHOWN = 12;

function clauseDetail(clause) {
  const rows = [
    ["binds", ["the " + clause.binds, ", since ", clause.since || "the beginning", clause.until ? ", until " + clause.until : "",
      ", revision " + clause.rev + (clause.revisions ? " here (the runs know revisions " + clause.revisions.join(" and ") + ")" : "")]],
    ["stands in", h("code", {}, clause.at || "?")],
    clause.functions ? ["about", clause.functions.map((f, i) => [i ? ", " : "", h("code", {}, f)])] : null,
    clause.sources ? [clause.sources.length > 1 ? "sources" : "source", clause.sources.map(source)] : null,
    clause.decision ? ["decision", decision(clause.decision)] : null,
    clause.untested ? ["untested", clause.untested] : null,
    DATA.elsewhere.includes(clause.id) ? ["note", "The runs are of another state of this clause than the steps and programs shown here."] : null,
  ].filter(Boolean);
  return h("div", {class: "inner"}, h("dl", {class: "facts"}, rows.flatMap(([k, v]) => [h("dt", {}, k), h("dd", {}, v)])), tests(clause));
}

function source(source) {
  return h("div", {}, h("span", {class: "kind"}, source.kind || "source"), linked(source.what || ""), source.says ? [": ", linked(source.says)] : null,
    source.contradicts ? h("span", {class: "against"}, " contradicts ", linked(source.contradicts)) : null);
}

function decision(id) {
  const [title, text] = DATA.decisions[id] || ["", ""];
  const name = [id, title ? ": " + title : ""];
  return text ? h("details", {class: "decision"}, h("summary", {}, name), prose(text)) : name;
}

// ---- tests: the red ones and those that differ are open and come first

function weight(test) {
  const results = test.results.map(r => DATA.results[r]).filter(Boolean);
  if (results.some(r => r.red)) return 0;
  if (results.some(r => r.expected || r.status === "reported")) return 1;
  return new Set(results.map(r => r.status)).size > 1 ? 2 : 3;
}

function tests(clause) {
  const all = (clause.tests || []).map(t => DATA.tests[t]);
  if (!all.length) return h("p", {class: "soft"}, "No test of it ran.");
  const sorted = all.map(t => [weight(t), t]).sort((a, b) => a[0] - b[0]);
  const first = sorted.slice(0, Math.max(TESTS_SHOWN, sorted.filter(([w]) => !w).slice(0, 40).length)), rest = sorted.slice(first.length);
  const open = ([w], i) => i < 3 && (w < 2 || all.length === 1);
  const parts = first.map((row, i) => testBlock(row[1], open(row, i)));
  if (rest.length) {
    const more = h("details", {class: "more-tests"}, h("summary", {}, plural(rest.length, "more test")));
    more.addEventListener("toggle", () => { if (more.children.length === 1) more.append(...rest.map(([, t]) => testBlock(t, false))); }, {once: true});
    parts.push(more);
  }
  return parts;
}

function testBlock(test, open) {
  const block = h("details", {class: "test"}, h("summary", {}, h("span", {class: "name"}, test.name), marks(test)));
  const fill = () => { if (block.children.length === 1) block.append(inside(test)); };
  block.addEventListener("toggle", fill);
  if (open) { fill(); block.open = true; }
  return block;
}

function statusOf(result) {
  return result.expected ? "known" : result.status;
}

function marks(test) {
  const found = test.results.map(r => r < 0 ? "absent" : statusOf(DATA.results[r]));
  if (new Set(found).size === 1) return verdict(found[0], MANY && found.length > 1 ? VERDICTS[found[0]] ? VERDICTS[found[0]][1] + " everywhere" : found[0] + " everywhere" : "");
  return found.map((f, i) => h("span", {}, h("span", {class: "soft"}, DATA.implementations[i].name + " "), verdict(f)));
}

function inside(test) {
  const red = test.results.some(r => r >= 0 && DATA.results[r].red);
  const steps = (test.steps || []).map(t => DATA.text[t]).join("\n");
  return h("div", {class: "inside"},
    test.why ? h("p", {class: "why"}, h("i", {}, "A wrong implementation: "), test.why) : null,
    test.changed ? h("p", {}, verdict("unresolved", "the test is not the same in all of these runs")) : null,
    steps ? h("details", {open: red && steps.length < 2500}, h("summary", {}, "The scenario, step by step"), h("pre", {class: "long"}, steps)) : null,
    outcomes(test), reproducer(test, red || test.results.some(r => r >= 0 && DATA.results[r].expected)));
}

// Implementations with the same outcome are told together.
function outcomes(test) {
  const groups = new Map();
  test.results.forEach((r, i) => { if (r >= 0) groups.set(r, [...(groups.get(r) || []), DATA.implementations[i].name]); });
  return [...groups].map(([r, names]) => outcome(test, DATA.results[r], names));
}

function outcome(test, result, names) {
  const checks = (result.failures || []).filter(f => f[0] !== "trace" || !result.drawing);
  return h("section", {class: "outcome" + (result.red ? " is-red" : result.expected ? " is-known" : "")},
    h("p", {class: "who"}, h("strong", {}, names.join(", ")), verdict(statusOf(result), result.expected ? "known: " + result.status : ""),
      result.note ? h("span", {class: "soft"}, linked(result.note)) : null, result.runs ? h("span", {class: "soft"}, result.runs.join(", ")) : null),
    result.reason ? h("p", {}, result.reason) : null,
    checks.length ? table("checks", ["check", "wanted", "seen"], checks.map(([c, w, s]) => [c, {class: "wanted", text: w}, {class: "seen", text: s}])) : null,
    traces(result),
    result.drawing ? timeline(test, result.drawing) : null,
    result.trace ? h("pre", {class: "wraps"}, "trace: " + result.trace) : null,
    result.stderr && !(result.reason || "").includes(result.stderr.trim()) ? h("details", {open: result.stderr.length < 600}, h("summary", {}, "what it wrote"), h("pre", {class: "long wraps"}, result.stderr)) : null);
}

function table(kind, heads, rows) {
  return h("table", {class: "checks " + kind}, h("thead", {}, h("tr", {}, heads.map(t => h("th", {scope: "col"}, t)))),
    h("tbody", {}, rows.map(row => h("tr", {}, row.map(c => c.text === undefined ? h("td", {}, c) : h("td", {class: c.class}, c.parts || c.text))))));
}

// Expected and seen as text, side by side, where they differ.
function traces(result) {
  if (!result.drawing) {
    const wrong = (result.traces || []).filter(t => !t[2]);
    return wrong.length ? table("trace", ["expected trace", "seen"], wrong.map(([p, seen]) => [{text: p || "nothing"}, {text: seen || "nothing"}])) : null;
  }
  const wrong = result.drawing.parts.filter(p => !p.ok);
  if (!wrong.length) return null;
  return table("trace", ["expected trace", "seen"], wrong.map(part => {
    const seen = result.drawing.events.slice(part.first, part.first + part.count), at = part.expected ? part.differs_at : -1;
    const shown = seen.flatMap((e, i) => [i ? " " : "", i === at ? h("mark", {}, e) : e]);
    if (at >= seen.length) shown.push(seen.length ? " " : "", h("mark", {}, seen.length ? "and nothing more" : "nothing"));
    return [{class: "wanted", text: part.pattern || "nothing"}, {class: "seen", text: "", parts: shown}];
  }));
}

function reproducer(test, broken) {
  if (test.origin === "header") return null; // what a header lacks is no program
  const command = "./uvspec repro " + test.name, program = DATA.programs[test.name];
  const parts = [copyable(command, command)];
  if (program) {
    const fold = h("details", {}, h("summary", {}, "The same as one C file that needs nothing but uv.h"));
    fold.addEventListener("toggle", () => {
      if (fold.children.length > 1) return;
      const text = program.map(p => DATA.text[p]).join("\n\n");
      fold.append(copyable(text), h("pre", {class: "long"}, text));
    });
    parts.push(fold);
  } else if (broken && DATA.more_programs) parts.push(h("p", {class: "soft"}, "Its program in C is one of " + DATA.more_programs + " that would make this page too long; the command prints it."));
  return parts;
}
