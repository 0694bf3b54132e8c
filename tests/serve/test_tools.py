"""The tools for language models, through the SDK's own client: in the process, and over the pipes of `kg mcp`."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from kg.config import BASE
from kg.serve.limits import Limits
from kg.serve.tools import server
from mcp import Client, MCPError, StdioServerParameters
from test_command import free_port

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

FIRM = f"{BASE}entity/company/yunfan"
BOMB = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def talk(target: Any, what: Callable[[Client], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with Client(target) as client:
            return await what(client)

    # In a thread: Playwright's browser, once started by other tests, keeps an event loop in this one.
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(lambda: asyncio.run(asyncio.wait_for(run(), 60))).result()


def called(store: Path, tool: str, /, **arguments: Any) -> Any:
    return talk(server(store, Limits(seconds=1, rows=50, workers=1)), lambda c: c.call_tool(tool, arguments))


def test_the_tools_say_that_they_only_read(served_store: Path) -> None:
    found = talk(server(served_store), lambda c: c.list_tools()).tools
    assert {t.name for t in found} == {"search_entities", "get_facts", "find_path", "run_sparql", "read_schema", "ask"}
    assert all(t.annotations.read_only_hint and t.description for t in found)


@pytest.mark.parametrize("name", ["云帆科技", "云帆科"])
def test_entities_are_found_by_name(served_store: Path, name: str) -> None:
    found = called(served_store, "search_entities", name=name).structured_content["entities"]
    assert (found[0]["iri"], found[0]["type"]) == (FIRM, "Company")


def test_facts_come_with_their_sentences(served_store: Path) -> None:
    found = called(served_store, "get_facts", iri=FIRM).structured_content
    said = {(f["subject"], f["predicate"], f["object"]): f["evidence"]["quote"] for f in found["facts"]}
    assert said["云帆科技", "develops", "云帆-7B"] == "云帆科技发布云帆-7B"
    assert found["numbers"][0]["evidence"]["document"] == "a.txt"
    few = called(served_store, "get_facts", iri=FIRM, limit=1).structured_content
    assert (len(few["facts"]), few["left_out"]) == (1, 1)


def test_a_path_is_found(served_store: Path) -> None:
    steps = called(served_store, "find_path", start="李文博", goal="云帆-7B").structured_content["steps"]
    assert [s["predicate"] for s in steps] == ["holdsPositionAt", "develops"]
    assert all(s["evidence"]["quote"] for s in steps)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT DISTINCT ?n { ?m a kg:AIModel ; rdfs:label ?n }", {"variables": ["n"], "rows": [{"n": "云帆-7B"}]}),
        ("ASK { ?c a kg:Claim }", {"boolean": True}),
    ],
)
def test_sparql_runs(served_store: Path, query: str, expected: dict[str, Any]) -> None:
    assert called(served_store, "run_sparql", query=query).structured_content == expected


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("run_sparql", {"query": "CLEAR ALL"}, "CLEAR is refused"),
        ("run_sparql", {"query": "SELECT * { SERVICE <http://localhost/> { ?s ?p ?o } }"}, "SERVICE is refused"),
        ("run_sparql", {"query": "SELECT"}, "malformed"),
        ("run_sparql", {"query": BOMB}, "stopped after 1 seconds"),
        ("run_sparql", {"query": "SELECT * { ?s ?p ?o }"}, "more than 50 rows"),
        ("run_sparql", {"query": "#" * 300_000}, "bytes"),
        ("get_facts", {"iri": "x:y> } CLEAR ALL"}, "no such entity"),
        ("get_facts", {"iri": FIRM, "limit": 100_000}, "limit"),
        ("search_entities", {"name": "a" * 5000}, "name"),
        ("find_path", {"start": "无此公司", "goal": "云帆科技"}, "no entity of this name"),
    ],
)
def test_what_is_refused_is_told_to_the_model(
    served_store: Path, tool: str, arguments: dict[str, Any], says: str
) -> None:
    result = called(served_store, tool, **arguments)
    assert result.is_error
    assert says in result.content[0].text


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [("ask", {"question": "云帆科技的董事长是谁？"}), ("find_path", {"start": "李文博", "goal": "云帆-7B"})],
)
def test_questions_and_paths_are_stopped(served_store: Path, tool: str, arguments: dict[str, Any]) -> None:
    hurried = server(served_store, Limits(workers=1, question_seconds=0.01))
    result = talk(hurried, lambda c: c.call_tool(tool, arguments))
    assert result.is_error
    assert "stopped after 0.01 seconds" in result.content[0].text


def test_resources_are_the_ontology_and_the_named_queries(served_store: Path) -> None:
    async def read(client: Client) -> list[str]:
        found = [await client.read_resource(uri) for uri in ("kg://ontology", "kg://queries/developers")]
        return [r.contents[0].text for r in found]

    ontology, query = talk(server(served_store), read)
    assert "develops" in ontology
    assert "SELECT" in query


@pytest.mark.parametrize("uri", ["kg://queries/..%2f..%2faikg", "kg://queries/none", "file:///etc/passwd"])
def test_no_other_resource_is_read(served_store: Path, uri: str) -> None:
    async def refused(client: Client) -> None:
        with pytest.raises(MCPError):
            await client.read_resource(uri)

    talk(server(served_store), refused)


def test_the_command_speaks_over_its_pipes(served_store: Path) -> None:
    command = StdioServerParameters(command=sys.executable, args=["-m", "kg", "mcp", "--store", str(served_store)])

    async def talked(client: Client) -> Any:
        await client.call_tool("read_schema", {})
        return await client.call_tool("run_sparql", {"query": "ASK { ?c a kg:Claim }"})

    assert talk(command, talked).structured_content == {"boolean": True}


def test_the_command_speaks_over_http(served_store: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "kg", "mcp", "--store", str(served_store), "--http", f"127.0.0.1:{port}"]
    server_ = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)

    async def talked(client: Client) -> list[Any]:
        tools = {t.name for t in (await client.list_tools()).tools}
        asked = await client.call_tool("run_sparql", {"query": "ASK { ?c a kg:Claim }"})
        resources = {str(r.uri) for r in (await client.list_resources()).resources}
        ontology = await client.read_resource("kg://ontology")
        return [tools, asked.structured_content, resources, ontology.contents[0].text]

    address = f"http://127.0.0.1:{port}/mcp"
    hello = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    kinds = {"accept": "application/json, text/event-stream", "content-type": "application/json"}
    try:
        assert address in server_.stderr.readline()
        tools, asked, resources, ontology = talk(address, talked)
        assert {"ask", "get_facts"} <= tools
        assert (asked, "kg://ontology" in resources, "develops" in ontology) == ({"boolean": True}, True, True)
        # No page of another site reaches it, by a rebound name or from its own.
        for headers in ({"host": "evil.example"}, {"origin": "http://evil.example"}):
            assert httpx.post(address, json=hello, headers={**kinds, **headers}).status_code in (403, 421)
        large = httpx.post(address, content=b'"' + b"a" * (2 << 20), headers=kinds)
        assert large.status_code == 413
    finally:
        server_.kill()


@pytest.mark.parametrize("address", ["8766", ":8766", "127.0.0.1:", "127.0.0.1:port", "127.0.0.1:99999"])
def test_an_address_that_is_none_is_told(served_store: Path, address: str) -> None:
    from click.testing import CliRunner
    from kg.cli import main

    done = CliRunner().invoke(main, ["mcp", "--store", str(served_store), "--http", address])
    assert done.exit_code == 1
    assert "HOST:PORT" in done.output
