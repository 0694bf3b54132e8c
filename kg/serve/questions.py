"""The page that answers questions in plain words: rows, the sentences that prove them, the SPARQL to change in the console."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.routing import Route

from kg.ask.answer import LONGEST
from kg.serve.desk import Asked
from kg.serve.limits import RequestError
from kg.serve.pages import DOCUMENTS, link
from kg.serve.protocol import while_there

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kg.serve.pages import Pages

_PROOFS = 50
"""Sentences that the page shows."""


class Questions:
    """The page of questions."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def routes(self) -> list[Route]:
        return [Route("/ask", self.ask)]

    async def ask(self, request: Request) -> Response:
        """The answer to a question; a link from another site shows its question, and does not ask it."""
        asked = request.query_params.get("question", "")[:LONGEST]
        answer, message = None, None
        if asked.strip() and request.headers.get("sec-fetch-site") != "cross-site":
            answer, message = await _answered(request, Asked(question=asked))
        return await run_in_threadpool(self._page, request, asked, answer, message)

    def _page(self, request: Request, asked: str, answer: dict[str, Any] | None, message: str | None) -> Response:
        view = request.app.state.source.view
        rows = view.records(DOCUMENTS) if answer else ()
        shown = [n for n in range(len(answer["variables"])) if any(row[n] for row in answer["rows"])] if answer else []
        return self._pages.page(
            request,
            "ask.html",
            question=asked,
            answer=answer,
            message=message,
            columns=shown,
            names=self._pages.names(view),
            documents={row["id"]: row["d"] for row in rows},
            most=_PROOFS,
            console=link("console", query=answer["sparql"]) if answer and answer["sparql"] else "",
        )


async def _answered(request: Request, asked: Asked) -> tuple[dict[str, Any] | None, str | None]:
    """The answer as the template reads it, or why there is none."""
    try:
        answer = await while_there(request, request.app.state.pool, asked)
    except RequestError as refusal:
        return None, str(refusal)
    if answer.status != 200:
        return None, answer.body.decode().strip()
    return json.loads(answer.body), None
