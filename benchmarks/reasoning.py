"""SPARQL rules in the store against owlrl and reasonable (PyPI, not ours to install), on generated claims.

python benchmarks/reasoning.py [triples] [--owlrl] [--reasonable]
"""

from __future__ import annotations

import random
import sys
import tempfile
import time

import pyoxigraph as ox
from kg.config import BASE
from kg.store import reason
from kg.store.terms import from_ontology, node, ontology_graph
from kg.vocabulary import KG, PREDICATES


def quads(size: int) -> list[ox.Quad]:
    chance, graph = random.Random(5), ox.NamedNode(f"{BASE}document/x")
    some, names = size // 3, sorted(PREDICATES)

    def thing() -> ox.NamedNode:
        return ox.NamedNode(f"{BASE}entity/{chance.randrange(some)}")

    return [ox.Quad(thing(), node("kg", chance.choice(names)), thing(), graph) for _ in range(size)]


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 20000
    store, read = ox.Store(), [*from_ontology(ontology_graph(BASE)), *quads(size)]
    store.bulk_extend(read)
    began = time.monotonic()
    count = reason.infer(store, BASE)
    print(f"SPARQL in the store: {size} triples, {count} inferred, {time.monotonic() - began:.1f} s", flush=True)
    if "--owlrl" in sys.argv:
        import owlrl
        import rdflib

        data = ox.serialize({q.triple for q in read}, format=ox.RdfFormat.N_TRIPLES) or b""
        graph = rdflib.Graph().parse(data=data, format="nt")
        before, began = len(graph), time.monotonic()
        owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
        print(f"owlrl: {size} triples, {len(graph) - before} inferred, {time.monotonic() - began:.1f} s")
    if "--reasonable" in sys.argv:
        outside(read)


def outside(read: list[ox.Quad]) -> None:
    """The same with reasonable: out of the store into its file, inferred, what is new in our terms back into a store."""
    import rdflib
    import reasonable

    store, began = ox.Store(), time.monotonic()
    with tempfile.NamedTemporaryFile(suffix=".ttl") as file:
        ox.serialize((q.triple for q in read), output=file.name, format=ox.RdfFormat.TURTLE)
        reasoner = reasonable.PyReasoner()
        reasoner.load_file(file.name)
    known, graph = {q.triple for q in read}, reason.inferred_graph(BASE)
    found = (
        ox.Triple(*(ox.NamedNode(str(term)) for term in row))
        for row in reasoner.reason()
        if str(row[1]).startswith(KG) and row[0] != row[2] and all(isinstance(t, rdflib.URIRef) for t in row)
    )
    store.extend(ox.Quad(t.subject, t.predicate, t.object, graph) for t in found if t not in known)
    print(f"reasonable: {len(read)} triples, {len(store)} in our terms, {time.monotonic() - began:.1f} s", flush=True)


if __name__ == "__main__":
    main()
