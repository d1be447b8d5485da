// The matrix: a table for each module, its rows made when it is opened. The filters decide what is in it.

const shown = new Map(); // module -> its clauses that fit
const openModules = new Set();
const blocks = new Map();

function columnsOf() {
  return h("colgroup", {}, h("col", {class: "id"}), h("col"), h("col", {class: "level"}), DATA.implementations.map(() => h("col", {class: "cell"})));
}

// Signs and numbers; what no test shows says nothing about an implementation.
function counted(counts) {
  const told = Object.keys(VERDICTS).filter(v => counts[v] && v !== "untested");
  return h("span", {class: "counts"}, told.map(v => h("span", {class: "v-" + v, title: counts[v] + " " + VERDICTS[v][1]}, VERDICTS[v][0] + "\u202f" + counts[v])),
    told.length ? null : h("span", {title: VERDICTS.untested[2]}, "–"));
}

function drawHead(clauses) {
  const head = document.getElementById("head");
  const every = DATA.clauses.length, number = clauses.length === every ? plural(every, "clause") : `${clauses.length} of ${every} clauses`;
  head.replaceChildren(columnsOf(), h("tbody", {}, h("tr", {}, h("th", {scope: "col"}, number), h("th", {scope: "col"}, "what it says"),
    h("th", {scope: "col"}, "level"), DATA.implementations.map((about, i) => {
      const counts = tally(clauses, i);
      return h("th", {scope: "col", class: "impl", title: about.path}, about.name, bar(counts), h("div", {class: "sum"}, counted(counts)));
    }))));
  document.getElementById("count").textContent = number + " shown";
}

function drawMatrix() {
  const matrix = document.getElementById("matrix");
  for (const module of DATA.modules) {
    const block = h("div", {class: "block", id: "module-" + module});
    blocks.set(module, block);
    matrix.append(block);
  }
}

function applyFilters() {
  syncForm();
  const all = DATA.clauses.filter(fits);
  shown.clear();
  for (const clause of all) shown.set(clause.module, [...(shown.get(clause.module) || []), clause]);
  // What is few is shown at once.
  const few = all.length <= 60 || (isFiltered() && all.length <= 400);
  for (const module of DATA.modules) drawBlock(module, few || openModules.has(module));
  drawHead(all);
  document.getElementById("empty").hidden = all.length !== 0;
  writeAddress();
}

function drawBlock(module, open) {
  const block = blocks.get(module), clauses = shown.get(module) || [];
  block.hidden = !clauses.length;
  block.classList.toggle("open", open && clauses.length > 0);
  if (!clauses.length) { block.replaceChildren(); return; }
  const button = h("button", {type: "button", "aria-expanded": String(open), onclick: () => toggleModule(module)},
    module, h("span", {class: "soft"}, clauses.length));
  const head = h("tr", {class: "module"}, h("th", {colspan: 3, scope: "rowgroup"}, h("div", {class: "line"}, button, h("span", {class: "soft"}, DATA.modules_say[module] || ""))), DATA.implementations.map((about, i) => {
    const counts = tally(clauses, i);
    return h("td", {"data-of": about.name, "aria-label": about.name + ": " + Object.entries(counts).map(([v, n]) => n + " " + VERDICTS[v][1]).join(", ")},
      counted(counts), bar(counts));
  }));
  const table = h("table", {class: "grid", "aria-label": module}, columnsOf(), h("tbody", {}, head));
  if (open) table.append(h("tbody", {}, clauses.map(clauseRow)));
  block.style.containIntrinsicSize = open ? "auto " + (2.5 + clauses.length * 2.6) + "rem" : ""; // what is out of sight is not laid out
  block.replaceChildren(table);
}

function toggleModule(module, open = !blocks.get(module).classList.contains("open")) {
  if (open) openModules.add(module); else openModules.delete(module);
  drawBlock(module, open);
  const button = blocks.get(module).querySelector(".module button");
  if (button) button.focus({preventScroll: true});
}

function clauseRow(clause) {
  const button = h("button", {type: "button", "aria-expanded": "false"}, clause.text);
  const row = h("tr", {class: "row", id: clause.id, onclick: event => clicked(event, row, clause)},
    h("th", {scope: "row"}, h("a", {href: "#" + clause.id, title: "link to this clause"}, clause.id)), h("td", {class: "text"}, button),
    h("td", {class: "level " + clause.level}, clause.level + (clause.binds === "caller" ? ", caller" : "")),
    DATA.implementations.map((about, i) => cellElement(about, cellOf(clause, i))));
  return row;
}

function cellElement(about, cell) {
  const counts = cell.counts || {}, held = (counts.pass || 0), of = cell.tests || 0;
  const broken = (counts.fail || 0) + (counts.crash || 0) + (counts.hang || 0);
  const number = {pass: held === of ? of : `${held}/${of}`, fail: `${broken}/${of}`, known: `${broken}/${of}`, reported: `${counts.reported || 0}/${of}`}[cell.verdict];
  const spoken = `${about.name}: ${VERDICTS[cell.verdict][1]}` + (of ? ", " + Object.entries(counts).map(([k, n]) => n + " " + k).join(", ") : "");
  const shown = cell.verdict === "pass" ? verdict("pass", " ") : verdict(cell.verdict);
  return h("td", {class: "cell is-" + cell.verdict, title: spoken, "data-of": about.name}, h("span", {"aria-hidden": "true"}, shown,
    number === undefined ? null : h("span", {class: "n"}, " " + number)), h("span", {class: "visually-hidden"}, spoken));
}

function clicked(event, row, clause) {
  const link = event.target.closest("a");
  if (link && (event.ctrlKey || event.metaKey || event.shiftKey)) return;
  if (!link && window.getSelection().toString()) return; // somebody is copying the sentence
  event.preventDefault(); // the link is to be copied or opened elsewhere; here it must not take the filters away
  toggleDetail(row, clause);
}

function toggleDetail(row, clause, open = !row.classList.contains("opened")) {
  const isOpen = row.classList.contains("opened");
  if (open !== isOpen) {
    row.classList.toggle("opened", open);
    row.querySelector(".text button").setAttribute("aria-expanded", String(open));
    if (open) row.after(h("tr", {class: "detail"}, h("td", {colspan: 3 + DATA.implementations.length}, clauseDetail(clause))));
    else row.nextElementSibling.remove();
  }
  state.clause = open ? clause.id : "";
  writeAddress();
}

// Brings a clause to sight, whatever the filters hide.
function showClause(id) {
  const clause = CLAUSES.get(id);
  if (!fits(clause)) { state.filters = {}; applyFilters(); }
  if (!blocks.get(clause.module).classList.contains("open")) { openModules.add(clause.module); drawBlock(clause.module, true); }
  state.clause = id;
  const row = document.getElementById(id);
  toggleDetail(row, clause, true);
  const above = document.querySelector(".sticky"); // what stays in sight must not hide the row
  if (getComputedStyle(above).position === "sticky") document.documentElement.style.scrollPaddingTop = above.offsetHeight + 8 + "px";
  row.scrollIntoView({block: "start"});
}
