"""Clients that people use, each as it comes: curl, Comunica. Those in Python are in `test_protocol.py`."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
QUERY = "PREFIX kg: <https://w3id.org/aikg/ontology#> SELECT DISTINCT ?n WHERE { ?m a kg:AIModel ; <http://www.w3.org/2000/01/rdf-schema#label> ?n }"
# Comunica takes the endpoint for one source and sends it the query; bindings are printed as an object of variables each.
COMUNICA = """
const { QueryEngine } = require("@comunica/query-sparql");
const [, endpoint, query] = process.argv;
new QueryEngine().queryBindings(query, { sources: [{ type: "sparql", value: endpoint }] })
  .then((rows) => rows.toArray())
  .then((rows) => console.log(JSON.stringify(rows.map((row) => Object.fromEntries([...row].map(([v, t]) => [v.value, t.value]))))));
"""


def said(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=HERE, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture
def curl() -> list[str]:
    if not shutil.which("curl"):
        pytest.skip("no curl on this machine: apt-get install curl")
    return ["curl", "-sS", "--fail", "--noproxy", "*", "--max-time", "60"]


@pytest.mark.parametrize(
    "way",
    [
        ["-G", "--data-urlencode", f"query={QUERY}"],
        ["--data-urlencode", f"query={QUERY}"],
        ["-H", "Content-Type: application/sparql-query", "--data-binary", QUERY],
    ],
)
def test_curl_asks(curl: list[str], server: str, way: list[str]) -> None:
    assert said([*curl, "-H", "Accept: text/csv", *way, f"{server}/sparql"]).split() == ["n", "云帆-7B"]


def test_curl_fetches_a_graph(curl: list[str], server: str) -> None:
    graph = "graph=https://w3id.org/aikg/graph/entities"
    found = said([*curl, "-G", "-H", "Accept: text/turtle", "--data-urlencode", graph, f"{server}/graphs"])
    assert 'rdfs:label "云帆-7B"' in found


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (QUERY, [{"n": "云帆-7B"}]),
        (
            "SELECT (COUNT(DISTINCT ?c) > 0 AS ?n) WHERE { ?c a <https://w3id.org/aikg/ontology#Claim> }",
            [{"n": "true"}],
        ),
        ("SELECT ?n WHERE { VALUES ?n { 1 } FILTER NOT EXISTS { ?n a ?n } }", [{"n": "1"}]),
    ],
)
def test_comunica_asks(server: str, query: str, expected: list[dict[str, str]]) -> None:
    node = shutil.which("node")
    if not node or not (HERE / "node_modules" / "@comunica").is_dir():
        pytest.skip("no Comunica here: in tests/serve, npm install --no-package-lock")
    assert json.loads(said([node, "-e", COMUNICA, f"{server}/sparql", query])) == expected
