"""The graph in other formats, byte for byte the same each time: RDF serialisations, GraphML, GEXF, CSV and Cypher."""

from __future__ import annotations

import io
import json
import re
from contextlib import ExitStack
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, cast

import pyoxigraph as ox

from kg.query import separated
from kg.store import folder, jsonld, results
from kg.store.runs import Runs
from kg.store.terms import PREFIXES, clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Set

    import networkx as nx

    from kg.store.graph import View

_RDF = ("turtle", "trig", "nquads", "ntriples", "jsonld")
_SERIALIZED = {"turtle": ox.RdfFormat.TURTLE, "trig": ox.RdfFormat.TRIG}
_BY_TRIPLE = ("turtle", "nquads", "ntriples")
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
    """What `write` writes, of a graph that memory holds."""
    out = io.BytesIO()
    write(view, form, out)
    return out.getvalue()


def write(view: View, form: str, out: IO[bytes]) -> None:
    """Write the whole store in the format `form`, one of `FORMATS`.

    Turtle and N-Triples merge the graphs, but for results of analyses, which they leave out; the others of RDF keep them apart. RDF takes
    memory that does not grow with the graph, and room for a copy of it as N-Quads where temporary files go.
    """
    if form in _GRAPHS:
        from kg.analyse.network import network

        with folder.told(view.path):
            graph = network(view)
        out.write(_GRAPHS[form](graph).encode("utf-8"))
        return
    with ExitStack() as stack:
        runs = Runs(stack, key=None if form in _BY_TRIPLE else _graph_first)
        with folder.told(view.path):
            view.store.dump(cast("IO[bytes]", runs), format=ox.RdfFormat.N_QUADS)
            apart = {str(graph).encode() for graph in results.graphs(view.store)}
        lines = runs.merged()
        if form in ("turtle", "ntriples"):
            lines = _triples(lines, apart)
        if form in ("nquads", "ntriples"):  # written as the engine wrote them, without an object for each
            out.writelines(lines)
        elif form == "jsonld":
            out.writelines(line.encode("utf-8") for line in jsonld.write(_parsed(lines)))
        else:
            ox.serialize(_parsed(lines), out, format=_SERIALIZED[form], prefixes=PREFIXES)


def _graph_first(line: bytes) -> tuple[bytes, bytes]:
    """Orders lines graph by graph, as the formats that group them want it: the last of a line is its graph."""
    return line.rsplit(b" ", 2)[1], line


def _triples(lines: Iterable[bytes], apart: Set[bytes]) -> Iterator[bytes]:
    """Sorted quads without their graphs, each triple once; those of the graphs `apart` left out."""
    last = b""
    for line in lines:
        triple, graph, _ = line.rsplit(b" ", 2)
        if graph not in apart and triple != last:
            yield triple + b" .\n"
            last = triple


def _parsed(lines: Iterator[bytes]) -> Iterator[Any]:
    while some := b"".join(islice(lines, 10_000)):
        yield from ox.parse(some, format=ox.RdfFormat.N_QUADS)


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
FORMATS = (*_RDF, *_GRAPHS)
"""Names of the formats."""
