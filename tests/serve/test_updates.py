"""Updates: only where they are allowed, only with the token, one after the other, and never a call or a file."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pyoxigraph as ox
import pytest
from kg.errors import KgError
from kg.serve.app import application
from kg.serve.limits import Limits
from kg.store.graph import View, Writer
from serving import TOKEN, serving

import factory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

INSERT = "INSERT DATA { GRAPH <x:g> { <x:a> <x:b> <x:c> } }"
JOIN = "GRAPH ?w { ?a ?b ?c } GRAPH ?x { ?d ?e ?f } GRAPH ?y { ?g ?h ?i } GRAPH ?z { ?j ?k ?l }"
HOLDS = "ASK { GRAPH <x:g> { <x:a> <x:b> <x:c> } }"
RIGHT = {"authorization": f"Bearer {TOKEN}"}


def made(path: Path) -> Path:
    with Writer(path) as writer:
        writer.put(factory.reading())
    return path


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    limits = Limits(workers=1, query_bytes=20_000)
    with serving(made(tmp_path_factory.mktemp("updates") / "graph.kg"), limits, token=TOKEN) as address:
        yield address


def sent(server: str, update: str | bytes, **headers: str) -> httpx.Response:
    kind = {"content-type": "application/sparql-update"}
    return httpx.post(f"{server}/sparql", content=update, headers={**kind, **headers}, timeout=60)


def holds(server: str, query: str = HOLDS) -> bool:
    return bool(httpx.get(f"{server}/sparql", params={"query": query}, timeout=60).json()["boolean"])


def test_what_is_written_is_read_at_once_and_labels_follow(writable: str) -> None:
    assert sent(writable, INSERT, **RIGHT).status_code == 204
    assert holds(writable)
    form = httpx.post(f"{writable}/sparql", data={"update": "DROP GRAPH <x:g>"}, headers=RIGHT, timeout=60)
    assert (form.status_code, holds(writable)) == (204, False)
    # The graphs that follow from documents are there again.
    assert holds(writable, "ASK { ?m a kg:AIModel ; rdfs:label ?l . kg:develops a ?t }")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"authorization": ""}, 401),
        ({"authorization": "Bearer"}, 401),
        ({"authorization": "Bearer wrong-token-of-some-length"}, 401),
        ({"authorization": f"Bearer {TOKEN[:-1]}"}, 401),
        ({"authorization": f"Bearer {TOKEN}x"}, 401),
        ({"authorization": f"Bearer {TOKEN.upper()}"}, 401),
        ({"authorization": f"Basic {TOKEN}"}, 401),
        ({"authorization": TOKEN}, 401),
        ({"cookie": f"token={TOKEN}"}, 401),
        ({**RIGHT, "sec-fetch-site": "cross-site"}, 403),
        ({**RIGHT, "origin": "http://evil.example"}, 403),
        ({**RIGHT, "origin": "null"}, 403),
        ({**RIGHT, "host": "evil.example"}, 400),
    ],
)
def test_nobody_else_writes(writable: str, headers: dict[str, str], status: int) -> None:
    reply = sent(writable, INSERT, **headers)
    assert reply.status_code == status
    assert (status == 401) is ("www-authenticate" in reply.headers)
    assert TOKEN not in reply.text
    form = httpx.post(f"{writable}/sparql", data={"update": INSERT}, headers=headers, timeout=60)
    assert (form.status_code, holds(writable)) == (status, False)


@pytest.mark.parametrize(
    ("update", "status", "says"),
    [
        ("LOAD <http://127.0.0.1:9/x>", 403, "LOAD is refused"),
        ("LOAD SILENT <file:///etc/passwd> INTO GRAPH <x:g>", 403, "LOAD is refused"),
        ("load<http://127.0.0.1:9/x>", 403, "LOAD is refused"),
        (f"{INSERT} ; LOAD # <x:y>\n kg:x", 403, "LOAD is refused"),
        ("INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 403, "SERVICE is refused"),
        ("INSERT DATA {", 400, "malformed at line 1"),
        (f"{INSERT} ; CLEAR XYZ", 400, "malformed"),
        (f"{INSERT} ; DROP GRAPH <x:none>", 400, "does not exist"),
        ("INSERT DATA { <x:a> <x:b> '\\uD800' }", 400, "malformed"),
        (b"INSERT DATA { <x:a> <x:b> '\xff' }", 400, "not UTF-8"),
        ("#" * 30_000, 413, "bytes"),
    ],
)
def test_what_an_update_may_not(writable: str, update: str | bytes, status: int, says: str) -> None:
    reply = sent(writable, update, **RIGHT)
    assert (reply.status_code, says in reply.text) == (status, True), reply.text
    assert not holds(writable)
    assert holds(writable, "ASK { ?m a kg:AIModel ; rdfs:label ?l . kg:develops a ?t }")


def test_an_update_that_takes_too_long_is_stopped_and_changes_nothing(tmp_path: Path) -> None:
    bomb = f"INSERT {{ ?a ?k ?l }} WHERE {{ {JOIN} FILTER(CONCAT(STR(?a), STR(?l)) = 'x') }}"
    with serving(made(tmp_path / "s.kg"), Limits(workers=1, update_seconds=3), token=TOKEN) as address:
        reply = sent(address, f"{INSERT} ; {bomb}", **RIGHT)
        assert (reply.status_code, "stopped after 3 seconds" in reply.text) == (503, True)
        assert not holds(address)


def test_updates_at_once_come_one_after_the_other(writable: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        told = list(threads.map(lambda n: sent(writable, f"INSERT DATA {{ <x:n> <x:n> {n} }}", **RIGHT), range(4)))
    assert {r.status_code for r in told} == {204}
    found = httpx.get(f"{writable}/sparql", params={"query": "SELECT ?n { <x:n> <x:n> ?n }"}).json()
    assert sorted(row["n"]["value"] for row in found["results"]["bindings"]) == ["0", "1", "2", "3"]


def test_a_store_that_is_being_written_to_is_told(tmp_path: Path) -> None:
    store = made(tmp_path / "s.kg")
    with serving(store, Limits(workers=1), token=TOKEN) as address, Writer(store):
        reply = sent(address, INSERT, **RIGHT)
    assert (reply.status_code, "being written to" in reply.text) == (503, True)


def test_the_description_tells_whether_it_takes_updates(writable: str, server: str) -> None:
    told = [httpx.get(f"{s}/sparql", headers={"accept": "text/turtle"}).text for s in (writable, server)]
    assert ["SPARQL11Update" in t for t in told] == [True, False]


@pytest.mark.parametrize("token", ["", "short", "a token with spaces in it", "token\nwith-a-line-break", "令牌" * 20])
def test_a_weak_token_is_refused(served_store: Path, token: str) -> None:
    with pytest.raises(KgError, match="KG_UPDATE_TOKEN"):
        application(served_store, token=token)


@pytest.mark.parametrize("token", ["", "short"])
def test_the_command_wants_a_token(served_store: Path, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_UPDATE_TOKEN", token)
    command = [sys.executable, "-m", "kg", "serve", "--store", str(served_store), "--allow-update"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "KG_UPDATE_TOKEN" in done.stderr) == (1, True)


def test_the_command_takes_updates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from test_command import free_port

    monkeypatch.setenv("KG_UPDATE_TOKEN", TOKEN)
    store, port = made(tmp_path / "s.kg"), free_port()
    command = [sys.executable, "-m", "kg", "serve", "--store", str(store), "--port", str(port), "--allow-update"]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert str(port) in server.stderr.readline()
        address = f"http://127.0.0.1:{port}"
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                httpx.get(f"{address}/sparql", timeout=30)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        assert sent(address, INSERT, **RIGHT).status_code == 204
    finally:
        server.kill()
    assert View(store).store.contains_named_graph(ox.NamedNode("x:g"))
