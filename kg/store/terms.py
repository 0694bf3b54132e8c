"""The border to RDF: a reading becomes quads here, and nowhere else are terms made from what a document says.

Everything is named by IRI, no node is blank, and nothing depends on the clock: the same reading gives the same quads.
"""

from __future__ import annotations

import re
from datetime import date as Date  # noqa: N812
from typing import TYPE_CHECKING, Any

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    parse,
    serialize,
)

from kg.errors import DataError
from kg.ids import content_id
from kg.text import has_han
from kg.vocabulary import KG, folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.model import Claim, Document, Entity, Evidence, Mention, Observation, Reading
    from kg.registry.load import Entry, Registry

PREFIXES = {
    "kg": KG,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "oa": "http://www.w3.org/ns/oa#",
    "schema": "https://schema.org/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "result": "https://w3id.org/aikg/analysis#",
}
_CONTEXT = 60
"""Characters before and after a quotation that are kept with it."""
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def node(prefix: str, name: str) -> NamedNode:
    """The term `prefix:name`."""
    return NamedNode(PREFIXES[prefix] + name)


_TYPE, _LABEL = node("rdf", "type"), node("rdfs", "label")


def clean(text: str) -> str:
    """`text` as RDF can hold it: without control characters, lone surrogates replaced."""
    return _UNSAFE.sub("\ufffd", text).encode("utf-8", "replace").decode("utf-8")


def literal(value: str | float, *, lang: str | None = None) -> Literal:
    """A literal of the fitting datatype; whole numbers are doubles too, so that they compare."""
    if isinstance(value, str):
        return Literal(clean(value), language=lang) if lang else Literal(clean(value))
    if isinstance(value, int):
        return Literal(str(value), datatype=node("xsd", "integer"))
    return Literal(repr(value), datatype=node("xsd", "double"))


def to_iri(value: str) -> NamedNode:
    """The term of an IRI that came from outside the project, such as the id of an entry in a user's registry.

    Raises:
        DataError: if it is no IRI.
    """
    try:
        return NamedNode(clean(value))
    except ValueError as error:
        raise DataError(f"{value!r} is no IRI ({error}); ids hold letters, digits, hyphens and slashes") from error


def document_iri(base: str, document: str) -> NamedNode:
    """The IRI of a document, and of the named graph that holds all that was read from it."""
    return NamedNode(f"{base}document/{content_id(document)}")


def entities_graph(base: str) -> NamedNode:
    """The graph of what the registry knows of the entities that documents name."""
    return NamedNode(f"{base}graph/entities")


def ontology_graph(base: str) -> NamedNode:
    """The graph that holds the ontology."""
    return NamedNode(f"{base}graph/ontology")


class _Graph:
    """Collects the quads of one named graph."""

    def __init__(self, graph: NamedNode) -> None:
        self.graph = graph
        self.quads: list[Quad] = []

    def add(self, subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal | str | float | None) -> None:
        if value is None or value == "":
            return
        if not isinstance(value, (NamedNode, Literal)):
            value = literal(value)
        self.quads.append(Quad(subject, predicate, value, self.graph))


def from_reading(reading: Reading, *, base: str, extractor: str) -> list[Quad]:
    """All quads of a document's named graph."""
    document = reading.document
    graph = _Graph(document_iri(base, document.id))
    activity = NamedNode(f"{base}reading/{content_id(document.id, document.sha256, extractor)}")
    _document(graph, document, activity, extractor)
    for entity in reading.entities:
        _entity(graph, entity)
    for mention in reading.mentions:
        _mention(graph, mention, to_iri(reading.entity_of[mention.id]), base, document)
    for claim in reading.claims:
        _claim(graph, claim, reading, base, activity)
    for observation in reading.observations:
        _observation(graph, observation, reading, base, activity)
    return graph.quads


def _document(graph: _Graph, document: Document, activity: NamedNode, extractor: str) -> None:
    iri = graph.graph
    graph.add(iri, _TYPE, node("kg", "Document"))
    graph.add(iri, node("dcterms", "identifier"), document.id)
    graph.add(iri, node("dcterms", "title"), document.title or document.id)
    graph.add(iri, node("dcterms", "language"), document.lang)
    graph.add(iri, node("dcterms", "source"), document.path)
    if document.date:
        graph.add(iri, node("dcterms", "date"), _date(document.date))
    graph.add(iri, node("kg", "sha256"), document.sha256)
    graph.add(activity, _TYPE, node("kg", "Reading"))
    graph.add(activity, node("prov", "used"), iri)
    graph.add(activity, node("kg", "extractor"), extractor)


