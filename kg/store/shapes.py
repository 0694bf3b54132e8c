"""SHACL validation of a store against `ontology/shapes.ttl`, a document's graph at a time, so that memory does not grow with the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.vocabulary import folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.store.graph import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A node that breaks a shape, and how."""

    graph: str
    node: str
    path: str
    message: str


def validate(view: View) -> Iterator[Finding]:
    """What in the store breaks the shapes; nothing if it conforms."""
    import pyshacl
    import rdflib

    shapes = rdflib.Graph().parse(str(folder() / "shapes.ttl"))
    ontology = rdflib.Graph().parse(str(folder() / "aikg.ttl"))
    for name in sorted(g.value for g in view.store.named_graphs() if "/document/" in g.value):
        data = rdflib.Graph()
        turtle = ox.serialize(
            (q.triple for q in view.store.quads_for_pattern(None, None, None, ox.NamedNode(name))),
            format=ox.RdfFormat.N_TRIPLES,
        )
        data.parse(data=turtle, format="nt")
        conforms, results, _ = pyshacl.validate(
            data, shacl_graph=shapes, ont_graph=ontology, inference="none", advanced=False
        )
        if not conforms:
            yield from _findings(name, results)


def _findings(graph: str, results: object) -> Iterator[Finding]:
    import rdflib

    assert isinstance(results, rdflib.Graph)
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    found = []
    for result in results.subjects(rdflib.RDF.type, sh.ValidationResult):
        node, path, message = (
            str(results.value(result, p) or "") for p in (sh.focusNode, sh.resultPath, sh.resultMessage)
        )
        found.append(Finding(graph=graph, node=node, path=path, message=message))
    yield from sorted(found, key=lambda f: (f.node, f.path, f.message))
