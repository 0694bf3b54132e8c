"""The graph in other formats, byte for byte the same each time: RDF serialisations, GraphML, GEXF, CSV and Cypher."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.query import disarmed
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
    "jsonld": ox.RdfFormat.JSON_LD,
}
_TRIPLES = ("turtle", "ntriples")
_EDGE = (
    "predicate",
    "confidence",
    "date",
    "role",
    "value",
    "amount",
    "holds_on",
    "document",
    "title",
    "path",
    "start",
    "end",
    "quote",
    "found_by",
)


def export(view: View, form: str) -> bytes:
    """The whole store in the format `form`, one of `FORMATS`. Turtle and N-Triples merge the graphs; the others of RDF keep them."""
    if form in _RDF:
        return _rdf(view, form)
    from kg.analyse.network import network

    return _GRAPHS[form](network(view)).encode("utf-8")


def _rdf(view: View, form: str) -> bytes:
    quads: Iterable[Any] = view.store
    if form in _TRIPLES:
        quads = {q.triple for q in view.store}
    ordered = sorted(quads, key=str)
    data = ox.serialize(ordered, format=_RDF[form], prefixes=PREFIXES)
    return data or b""


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
    for _, data in flat.nodes(data=True):
        data["kind"] = data.pop("type")  # `type` has a meaning of its own in GEXF
    lines = nx.generate_gexf(flat)
    return (
        "\n".join(
            line
            for line in lines
            if "lastmodifieddate" not in line and not line.strip().startswith(("<creator>", "</meta>"))
        )
        + "\n"
    )


def _csv(graph: nx.MultiDiGraph) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ("claim", "subject", "subject_label", "subject_type", "object", "object_label", "object_type", *_EDGE)
    )
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
        writer.writerow([disarmed(str(c)) for c in row])
    return out.getvalue()


def _cypher(graph: nx.MultiDiGraph) -> str:
    """MERGE statements, every text a JSON string, whose escapes Cypher reads too; labels and types come from the ontology only."""
    lines = []
    for node, data in sorted(graph.nodes(data=True)):
        lines.append(
            f"MERGE (n:Entity {{iri: {_text(node)}}}) SET n:{data['type']}, n.label = {_text(data['label'])}, n.names = [{', '.join(_text(n) for n in data['names'])}];"
        )
    for s, o, key, data in sorted(graph.edges(keys=True, data=True), key=lambda e: e[2]):
        kept = ", ".join(
            f"r.{k} = {_text(v) if isinstance(v, str) else v}"
            for k in _EDGE
            if k != "predicate" and (v := data[k]) is not None
        )
        lines.append(
            f"MATCH (s:Entity {{iri: {_text(s)}}}), (o:Entity {{iri: {_text(o)}}}) MERGE (s)-[r:{data['predicate']} {{claim: {_text(key)}}}]->(o) SET {kept};"
        )
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    return json.dumps(clean(value), ensure_ascii=True)


_GRAPHS: dict[str, Callable[[nx.MultiDiGraph], str]] = {
    "graphml": _graphml,
    "gexf": _gexf,
    "csv": _csv,
    "cypher": _cypher,
}
FORMATS = (*_RDF, *_GRAPHS)
"""Names of the formats."""
