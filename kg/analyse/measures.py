"""Measures of a graph: centrality, communities, cores, weak points, missing links.

They take any NetworkX graph. What is slow in plain Python runs on its adjacency matrix, through scipy and scikit-network, at
every size: there is no second path for large graphs whose results could differ. Results equal those of NetworkX within rounding
(Louvain: within the spread of its own random seeds), which the tests hold them to.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import scipy.sparse as sp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

EXACT = 2_000
"""Betweenness is exact up to so many nodes, above it sampled."""
SAMPLES = 200
"""Sources of sampled betweenness; its error falls with their square root."""
_BATCH = 32


def adjacency(graph: nx.Graph) -> tuple[list[str], Any]:
    """Nodes, sorted, and how many edges lead from each to each (a scipy CSR matrix, both ways for an undirected graph)."""
    nodes = sorted(graph)
    index = {node: at for at, node in enumerate(nodes)}
    heads: list[int] = []
    counts: list[int] = []
    starts = [0]
    for node in nodes:
        neighbours = graph.adj[node]
        heads.extend([index[n] for n in neighbours])
        if graph.is_multigraph():
            counts.extend(map(len, neighbours.values()))
        starts.append(len(heads))
    data = np.array(counts, dtype=float) if graph.is_multigraph() else np.ones(len(heads))
    matrix = sp.csr_matrix((data, heads, starts), shape=(len(nodes), len(nodes)))
    matrix.sort_indices()
    return nodes, matrix


def undirected(graph: nx.Graph) -> tuple[list[str], Any]:
    """Nodes, sorted, and the number of edges between each two whichever way they point, without loops."""
    nodes, matrix = adjacency(graph)
    both = (matrix + matrix.T).tocsr() if graph.is_directed() else matrix
    both.setdiag(0)
    both.eliminate_zeros()
    return nodes, both


def simple(graph: nx.Graph) -> nx.Graph:
    """The graph without direction, parallel edges and loops; `weight` counts what was parallel. Order is that of the nodes' names."""
    nodes, matrix = undirected(graph)
    upper = sp.triu(matrix).tocoo()
    plain: nx.Graph = nx.Graph()
    plain.add_nodes_from(nodes)
    plain.add_weighted_edges_from(
        (nodes[a], nodes[b], w)
        for a, b, w in zip(upper.row.tolist(), upper.col.tolist(), upper.data.tolist(), strict=True)
    )
    return plain


def pagerank(graph: nx.Graph, *, alpha: float = 0.85, tolerance: float = 1e-8) -> dict[str, float]:
    """PageRank along the edges, parallel ones counted; the scores add up to 1."""
    nodes, matrix = adjacency(graph)
    size = len(nodes)
    if not size:
        return {}
    out = np.asarray(matrix.sum(axis=1)).ravel()
    shares = sp.diags(np.divide(1.0, out, out=np.zeros(size), where=out > 0)) @ matrix
    back, dangling = shares.T.tocsr(), out == 0
    rank = np.full(size, 1.0 / size)
    for _ in range(200):
        last, rank = rank, alpha * (back @ rank + rank[dangling].sum() / size) + (1 - alpha) / size
        if np.abs(rank - last).sum() < tolerance:
            break
    return dict(zip(nodes, rank.tolist(), strict=True))


def betweenness(graph: nx.Graph, *, samples: int | None = None, seed: int = 1) -> dict[str, float]:
    """The share of shortest paths (direction ignored) that lead through each node, normalised as NetworkX does.

    Exact up to `EXACT` nodes, else from `SAMPLES` random sources, unless `samples` says otherwise.
    """
    nodes, both = undirected(graph)
    size = len(nodes)
    links = sp.csr_matrix((np.ones(both.nnz), both.indices, both.indptr), shape=both.shape)
    if samples is None:
        samples = size if size <= EXACT else SAMPLES
    sources = np.arange(size)
    if samples < size:
        sources = np.sort(np.random.default_rng(seed).choice(size, samples, replace=False))
    total = np.zeros(size)
    for start in range(0, len(sources), _BATCH):
        total += _dependencies(links, sources[start : start + _BATCH])
    scale = size / len(sources) / ((size - 1) * (size - 2)) if size > 2 else 0.0
    return dict(zip(nodes, (total * scale).tolist(), strict=True))


def _dependencies(links: Any, sources: NDArray[np.int64]) -> Floats:
    """Brandes' algorithm from several sources at once, level by level, as products of sparse and dense matrices."""
    width = len(sources)
    paths = np.zeros((links.shape[0], width))
    paths[sources, np.arange(width)] = 1
    levels = [paths.astype(bool)]
    seen = levels[0].copy()
    while True:
        reached = links @ np.where(levels[-1], paths, 0)
        fresh = (reached > 0) & ~seen
        if not fresh.any():
            break
        paths[fresh] = reached[fresh]
        seen |= fresh
        levels.append(fresh)
    passing = np.zeros_like(paths)
    for level, nearer in zip(levels[:0:-1], levels[-2::-1], strict=True):
        share = np.divide(1 + passing, paths, out=np.zeros_like(paths), where=level)
        passing += np.where(nearer, paths * (links @ share), 0)
    passing[sources, np.arange(width)] = 0
    return np.asarray(passing.sum(axis=1))


@dataclass(frozen=True, slots=True)
class Community:
    """Entities tied more closely to each other than to the rest. `name` is made of its most central members."""

    name: str
    members: tuple[str, ...]
    """Those with the most neighbours first."""


