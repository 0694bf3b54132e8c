"""The SPARQL 1.1 Protocol over real HTTP, with the clients that people use."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest
import rdflib
from kg.serve.forms import GRAPHS, ROWS, chosen
from kg.serve.limits import Limits
from serving import serving

if TYPE_CHECKING:
    from pathlib import Path

MODELS = "SELECT DISTINCT ?who ?what WHERE { ?f kg:develops ?m . ?f rdfs:label ?who . ?m rdfs:label ?what }"
BOMB = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"


def ask(server: str, query: str, **headers: str) -> httpx.Response:
    return httpx.get(f"{server}/sparql", params={"query": query}, headers=headers, timeout=30)


def models(reply: httpx.Response) -> list[str]:
    return [row["what"]["value"] for row in reply.json()["results"]["bindings"]]


@pytest.mark.parametrize(
    "request_",
    [
        {"method": "GET", "params": {"query": MODELS}},
        {"method": "POST", "data": {"query": MODELS}},
        {"method": "POST", "content": MODELS, "headers": {"content-type": "application/sparql-query"}},
        {"method": "POST", "content": MODELS, "headers": {"content-type": "Application/SPARQL-Query; charset=UTF-8"}},
    ],
)
def test_the_three_ways_of_asking_give_the_same(server: str, request_: dict) -> None:
    reply = httpx.request(url=f"{server}/sparql", **request_)
    assert (reply.status_code, reply.headers["content-type"]) == (200, "application/sparql-results+json")
    assert models(reply) == ["云帆-7B"]


@pytest.mark.parametrize(
    ("accept", "gives", "starts"),
    [
        ("", "application/sparql-results+json", '{"head"'),
        ("*/*", "application/sparql-results+json", '{"head"'),
        ("application/json", "application/json", '{"head"'),
        ("application/sparql-results+xml", "application/sparql-results+xml", "<?xml"),
        ("text/csv", "text/csv; charset=utf-8", "who,what\r\n"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8", "?who\t?what\n"),
        ("text/csv;q=0.1, application/sparql-results+xml;q=0.9", "application/sparql-results+xml", "<?xml"),
        ("image/png, text/*;q=0.5", "text/xml; charset=utf-8", "<?xml"),
    ],
)
def test_results_come_in_the_form_that_is_accepted(server: str, accept: str, gives: str, starts: str) -> None:
    reply = ask(server, MODELS, accept=accept)
    assert (reply.status_code, reply.headers["content-type"], reply.headers["vary"]) == (200, gives, "Accept")
    assert reply.text.startswith(starts)
    assert "云帆-7B" in reply.text


@pytest.mark.parametrize("media_type", GRAPHS)
def test_graphs_come_in_the_form_that_is_accepted(server: str, media_type: str) -> None:
    query = "CONSTRUCT { ?f kg:develops ?m } WHERE { ?f kg:develops ?m }"
    reply = ask(server, query, accept=media_type)
    form = {"json": "json-ld", "xml": "xml"}.get(media_type.rpartition("/")[2].rpartition("+")[2])
    form = form or ("json-ld" if "json" in media_type else "turtle")
    assert reply.headers["content-type"].startswith(media_type)
    assert len(rdflib.Graph().parse(data=reply.text, format=form)) == 1


@pytest.mark.parametrize("media_type", ROWS)
def test_ask_answers_in_each_form(server: str, media_type: str) -> None:
    reply = ask(server, "ASK { ?c a kg:Claim }", accept=media_type)
    assert reply.status_code == 200
    assert "true" in reply.text


def test_nothing_that_is_accepted_is_406(server: str) -> None:
    assert ask(server, MODELS, accept="image/png").status_code == 406
    assert ask(server, MODELS, accept="text/turtle").status_code == 406
    assert ask(server, "DESCRIBE kg:Claim", accept="text/csv").status_code == 406


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ([], True),
        ([("default-graph-uri", "https://w3id.org/aikg/graph/ontology")], False),
        ([("default-graph-uri", "http://example.org/none")], False),
        ([("named-graph-uri", "https://w3id.org/aikg/graph/ontology")], False),
    ],
)
def test_the_dataset_of_the_request_outranks_that_of_the_query(
    server: str, parameters: list[tuple[str, str]], expected: bool
) -> None:
    query = ("query", "ASK { ?c a kg:Claim }")
    by_get = httpx.get(f"{server}/sparql", params=[query, *parameters])
    by_body = httpx.post(
        f"{server}/sparql",
        params=parameters,
        content=query[1],
        headers={"content-type": "application/sparql-query"},
    )
    assert [by_get.json()["boolean"], by_body.json()["boolean"]] == [expected, expected]


def test_named_graphs_of_the_request_are_the_only_ones(server: str) -> None:
    ontology = "https://w3id.org/aikg/graph/ontology"
    parameters = {"query": "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }", "named-graph-uri": ontology}
    rows = httpx.get(f"{server}/sparql", params=parameters).json()["results"]["bindings"]
    assert [row["g"]["value"] for row in rows] == [ontology]


def test_the_service_describes_itself(server: str) -> None:
    reply = httpx.get(f"{server}/sparql", headers={"accept": "text/turtle"})
    described = rdflib.Graph().parse(data=reply.text, format="turtle")
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    assert next(described.objects(None, sd.endpoint)) == rdflib.URIRef(f"{server}/sparql")
    assert sd.SPARQL11Query in set(described.objects(None, sd.supportedLanguage))
    assert len(set(described.objects(None, sd.resultFormat))) == 7


def test_rdflib_asks_through_its_sparql_store(server: str) -> None:
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    graph = rdflib.Graph(SPARQLStore(f"{server}/sparql"))
    rows = list(graph.query("PREFIX kg: <https://w3id.org/aikg/ontology#> " + MODELS))
    assert [str(row[1]) for row in rows] == ["云帆-7B"]
    firm = rdflib.URIRef("https://w3id.org/aikg/entity/company/yunfan")
    assert (firm, rdflib.RDF.type, rdflib.URIRef("https://w3id.org/aikg/ontology#Company")) in graph


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("form", ["json", "xml", "csv"])
def test_sparqlwrapper_asks(server: str, method: str, form: str) -> None:
    from SPARQLWrapper import SPARQLWrapper

    client = SPARQLWrapper(f"{server}/sparql")
    client.setMethod(method)
    client.setReturnFormat(form)
    client.setQuery("PREFIX kg: <https://w3id.org/aikg/ontology#> " + MODELS)
    found = client.query().convert()
    text = (
        json.dumps(found, ensure_ascii=False) if form == "json" else found.toxml() if form == "xml" else found.decode()
    )
    assert "云帆-7B" in text


def test_a_query_is_stopped_and_its_place_is_free_again(server: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        began = time.monotonic()
        replies = list(threads.map(lambda _: ask(server, BOMB), range(4)))
    assert {r.status_code for r in replies} == {503}
    assert "stopped after 1.5 seconds" in replies[0].text
    assert time.monotonic() - began < 12
    assert models(ask(server, MODELS)) == ["云帆-7B"]


def test_a_query_whose_client_hangs_up_is_stopped(served_store: Path) -> None:
    with serving(served_store, Limits(seconds=60, workers=1)) as address:
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(f"{address}/sparql", params={"query": BOMB}, timeout=0.7)
        began = time.monotonic()
        assert models(ask(address, MODELS)) == ["云帆-7B"]
        assert time.monotonic() - began < 15


def test_a_query_that_wants_all_memory_ends_alone(served_store: Path) -> None:
    hungry = "SELECT ?a ?d WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g"
    with serving(served_store, Limits(seconds=30, workers=1, memory=600 << 20)) as address:
        assert ask(address, hungry).status_code == 503
        assert models(ask(address, MODELS)) == ["云帆-7B"]


def test_too_many_waiting_queries_are_told_to_come_back(served_store: Path) -> None:
    with serving(served_store, Limits(seconds=1, workers=1, waiting=1)) as address, ThreadPoolExecutor(4) as threads:
        replies = list(threads.map(lambda _: ask(address, BOMB), range(4)))
    assert any("too many queries wait" in r.text for r in replies)
    assert {r.status_code for r in replies} == {503}
    assert all(r.headers["retry-after"] for r in replies)


@pytest.mark.parametrize("accept", list(ROWS))
def test_rows_are_limited_in_every_form(server: str, accept: str) -> None:
    most = "SELECT ?s ?p WHERE { ?s ?p ?o } LIMIT %d"
    assert ask(server, most % 500, accept=accept).status_code == 200
    assert ask(server, most % 502, accept=accept).status_code == 422
    assert "500 rows" in ask(server, most % 502, accept=accept).text


def test_a_changed_store_is_served_as_it_is_now(tmp_path: Path) -> None:
    from kg.store.graph import Writer

    import factory

    with Writer(tmp_path / "s.kg") as writer:
        writer.put(factory.reading())
    count = "SELECT (COUNT(DISTINCT ?d) AS ?n) WHERE { ?d a kg:Document }"
    with serving(tmp_path / "s.kg", Limits(workers=1)) as address:
        assert ask(address, count).json()["results"]["bindings"][0]["n"]["value"] == "1"
        with Writer(tmp_path / "s.kg") as writer:
            writer.put(factory.reading(factory.document(name="b.txt")))
        assert ask(address, count).json()["results"]["bindings"][0]["n"]["value"] == "2"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "text/turtle"),
        ("", "text/turtle"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("text/html;q=0.9, application/ld+json;q=0.2", "application/ld+json"),
        ("*/*;q=0.1, text/turtle;q=0", "application/n-triples"),
        ("text/turtle;q=nonsense", None),
        ("*/*;q=0", None),
        (",,;;,", None),
    ],
)
def test_accept_headers(accept: str | None, expected: str | None) -> None:
    assert chosen(accept, GRAPHS) == expected
