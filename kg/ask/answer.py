"""Questions answered: rows, the SPARQL that gives them, the sentences that prove them; or why a question is not understood."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.ask import likely
from kg.ask.sparql import forms, sparql
from kg.errors import KgError, QueryError
from kg.query import Rows, run
from kg.store.asof import day_of
from kg.text import fold, has_han
from kg.vocabulary import TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import networkx as nx

    from kg.ask.question import Question
    from kg.ask.sparql import Form
    from kg.store.graph import View

LONGEST = 500
"""Characters of a question."""
_NAMES = (
    "SELECT DISTINCT ?e ?t ?n WHERE { ?e a ?t ; rdfs:label|skos:altLabel|skos:prefLabel ?n . "
    "FILTER EXISTS { ?m kg:refersTo ?e } }"
)
_LABELS = "SELECT ?e ?n WHERE { VALUES ?e { %s } ?e rdfs:label ?n } ORDER BY ?e ?n"
_DATES = 2
"""Dates of which a store is kept in memory; the network is kept of as many, and of the present."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A sentence that a document states, and the id of the document."""

    quote: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a question was understood as, and what the store says. Not understood: `form` is empty, `why` tells the cause, `near` other questions."""

    question: str
    form: str = ""
    sparql: str = ""
    variables: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    proofs: tuple[Proof, ...] = ()
    why: str = ""
    near: tuple[str, ...] = ()

    @property
    def understood(self) -> bool:
        return bool(self.form)


class Names:
    """The names by which the entities of a store are known, folded, its network, and what it was on the dates last asked about; made once for a state of the store."""

    def __init__(self, view: View) -> None:
        self._dated = lru_cache(_DATES)(_dated)
        self._network = lru_cache(_DATES + 1)(_network)
        found: dict[str, set[tuple[str, str]]] = {}
        spelled: dict[str, str] = {}
        for row in view.records(_NAMES):
            kind, name = row["t"].rpartition("#")[2], fold(row["n"])
            if kind in TYPES and len(name) > 1:
                found.setdefault(name, set()).add((row["e"], kind))
                spelled[name] = min(spelled.get(name, row["n"]), row["n"])
        self.of: Mapping[str, Sequence[tuple[str, str]]] = {n: sorted(e) for n, e in found.items()}
        self._spelled = spelled

    def as_of(self, view: View, moment: str) -> View:
        """`view` as of a date, copied once.

        Raises:
            KgError: if there is no such date.
        """
        return self._dated(view, day_of(moment).isoformat())

    def network(self, view: View) -> nx.MultiDiGraph:
        """The network of `view`, made by the first question about connections."""
        return self._network(view)

    def near(self, words: str) -> list[str]:
        """Names that are spelled much as `words`."""
        return [self._spelled[n] for n in get_close_matches(fold(words), sorted(self._spelled), n=3, cutoff=0.6)]


def understood(text: str, names: Names) -> tuple[Form | None, Question]:
    """The form of a question, if any fits, and its parts.

    Raises:
        QueryError: if it is empty or too long.
    """
    if not text.strip():
        raise QueryError("the question is empty")
    if len(text) > LONGEST:
        raise QueryError(f"the question has more than {LONGEST} characters")
    return likely.understood(text, names.of)


def ask(view: View, text: str, *, names: Names | None = None) -> Answer:
    """The answer to a question in Chinese or English.

    Raises:
        QueryError: if it is empty or too long.
        KgError: if it names a date that is none.
    """
    names = names or Names(view)
    form, parts = understood(text, names)
    if form is None:
        return _refused(text, parts, names)
    claims: list[tuple[str, str, str]] = []
    if "asof" in parts.kinds and parts.period:
        view = names.as_of(view, parts.period)
    if form.path:
        try:
            claims = _path(names.network(view), parts)
        except KgError as error:
            return Answer(question=text, form=form.name, why=str(error))
    query, proving = sparql(form, parts, claims)
    found, proofs = run(view, query), run(view, proving)
    assert isinstance(found, Rows)
    assert isinstance(proofs, Rows)
    labels = _labels(view, found)
    return Answer(
        question=text,
        form=form.name,
        sparql=query,
        variables=found.variables,
        rows=tuple(tuple(_cell(t, labels) for t in row) for row in found.rows),
        proofs=tuple(_proof(proofs.variables, row) for row in proofs.rows),
    )


def _proof(variables: Sequence[str], row: Sequence[Any]) -> Proof:
    told = {n: str(t.value) for n, t in zip(variables, row, strict=True) if t is not None}
    return Proof(quote=told.get("quote", ""), source=told.get("source", ""))


def _dated(view: View, day: str) -> View:
    return view.as_of(day)


def _network(view: View) -> nx.MultiDiGraph:
    from kg.analyse.network import network

    return network(view)


def _labels(view: View, found: Rows) -> Mapping[str, str]:
    wanted = {str(t) for row in found.rows for t in row if isinstance(t, ox.NamedNode)}
    return {r["e"]: r["n"] for r in view.records(_LABELS % " ".join(sorted(wanted)))} if wanted else {}


def _cell(term: Any, labels: Mapping[str, str]) -> str:
    from kg.query import cell

    return labels.get(str(getattr(term, "value", "")), cell(term))


def _path(graph: nx.MultiDiGraph, parts: Question) -> list[tuple[str, str, str]]:
    from kg.analyse.paths import shortest

    start, goal = (e.entities[0] for e in parts.entities[:2])
    for end in (start, goal):
        if end not in graph:
            raise KgError("no claim of the store is about one of the two")
    return [(s, str(said["predicate"]), o) for s, o, said in shortest(graph, start, goal)]


def _unknown(parts: Question) -> list[str]:
    """The words that are not known, each once; what stands together, such as the characters of a Chinese name, is one."""
    found: list[str] = []
    end = -1
    for item in parts.items:
        if item.kind == "unknown":
            touches = item.start == end
            found = [*found[:-1], found[-1] + item.text] if touches else [*found, item.text]
            end = item.end
    return list(dict.fromkeys(found))


def _refused(text: str, parts: Question, names: Names) -> Answer:
    near: list[str] = []
    unknown = _unknown(parts)
    for words in unknown[:5]:
        near += names.near(words)
    zh = has_han(text)
    if unknown:
        why = f"{'不认识：' if zh else 'not known: '}{('、' if zh else ', ').join(unknown)}"
    else:
        why = "没有适合这个问题的问法" if zh else "no form of question fits this"
    ranked = sorted(forms(), key=lambda f: (len(f.needs ^ parts.kinds), f.name))
    near += [next((r for r in form.reads if has_han(r) == zh), form.reads[0]) for form in ranked[:3]]
    return Answer(question=text, why=why, near=tuple(dict.fromkeys(near)))
