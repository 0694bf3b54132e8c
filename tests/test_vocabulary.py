"""The ontology says what the contract says, and says it in both languages."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
import rdflib
from kg.vocabulary import KG, PREDICATES, TYPES, allows, folder


def test_types_and_predicates() -> None:
    assert set(TYPES) == {
        "Company",
        "Organization",
        "Person",
        "AIModel",
        "Product",
        "Chip",
        "Dataset",
        "Benchmark",
        "Place",
    }
    assert len(PREDICATES) == 18
    assert {p for p in PREDICATES if PREDICATES[p].symmetric} == {"partnerOf", "competesWith"}


@pytest.mark.parametrize(
    ("predicate", "subject", "obj", "allowed"),
    [
        ("develops", "Company", "Chip", True),
        ("develops", "Chip", "Company", False),
        ("alumnusOf", "Person", "Organization", True),
        ("locatedIn", "Person", "Place", False),
        ("nothing", "Person", "Place", False),
    ],
)
def test_allows(predicate: str, subject: str, obj: str, allowed: bool) -> None:
    assert allows(predicate, subject, obj) is allowed


def test_agrees_with_the_gold_guide(gold: Path) -> None:
    spec = importlib.util.spec_from_file_location("gold_score", gold / "score.py")
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    assert set(TYPES) == score.TYPES
    assert {p.name: (set(p.domain), set(p.range)) for p in PREDICATES.values()} == score.PREDICATES


def test_every_term_has_labels_in_both_languages() -> None:
    graph = rdflib.Graph().parse(folder() / "aikg.ttl")
    for subject in set(graph.subjects(rdflib.RDF.type)):
        if isinstance(subject, rdflib.URIRef) and str(subject).startswith(KG):
            assert {label.language for label in graph.objects(subject, rdflib.RDFS.label)} == {"en", "zh"}, subject


def test_context_is_json_ld() -> None:
    data = '{"@id": "urn:a", "confidence": 0.5, "subject": "urn:b"}'
    import json

    context = json.loads((folder() / "context.jsonld").read_text("utf-8"))
    graph = rdflib.Graph().parse(data=json.dumps({**context, **json.loads(data)}), format="json-ld")
    assert (rdflib.URIRef("urn:a"), rdflib.URIRef(f"{KG}subject"), rdflib.URIRef("urn:b")) in graph
