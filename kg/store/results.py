"""Results of analyses: each in a graph of its own beside what was read, gone with the first change of what they were made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode, Quad

from kg.ids import content_id
from kg.store.terms import literal, node

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pyoxigraph as ox

_TYPE, _KIND = node("rdf", "type"), node("result", "Analysis")


def graph_of(base: str, analysis: str, about: str | None = None) -> NamedNode:
    """The graph of the result of an analysis, of the entity `about` where it has one; the same one each time."""
    return NamedNode(f"{base}graph/analysis/{analysis}{f'/{content_id(about)}' if about else ''}")


def graphs(store: ox.Store, analysis: str | None = None) -> list[Any]:
    """The graphs that hold results, of one analysis or of all, sorted."""
    found = [
        q.graph_name
        for q in store.quads_for_pattern(None, _TYPE, _KIND)
        if q.subject == q.graph_name  # what a file from outside says of other graphs makes none of them a result
        and (analysis is None or Quad(q.subject, node("result", "analysis"), literal(analysis), q.graph_name) in store)
    ]
    return sorted(found, key=str)


def quads(graph: NamedNode, rows: Iterable[ox.Triple], said: Mapping[str, Any]) -> list[Quad]:
    """Rows and how they came about, as quads of their graph; `said` holds local names with texts, numbers or terms."""
    told = [(_TYPE, _KIND)] + [
        (node("result", name), value if isinstance(value, NamedNode) else literal(value))
        for name, value in said.items()
        if value is not None
    ]
    return [
        *(Quad(graph, p, o, graph) for p, o in told),
        *(Quad(t.subject, t.predicate, t.object, graph) for t in rows),
    ]


def drop(store: ox.Store, analysis: str | None = None) -> int:
    """Take out the results of one analysis or of all; how many graphs there were."""
    found = graphs(store, analysis)
    for graph in found:
        store.remove_graph(graph)
    return len(found)
