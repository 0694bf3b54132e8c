// The canvas: vis-network holds what is near and central; the rest is drawn as fine points, and labels where there is room.
const SMALL = 900, FEW = 400, EDGE_BUDGET = nodes.length > SMALL ? 1000 : 1600;
const FONT = 'system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif';
// Paul Tol's "muted" scheme, moved until any two differ by 20 in CIELAB or nearly so with each kind of colour vision; the rest is grey.
const COMMUNITIES = {
  light: ["#3a45ac", "#dc5d74", "#1b712c", "#cea219", "#710d39", "#3bbca8", "#8babd6", "#9ca450", "#984a91"],
  dark: ["#6ca3ff", "#de9a98", "#569f53", "#fdd595", "#bb4e76", "#84e8d7", "#b8d4ff", "#adb741", "#ad7eb8"],
};
const REST = { light: "#b4b8c0", dark: "#6c7381" };
// Viridis, from the most central down; read the same with any kind of colour vision.
const RAMP = {
  light: ["#440f5c", "#3a4d8a", "#27748e", "#27998a", "#62bd61", "#c3d24a"],
  dark: ["#fde737", "#93cd54", "#27ba91", "#2f8a93", "#5566a2", "#512f84"],
};
const shapes = types.map((type) => new Path2D(type.path));
const stage = document.getElementById("network"), beside = document.querySelectorAll("#stage .zoom, #status"); // what lies over it
const nodeSet = new vis.DataSet(), edgeSet = new vis.DataSet();
// Of many nodes as many are drawn whole as the stage has room for: 700 on a wide screen, fewer on a phone.
const BUDGET = nodes.length > SMALL ? Math.round(Math.min(Math.max(stage.clientWidth * stage.clientHeight / 1000, 240), 700)) : SMALL;
let network = null, near = null, dimmed = false, hovered = null, moving = false, haze = null, colours = {};

const large = () => nodes.length > SMALL;
const still = matchMedia("(prefers-reduced-motion: reduce)");
const theme = () => state.dark ? "dark" : "light";
const groupColour = (at) => (state.colour === "rank" ? RAMP : COMMUNITIES)[theme()][at] || REST[theme()];
const colourOf = (node) => state.colour === "type" ? types[node.type][theme()] : groupColour(groupOf(node));

function readColours() {
  const style = getComputedStyle(document.documentElement);
  for (const name of ["paper", "ink", "soft", "edge", "faint", "accent", "halo"]) colours[name] = style.getPropertyValue("--" + name).trim();
}

// Nodes shrink no further than to a fifth, or a third where they are few, so that far away the hubs still stand out.
const bulk = (node) => isFolded(node.id) ? Math.max(node.size, Math.min(10 + 3.2 * Math.sqrt(communities[node.community].length), 60)) : node.size;
const LEAST = nodes.length > SMALL ? 0.2 : 0.3;
const screenSize = (node, scale) => Math.max(bulk(node) * Math.max(scale, LEAST), nodes.length > SMALL ? 2 : 2.8);
const drawnLabel = (id) => short(nodeLabel(nodes[id])) + (isFolded(id) ? ` +${communities[nodes[id].community].length - 1}` : "");
function drawNode({ ctx, id, x, y }) {
  const node = nodes[id], scale = network ? network.getScale() : 1, r = screenSize(node, scale) / scale;
  return {
    nodeDimensions: { width: r * 2, height: r * 2 },
    drawNode() {
      ctx.save();
      ctx.globalAlpha = near && !near.has(id) ? 0.16 : 1;
      ctx.translate(x, y);
      if (isFolded(id)) {
        ctx.beginPath(); ctx.arc(0, 0, r, 0, 7);
        ctx.fillStyle = colours.paper; ctx.fill();
        ctx.fillStyle = colourOf(node); ctx.globalAlpha *= 0.22; ctx.fill(); ctx.globalAlpha /= 0.22;
        ctx.lineWidth = 1.5 / scale; ctx.strokeStyle = colourOf(node); ctx.stroke();
        ctx.scale(0.45, 0.45);
      }
      if (id === hovered || isSelected(id)) {
        ctx.beginPath(); ctx.arc(0, 0, r * 1.2 + 5 / scale, 0, 7);
        ctx.lineWidth = 2 / scale; ctx.strokeStyle = colours.accent; ctx.stroke();
      }
      ctx.scale(r, r);
      ctx.fillStyle = colours.paper;
      ctx.fill(shapes[node.type]); // so that no line shows through a hole
      ctx.fillStyle = colourOf(node); ctx.strokeStyle = colours.paper; ctx.lineJoin = "round";
      ctx.lineWidth = 3 / (r * scale) < 0.5 ? 3 / (r * scale) : 0.5;
      ctx.stroke(shapes[node.type]);
      ctx.fill(shapes[node.type], "evenodd");
      ctx.restore();
    },
  };
}

