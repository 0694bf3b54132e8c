// What stands beside the graph. Every text goes in as a text node; nothing is ever parsed as HTML.
const detail = document.getElementById("detail");
const SVG = "http://www.w3.org/2000/svg";

function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") Object.entries(value).forEach(([event, run]) => made.addEventListener(event, run));
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child != null && child !== false));
  return made;
}
function icon(type, colour = null) {
  const svg = document.createElementNS(SVG, "svg"), path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "-1.4 -1.4 2.8 2.8"); svg.setAttribute("class", "icon"); svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", types[type].path); path.setAttribute("fill-rule", "evenodd");
  path.setAttribute("fill", colour || types[type][theme()]);
  svg.append(path);
  return svg;
}
const name = (text, cls = "") => el("bdi", { class: cls }, plain(text));
const percent = (share) => new Intl.NumberFormat(state.lang, { style: "percent", maximumFractionDigits: 0 }).format(share);
const number = (value) => new Intl.NumberFormat(state.lang).format(value);
// As it is coloured in the graph.
const nodeIcon = (id) => icon(nodes[id].type, colourOf(nodes[id]));
const nodeButton = (id, cls = "node") => el("button", { class: cls, "data-node": id }, nodeIcon(id), name(nodeLabel(nodes[id])));

function amount({ value, unit }) {
  const compact = { notation: Math.abs(value) >= 1e4 ? "compact" : "standard", maximumFractionDigits: 2 };
  if (unit === "percent") return new Intl.NumberFormat(state.lang, { maximumFractionDigits: 2 }).format(value) + "%";
  if (/^[A-Z]{3}$/.test(unit || "")) return new Intl.NumberFormat(state.lang, { ...compact, style: "currency", currency: unit, minimumFractionDigits: 0 }).format(value);
  const counted = state.lang === "zh" ? own(words.units, unit) : undefined;
  return new Intl.NumberFormat(state.lang, compact).format(value) + (counted ?? (unit ? " " + unit.replaceAll("_", " ") : ""));
}
function metricName(metric) {
  const known = own(words.metrics[state.lang], metric), base = metric.replace(/_growth$/, "");
  if (known || base === metric) return known ?? metric.replaceAll("_", " ");
  return metricName(base) + word("growth"); // the reader makes such names of any metric
}

// A sentence with the words before and after it, the names of both ends marked. Around it so many characters are kept, cut anywhere.
const CONTEXT = 60;
function sentence(passage, marked) {
  const [before, quote, after] = data.passages[passage].map((part) => part.replaceAll("**", "").replace(/\s+/g, " ")); // no marks of bold type
  const [isWhole, , endsWhole] = data.passages[passage].map((part) => [...part].length < CONTEXT);
  const prefix = isWhole ? before : "…" + before.replace(/^[\p{Script=Latin}\d]*[\s\p{P}]*/u, "");
  const suffix = endsWhole ? after : after.replace(/[\p{Script=Latin}\d]+$/u, "").trimEnd() + "…";
  const text = prefix + quote + suffix, quoteStart = prefix.length, quoteEnd = quoteStart + quote.length;
  const cuts = highlighted(text, marked), block = el("blockquote", { dir: "auto" });
  const put = (from, to, role) => {
    for (const [start, end, cls] of [[from, Math.min(to, quoteStart), "around"], [Math.max(from, quoteStart), Math.min(to, quoteEnd), "quote"], [Math.max(from, quoteEnd), to, "around"]]) {
      if (start >= end) continue;
      block.append(role ? el("mark", { class: role }, text.slice(start, end)) : el("span", { class: cls }, text.slice(start, end)));
    }
  };
  let at = 0;
  for (const cut of cuts) { put(at, cut.at); put(cut.at, cut.end, cut.role); at = cut.end; }
  put(at, text.length);
  return block;
}
function source(document_, date) {
  const { title, path } = data.documents[document_];
  return el("cite", {}, name(title, "title"), el("span", { class: "where" }, date ? el("time", {}, date) : word("undatedShort"), " · ", name(path)));
}

function evidence(claim, edge) {
  const [subject, object] = claim.turned ? [edge.to, edge.from] : [edge.from, edge.to];
  const facts = [["role", claim.role], ["value", claim.value], ["amount", claim.amount], ["holdsOn", claim.holds_on], ["since", claim.since], ["until", claim.until], ["status", claim.status && word(claim.status)]].filter(([, value]) => value != null && value !== "");
  return el("article", { class: "evidence" },
    sentence(claim.passage, [[nodes[subject], "subject"], [nodes[object], "object"]]),
    source(claim.document, claim.date),
    el("dl", {}, ...facts.flatMap(([key, value]) => [el("dt", {}, word(key)), el("dd", {}, name(value))]),
      el("dt", {}, word("sure")), el("dd", {}, meter(claim.confidence), percent(claim.confidence)),
      ...(claim.found_by ? [el("dt", {}, word("foundBy")), el("dd", { class: "code" }, name(claim.found_by))] : [])));
}
function meter(share) {
  const bar = el("span", { class: "meter", "aria-hidden": "true" }), fill = el("span");
  fill.style.width = `${Math.round(share * 100)}%`;
  bar.append(fill);
  return bar;
}

