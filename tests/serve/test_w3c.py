"""The protocol test cases of the W3C's SPARQL 1.1 test suite (`data-sparql11/protocol`), by their names there, each on a store that holds their graphs.

Cases of updates that give their dataset in the request (`using-graph-uri`) are left out: such requests are refused, which one row shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from kg.serve.limits import Limits
from kg.store.graph import Writer
from serving import TOKEN, serving

import factory

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = "http://kasei.us/2009/09/sparql/data/data"
ONE, TWO, THREE = (f"{DATA}{n}.rdf" for n in (1, 2, 3))
FORM = "application/x-www-form-urlencoded"
QUERY, UPDATE = "application/sparql-query", "application/sparql-update"
BOOLEAN = {"application/sparql-results+json", "application/sparql-results+xml"}
TABLE = {*BOOLEAN, "text/csv; charset=utf-8", "text/tab-separated-values; charset=utf-8"}
RDF = {"text/turtle; charset=utf-8", "application/rdf+xml", "application/n-triples", "application/ld+json"}
BOTH = f"ASK {{ <{ONE}> a ?type . <{TWO}> a ?type . }}"
NAMED = f"GRAPH ?g1 {{ <{ONE}> a ?type }} GRAPH ?g2 {{ <{TWO}> a ?type }}"


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    store = tmp_path_factory.mktemp("w3c") / "graph.kg"
    with Writer(store) as writer:
        writer.put(factory.reading())
        for graph in (ONE, TWO, THREE):
            writer.update(f"INSERT DATA {{ GRAPH <{graph}> {{ <{graph}> a <http://xmlns.com/foaf/0.1/Document> }} }}")
    with serving(store, Limits(workers=1), token=TOKEN) as address:
        yield address


def get(**parameters: str | list[str]) -> dict[str, Any]:
    return {"method": "GET", "params": parameters}


def post(content: str | bytes, kind: str | None, **parameters: str | list[str]) -> dict[str, Any]:
    headers = {"content-type": kind} if kind else {}
    return {"method": "POST", "content": content, "headers": headers, "params": parameters}


def graphs(kind: str, *names: str) -> dict[str, list[str]]:
    return {f"{kind}-graph-uri": list(names)}


def utf16(text: str) -> bytes:
    return text.encode("utf-16")


GIVES: list[tuple[str, dict[str, Any], bool | None, set[str]]] = [
    ("query_get", get(query="ASK {}", **graphs("default", DATA + "0.rdf")), True, BOOLEAN),
    ("query_post_form", post("query=ASK%20%7B%7D", FORM, **graphs("default", DATA + "0.rdf")), True, BOOLEAN),
    ("query_post_direct", post("ASK {}", QUERY), True, BOOLEAN),
    ("query_dataset_default_graphs_get", get(query=BOTH, **graphs("default", ONE, TWO)), True, BOOLEAN),
    ("query_dataset_default_graphs_post", post(BOTH, QUERY, **graphs("default", ONE, TWO)), True, BOOLEAN),
    ("only one of the default graphs", get(query=BOTH, **graphs("default", ONE)), False, BOOLEAN),
    ("query_dataset_named_graphs_get", get(query=f"ASK {{ {NAMED} }}", **graphs("named", ONE, TWO)), True, BOOLEAN),
    ("query_dataset_named_graphs_post", post(f"ASK {{ {NAMED} }}", QUERY, **graphs("named", ONE, TWO)), True, BOOLEAN),
    ("only one of the named graphs", post(f"ASK {{ {NAMED} }}", QUERY, **graphs("named", ONE)), False, BOOLEAN),
    (
        "query_dataset_full",
        post(f"ASK {{ <{THREE}> a ?type {NAMED} }}", QUERY, **graphs("default", THREE), **graphs("named", ONE, TWO)),
        True,
        BOOLEAN,
    ),
    (
        "query_multiple_dataset",
        post(f"ASK FROM <{THREE}> {{ {NAMED} }}", QUERY, **graphs("named", ONE, TWO)),
        True,
        BOOLEAN,
    ),
    (
        "the dataset of the request outranks FROM",
        post(f"ASK FROM <{THREE}> {{ <{THREE}> a ?t }}", QUERY, **graphs("default", ONE)),
        False,
        BOOLEAN,
    ),
    ("query_content_type_select", post("SELECT (1 AS ?value) {}", QUERY), None, TABLE),
    ("query_content_type_ask", post("ASK {}", QUERY), None, BOOLEAN),
    ("query_content_type_describe", post("DESCRIBE <http://example.org/>", QUERY), None, RDF),
    ("query_content_type_construct", post("CONSTRUCT { <s> <p> 1 } WHERE {}", QUERY), None, RDF),
]
PEOPLE = "http://example/people"
CONFLICT = f"WITH <http://example/addresses> DELETE {{ ?p <{DATA}> 'Bill' }} INSERT {{ ?p <{DATA}> 'William' }} WHERE {{ ?p <{DATA}> 'Bill' }}"
REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("bad_query_method", {"method": "PUT", "params": {"query": "ASK {}"}, "headers": {"content-type": FORM}}),
    ("bad_multiple_queries", get(query=["ASK {}", "SELECT * {}"])),
    ("bad_query_wrong_media_type", post("ASK {}", "text/plain")),
    ("bad_query_missing_form_type", post("query=ASK%20%7B%7D", None)),
    ("bad_query_missing_direct_type", post("ASK {}", None)),
    ("bad_query_non_utf8", post(utf16("ASK {}"), f"{QUERY}; charset=UTF-16")),
    ("bad_query_non_utf8, untold", post(utf16("ASK {}"), QUERY)),
    ("bad_query_syntax", get(query="ASK {")),
    ("an update as a query", post("CLEAR ALL", QUERY)),
    ("a query as an update", post("ASK {}", UPDATE)),
    ("bad_update_get", get(update="CLEAR ALL")),
    ("bad_multiple_updates", post("update=CLEAR%20NAMED&update=CLEAR%20DEFAULT", FORM)),
    ("bad_update_wrong_media_type", post("CLEAR NAMED", "text/plain")),
    ("bad_update_missing_form_type", post("update=CLEAR%20NAMED", None)),
    ("bad_update_non_utf8", post(utf16("CLEAR NAMED"), f"{UPDATE}; charset=UTF-16")),
    ("bad_update_syntax", post("update=CLEAR%20XYZ", FORM)),
    ("bad_update_dataset_conflict", post(CONFLICT, UPDATE, **{"using-named-graph-uri": PEOPLE})),
    ("a dataset of an update", post(f"CLEAR GRAPH <{ONE}>", UPDATE, **{"using-graph-uri": ONE})),
]


def asked(suite: str, request: dict[str, Any], path: str = "/sparql") -> httpx.Response:
    headers = {"authorization": f"Bearer {TOKEN}", **request.get("headers", {})}
    return httpx.request(**{**request, "url": suite + path, "headers": headers}, timeout=30)


@pytest.mark.parametrize(("request_", "expected", "forms"), [pytest.param(*row, id=name) for name, *row in GIVES])
def test_queries_of_the_suite(suite: str, request_: dict[str, Any], expected: bool | None, forms: set[str]) -> None:
    for path in ("/sparql", "/sparql/"):
        reply = asked(suite, request_, path)
        assert (reply.status_code, reply.headers["content-type"] in forms) == (200, True), reply.text
        assert expected is None or reply.json()["boolean"] is expected


@pytest.mark.parametrize("request_", [pytest.param(request, id=name) for name, request in REFUSED])
def test_bad_requests_of_the_suite(suite: str, request_: dict[str, Any]) -> None:
    assert 400 <= asked(suite, request_).status_code < 500
    assert asked(suite, get(query=BOTH, **graphs("default", ONE, TWO))).json()["boolean"] is True


def test_relative_iris_of_queries_and_updates_are_those_of_the_endpoint(suite: str) -> None:
    graph = "http://example.org/protocol-base-test/"
    made = f"INSERT DATA {{ GRAPH <{graph}> {{ <http://example.org/s> <http://example.org/p> <test> }} }}"
    assert asked(suite, post(made, UPDATE)).status_code == 204  # update_base_uri, update_post_direct
    found = asked(suite, get(query=f"SELECT ?o {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")).json()["results"]["bindings"]
    assert [row["o"]["value"] for row in found] == [f"{suite}/test"]
    form = httpx.QueryParams(update=f"DROP GRAPH <{graph}>")
    assert asked(suite, post(str(form), FORM)).status_code == 204  # update_post_form
    assert asked(suite, get(query=f"ASK {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")).json()["boolean"] is False
