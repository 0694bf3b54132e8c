// The graph, what of it passes the filters, and how it is searched. Nothing here touches the page.
const data = await unpacked(document.getElementById("data"));
const words = JSON.parse(document.getElementById("words").textContent);
const { nodes, edges, claims, types, predicates } = data;

const state = {
  lang: data.lang || (/^zh/i.test(navigator.language) ? "zh" : "en"),
  dark: matchMedia("(prefers-color-scheme: dark)").matches,
  offTypes: new Set(), offPredicates: new Set(),
  offGroups: new Set(), // of the colours in use: communities or steps of centrality
  confidence: 0, asOf: null, from: 0, to: Infinity, undated: true, alone: true,
  colour: "type", folded: new Set(), selected: null, path: null, pathFrom: null,
};
const shown = { nodes: new Uint8Array(nodes.length), kept: new Uint8Array(nodes.length), claims: new Uint8Array(claims.length), edges: new Uint32Array(edges.length) };

async function unpacked(at) {
  if (at.type === "application/json") return JSON.parse(at.textContent);
  const bytes = Uint8Array.from(atob(at.textContent), (char) => char.charCodeAt(0));
  at.remove();
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
}

// What a document calls "constructor" is no word of ours.
const own = (table, key) => Object.hasOwn(table, key) ? table[key] : undefined;
const word = (key) => own(words[state.lang], key) ?? key;
const termLabel = (term) => term[state.lang] || term.name;
// Bidirectional controls could make a name look like another one; they carry no meaning in a label.
const plain = (text) => String(text).replace(/[\u202a-\u202e\u2066-\u2069\u200e\u200f\u0000-\u001f]/g, "");
const nodeLabel = (node) => plain(node[state.lang] || node.label);
const otherLabel = (node) => plain(node[state.lang === "zh" ? "en" : "zh"] || node.label);

nodes.forEach((node, id) => {
  node.names = [...new Set([node.label, node.en, node.zh, ...(node.names || [])].filter(Boolean))];
  node.id = id; node.observations ||= []; node.edges = [];
});
edges.forEach((edge, id) => { edge.id = id; edge.arrows ??= "to"; });
for (const edge of edges) {
  nodes[edge.from].edges.push(edge);
  if (edge.to !== edge.from) nodes[edge.to].edges.push(edge);
}
// Communities, each a list of its members from the most connected down. A folded one is drawn as its first member alone.
const communities = [];
nodes.forEach((node, id) => (communities[node.community] ||= []).push(id));
const foldable = communities.filter((members) => members && members.length > 2 && nodes[members[0]].edges.length).length;
const isFolded = (id) => state.folded.has(nodes[id].community);
const standIn = (id) => isFolded(id) ? communities[nodes[id].community].find((other) => shown.nodes[other]) ?? id : id;
const foldAll = (on) => { state.folded.clear(); if (on) communities.forEach((members, at) => { if (members.length > 2 && nodes[members[0]].edges.length) state.folded.add(at); }); };
const pairs = new Map();
for (const edge of edges) {
  const key = Math.min(edge.from, edge.to) + "-" + Math.max(edge.from, edge.to);
  edge.lane = pairs.get(key) || 0;
  pairs.set(key, edge.lane + 1);
  edge.pair = key;
}
const dates = [...new Set(claims.map((claim) => claim.date).filter(Boolean))].sort();
const dateRank = new Map(dates.map((date, at) => [date, at]));

// When claims hold: from their first day ("" is before any day, null is not known) to their last, where there is one.
const firstDay = (row) => row.first === undefined ? row.date ?? null : row.first;
const dayAfter = (day) => new Date(Date.parse(day + "T00:00Z") + 864e5).toISOString().slice(0, 10);
const moments = stops();
// The days on which something begins to hold or no longer does; where they are many, the last days of their months or years.
function stops() {
  const days = claims.filter((claim) => !(claim.last < firstDay(claim))).flatMap((claim) => [firstDay(claim), claim.last && dayAfter(claim.last)]);
  for (const length of [10, 7, 4]) {
    const found = [...new Set(days.map((day) => day && day.slice(0, length)))].map(lastDay).filter(Boolean).sort();
    if (found.length <= 300 || length === 4) return found;
  }
}
const momentBefore = (day) => moments.findLastIndex((moment) => moment <= day);
// The last day of what is written as 2024, 2024-06 or 2024-06-30; null for what is no such date.
function lastDay(text) {
  const [, year, month, day] = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?$/.exec(text || "") || [];
  const at = new Date(Date.UTC(year, month ? day ? month - 1 : month : 12, day || 0));
  return year && !isNaN(at) && (!month || (month > 0 && month < 13)) ? at.toISOString().slice(0, 10) : null;
}
function holds(row) {
  if (state.asOf === null) return true;
  const first = firstDay(row);
  return first === null ? state.undated : first <= state.asOf && (row.last == null || row.last >= state.asOf);
}
// How many claims hold at each of the moments.
function holding() {
  const known = new Map(), change = new Array(moments.length + 1).fill(0);
  const since = (day) => { // the first moment that is not before a day
    if (!known.has(day)) known.set(day, moments.findIndex((moment) => moment >= day));
    return known.get(day) < 0 ? moments.length : known.get(day);
  };
  for (const claim of claims) {
    const first = firstDay(claim);
    if (first === null || claim.last < first) continue;
    change[since(first)] += 1;
    if (claim.last != null) change[since(dayAfter(claim.last))] -= 1;
  }
  let now = 0;
  return change.slice(0, -1).map((by) => now += by);
}