const closer = () => el("button", { class: "close", "data-close": true, "aria-label": word("close") }, "×");
function heading(level, title, ...rest) { return el(level, {}, title, ...rest); }

// [entity, how many others it is tied to by the facts shown], the most first.
function mostConnected(limit) {
  const ties = nodes.map(({ edges: all }, id) => [id, new Set(all.filter((edge) => shown.edges[edge.id]).map((edge) => edge.from + edge.to - id)).size]);
  return ties.filter(([, count]) => count).sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, limit);
}
function overviewPanel() {
  const now = counts(), top = mostConnected(12);
  const figure = (value, key) => el("div", {}, el("strong", {}, number(value)), el("span", {}, word(key)));
  return [
    el("div", { class: "figures" }, figure(now.entities, "entities"), figure(now.facts, "facts"), figure(now.documents, "documents")),
    el("p", { class: "intro" }, word("intro")),
    top.length && heading("h3", word("mostConnected")),
    top.length && el("ol", { class: "rows" }, ...top.map(([id, ties]) => el("li", {}, el("button", { class: "row", "data-node": id }, nodeIcon(id), name(nodeLabel(nodes[id]), "grow"), el("span", { class: "count" }, number(ties)))))),
    el("div", { class: "keys" }, heading("h3", word("keys")),
      ...[["/", "keySearch"], ["Esc", "keyEscape"], ["← ↑ → ↓ + − 0", "keyMove"], ["Ctrl Z", "undo"]].map(([key, text]) => el("p", {}, el("kbd", {}, key), " ", word(text)))),
  ];
}

function factRow(edge, id) {
  const other = edge.from === id ? edge.to : edge.from, seen = edge.claims.filter((claim) => shown.claims[claim]).map((claim) => claims[claim]);
  const said = [...new Set(seen.flatMap((claim) => [claim.role, claim.value, claim.amount, claim.status && word(claim.status)].filter(Boolean)))].slice(0, 3).join(" · ");
  const best = Math.max(...seen.map((claim) => claim.confidence));
  return el("li", {}, el("button", { class: "row", "data-edge": edge.id, title: `${word("sure")} ${percent(best)}` },
    nodeIcon(other), el("span", { class: "grow" }, name(nodeLabel(nodes[other])), said ? name(said, "said") : null),
    seen.length > 1 ? el("span", { class: "count" }, `×${seen.length}`) : null, meter(best)));
}
function nodePanel(id) {
  const node = nodes[id], groups = new Map();
  for (const edge of node.edges) {
    if (!shown.edges[edge.id]) continue;
    const way = edge.arrows === "" ? "both" : edge.from === id ? "outgoing" : "incoming", key = `${way}-${String(edge.predicate).padStart(3, "0")}`;
    if (!groups.has(key)) groups.set(key, { way, predicate: edge.predicate, members: [] });
    groups.get(key).members.push(edge);
  }
  const order = ["outgoing", "both", "incoming"], arrows = { outgoing: "→", both: "↔", incoming: "←" };
  const listed = [...groups.values()].sort((a, b) => order.indexOf(a.way) - order.indexOf(b.way) || a.predicate - b.predicate);
  const told = new Set([nodeLabel(node), otherLabel(node)].map(fold)); // a name in another case is no other name
  const aliases = node.names.filter((alias) => !told.has(fold(alias)) && told.add(fold(alias)));
  const other = otherLabel(node), figures = node.observations.filter((row) => holds(row) && !(row.confidence * 100 < state.confidence));
  return [
    el("p", { class: "kind" }, nodeIcon(id), termLabel(types[node.type])),
    el("h2", { tabindex: "-1" }, name(nodeLabel(node))),
    other !== nodeLabel(node) && el("p", { class: "other" }, name(other)),
    aliases.length > 0 && el("p", { class: "aliases" }, word("alsoNamed"), " ", ...aliases.slice(0, 12).map((alias) => name(alias, "alias"))),
    (node.edges.length > 0 || data.pages) && el("p", {}, node.edges.length > 0 && el("button", { class: "plain", "data-path-from": id }, word("path")),
      data.pages && el("a", { class: "plain", href: `${data.pages}entity?${new URLSearchParams({ iri: node.iri })}` }, word("entityPage"))),
    figures.length > 0 && heading("h3", word("figures")),
    figures.length > 0 && observationTable(node, figures),
    ...listed.flatMap(({ way, predicate, members }) => [
      heading("h3", el("span", { class: "arrow", title: way === "both" ? "" : word(way) }, arrows[way]), " ", termLabel(predicates[predicate]), el("span", { class: "count" }, number(members.length))),
      el("ul", { class: "rows" }, ...members.map((edge) => factRow(edge, id))),
    ]),
    !listed.length && el("p", { class: "intro" }, word("noFacts")),
  ];
}
function observationTable(node, figures) {
  const body = el("tbody");
  figures.forEach((row, at) => {
    const more = el("tr", { class: "more", hidden: true, id: `figure-${at}` }, el("td", { colspan: 3 }, sentence(row.passage, [[node, "subject"], [{ names: [row.words] }, "object"]]), source(row.document, row.date)));
    const toggle = el("button", { class: "figure", "aria-expanded": "false", "aria-controls": `figure-${at}`, on: { click: () => {
      more.hidden = !more.hidden; toggle.setAttribute("aria-expanded", String(!more.hidden));
    } } }, metricName(row.metric));
    body.append(el("tr", {}, el("th", { scope: "row" }, toggle), el("td", { class: "value", title: row.words }, amount(row)), el("td", {}, row.period || "")), more);
  });
  return el("table", {}, el("thead", {}, el("tr", {}, ...["metric", "value", "period"].map((key) => el("th", { scope: "col" }, word(key))))), body);
}

