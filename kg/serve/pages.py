"""Pages for people, made on the server: search, an entity, a document, a console. They work without script."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from kg.markup import straight
from kg.query import named_queries, text_of
from kg.report.figures import figure
from kg.report.picture import DARK
from kg.report.words import Words
from kg.serve.limits import Limits, RequestError
from kg.serve.names import Named, Names
from kg.serve.passages import passages, statements
from kg.serve.surroundings import Surroundings, moments, surroundings
from kg.serve.worker import Job
from kg.store.terms import PREFIXES
from kg.view.page import json_block
from kg.view.palette import LOOKS
from kg.vocabulary import PREDICATES, TYPES

if TYPE_CHECKING:
    from starlette.requests import Request

    from kg.store.graph import Fact, View

TEMPLATE = Path(__file__).parent / "template"
LANGUAGES = ("en", "zh")
_POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
_FILES = {"serve.css": "text/css", "serve.js": "text/javascript", "editor.js": "text/javascript"}
_HITS, _COMPLETIONS, _SHOWN, _FACTS, _PICTURES = 50, 10, 1000, 2000, 500
_THINGS = ("/entity", "/document", "/graph")
"""Pages of one thing, which may not be there."""
_MORE = {503: {"Retry-After": "5"}, 401: {"WWW-Authenticate": 'Bearer realm="kg"'}}
"""Headers of some refusals."""
DOCUMENTS = "SELECT DISTINCT ?id ?d WHERE { ?d a kg:Document ; dcterms:identifier ?id }"
_ORDER = {kind: at for at, kind in enumerate(LOOKS)}
_DOCUMENT = "SELECT DISTINCT ?title ?id ?date ?lang ?d WHERE { ?d a kg:Document ; dcterms:identifier ?id ; dcterms:title ?title . OPTIONAL { ?d dcterms:date ?date } OPTIONAL { ?d dcterms:language ?lang } } ORDER BY ?id ?title"
_IN = "SELECT DISTINCT ?title ?id ?d ?e WHERE { ?m kg:refersTo ?e ; oa:hasSource ?d . ?d dcterms:identifier ?id ; dcterms:title ?title } ORDER BY ?id LIMIT 200"
_ALSO = "SELECT DISTINCT ?n ?e WHERE { ?e skos:altLabel|skos:prefLabel ?n } ORDER BY ?n LIMIT 60"


class Pages:
    """What the pages share: templates, words of both languages, the names of the store as it is now."""

    def __init__(self) -> None:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined

        self._frame = Environment(
            loader=FileSystemLoader(TEMPLATE), autoescape=True, undefined=StrictUndefined, finalize=_shown
        )
        self._words = json.loads((TEMPLATE / "words.json").read_text("utf-8"))
        self._terms = {lang: Words(lang) for lang in LANGUAGES}
        self._names: tuple[View, Names] | None = None
        self._drawn: dict[tuple[str, str], Surroundings | None] = {}

    def routes(self) -> list[Route]:
        return [
            Route("/", self.home),
            Route("/complete", self.complete),
            Route("/entity", self.entity),
            Route("/document", self.document),
            Route("/documents", self.documents),
            Route("/console", self.console),
            Route("/static/{name}", static),
        ]

    def names(self, view: View) -> Names:
        """The names of `view`, collected once for each state of the store."""
        if self._names is None or self._names[0] is not view:
            self._names, self._drawn = (view, Names(view)), {}
        return self._names[1]

    def page(self, request: Request, template: str, status: int = 200, **values: Any) -> Response:
        lang = language(request)
        words, terms = self._words[lang], self._terms[lang]

        html = self._frame.get_template(template).render(
            lang=lang,
            other="zh" if lang == "en" else "en",
            w=words,
            terms=terms,
            figure=figure,
            link=link,
            here=turned(request),
            path=request.url.path,
            **values,
        )
        response = Response(html, status, media_type="text/html", headers={"Content-Security-Policy": _POLICY})
        response.headers["Vary"] = "Accept-Language, Cookie"
        if request.query_params.get("lang") in LANGUAGES:
            response.set_cookie("lang", lang, max_age=31_536_000, httponly=True, samesite="lax")
        return response

    async def refused(self, request: Request, error: Exception) -> Response:
        """Why there is no answer, in plain text; to a browser that asks for a thing that is not there, as a page."""
        status = error.status if isinstance(error, RequestError) else 503
        if status == 404 and request.url.path in _THINGS and "text/html" in request.headers.get("accept", ""):
            return await run_in_threadpool(self.page, request, "missing.html", 404)
        return PlainTextResponse(f"{error}\n".encode("utf-8", "replace"), status, headers=_MORE.get(status))

    def home(self, request: Request) -> Response:
        """Search; without words the whole store at a glance."""
        view, words = request.app.state.source.view, request.query_params.get("q", "")[:200]
        names, lang = self.names(view), language(request)
        by_type: dict[str, list[Named]] = {}
        for named in sorted(names.of.values(), key=lambda n: (n.called(lang), n.iri)):
            by_type.setdefault(named.type, []).append(named)
        return self.page(
            request,
            "home.html",
            q=words,
            hits=names.search(words, _HITS),
            types=sorted(by_type.items(), key=lambda t: (_ORDER.get(t[0], len(_ORDER)), t[0])),
            most=24,
        )

    def complete(self, request: Request) -> Response:
        """Names that fit what was typed, as JSON."""
        names, lang = self.names(request.app.state.source.view), language(request)
        found = names.search(request.query_params.get("q", "")[:200], _COMPLETIONS)
        return JSONResponse(
            [
                {"name": name, "label": e.called(lang), "type": e.type, "link": link("entity", iri=e.iri)}
                for e, name in found
            ]
        )

    def entity(self, request: Request) -> Response:
        """An entity: names, facts by predicate with their sentences, numbers, documents."""
        view, iri = request.app.state.source.view, request.query_params.get("iri", "")
        names = self.names(view)
        if iri not in names.of:
            raise RequestError(404, "there is no such entity in the store")
        facts, numbers = view.facts(iri), view.observations(iri)
        documents = {row["id"]: row["d"] for row in view.records(DOCUMENTS)}
        me, lang = names.of[iri], language(request)
        return self.page(
            request,
            "entity.html",
            me=me,
            names=names,
            also=sorted({me.label, *(r["n"] for r in view.records(_ALSO, e=iri))} - {me.called(lang)}),
            groups=grouped(facts[:_FACTS]),
            left_out=max(0, len(facts) - _FACTS),
            numbers=numbers[:_FACTS],
            around=self._around(lang, me, facts, names),
            moments=moments(facts, numbers),
            documents=documents,
            mentioned=list(view.records(_IN, e=iri)),
        )

    def _around(self, lang: str, me: Named, facts: list[Fact], names: Names) -> Surroundings | None:
        """The picture of the neighbours, drawn once for a state of the store."""
        drawn, key = self._drawn, (me.iri, lang)
        if key not in drawn:
            if len(drawn) >= _PICTURES:
                drawn.clear()
            about = self._words[lang]["neighboursOf"].format(me.called(lang))
            drawn[key] = surroundings(me, facts, names, self._terms[lang], about, lambda iri: link("entity", iri=iri))
        return drawn[key]

    def documents(self, request: Request) -> Response:
        """All documents."""
        return self.page(request, "documents.html", documents=list(request.app.state.source.view.records(_DOCUMENT)))

    def document(self, request: Request) -> Response:
        """A document: the passages that state something, names and evidence marked."""
        view, iri = request.app.state.source.view, request.query_params.get("iri", "")
        found = next((row for row in view.records(_DOCUMENT) if row["d"] == iri), None)
        if found is None:
            raise RequestError(404, "there is no such document in the store")
        return self.page(
            request,
            "document.html",
            me=found,
            passages=passages(view, iri),
            stated=statements(view, iri),
            names=self.names(view),
        )

    async def console(self, request: Request) -> Response:
        """A query to write and its result as a table. A link from another site shows its query, and does not run it."""
        name, query = request.query_params.get("name"), request.query_params.get("query", "")
        named = list(named_queries(language(request)))
        result, message = None, None
        if name in dict(named):
            query = text_of(str(name))
        elif query.strip() and request.headers.get("sec-fetch-site") != "cross-site":
            result, message = await self._result(request, query)
        names = await run_in_threadpool(lambda: self.names(request.app.state.source.view))
        return await run_in_threadpool(
            self.page,
            request,
            "console.html",
            query=query,
            named=named,
            result=result,
            message=message,
            cell=lambda term: cell(term, names, language(request)),
            shown=_SHOWN,
            terms_json=json_block(terms(language(request))),
        )

    async def _result(self, request: Request, query: str) -> tuple[Any, str | None]:
        limits: Limits = request.app.state.limits
        if len(query.encode("utf-8", "replace")) > limits.query_bytes:
            raise RequestError(413, f"the query has more than {limits.query_bytes:,} bytes")
        job = Job(query=query, rows_as="application/sparql-results+json", graph_as="text/turtle")
        try:
            answer = await request.app.state.pool.answer(job)
        except RequestError as refusal:
            return None, str(refusal)
        text = answer.body.decode("utf-8")
        if answer.status != 200:
            return None, text.strip()
        return (text if answer.media_type == "text/turtle" else await run_in_threadpool(json.loads, text)), None


def _shown(value: Any) -> Any:
    """What a template writes: words of documents cannot turn the text around them."""
    return straight(value) if type(value) is str else value


def grouped(facts: list[Fact]) -> list[tuple[str, bool, list[tuple[str, list[Fact]]]]]:
    """Predicate, direction, and for each other end its facts, the surest first."""
    found = []
    for (predicate, forward), group in groupby(
        facts, key=lambda f: (f.predicate, f.forward or _symmetric(f.predicate))
    ):
        others: dict[str, list[Fact]] = {}
        for fact in group:
            others.setdefault(fact.other, []).append(fact)
        found.append((predicate, forward, list(others.items())))
    return found


def _symmetric(predicate: str) -> bool:
    return predicate in PREDICATES and PREDICATES[predicate].symmetric


def cell(term: dict[str, Any] | None, names: Names, lang: str) -> dict[str, str]:
    """Text of a term of JSON results, and the page of it where it has one; of an entity its name, with the end of its IRI as a note."""
    if term is None:
        return {"text": "", "link": "", "note": ""}
    value = term["value"] if isinstance(term["value"], str) else json.dumps(term["value"], ensure_ascii=False)
    if term["type"] != "uri":
        return {"text": value, "link": "", "note": ""}
    if value in names.of:
        return {
            "text": names.label(value, lang),
            "link": link("entity", iri=value),
            "note": value.partition("/entity/")[2],
        }
    short = next((f"{p}:{value[len(i) :]}" for p, i in PREFIXES.items() if value.startswith(i)), value)
    return {"text": short, "link": link("document", iri=value) if "/document/" in value else "", "note": ""}


def link(page: str, anchor: str = "", **parameters: str) -> str:
    """A path of this server."""
    return f"/{page}?{urlencode(parameters)}{'#' if anchor else ''}{anchor}"


def turned(request: Request) -> str:
    """The same page, ready to have a language set at its end."""
    kept = [(k, v) for k, v in request.query_params.multi_items() if k != "lang"]
    return f"{request.url.path}?{urlencode([*kept, ('lang', '')])}"


def language(request: Request) -> str:
    """The language that the address, the cookie or the browser asks for; English else."""
    asked = (request.query_params.get("lang"), request.cookies.get("lang"))
    said = next((lang for lang in asked if lang in LANGUAGES), None)
    first = request.headers.get("accept-language", "").strip().lower()
    return said or ("zh" if first.startswith("zh") else "en")


def static(request: Request) -> Response:
    """Style and script, compressed where the browser takes that; what it has already is not sent again."""
    name = request.path_params["name"]
    if name not in _FILES:
        raise RequestError(404, "there is no such file")
    data, packed, tag = _file(name)
    headers = {"ETag": tag, "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed, media_type=_FILES[name], headers={**headers, "Content-Encoding": "gzip"})
    return Response(data, media_type=_FILES[name], headers=headers)


@lru_cache(maxsize=len(_FILES))
def _file(name: str) -> tuple[bytes, bytes, str]:
    """Bytes of a file, the same compressed, and a tag of its content."""
    data = (TEMPLATE / name).read_bytes() + (DARK.encode() if name == "serve.css" else b"")
    return data, gzip.compress(data, 9, mtime=0), f'W/"{hashlib.sha256(data).hexdigest()[:16]}"'


_TERM = re.compile(r"\b([a-z]+):([A-Za-z]\w*)")


@lru_cache(maxsize=len(LANGUAGES))
def terms(lang: str) -> list[tuple[str, str, str]]:
    """What the editor completes: name, kind and what it means. Prefixes, types, predicates, and what else the named queries use."""
    label = f"label_{lang}"
    known = {f"{prefix}:": ("namespace", iri) for prefix, iri in PREFIXES.items()}
    known |= {
        f"{p}:{n}": ("text", "") for q, _ in named_queries() for p, n in _TERM.findall(text_of(q)) if p in PREFIXES
    }
    known |= {f"kg:{name}": ("class", str(getattr(term, label))) for name, term in TYPES.items()}
    known |= {f"kg:{name}": ("property", str(getattr(term, label))) for name, term in PREDICATES.items()}
    return [(name, *said) for name, said in sorted(known.items())]