function passes(claim) {
  if (claim.confidence * 100 < state.confidence || !holds(claim)) return false;
  return claim.date ? dateRank.get(claim.date) >= state.from && dateRank.get(claim.date) <= state.to : state.undated;
}

// What a colour stands for where it is not the type: the largest communities and the rest, or steps of centrality.
const COLOURED = 9, SMALLER = COLOURED, ALONE = COLOURED + 1, STEPS = 6;
const groupOf = (node) => state.colour === "rank" ? STEPS - 1 - (node.rank || 0) : !node.edges.length ? ALONE : Math.min(node.community, SMALLER);
const isOff = (node) => state.offTypes.has(node.type) || (state.colour !== "type" && state.offGroups.has(groupOf(node)));
// A community is called after its most connected members.
function communityName(at) {
  const [first, second] = communities[at];
  return second === undefined ? nodeLabel(nodes[first]) : `${nodeLabel(nodes[first])} · ${nodeLabel(nodes[second])}`;
}
// The legend of the colours in use, as [group, label]; none where colours are types.
function groups() {
  if (state.colour === "type") return [];
  const present = new Set(nodes.map(groupOf));
  const label = state.colour === "rank" ? (at) => word("rank" + at) : (at) => at === SMALLER ? word("smaller") : at === ALONE ? word("alone") : communityName(at);
  return [...present].sort((a, b) => a - b).map((at) => [at, label(at)]);
}

function sieve() {
  shown.claims.fill(0); shown.edges.fill(0);
  const tied = new Uint8Array(nodes.length);
  nodes.forEach((node, at) => { shown.kept[at] = isOff(node) ? 0 : 1; });
  edges.forEach((edge, at) => {
    if (state.offPredicates.has(edge.predicate) || !shown.kept[edge.from] || !shown.kept[edge.to]) return;
    for (const id of edge.claims) if (passes(claims[id])) { shown.claims[id] = 1; shown.edges[at] += 1; }
    if (shown.edges[at]) tied[edge.from] = tied[edge.to] = 1;
  });
  const narrowed = state.offPredicates.size || state.confidence || state.asOf !== null || state.from > 0 || state.to < dates.length - 1 || !state.undated;
  nodes.forEach((node, at) => {
    shown.nodes[at] = shown.kept[at] && (tied[at] || (state.alone && state.asOf === null && !(narrowed && node.edges.length))) ? 1 : 0;
  });
}

function counts() {
  const sources = new Set(), byType = types.map(() => 0), byPredicate = predicates.map(() => 0), byGroup = [];
  let entities = 0, facts = 0;
  nodes.forEach((node, at) => { if (shown.nodes[at]) { entities += 1; byType[node.type] += 1; byGroup[groupOf(node)] = (byGroup[groupOf(node)] || 0) + 1; } });
  edges.forEach((edge, at) => {
    if (!shown.edges[at]) return;
    byPredicate[edge.predicate] += shown.edges[at];
    for (const id of edge.claims) if (shown.claims[id]) { facts += 1; sources.add(claims[id].document); }
  });
  return { entities, facts, documents: sources.size, byType, byPredicate, byGroup };
}

// Search: names in every language, without case, width or spaces; the better the match and the more central, the higher.
const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
let searchKeys = null;
function matches(query, limit = 8) {
  searchKeys ||= nodes.flatMap((node, at) => node.names.map((name) => [fold(name), at, name]));
  const wanted = fold(query), best = new Map();
  if (!wanted) return [];
  for (const [key, at, name] of searchKeys) {
    const where = key.indexOf(wanted);
    if (where < 0) continue;
    const score = key === wanted ? 0 : where === 0 ? 1 : key[where - 1] === " " ? 2 : 3;
    const known = best.get(at);
    if (!known || score < known.score) best.set(at, { at, name, score });
  }
  return [...best.values()].sort((a, b) => a.score - b.score || a.at - b.at).slice(0, limit);
}

// Shortest path over the facts shown, whichever way they point.
function pathBetween(start, goal) {
  const came = new Map([[start, null]]);
  for (let ring = [start]; ring.length && !came.has(goal);) {
    const next = [];
    for (const at of ring) for (const edge of nodes[at].edges) {
      const other = edge.from === at ? edge.to : edge.from;
      if (shown.edges[edge.id] && !came.has(other)) { came.set(other, edge); next.push(other); }
    }
    ring = next;
  }
  if (!came.has(goal)) return [];
  const steps = [];
  for (let at = goal; at !== start;) { const edge = came.get(at); steps.unshift(edge); at = edge.from === at ? edge.to : edge.from; }
  return steps;
}

// Pieces of a text, each with the role ("subject", "object" or none) of the entity whose name it is; longest names first.
function highlighted(text, marked) {
  const latin = /[\p{L}\p{N}]/u, wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
  const joins = (a, b) => a && b && latin.test(a) && latin.test(b) && !wide.test(a) && !wide.test(b);
  const taken = [];
  const all = marked.flatMap(([node, role]) => node.names.filter(Boolean).map((name) => [name, role])).sort((a, b) => b[0].length - a[0].length);
  for (const [name, role] of all) {
    for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
      const end = at + name.length;
      if (joins(text[at - 1], name[0]) || joins(name[name.length - 1], text[end])) continue;
      if (!taken.some((mark) => at < mark.end && mark.at < end)) taken.push({ at, end, role });
    }
  }
  taken.sort((a, b) => a.at - b.at);
  return taken;
}
