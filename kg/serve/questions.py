"""The page that answers questions in plain words: rows, the sentences that prove them, the SPARQL to change in the console."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from kg.ask.answer import LONGEST, Answer, Names, ask
from kg.serve.pages import link

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kg.serve.pages import Pages
    from kg.store.graph import View

_PROOFS = 50
"""Sentences that the page shows."""
_DOCUMENTS = "SELECT DISTINCT ?id ?d WHERE { ?d a kg:Document ; dcterms:identifier ?id }"


class Questions:
    """The page of questions; the names of the store are collected once for each state of it."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._names: tuple[View, Names] | None = None

    def routes(self) -> list[Route]:
        return [Route("/ask", self.ask)]

    def names(self, view: View) -> Names:
        """The names of `view`."""
        if self._names is None or self._names[0] is not view:
            self._names = (view, Names(view))
        return self._names[1]

    def ask(self, request: Request) -> Response:
        """The answer to a question; a link from another site shows its question, and does not ask it."""
        view, asked = request.app.state.source.view, request.query_params.get("question", "")[:LONGEST]
        answer: Answer | None = None
        if asked.strip() and request.headers.get("sec-fetch-site") != "cross-site":
            answer = ask(view, asked, names=self.names(view))
        documents = {row["id"]: row["d"] for row in view.records(_DOCUMENTS)} if answer else {}
        return self._pages.page(
            request,
            "ask.html",
            question=asked,
            answer=answer,
            documents=documents,
            most=_PROOFS,
            console=link("console", query=answer.sparql) if answer and answer.sparql else "",
        )
