"""RDF from outside: read from a file into a named graph of its own, with what it says in the terms of our ontology beside it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.errors import DataError
from kg.ids import content_id
from kg.store.terms import node
from kg.vocabulary import folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
}
_TYPE = node("rdf", "type")


def graph_of(base: str, path: Path) -> ox.NamedNode:
    """The graph of what was imported from a file of this name; importing it again takes its place."""
    return ox.NamedNode(f"{base}graph/import/{content_id(path.name)}")


def quads(path: Path, base: str) -> list[ox.Quad]:
    """The triples of a file and what they say in our terms, as quads of its graph; blank nodes get IRIs from the content.

    Raises:
        DataError: if the file cannot be read or is malformed, with its line.
    """
    form = _FORMATS.get(path.suffix.lower())
    if form is None:
        raise DataError(f"{path}: kg imports {', '.join(_FORMATS)}")
    try:
        read = ox.Dataset(ox.parse(path.read_bytes(), format=form, base_iri="urn:kg:import"))
    except SyntaxError as error:
        raise DataError(f"{path}:{error.lineno or 1}: this is no {form.name} ({str(error).splitlines()[0]})") from error
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read ({error})") from error
    read.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    graph = graph_of(base, path)
    mark = content_id(*sorted(str(q) for q in read))

    def named(term: Any) -> Any:
        return ox.NamedNode(f"{graph.value}/{mark}/{term.value}") if isinstance(term, ox.BlankNode) else term

    found = {ox.Quad(named(q.subject), q.predicate, named(q.object), graph) for q in read}
    found |= {m for q in found if (m := _mapped(q, graph)) is not None}
    return sorted(found, key=str)


def _mapped(quad: ox.Quad, graph: ox.NamedNode) -> ox.Quad | None:
    """What a quad says in our terms; None where the ontology maps nothing of it."""
    same, inverse, classes = _mappings()
    if not isinstance(quad.object, ox.NamedNode):
        return None
    if quad.predicate == _TYPE:
        kind = classes.get(quad.object)
        return ox.Quad(quad.subject, _TYPE, kind, graph) if kind else None
    if ours := same.get(quad.predicate):
        return ox.Quad(quad.subject, ours, quad.object, graph)
    if ours := inverse.get(quad.predicate):
        return ox.Quad(quad.object, ours, quad.subject, graph)
    return None


@cache
def _mappings() -> tuple[Mapping[Any, Any], Mapping[Any, Any], Mapping[Any, Any]]:
    rows = list(ox.parse(path=str(folder() / "outside.ttl")))

    def by(prefix: str, name: str) -> dict[Any, Any]:
        return {q.subject: q.object for q in rows if q.predicate == node(prefix, name)}

    return by("rdfs", "subPropertyOf"), by("owl", "inverseOf"), by("rdfs", "subClassOf")
