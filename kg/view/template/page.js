// Joins model, canvas and panels: reads what the user does, keeps the address in step, says what changed.
const $ = (id) => document.getElementById(id);
const query = $("query"), list = $("matches");
let options = [], active = -1;

function speak() {
  document.documentElement.lang = state.lang === "zh" ? "zh-Hans" : "en";
  document.querySelectorAll("[data-word]").forEach((at) => { at.textContent = word(at.dataset.word); });
  document.querySelectorAll("[data-label]").forEach((at) => {
    at.setAttribute("aria-label", word(at.dataset.label));
    if (at.tagName === "BUTTON") at.title = word(at.dataset.label);
  });
  document.querySelectorAll("[data-hint]").forEach((at) => { at.placeholder = word(at.dataset.hint); });
  $("title").textContent = document.title = plain(data.title) || word("title");
  document.title = $("title").textContent;
  // A shape has its colour in the legend only where colours mean types.
  legend("types", types.map((term, at) => [at, termLabel(term), term.name]), state.offTypes, (at) => icon(at, state.colour === "type" ? null : "currentColor"));
  legend("predicates", predicates.map((term, at) => [at, termLabel(term), term.name]), state.offPredicates, () => null);
  legend("groups", groups().map(([at, label]) => [at, label, at]), state.offGroups, (at) => swatch(groupColour(at)));
  $("colouring").hidden = state.colour === "type";
  $("colouring-title").textContent = word(state.colour === "rank" ? "centrality" : "communities");
}

function legend(id, terms, off, picture) {
  $(id).replaceChildren(...terms.map(([at, label, key]) => {
    const box = el("input", { type: "checkbox", "data-term": key, on: { change: () => { box.checked ? off.delete(at) : off.add(at); filter(); } } });
    box.checked = !off.has(at);
    return el("li", {}, el("label", { title: label }, box, picture(at), name(label, "grow"), el("span", { class: "count", "data-count": key })));
  }));
}
function swatch(colour) {
  const made = el("span", { class: "swatch", "aria-hidden": "true" });
  made.style.background = colour;
  return made;
}

// After any change of a filter.
function filter() {
  sieve();
  if (state.path) state.path.steps = pathBetween(state.path.start, state.path.goal);
  gather();
  refresh();
  report();
  showPanel();
  remember();
}
// Where a slider stands, also in words for those who do not see it.
function slide(id, value, text = "") {
  $(id).value = value;
  $(id).setAttribute("aria-valuetext", text);
  span(id, { at: value / $(id).max });
  $(`${id}-now`).textContent = text;
}
function span(id, shares) { for (const [key, share] of Object.entries(shares)) $(id).style.setProperty(`--${key}`, `${(share || 0) * 100}%`); }
// Above the slider, how many facts hold over time.
function drawPulse() {
  const heights = holding(), most = Math.max(...heights, 1), steps = heights.map((count, at) => `V${1 - count / most}H${at + 1}`).join("");
  for (const path of $("pulse").querySelectorAll("path")) path.setAttribute("d", `M0 1${steps}V1Z`);
  $("pulse").querySelector("svg").setAttribute("viewBox", `0 0 ${Math.max(moments.length, 1)} 1`);
}
function report() {
  const now = counts();
  $("status").textContent = `${number(now.entities)} ${word("entities")} · ${number(now.facts)} ${word("facts")} · ${number(now.documents)} ${word("documents")}`;
  document.querySelectorAll("#types [data-count]").forEach((at, id) => { at.textContent = number(now.byType[id]); });
  document.querySelectorAll("#predicates [data-count]").forEach((at, id) => { at.textContent = number(now.byPredicate[id]); });
  document.querySelectorAll("#groups [data-count]").forEach((at) => { at.textContent = number(now.byGroup[at.dataset.count] || 0); });
  slide("confidence", state.confidence, percent(state.confidence / 100));
  slide("from", state.from, dates[state.from]); slide("to", state.to, dates[state.to]);
  slide("as-of", state.asOf === null ? moments.length : Math.max(momentBefore(state.asOf), 0), state.asOf ?? word("anyTime"));
  span("dates", { from: state.from / (dates.length - 1), to: state.to / (dates.length - 1) });
  span("pulse", { at: $("as-of").value / moments.length });
  $("fold").checked = foldable > 0 && state.folded.size === foldable; $("fold").indeterminate = state.folded.size > 0 && state.folded.size < foldable; $("fold").disabled = !foldable;
  $("undated").checked = state.undated; $("alone").checked = state.alone; $("colour").value = state.colour;
  const empty = $("empty"), none = !now.entities;
  empty.hidden = !none;
  if (none) {
    empty.firstElementChild.textContent = word(nodes.length ? "filteredTitle" : "emptyTitle");
    empty.lastElementChild.textContent = word(nodes.length ? "filteredText" : "emptyText");
  }
}

