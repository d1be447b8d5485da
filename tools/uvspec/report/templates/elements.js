"use strict";
// Elements made from data. Text goes in as text, never as markup: a test may have written anything.

const DATA = JSON.parse(document.getElementById("data").textContent);
const MANY = DATA.implementations.length > 1;

// Each verdict: its sign, its word, what it means.
const VERDICTS = {
  fail: ["✕", "fail", "a test broke off, crashed or hung, or a check did not hold"],
  unresolved: ["?", "unresolved", "the test's own means failed, so nothing was learnt"],
  known: ["◩", "known", "it fails, and the expectations say so with a reason"],
  reported: ["≈", "reported", "a clause that leaves it open saw something else than its test says; never a failure"],
  pass: ["✓", "pass", "all of its tests passed"],
  unsupported: ["∅", "unsupported", "the library lacks a function that the test needs, or does not claim it"],
  skipped: ["»", "skipped", "it could not be tried here"],
  untested: ["–", "untested", "no test shows it: a caller's duty, or nothing that a program can see"],
  absent: ["·", "not run", "not part of this run"],
};
const STATUS_VERDICT = {crash: "fail", hang: "fail"};

function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(key, value);
  }
  element.append(...children.flat(Infinity).filter(c => c !== null && c !== undefined && c !== false && c !== ""));
  return element;
}

function verdict(name, word) {
  const known = VERDICTS[STATUS_VERDICT[name] || name];
  return h("span", {class: "v v-" + (STATUS_VERDICT[name] || name), title: known[2]},
    h("b", {"aria-hidden": "true"}, known[0]), word || (name in VERDICTS ? known[1] : name));
}

function plural(count, one, many) {
  return count + " " + (count === 1 ? one : many || one + "s");
}

// Shares of a whole; decoration beside numbers that say the same.
function bar(counts) {
  const total = Object.values(counts).reduce((a, b) => a + b, 0) || 1;
  return h("div", {class: "bar", "aria-hidden": "true"}, Object.keys(VERDICTS).filter(v => counts[v]).map(v =>
    h("i", {class: "f-" + v, style: "width:" + (100 * counts[v] / total).toFixed(2) + "%"})));
}

// An address becomes a link; everything else stays text.
function linked(text) {
  return text.split(/(https?:\/\/[^\s<>"')]+[^\s<>"').,;])/).map((part, i) =>
    i % 2 ? h("a", {href: part, rel: "noreferrer"}, part) : part);
}

function clauseLink(id) {
  return h("a", {href: "#" + id, class: "mono"}, id);
}

// Text with `code` in it, in paragraphs; **words** are strong. No more of Markdown than decisions use.
function prose(text) {
  const inline = t => t.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map(p => p.startsWith("`") && p.length > 2 ? h("code", {}, p.slice(1, -1)) :
    p.startsWith("**") && p.length > 4 ? h("strong", {}, p.slice(2, -2)) : linked(p));
  return text.split(/\n\n+/).map(block => {
    const lines = block.split("\n");
    if (/^[-*] /.test(lines[0])) return h("ul", {}, block.split(/\n(?=[-*] )/).map(l => h("li", {}, inline(l.replace(/^[-*] /, "")))));
    if (/^(\||```|    )/.test(lines[0])) return h("pre", {class: "wraps"}, block.replace(/^```\w*\n|\n```$/g, ""));
    return h("p", {}, inline(block));
  });
}

function copyable(text, shown) {
  const button = h("button", {type: "button", onclick: () => copy(text, button)}, "Copy");
  return h("p", {class: "copy"}, shown ? h("code", {}, shown) : null, button);
}

function copy(text, button) {
  const done = ok => { button.textContent = ok ? "Copied" : "Select it and press Ctrl+C"; setTimeout(() => { button.textContent = "Copy"; }, 1500); };
  if (navigator.clipboard && window.isSecureContext) { navigator.clipboard.writeText(text).then(() => done(true), () => done(false)); return; }
  const area = h("textarea", {style: "position:fixed;opacity:0", "aria-hidden": "true"}, text); // a page from a disk has no clipboard
  document.body.append(area);
  area.select();
  let ok = false;
  try { ok = document.execCommand("copy"); } catch (error) { ok = false; }
  area.remove();
  done(ok);
}
