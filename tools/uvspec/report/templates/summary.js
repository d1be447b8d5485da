// One card an implementation: what it is, what came of it, what it lacks, what was expected.

function drawSummary() {
  // What is the same for all is told once.
  const each = DATA.implementations.map(facts), shared = MANY ? each[0].filter(([k, v]) => each.every(f => f.some(([l, w]) => l === k && w === v))) : [];
  const cards = DATA.implementations.map((about, i) => card(about, i, shared.map(([k]) => k)));
  document.getElementById("summary").append(h("div", {class: "cards"}, cards));
  const digests = DATA.digests.length > 1 ? "; the runs are of different states of the specification: " + DATA.digests.join(", ") :
    DATA.digests[0] ? "; specification " + DATA.digests[0] : "";
  document.getElementById("summary").prepend(h("p", {class: "soft shared"}, shared.map(([k, v]) => [h("span", {}, k + ": " + v), " "])));
  document.getElementById("about").textContent = plural(DATA.clauses.length, "clause") + ", " + plural(DATA.tests.length, "test") +
    ", API level " + DATA.api_level + ", by " + DATA.tool + digests;
}

function card(about, i, told) {
  const counts = tally(DATA.clauses, i), totals = about.totals;
  const head = totals.red ? verdict("fail", plural(totals.red, "red test")) : verdict("pass", "nothing red");
  return h("section", {class: "card", "aria-label": about.name},
    h("header", {}, h("h3", {}, about.name), head),
    h("p", {class: "path mono"}, about.path),
    about.partial ? h("p", {}, verdict("unresolved", about.partial)) : null,
    bar(counts),
    h("ul", {class: "tally", "aria-label": "Clauses by verdict"}, Object.keys(VERDICTS).filter(v => counts[v]).map(v =>
      h("li", {}, h("button", {type: "button", title: "show these clauses", onclick: () => showOnly(v, i)}, verdict(v, counts[v] + " " + VERDICTS[v][1]))))),
    h("dl", {}, facts(about).filter(([k]) => !told.includes(k)).flatMap(([k, v]) => [h("dt", {}, k), h("dd", {}, v)])),
    fold(about.missing, plural(about.missing.length, "function is", "functions are") + " missing", name => h("code", {}, name)),
    fold(about.deadly, plural(about.deadly.length, "function ends", "functions end") + " the process, and is not called", name => h("code", {}, name)),
    known(about));
}

function facts(about) {
  const m = about.machine, t = about.totals;
  const special = [t.flaky ? t.flaky + " change from run to run" : "", t.expected ? t.expected + " fail as expected" : ""].filter(Boolean).join(", ");
  return [
    ["tests", t.tests + " in " + (about.duration_ms / 1000).toFixed(1) + " s" + (special ? "; " + special : "")],
    ["when", about.started.slice(0, 16).replace("T", " ") + " UTC"],
    ["suite", about.compiler.startsWith(about.variant) ? about.compiler : [about.variant, about.compiler].filter(Boolean).join(", by ")],
    ["machine", [m.system, m.machine, m.libc, m.cores ? plural(Number(m.cores), "core") : "", m.user === "root" ? "as root" : m.user ? "not as root" : "",
      m.ipv6 === "no" ? "no IPv6" : "", m.container === "yes" ? "in a container" : ""].filter(Boolean).join(", ")],
    ["held to", "API level " + about.held_to + (about.profile ? ", profile " + about.profile : "")],
    ["file", about.sha256 ? "sha256 " + about.sha256.slice(0, 16) + "…" : ""],
  ].filter(row => row[1]);
}

function fold(list, title, one) {
  return list.length ? h("details", {}, h("summary", {}, title), h("ul", {}, list.map(item => h("li", {}, one(item))))) : null;
}

// Expected failures, below the reason that several share.
function known(about) {
  const reasons = new Map();
  for (const k of about.known) reasons.set(k.note, [...(reasons.get(k.note) || []), k]);
  return fold([...reasons], plural(about.known.length, "known deviation"), ([why, tests]) => [linked(why),
    h("ul", {}, tests.map(k => h("li", {}, h("a", {href: "#" + k.test.split(".")[0], class: "mono"}, k.test), " " + k.status)))]);
}

function showOnly(name, i) {
  state.filters = {verdict: name};
  if (MANY) state.filters.of = String(i);
  state.clause = "";
  applyFilters();
  document.getElementById("clauses").scrollIntoView();
}