def _date(date: str) -> Literal:
    """A date, month or year; what is none of them stays text, which the shapes then find."""
    kind = {4: "gYear", 7: "gYearMonth", 10: "date"}.get(len(date))
    try:
        Date.fromisoformat(f"{date}-01-01"[:10])
    except ValueError:
        return literal(date)
    return Literal(date, datatype=node("xsd", kind)) if kind and "W" not in date else literal(date)


def _entity(graph: _Graph, entity: Entity) -> None:
    """Its type and the names that this document uses; the one label that all documents share stands in the graph of entities."""
    me = to_iri(entity.iri)
    graph.add(me, _TYPE, node("kg", entity.type))
    for name in entity.names:
        graph.add(me, node("skos", "altLabel"), literal(name, lang="zh" if has_han(name) else "en"))
    graph.add(me, node("kg", "entry"), entity.entry)


def _evidence(graph: _Graph, base: str, document: Document, evidence: Evidence) -> NamedNode:
    """The words as a Web Annotation target: where they stand, what they are, and what stands around them."""
    iri = NamedNode(f"{base}evidence/{content_id(document.id, evidence.start, evidence.end)}")
    place, quote = NamedNode(f"{iri.value}/position"), NamedNode(f"{iri.value}/quote")
    text = document.text
    graph.add(iri, _TYPE, node("oa", "SpecificResource"))
    graph.add(iri, node("oa", "hasSource"), graph.graph)
    graph.add(iri, node("oa", "hasSelector"), place)
    graph.add(iri, node("oa", "hasSelector"), quote)
    graph.add(place, _TYPE, node("oa", "TextPositionSelector"))
    graph.add(place, node("oa", "start"), evidence.start)
    graph.add(place, node("oa", "end"), evidence.end)
    graph.add(quote, _TYPE, node("oa", "TextQuoteSelector"))
    graph.add(quote, node("oa", "exact"), evidence.quote)
    graph.add(quote, node("oa", "prefix"), text[max(0, evidence.start - _CONTEXT) : evidence.start])
    graph.add(quote, node("oa", "suffix"), text[evidence.end : evidence.end + _CONTEXT])
    return iri


def _mention(graph: _Graph, mention: Mention, entity: NamedNode, base: str, document: Document) -> None:
    iri = NamedNode(f"{base}mention/{mention.id}")
    graph.add(iri, _TYPE, node("kg", "Mention"))
    graph.add(iri, node("kg", "refersTo"), entity)
    graph.add(iri, node("oa", "start"), mention.start)
    graph.add(iri, node("oa", "end"), mention.end)
    graph.add(iri, node("oa", "exact"), mention.text)
    graph.add(iri, node("oa", "hasSource"), document_iri(base, document.id))
    graph.add(iri, node("kg", "foundBy"), mention.found_by)
    graph.add(iri, node("kg", "confidence"), float(mention.score))


def _claim(graph: _Graph, claim: Claim, reading: Reading, base: str, activity: NamedNode) -> None:
    iri = NamedNode(f"{base}claim/{claim.id}")
    subject, obj = (to_iri(reading.entity_of[m.id]) for m in (claim.subject, claim.object))
    predicate = node("kg", claim.predicate)
    if claim.qualifiers.status != "denied":
        graph.add(subject, predicate, obj)
    graph.add(iri, _TYPE, node("kg", "Claim"))
    graph.add(iri, node("kg", "subject"), subject)
    graph.add(iri, node("kg", "predicate"), predicate)
    graph.add(iri, node("kg", "object"), obj)
    for end, mention in (("subject", claim.subject), ("object", claim.object)):
        graph.add(iri, node("kg", f"{end}Mention"), NamedNode(f"{base}mention/{mention.id}"))
    graph.add(iri, node("kg", "confidence"), float(claim.confidence))
    for name, value in (
        ("role", claim.qualifiers.role),
        ("value", claim.qualifiers.value),
        ("amount", claim.qualifiers.amount),
        ("holdsOn", claim.qualifiers.date),
        ("status", claim.qualifiers.status),
        ("since", claim.qualifiers.since),
        ("until", claim.qualifiers.until),
        ("saidOn", reading.document.date),
    ):
        graph.add(iri, node("kg", name), value)
    _sourced(graph, iri, claim.evidence, claim.found_by, reading, base, activity)