// Selection
function pick(what, { centre = false, quiet = false } = {}) {
  if (what?.node != null && state.pathFrom != null && state.pathFrom !== what.node) {
    state.path = { start: state.pathFrom, goal: what.node, steps: pathBetween(state.pathFrom, what.node) };
    state.pathFrom = null; what = null; centre = true;
  } else state.path = null;
  state.selected = what;
  if (!what && !state.path) state.pathFrom = null;
  hideTip();
  gather(); refresh(); showPanel();
  if (centre && near?.size) focusOn([...near]);
  if (!quiet) remember(true);
}
const goTo = (id) => { pick({ node: id }, { centre: true }); };

detail.addEventListener("click", (event) => {
  const at = event.target.closest("button");
  if (!at) return;
  const { node, edge, pathFrom } = at.dataset;
  if (node != null) goTo(Number(node));
  else if (edge != null) pick({ edge: Number(edge) }, { centre: true });
  else if (pathFrom != null) { state.pathFrom = Number(pathFrom); showPanel(); query.focus(); return; }
  else if (at.dataset.back != null) history.length > 1 && trail > 0 ? history.back() : pick(null);
  else if (at.dataset.close != null) { pick(null); return; }
  else return;
  detail.querySelector("h2[tabindex]")?.focus({ preventScroll: true });
});

// Search box
function complete() {
  options = matches(query.value);
  active = options.length ? 0 : -1;
  const wanted = fold(query.value);
  list.replaceChildren(...options.map(({ at, name: found }, i) => el("li", { role: "option", id: `match-${i}`, "aria-selected": String(i === active), "data-node": at },
    nodeIcon(at), el("span", { class: "grow" }, name(nodeLabel(nodes[at])), fold(found) !== fold(nodeLabel(nodes[at])) ? name(found, "said") : null), el("span", { class: "kind" }, termLabel(types[nodes[at].type])))));
  if (wanted && !options.length) list.append(el("li", { class: "none" }, word("noMatches")));
  list.hidden = !wanted;
  query.setAttribute("aria-expanded", String(Boolean(wanted)));
  choose(active);
}
function choose(at) {
  active = at;
  [...list.querySelectorAll("[role=option]")].forEach((item, i) => item.setAttribute("aria-selected", String(i === at)));
  if (at >= 0) query.setAttribute("aria-activedescendant", `match-${at}`); else query.removeAttribute("aria-activedescendant");
}
function closeMatches() { list.hidden = true; query.setAttribute("aria-expanded", "false"); query.removeAttribute("aria-activedescendant"); }
function accept(id) { query.value = ""; closeMatches(); query.blur(); goTo(id); detail.querySelector("h2[tabindex]")?.focus({ preventScroll: true }); }
query.addEventListener("input", complete);
query.addEventListener("focus", () => { if (query.value) complete(); });
query.addEventListener("blur", () => setTimeout(closeMatches, 150));
query.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (options.length) choose((active + (event.key === "ArrowDown" ? 1 : options.length - 1)) % options.length);
  } else if (event.key === "Enter" && options[active]) { event.preventDefault(); accept(options[active].at); }
  else if (event.key === "Escape") { event.stopPropagation(); if (query.value) { query.value = ""; closeMatches(); } else { query.blur(); if (state.pathFrom != null) pick(state.selected); } }
});
list.addEventListener("pointerdown", (event) => {
  const at = event.target.closest("[data-node]");
  event.preventDefault();
  if (at) accept(Number(at.dataset.node));
});

