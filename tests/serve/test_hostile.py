"""Requests that mean harm: each is refused with the status that the table gives, and the server answers on."""

from __future__ import annotations

import contextlib
import socket
import time
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from kg.serve.app import hosts_of

QUERY = {"content-type": "application/sparql-query"}
UPDATE = {"content-type": "application/sparql-update"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
ALL = "?s ?p ?o"
JOIN = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"


def got(query: str, **more: Any) -> dict[str, Any]:
    return {"params": {"query": query}, **more}


def posted(content: str | bytes, headers: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"method": "POST", "content": content, "headers": headers, **more}


UPDATES = [
    "CLEAR ALL",
    "DROP ALL",
    "LOAD <http://127.0.0.1:8765/secret>",
    "LOAD <file:///etc/passwd> INTO GRAPH <x:g>",
    "INSERT DATA { <x:a> <x:b> <x:c> }",
    "DELETE WHERE { ?s ?p ?o }",
    "DELETE { ?s ?p ?o } INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
    "CREATE GRAPH <x:g>",
    "COPY DEFAULT TO <x:g>",
    "MOVE <x:g> TO DEFAULT",
    "ADD <x:g> TO <x:h>",
    "WITH <x:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
]
CALLS = [
    f"SELECT * {{ SERVICE <http://127.0.0.1:22/> {{ {ALL} }} }}",
    f"SELECT * {{ SERVICE SILENT <http://169.254.169.254/latest/> {{ {ALL} }} }}",
    f"SELECT * {{ service<http://localhost/>{{ {ALL} }} }}",
    f"SELECT * {{ VALUES ?u {{ <http://localhost/> }} SERVICE ?u {{ {ALL} }} }}",
    f"SELECT * {{ SERVICE kg:x {{ {ALL} }} }}",
    f"SELECT * {{ # nothing\n SERVICE # <x:y>\n <file:///etc/passwd> {{ {ALL} }} }}",
    f"SELECT * {{ {{ SELECT * {{ SERVICE <http://[::1]/> {{ {ALL} }} }} }} }}",
    f"ASK {{ FILTER EXISTS {{ SERVICE <http://localhost/> {{ {ALL} }} }} }}",
    f"CONSTRUCT {{ {ALL} }} WHERE {{ SERVICE <http://localhost/> {{ {ALL} }} }}",
]
BOMBS = [
    f"SELECT (COUNT(*) AS ?n) {{ {JOIN} }}",
    f"SELECT * {{ {JOIN} FILTER(STR(?a) = STR(?l) && STR(?d) = STR(?k)) }}",
    f"SELECT DISTINCT ?a ?d ?g ?j {{ {JOIN} }} ORDER BY ?a ?j",
    f"ASK {{ {JOIN} FILTER(CONCAT(STR(?a), STR(?d)) = 'x') }}",
    f"SELECT (GROUP_CONCAT(STR(?a)) AS ?x) {{ {JOIN} }}",
    "SELECT (COUNT(*) AS ?n) { ?a (!<x:y>|^!<x:y>)* ?b . ?c (!<x:y>|^!<x:y>)* ?d . ?e (!<x:y>)* ?f }",
    f"SELECT (COUNT(*) AS ?n) {{ {JOIN} FILTER REGEX(CONCAT(STR(?a), STR(?d), STR(?g), STR(?j)), '(a+)+(b+)+$') }}",
    f"CONSTRUCT {{ ?a ?k ?l }} WHERE {{ {JOIN} FILTER(CONCAT(STR(?a), STR(?l)) = 'x') }}",
]
MALFORMED = [
    "",
    " ",
    "SELECT",
    "SELECT * WHERE { ?s ?p",
    "SELECT * { ?s ?p ?o } ; DROP ALL",
    "SELECT * { ?s ?p ?o } } UNION {",
    "SELECT * { <not an iri> ?p ?o }",
    "PREFIX kg: <unclosed SELECT * {}",
    "SELECT ?x { BIND(1 AS ?x) BIND(2 AS ?x) }",
    "\x00",
    "SELECT * { ?s ?p 'a\nb' }",
    "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
    '{"query": "query { a }"}',
    "' OR 1=1 --",
    "{{7*7}} ${7*7} <script>alert(1)</script>",
    "谁投资了云帆科技？",
    "SELECT * { ?s ?p ?o } LIMIT -1",
    "SELECT * { ?s ?p ?o } LIMIT 99999999999999999999999999",
    "DESCRIBE <javascript:alert(1)",
]
INJECTED = [
    "x:y> ?p ?o } ; CLEAR ALL #",
    "x:y> } UNION { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } } #",
    "'; DROP TABLE entities; --",
    "../../../../etc/passwd",
    "file:///etc/passwd",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "云帆科技> } #",
    "x:y\r\nSet-Cookie: a=b",
    "x:" + "a" * 9000,
]
REGEXES = ["(x+x+)+y", "(.*)*z", "^(([a-z])+.)+[A-Z]([a-z])+$"]
# Name, request, the statuses that refuse it.
TABLE: list[tuple[str, dict[str, Any], set[int]]] = [
    *((f"update by form: {u}", {"method": "POST", "data": {"update": u}}, {403}) for u in UPDATES),
    *((f"update by body: {u}", posted(u, UPDATE), {403}) for u in UPDATES),
    *((f"update as query: {u}", got(u), {400, 403}) for u in UPDATES),
    *((f"update by GET: {u}", {"params": {"update": u}}, {403}) for u in UPDATES[:3]),
    ("update beside query", {"method": "POST", "data": {"query": "ASK {}", "update": "CLEAR ALL"}}, {403}),
    *((f"call: {c}", got(c), {403}) for c in CALLS),
    *((f"call by body: {c}", posted(c, QUERY), {403}) for c in CALLS[:3]),
    *((f"bomb: {b}", got(b), {503, 422}) for b in BOMBS),
    *((f"malformed: {m!r}", got(m), {400, 403}) for m in MALFORMED),
    *((f"malformed by body: {m!r}", posted(m, QUERY), {400, 403}) for m in MALFORMED[1:]),
    ("empty body", posted(b"", QUERY), {400}),
    ("empty form", posted(b"", FORM), {400}),
    ("two queries", {"params": [("query", "ASK {}"), ("query", "ASK {}")]}, {400}),
    ("two queries by form", posted("query=ASK%7B%7D&query=ASK%7B%7D", FORM), {400}),
    ("query in body and address", posted("ASK {}", QUERY, params={"query": "ASK {}"}), {400}),
    ("query in form and address", posted("query=ASK%7B%7D", FORM, params={"query": "ASK {}"}), {400}),
    ("update in the address of a form", posted("query=ASK%7B%7D", FORM, params={"update": "CLEAR ALL"}), {400, 403}),
    (
        "update with a token, where none is taken",
        posted("CLEAR ALL", {**UPDATE, "authorization": "Bearer abcdefghijklmnopqrst"}),
        {403},
    ),
    ("update by a changed method", posted("update=CLEAR%20ALL", {**FORM, "x-http-method-override": "PATCH"}), {403}),
    ("update under another case", posted("CLEAR ALL", {"content-type": "APPLICATION/SPARQL-UPDATE"}), {403}),
    ("no query but a graph", {"params": {"default-graph-uri": "x:y"}}, {400}),
    ("relative graph", {"params": {"query": "ASK {}", "default-graph-uri": "no iri"}}, {400}),
    ("graph that breaks out", {"params": {"query": "ASK {}", "named-graph-uri": "x:y> } CLEAR ALL #"}}, {400}),
    ("half a surrogate", posted(b"query=ASK%7B%20%3Fs%20%3Fp%20%22%ED%A0%80%22%7D", FORM), {400}),
    ("no UTF-8 in the address", {"url": "/sparql?query=%ff%fe"}, {400}),
    ("no UTF-8 in the body", posted(b"ASK { ?s ?p '\xff\xfe' }", QUERY), {400}),
    ("UTF-16", posted("ASK {}".encode("utf-16"), {"content-type": "application/sparql-query; charset=utf-16"}), {415}),
    ("compressed", posted(b"\x1f\x8b\x08\x00", {**QUERY, "content-encoding": "gzip"}), {415}),
    ("JSON", posted('{"query": "ASK {}"}', {"content-type": "application/json"}), {415}),
    ("XML", posted("<a/>", {"content-type": "application/xml"}), {415}),
    ("multipart", {"method": "POST", "files": {"query": b"ASK {}"}}, {415}),
    ("no type", posted("ASK {}", {}), {415}),
    ("text", posted("ASK {}", {"content-type": "text/plain"}), {415}),
    ("large body", posted(b"#" + b"a" * 500_000, QUERY), {413}),
    ("large body in chunks", {"method": "POST", "content": iter([b"a" * 9000] * 50), "headers": QUERY}, {413}),
    ("large query by form", posted(b"query=" + b"a" * 30_000, FORM), {413}),
    ("large query by GET", got("a" * 30_000), {413}),
    ("many parameters", {"url": "/sparql?" + "&".join(f"a{i}=1" for i in range(5000))}, {400}),
    ("large result", got("SELECT ?s ?o ('" + "x" * 9000 + "' AS ?x) { ?s ?p ?o } LIMIT 100"), {422}),
    ("many triples", got("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"), {422}),
    ("deep groups", got("ASK " + "{" * 5000 + "}" * 5000), {400, 503}),
    ("deep brackets", got("SELECT (" + "(" * 9000 + "1" + ")" * 9000 + " AS ?x) {}"), {400, 503}),
    ("deep negations", got("ASK { FILTER(" + "!" * 15000 + "true) }"), {200, 400, 503}),
    ("PUT", {"method": "PUT", "content": b""}, {405}),
    ("DELETE", {"method": "DELETE"}, {405}),
    ("PATCH", {"method": "PATCH"}, {405}),
    ("TRACE", {"method": "TRACE"}, {405}),
    ("unknown verb", {"method": "BREW"}, {400, 405}),
    ("cross-site page", got("ASK {}", headers={"sec-fetch-site": "cross-site"}), {403}),
    (
        "cross-site form",
        {"method": "POST", "data": {"query": "ASK {}"}, "headers": {"origin": "http://evil.example"}},
        {403},
    ),
    ("opaque origin", got("ASK {}", headers={"origin": "null"}), {403}),
    ("rebound name", got("ASK {}", headers={"host": "evil.example"}), {400}),
    ("rebound name with our port", got("ASK {}", headers={"host": "127.0.0.1.evil.example:8765"}), {400}),
    ("name as user", got("ASK {}", headers={"host": "127.0.0.1@evil.example"}), {400}),
    ("no name", got("ASK {}", headers={"host": ""}), {400}),
    ("nothing accepted", got("ASK {}", headers={"accept": "application/x-php"}), {406}),
    ("odd accept", got("ASK {}", headers={"accept": ";q=;;,/,q=1;q=2," * 500}), {406}),
    *(
        (f"path {p}", {"url": p}, {404, 400})
        for p in (
            "/../../etc/passwd",
            "/%2e%2e/%2e%2e/etc/passwd",
            "/sparql/../../kg-store",
            "/sparql%00",
            "/sparql/..%2f..%2fetc/passwd",
            "/oxigraph/CURRENT",
            "//evil.example/",
            "/static/../../pyproject.toml",
            "/static/..%2f..%2f..%2fpyproject.toml",
            "/.git/config",
            "/static/%2e%2e/serve.css",
            "/static/....//serve.css",
            "/static/serve.css%00.js",
            "/static/C:%5Cwindows%5Cwin.ini",
            "/sparql;/../graphs",
            "/graphs/../../etc/passwd",
        )
    ),
    *((f"entity {n}", {"url": "/entity", "params": {"iri": n}}, {404}) for n in INJECTED),
    *((f"document {n}", {"url": "/document", "params": {"iri": n}}, {404}) for n in INJECTED),
    *((f"drawing {n}", {"url": "/graph", "params": {"iri": n}}, {404}) for n in INJECTED),
    *((f"analysis {n}", {"url": "/analyses", "params": {"name": n}}, {404}) for n in INJECTED),
    *((f"graph {n}", {"url": "/graphs", "params": {"graph": n}}, {400, 404}) for n in INJECTED),
    ("graph by PUT", {"url": "/graphs?default", "method": "PUT", "content": b"<x:a> <x:b> <x:c> ."}, {405}),
    ("graph by POST", {"url": "/graphs?default", "method": "POST", "content": b"<x:a> <x:b> <x:c> ."}, {405}),
    ("graph by DELETE", {"url": "/graphs?default", "method": "DELETE"}, {405}),
    ("two graphs", {"url": "/graphs?graph=x:a&graph=x:b"}, {400}),
    ("graph and default", {"url": "/graphs?graph=x:a&default"}, {400}),
    ("cross-site graph", {"url": "/graphs?default", "headers": {"sec-fetch-site": "cross-site"}}, {403}),
    *(
        (f"regex {r}", got(f"SELECT ?a {{ {JOIN} FILTER REGEX(CONCAT(STR(?a), STR(?l)), '{r}') }}"), {503, 422, 400})
        for r in REGEXES
    ),
]


def tried(server: str, request: dict[str, Any]) -> httpx.Response:
    given = {"method": "GET", **request}
    url = given.pop("url", "/sparql")
    with httpx.Client(timeout=30) as client:
        return client.request(url=f"{server}{url}", **given)


@pytest.mark.parametrize(("request_", "statuses"), [pytest.param(r, s, id=n[:60]) for n, r, s in TABLE])
def test_hostile_requests_are_refused(server: str, request_: dict[str, Any], statuses: set[int]) -> None:
    reply = tried(server, request_)
    assert reply.status_code in statuses, reply.text[:300]
    assert "Traceback" not in reply.text
    assert reply.status_code == 200 or reply.headers["content-type"].startswith("text/plain")
    assert tried(server, got("ASK { ?c a kg:Claim }")).json() == {"head": {}, "boolean": True}


@pytest.mark.parametrize(
    "words", [*INJECTED, f"谁投资了{INJECTED[0]}？", f"Who leads {INJECTED[1]}?", f"What does {INJECTED[5]} develop?"]
)
@pytest.mark.parametrize(
    "page", ["/ask?question=", "/?q=", "/complete?q=", "/console?query=", "/analyses?name=dependents&of="]
)
def test_names_and_questions_stay_words(server: str, page: str, words: str) -> None:
    path, _, given = page.partition("?")
    reply = tried(server, {"url": path, "params": {n: v or words for n, v in parse_qsl(given, keep_blank_values=True)}})
    assert reply.status_code == 200
    assert "<script>alert" not in reply.text or reply.headers["content-type"] == "application/json"
    assert "}}49" not in reply.text
    assert "set-cookie" not in reply.headers
    assert tried(server, got("ASK { ?c a kg:Claim }")).json() == {"head": {}, "boolean": True}


def test_the_table_is_long() -> None:
    assert len(TABLE) >= 180


def spoken(server: str, *parts: bytes, pause: float = 0) -> bytes:
    """What the server says to raw bytes, sent with pauses between."""
    host, port = server.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        said = b""
        # A server that closes before it has read all resets the connection, while parts are sent or later; what it said can still be read.
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            for part in parts:
                connection.sendall(part)
                time.sleep(pause)
        with contextlib.suppress(ConnectionResetError):
            while chunk := connection.recv(65536):
                said += chunk
        return said


HOST = b"Host: 127.0.0.1\r\nConnection: close\r\n"
HEAD = b"POST /sparql HTTP/1.1\r\n" + HOST + b"Content-Type: application/sparql-query\r\n"


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/9.9\r\n\r\n", b"400"),
        (HEAD + b"Content-Length: -1\r\n\r\n", b"400"),
        (HEAD + b"Content-Length: 6\r\nContent-Length: 7\r\n\r\nASK {}", b"400"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", b"400"),
        (HEAD + b"Transfer-Encoding: chunked, gzip\r\n\r\n", b"400"),
        (b"GET /sparql?query=" + b"a" * 200_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", b"400"),
        (HEAD + b"X-A: " + b"a" * 100_000 + b"\r\n\r\n", b"400"),
        (HEAD + b"X-A: a\r\n b\x00\r\n\r\n", b"400"),
        (b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\n" + HOST + b"Host: evil\r\n\r\n", b"400"),
        (b"GET /sparql?query=\xe8\xb0\x81 HTTP/1.1\r\n" + HOST + b"\r\n", b"400"),
    ],
)
def test_malformed_http_is_refused(server: str, raw: bytes, status: bytes) -> None:
    said = spoken(server, raw)
    assert said.split(b" ")[1] == status if said else len(raw) > 64 << 10


def test_a_client_that_sends_slowly_is_told_so_and_holds_nobody_up(server: str) -> None:
    said = spoken(server, HEAD + b"Content-Length: 600\r\n\r\n", b"A", b"S", b"K", pause=0.5)
    assert said.split(b" ")[1] == b"408"
    assert tried(server, got("ASK {}")).status_code == 200


def test_header_tricks_do_not_enter_responses(server: str) -> None:
    reply = tried(server, got("ASK {}", headers={"accept": "text/csv", "x-forwarded-host": "evil.example"}))
    assert "evil" not in str(reply.headers)
    described = httpx.get(f"{server}/sparql", headers={"x-forwarded-host": "evil.example", "accept": "text/turtle"})
    assert "evil" not in described.text


@pytest.mark.parametrize(
    ("host", "allowed"),
    [("127.0.0.1", False), ("localhost", False), ("::1", False), ("0.0.0.0", True), ("192.0.2.1", True)],
)
def test_only_a_server_beyond_loopback_answers_to_any_name(host: str, allowed: bool) -> None:
    assert ("*" in hosts_of(host)) is allowed
    assert hosts_of("0.0.0.0", ["graph.example"]) == ["graph.example"]
