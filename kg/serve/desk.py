"""Questions in plain words, paths between entities, analyses and graph pages, in a process that can be stopped and keeps what it collected of the store."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from kg.errors import KgError, QueryError
from kg.serve.limits import Limits, RequestError
from kg.serve.worker import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    import networkx as nx

    from kg.ask.answer import Names
    from kg.serve.source import Source
    from kg.store.view import View

SURE, ROWS = 0.5, 500
"""Least confidence of a claim that an analysis counts, and rows of its table that are shown."""
NEAR, DRAWN = 200, 20_000
"""Entities within two steps of one with which its graph is still clear, and those that a page holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question in plain words, of the store as of a date where one is given."""

    question: str
    as_of: str = ""

    def frame(self) -> bytes:
        """As it goes to the process that answers it."""
        return json.dumps(["ask", self.question, self.as_of]).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """How two entities, by name or IRI, hang together through claims of at least this confidence."""

    start: str
    goal: str
    least: float

    def frame(self) -> bytes:
        """As it goes to the process that answers it."""
        return json.dumps(["path", self.start, self.goal, self.least]).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysed:
    """An analysis of the whole graph, of the entity of this name where it is about one, in a language."""

    what: str
    name: str
    lang: str

    def frame(self) -> bytes:
        """As it goes to the process that answers it."""
        return json.dumps(["analyse", self.what, self.name, self.lang]).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The page of the graph, of all or of what stands around an entity, in a language."""

    iri: str
    lang: str

    def frame(self) -> bytes:
        """As it goes to the process that answers it."""
        return json.dumps(["draw", self.iri, self.lang]).encode()


def questions(source: Source, _: Limits) -> Callable[[bytes], Answer]:
    """Answers `Drawn` with a page, the others with JSON. Names and networks are collected once for a state of the store."""
    known = lru_cache(maxsize=1)(_names)
    made: dict[str, Callable[..., Any]] = {"ask": _asked, "path": _linked, "analyse": _analysed, "draw": _drawn}

    def answered(frame: bytes) -> Answer:
        what, *given = json.loads(frame)
        try:
            found = made[what](source.view, known(source.view), *given)
        except QueryError:
            raise
        except KgError as error:
            raise RequestError(422, str(error)) from error
        if isinstance(found, str):
            return Answer(status=200, media_type="text/html", body=found.encode())
        return Answer(status=200, media_type="application/json", body=json.dumps(found, ensure_ascii=False).encode())

    return answered


def _names(view: View) -> Names:
    from kg.ask.answer import Names

    return Names(view)


def _asked(view: View, names: Names, question: str, as_of: str) -> dict[str, Any]:
    from kg.ask.answer import ask

    return asdict(ask(names.as_of(view, as_of) if as_of else view, question, names=names))


def _linked(view: View, names: Names, start: str, goal: str, least: float) -> list[dict[str, Any]]:
    """The steps of a shortest path."""
    from kg.analyse.paths import find, shortest, surest

    graph: nx.MultiDiGraph = surest(names.network(view), least)
    steps = shortest(graph, find(graph, start), find(graph, goal))
    return [
        {
            "subject": graph.nodes[subject].get("label"),
            "predicate": said.get("predicate"),
            "object": graph.nodes[obj].get("label"),
            "confidence": said.get("confidence"),
            "evidence": {"quote": said.get("quote"), "document": said.get("document"), "date": said.get("date")},
        }
        for subject, obj, said in steps
    ]


def _analysed(view: View, names: Names, what: str, name: str, lang: str) -> dict[str, Any]:
    """The first rows of a table, in the words of the language; a cell is the IRI of an entity, if it is one, and its text."""
    from kg.analyse.analyses import analyse
    from kg.analyse.paths import surest
    from kg.analyse.table import Ref
    from kg.report.figures import figure
    from kg.report.words import Words, plain

    graph, words = surest(names.network(view), SURE), Words(lang)
    for node in graph.nodes.values():
        node["label"] = node.get(f"label_{lang}") or node["label"]
    table = analyse(graph, what, name or None)
    cited = "evidence" in table.columns
    shown = [c for c in table.columns if c not in ("evidence", "document", "date", "value", "currency")]
    rows = []
    for row in table.top(ROWS).frame():
        if isinstance(value := row.get("value"), float) and row.get("currency"):
            row["amount"] = figure(value, str(row["currency"]), lang)
        source = {
            "quote": plain(str(row.get("evidence") or "")),
            "document": row.get("document"),
            "date": row.get("date"),
        }
        cells = [(c.iri, str(c)) if isinstance(c, Ref) else ("", words.cell(c)) for c in map(row.get, shown)]
        rows.append({"cells": cells, "source": source if cited else None})
    columns = [
        {"word": words.column(c), "number": all(isinstance(v, int | float | None) for v in table.column(c))}
        for c in shown
    ]
    return {"columns": columns, "rows": rows, "cited": cited, "all": len(table)}


def _drawn(view: View, names: Names, iri: str, lang: str) -> str:
    """The page of all entities, the most connected where they are too many; or of an entity and those within two steps, or one where two reach many."""
    from kg.analyse.paths import ego
    from kg.view.page import render

    graph = names.network(view)
    title = ""
    if iri:
        if iri not in graph:
            raise RequestError(404, "there is no such entity in the store")
        near = ego(graph, iri, depth=2)
        graph = near if len(near) <= NEAR else ego(graph, iri)
        title = str(graph.nodes[iri].get(f"label_{lang}") or graph.nodes[iri]["label"])
    if len(graph) > DRAWN:
        kept = sorted(graph, key=lambda n: (n != iri, -graph.degree(n), n))[:DRAWN]
        graph = graph.subgraph(sorted(kept))
    return render(graph, title=" ".join(title.split()), lang=lang, pages="/")
