"""Whatever a document says comes through RDF unchanged, or cleaned where RDF cannot hold it; nothing of it runs."""

from __future__ import annotations

import dataclasses

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from kg.config import BASE
from kg.store import jsonld, terms

import factory

WORDS = st.text(st.characters(exclude_categories=()), min_size=1, max_size=40)
HOSTILE = '"""} } ; CLEAR ALL ; INSERT DATA { <urn:a> <urn:b> """\\u0022 . \\'


def quads(words: str) -> list[ox.Quad]:
    made = factory.reading(factory.document(factory.TEXT + words, title=words, name=f"{words}.txt"))
    entities = tuple(dataclasses.replace(e, label=words, names=(words,)) for e in made.entities)
    return terms.from_reading(dataclasses.replace(made, entities=entities), base=BASE, extractor=words)


@given(WORDS)
@example(HOSTILE)
@example("\ud800\x00\x1b\ufffe")
def test_every_serialisation_gives_the_same_back(words: str) -> None:
    made = set(quads(words))
    for form in (ox.RdfFormat.N_QUADS, ox.RdfFormat.TRIG):
        assert set(ox.parse(ox.serialize(made, format=form, prefixes=terms.PREFIXES), format=form)) == made
    ordered = sorted(made, key=lambda q: (q.subject.value, q.predicate.value, str(q.object)))
    assert set(ox.parse("".join(jsonld.write(ordered)), format=ox.RdfFormat.JSON_LD)) == made


@given(WORDS)
@example(HOSTILE)
def test_replacing_writes_these_quads_and_no_others(words: str) -> None:
    store, made = ox.Store(), quads(words)
    store.extend([ox.Quad(ox.NamedNode("urn:old"), ox.NamedNode("urn:p"), ox.Literal("x"), made[0].graph_name)])
    kept = ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal("x"), ox.NamedNode("urn:other"))
    store.add(kept)
    graph = made[0].graph_name
    assert isinstance(graph, ox.NamedNode)
    store.update(terms.to_replacement(graph, made))
    wanted = ox.Store()  # a store writes numbers in its own way
    wanted.extend([*made, kept])
    assert set(store) == set(wanted)


@given(WORDS)
def test_cleaning_is_done_once_and_keeps_the_length(words: str) -> None:
    cleaned = terms.clean(words)
    assert terms.clean(cleaned) == cleaned
    assert len(cleaned) == len(words)


@pytest.mark.parametrize(
    ("date", "kind"),
    [
        ("2024", "gYear"),
        ("2024-03", "gYearMonth"),
        ("2024-03-05", "date"),
        ("2024-Q1", "string"),
        ("soon", "string"),
        ("2024-02-30", "string"),
        ("2024-W01-1", "string"),
    ],
)
def test_dates_have_the_datatype_that_fits(date: str, kind: str) -> None:
    made = factory.reading(factory.document(date=date))
    [found] = {
        q.object.datatype.value
        for q in terms.from_reading(made, base=BASE, extractor="x")
        if q.predicate == terms.node("dcterms", "date")
    }
    assert found.endswith(f"#{kind}")