// Filters
function setAll(off, terms, on) { off.clear(); if (!on) terms.forEach((_, at) => off.add(at)); speak(); filter(); }
$("types-all").onclick = () => setAll(state.offTypes, types, true);
$("types-none").onclick = () => setAll(state.offTypes, types, false);
$("predicates-all").onclick = () => setAll(state.offPredicates, predicates, true);
$("predicates-none").onclick = () => setAll(state.offPredicates, predicates, false);
$("confidence").oninput = () => { state.confidence = Number($("confidence").value); filterSoon(); };
$("as-of").oninput = () => { const at = Number($("as-of").value); state.asOf = at < moments.length ? moments[at] : null; filterSoon(); };
$("from").oninput = () => { state.from = Math.min(Number($("from").value), state.to); filterSoon(); };
$("to").oninput = () => { state.to = Math.max(Number($("to").value), state.from); filterSoon(); };
$("undated").onchange = () => { state.undated = $("undated").checked; filter(); };
$("alone").onchange = () => { state.alone = $("alone").checked; filter(); };
$("colour").onchange = () => { state.colour = $("colour").value; state.offGroups.clear(); speak(); filter(); restyle(); };
$("groups-all").onclick = () => setAll(state.offGroups, [], true);
$("groups-none").onclick = () => { groups().forEach(([at]) => state.offGroups.add(at)); speak(); filter(); };
$("fold").onchange = () => { foldAll($("fold").checked); filter(); };
function toggleFold(community) {
  if (state.folded.has(community)) state.folded.delete(community); else if (communities[community].length > 2) state.folded.add(community); else return;
  filter();
}
$("reset").onclick = () => { clearFilters(); speak(); filter(); restyle(); };
let pendingFilter = 0;
function filterSoon() { report(); cancelAnimationFrame(pendingFilter); pendingFilter = requestAnimationFrame(filter); }
function clearFilters() {
  state.offTypes.clear(); state.offPredicates.clear(); state.offGroups.clear(); state.folded.clear();
  Object.assign(state, { confidence: 0, asOf: null, from: 0, to: Math.max(dates.length - 1, 0), undated: true, alone: true, colour: "type" });
}

// The address: `#…` holds what is selected and filtered, so that it can be sent on, and "back" undoes.
let silent = false, trail = 0, remembered = -Infinity;
const past = [];
function undo() {
  if (!past.length) return;
  const back = past.pop();
  $("undo").disabled = !past.length;
  location.replace(back);
}
function address() {
  const part = new URLSearchParams(), { selected, path } = state;
  if (path) part.set("path", [path.start, path.goal].map((id) => nodes[id].iri).join(" "));
  else if (selected?.node != null) part.set("node", nodes[selected.node].iri);
  else if (selected?.edge != null) part.set("claim", claims[edges[selected.edge].claims[0]].id);
  const without = (off, terms) => [...off].sort((a, b) => a - b).map((at) => terms[at].name).join(" ");
  if (state.offTypes.size) part.set("without", without(state.offTypes, types));
  if (state.offPredicates.size) part.set("not", without(state.offPredicates, predicates));
  if (state.confidence) part.set("confidence", state.confidence);
  if (state.asOf !== null) part.set("as-of", state.asOf);
  if (state.from > 0) part.set("from", dates[state.from]);
  if (state.to < dates.length - 1) part.set("to", dates[state.to]);
  if (!state.undated) part.set("undated", "no");
  if (!state.alone) part.set("alone", "no");
  if (state.colour !== "type") part.set("colour", state.colour);
  if (state.offGroups.size) part.set("groups", groups().map(([at]) => at).filter((at) => !state.offGroups.has(at)).join(" "));
  if (state.folded.size) part.set("fold", state.folded.size === foldable ? "all" : [...state.folded].sort((a, b) => a - b).join(" "));
  return "#" + part;
}
function remember(step = false) {
  const next = address();
  if (silent || next === (location.hash || "#")) return;
  const now = performance.now();
  if (step || now - remembered > 600) past.push(location.hash || "#"); // a drag of a slider is one step
  remembered = now;
  $("undo").disabled = !past.length;
  if (step) { trail += 1; location.hash = next; } else location.replace(next);
}
function recall() {
  const part = new URLSearchParams(location.hash.slice(1)), byIri = (iri) => nodes.findIndex((node) => node.iri === iri);
  const off = (key, terms) => new Set((part.get(key) || "").split(" ").map((term) => terms.findIndex((each) => each.name === term)).filter((at) => at >= 0));
  clearFilters();
  state.offTypes = off("without", types); state.offPredicates = off("not", predicates);
  state.confidence = Math.min(Math.max(Number(part.get("confidence")) || 0, 0), 100);
  if (dateRank.has(part.get("from"))) state.from = dateRank.get(part.get("from"));
  if (dateRank.has(part.get("to"))) state.to = dateRank.get(part.get("to"));
  state.asOf = lastDay(part.get("as-of"));
  state.undated = part.get("undated") !== "no"; state.alone = part.get("alone") !== "no";
  state.colour = ["community", "rank"].includes(part.get("colour")) ? part.get("colour") : "type";
  if (part.has("groups")) { const on = new Set(part.get("groups").split(" ")); groups().forEach(([at]) => { if (!on.has(String(at))) state.offGroups.add(at); }); }
  if (part.get("fold") === "all") foldAll(true);
  else (part.get("fold") || "").split(" ").filter(Boolean).map(Number).forEach((at) => { if (communities[at]?.length > 2) state.folded.add(at); });
  sieve();
  state.selected = state.path = null;
  const node = byIri(part.get("node")), claim = part.has("claim") ? claims.findIndex((each) => each.id === part.get("claim")) : -1;
  const ends = (part.get("path") || "").split(" ").map(byIri);
  if (ends.length === 2 && ends.every((at) => at >= 0)) state.path = { start: ends[0], goal: ends[1], steps: pathBetween(...ends) };
  else if (node >= 0) state.selected = { node };
  else if (claim >= 0) state.selected = { edge: edges.findIndex((edge) => edge.claims.includes(claim)) };
  gather();
}
addEventListener("hashchange", () => {
  if ((location.hash || "#") === address()) return;
  silent = true; trail = Math.max(trail - 1, 0); recall(); speak(); restyle(); refresh(); report(); showPanel();
  if (near?.size) focusOn([...near]);
  silent = false;
});