const isSelected = (id) => state.selected?.node === id || (state.selected?.edge != null && (edges[state.selected.edge].from === id || edges[state.selected.edge].to === id));

function drawnEdge(edge, [from, to, width] = [edge.from, edge.to, shown.edges[edge.id] || 1]) {
  const lanes = pairs.get(edge.pair), side = edge.from < edge.to ? 1 : -1;
  const bend = lanes > 1 ? (edge.lane - (lanes - 1) / 2) * 0.22 * side : edges.length <= FEW ? 0.07 : 0;
  return {
    id: edge.id, from, to, arrows: isFolded(from) || isFolded(to) ? "" : edge.arrows,
    width: Math.min(0.9 + Math.log2(width) * 0.7, 5),
    smooth: bend ? { enabled: true, type: bend > 0 ? "curvedCW" : "curvedCCW", roundness: Math.abs(bend) } : false,
  };
}

function edgeColours() {
  return { color: near ? colours.faint : colours.edge, highlight: colours.accent, hover: colours.accent, inherit: false };
}

// Which nodes vis-network holds: all where they are few, else the selected ones, then the most central within sight.
function within() {
  const centre = network.getViewPosition(), scale = network.getScale();
  const w = stage.clientWidth / scale * 0.6, h = stage.clientHeight / scale * 0.6;
  return (node) => Math.abs(node.x - centre.x) < w && Math.abs(node.y - centre.y) < h;
}
function wanted() {
  const chosen = new Set(), inSight = within();
  for (const id of near || []) if (chosen.size < BUDGET / 2) chosen.add(standIn(id));
  for (let id = 0; id < nodes.length && chosen.size < BUDGET; id += 1) if (shown.nodes[id] && (!large() || inSight(nodes[id])) && (!isFolded(id) || standIn(id) === id)) chosen.add(id);
  if (state.selected?.node != null) chosen.add(standIn(state.selected.node));
  return chosen;
}
function refresh() {
  if (!network) return;
  const chosen = wanted(), drawn = [], ends = new Map();
  if (state.folded.size) foldedEdges(chosen, drawn, ends); else
  for (const id of chosen) for (const edge of nodes[id].edges) {
    if (edge.from !== id && edge.from !== edge.to && chosen.has(edge.from)) continue;
    if (shown.edges[edge.id] && chosen.has(edge.from) && chosen.has(edge.to)) drawn.push(edge);
  }
  drawn.sort((a, b) => Math.max(a.from, a.to) - Math.max(b.from, b.to) || a.id - b.id);
  const focus = state.selected?.node;
  const kept = new Map(drawn.filter((edge, at) => at < EDGE_BUDGET || edge.from === focus || edge.to === focus).map((edge) => [edge.id, edge]));
  const leaveEdges = edgeSet.getIds().filter((id) => !kept.has(id)), leave = nodeSet.getIds().filter((id) => !chosen.has(id));
  if (leaveEdges.length) edgeSet.remove(leaveEdges);
  if (leave.length) nodeSet.remove(leave);
  const come = [...chosen].filter((id) => !nodeSet.get(id)).map((id) => ({ id, x: nodes[id].x, y: nodes[id].y }));
  if (come.length) nodeSet.add(come);
  const update = [];
  for (const edge of kept.values()) {
    const known = edgeSet.get(edge.id), next = drawnEdge(edge, ends.get(edge.id));
    if (!known || known.width !== next.width || known.from !== next.from || known.to !== next.to || known.arrows !== next.arrows) update.push(next);
  }
  if (update.length) edgeSet.update(update);
  haze = null;
  mark();
  redraw();
}
// Between folded communities, one line for all facts that cross.
function foldedEdges(chosen, drawn, ends) {
  const crossing = new Map();
  for (const edge of edges) {
    if (!shown.edges[edge.id]) continue;
    const from = standIn(edge.from), to = standIn(edge.to), key = isFolded(from) || isFolded(to) ? Math.min(from, to) + "-" + Math.max(from, to) : edge.id;
    if (from === to || !chosen.has(from) || !chosen.has(to)) continue;
    const first = crossing.get(key);
    if (first) ends.get(first.id)[2] += shown.edges[edge.id];
    else { crossing.set(key, edge); ends.set(edge.id, [from, to, shown.edges[edge.id]]); drawn.push(edge); }
  }
}
// At the next frame, however often it is asked for before; network.redraw would draw at once each time.
const redraw = () => network.body.emitter.emit("_requestRedraw");
let waiting = 0;
const refreshSoon = () => { clearTimeout(waiting); if (large()) waiting = setTimeout(refresh, 90); };