def communities(graph: nx.Graph, *, resolution: float = 1.0, seed: int = 1) -> list[Community]:
    """Louvain communities (direction ignored, parallel edges counted), the largest first; nodes without edges are left out."""
    from sknetwork.clustering import Louvain

    nodes, both = undirected(graph)
    if not both.nnz:
        return []
    labels = Louvain(resolution=resolution, random_state=seed).fit_predict(both)
    strength = np.asarray(both.sum(axis=1)).ravel()
    inside: dict[int, list[int]] = {}
    for at in np.flatnonzero(strength).tolist():
        inside.setdefault(int(labels[at]), []).append(at)
    ties = np.diff(both.indptr)
    groups = [sorted(members, key=lambda at: (-ties[at], at)) for members in inside.values()]
    groups.sort(key=lambda members: (-len(members), members[0]))
    return [Community(_name(graph, [nodes[at] for at in group]), tuple(nodes[at] for at in group)) for group in groups]


def _name(graph: nx.Graph, members: Sequence[str]) -> str:
    """The labels of the most connected members, and the type that most of them have."""
    labels = [" ".join(str(graph.nodes[m].get("label") or m).split()) for m in members[:3]]
    kinds = Counter(graph.nodes[m].get("type", "") for m in members)
    kind = min(kinds, key=lambda k: (-kinds[k], k))
    return " · ".join(labels) + (f" ({kind})" if kind and kinds[kind] > len(members) / 2 else "")


def cores(graph: nx.Graph) -> dict[str, int]:
    """The core number of each node: it belongs to a part where everyone has at least so many neighbours."""
    from sknetwork.topology import get_core_decomposition

    nodes, both = undirected(graph)
    if not both.nnz:
        return dict.fromkeys(nodes, 0)
    return dict(zip(nodes, get_core_decomposition(both).tolist(), strict=True))


def bridges(graph: nx.Graph) -> list[tuple[str, str, int]]:
    """Pairs of neighbours whose tie alone holds two parts together, with the size of the smaller part; the largest first."""
    plain = simple(graph)
    found = list(nx.bridges(plain))
    bare = plain.copy()
    bare.remove_edges_from(found)
    block: dict[str, int] = {}
    sizes: list[int] = []
    for number, part in enumerate(nx.connected_components(bare)):
        sizes.append(len(part))
        block.update(dict.fromkeys(part, number))
    tree: nx.Graph = nx.Graph()
    tree.add_nodes_from(range(len(sizes)))
    tree.add_edges_from((block[a], block[b]) for a, b in found)
    below, parent, whole = _subtrees(tree, sizes)
    cut = []
    for a, b in found:
        child = block[b] if parent.get(block[b]) == block[a] else block[a]
        cut.append((*sorted((a, b)), min(below[child], whole[child] - below[child])))
    return sorted(cut, key=lambda c: (-c[2], c[0], c[1]))


def _subtrees(forest: nx.Graph, sizes: list[int]) -> tuple[list[int], dict[int, int], dict[int, int]]:
    """Members at or below each block, its parent, and the members of its whole tree."""
    below, parent, whole = list(sizes), {}, {}
    for part in nx.connected_components(forest):
        root = min(part)
        order = [root]
        for a, b in nx.bfs_edges(forest, root):
            parent[b] = a
            order.append(b)
        for node in reversed(order[1:]):
            below[parent[node]] += below[node]
        whole.update(dict.fromkeys(part, below[root]))
    return below, parent, whole


def articulation_points(graph: nx.Graph) -> list[str]:
    """Nodes without which their part of the graph falls apart, sorted."""
    return sorted(nx.articulation_points(simple(graph)))


@dataclass(frozen=True, slots=True)
class Link:
    """Two entities that are no neighbours but share some; `score` is Adamic and Adar's, `shared` its reasons, the rarest first."""

    one: str
    other: str
    score: float
    shared: tuple[str, ...]


def missing_links(graph: nx.Graph, *, among: Iterable[str] | None = None, limit: int = 50) -> list[Link]:
    """Likely links: pairs that share neighbours, each counted by 1 / log of how many it has. `among` keeps pairs with one of these."""
    plain = simple(graph)
    wanted = None if among is None else set(among)
    scores: dict[tuple[str, str], float] = defaultdict(float)
    for pair, hub in _pairs(plain, wanted):
        scores[pair] += 1 / float(np.log(plain.degree[hub]))
    best = sorted(((s, p) for p, s in scores.items() if not plain.has_edge(*p)), key=lambda x: (-x[0], x[1]))[:limit]
    return [Link(a, b, score, _shared(plain, a, b)) for score, (a, b) in best]


def _pairs(graph: nx.Graph, wanted: set[str] | None, most: int = 300) -> Iterator[tuple[tuple[str, str], str]]:
    """Pairs of neighbours of a node with the node; those of huge hubs say little and would be millions."""
    for hub in graph:
        ends = sorted(graph[hub])
        if not 2 <= len(ends) <= most:
            continue
        for at, a in enumerate(ends):
            for b in ends[at + 1 :]:
                if wanted is None or a in wanted or b in wanted:
                    yield (a, b), hub


def _shared(graph: nx.Graph, a: str, b: str) -> tuple[str, ...]:
    return tuple(sorted(nx.common_neighbors(graph, a, b), key=lambda n: (graph.degree[n], n)))
