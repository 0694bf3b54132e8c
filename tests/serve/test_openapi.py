"""The description of the HTTP interface, held to the running server by schemathesis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from kg.serve.app import application
from kg.serve.openapi import description

if TYPE_CHECKING:
    from pathlib import Path

QUERIES = (
    "ASK { ?s ?p ?o }",
    "SELECT ?s { ?s a kg:Company } LIMIT 3",
    "CONSTRUCT { ?s a ?t } WHERE { ?s a ?t } LIMIT 3",
    "SELECT ?n { ?s rdfs:label ?n FILTER(LANG(?n) = 'zh') } LIMIT 2",
    "DESCRIBE <x:云帆>",
)
FEW = settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
    derandomize=True,
)
MANY = settings(FEW, max_examples=100)

schemathesis.openapi.format("sparql", st.sampled_from(QUERIES))
schemathesis.openapi.format(
    "absolute-iri", st.text("ab/云1", min_size=1, max_size=20).map("http://example.org/{}".format)
)


schema = schemathesis.openapi.from_dict(description())


def held_to(server: str, case: schemathesis.Case) -> None:
    # OpenAPI cannot say that a dataset is given with a query only.
    if case.operation.path != "/sparql" or not case.query or "query" in case.query:
        case.call_and_validate(base_url=server, timeout=30)


@schema.parametrize()
@FEW
def test_the_server_does_what_it_says(case: schemathesis.Case, server: str) -> None:
    held_to(server, case)


@pytest.mark.slow
@schema.parametrize()
@MANY
def test_the_server_does_what_it_says_at_length(case: schemathesis.Case, server: str) -> None:
    held_to(server, case)


def test_every_route_is_described(served_store: Path) -> None:
    routes = {route.path: set(route.methods) for route in application(served_store).routes}
    described = {path: {method.upper() for method in methods} for path, methods in description()["paths"].items()}
    assert {path: methods - {"OPTIONS"} for path, methods in routes.items() if path != "/sparql/"} == described


def test_the_page_of_the_service_leads_to_the_description(server: str) -> None:
    assert httpx.get(f"{server}/openapi.json").json() == description()
    assert "openapi.json" in httpx.get(f"{server}/sparql", headers={"accept": "text/turtle"}).text
