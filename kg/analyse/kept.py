"""Results of analyses kept in the store, where SPARQL finds them beside what was read but never among it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode

from kg.analyse.table import triples
from kg.store import results

if TYPE_CHECKING:
    from kg.analyse.table import Table
    from kg.store.graph import Writer


def keep(writer: Writer, table: Table, *, about: str | None = None, **options: Any) -> str:
    """Put a table into its graph, in the place of what was kept of this analysis (of the entity `about`) before; the graph's IRI.

    `options` are what the analysis was made with; they stand in the graph as well. It goes when documents or decisions change.
    """
    graph = results.graph_of(writer.base, table.name, about)
    said = {
        "analysis": table.name,
        "meaning": table.about,
        "rows": len(table),
        "about": NamedNode(about) if about else None,
        **options,
    }
    writer.keep(graph, results.quads(graph, triples(table, f"{graph.value}#"), said))
    return graph.value
