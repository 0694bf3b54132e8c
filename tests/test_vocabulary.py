"""The ontology says what the contract says, and says it in both languages."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

import pytest
import rdflib
from kg.errors import DataError
from kg.vocabulary import KG, PREDICATES, TYPES, allows, folder, load

if TYPE_CHECKING:
    from pathlib import Path


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
        ("competesWith", "Product", "Product", True),
        ("competesWith", "Product", "Company", False),
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


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    return rdflib.Graph().parse(folder() / "aikg.ttl")


def ours(ontology: rdflib.Graph) -> list[rdflib.URIRef]:
    return sorted({s for s in ontology.subjects(rdflib.RDF.type) if str(s).startswith(KG)})


def test_every_term_is_defined_in_both_languages(ontology: rdflib.Graph) -> None:
    for term in ours(ontology):
        assert sorted(d.language for d in ontology.objects(term, rdflib.SKOS.definition)) == ["en", "zh"], term


def test_whatever_is_finer_rolls_up_to_the_contract(ontology: rdflib.Graph) -> None:
    finer = {
        str(s).removeprefix(KG): str(o).removeprefix(KG) for s, o in ontology.subject_objects(rdflib.RDFS.subClassOf)
    }
    assert {"University", "Regulator", "Laboratory", "LanguageModel", "Foundry"} <= set(finer)
    roots = {
        t: set(ontology.transitive_objects(KG_NS[t], rdflib.RDFS.subClassOf))
        for t in finer
        if KG_NS[t] in ours(ontology)
    }
    assert all(KG_NS.Entity in up or t in DESCRIBED for t, up in roots.items())


KG_NS = rdflib.Namespace(KG)
DESCRIBED = {"Document", "Mention", "Claim", "Observation", "Reading"}


def test_every_one_way_predicate_has_an_inverse(ontology: rdflib.Graph) -> None:
    inverted = {str(o).removeprefix(KG) for o in ontology.objects(None, rdflib.OWL.inverseOf)}
    assert inverted == {p for p, known in PREDICATES.items() if not known.symmetric}


def test_every_term_that_the_store_writes_is_declared(ontology: rdflib.Graph) -> None:
    from kg.store.terms import from_reading

    import factory

    written = {
        t.value
        for q in from_reading(factory.reading(), base="https://w3id.org/aikg/", extractor="x")
        for t in (q.predicate, q.object)
        if t.value.startswith(KG)
    }
    assert written <= {str(t) for t in ours(ontology)}


SMALL = """@prefix kg: <https://w3id.org/aikg/ontology#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
kg:A rdfs:subClassOf kg:Entity . kg:B rdfs:subClassOf kg:Entity . kg:p rdfs:subPropertyOf kg:relation ; """


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ("rdfs:domain kg:A .", "range of nothing"),
        ("rdfs:domain kg:A ; rdfs:range kg:C .", "range of C"),
        ("a owl:SymmetricProperty ; rdfs:domain kg:A ; rdfs:range kg:B .", "symmetric"),
        ("rdfs:domain", "cannot be read"),
    ],
)
def test_contradictions_are_refused(tmp_path: Path, ends: str, words: str) -> None:
    (tmp_path / "o.ttl").write_text(SMALL + ends, "utf-8")
    with pytest.raises(DataError, match=words):
        load(tmp_path / "o.ttl")
