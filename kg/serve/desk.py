"""Questions in plain words, and paths between entities, in a process that can be stopped and keeps what it collected of the store."""

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


def questions(source: Source, _: Limits) -> Callable[[bytes], Answer]:
    """Answers `Asked` and `Linked` with JSON. Names and networks are collected once for a state of the store."""
    known = lru_cache(maxsize=1)(_names)
    made: dict[str, Callable[..., Any]] = {"ask": _asked, "path": _linked}

    def answered(frame: bytes) -> Answer:
        what, *given = json.loads(frame)
        try:
            found = made[what](source.view, known(source.view), *given)
        except QueryError:
            raise
        except KgError as error:
            raise RequestError(422, str(error)) from error
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
