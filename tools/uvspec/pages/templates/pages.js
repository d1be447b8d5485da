/* The search box. The index is loaded when it is first wanted; without a script the pages lack nothing else. */
(function () {
  "use strict";
  var box = document.getElementById("q"), list = document.getElementById("hits"), now = -1, waiting = false;
  if (!box || !list) return;
  var ORDER = { "function": 0, callback: 1, type: 2, constants: 2, constant: 3, module: 1, clause: 5, decision: 6 };

  function load() {
    if (window.UVSPEC_INDEX || waiting) return;
    waiting = true;
    var script = document.createElement("script");
    script.src = "search.js";
    script.onload = search;
    document.head.appendChild(script);
  }

  /* The smaller, the better; -1 for no match. All words have to be in the name or in what it says. */
  function rank(row, words) {
    var name = row[0].toLowerCase(), says = row[3].toLowerCase(), worst = 0;
    for (var i = 0; i < words.length; i++) {
      var w = words[i], at = name.indexOf(w), r;
      if (name === w || name === "uv_" + w) r = 0;
      else if (at === 0 || (at === 3 && name.slice(0, 3) === "uv_")) r = 10;
      else if (at > 0) r = 20;
      else if (says.indexOf(w) >= 0) r = 40;
      else return -1;
      worst = Math.max(worst, r);
    }
    return worst + (ORDER[row[1]] || 0) + Math.min(name.length, 60) / 100;
  }

  function search() {
    var text = box.value.trim().toLowerCase().replace(/\(\)/g, "");
    now = -1;
    list.textContent = "";
    list.hidden = !text || !window.UVSPEC_INDEX;
    if (list.hidden) { if (text) load(); return; }
    var words = text.split(/\s+/), found = [];
    window.UVSPEC_INDEX.forEach(function (row) {
      var r = rank(row, words);
      if (r >= 0) found.push([r, row]);
    });
    found.sort(function (a, b) { return a[0] - b[0] || (a[1][0] < b[1][0] ? -1 : 1); });
    found.slice(0, 40).forEach(function (hit) {
      var row = hit[1], item = document.createElement("li"), a = document.createElement("a");
      a.href = row[2];
      [["span", row[1], "kind"], ["code", row[0], ""], ["small", row[3], ""]].forEach(function (part) {
        var e = document.createElement(part[0]);
        e.textContent = part[1];
        if (part[2]) e.className = part[2];
        a.appendChild(e);
      });
      item.appendChild(a);
      list.appendChild(item);
    });
    if (!found.length) {
      var none = document.createElement("li");
      none.textContent = "nothing has all of these words";
      list.appendChild(none);
    }
  }

  function mark(to) {
    var items = list.querySelectorAll("li");
    if (!items.length) return;
    if (items[now]) items[now].className = "";
    now = (to + items.length) % items.length;
    items[now].className = "now";
    items[now].scrollIntoView({ block: "nearest" });
  }

  box.addEventListener("focus", load);
  box.addEventListener("input", search);
  box.form.addEventListener("submit", function (event) {
    var chosen = list.querySelector("li.now a") || list.querySelector("li a");
    event.preventDefault();
    if (chosen) { list.hidden = true; location.href = chosen.href; }
  });
  box.addEventListener("keydown", function (event) {
    if (event.key === "ArrowDown") { mark(now + 1); event.preventDefault(); }
    else if (event.key === "ArrowUp") { mark(now - 1); event.preventDefault(); }
    else if (event.key === "Escape") { list.hidden = true; }
  });
  list.addEventListener("click", function () { list.hidden = true; });
  document.addEventListener("keydown", function (event) {
    if (event.key === "/" && !/INPUT|TEXTAREA/.test(document.activeElement.tagName)) { box.focus(); event.preventDefault(); }
  });
  /* A link to a clause opens its evidence; a search from another page is carried on. */
  function open() {
    var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var evidence = target && /^UV-/.test(target.id) && target.querySelector("details");
    if (evidence) evidence.open = true;
  }
  window.addEventListener("hashchange", open);
  open();
  var asked = /[?&]q=([^&]*)/.exec(location.search);
  if (asked) { box.value = decodeURIComponent(asked[1].replace(/\+/g, " ")); load(); }
})();
