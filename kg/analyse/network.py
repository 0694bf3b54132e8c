"""The graph as NetworkX knows it: a node an entity, an edge a claim. Derived from the store and disposable."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import networkx as nx

from kg.vocabulary import KG, TYPES

if TYPE_CHECKING:
    from kg.store.graph import View

_EVIDENCE = (
    "kg:evidence/oa:hasSelector ?q ; prov:wasDerivedFrom ?d . ?q oa:exact ?quote . OPTIONAL { ?q oa:prefix ?prefix } OPTIONAL { ?q oa:suffix ?suffix } "
    "?d dcterms:identifier ?document ; dcterms:title ?title ; dcterms:source ?path . OPTIONAL { ?d dcterms:date ?date }"
)


def network(view: View, *, min_confidence: float = 0.0) -> nx.MultiDiGraph:
    """The claims of a store as a graph; nodes and edges come in a fixed order.

    Nodes (by IRI) have `type`, `label`, `label_en`, `label_zh`, `names` and `observations`; edges (by claim id) have `predicate`,
    `confidence`, `role`, `value`, `amount`, `holds_on`, the evidence as `quote`, `prefix`, `suffix`, `start`, `end`, and its source as
    `document`, `title`, `path`, `date`.
    """
    graph = nx.MultiDiGraph()
    _nodes(view, graph)
    rows = view.records(
        f"SELECT * WHERE {{ ?c a kg:Claim ; kg:subject ?s ; kg:predicate ?p ; kg:object ?o ; kg:confidence ?confidence ; kg:foundBy ?found_by ; {_EVIDENCE} "
        "?c kg:evidence/oa:hasSelector ?place . ?place oa:start ?start ; oa:end ?end . "
        "OPTIONAL { ?c kg:role ?role } OPTIONAL { ?c kg:value ?value } OPTIONAL { ?c kg:amount ?amount } OPTIONAL { ?c kg:holdsOn ?holds_on } }"
    )
    for row in sorted(rows, key=lambda r: r["c"]):
        confidence = float(row.pop("confidence"))
        if confidence < min_confidence or row["s"] not in graph or row["o"] not in graph:
            continue
        optional = {k: row.get(k) for k in ("date", "role", "value", "amount", "holds_on")}
        words = {k: row.get(k) or "" for k in ("quote", "prefix", "suffix", "document", "title", "path", "found_by")}
        graph.add_edge(
            row["s"],
            row["o"],
            key=row["c"].rsplit("/", 1)[-1],
            predicate=row["p"].removeprefix(KG),
            confidence=confidence,
            start=int(row["start"]),
            end=int(row["end"]),
            **optional,
            **words,
        )
    return graph


def _nodes(view: View, graph: nx.MultiDiGraph) -> None:
    names: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    kinds: dict[str, str] = {}
    rows = view.select(
        "SELECT DISTINCT ?e ?t ?p ?n WHERE { ?e a ?t ; ?p ?n . FILTER(?p IN (rdfs:label, skos:altLabel, skos:prefLabel)) }"
    )
    for e, t, p, n in rows:
        kind = t.value.removeprefix(KG)
        if kind in TYPES:
            kinds.setdefault(e.value, kind)
            names[e.value][f"{p.value.rsplit('#', 1)[-1]}@{n.language}"].append(n.value)
    numbers = _observations(view)
    for iri in sorted(k for k in kinds if names[k]):
        label, en, zh = _labels(names[iri])
        every = sorted({n for some in names[iri].values() for n in some})
        graph.add_node(
            iri, type=kinds[iri], label=label, label_en=en, label_zh=zh, names=every, observations=numbers.get(iri, [])
        )


def _labels(names: dict[str, list[str]]) -> tuple[str, str, str]:
    """The label as documents use it, and the best one in each language."""

    def first(*keys: str) -> str:
        return next(
            (min(names[k], key=lambda n: (-len(n) if "alt" not in k else len(n), n)) for k in keys if names.get(k)), ""
        )

    own = first("label@zh", "label@en", "prefLabel@zh", "prefLabel@en", "altLabel@zh", "altLabel@en")
    return (
        own,
        first("prefLabel@en", "label@en", "altLabel@en") or own,
        first("prefLabel@zh", "label@zh", "altLabel@zh") or own,
    )


def _observations(view: View) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    rows = view.records(
        f"SELECT * WHERE {{ ?c a kg:Observation ; kg:subject ?s ; kg:metric ?metric ; kg:value ?value ; kg:words ?words ; {_EVIDENCE} "
        "OPTIONAL { ?c kg:unit ?unit } OPTIONAL { ?c kg:period ?period } }"
    )
    for row in sorted(rows, key=lambda r: (r["metric"], r.get("period") or "", r["c"])):
        keys = ("metric", "unit", "period", "words", "quote", "prefix", "suffix", "document", "title", "date")
        found[row["s"]].append({"value": float(row["value"]), **{k: row.get(k) for k in keys}})
    return found