function edgePanel(at) {
  const edge = edges[at], seen = edge.claims.filter((claim) => shown.claims[claim]);
  const cited = seen.length ? seen : edge.claims;
  return [
    el("p", { class: "kind" }, word("evidence"), " · ", `${cited.length} ${word(cited.length === 1 ? "sentence" : "sentences")}`),
    el("h2", { class: "triple", tabindex: "-1" }, nodeButton(edge.from), el("span", { class: "predicate" }, edge.arrows === "" ? "↔ " : "", termLabel(predicates[edge.predicate]), edge.arrows === "" ? "" : " →"), nodeButton(edge.to)),
    ...cited.map((claim) => evidence(claims[claim], edge)),
  ];
}

function pathPanel({ start, goal, steps }) {
  let at = start;
  const rows = steps.map((edge) => {
    const forth = edge.from === at;
    at = forth ? edge.to : edge.from;
    return el("li", {}, el("button", { class: "row step", "data-edge": edge.id }, el("span", { class: "arrow" }, edge.arrows === "" ? "↔" : forth ? "↓" : "↑"), el("span", { class: "grow" }, termLabel(predicates[edge.predicate]))), nodeButton(at, "row"));
  });
  return [
    el("p", { class: "kind" }, word("pathTitle"), steps.length ? ` · ${steps.length} ${word("steps")}` : ""),
    el("h2", { class: "triple", tabindex: "-1" }, nodeButton(start), el("span", { class: "predicate" }, "…"), nodeButton(goal)),
    steps.length ? el("ol", { class: "rows way" }, el("li", {}, nodeButton(start, "row")), ...rows) : el("p", { class: "intro" }, word("pathNone")),
  ];
}

function showPanel() {
  const { selected, path, pathFrom } = state;
  const parts = path ? pathPanel(path) : selected?.edge != null ? edgePanel(selected.edge) : selected?.node != null ? nodePanel(selected.node) : overviewPanel();
  const hint = pathFrom != null && el("p", { class: "hint", role: "status" }, word("pathPick"));
  const bar = path || selected ? el("div", { class: "top" }, el("button", { class: "quiet back", "data-back": true }, "← " + word("back")), closer()) : el("div", { class: "top still" }, el("h2", {}, word("overview")), closer());
  detail.replaceChildren(...[bar, hint, ...parts].filter(Boolean));
  detail.scrollTop = 0;
  document.body.classList.toggle("has-detail", Boolean(path || selected));
}

const tip = document.getElementById("tip");
function showTip({ node, edge }, event) {
  if (!matchMedia("(hover: hover)").matches) return;
  if (node != null) tip.replaceChildren(el("strong", {}, name(nodeLabel(nodes[node]))), el("span", {}, termLabel(types[nodes[node].type])));
  else {
    const line = edges[edge];
    tip.replaceChildren(el("span", {}, name(nodeLabel(nodes[line.from])), " ", el("em", {}, termLabel(predicates[line.predicate])), " ", name(nodeLabel(nodes[line.to]))), shown.edges[edge] > 1 ? el("span", {}, `${shown.edges[edge]} ${word("sentences")}`) : "");
  }
  tip.hidden = false;
  const box = stage.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
  tip.style.left = `${Math.min(x + 14, box.width - tip.offsetWidth - 8)}px`;
  tip.style.top = `${y + 18 + tip.offsetHeight > box.height ? y - tip.offsetHeight - 10 : y + 18}px`;
}
const hideTip = () => { tip.hidden = true; };