// What does not fit into the budget: points, and their edges as a faint veil painted once.
function paintHaze(ctx) {
  if (!large() || !ready) return;
  const scale = network.getScale(), size = Math.max((nodes.length > 8000 ? 1.1 : 1.6) / scale, 5);
  if (!haze) haze = veil();
  ctx.save();
  if (haze.canvas) { ctx.globalAlpha = near ? 0.3 : 1; ctx.drawImage(haze.canvas, haze.x, haze.y, haze.w, haze.h); }
  ctx.globalAlpha = near ? 0.12 : 0.5;
  for (const [colour, members] of haze.points) {
    ctx.fillStyle = colour;
    for (const node of members) ctx.fillRect(node.x - size, node.y - size, size * 2, size * 2);
  }
  ctx.restore();
}
function veil() {
  const points = new Map(), left = (id) => shown.nodes[id] && !nodeSet.get(id) && !isFolded(id);
  nodes.forEach((node, id) => {
    if (!left(id)) return;
    const colour = colourOf(node);
    if (!points.has(colour)) points.set(colour, []);
    points.get(colour).push(node);
  });
  const box = bounds(), k = 1600 / Math.max(box.w, box.h), { w, h, ink } = density(box, k);
  const canvas = el("canvas", { width: w, height: h }), ctx = canvas.getContext("2d"), image = new ImageData(w, h);
  ink.forEach((lines, at) => { if (lines) image.data[at * 4 + 3] = 110 * (1 - Math.exp(-0.35 * lines)); });
  ctx.putImageData(image, 0, 0);
  ctx.globalCompositeOperation = "source-in"; ctx.fillStyle = colours.edge; ctx.fillRect(0, 0, w, h);
  return { points, canvas, x: box.x, y: box.y, w: w / k, h: h / k };
}
// How many lines cross each pixel of a picture of the box: 35,000 strokes take a canvas without a graphics card over a second.
function density(box, k) {
  const w = Math.ceil(box.w * k) + 2, h = Math.ceil(box.h * k) + 2, ink = new Float32Array(w * h);
  edges.forEach((edge, at) => {
    if (!shown.edges[at] || edgeSet.get(at) || isFolded(edge.from) || isFolded(edge.to)) return;
    let x = (nodes[edge.from].x - box.x) * k, y = (nodes[edge.from].y - box.y) * k;
    const dx = (nodes[edge.to].x - box.x) * k - x, dy = (nodes[edge.to].y - box.y) * k - y, flat = Math.abs(dx) >= Math.abs(dy);
    const steps = Math.ceil(Math.max(Math.abs(dx), Math.abs(dy), 1)), beside = flat ? w : 1;
    for (let step = 0; step < steps; step += 1, x += dx / steps, y += dy / steps) {
      const cell = Math.floor(y) * w + Math.floor(x), share = (flat ? y : x) % 1;
      ink[cell] += 1 - share; ink[cell + beside] += share;
    }
  });
  return { w, h, ink };
}