def _observation(graph: _Graph, observation: Observation, reading: Reading, base: str, activity: NamedNode) -> None:
    iri = NamedNode(f"{base}observation/{observation.id}")
    graph.add(iri, _TYPE, node("kg", "Observation"))
    graph.add(iri, node("kg", "subject"), to_iri(reading.entity_of[observation.subject.id]))
    graph.add(iri, node("kg", "subjectMention"), NamedNode(f"{base}mention/{observation.subject.id}"))
    graph.add(iri, node("kg", "metric"), observation.metric)
    graph.add(iri, node("kg", "value"), float(observation.value))
    graph.add(iri, node("kg", "unit"), observation.unit)
    graph.add(iri, node("kg", "period"), observation.period)
    graph.add(iri, node("kg", "words"), observation.words)
    graph.add(iri, node("kg", "confidence"), float(observation.confidence))
    _sourced(graph, iri, observation.evidence, observation.found_by, reading, base, activity)


def _sourced(
    graph: _Graph, iri: NamedNode, evidence: Evidence, found_by: str, reading: Reading, base: str, activity: NamedNode
) -> None:
    graph.add(iri, node("kg", "evidence"), _evidence(graph, base, reading.document, evidence))
    graph.add(iri, node("kg", "foundBy"), found_by)
    graph.add(iri, node("prov", "wasDerivedFrom"), graph.graph)
    graph.add(iri, node("prov", "wasGeneratedBy"), activity)


def from_entities(names: Mapping[str, str], entries: Mapping[str, str], registry: Registry, *, base: str) -> list[Quad]:
    """The graph of entities: one label for each, and what the registry knows of it.

    `names` is IRI -> the name that documents use most, `entries` IRI -> id of the registry entry. What the registry knows of makers and
    families is no claim, and has properties of its own.
    """
    graph = _Graph(entities_graph(base))
    for iri in sorted(names):
        entry = registry.get(entries.get(iri))
        name = names[iri]
        known = ((entry.zh or entry.en) if has_han(name) else (entry.en or entry.zh)) if entry else name
        graph.add(NamedNode(iri), _LABEL, literal(known, lang="zh" if has_han(known) else "en"))
        if entry:
            _known(graph, NamedNode(iri), entry, base)
    return graph.quads


def _known(graph: _Graph, iri: NamedNode, entry: Entry, base: str) -> None:
    for name, lang in ((entry.en, "en"), (entry.zh, "zh"), (entry.hant, "zh-Hant")):
        graph.add(iri, node("skos", "prefLabel"), literal(name, lang=lang) if name else None)
    for name in entry.aliases:
        graph.add(iri, node("skos", "altLabel"), literal(name, lang="zh" if has_han(name) else "en"))
    graph.add(iri, node("kg", "kind"), entry.kind)
    for ticker in entry.tickers:
        graph.add(iri, node("kg", "ticker"), ticker)
    for other in entry.same_as:
        graph.add(iri, node("owl", "sameAs"), to_iri(other))
    for name, other in (("knownMaker", entry.maker), ("knownFamily", entry.family)):
        graph.add(iri, node("kg", name), to_iri(f"{base}entity/{other}") if other else None)


def from_ontology(graph: NamedNode) -> list[Quad]:
    """The ontology as quads of `graph`, the nodes of its lists and unions named, so that the store holds no blank one."""
    ontology = Dataset(parse(path=str(folder() / "aikg.ttl")))
    ontology.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)

    def term(value: Any) -> Any:
        return NamedNode(f"{graph.value}#{value.value}") if isinstance(value, BlankNode) else value

    return [Quad(term(q.subject), q.predicate, term(q.object), graph) for q in ontology]


def last_of_ontology(graph: NamedNode) -> Quad:
    """The quad of the ontology that is written after all else in a store: that it is there says that the store is up to date."""
    return Quad(NamedNode(KG.rstrip("#")), _TYPE, node("owl", "Ontology"), graph)


def to_change(removed: Iterable[Quad], added: Iterable[Quad]) -> str:
    """The SPARQL update that takes quads out and puts others in: one request, so one transaction."""
    parts = (("DELETE", removed), ("INSERT", added))
    return " ; ".join(f"{word} DATA {{ {_grouped(quads)} }}" for word, quads in parts)


def _grouped(quads: Iterable[Quad]) -> str:
    of: dict[Any, list[Any]] = {}
    for quad in quads:
        of.setdefault(quad.graph_name, []).append(quad.triple)
    bodies = ((g, serialize(triples, format=RdfFormat.N_TRIPLES) or b"") for g, triples in of.items())
    return " ".join(f"GRAPH {graph} {{\n{body.decode('utf-8')}}}" for graph, body in bodies)


def to_replacement(graph: NamedNode, quads: Iterable[Quad]) -> str:
    """The SPARQL update that puts `quads` in the place of all that `graph` holds: one request, so one transaction."""
    body = serialize((q.triple for q in quads), format=RdfFormat.N_TRIPLES) or b""
    return f"CLEAR SILENT GRAPH {graph} ; INSERT DATA {{ GRAPH {graph} {{\n{body.decode('utf-8')}}} }}"
