"""What follows from what was read by the ontology: inverse, symmetric and transitive properties, subproperties and subclasses.

The rules are SPARQL in the store itself: nothing is copied into another engine. What follows stands in a graph of its own, never among
what was read, and without what was read already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode, Quad

from kg.store.terms import PREFIXES, node, ontology_graph, to_replacement

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyoxigraph as ox

_RULES = (
    # Each takes ?s ?p ?o of what is known, in documents or inferred, and gives what follows from it.
    # Only the ontology makes rules: what a file from outside says of properties and classes binds nobody.
    "?s ?q ?o WHERE { GRAPH kg:ONTOLOGY { ?p rdfs:subPropertyOf ?q } FILTER (STRSTARTS(STR(?q), STR(kg:)) && ?q != kg:relation) ?s ?p ?o }",
    "?o ?q ?s WHERE { GRAPH kg:ONTOLOGY { { ?q owl:inverseOf ?p } UNION { ?p owl:inverseOf ?q } } ?s ?p ?o }",
    "?o ?p ?s WHERE { GRAPH kg:ONTOLOGY { ?p a owl:SymmetricProperty } ?s ?p ?o }",
    "?s ?p ?o WHERE { GRAPH kg:ONTOLOGY { ?p a owl:TransitiveProperty } ?s ?p ?m . ?m ?p ?o . FILTER (?s != ?o) }",
    "?s a ?q WHERE { GRAPH kg:ONTOLOGY { ?c rdfs:subClassOf ?q } FILTER (STRSTARTS(STR(?q), STR(kg:)) && isIRI(?q)) ?s a ?c . ?m kg:refersTo ?s }",
)
_ROUNDS = 50


def inferred_graph(base: str) -> NamedNode:
    """The graph of inferred triples."""
    return NamedNode(f"{base}graph/inferred")


def infer(store: ox.Store, base: str) -> int:
    """Put what follows into the graph of inferred triples, in the place of what there was; how many triples."""
    graph = inferred_graph(base)
    about = (
        Quad(graph, node("rdf", "type"), node("kg", "InferredGraph"), graph),
        Quad(graph, node("prov", "wasDerivedFrom"), ontology_graph(base), graph),
        Quad(graph, node("rdfs", "label"), Literal("inferred", language="en"), graph),
    )
    # It is never away: that it is there says that it is wanted, also after a kill.
    store.update(to_replacement(graph, about))
    fresh = -1
    for _ in range(_ROUNDS):
        if fresh == 0:
            break
        quads = set(_follow(store, graph, str(ontology_graph(base))))
        fresh = len(quads)
        store.extend(sorted(quads, key=str))
    return sum(1 for _ in store.quads_for_pattern(None, None, None, graph))


def _follow(store: ox.Store, graph: NamedNode, ontology: str) -> Iterator[Quad]:
    for rule in _RULES:
        head, body = rule.split(" WHERE ", 1)
        own = f'"{PREFIXES["kg"]}"'
        query = f"CONSTRUCT {{ {head} }} WHERE {body.replace('STR(kg:)', own).replace('kg:ONTOLOGY', ontology)}"
        triples: Any = store.query(query, use_default_graph_as_union=True, prefixes=PREFIXES)
        for t in triples:
            if next(store.quads_for_pattern(t.subject, t.predicate, t.object), None) is None:
                yield Quad(t.subject, t.predicate, t.object, graph)
