// The filters, and the part of the address that holds them: `#?verdict=fail`, `#UV-TIMER-0031`, or both:
// `#UV-TIMER-0031?verdict=fail`. A link to the page as it is shown can be shared.

const FILTERS = ["q", "module", "verdict", "of", "level", "function", "profile", "differs"];
const state = {filters: {}, clause: ""};
const CLAUSES = new Map(DATA.clauses.map(c => [c.id, c]));

function searchText(clause) {
  if (clause.search === undefined) {
    clause.search = [clause.id, clause.text, ...(clause.functions || []), ...(clause.tests || []).map(t => DATA.tests[t].name)].join(" ").toLowerCase();
  }
  return clause.search;
}

function readAddress() {
  let hash = location.hash.slice(1);
  try { hash = decodeURIComponent(hash.replace(/\?.*/s, "")) + (hash.match(/\?.*/s) || [""])[0]; } catch (error) { /* as it is */ }
  const [name, query] = hash.split(/\?(.*)/s);
  if (name && !CLAUSES.has(name)) return false; // an anchor of the page
  const given = new URLSearchParams(query || "");
  state.filters = {};
  for (const key of FILTERS) if (given.get(key)) state.filters[key] = given.get(key);
  state.clause = name;
  return true;
}

function address() {
  const set = FILTERS.filter(k => state.filters[k]).map(k => [k, state.filters[k]]);
  return "#" + state.clause + (set.length ? "?" + new URLSearchParams(set) : "");
}

function writeAddress() {
  const wanted = address();
  if (location.hash !== wanted) history.replaceState(null, "", wanted === "#" ? location.pathname + location.search : wanted);
}

function cellOf(clause, i) {
  return DATA.cells[clause.cells[i]];
}

// Whether one implementation's cell fits; a clause that passed in part also counts by its other tests.
function cellFits(cell, wanted) {
  if (wanted === "red") return !!cell.red;
  if (cell.verdict === wanted) return true;
  const counts = cell.counts || {};
  return wanted === "fail" ? cell.verdict !== "known" && !!(counts.fail || counts.crash || counts.hang) : wanted !== "pass" && !!counts[wanted];
}

function fits(clause) {
  const f = state.filters;
  if (f.module && clause.module !== f.module) return false;
  if (f.level && clause.level !== f.level) return false;
  if (f.differs && !clause.differs) return false;
  if (f.profile && !(clause.profiles || []).includes(f.profile)) return false;
  if (f.function) {
    const all = [...(clause.functions || []), ...(clause.uses || [])];
    if (!(DATA.functionSet.has(f.function) ? all.includes(f.function) : all.some(name => name.includes(f.function)))) return false;
  }
  if (f.verdict) {
    const of = f.of === undefined ? -1 : Number(f.of);
    if (!clause.cells.some((c, i) => (of < 0 || i === of) && cellFits(DATA.cells[c], f.verdict))) return false;
  }
  return !f.q || f.q.toLowerCase().split(/\s+/).filter(Boolean).every(word => searchText(clause).includes(word));
}

function isFiltered() {
  return FILTERS.some(k => k !== "of" && state.filters[k]);
}

function tally(clauses, i) {
  const counts = {};
  for (const clause of clauses) {
    const name = cellOf(clause, i).verdict;
    counts[name] = (counts[name] || 0) + 1;
  }
  return counts;
}
