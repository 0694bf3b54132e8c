"""SPARQL rules in the store against owlrl, on generated claims: python benchmarks/reasoning.py [triples]."""

from __future__ import annotations

import random
import sys
import time

import pyoxigraph as ox
from kg.config import BASE
from kg.store import reason
from kg.store.terms import from_ontology, node, ontology_graph
from kg.vocabulary import PREDICATES


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


if __name__ == "__main__":
    main()
