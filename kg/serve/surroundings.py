"""What the page of an entity shows beside its facts: a picture of its neighbours, and what is said of it in the order of time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from kg.analyse.changes import timeline
from kg.markup import straight
from kg.serve.desk import SURE
from kg.store.view import Number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kg.analyse.changes import Event
    from kg.report.words import Words
    from kg.serve.names import Named, Names
    from kg.store.view import Fact

SHOWN, MOMENTS = 24, 200
"""Neighbours of a picture that can still be read, and events of a timeline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """A picture for a desk and one for a phone, what its shapes mean, and how many neighbours it shows and leaves out."""

    wide: str
    narrow: str
    legend: list[dict[str, Any]]
    shown: int
    left_out: int


def surroundings(
    me: Named, facts: Iterable[Fact], names: Names, words: Words, about: str, link: Callable[[str], str]
) -> Surroundings | None:
    """The surest neighbours of an entity; what is denied makes none. None where there is no neighbour."""
    import networkx as nx

    from kg.report.picture import NARROW, WIDTH, legend, picture
    from kg.view.layout import place

    surest: dict[str, float] = {}
    stated = [f for f in facts if f.status != "denied" and f.other in names.of and f.other != me.iri]
    for fact in stated:
        surest[fact.other] = max(surest.get(fact.other, 0.0), fact.confidence)
    kept = sorted(surest, key=lambda iri: (-surest[iri], names.of[iri].label, iri))[:SHOWN]
    if not kept:
        return None
    graph = nx.MultiDiGraph()
    for iri in (me.iri, *kept):
        graph.add_node(iri, label=straight(names.of[iri].called(words.lang)), type=names.of[iri].type)
    for fact in stated:
        if fact.other in kept:
            ends = (me.iri, fact.other) if fact.forward else (fact.other, me.iri)
            graph.add_edge(*ends, key=fact.predicate, predicate=fact.predicate)
    places = place(graph)

    about = straight(about)

    def drawn(width: float) -> str:
        return picture(graph, "label", width=width, places=places, about=about, link=link, word=words.word)

    kinds = {names.of[iri].type for iri in (me.iri, *kept)}
    return Surroundings(
        wide=drawn(WIDTH),
        narrow=drawn(NARROW),
        legend=legend(kinds, words.type_word),
        shown=len(kept),
        left_out=len(surest) - len(kept),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time, whether sentences tell it or only the date of their document does, and what is said of it: events of one relation and document are a line."""

    when: str
    dated: bool
    lines: list[list[Event]]


def moments(facts: Iterable[Fact], numbers: Iterable[Number]) -> tuple[list[Moment], int]:
    """What has a time, each thing once though several documents say it; and how many are left out, the earliest first."""
    sure = [f for f in facts if f.confidence >= SURE], [n for n in numbers if n.confidence >= SURE]
    found: dict[tuple[str, str], Event] = {}
    for event in timeline(*sure):
        if event.when:
            best = found.setdefault((event.when, event.what), event)
            if best.said.confidence < event.said.confidence:
                found[event.when, event.what] = event
    kept = list(found.values())[-MOMENTS:]
    made = []
    for (when, dated), group in groupby(
        sorted(kept, key=lambda e: (e.when, not e.dated)), key=lambda e: (e.when, e.dated)
    ):
        lines: dict[object, list[Event]] = {}
        for event in group:
            lines.setdefault(_line(event), []).append(event)
        made.append(Moment(when=when, dated=dated, lines=list(lines.values())))
    return made, len(found) - len(kept)


def _line(event: Event) -> object:
    said = event.said
    if isinstance(said, Number):
        return said.observation
    return (said.claim if said.role or said.value else said.predicate), said.forward, event.status, said.document
