"""A server that dies in the middle costs no document and doubles none; errors say what to do and give no secret away."""

from __future__ import annotations

import http.server
import threading
import time

import pytest
from click.testing import CliRunner
from kg.cli import main
from kg.errors import StoreError
from kg.store import address, remote
from kg.store.endpoint import Endpoint
from kg.store.export import export
from kg.store.graph import View, Writer

import factory
import servers

SECRET = "pass-4711"


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture(params=[servers.Oxigraph, servers.Virtuoso], ids=lambda s: s.__name__)
def server(request, tmp_path, monkeypatch):
    if why := request.param.missing():
        pytest.skip(why)
    if request.param is servers.Virtuoso:
        monkeypatch.setenv("KG_STORE_USER", "dba")
        monkeypatch.setenv("KG_STORE_PASSWORD", "dba")
    made = request.param(tmp_path / "server")
    yield made
    made.kill()


def some(count: int):
    for number in range(count):
        text = f"第{number}号。{factory.TEXT}"
        yield factory.reading(factory.document(text, name=f"{number}.txt"))


def put(store, readings) -> None:
    with Writer(store, extractor="test") as writer:
        for each in readings:
            writer.put(each)


@pytest.mark.parametrize("after", [1, 3, 7])
def test_a_server_killed_between_requests_and_started_again_holds_each_graph_once(
    server, tmp_path, monkeypatch, after: int
) -> None:
    monkeypatch.setattr(remote, "_BATCH", 120)  # so that graphs are written in parts
    sent = []
    real = Endpoint._send

    def send(self, method, url, **request):
        sent.append(method)
        if len(sent) == 2 + after:  # reading the manifest comes first
            server.kill()
            threading.Timer(0.5, server.start).start()
        return real(self, method, url, **request)

    monkeypatch.setattr(Endpoint, "_send", send)
    put(server.url, some(6))
    assert len(sent) > 2 + after
    put(tmp_path / "own", some(6))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "other"))
    assert export(View(server.url), "nquads") == export(View(tmp_path / "own"), "nquads")


def test_a_build_that_the_server_left_is_ended_by_the_next(server, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(remote, "_BATCH", 120)
    monkeypatch.setattr("kg.store.endpoint._TRIES", 1)
    real = remote.Mirror._parts

    def parts(self, name, triples):
        real(self, name, triples[: len(triples) // 2])
        server.kill()
        real(self, name, triples)

    with monkeypatch.context() as patch:
        patch.setattr(remote.Mirror, "_parts", parts)
        with pytest.raises(StoreError, match="run again"):
            put(server.url, some(3))
    server.start()
    put(server.url, ())  # what was read lies in the mirror
    put(tmp_path / "own", some(3))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "other"))
    assert export(View(server.url), "nquads") == export(View(tmp_path / "own"), "nquads")


def answering(code: int, headers=(), body: bytes = b"") -> tuple[str, list[str]]:
    """The address of a server that answers always the same, and what it is sent as Authorization."""
    seen: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.append(self.headers.get("Authorization", ""))
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(code)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args) -> None:
            pass

    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{made.server_port}/query", seen


@pytest.mark.parametrize(
    ("code", "headers", "says"),
    [
        (401, [("WWW-Authenticate", 'Basic realm="x"')], "KG_STORE_USER"),
        (401, [("WWW-Authenticate", 'Digest realm="x", nonce="1", qop="auth"')], "KG_STORE_USER"),
        (403, [], "right to write"),
        (404, [], "no SPARQL endpoint"),
        (302, [("Location", "/elsewhere")], "leads elsewhere"),
        (200, [("Content-Type", "text/html")], "no SPARQL endpoint"),
        (500, [], r"failed \(500\)"),
    ],
)
def test_errors_are_one_line_without_secrets(monkeypatch, code, headers, says) -> None:
    monkeypatch.setenv("KG_STORE_USER", "someone")
    monkeypatch.setenv("KG_STORE_PASSWORD", SECRET)
    url, seen = answering(code, headers, b"<p>hello</p>")
    found = CliRunner().invoke(main, ["stats", "--store", url])
    assert found.exit_code == 1
    assert found.output.count("\n") == 1
    assert SECRET not in found.output
    with pytest.raises(StoreError, match=says):
        View(url)
    assert seen[0] == ""  # nothing is told to who has not asked
    if code == 401:
        assert seen[1].startswith(headers[0][1].split()[0])


def test_a_token_is_sent(monkeypatch) -> None:
    monkeypatch.setenv("KG_STORE_TOKEN", SECRET)
    url, seen = answering(403)
    with pytest.raises(StoreError) as error:
        View(url)
    assert seen == [f"Bearer {SECRET}"]
    assert SECRET not in str(error.value)


def test_what_is_busy_is_tried_again_with_longer_waits_and_then_given_up() -> None:
    waits: list[float] = []
    for url in (answering(503)[0], f"http://127.0.0.1:{servers.free()}/query"):
        waits.clear()
        with pytest.raises(StoreError):
            Endpoint(address.Address(url, url, ""), wait=waits.append).update("CLEAR ALL")
        assert waits == [0.25, 0.5, 1, 2, 4]


def test_a_server_that_is_not_there_is_named(monkeypatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    monkeypatch.setattr("kg.store.endpoint._TRIES", 2)
    url = f"http://127.0.0.1:{servers.free()}/query"
    with pytest.raises(StoreError, match=r"cannot be reached .*run again"):
        View(url)


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(StoreError) as error:
        address.place(f"http://me:{SECRET}@host/query")
    assert SECRET not in str(error.value)


@pytest.mark.parametrize(
    ("url", "update", "data"),
    [
        ("http://h:7878/query", "http://h:7878/update", "http://h:7878/store"),
        ("http://h/ds/sparql", "http://h/ds/update", "http://h/ds/data"),
        ("http://h/repositories/r", "http://h/repositories/r/statements", "http://h/repositories/r/rdf-graphs/service"),
        ("http://h:8890/sparql", "http://h:8890/sparql", "http://h:8890/sparql-graph-crud"),
        ("https://h/some", "https://h/some", ""),
    ],
)
def test_the_other_endpoints_follow_from_that_of_queries(url: str, update: str, data: str) -> None:
    assert address.of(address.place(url)) == address.Address(url, update, data)
