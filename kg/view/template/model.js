// The graph, what of it passes the filters, and how it is searched. Nothing here touches the page.
const data = await unpacked(document.getElementById("data"));
const words = JSON.parse(document.getElementById("words").textContent);
const { nodes, edges, claims, types, predicates } = data;

const state = {
  lang: data.lang || (/^zh/i.test(navigator.language) ? "zh" : "en"),
  dark: matchMedia("(prefers-color-scheme: dark)").matches,
  offTypes: new Set(), offPredicates: new Set(),
  confidence: 0, from: 0, to: Infinity, undated: true, alone: true,
  colour: "type", folded: new Set(), selected: null, path: null, pathFrom: null,
};
const shown = { nodes: new Uint8Array(nodes.length), claims: new Uint8Array(claims.length), edges: new Uint32Array(edges.length) };

async function unpacked(at) {
  if (at.type === "application/json") return JSON.parse(at.textContent);
  const bytes = Uint8Array.from(atob(at.textContent), (char) => char.charCodeAt(0));
  at.remove();
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
}

const word = (key) => words[state.lang][key] ?? key;
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

function passes(claim) {
  if (claim.confidence * 100 < state.confidence) return false;
  return claim.date ? dateRank.get(claim.date) >= state.from && dateRank.get(claim.date) <= state.to : state.undated;
}
const dateRank = new Map(dates.map((date, at) => [date, at]));

function sieve() {
  shown.claims.fill(0); shown.edges.fill(0);
  const tied = new Uint8Array(nodes.length);
  edges.forEach((edge, at) => {
    if (state.offPredicates.has(edge.predicate) || state.offTypes.has(nodes[edge.from].type) || state.offTypes.has(nodes[edge.to].type)) return;
    for (const id of edge.claims) if (passes(claims[id])) { shown.claims[id] = 1; shown.edges[at] += 1; }
    if (shown.edges[at]) tied[edge.from] = tied[edge.to] = 1;
  });
  const narrowed = state.offPredicates.size || state.confidence || state.from > 0 || state.to < dates.length - 1 || !state.undated;
  nodes.forEach((node, at) => {
    shown.nodes[at] = !state.offTypes.has(node.type) && (tied[at] || (state.alone && !(narrowed && node.edges.length))) ? 1 : 0;
  });
}

function counts() {
  const sources = new Set(), byType = types.map(() => 0), byPredicate = predicates.map(() => 0);
  let entities = 0, facts = 0;
  nodes.forEach((node, at) => { if (shown.nodes[at]) { entities += 1; byType[node.type] += 1; } });
  edges.forEach((edge, at) => {
    if (!shown.edges[at]) return;
    byPredicate[edge.predicate] += shown.edges[at];
    for (const id of edge.claims) if (shown.claims[id]) { facts += 1; sources.add(claims[id].document); }
  });
  return { entities, facts, documents: sources.size, byType, byPredicate };
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