// Labels have a constant size on screen and never cover each other: the selected, then the most central take room first.
const widths = new Map();
function labelWidth(ctx, text, font) {
  const key = font + text;
  if (!widths.has(key)) widths.set(key, ctx.measureText(text).width);
  return widths.get(key);
}
function room() {
  const cells = new Map(), size = 64;
  const each = (box, visit) => {
    for (let cx = Math.floor(box.x / size); cx <= Math.floor((box.x + box.w) / size); cx += 1)
      for (let cy = Math.floor(box.y / size); cy <= Math.floor((box.y + box.h) / size); cy += 1) if (visit(cx * 99991 + cy)) return true;
    return false;
  };
  const hits = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
  return {
    free: (box, own) => !each(box, (cell) => (cells.get(cell) || []).some((other) => other.own !== own && hits(box, other))),
    take: (box) => each(box, (cell) => { if (!cells.has(cell)) cells.set(cell, []); cells.get(cell).push(box); return false; }),
  };
}
const short = (text) => [...text].length > 30 ? [...text].slice(0, 29).join("") + "…" : text;

function paintLabels(ctx) {
  const scale = network.getScale(), ratio = ctx.canvas.width / stage.clientWidth, places = room();
  const w = stage.clientWidth, h = stage.clientHeight, visible = [];
  for (const id of nodeSet.getIds()) {
    const at = network.canvasToDOM({ x: nodes[id].x, y: nodes[id].y });
    if (at.x < -60 || at.y < -30 || at.x > w + 60 || at.y > h + 30) continue;
    const r = screenSize(nodes[id], scale);
    visible.push({ id, at, r, rank: isSelected(id) || id === hovered ? -2 : near?.has(id) ? -1 : 0 });
  }
  for (const at of beside) places.take({ x: at.offsetLeft - 4, y: at.offsetTop - 4, w: at.offsetWidth + 8, h: at.offsetHeight + 8, own: at.id });
  const solid = (id, r) => near ? near.has(id) : r > 6 || (visible.length < 250 && w > 600); // what has stepped back may be covered
  for (const { id, at, r } of visible) if (solid(id, r)) places.take({ x: at.x - r, y: at.y - r, w: r * 2, h: r * 2, own: id });
  visible.sort((a, b) => a.rank - b.rank || a.id - b.id);
  ctx.save();
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.textBaseline = "middle"; ctx.lineJoin = "round"; ctx.lineWidth = 3.5;
  let left = 260, turn = 0;
  for (const { id, at, r, rank } of visible) {
    turn += 1;
    if (!left || (rank === 0 && (near || (turn > 40 && visible.length > 150 && r < (visible.length > (w > 600 ? 400 : 200) ? 8 : 4))))) continue;
    const size = rank === -2 || id < Math.min(8, nodes.length / 8) ? 13.5 : 12;
    ctx.font = `${rank === -2 ? 600 : 500} ${size}px ${FONT}`;
    const text = drawnLabel(id), width = labelWidth(ctx, text, ctx.font), box = { w: width + 6, h: size + 5, own: id }, gap = rank === -2 ? r * 0.2 + 8 : 3;
    const spots = [[at.x - width / 2 - 3, at.y + r + gap], [at.x + r + gap, at.y - box.h / 2], [at.x - width / 2 - 3, at.y - r - gap - box.h], [at.x - r - gap - box.w, at.y - box.h / 2]];
    let spot = spots.find(([x, y]) => x > 2 && x + box.w < w - 2 && y > 2 && y + box.h < h - 2 && places.free({ ...box, x, y }, id));
    if (!spot && rank === -2) spot = spots[0];
    if (!spot) continue;
    [box.x, box.y] = spot;
    places.take(box); left -= 1;
    ctx.strokeStyle = colours.halo; ctx.fillStyle = rank < 0 || id < nodes.length / 5 ? colours.ink : colours.soft;
    ctx.strokeText(text, box.x + 3, box.y + box.h / 2);
    ctx.fillText(text, box.x + 3, box.y + box.h / 2);
  }
  paintPredicates(ctx, places, scale);
  ctx.restore();
}
// The names of relations appear on the lines of what is selected or under the pointer.
function paintPredicates(ctx, places, scale) {
  const focus = state.selected?.node, only = state.selected?.edge;
  const lines = focus != null ? nodes[focus].edges : only != null ? [edges[only]] : state.path ? state.path.steps : [];
  if (scale < 0.35) return;
  ctx.font = `500 11px ${FONT}`;
  for (const edge of lines) {
    const body = network.body.edges[edge.id];
    if (!body || !shown.edges[edge.id]) continue;
    const at = network.canvasToDOM(body.edgeType.getPoint(0.5)), count = shown.edges[edge.id];
    const text = termLabel(predicates[edge.predicate]) + (count > 1 ? ` ×${count}` : ""), width = labelWidth(ctx, text, ctx.font);
    const box = { x: at.x - width / 2 - 4, y: at.y - 8, w: width + 8, h: 16, own: "e" + edge.id };
    if (!places.free(box, box.own)) continue;
    places.take(box);
    ctx.fillStyle = colours.halo; ctx.beginPath(); ctx.roundRect(box.x, box.y, box.w, box.h, 4); ctx.fill();
    ctx.fillStyle = colours.accent; ctx.fillText(text, box.x + 4, at.y + 0.5);
  }
}

