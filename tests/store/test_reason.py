"""What follows by the ontology stands apart from what was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
from kg.config import BASE
from kg.registry.load import Registry
from kg.store import reason
from kg.store.export import export
from kg.store.graph import View, Writer
from kg.store.terms import from_ontology, node, ontology_graph
from tests.factory import document, reading

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENT = ox.NamedNode(f"{BASE}document/x")


def store_of(*triples: tuple[str, str, str]) -> ox.Store:
    store = ox.Store()
    store.extend(from_ontology(ontology_graph(BASE)))
    for s, p, o in triples:
        store.add(ox.Quad(ox.NamedNode(f"urn:{s}"), node("kg", p), ox.NamedNode(f"urn:{o}"), DOCUMENT))
    return store


def inferred(store: ox.Store) -> set[str]:
    reason.infer(store, BASE)
    quads = store.quads_for_pattern(None, None, None, reason.inferred_graph(BASE))
    return {
        f"{q.subject.value[4:]} {q.predicate.value.rsplit('#')[-1]} {q.object.value[4:]}"
        for q in quads
        if q.subject.value.startswith("urn:") and q.object.value.startswith("urn:")
    }


def test_rules_of_the_ontology() -> None:
    assert "m developedBy a" in inferred(store_of(("a", "develops", "m")))
    assert inferred(store_of(("a", "partnerOf", "b"))) == {"b partnerOf a"}
    assert {"a subsidiaryOf d", "d hasSubsidiary a"} <= inferred(
        store_of(("a", "subsidiaryOf", "b"), ("b", "subsidiaryOf", "c"), ("c", "subsidiaryOf", "d"))
    )
    assert {"p holdsPositionAt a", "a hasOfficer p"} <= inferred(store_of(("p", "isChiefExecutiveOf", "a")))


def test_a_circle_ends() -> None:
    assert "a subsidiaryOf a" not in inferred(store_of(("a", "subsidiaryOf", "b"), ("b", "subsidiaryOf", "a")))


def test_it_follows_the_documents_and_goes_without_trace(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with Writer(path, registry=Registry(())) as writer:
        writer.put(reading())
    before = export(View(path), "nquads")
    with Writer(path, registry=Registry(())) as writer:
        assert writer.reason() > 0
    assert list(View(path).records("SELECT ?x WHERE { ?x kg:developedBy ?y }"))
    with Writer(path, registry=Registry(())) as writer:
        writer.put(reading(document(name="b.txt")))
        writer.remove("a.txt")
        writer.remove("b.txt")
    assert not list(View(path).records("SELECT ?x WHERE { ?x kg:developedBy ?y }"))
    with Writer(path, registry=Registry(())) as writer:
        writer.put(reading())
        writer.reason(keep=False)
    assert export(View(path), "nquads") == before
