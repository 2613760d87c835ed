(function () {
  "use strict";
  var $ = function (s) { return document.querySelector(s); };
  var body = $("#findings"), root = document.documentElement;
  var theme = $("#theme");
  theme.hidden = false;
  theme.addEventListener("click", function () {
    var dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });
  if (!body) return;
  $("#tools").hidden = false;

  // A finding is two rows: the line and, hidden, its details.
  var items = [].map.call(body.querySelectorAll("tr.finding"), function (tr) {
    return { row: tr, detail: tr.nextElementSibling, data: tr.dataset, text: null };
  });
  items.forEach(function (it) { it.detail.hidden = true; });

  var search = $("#search"), group = $("#group"), layer = $("#layer"), shown = $("#shown"), off = {}, only = {};
  function text(it) {
    if (it.text === null) it.text = (it.row.textContent + " " + it.detail.textContent).toLowerCase();
    return it.text;
  }
  function filter() {
    var words = search.value.toLowerCase().split(/\s+/).filter(Boolean), n = 0;
    items.forEach(function (it) {
      var d = it.data;
      var ok = !off[d.severity] && (!only.fixable || d.fixable) && (!only.kev || d.kev) && (only.withdrawn || !d.off) &&
        (!layer || !layer.value || layer.value === d.layer) && words.every(function (w) { return text(it).indexOf(w) >= 0; });
      it.row.hidden = !ok;
      it.detail.hidden = !ok || !it.row.classList.contains("open");
      if (ok) n++;
    });
    shown.textContent = n + " / " + items.length;
    if (group.value) layOut();
  }
  var timer;
  search.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(filter, 120); });
  if (layer) layer.addEventListener("change", filter);
  [].forEach.call(document.querySelectorAll("button[data-severity]"), function (b) {
    b.addEventListener("click", function () {
      var on = b.getAttribute("aria-pressed") !== "true";
      b.setAttribute("aria-pressed", on);
      off[b.dataset.severity] = !on;
      filter();
    });
  });
  [].forEach.call(document.querySelectorAll("button[data-only]"), function (b) {
    b.addEventListener("click", function () {
      only[b.dataset.only] = b.getAttribute("aria-pressed") !== "true";
      b.setAttribute("aria-pressed", only[b.dataset.only]);
      filter();
    });
  });

  function toggle(tr) {
    tr.nextElementSibling.hidden = !tr.classList.toggle("open");
    tr.querySelector(".open-it").setAttribute("aria-expanded", tr.classList.contains("open"));
  }
  body.addEventListener("click", function (e) {
    var tr = e.target.closest("tr.finding");
    if (tr && !e.target.closest("a[href^=http]") && !String(getSelection())) toggle(tr);
  });
  body.addEventListener("keydown", function (e) {
    if (e.key === "Enter" && e.target.matches("tr.finding")) toggle(e.target);
  });

  // The rows stand in the order of the last sort; groups follow their first row.
  function heading(name, n) {
    var tr = document.createElement("tr"), td = document.createElement("td"), b = document.createElement("b");
    tr.className = "group";
    td.colSpan = 7;
    b.textContent = name;
    td.append(b, " " + n);
    tr.append(td);
    return tr;
  }
  function groupName(it) {
    return group.value === "name" ? (it.data.name + " " + it.data.version).trim() : it.data.place;
  }
  function layOut() {
    var all = document.createDocumentFragment(), groups = new Map();
    items.forEach(function (it) {
      var name = group.value ? groupName(it) : "";
      if (!groups.has(name)) groups.set(name, []);
      groups.get(name).push(it);
    });
    groups.forEach(function (members, name) {
      var seen = members.filter(function (it) { return !it.row.hidden; }).length;
      if (group.value && seen) all.appendChild(heading(name, seen));
      members.forEach(function (it) { all.append(it.row, it.detail); });
    });
    body.replaceChildren(all);
  }
  group.addEventListener("change", layOut);

  var numbers = { priority: 1, rank: 1, layer: 1 }, order = new Intl.Collator(undefined, { numeric: true });
  [].forEach.call(document.querySelectorAll("th[data-sort]"), function (th) {
    function sort() {
      var key = th.dataset.sort, up = th.getAttribute("aria-sort") === "descending" || (!numbers[key] && !th.hasAttribute("aria-sort"));
      [].forEach.call(document.querySelectorAll("th[aria-sort]"), function (o) { o.removeAttribute("aria-sort"); });
      th.setAttribute("aria-sort", up ? "ascending" : "descending");
      items.sort(function (a, b) {
        var c = numbers[key] ? a.data[key] - b.data[key] : order.compare(a.data[key], b.data[key]);
        return up ? c : -c;
      });
      layOut();
    }
    th.tabIndex = 0;
    th.addEventListener("click", sort);
    th.addEventListener("keydown", function (e) { if (e.key === "Enter") sort(); });
  });

  // An upgrade leads to the findings that it repairs.
  var upgrades = $("#upgrades"), later = $("#later");
  if (later) {
    document.body.classList.add("brief");
    later.hidden = false;
    later.addEventListener("click", function () { document.body.classList.remove("brief"); later.hidden = true; });
  }
  if (upgrades) upgrades.addEventListener("click", function (e) {
    var tr = e.target.closest("tr");
    if (!tr || String(getSelection())) return;
    search.value = tr.dataset.find;
    filter();
    search.scrollIntoView({ block: "center" });
  });

  // "/" begins a search, Escape ends it.
  document.addEventListener("keydown", function (e) {
    if (e.key === "/" && e.target !== search) { e.preventDefault(); search.focus(); }
    if (e.key === "Escape" && e.target === search) { search.value = ""; filter(); search.blur(); }
  });
  filter();
})();
