(function () {
  "use strict";
  const $ = (s) => document.querySelector(s), all = (s) => [...document.querySelectorAll(s)];
  const body = $("#findings"), root = document.documentElement, theme = $("#theme");
  theme.hidden = false;
  theme.addEventListener("click", function () {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });
  if (body) read().then(start);

  // Data of many findings are packed: a string in place of an object.
  async function read() {
    const data = JSON.parse($("#data").textContent);
    if (typeof data !== "string") return data;
    const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
  }

  function start(data) {
    $("#tools").hidden = false;
    $("#unread").hidden = true;

    // Rows are made when they are shown: step at first and with each "more".
    const step = 200, words = data.words;
    const search = $("#search"), group = $("#group"), layer = $("#layer"), kind = $("#kind"), shown = $("#shown"), more = $("#more");
    const off = {}, only = {}, columns = body.parentNode.querySelectorAll("th").length;
    let lines = [], drawn = 0;
    const items = data.findings.map((f) => ({
      f: f, v: data.vulnerabilities[f.v], p: data.packages[f.p], a: data.advisories[f.a], severity: data.severities[f.s], open: false,
    }));

    // Text from images and feeds goes into the page as text nodes only.
    function el(name, className, ...content) {
      const e = document.createElement(name);
      if (className) e.className = className;
      e.append(...content);
      return e;
    }
    function subject(it) { return (it.p.name + " " + (it.p.version || "")).trim(); }
    function row(it) {
      const { f, v, p } = it, tr = el("tr", "finding" + (f.w ? " off" : ""));
      const id = el("td", "", el("b", "", v.id)), pkg = el("td", "", el("b", "", p.name), (p.also || []).map((n) => ", " + n).join(""));
      if (v.kev) id.append(el("span", "tag kev", words.kev));
      if (v.malicious) id.append(el("span", "tag mal", words.malicious));
      id.append(el("span", "what", v.title || v.id + ": " + subject(it)));
      if (p.path) pkg.append(el("span", "path", p.path));
      tr.append(el("td", "num c-prio", f.o.toFixed(0)), el("td", "", el("span", "badge b-" + it.severity, words[it.severity])), id, pkg,
        el("td", "c-ver mono", p.version || ""), el("td", "mono", el("span", f.fix ? "fix" : "none", f.fix || f.no)), el("td", "num c-layer", p.layer || ""));
      tr.tabIndex = 0;
      tr.dataset.id = v.id;
      tr.item = it;
      if (it.open) tr.classList.add("open");
      tr.setAttribute("aria-expanded", it.open);
      return tr;
    }
    function instruction(it) {
      const by = it.p.layer && all("ol.layers code.by")[it.p.layer - 1];
      return by ? by.textContent : "";
    }
    function link([text, url]) {
      const a = el("a", "", text || url);
      if (/^https?:\/\//.test(url)) a.href = url;
      return a;
    }
    function detail(it) {
      const grid = el("dl", "grid"), td = el("td", "", grid);
      for (const fact of [it.f.w, it.v.facts, it.a, it.f.e, it.p.facts].flatMap((facts) => facts || []))
        grid.append(el("dt", "", data.labels[fact.l]), el("dd", "", ...(fact.u || []).map(link), fact.t || ""));
      if (it.p.layer) grid.append(el("dt", "", words["html-layer"] + " " + it.p.layer), el("dd", "mono", instruction(it)));
      td.colSpan = columns;
      return el("tr", "detail", td);
    }
    function heading(name, n) {
      const td = el("td", "", el("b", "", name), " " + n);
      td.colSpan = columns;
      return el("tr", "group", td);
    }

    // draw adds lines to the table until n are in it.
    function draw(n) {
      const part = document.createDocumentFragment();
      for (const line of lines.slice(drawn, n)) {
        if (line.heading !== undefined) part.append(heading(line.heading, line.count));
        else part.append(row(line), ...(line.open ? [detail(line)] : []));
      }
      body.append(part);
      drawn = Math.min(n, lines.length);
      more.hidden = drawn === lines.length;
      more.textContent = words["html-show-more"].replace("%s", lines.length - drawn);
    }
    more.addEventListener("click", () => draw(drawn + step));
    // Paper has everything that the filter lets through.
    let onScreen = 0;
    addEventListener("beforeprint", () => { onScreen = drawn; draw(lines.length); });
    addEventListener("afterprint", () => show(onScreen));
    function show(n) {
      body.replaceChildren();
      drawn = 0;
      draw(n);
    }

    // Values of tables are read for the search once, however many findings share them.
    const texts = new Map();
    function strings(value) {
      if (typeof value === "string") return value + " ";
      return value instanceof Object ? Object.values(value).map(strings).join("") : "";
    }
    function text(value) {
      if (!texts.has(value)) texts.set(value, strings(value).toLowerCase());
      return texts.get(value);
    }
    function matches(it, wanted) {
      const parts = [text(it.v), text(it.p), text(it.a), text(it.f), words[it.severity].toLowerCase()];
      return wanted.every((w) => parts.some((part) => part.includes(w)));
    }
    function filter() {
      const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const seen = items.filter((it) => !off[it.severity] && (!only.fixable || it.f.fix) && (!only.kev || it.v.kev) &&
        (only.withdrawn || !it.f.w) && (!layer || !layer.value || +layer.value === it.p.layer) && (!kind || !kind.value || kind.value === it.f.k) && matches(it, wanted));
      shown.textContent = seen.length + " / " + items.length;
      lines = group.value ? grouped(seen) : seen;
      show(step);
    }
    // Groups stand in the order of their first rows.
    function grouped(seen) {
      const groups = new Map();
      for (const it of seen) {
        const name = groupName(it);
        if (!groups.has(name)) groups.set(name, []);
        groups.get(name).push(it);
      }
      return [...groups].flatMap(([name, members]) => [{ heading: name, count: members.length }, ...members]);
    }
    function groupName(it) { return group.value === "name" ? subject(it) : it.p.place; }

    let timer;
    search.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(filter, 120); });
    group.addEventListener("change", filter);
    if (layer) layer.addEventListener("change", filter);
    if (kind) kind.addEventListener("change", filter);
    function press(b) {
      const on = b.getAttribute("aria-pressed") !== "true";
      b.setAttribute("aria-pressed", on);
      return on;
    }
    all("button[data-severity]").forEach((b) => b.addEventListener("click", () => { off[b.dataset.severity] = !press(b); filter(); }));
    all("button[data-only]").forEach((b) => b.addEventListener("click", () => { only[b.dataset.only] = press(b); filter(); }));

    function toggle(tr) {
      const it = tr.item;
      it.open = tr.classList.toggle("open");
      tr.setAttribute("aria-expanded", it.open);
      if (it.open) tr.after(detail(it));
      else tr.nextElementSibling.remove();
    }
    body.addEventListener("click", function (e) {
      const tr = e.target.closest("tr.finding");
      if (tr && !String(getSelection())) toggle(tr);
    });
    body.addEventListener("keydown", function (e) {
      if (e.key === "Enter" && e.target.matches("tr.finding")) toggle(e.target);
    });

    const keys = {
      priority: (it) => it.f.o, rank: (it) => it.f.s, layer: (it) => it.p.layer || 0,
      id: (it) => it.v.id, name: (it) => it.p.name, fix: (it) => it.f.fix || "",
    };
    const order = new Intl.Collator(undefined, { numeric: true });
    all("th[data-sort]").forEach(function (th) {
      const key = keys[th.dataset.sort], numeric = typeof key(items[0]) === "number";
      function sort() {
        const up = th.getAttribute("aria-sort") === "descending" || (!numeric && !th.hasAttribute("aria-sort"));
        all("th[aria-sort]").forEach((o) => o.removeAttribute("aria-sort"));
        th.setAttribute("aria-sort", up ? "ascending" : "descending");
        items.sort(function (a, b) {
          const c = numeric ? key(a) - key(b) : order.compare(key(a), key(b));
          return up ? c : -c;
        });
        filter();
      }
      th.tabIndex = 0;
      th.addEventListener("click", sort);
      th.addEventListener("keydown", function (e) { if (e.key === "Enter") sort(); });
    });

    // An upgrade leads to the findings that it repairs.
    const upgrades = $("#upgrades"), later = $("#later");
    if (later) {
      document.body.classList.add("brief");
      later.hidden = false;
      later.addEventListener("click", function () { document.body.classList.remove("brief"); later.hidden = true; });
    }
    if (upgrades) upgrades.addEventListener("click", function (e) {
      const tr = e.target.closest("tr");
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
  }
})();
