"""Paths between entities, and what stands around one, with the claims that make the steps."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import networkx as nx

from kg.errors import KgError
from kg.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    Step = tuple[str, str, dict[str, Any]]


def find(graph: nx.MultiDiGraph, name: str) -> str:
    """The node of this name (or IRI), whatever its script, width and case; of several the most connected.

    Raises:
        KgError: if none has it; the message names some that contain it.
    """
    if name in graph:
        return name
    wanted = fold(name)
    exact: list[str] = []
    near: list[str] = []
    for iri, node in graph.nodes(data=True):
        folded = [fold(str(n)) for n in (node.get("label"), *(node.get("names") or ())) if n]
        if wanted and wanted in folded:
            exact.append(iri)
        elif wanted and any(wanted in f for f in folded):
            near.append(iri)
    by_ties = sorted(exact or near, key=lambda iri: (-graph.degree[iri], iri))
    if exact or len(near) == 1:
        return by_ties[0]
    hint = ", ".join(str(graph.nodes[n].get("label")) for n in by_ties[:5])
    raise KgError(
        f"{name}: no entity of this name in the graph"
        + (f"; there are {hint}" if hint else "; `kg show` finds those without a claim of this confidence")
    )


def best_claim(graph: nx.MultiDiGraph, a: str, b: str) -> Step:
    """The surest claim between two neighbours, as (subject, object, attributes)."""
    every = [(s, o, data) for s, o in ((a, b), (b, a)) for _, data in sorted((graph.get_edge_data(s, o) or {}).items())]
    return max(every, key=lambda step: float(step[2].get("confidence", 0)))


def shortest(graph: nx.MultiDiGraph, start: str, goal: str) -> list[Step]:
    """The steps of a shortest path, whichever way the claims point; each is the surest claim between its ends.

    Raises:
        KgError: if nothing connects the two.
    """
    nodes = _meet(graph, start, goal)
    if not nodes:
        labels = [graph.nodes[n].get("label", n) for n in (start, goal)]
        raise KgError(f"no path connects {labels[0]} and {labels[1]}; a lower --min-confidence admits more claims")
    return [best_claim(graph, a, b) for a, b in pairwise(nodes)]


def _meet(graph: nx.MultiDiGraph, start: str, goal: str) -> list[str]:
    """Breadth first from both ends, the smaller ring first; neighbours in the order of their names, so that the path is the same each time."""
    if start == goal:
        return [start]
    came: tuple[dict[str, str | None], ...] = ({start: None}, {goal: None})
    rings = [[start], [goal]]
    while all(rings):
        side = 0 if len(rings[0]) <= len(rings[1]) else 1
        ring: list[str] = []
        meeting: list[str] = []
        for node in rings[side]:
            for other in sorted({*graph.succ[node], *graph.pred[node]}):
                if other not in came[side]:
                    came[side][other] = node
                    ring.append(other)
                    if other in came[1 - side]:
                        meeting.append(other)
        if meeting:
            return [*reversed(list(_trail(came[0], min(meeting)))), *list(_trail(came[1], min(meeting)))[1:]]
        rings[side] = ring
    return []


def _trail(came: dict[str, str | None], node: str | None) -> Iterator[str]:
    while node is not None:
        yield node
        node = came[node]


def ego(graph: nx.MultiDiGraph, centre: str, *, depth: int = 1) -> nx.MultiDiGraph:
    """The entities at most `depth` steps from one, and all claims between them."""
    seen, ring = {centre}, [centre]
    for _ in range(depth):
        ring = sorted({o for n in ring for o in (*graph.succ[n], *graph.pred[n])} - seen)
        seen.update(ring)
    return graph.subgraph(sorted(seen)).copy()


def surest(graph: nx.MultiDiGraph, confidence: float) -> nx.MultiDiGraph:
    """The graph without claims below `confidence` or denied, and without entities that have no claim then."""
    kept = nx.MultiDiGraph()
    for s, o, key, data in graph.edges(keys=True, data=True):
        if float(data.get("confidence", 1)) >= confidence and data.get("status") != "denied":
            kept.add_node(s, **graph.nodes[s])
            kept.add_node(o, **graph.nodes[o])
            kept.add_edge(s, o, key=key, **data)
    return kept
