"""A server of RDF over HTTP: SPARQL 1.1 queries and updates, the Graph Store Protocol, and trying again where that helps.

Every request may be sent twice: graphs are replaced whole, or get triples without blank nodes, of which a second copy is no other.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

import httpx

from kg.errors import QueryError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from kg.store.address import Address

_TRIES = 6
_AGAIN = (429, 502, 503, 504)
_SOLUTIONS, _TRIPLES = "application/sparql-results+json", "application/n-triples"


class _Login(httpx.Auth):
    """Digest or Basic, as the server asks; the password goes to nobody who has not asked for it."""

    def __init__(self, user: str, password: str) -> None:
        self._digest, self._basic, self._plain = (
            httpx.DigestAuth(user, password),
            httpx.BasicAuth(user, password),
            False,
        )

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._plain:
            yield from self._basic.auth_flow(request)
            return
        flow = self._digest.auth_flow(request)
        response = yield next(flow)
        asked = response.headers.get("www-authenticate", "").lower()
        if response.status_code == 401 and "digest" in asked:
            try:
                yield flow.send(response)
            except StopIteration:
                return
        elif response.status_code == 401 and "basic" in asked:
            self._plain = True
            yield from self._basic.auth_flow(request)


class _Bearer(httpx.Auth):
    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


class Endpoint:
    """Speaks with the server at an address, with the credentials of the environment; `wait` is given seconds between tries.

    Raises:
        StoreError: if it cannot be reached, refuses, or is no such server.
    """

    def __init__(self, address: Address, *, wait: Callable[[float], None] = time.sleep) -> None:
        self.address, self._wait = address, wait
        get = os.environ.get
        auth: httpx.Auth | None = None
        if token := get("KG_STORE_TOKEN"):
            auth = _Bearer(token)
        elif user := get("KG_STORE_USER"):
            auth = _Login(user, get("KG_STORE_PASSWORD", ""))
        local = httpx.URL(address.query).host in ("localhost", "127.0.0.1", "::1")
        self._client = httpx.Client(
            auth=auth, timeout=httpx.Timeout(300, connect=10), follow_redirects=False, trust_env=not local
        )

    def close(self) -> None:
        self._client.close()

    def solutions(self, query: str, default: Sequence[str] = ()) -> bytes:
        """The answer to SELECT or ASK as SPARQL 1.1 JSON; `default` are the graphs to ask, all where there are none."""
        return self._query(query, default, _SOLUTIONS)

    def triples(self, query: str, default: Sequence[str] = ()) -> bytes:
        """The answer to CONSTRUCT or DESCRIBE as N-Triples."""
        return self._query(query, default, _TRIPLES)

    def update(self, text: str) -> None:
        """Do an update."""
        kind = {"Content-Type": "application/sparql-update"}
        self._send("POST", self.address.update, content=text.encode(), headers=kind)

    def put(self, graph: str, triples: bytes, *, more: bool = False) -> None:
        """Make N-Triples the content of a graph, or with `more` add them to it."""
        kind = {"Content-Type": _TRIPLES}
        self._send("POST" if more else "PUT", self._of(graph), content=triples, headers=kind)

    def get(self, graph: str) -> bytes:
        """The content of a graph as N-Triples; nothing where there is none."""
        if not self.address.data:
            return self.triples(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
        found = self._send("GET", self._of(graph), headers={"Accept": _TRIPLES}, missing=True)
        return b"" if found.status_code == 404 else found.content

    def _of(self, graph: str) -> str:
        # Virtuoso has a name of its own for the parameter.
        name = "graph-uri" if self.address.prints_six_digits else "graph"
        return str(httpx.URL(self.address.data, params={name: graph}))

    def _query(self, query: str, default: Sequence[str], kind: str) -> bytes:
        form = {"query": query, "default-graph-uri": list(default), "named-graph-uri": list(default)}
        found = self._send("POST", self.address.query, data=form, headers={"Accept": kind})
        got = found.headers.get("content-type", "")
        if not got.startswith((kind, "application/json" if kind == _SOLUTIONS else "text/plain")):
            raise StoreError(
                f"{self.address.query}: no SPARQL endpoint answers here (it sent {got or 'nothing'!r}); give that of queries with --store"
            )
        return found.content

    def _send(self, method: str, url: str, *, missing: bool = False, **request: Any) -> httpx.Response:
        for attempt in range(_TRIES):
            last = attempt == _TRIES - 1
            try:
                found = self._client.request(method, url, **request)
            except httpx.TransportError as error:
                if last or isinstance(error, httpx.UnsupportedProtocol):
                    raise _unreachable(url, error) from None
            except (httpx.InvalidURL, httpx.DecodingError) as error:
                raise StoreError(f"{_plain(url)}: this is no address of a SPARQL endpoint ({error})") from None
            else:
                if found.is_success or (missing and found.status_code == 404):
                    return found
                if last or found.status_code not in _AGAIN:
                    raise _refused(url, found)
            self._wait(0.25 * 2**attempt)
        raise AssertionError("the last try returns or raises")


def _plain(url: str) -> str:
    return url.partition("?")[0]


def _unreachable(url: str, error: httpx.TransportError) -> StoreError:
    late = isinstance(error, httpx.TimeoutException)
    why = "does not answer in time" if late else f"cannot be reached ({str(error) or type(error).__name__})"
    return StoreError(f"{_plain(url)}: the store {why}, tried {_TRIES} times; see that it runs, and run again")


def _refused(url: str, found: httpx.Response) -> StoreError | QueryError:
    code, where = found.status_code, _plain(url)
    said = " ".join(found.text.split())[:200]
    if code == 401:
        return StoreError(
            f"{where}: the store wants a login (401); set KG_STORE_USER and KG_STORE_PASSWORD, or KG_STORE_TOKEN"
        )
    if code == 403:
        return StoreError(f"{where}: the store forbids it (403); give the user of KG_STORE_USER the right to write")
    if found.is_redirect:
        return StoreError(f"{where}: no SPARQL endpoint here, it leads elsewhere ({code}); give the final address")
    if code in (404, 405):
        return StoreError(
            f"{where}: no SPARQL endpoint here ({code}); check --store, or set KG_STORE_UPDATE and KG_STORE_DATA"
        )
    if code == 400:
        return QueryError(f"{where}: the store does not take the request: {said}")
    return StoreError(f"{where}: the store failed ({code}): {said}")
