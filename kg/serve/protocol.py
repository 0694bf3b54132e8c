"""The SPARQL 1.1 Protocol: a request becomes a job, an answer a response; updates where they are allowed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import ClientDisconnect
from starlette.responses import RedirectResponse, Response

from kg.serve.description import description
from kg.serve.forms import GRAPHS, ROWS, chosen
from kg.serve.limits import Limits, RequestError
from kg.serve.worker import Answer, Job

if TYPE_CHECKING:
    from starlette.requests import Request

    from kg.serve.desk import Analysed, Asked, Drawn
    from kg.serve.pool import Pool
    from kg.serve.updates import Updates

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
_FORM, _DIRECT, _UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
_READ_ONLY = "updates are refused: this endpoint only reads; documents come in with `kg build`"
_SOON = 0.05
"""Seconds after which it is watched whether the client is still there."""
_FIELDS = 100
"""Parameters that a request may have."""


async def sparql(request: Request) -> Response:
    """The endpoint `/sparql`."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": ", ".join(METHODS)})
    limits: Limits = request.app.state.limits
    same_site(request)
    given = await _given(request, limits)
    if not given:
        return _described(request)
    endpoint = str(request.url.replace(query="", fragment=""))
    if any(name == "update" for name, _ in given):
        await _updates(request).run(_update(given, limits), endpoint)
        return Response(status_code=204)
    job = _job(given, request.headers.get("accept"), limits, endpoint)
    answer = await while_there(request, request.app.state.pool, job)
    return Response(answer.body, answer.status, media_type=answer.media_type, headers={"Vary": "Accept"})


async def while_there(request: Request, pool: Pool, job: Job | Asked | Analysed | Drawn) -> Answer:
    """The answer of `pool`; a query whose client hangs up is stopped."""
    asked = asyncio.current_task()
    assert asked is not None
    # Most answers are there before it is worth to look after the client.
    timer = asyncio.get_running_loop().call_later(_SOON, lambda: watching.append(_watching(request, asked)))
    watching: list[asyncio.Task[None]] = []
    try:
        return await pool.answer(job)
    except asyncio.CancelledError:
        if any(task.done() for task in watching):
            asked.uncancel()
            raise RequestError(499, "the client has gone") from None
        raise
    finally:
        timer.cancel()
        for task in watching:
            task.cancel()


def _watching(request: Request, asked: asyncio.Task[Any]) -> asyncio.Task[None]:
    """What cancels `asked` when the client hangs up."""

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        asked.cancel()

    return asyncio.create_task(watch())


def same_site(request: Request) -> None:
    """A page of another site may not make its reader's browser ask."""
    origin, host = request.headers.get("origin"), request.headers.get("host", "")
    if request.headers.get("sec-fetch-site") == "cross-site" or (origin and urlsplit(origin).netloc != host):
        raise RequestError(403, "requests from pages of other sites are refused")


async def _given(request: Request, limits: Limits) -> list[tuple[str, str]]:
    """Parameters of the request, the body of a POST among them, as the protocol's three ways of asking define it."""
    fields = parsed(request.scope["query_string"])
    if request.method != "POST":
        if any(name == "update" for name, _ in fields):
            raise RequestError(403, _READ_ONLY if request.app.state.updates is None else "an update is sent by POST")
        return fields
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    kind = kind.strip().lower()
    if kind == _UPDATE:
        _updates(request)
    if kind not in (_FORM, _DIRECT, _UPDATE):
        raise RequestError(415, f"a query is sent as {_FORM} or {_DIRECT}, not as {kind or 'nothing'}")
    if "charset=" in parameters.lower() and "utf-8" not in parameters.lower():
        raise RequestError(415, "a query is sent in UTF-8")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise RequestError(415, "a query is sent without compression")
    body = await _body(request, limits)
    if any(name in ("query", "update") for name, _ in fields):
        raise RequestError(400, "the query stands in the body, not in the address too")
    found = parsed(body) if kind == _FORM else [("update" if kind == _UPDATE else "query", _decoded(body))]
    if any(name == "update" for name, _ in found):
        _updates(request)
    if not found:
        raise RequestError(400, "there is no query in the body")
    return [*fields, *found]


