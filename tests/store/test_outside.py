"""RDF from outside comes in its own graph, in our terms too, or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from kg.cli import main
from kg.config import BASE
from kg.registry.load import Registry
from kg.store.export import export
from kg.store.graph import View, Writer
from tests.factory import reading

if TYPE_CHECKING:
    from pathlib import Path

TURTLE = """@prefix schema: <https://schema.org/> . @prefix wdt: <http://www.wikidata.org/prop/direct/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
<urn:a> schema:founder <urn:p> ; wdt:P749 <urn:b> ; a schema:Corporation . <urn:p> a foaf:Person ; foaf:knows [ foaf:name "Q" ] .
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    with Writer(tmp_path / "s", registry=Registry(())) as writer:
        writer.put(reading())
    return tmp_path / "s"


def run(store: Path, *files: Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["import", *map(str, files), "--store", str(store)])
    return result.exit_code, result.output


def test_known_vocabularies_are_mapped(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(TURTLE, "utf-8")
    assert run(store, path)[0] == 0
    once = export(View(store), "nquads")
    for said in (
        b"<urn:p> <https://w3id.org/aikg/ontology#founded> <urn:a>",
        b"<urn:a> <https://w3id.org/aikg/ontology#subsidiaryOf> <urn:b>",
        b"<urn:a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/aikg/ontology#Company>",
    ):
        assert said in once
    assert b"_:" not in once
    run(store, path)
    assert export(View(store), "nquads") == once


def test_what_takes_the_place_of_another_file_of_its_name_says_so(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = []
    for folder, text in (("a", "<urn:1> a <urn:2> ."), ("b", "<urn:3> a <urn:4> .")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.ttl").write_text(text, "utf-8")
        monkeypatch.chdir(tmp_path / folder)
        said.append(CliRunner().invoke(main, ["import", "x.ttl", "--store", str(store)]).output)
    assert said == [
        "x.ttl: 3 triples\n",
        "x.ttl: 3 triples, in the place of 3 imported before from a file of this path\n",
    ]


def test_what_follows_is_found_anew_after_an_import(store: Path, tmp_path: Path) -> None:
    with Writer(store, registry=Registry(())) as writer:
        writer.reason()
    (tmp_path / "x.ttl").write_text("<urn:a> <https://w3id.org/aikg/ontology#develops> <urn:b> .", "utf-8")
    asked = "SELECT ?x WHERE { <urn:b> kg:developedBy <urn:a> BIND (1 AS ?x) }"
    run(store, tmp_path / "x.ttl")
    assert list(View(store).records(asked))
    run(store, "--drop", tmp_path / "x.ttl")
    assert not list(View(store).records(asked))


def same(store: Path) -> set[tuple[str, str]]:
    rows = View(store).records("SELECT ?a ?b WHERE { ?a owl:sameAs ?b }")
    return {(r["a"], r["b"]) for r in rows}


@pytest.mark.parametrize(
    ("said", "linked"),
    [
        ('<urn:o> a schema:Corporation ; schema:name "云帆科技有限公司"', True),
        ('<urn:o> a schema:Corporation ; schema:alternateName "雲帆科技" ; schema:name "Sails"', True),
        ('<urn:o> a schema:Corporation ; schema:name "Qianyue Robotics"', False),
        ('<urn:o> a foaf:Person ; foaf:name "云帆科技"', False),
        ('<urn:o> schema:name "云帆科技"', False),
    ],
)
def test_what_documents_name_too_is_the_same(store: Path, tmp_path: Path, said: str, linked: bool) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(f"{TURTLE.splitlines()[0]}\n{said} .", "utf-8")
    before = export(View(store), "nquads")
    assert run(store, path)[0] == 0
    (firm,) = (
        r["e"] for r in View(store).records('SELECT DISTINCT ?e WHERE { ?m kg:refersTo ?e ; oa:exact "云帆科技" }')
    )
    assert (("urn:o", firm) in same(store)) == linked
    assert run(store, "--drop", path)[0] == 0
    assert export(View(store), "nquads") == before
    code, out = run(store, "--drop", path)
    assert (code, "nothing was imported" in out) == (1, True)


@pytest.mark.parametrize(
    ("second", "met"),
    [
        ("Qianyue Networks", {frozenset(("urn:3", "urn:1"))}),
        # Two of one name in one file are two, and nobody can say which of them the third one is.
        ("Lanshi Robotics", set()),
    ],
)
def test_things_of_two_files_meet(store: Path, tmp_path: Path, second: str, met: set[frozenset[str]]) -> None:
    for folder, text in (
        (
            "a",
            f'<urn:1> a schema:Corporation ; schema:name "Lanshi Robotics" . <urn:2> a schema:Corporation ; schema:name "{second}" .',
        ),
        ("b", '<urn:3> a schema:Corporation ; schema:name "LANSHI ROBOTICS" .'),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.ttl").write_text(f"{TURTLE.splitlines()[0]}\n{text}", "utf-8")
    run(store, tmp_path / "a" / "x.ttl", tmp_path / "b" / "x.ttl")
    assert {frozenset(pair) for pair in same(store)} == met
    assert list(View(store).records("SELECT ?x WHERE { <urn:3> a kg:Company . BIND (1 AS ?x) }"))


@pytest.mark.parametrize(
    ("thing", "more"),
    [("urn:n", 'schema:tickerSymbol "NASDAQ NVDA"'), ("http://www.wikidata.org/entity/Q182477", "schema:name 'X.'")],
)
def test_a_ticker_or_an_identifier_of_the_registry_is_certain(tmp_path: Path, thing: str, more: str) -> None:
    text = f'<{thing}> a schema:Corporation ; schema:name "N." ; {more} .'
    (tmp_path / "x.ttl").write_text(f"{TURTLE.splitlines()[0]}\n{text}", "utf-8")
    made, iri = reading(), f"{BASE}entity/company/nvidia"
    entities = tuple(replace(e, iri=iri, entry="company/nvidia") if e.type == "Company" else e for e in made.entities)
    entity_of = {m: iri if i.endswith("yunfan") else i for m, i in made.entity_of.items()}
    with Writer(tmp_path / "real") as writer:
        writer.put(replace(made, entities=entities, entity_of=entity_of))
        writer.take(tmp_path / "x.ttl")
    known = (iri, "http://www.wikidata.org/entity/Q182477")  # which exports keep, as any identifier of the registry
    assert same(tmp_path / "real") == {(thing, iri), known}
    assert f"<{iri}> <http://www.w3.org/2002/07/owl#sameAs> <{known[1]}>".encode() in export(
        View(tmp_path / "real"), "ntriples"
    )


def test_rules_from_outside_bind_nobody(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(
        "@prefix kg: <https://w3id.org/aikg/ontology#> . @prefix owl: <http://www.w3.org/2002/07/owl#> ."
        "kg:develops a owl:SymmetricProperty . <urn:a> kg:develops <urn:b> .",
        "utf-8",
    )
    assert run(store, path)[0] == 0
    with Writer(store, registry=Registry(())) as writer:
        writer.reason()
    assert not list(View(store).records("SELECT ?x WHERE { <urn:b> kg:develops ?x }"))
    assert list(View(store).records("SELECT ?x WHERE { <urn:b> kg:developedBy ?x }"))


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("bad.ttl", "<urn:a> <urn:b>\n\n nonsense .", "bad.ttl:3: "),
        ("bad.jsonld", "{", "bad.jsonld:1: "),
        ("bad.csv", "a,b", "kg imports"),
        ("missing.ttl", None, "cannot be read"),
        ("own.nt", "<urn:m> <https://w3id.org/aikg/ontology#refersTo> <urn:e> .", "kg merge"),
    ],
)
def test_bad_files_change_nothing(store: Path, tmp_path: Path, name: str, text: str | None, says: str) -> None:
    before = export(View(store), "nquads")
    good = tmp_path / "good.ttl"
    good.write_text(TURTLE, "utf-8")
    if text is not None:
        (tmp_path / name).write_text(text, "utf-8")
    code, out = run(store, good, tmp_path / name)
    assert code == 1
    assert says in out
    assert out.count("\n") == 1
    assert export(View(store), "nquads") == before