// Saving what is shown
function download(file, type, content) {
  const at = el("a", { download: file, href: URL.createObjectURL(new Blob([content], { type })) });
  at.click();
  setTimeout(() => URL.revokeObjectURL(at.href), 1000);
}
function savePng() {
  const from = stage.querySelector("canvas"), to = el("canvas", { width: from.width, height: from.height }), ctx = to.getContext("2d");
  ctx.fillStyle = colours.paper; ctx.fillRect(0, 0, to.width, to.height); ctx.drawImage(from, 0, 0);
  to.toBlob((blob) => download("graph.png", "image/png", blob));
}
function saveSvg() {
  const box = bounds(), part = (tag, attributes, text) => {
    const made = document.createElementNS(SVG, tag);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    if (text) made.textContent = text;
    return made;
  };
  const svg = part("svg", { viewBox: `${box.x - 80} ${box.y - 40} ${box.w + 160} ${box.h + 90}`, "font-family": FONT });
  svg.append(part("rect", { x: box.x - 80, y: box.y - 40, width: box.w + 160, height: box.h + 90, fill: colours.paper }));
  const lines = new Set(), places = room(), pen = document.createElement("canvas").getContext("2d"), font = `12px ${FONT}`;
  edges.forEach((edge, at) => {
    const [from, to] = [standIn(edge.from), standIn(edge.to)].sort((a, b) => a - b), key = `${from}-${to}`;
    if (!shown.edges[at] || from === to || lines.has(key)) return;
    lines.add(key);
    svg.append(part("line", { x1: nodes[from].x, y1: nodes[from].y, x2: nodes[to].x, y2: nodes[to].y, stroke: colours.edge }));
  });
  pen.font = font;
  nodes.forEach((node, id) => {
    if (!shown.nodes[id] || standIn(id) !== id) return;
    const r = bulk(node), text = drawnLabel(id), w = labelWidth(pen, text, font), label = { x: node.x - w / 2, y: node.y + r + 3, w, h: 15, own: id };
    svg.append(part("path", { d: types[node.type].path, "fill-rule": "evenodd", fill: colourOf(node), transform: `translate(${node.x} ${node.y}) scale(${r})` }));
    if (!places.free(label, id)) return; // labels of the more central come first and are not covered
    places.take(label);
    svg.append(part("text", { x: node.x, y: node.y + r + 14, "font-size": 12, "text-anchor": "middle", fill: colours.ink, stroke: colours.paper, "stroke-width": 3, "paint-order": "stroke" }, text));
  });
  download("graph.svg", "image/svg+xml", new XMLSerializer().serializeToString(svg));
}
function saveCsv() {
  // A cell that a spreadsheet would take for a formula is led by an apostrophe.
  const cell = (value) => `"${String(value ?? "").replace(/^(?=\s*[=+\-@＝＋－＠]|[\t\r\n])/, "'").replaceAll('"', '""')}"`;
  const lines = [["subject", "predicate", "object", "confidence", "date", "role", "value", "amount", "status", "holds from", "holds to", "document", "path", "sentence"]];
  for (const edge of edges) for (const id of edge.claims) {
    if (!shown.claims[id]) continue;
    const claim = claims[id], ends = claim.turned ? [edge.to, edge.from] : [edge.from, edge.to], from = data.documents[claim.document];
    lines.push([nodeLabel(nodes[ends[0]]), predicates[edge.predicate].name, nodeLabel(nodes[ends[1]]), claim.confidence, claim.date, claim.role, claim.value, claim.amount, claim.status, firstDay(claim), claim.last, from.title, from.path, data.passages[claim.passage][1]]);
  }
  download("facts.csv", "text/csv;charset=utf-8", "\ufeff" + lines.map((line) => line.map(cell).join(",") + "\r\n").join(""));
}
function openMenu(open) { $("save-menu").hidden = !open; $("save").setAttribute("aria-expanded", String(open)); }
$("save").onclick = () => openMenu($("save-menu").hidden);
for (const [id, run] of [["save-png", savePng], ["save-svg", saveSvg], ["save-csv", saveCsv]]) $(id).onclick = () => { openMenu(false); run(); };

