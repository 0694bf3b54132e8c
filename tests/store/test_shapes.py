"""The shapes pass what the writer writes and catch what it would never write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib
from kg.store.graph import View, Writer
from kg.store.shapes import validate
from kg.store.terms import PREFIXES
from kg.vocabulary import KG, PREDICATES, TYPES, folder

import factory

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PREFIX = "".join(f"PREFIX {k}: <{v}>\n" for k, v in PREFIXES.items())


@pytest.fixture
def spoiled(tmp_path: Path) -> Callable[[str], View]:
    """A good store after an update."""
    with Writer(tmp_path / "s", extractor="test") as writer:
        writer.put(factory.reading())

    def spoil(update: str) -> View:
        raw = ox.Store(str(tmp_path / "s" / "oxigraph"))
        raw.update(PREFIX + update)
        raw.flush()
        del raw
        return View(tmp_path / "s")

    return spoil


def test_a_good_store_conforms(spoiled: Callable[[str], View]) -> None:
    assert list(validate(spoiled("INSERT DATA {}"))) == []


FAULTS = [
    ("DELETE { GRAPH ?g { ?x kg:evidence ?e } } WHERE { GRAPH ?g { ?x a kg:Claim ; kg:evidence ?e } }", "evidence"),
    ("DELETE { GRAPH ?g { ?x oa:exact ?e } } WHERE { GRAPH ?g { ?x a oa:TextQuoteSelector ; oa:exact ?e } }", "exact"),
    ("DELETE { GRAPH ?g { ?x oa:end ?e } } INSERT { GRAPH ?g { ?x oa:end 0 } } WHERE { GRAPH ?g { ?x a kg:Mention ; oa:end ?e } }", "start"),
    ("DELETE { GRAPH ?g { ?x kg:refersTo ?e } } WHERE { GRAPH ?g { ?x kg:refersTo ?e } }", "refersTo"),
    ("DELETE { GRAPH ?g { ?x a kg:Company } } WHERE { GRAPH ?g { ?x a kg:Company } }", ""),
    ("DELETE { GRAPH ?g { ?x a kg:Company } } INSERT { GRAPH ?g { ?x a kg:Place } } WHERE { GRAPH ?g { ?x a kg:Company } }", ""),
    ("DELETE { GRAPH ?g { ?x kg:predicate ?p } } INSERT { GRAPH ?g { ?x kg:predicate kg:loves } } WHERE { GRAPH ?g { ?x kg:predicate ?p } }", "predicate"),
    ("DELETE { GRAPH ?g { ?x kg:object ?o } } INSERT { GRAPH ?g { ?x kg:object ?s } } WHERE { GRAPH ?g { ?x kg:subject ?s ; kg:object ?o } }", "subject"),
    ('DELETE { GRAPH ?g { ?x kg:value ?v } } INSERT { GRAPH ?g { ?x kg:value "much" } } WHERE { GRAPH ?g { ?x a kg:Observation ; kg:value ?v } }', "value"),
    ('DELETE { GRAPH ?g { ?x kg:period ?v } } INSERT { GRAPH ?g { ?x kg:period "last year" } } WHERE { GRAPH ?g { ?x kg:period ?v } }', "period"),
    ('DELETE { GRAPH ?g { ?x kg:sha256 ?v } } INSERT { GRAPH ?g { ?x kg:sha256 "0" } } WHERE { GRAPH ?g { ?x kg:sha256 ?v } }', "sha256"),
    ("DELETE { GRAPH ?g { ?x kg:extractor ?v } } WHERE { GRAPH ?g { ?x kg:extractor ?v } }", "extractor"),
]  # fmt: skip


@pytest.mark.parametrize(("update", "path"), FAULTS)
def test_planted_faults_are_found(spoiled: Callable[[str], View], update: str, path: str) -> None:
    found = list(validate(spoiled(update)))
    assert any(f.path.endswith(path) and f.message and f.node for f in found), found


def test_shapes_name_the_ends_that_the_ontology_names() -> None:
    graph = rdflib.Graph().parse(folder() / "shapes.ttl")
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")

    def types(shape: rdflib.term.Node) -> set[str]:
        several = [
            graph.value(m, sh["class"]) for m in rdflib.collection.Collection(graph, graph.value(shape, sh["or"]))
        ]
        return {str(c).removeprefix(KG) for c in [graph.value(shape, sh["class"]), *several] if c}

    for name, predicate in PREDICATES.items():
        for target, ends in ((sh.targetSubjectsOf, predicate.domain), (sh.targetObjectsOf, predicate.range)):
            found = [types(s) for s in graph.subjects(target, rdflib.URIRef(KG + name))]
            assert found == ([set(ends)] if ends != frozenset(TYPES) else []), (name, target)
    [listed] = {
        o for s, o in graph.subject_objects(sh["in"]) if graph.value(s, sh.path) == rdflib.URIRef(f"{KG}predicate")
    }
    assert {str(p).removeprefix(KG) for p in rdflib.collection.Collection(graph, listed)} == set(PREDICATES)
