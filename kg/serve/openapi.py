"""What the HTTP interface takes and gives, as an OpenAPI 3.1 description: a row for each operation, beside the routes of the application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse

from kg import __version__
from kg.serve.forms import GRAPHS, ROWS

if TYPE_CHECKING:
    from starlette.requests import Request

_TEXT: dict[str, Any] = {"type": "string"}
_SPARQL = {"type": "string", "format": "sparql", "minLength": 1}
_IRI = {"type": "string", "format": "absolute-iri", "minLength": 1, "description": "An absolute IRI"}
_IRIS = {"type": "array", "items": _IRI}
_NOT_DONE = {
    204: "done; there is nothing to say",
    303: "a browser that sends no query is led to the console",
    400: "the query or the request is malformed; the text says where",
    401: "an update without the right token",
    403: "an update where none is taken, SERVICE or LOAD, or a request from a page of another site",
    404: "the store has nothing of this name",
    405: "another method",
    406: "no form that the client accepts",
    408: "the request came too slowly",
    413: "the request is too large",
    415: "another kind of body",
    422: "the result is over a limit",
    503: "the query was stopped, or too many wait",
}
_HITS = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["name", "label", "type", "link"],
        "properties": dict.fromkeys(("name", "label", "type", "link"), _TEXT),
        "additionalProperties": False,
    },
}
_ANSWERS: dict[str, Any] = {kind: {} for kind in dict.fromkeys((*ROWS, *GRAPHS))}
_ASKED = {"query": _SPARQL, "default-graph-uri": _IRIS, "named-graph-uri": _IRIS}
_FORM = {"type": "object", "required": ["query"], "properties": _ASKED}
_LANG = {"lang": {"type": "string", "description": "en or zh; else as the browser prefers"}}


def _query(name: str, schema: dict[str, Any], *, required: bool = False) -> dict[str, Any]:
    empty = {"allowEmptyValue": True} if schema.get("const") == "" else {}
    return {"name": name, "in": "query", "required": required, "schema": schema, **empty}


def _operation(
    summary: str, content: dict[str, Any], *statuses: int, required: str = "", body: Any = None, **given: Any
) -> dict[str, Any]:
    """An operation with its parameters, of which one may be required, and the statuses other than 200 that it answers with."""
    responses: dict[str, Any] = {"200": {"description": "found", "content": content}}
    for status in sorted({400, *statuses}):
        responses[str(status)] = {"description": _NOT_DONE[status], "content": {"text/plain": {"schema": _TEXT}}}
    parameters = [_query(n.replace("_", "-"), s, required=n == required) for n, s in given.items()]
    made = {"summary": summary, "parameters": parameters, "responses": responses}
    return made | ({"requestBody": {"required": True, "content": body}} if body else {})


def _page(summary: str, *statuses: int, required: str = "", **given: Any) -> dict[str, Any]:
    html = {"text/html": {"schema": _TEXT}}
    made = _operation(summary, html, *statuses, required=required, **given, **_LANG)
    if 404 in statuses:  # in plain text to programs, as a page to browsers
        made["responses"]["404"]["content"] |= html
    return made


def description() -> dict[str, Any]:
    """The description; the server whose it is stands in no part of it."""
    graphs: dict[str, Any] = {kind: {} for kind in GRAPHS}
    asked: dict[str, Any] = {"query": _SPARQL, "default_graph_uri": _IRIS, "named_graph_uri": _IRIS}
    refusals = (403, 406, 413, 422, 503)
    get: dict[str, dict[str, Any]] = {
        "/sparql": _operation(
            "Run a SPARQL query; without one, the service description", _ANSWERS, 303, *refusals, **asked
        ),
        "/graphs": _operation("A whole graph: of the name `graph`, or all as one", graphs, 404, *refusals, graph=_IRI)
        | {"parameters": [_query("graph", _IRI, required=True)]},
        "/": _page("Search, and all entities by type", q=_TEXT),
        "/complete": _operation("Names that fit what was typed", {"application/json": {"schema": _HITS}}, q=_TEXT),
        "/entity": _page("An entity: names, facts, figures, documents", 404, required="iri", iri=_IRI),
        "/document": _page("A document: the passages that state something", 404, required="iri", iri=_IRI),
        "/documents": _page("All documents"),
        "/ask": _page("A question in plain words, answered", question=_TEXT),
        "/analyses": _page("The analyses, or the rows of one", 404, name=_TEXT, of=_TEXT),
        "/graph": _page("The graph to move in, of all or around an entity", 404, iri=_TEXT),
        "/console": _page("A query and its result as a table", 413, query=_TEXT, name=_TEXT),
        "/openapi.json": _operation("This description", {"application/json": {"schema": {"type": "object"}}}),
    }
    static = _operation("Style and script of the pages", {"text/css": {}, "text/javascript": {}}, 404)
    static["parameters"] = [{"name": "name", "in": "path", "required": True, "schema": _TEXT}]
    post = _operation(
        "Run a SPARQL query, or an update where they are allowed",
        _ANSWERS,
        *(204, 401, 408, 415, *refusals),
        body={"application/x-www-form-urlencoded": {"schema": _FORM}, "application/sparql-query": {"schema": _SPARQL}},
    )
    paths: dict[str, Any] = {path: {"get": operation, "head": operation} for path, operation in get.items()}
    paths["/static/{name}"] = {"get": static, "head": static}
    paths["/sparql"]["post"] = post
    return {
        "openapi": "3.1.0",
        "info": {"title": "kg", "version": __version__, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "paths": paths,
    }


def openapi(_: Request) -> JSONResponse:
    """The description at `/openapi.json`."""
    return JSONResponse(description())
