"""RDF from outside: read from a file into a named graph of its own, with what it says in the terms of our ontology beside it.

Its things keep their IRIs; resolution says `owl:sameAs` of those that documents name too.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeGuard

import pyoxigraph as ox

from kg.errors import DataError
from kg.ids import content_id
from kg.store.terms import node
from kg.vocabulary import KG, PREDICATES, TYPES, folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
}
_TYPE, _LABEL, _TICKER = node("rdf", "type"), node("rdfs", "label"), node("kg", "ticker")
_KIND = node("kg", "ImportedGraph")
_NAMES = (_LABEL, node("skos", "prefLabel"), node("skos", "altLabel"))
_OURS = frozenset(node("kg", n) for n in (*PREDICATES, *TYPES, "ticker"))


def graph_of(base: str, path: Path) -> ox.NamedNode:
    """The graph of what was imported from a file of this path, as it was given; importing it again takes its place."""
    return ox.NamedNode(f"{base}graph/import/{content_id(path.as_posix())}")


def graphs(store: ox.Store) -> list[Any]:
    """The graphs of imported files, sorted."""
    # What a file says of other graphs makes none of them an imported one.
    return sorted(
        {q.graph_name for q in store.quads_for_pattern(None, _TYPE, _KIND) if q.subject == q.graph_name}, key=str
    )


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing of an imported graph that has a type of ours and a name."""

    iri: str
    graph: str
    type: str
    names: tuple[str, ...]
    tickers: tuple[str, ...]


def things(store: ox.Store) -> Iterator[Thing]:
    """What imported graphs name of our types, by graph and IRI."""
    types: dict[Any, str] = {node("kg", t): t for t in TYPES}
    for graph in graphs(store):
        kinds: dict[Any, set[str]] = defaultdict(set)
        for q in store.quads_for_pattern(None, _TYPE, None, graph):
            if q.object in types and isinstance(q.subject, ox.NamedNode):
                kinds[q.subject].add(types[q.object])
        for subject in sorted(kinds, key=str):
            names, tickers = (
                tuple(sorted({n.value for p in some for n in _texts(store, subject, p, graph)}))
                for some in (_NAMES, (_TICKER,))
            )
            if names:
                # Of a thing of several types the finer one: a Company is an Organization too.
                yield Thing(subject.value, graph.value, min(kinds[subject]), names, tickers)


def _texts(store: ox.Store, subject: Any, predicate: Any, graph: Any) -> Iterator[ox.Literal]:
    found = (q.object for q in store.quads_for_pattern(subject, predicate, None, graph))
    return (o for o in found if isinstance(o, ox.Literal))


def relations(store: ox.Store) -> Iterator[tuple[str, str, str]]:
    """What imported graphs state in our relations: subject, predicate and object."""
    for graph in graphs(store):
        for predicate in sorted(PREDICATES):
            for q in store.quads_for_pattern(None, node("kg", predicate), None, graph):
                if isinstance(q.subject, ox.NamedNode) and isinstance(q.object, ox.NamedNode):
                    yield q.subject.value, predicate, q.object.value


def quads(path: Path, base: str) -> list[ox.Quad]:
    """The triples of a file and what they say in our terms, as quads of its graph; blank nodes get IRIs from the content.

    Raises:
        DataError: if the file cannot be read or is malformed, with its line; or if it holds records of kg itself.
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
    if own := sorted(str(t.value) for q in found for t in (q.predicate, q.object) if _is_record(t)):
        raise DataError(
            f"{path}: these are records of kg itself ({own[0].removeprefix(KG)}); join stores with `kg merge`, or import RDF of other sources"
        )
    found |= {m for q in found if (m := _mapped(q, graph)) is not None}
    found |= {
        ox.Quad(graph, _TYPE, _KIND, graph),
        ox.Quad(graph, node("dcterms", "source"), ox.Literal(path.as_posix()), graph),
    }
    return sorted(found, key=str)


def _is_record(term: Any) -> TypeGuard[ox.NamedNode]:
    """Whether a term is one of those that tell documents, mentions and claims, which only reading may state."""
    return isinstance(term, ox.NamedNode) and term.value.startswith(KG) and term not in _OURS


def _mapped(quad: ox.Quad, graph: ox.NamedNode) -> ox.Quad | None:
    """What a quad says in our terms; None where the ontology maps nothing of it."""
    same, inverse, classes = _mappings()
    if isinstance(quad.object, ox.Literal):
        return _named(quad, quad.object.value, same.get(quad.predicate), graph)
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


def _named(quad: ox.Quad, text: str, ours: Any, graph: ox.NamedNode) -> ox.Quad | None:
    if ours == _TICKER:  # schema.org writes `SSE 688256`
        return ox.Quad(quad.subject, ours, ox.Literal(":".join(text.upper().split())), graph)
    return ox.Quad(quad.subject, ours, quad.object, graph) if ours in _NAMES else None


@cache
def _mappings() -> tuple[Mapping[Any, Any], Mapping[Any, Any], Mapping[Any, Any]]:
    rows = list(ox.parse(path=str(folder() / "outside.ttl")))

    def by(prefix: str, name: str) -> dict[Any, Any]:
        return {q.subject: q.object for q in rows if q.predicate == node(prefix, name)}

    return by("rdfs", "subPropertyOf"), by("owl", "inverseOf"), by("rdfs", "subClassOf")