// Buttons and keys
$("language").onclick = () => { state.lang = state.lang === "zh" ? "en" : "zh"; speak(); report(); showPanel(); network.redraw(); };
function wear() { document.documentElement.dataset.theme = state.dark ? "dark" : "light"; }
function setTheme(dark) { state.dark = dark; wear(); speak(); report(); restyle(); showPanel(); }
$("theme").onclick = () => setTheme(!state.dark);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => setTheme(event.matches));
function openFilters(open) { document.body.classList.toggle("has-filters", open); $("show-filters").setAttribute("aria-expanded", String(open)); }
$("show-filters").onclick = () => openFilters(!document.body.classList.contains("has-filters"));
$("stage").addEventListener("pointerdown", () => openFilters(false));
$("undo").onclick = undo;
$("stir").onclick = () => { const on = $("stir").getAttribute("aria-pressed") !== "true"; $("stir").setAttribute("aria-pressed", String(on)); stir(on); };
$("zoom-in").onclick = () => zoomBy(1.35);
$("zoom-out").onclick = () => zoomBy(1 / 1.35);
$("fit").onclick = fit;
$("network").addEventListener("keydown", (event) => {
  const moves = { ArrowLeft: [-70, 0], ArrowRight: [70, 0], ArrowUp: [0, -70], ArrowDown: [0, 70] }, zooms = { "+": 1.25, "=": 1.25, "-": 0.8 };
  if (moves[event.key]) panBy(...moves[event.key]); else if (zooms[event.key]) zoomBy(zooms[event.key]); else if (event.key === "0") fit(); else return;
  event.preventDefault();
});
addEventListener("keydown", (event) => {
  if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName) || event.key === "/" && document.activeElement?.type === "checkbox") { event.preventDefault(); query.focus(); query.select(); }
  if (event.key === "z" && (event.ctrlKey || event.metaKey) && document.activeElement !== query) { event.preventDefault(); undo(); }
  if (event.key === "Escape") {
    if (!$("save-menu").hidden) { openMenu(false); $("save").focus(); }
    else if (document.body.classList.contains("has-filters")) openFilters(false);
    else if (state.pathFrom != null) { state.pathFrom = null; showPanel(); }
    else if (state.selected || state.path) pick(null);
  }
});
addEventListener("pointerdown", (event) => { if (!event.target.closest(".menu")) openMenu(false); });

wear();
$("from").max = $("to").max = Math.max(dates.length - 1, 0);
$("dates").hidden = dates.length < 2;
$("as-of").max = moments.length;
$("times").hidden = moments.length < 2;
drawPulse();
recall();
speak();
startNetwork((what) => pick(what));
report();
showPanel();
if (near?.size) focusOn([...near]);
document.documentElement.dataset.ready = "";
