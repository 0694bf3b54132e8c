"""The SPARQL 1.1 Graph Store HTTP Protocol, its reading half: a whole graph at `/graphs?default` or `/graphs?graph=IRI`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from kg.serve.forms import GRAPHS, ROWS, chosen
from kg.serve.limits import RequestError
from kg.serve.protocol import parsed, same_site, while_there
from kg.serve.worker import Job

if TYPE_CHECKING:
    from starlette.requests import Request

METHODS = ("GET", "HEAD", "OPTIONS")
_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_ANY = "ASK { ?s ?p ?o }"


async def graphs(request: Request) -> Response:
    """One graph in a form that the client accepts; 404 where the store has none of that name."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": ", ".join(METHODS)})
    same_site(request)
    named = _named(parsed(request.scope["query_string"]))
    form = chosen(request.headers.get("accept"), GRAPHS)
    if form is None:
        raise RequestError(406, f"graphs come as {', '.join(GRAPHS)}")
    pool = request.app.state.pool
    if named is not None:
        asked = Job(query=_ANY, rows_as=next(iter(ROWS)), graph_as=None, default=(named,), named=())
        answer = await while_there(request, pool, asked)
        if answer.status != 200:
            return Response(answer.body, answer.status, media_type=answer.media_type)
        if b"false" in answer.body:
            raise RequestError(404, "the store has no graph of this name")
    default = None if named is None else (named,)
    wanted = Job(query=_ALL, rows_as=None, graph_as=form, default=default, named=None if named is None else ())
    answer = await while_there(request, pool, wanted)
    return Response(answer.body, answer.status, media_type=answer.media_type, headers={"Vary": "Accept"})


def _named(given: list[tuple[str, str]]) -> str | None:
    """The IRI of the graph that is asked for; None for the default graph."""
    if len(given) == 1:
        name, value = given[0]
        if name == "graph" and value:
            return value
        if name == "default" and not value:
            return None
    raise RequestError(400, "a graph is asked for with ?default or with ?graph= and its IRI")
