"""The pages of analyses and of the graph. Processes that can be ended make them when they are asked for; they are kept until the store changes."""

from __future__ import annotations

import json
from collections import OrderedDict
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route

from kg.analyse.analyses import ANALYSES, NAMED
from kg.serve.desk import Analysed, Drawn
from kg.serve.limits import RequestError
from kg.serve.pages import DOCUMENTS, language, link
from kg.serve.protocol import while_there

if TYPE_CHECKING:
    from starlette.requests import Request

    from kg.serve.pages import Pages
    from kg.serve.worker import Answer

_NAME = 200
"""Characters of a name that are read."""


class Analyses:
    """The pages, and the answers that they were made of."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._state: object = None
        self._kept: OrderedDict[bytes, Answer] = OrderedDict()

    def routes(self) -> list[Route]:
        return [Route("/analyses", self.analyses), Route("/graph", self.graph)]

    async def analyses(self, request: Request) -> Response:
        """What can be analysed, or the rows of one analysis; a link from another site shows its name, and does not run it."""
        what = request.query_params.get("name", "")
        of = request.query_params.get("of", "").strip()[:_NAME] if what in NAMED else ""
        if what and what not in ANALYSES:
            raise RequestError(404, "there is no such analysis")
        table, message = None, None
        if what and (of or what != "dependents") and not _foreign(request):
            answer, message = await self._made(request, Analysed(what=what, name=of, lang=language(request)))
            table = await run_in_threadpool(json.loads, answer.body) if answer else None
        return await run_in_threadpool(
            self._pages.page,
            request,
            "analyses.html",
            analyses=list(ANALYSES),
            named=NAMED,
            what=what,
            of=of,
            table=table,
            documents=await run_in_threadpool(_documents, request) if table else {},
            message=message,
        )

    async def graph(self, request: Request) -> Response:
        """The interactive page of the graph, under its own policy; to a link from another site, the way to it."""
        iri, lang, message = request.query_params.get("iri", ""), language(request), None
        view = await run_in_threadpool(lambda: request.app.state.source.view)
        names = await run_in_threadpool(self._pages.names, view)
        if iri and iri not in names.of:
            raise RequestError(404, "there is no such entity in the store")
        if not _foreign(request):
            answer, message = await self._made(request, Drawn(iri=iri, lang=lang))
            if answer:
                from kg.view.page import policy

                headers = {"Content-Security-Policy": f"{policy()}; frame-ancestors 'none'"}
                headers["Vary"] = "Accept-Language, Cookie"
                return Response(answer.body, media_type="text/html", headers=headers)
        again = link("graph", **({"iri": iri} if iri else {}))
        return await run_in_threadpool(
            self._pages.page,
            request,
            "graph.html",
            message=message,
            again=again,
            label=names.label(iri, lang) if iri else "",
        )

    async def _made(self, request: Request, job: Analysed | Drawn) -> tuple[Answer | None, str | None]:
        """The answer, or why there is none."""
        state = await run_in_threadpool(request.app.state.source.state)
        if state != self._state:
            self._state, self._kept = state, OrderedDict()
        kept, frame = self._kept, job.frame()
        if frame in kept:
            kept.move_to_end(frame)
            return kept[frame], None
        try:
            answer = await while_there(request, request.app.state.pool, job)
        except RequestError as refusal:
            return None, str(refusal)
        if answer.status != 200:
            return None, answer.body.decode().strip()
        kept[frame] = answer
        while sum(len(each.body) for each in kept.values()) > request.app.state.limits.result_bytes:
            kept.popitem(last=False)
        return answer, None


def _documents(request: Request) -> dict[str, str]:
    """The IRIs of documents by their ids."""
    return {row["id"]: row["d"] for row in request.app.state.source.view.records(DOCUMENTS)}


def _foreign(request: Request) -> bool:
    """Whether a page of another site led here."""
    return request.headers.get("sec-fetch-site") == "cross-site"
