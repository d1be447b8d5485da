// The source documents, statement by statement: what answers each, and what became of it.

const STATES = {
  covered: "its tests ran and hold", red: "a test of it fails", "not run": "linked, but not all of its tests ran",
  stated: "answered by what no test can show", "not here": "it speaks of another system alone", decided: "answered by a decision alone",
  open: "nothing answers it yet",
};
const STATE_SIGN = {covered: "✓", red: "✕", open: "?", "not run": "·", stated: "–", "not here": "∅", decided: "§"};

function stateMark(name, word) {
  const kind = ["covered", "red", "open"].includes(name) ? name : "other";
  return h("span", {class: "s-" + kind, title: STATES[name]}, STATE_SIGN[name] + " " + (word || name));
}

function drawDocuments() {
  const section = document.getElementById("documents");
  if (!DATA.documents.length) { section.remove(); return; }
  section.append(h("h2", {}, "Source documents"),
    h("p", {class: "soft"}, "What the specification was asked to cover, statement by statement, and the clauses, tables, programs and decisions that answer it."),
    ...DATA.documents.map(documentBlock));
}

function documentBlock(doc) {
  const block = h("details", {class: "document"}, h("summary", {}, h("span", {class: "total"}, h("strong", {}, doc.document + ": " + doc.title),
    h("span", {class: "soft"}, " " + plural(doc.items.length, "statement"))), DATA.implementations.map((about, i) => {
      const counts = {};
      for (const item of doc.items) counts[item.states[i]] = (counts[item.states[i]] || 0) + 1;
      return h("span", {class: "per"}, MANY ? h("div", {class: "soft"}, about.name) : null,
        Object.keys(STATES).filter(k => counts[k]).map((k, n) => [n ? ", " : "", stateMark(k, counts[k] + " " + k)]));
    })));
  block.addEventListener("toggle", () => { if (block.children.length === 1) block.append(itemTable(doc)); });
  return block;
}

function itemTable(doc) {
  return h("table", {class: "items"}, h("thead", {}, h("tr", {}, ["item", "says", ...DATA.implementations.map(a => a.name), "answered by"].map(t => h("th", {scope: "col"}, t)))),
    h("tbody", {}, doc.items.map(item => h("tr", {}, h("td", {}, item.item), h("td", {}, item.says, item.why ? h("div", {class: "soft"}, item.why) : null),
      item.states.map(state => h("td", {}, stateMark(state))), h("td", {class: "answers"}, answers(item))))));
}

function answers(item) {
  return [
    item.clauses.flatMap((id, i) => [i ? " " : "", CLAUSES.has(id) ? clauseLink(id) : id]),
    item.outcomes.length ? h("div", {}, "outcomes of ", item.outcomes.map((f, i) => [i ? ", " : "", h("a", {href: "#?" + new URLSearchParams({function: f})}, f)])) : null,
    item.programs.length ? h("div", {}, "programs ", item.programs.join(", ")) : null,
    item.decision ? decision(item.decision) : null,
    item.not_here ? h("div", {class: "soft"}, "on " + item.not_here) : null,
  ];
}
