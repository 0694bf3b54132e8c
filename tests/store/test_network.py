"""The NetworkX graph has what the page and the exports take from it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from kg.analyse.network import network
from kg.config import BASE
from kg.store.graph import View, Writer

import factory

if TYPE_CHECKING:
    from pathlib import Path

    import networkx as nx


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> View:
    path: Path = tmp_path_factory.mktemp("n") / "s"
    with Writer(path, extractor="test") as writer:
        writer.put(factory.reading())
    return View(path)


@pytest.fixture(scope="module")
def graph(view: View) -> nx.MultiDiGraph:
    return network(view)


def test_a_node_is_an_entity(graph: nx.MultiDiGraph, view: View) -> None:
    assert sorted(graph) == [f"{BASE}entity/{x}" for x in ("aimodel/yf7b", "company/yunfan", "person/li")]
    firm = graph.nodes[f"{BASE}entity/company/yunfan"]
    [number] = firm.pop("observations")
    names = ("label", "label_en", "label_zh")
    assert firm == {"type": "Company", "names": ["云帆科技"], **dict.fromkeys(names, "云帆科技")}
    assert number == {
        "metric": "revenue",
        "value": 3.68e9,
        "unit": "CNY",
        "period": "2023",
        "words": "36.8亿元",
        "confidence": view.observations(f"{BASE}entity/company/yunfan")[0].confidence,
        "quote": "2023年营收达到36.8亿元",
        "prefix": "云帆科技董事长李文博表示，云帆科技发布云帆-7B。",
        "suffix": "。",
        "start": 25,
        "end": 40,
        "document": "a.txt",
        "title": "测试",
        "path": "a.txt",
        "date": "2023-10-31",
    }


def test_a_least_confidence_is_asked_of_numbers_too(view: View) -> None:
    [sure] = view.observations(f"{BASE}entity/company/yunfan")
    for least, count in ((sure.confidence, 1), (sure.confidence + 0.01, 0)):
        firm = network(view, min_confidence=least).nodes[f"{BASE}entity/company/yunfan"]
        assert len(firm["observations"]) == count


def test_an_edge_is_a_claim(graph: nx.MultiDiGraph) -> None:
    claim = factory.reading().claims[0]
    edges = {key: (s, o, data) for s, o, key, data in graph.edges(keys=True, data=True)}
    assert set(edges) == {c.id for c in factory.reading().claims}
    s, o, data = edges[claim.id]
    assert (s, o) == (f"{BASE}entity/person/li", f"{BASE}entity/company/yunfan")
    assert data == {
        "predicate": "holdsPositionAt",
        "confidence": 0.9,
        "found_by": "test",
        "role": "董事长",
        "value": None,
        "amount": None,
        "holds_on": None,
        "status": "stated",
        "since": None,
        "until": None,
        "quote": "云帆科技董事长李文博",
        "prefix": "",
        "suffix": "表示，云帆科技发布云帆-7B。2023年营收达到36.8亿元。",
        "start": 0,
        "end": 10,
        "document": "a.txt",
        "title": "测试",
        "path": "a.txt",
        "date": "2023-10-31",
    }


@pytest.mark.parametrize(("least", "edges"), [(0.0, 2), (0.85, 1), (1.0, 0)])
def test_the_less_sure_can_be_left_out(view: View, least: float, edges: int) -> None:
    assert network(view, min_confidence=least).number_of_edges() == edges


@pytest.mark.parametrize(
    ("entry", "labels", "also"),
    [
        ("company/nvidia", ("英伟达", "NVIDIA", "英伟达"), {"輝達"}),
        # Chinese writes it in Latin letters: what is only an alias there is no label.
        ("company/anthropic", ("Anthropic", "Anthropic", "Anthropic"), {"Anthropic公司"}),
    ],
)
def test_registry_names_come_in_their_languages(
    entry: str, labels: tuple[str, str, str], also: set[str], tmp_path: Path
) -> None:
    made = factory.reading()
    iri = f"{BASE}entity/{entry}"
    entities = tuple(dataclasses.replace(e, iri=iri, entry=entry) if e.type == "Company" else e for e in made.entities)
    entity_of = {m: iri if i.endswith("yunfan") else i for m, i in made.entity_of.items()}
    with Writer(tmp_path / "s", extractor="test") as writer:
        writer.put(dataclasses.replace(made, entities=entities, entity_of=entity_of))
    firm = network(View(tmp_path / "s")).nodes[iri]
    assert (firm["label"], firm["label_en"], firm["label_zh"]) == labels
    assert {"云帆科技", *labels, *also} <= set(firm["names"])


def test_observations_of_an_entity(view: View) -> None:
    [number] = view.observations(f"{BASE}entity/company/yunfan")
    assert (number.metric, number.value, number.unit, number.words, number.document) == (
        "revenue",
        3.68e9,
        "CNY",
        "36.8亿元",
        "a.txt",
    )