function bounds(ids) {
  let l = Infinity, t = Infinity, r = -Infinity, b = -Infinity;
  (ids || nodes.map((_, id) => id)).forEach((id) => {
    if (!ids && !shown.nodes[id]) return;
    const { x, y, size } = nodes[id];
    l = Math.min(l, x - size); r = Math.max(r, x + size); t = Math.min(t, y - size); b = Math.max(b, y + size);
  });
  return l > r ? { x: -1, y: -1, w: 2, h: 2 } : { x: l, y: t, w: r - l, h: b - t };
}
function moveTo(box, limit = 1.5) {
  const pad = stage.clientWidth < 600 ? 36 : 72, covered = sheetHeight();
  const scale = Math.max(Math.min((stage.clientWidth - pad) / box.w, (stage.clientHeight - covered - pad) / box.h, limit), 0.01);
  const position = { x: box.x + box.w / 2, y: box.y + box.h / 2 + covered / 2 / scale };
  network.moveTo({ position, scale, animation: !still.matches && !large() && ready ? { duration: 380, easingFunction: "easeInOutCubic" } : false });
  refreshSoon();
}
// On a phone the details lie over the lower part of the graph.
function sheetHeight() {
  const sheet = document.getElementById("detail");
  return document.body.classList.contains("has-detail") && getComputedStyle(sheet).position === "absolute" ? sheet.offsetHeight : 0;
}
const fit = () => moveTo(bounds());
let ready = false;
function focusOn(ids) {
  const box = bounds(ids), margin = 60;
  moveTo({ x: box.x - margin, y: box.y - margin, w: box.w + 2 * margin, h: box.h + 2 * margin }, 1.1);
}
function zoomBy(factor) {
  network.moveTo({ scale: Math.min(Math.max(network.getScale() * factor, 0.01), 6), animation: still.matches || large() ? false : { duration: 160 } });
  refreshSoon();
}
function panBy(x, y) {
  const at = network.getViewPosition(), scale = network.getScale();
  network.moveTo({ position: { x: at.x + x / scale, y: at.y + y / scale } });
  refreshSoon();
}

// Shows in vis-network what is selected; the neighbourhood stays bright, the rest steps back.
function gather() {
  const { selected, path } = state;
  if (path) near = new Set([path.start, path.goal, ...path.steps.flatMap((edge) => [edge.from, edge.to])]);
  else if (selected?.node != null) near = new Set([selected.node, ...nodes[selected.node].edges.filter((edge) => shown.edges[edge.id]).flatMap((edge) => [edge.from, edge.to])]);
  else if (selected?.edge != null) near = new Set([edges[selected.edge].from, edges[selected.edge].to]);
  else near = null;
}
function mark() {
  const { selected, path } = state;
  if (dimmed !== Boolean(near)) { dimmed = Boolean(near); network.setOptions({ edges: { color: edgeColours() } }); }
  network.selectionHandler.unselectAll();
  const chosen = path ? path.steps.map((edge) => edge.id) : selected?.edge != null ? [selected.edge] : selected?.node != null ? nodes[selected.node].edges.map((edge) => edge.id) : [];
  network.setSelection({ nodes: selected?.node != null && nodeSet.get(selected.node) ? [selected.node] : [], edges: chosen.filter((id) => edgeSet.get(id)) }, { highlightEdges: false });
}

