"""Exports are read by the tools that they are for, and say the same as the store, whatever names documents hold."""

from __future__ import annotations

import dataclasses
import io
import json
import re
from typing import TYPE_CHECKING

import networkx as nx
import pyoxigraph as ox
import pytest
import rdflib
from kg.analyse.network import network
from kg.store import jsonld
from kg.store.export import export
from kg.store.graph import View, Writer

import factory

if TYPE_CHECKING:
    from pathlib import Path

    from kg.model import Reading

NASTY = 'lastmodifieddate="x" </meta> "+n.x+" \\u0022 DETACH DELETE n // \\'


def renamed(name: str) -> Reading:
    made = factory.reading()
    entities = tuple(dataclasses.replace(e, label=name, names=(name, e.label)) for e in made.entities)
    return dataclasses.replace(made, entities=entities)


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> View:
    path: Path = tmp_path_factory.mktemp("x") / "s"
    with Writer(path, extractor="test") as writer:
        writer.put(renamed(NASTY))
        writer.put(factory.reading(factory.document(name="b.txt", date=None)))
    return View(path)


def test_json_ld_holds_the_same_quads(view: View) -> None:
    data = export(view, "jsonld")
    assert set(ox.parse(io.BytesIO(data), format=ox.RdfFormat.JSON_LD)) == set(view.store)
    dataset = rdflib.Dataset()
    dataset.parse(data=data, format="json-ld")
    assert len(list(dataset.quads())) == len(view)


def test_json_ld_uses_the_terms_of_the_context(view: View) -> None:
    graphs = json.loads(export(view, "jsonld"))["@graph"]
    nodes = [n for g in graphs for n in g["@graph"] if n.get("type") == "kg:Claim"]
    [claim] = [n for n in nodes if n.get("role") and n["document"].endswith(graphs[0]["id"][-8:])]
    assert claim["predicate"].endswith("#holdsPositionAt")
    assert claim["role"] == "董事长"


@pytest.mark.parametrize(
    "value",
    [
        ox.Literal("007", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
        ox.Literal("7"),
        ox.Literal("7", language="en"),
        ox.NamedNode("urn:x"),
    ],
)
@pytest.mark.parametrize(
    "name",
    [
        "http://www.w3.org/ns/oa#start",
        "https://w3id.org/aikg/ontology#role",
        "urn:p",
        "http://www.w3.org/2000/01/rdf-schema#label",
    ],
)
def test_json_ld_writes_out_what_a_term_would_change(name: str, value: ox.Literal) -> None:
    quad = ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode(name), value, ox.NamedNode("urn:g"))
    text = "".join(jsonld.write([quad]))
    assert list(ox.parse(text, format=ox.RdfFormat.JSON_LD)) == [quad]


def test_graphml_and_gexf_give_the_network_back(view: View) -> None:
    graph = network(view)
    for data, read in ((export(view, "graphml"), nx.read_graphml), (export(view, "gexf"), nx.read_gexf)):
        back = read(io.BytesIO(data))
        assert (back.number_of_nodes(), back.number_of_edges()) == (graph.number_of_nodes(), graph.number_of_edges())
        assert any(NASTY in d["names"] for _, d in back.nodes(data=True))


def test_no_day_stands_in_an_export(view: View) -> None:
    assert b"<meta" not in export(view, "gexf")


def test_cypher_strings_cannot_be_left(view: View) -> None:
    statements = export(view, "cypher").decode("utf-8").splitlines()
    assert not any(re.search(r"\\u[0-9a-fA-F]{4}", s) for s in statements)
    outside = [re.sub(r'"(?:[^"\\]|\\.)*"', "", s) for s in statements]
    assert all(re.fullmatch(r"(CREATE CONSTRAINT|MERGE|MATCH) [^;]*;", s) for s in outside)
    assert not any("DETACH" in s or "//" in s for s in outside)


def test_turtle_is_the_same_twice(view: View) -> None:
    assert export(view, "turtle") == export(View(view.path), "turtle")
