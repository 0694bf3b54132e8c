"""The graph in other formats, byte for byte the same each time: RDF serialisations, GraphML, GEXF, CSV and Cypher."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.query import separated
from kg.store import folder, jsonld, results
from kg.store.terms import PREFIXES, clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import networkx as nx

    from kg.store.graph import View

_RDF = {
    "turtle": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
    "ntriples": ox.RdfFormat.N_TRIPLES,
}
_EDGE = (
    "predicate",
    "confidence",
    "date",
    "role",
    "value",
    "amount",
    "holds_on",
    "status",
    "since",
    "until",
    "document",
    "title",
    "path",
    "start",
    "end",
    "quote",
    "found_by",
)


def export(view: View, form: str) -> bytes:
    """The whole store in the format `form`, one of `FORMATS`.

    Turtle and N-Triples merge the graphs, but for results of analyses, which they leave out; the others of RDF keep them apart.
    """
    with folder.told(view.path):
        if form in _RDF:
            return _rdf(view, form)
        if form == "jsonld":
            return "".join(jsonld.write(sorted(view.store, key=_order))).encode("utf-8")
    from kg.analyse.network import network

    return _GRAPHS[form](network(view)).encode("utf-8")


def _rdf(view: View, form: str) -> bytes:
    if form in ("nquads", "trig"):  # a line a quad, which sort as the quads do, without an object for each
        lines = (view.store.dump(format=ox.RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
        if form == "nquads":
            return b"".join(sorted(lines))
        # Graph by graph, as TriG groups them: the last of a line is its graph.
        lines.sort(key=lambda line: (line.rsplit(b" ", 2)[1], line))
        quads: Iterable[Any] = ox.parse(b"".join(lines), format=ox.RdfFormat.N_QUADS)
    else:
        apart = set(results.graphs(view.store))
        quads = sorted({q.triple for q in view.store if q.graph_name not in apart}, key=str)
    return ox.serialize(quads, format=_RDF[form], prefixes=PREFIXES) or b""


def _order(quad: Any) -> tuple[str, str, str, str]:
    """Graph by graph, as the formats that group them want it."""
    return (str(quad.graph_name), quad.subject.value, quad.predicate.value, str(quad.object))


def _flat(graph: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """The graph with attributes that XML formats can hold: text and numbers, no lists, nothing missing."""
    import networkx as nx

    flat = nx.MultiDiGraph()
    for node, data in graph.nodes(data=True):
        flat.add_node(
            node,
            **{k: clean(str(data[k])) for k in ("type", "label", "label_en", "label_zh")},
            names=clean(" | ".join(data["names"])),
        )
    for s, o, key, data in graph.edges(keys=True, data=True):
        flat.add_edge(
            s, o, key=key, **{k: clean(v) if isinstance(v, str) else v for k in _EDGE if (v := data[k]) is not None}
        )
    return flat


def _graphml(graph: nx.MultiDiGraph) -> str:
    import networkx as nx

    return "\n".join(nx.generate_graphml(_flat(graph))) + "\n"


def _gexf(graph: nx.MultiDiGraph) -> str:
    import networkx as nx

    flat = _flat(graph)
    # `type`, `start` and `end` have meanings of their own in GEXF: of edges, and of times.
    for _, data in flat.nodes(data=True):
        data["kind"] = data.pop("type")
    for _, _, data in flat.edges(data=True):
        data["from"], data["to"] = data.pop("start"), data.pop("end")
    text = "\n".join(nx.generate_gexf(flat)) + "\n"
    # The first element, before anything from a document, holds the day on which it was written.
    return re.sub(r"\s*<meta .*?</meta>", "", text, count=1, flags=re.DOTALL)


def _csv(graph: nx.MultiDiGraph) -> str:
    rows: list[tuple[Any, ...]] = [
        ("claim", "subject", "subject_label", "subject_type", "object", "object_label", "object_type", *_EDGE)
    ]
    nodes = graph.nodes
    for s, o, key, data in sorted(graph.edges(keys=True, data=True), key=lambda e: e[2]):
        row = (
            key,
            s,
            nodes[s]["label"],
            nodes[s]["type"],
            o,
            nodes[o]["label"],
            nodes[o]["type"],
            *("" if data[k] is None else data[k] for k in _EDGE),
        )
        rows.append(tuple(str(c) for c in row))
    return separated(rows)


def _cypher(graph: nx.MultiDiGraph) -> str:
    """MERGE statements with every text a quoted string; labels and relationship types come from the ontology only."""
    lines = ["CREATE CONSTRAINT kg_entity IF NOT EXISTS FOR (n:Entity) REQUIRE n.iri IS UNIQUE;"]
    for node, data in sorted(graph.nodes(data=True)):
        names = ", ".join(_quoted(n) for n in data["names"])
        lines.append(
            f"MERGE (n:Entity {{iri: {_quoted(node)}}}) SET n:{data['type']}, n.label = {_quoted(data['label'])}, n.names = [{names}];"
        )
    for s, o, key, data in sorted(graph.edges(keys=True, data=True), key=lambda e: e[2]):
        kept = ", ".join(
            f"r.{k} = {_quoted(v) if isinstance(v, str) else v}"
            for k in _EDGE
            if k != "predicate" and (v := data[k]) is not None
        )
        lines.append(
            f"MATCH (s:Entity {{iri: {_quoted(s)}}}), (o:Entity {{iri: {_quoted(o)}}}) "
            f"MERGE (s)-[r:{data['predicate']} {{claim: {_quoted(key)}}}]->(o) SET {kept};"
        )
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A Cypher string.

    Some servers decode a backslash, u and four digits before they look for quotation marks, whatever stands before it: no such
    escape is written, and a backslash of the text is parted from a `u` after it.
    """
    return json.dumps(clean(text), ensure_ascii=False).replace("\\\\u", '\\\\" + "u')


_GRAPHS: dict[str, Callable[[nx.MultiDiGraph], str]] = {
    "graphml": _graphml,
    "gexf": _gexf,
    "csv": _csv,
    "cypher": _cypher,
}
FORMATS = (*_RDF, "jsonld", *_GRAPHS)
"""Names of the formats."""