function nodeNear(pointer) {
  const scale = network.getScale(), at = network.DOMtoCanvas(pointer);
  let best = null, least = (10 / scale) ** 2;
  nodes.forEach((node, id) => {
    const distance = (node.x - at.x) ** 2 + (node.y - at.y) ** 2;
    if (shown.nodes[id] && standIn(id) === id && distance < least) { best = id; least = distance; }
  });
  return best;
}

// The picture lies on a wide stage and stands on a high one, as on a phone, and is stretched to fill more of it.
function shape() {
  const stood = bounds(nodes.map((_, id) => id));
  if (stood.h > stood.w !== stage.clientHeight > stage.clientWidth) for (const node of nodes) [node.x, node.y] = [node.y, node.x];
  const { w, h } = bounds(nodes.map((_, id) => id)), aim = Math.min(Math.max(stage.clientWidth / stage.clientHeight, 0.6), 1.7);
  const k = Math.min(Math.max(Math.sqrt(aim * h / w), 0.8), 1.25);
  for (const node of nodes) { node.x *= k; node.y /= k; }
}

function startNetwork(onPick) {
  readColours();
  shape();
  const options = structuredClone(data.options), busy = edges.length > 1500;
  Object.assign(options.nodes, { ctxRenderer: drawNode });
  Object.assign(options.edges, { color: edgeColours(), hoverWidth: 0.6, selectionWidth: 1, chosen: true });
  Object.assign(options.interaction, { hideEdgesOnDrag: busy, hideEdgesOnZoom: busy });
  network = new vis.Network(stage, { nodes: nodeSet, edges: edgeSet }, options);
  network.on("beforeDrawing", paintHaze);
  network.on("afterDrawing", paintLabels);
  for (const event of ["zoom", "dragEnd", "animationFinished"]) network.on(event, refreshSoon);
  network.on("dragging", ({ nodes: held }) => held.forEach((id) => Object.assign(nodes[id], network.getPosition(id))));
  network.on("hoverNode", ({ node, event }) => { hovered = node; stage.style.cursor = "pointer"; showTip({ node }, event); });
  network.on("hoverEdge", ({ edge, event }) => { stage.style.cursor = "pointer"; showTip({ edge }, event); });
  const leave = () => { hovered = null; stage.style.cursor = ""; hideTip(); };
  for (const event of ["blurNode", "blurEdge"]) network.on(event, leave);
  stage.addEventListener("pointerleave", leave); // of which vis-network says nothing
  network.on("doubleClick", ({ pointer }) => {
    const under = network.getNodeAt(pointer.DOM);
    if (under != null) toggleFold(nodes[under].community);
  });
  network.on("click", ({ nodes: at, edges: lines, pointer }) => {
    const under = network.getNodeAt(pointer.DOM) ?? nodeNear(pointer.DOM), line = network.getEdgeAt(pointer.DOM);
    onPick(under != null ? { node: under } : line != null ? { edge: line } : null);
  });
  fit();
  clearTimeout(waiting);
  ready = true;
  refresh();
}
// Springs, for whoever wants to see the part that is drawn arrange itself; where nodes come to rest they stay.
function stir(on) {
  if (!on) for (const id of nodeSet.getIds()) Object.assign(nodes[id], network.getPosition(id));
  network.setOptions({ physics: on ? { enabled: true, solver: "forceAtlas2Based", forceAtlas2Based: { springLength: 90, avoidOverlap: 0.4, gravitationalConstant: -70 }, stabilization: false, maxVelocity: 30 } : { enabled: false } });
  haze = null;
  redraw();
}
function restyle() {
  readColours();
  haze = null;
  network.setOptions({ edges: { color: edgeColours() } });
  network.redraw();
}
