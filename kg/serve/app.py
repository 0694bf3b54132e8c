"""The application: routes, what every response carries, and the server that runs it."""

from __future__ import annotations

import socket
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from kg.config import BASE
from kg.errors import KgError
from kg.serve.analyses import Analyses
from kg.serve.graphs import METHODS as READING
from kg.serve.graphs import graphs
from kg.serve.limits import Limits
from kg.serve.openapi import openapi
from kg.serve.pages import Pages
from kg.serve.pool import Pool
from kg.serve.protocol import METHODS, sparql
from kg.serve.questions import Questions
from kg.serve.source import Source
from kg.serve.updates import Updates

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path

    import uvicorn
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADERS = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-cache"),
)
_CLIENTS = 1000
"""Connections at once."""


class _Headers:
    """Adds the headers of every response, where the page has not set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(h for h in _HEADERS if h[0] not in present)]
            await send(message)

        await self._app(scope, receive, sent if scope["type"] == "http" else send)


def application(
    store: Path,
    limits: Limits | None = None,
    *,
    hosts: Sequence[str] = ("*",),
    token: str | None = None,
    base: str = BASE,
) -> Starlette:
    """The ASGI application over the store at `store`. `hosts` are the names by which it may be called; `*` is any. With a token its
    owner may update the store, whose IRIs begin with `base`.

    Raises:
        KgError: if there is no store, it is damaged, or the token is none.
    """
    limits = limits or Limits()
    pages = Pages()
    pool, source = Pool(store, limits), Source(store)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            await pool.start()
            yield
        finally:
            await pool.stop()

    made = Starlette(
        routes=[
            Route("/sparql", sparql, methods=METHODS),
            Route("/sparql/", sparql, methods=METHODS),
            Route("/graphs", graphs, methods=READING),
            Route("/openapi.json", openapi),
            *pages.routes(),
            *Questions(pages).routes(),
            *Analyses(pages).routes(),
        ],
        middleware=[Middleware(_Headers), Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))],
        exception_handlers={KgError: pages.refused, HTTPException: _http, Exception: _failed},
        lifespan=lifespan,
    )
    made.state.updates = None if token is None else Updates(store, base, token, limits)
    made.state.limits, made.state.pool, made.state.source = limits, pool, source
    return made


async def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return PlainTextResponse(f"{error.detail}\n", error.status_code, headers=error.headers)


async def _failed(_: Request, __: Exception) -> Response:
    # The cause goes to the log of the server, not to the client.
    return PlainTextResponse("the server failed; its log says why\n", 500)


def hosts_of(host: str, more: Sequence[str] = ()) -> list[str]:
    """The names by which a server on the address `host` may be called. On loopback only its own names, so that no site can rebind its name to it."""
    try:
        loopback = ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    if not loopback:
        return list(more) or ["*"]
    return ["localhost", "127.0.0.1", "::1", "[::1]", host, *more]


def config_of(app: Starlette) -> uvicorn.Config:
    """How the server treats its clients."""
    import uvicorn

    from kg.serve.connection import Connection

    return uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        log_level="warning",
        limit_concurrency=_CLIENTS,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=5,
        server_header=False,
        proxy_headers=False,
    )


def run(
    store: Path,
    host: str,
    port: int,
    limits: Limits,
    *,
    allow: Sequence[str] = (),
    token: str | None = None,
    base: str = BASE,
    ready: Callable[[], None],
) -> None:
    """Serve until interrupted; `ready` is called once the address is taken. With a token its owner may update the store.

    Raises:
        KgError: if there is no store, or the address is taken.
    """
    app = application(store, limits, hosts=hosts_of(host, allow), token=token, base=base)
    listen(app, host, port, ready=ready)


def listen(app: Starlette, host: str, port: int, *, ready: Callable[[], None]) -> None:
    """Serve `app` until interrupted; `ready` is called once the address is taken.

    Raises:
        KgError: if the address is taken.
    """
    import uvicorn

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            """Running queries end first, so that nothing waits for them."""
            if pool := getattr(app.state, "pool", None):
                await pool.stop()
            await super().shutdown(sockets)

    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family)
    except OSError as error:
        why = str(error.strerror).partition(" (while")[0]
        raise KgError(f"{host}:{port}: cannot be listened on ({why}); give another address") from error
    # Connections inherit it; without it each answer waits 40 ms for the client's acknowledgement of its head.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    ready()
    # The server stops in good order on Ctrl-C, and then passes it on.
    with listening, suppress(KeyboardInterrupt):
        Server(config_of(app)).run(sockets=[listening])