def _updates(request: Request) -> Updates:
    """What runs updates, where they are allowed and the client may."""
    updates: Updates | None = request.app.state.updates
    if updates is None:
        raise RequestError(403, _READ_ONLY)
    updates.check(request)
    return updates


def parsed(raw: bytes) -> list[tuple[str, str]]:
    """Names and values of percent-encoded parameters."""
    try:
        return parse_qsl(
            raw.decode("ascii"), keep_blank_values=True, strict_parsing=False, errors="strict", max_num_fields=_FIELDS
        )
    except UnicodeError as error:
        raise RequestError(400, "the parameters are not percent-encoded UTF-8") from error
    except ValueError as error:
        raise RequestError(400, f"more than {_FIELDS} parameters") from error


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RequestError(400, f"the query is not UTF-8: byte {error.start + 1}") from error


async def _body(request: Request, limits: Limits) -> bytes:
    # A form writes most characters in three; its query is measured again.
    most = 3 * limits.query_bytes
    chunks, size = [], 0
    try:
        async with asyncio.timeout(limits.body_seconds):
            async for chunk in request.stream():
                size += len(chunk)
                if size > most:
                    raise RequestError(413, f"the request has more than {most:,} bytes")
                chunks.append(chunk)
    except ClientDisconnect as error:
        raise RequestError(400, "the request ended early") from error
    except TimeoutError as error:
        raise RequestError(408, "the request did not arrive in time") from error
    return b"".join(chunks)


def _only(name: str, given: list[tuple[str, str]], limits: Limits) -> str:
    values = [value for key, value in given if key == name]
    if len(values) != 1:
        raise RequestError(400, f"one parameter `{name}` is needed, there are {len(values)}")
    if len(values[0].encode("utf-8", "replace")) > limits.query_bytes:
        raise RequestError(413, f"the {name} has more than {limits.query_bytes:,} bytes")
    return values[0]


def _update(given: list[tuple[str, str]], limits: Limits) -> str:
    names = {name for name, _ in given}
    if "query" in names:
        raise RequestError(400, "a request holds a query or an update, not both")
    if names & {"using-graph-uri", "using-named-graph-uri"}:
        raise RequestError(400, "graphs of an update are named in it, with USING, WITH or GRAPH, not in the request")
    return _only("update", given, limits)


def _job(given: list[tuple[str, str]], accept: str | None, limits: Limits, endpoint: str) -> Job:
    query = _only("query", given, limits)
    default = tuple(value for name, value in given if name == "default-graph-uri")
    named = tuple(value for name, value in given if name == "named-graph-uri")
    rows_as, graph_as = chosen(accept, ROWS), chosen(accept, GRAPHS)
    if rows_as is None and graph_as is None:
        raise RequestError(406, f"results come as {', '.join(ROWS)}, graphs as {', '.join(GRAPHS)}")
    dataset = bool(default or named)
    return Job(
        query=query,
        rows_as=rows_as,
        graph_as=graph_as,
        default=default if dataset else None,
        named=named if dataset else None,
        base=endpoint,
    )


def _described(request: Request) -> Response:
    """The service description; a browser is shown the page to write queries on."""
    accept = request.headers.get("accept")
    if "text/html" in (accept or ""):
        return RedirectResponse("/console", status_code=303, headers={"Vary": "Accept"})
    form = chosen(accept, GRAPHS)
    if form is None:
        raise RequestError(406, f"the service description comes as {', '.join(GRAPHS)}")
    endpoint = str(request.url.replace(query="", fragment=""))
    updates = request.app.state.updates is not None
    return Response(description(endpoint, form, updates=updates), media_type=form, headers={"Vary": "Accept"})
