// Puts it together.

const form = document.getElementById("filter");

function options(name, values) {
  for (const [value, text] of values) form.elements[name].append(h("option", {value}, text));
}

function prepare() {
  const all = new Set(DATA.clauses.flatMap(c => [...(c.functions || []), ...(c.uses || [])]));
  DATA.functionSet = all;
  document.getElementById("functions").append(...[...all].sort().map(value => h("option", {value})));
  const seen = new Set(DATA.cells.map(c => c.verdict)), counted = new Set(DATA.cells.flatMap(c => Object.keys(c.counts || {})));
  options("module", [...DATA.modules].sort().map(m => [m, m]));
  options("verdict", [...(DATA.cells.some(c => c.red) ? [["red", "red"]] : []),
    ...Object.keys(VERDICTS).filter(v => seen.has(v) || counted.has(v)).map(v => [v, VERDICTS[v][0] + " " + VERDICTS[v][1]])]);
  options("of", DATA.implementations.map((about, i) => [String(i), about.name]));
  options("level", ["must", "may", "unspecified"].filter(l => DATA.clauses.some(c => c.level === l)).map(l => [l, l]));
  options("profile", Object.entries(DATA.profiles).map(([name, summary]) => [name, name]));
  document.body.classList.toggle("single", !MANY);
  document.body.classList.toggle("plain", !Object.keys(DATA.profiles).length);
}

function syncForm() {
  for (const name of FILTERS) {
    const field = form.elements[name], value = state.filters[name] || "";
    if (field.type === "checkbox") field.checked = !!value; else if (field.value !== value) field.value = value;
    field.classList.toggle("set", !!value);
  }
}

function readForm() {
  state.filters = {};
  for (const [name, value] of new FormData(form)) if (value) state.filters[name] = value;
  if (!state.filters.verdict) delete state.filters.of;
  state.clause = "";
  applyFilters();
}

function drawLegend() {
  const row = (sign, meaning) => h("div", {}, h("dt", {}, sign), h("dd", {}, meaning));
  document.getElementById("legend").append(h("h2", {}, "Legend"), h("div", {class: "legend"}, h("dl", {},
    Object.entries(VERDICTS).map(([name, [, , meaning]]) => row(verdict(name), meaning)),
    Object.entries(DATA.lanes).map(([name, meaning]) => row("lane " + name, meaning)),
    row("turns", "A timeline's turns of the loop are exact where uv_run() was called for one iteration; within a longer run they follow from the order " +
      "of phases, with timers first: those that a release runs at the end of an iteration stand at the beginning of the next turn."),
    row("red", "breaks a clause that binds, and is not expected; or is expected and does not happen"))));
}

let waiting = 0;
form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(readForm, 90); });
form.addEventListener("submit", event => event.preventDefault());
form.addEventListener("reset", () => setTimeout(readForm));
document.getElementById("expand").addEventListener("click", event => {
  const open = event.target.textContent === "Open all";
  event.target.textContent = open ? "Close all" : "Open all";
  for (const module of DATA.modules) if (shown.has(module)) { if (open) openModules.add(module); else openModules.delete(module); drawBlock(module, open); }
});
window.addEventListener("hashchange", follow);

function follow() {
  if (!readAddress()) return;
  const wanted = state.clause;
  applyFilters();
  if (wanted) showClause(wanted);
}

prepare();
drawSummary();
drawMatrix();
drawDocuments();
drawLegend();
if (readAddress()) { const wanted = state.clause; applyFilters(); if (wanted) showClause(wanted); } else applyFilters();
document.body.dataset.ready = "yes";
