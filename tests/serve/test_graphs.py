"""The Graph Store HTTP Protocol, reading: whole graphs over real HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
import rdflib
from kg.serve.limits import Limits
from serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GRAPHS = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?c a kg:Claim } }"


@pytest.fixture(scope="module")
def roomy(served_store: Path) -> Iterator[str]:
    """A server whose limits a whole graph keeps to."""
    with serving(served_store, Limits()) as address:
        yield address


def graph_of_a_document(server: str) -> str:
    reply = httpx.get(f"{server}/sparql", params={"query": GRAPHS}, timeout=30)
    return str(reply.json()["results"]["bindings"][0]["g"]["value"])


def get(server: str, query: str, method: str = "GET", **headers: str) -> httpx.Response:
    return httpx.request(method, f"{server}/graphs?{query}", headers=headers, timeout=30)


@pytest.mark.parametrize(
    ("accept", "form"),
    [("text/turtle", "turtle"), ("application/n-triples", "nt"), ("application/rdf+xml", "xml")],
)
def test_a_document_and_the_default_graph(roomy: str, accept: str, form: str) -> None:
    iri = graph_of_a_document(roomy)
    one = get(roomy, str(httpx.QueryParams({"graph": iri})), accept=accept)
    every = get(roomy, "default", accept=accept)
    assert one.status_code == every.status_code == 200
    assert one.headers["content-type"].startswith(accept)
    part = rdflib.Graph().parse(data=one.content, format=form)
    whole = rdflib.Graph().parse(data=every.content, format=form)
    assert 0 < len(part) <= len(whole)
    assert any(str(kind).endswith("#Claim") for kind in part.objects(None, rdflib.RDF.type))


def test_a_graph_over_the_limit_is_not_cut(server: str) -> None:
    assert get(server, "default").status_code == 422


def test_head_has_no_body(roomy: str) -> None:
    reply = get(roomy, "default", "HEAD")
    assert (reply.status_code, reply.content) == (200, b"")


@pytest.mark.parametrize(
    ("query", "method", "accept", "status"),
    [
        ("", "GET", "*/*", 400),
        ("default=1", "GET", "*/*", 400),
        ("graph=", "GET", "*/*", 400),
        ("default&graph=http://example.org/g", "GET", "*/*", 400),
        ("graph=not an iri", "GET", "*/*", 400),
        ("graph=http://example.org/%3E%20%7D%20DROP%20ALL%20%23", "GET", "*/*", 400),
        ("graph=http://example.org/none", "GET", "*/*", 404),
        ("default", "GET", "image/png", 406),
        ("default", "PUT", "*/*", 405),
        ("default", "POST", "*/*", 405),
        ("default", "DELETE", "*/*", 405),
    ],
)
def test_what_is_refused(server: str, query: str, method: str, accept: str, status: int) -> None:
    assert get(server, query, method, accept=accept).status_code == status


def test_a_page_of_another_site_is_refused(server: str) -> None:
    assert get(server, "default", origin="https://evil.example").status_code == 403
