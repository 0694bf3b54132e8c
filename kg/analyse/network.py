"""The graph as NetworkX knows it: a node an entity, an edge a claim. Derived from the store and disposable."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import networkx as nx

from kg.vocabulary import KG, PREDICATES, TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.store.graph import View

_CLAIMS = (
    "SELECT * WHERE { ?c a kg:Claim ; kg:subject ?s ; kg:predicate ?p ; kg:object ?o ; kg:confidence ?confidence ; kg:foundBy ?found_by ; "
    "kg:evidence ?evidence ; prov:wasDerivedFrom ?source . OPTIONAL { ?c kg:role ?role } OPTIONAL { ?c kg:value ?value } "
    "OPTIONAL { ?c kg:amount ?amount } OPTIONAL { ?c kg:holdsOn ?holds_on } OPTIONAL { ?c kg:status ?status } "
    "OPTIONAL { ?c kg:since ?since } OPTIONAL { ?c kg:until ?until } }"
)
_OBSERVATIONS = (
    "SELECT * WHERE { ?c a kg:Observation ; kg:subject ?s ; kg:metric ?metric ; kg:value ?value ; kg:words ?words ; "
    "kg:confidence ?confidence ; kg:evidence ?evidence ; prov:wasDerivedFrom ?source . OPTIONAL { ?c kg:unit ?unit } OPTIONAL { ?c kg:period ?period } }"
)
_QUOTES = (
    "SELECT ?x ?quote ?prefix ?suffix WHERE { ?x a oa:TextQuoteSelector ; oa:exact ?quote . "
    "OPTIONAL { ?x oa:prefix ?prefix } OPTIONAL { ?x oa:suffix ?suffix } }"
)
_PLACES = "SELECT ?x ?start ?end WHERE { ?x a oa:TextPositionSelector ; oa:start ?start ; oa:end ?end }"
_DOCUMENTS = (
    "SELECT ?x ?document ?title ?path ?date WHERE { ?x a kg:Document ; dcterms:identifier ?document ; dcterms:title ?title ; "
    "dcterms:source ?path . OPTIONAL { ?x dcterms:date ?date } }"
)
_NAMES = (
    "SELECT DISTINCT ?e ?t ?p ?n WHERE { VALUES ?p { rdfs:label skos:altLabel skos:prefLabel } ?e ?p ?n . ?e a ?t }"
)


def network(view: View, *, min_confidence: float = 0.0) -> nx.MultiDiGraph:
    """The claims of a store as a graph; nodes and edges come in a fixed order.

    Nodes (by IRI) have `type`, `label`, `label_en`, `label_zh`, `names` and `observations`; edges (by claim id) have `predicate`,
    `confidence`, `role`, `value`, `amount`, `holds_on`, `status`, `since`, `until`, `found_by`, the evidence as `quote`, `prefix`, `suffix`, `start`, `end`, and its
    source as `document`, `title`, `path`, `date`. What a text does not say is None, a missing prefix or suffix empty.
    """
    graph = nx.MultiDiGraph()
    words = _Evidence(view)
    _nodes(view, graph, words, min_confidence)
    for row in sorted(view.records(_CLAIMS), key=lambda r: r["c"]):
        confidence, predicate = float(row["confidence"]), row["p"].removeprefix(KG)
        if confidence < min_confidence or predicate not in PREDICATES or row["s"] not in graph or row["o"] not in graph:
            continue
        graph.add_edge(
            row["s"],
            row["o"],
            key=row["c"].rsplit("/", 1)[-1],
            predicate=predicate,
            confidence=confidence,
            found_by=row["found_by"],
            **{k: row.get(k) for k in ("role", "value", "amount", "holds_on", "status", "since", "until")},
            **words.of(row),
        )
    return graph


class _Evidence:
    """Quotations, places and documents by IRI. Each kind is read once and joined here: far quicker than one large query."""

    def __init__(self, view: View) -> None:
        self.quotes, self.places, self.documents = (
            {row.pop("x"): row for row in view.records(query)} for query in (_QUOTES, _PLACES, _DOCUMENTS)
        )
        self.selectors: dict[str, list[str]] = defaultdict(list)
        for row in view.records("SELECT ?e ?x WHERE { ?e oa:hasSelector ?x }"):
            self.selectors[row["e"]].append(row["x"])

    def of(self, row: dict[str, str]) -> dict[str, Any]:
        """The words that state a claim or an observation, where they stand, and the document."""
        quote: dict[str, str] = {}
        place: dict[str, str] = {}
        for selector in self.selectors[row["evidence"]]:
            quote |= self.quotes.get(selector, {})
            place |= self.places.get(selector, {})
        source = self.documents.get(row["source"], {})
        return {
            **{k: quote.get(k, "") for k in ("quote", "prefix", "suffix")},
            **{k: int(place.get(k, 0)) for k in ("start", "end")},
            **{k: source.get(k, "") for k in ("document", "title", "path")},
            "date": source.get("date"),
        }


def _nodes(view: View, graph: nx.MultiDiGraph, words: _Evidence, min_confidence: float) -> None:
    names: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    kinds: dict[str, str] = {}
    for e, t, p, n in view.select(_NAMES):
        kind = t.value.removeprefix(KG)
        if kind in TYPES:
            kinds.setdefault(e.value, kind)
            names[e.value][named_by(p, n)].append(n.value)
    numbers = _observations(view, words, min_confidence)
    for iri in sorted(kinds):
        label, en, zh = labels(names[iri])
        every = sorted({n for some in names[iri].values() for n in some})
        graph.add_node(
            iri, type=kinds[iri], label=label, label_en=en, label_zh=zh, names=every, observations=numbers.get(iri, [])
        )


def named_by(predicate: Any, name: Any) -> str:
    """In what way a literal names its entity: `label@zh`, `altLabel@en` …"""
    return f"{predicate.value.rsplit('#', 1)[-1]}@{name.language}"


def labels(names: Mapping[str, list[str]]) -> tuple[str, str, str]:
    """The label as documents use it, and the best one in English and in Chinese, of names by `named_by`."""

    def first(*keys: str) -> str:
        return next(
            (min(names[k], key=lambda n: (-len(n) if "alt" not in k else len(n), n)) for k in keys if names.get(k)), ""
        )

    own = first("label@zh", "label@en", "prefLabel@zh", "prefLabel@en", "altLabel@zh", "altLabel@en")
    # An entry of the registry without a Chinese name is written in Latin in Chinese too; its aliases are no name to show.
    return (
        own,
        first("prefLabel@en", "label@en", "altLabel@en") or own,
        first("prefLabel@zh", "label@zh", "prefLabel@en", "altLabel@zh") or own,
    )


def _observations(view: View, words: _Evidence, min_confidence: float) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    rows = view.records(_OBSERVATIONS)
    for row in sorted(rows, key=lambda r: (r["metric"], r.get("period") or "", r["c"])):
        confidence = float(row["confidence"])
        if confidence >= min_confidence:
            number = {k: row.get(k) for k in ("metric", "unit", "period", "words")}
            found[row["s"]].append({"value": float(row["value"]), "confidence": confidence, **number, **words.of(row)})
    return found
