"""Which end of a relation the things of a question stand at: word order, passives, possessives and the ontology tell it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import permutations
from typing import TYPE_CHECKING

from kg.vocabulary import PREDICATES

if TYPE_CHECKING:
    from kg.ask.words import Item

OTHER = {"subject": "object", "object": "subject"}
_ASKING = {"who", "which", "type", "where", "count"}
_TOLD = {"founded", "acquired", "develops", "restricts", "manufactures", "investedIn"}
"""Predicates whose English participle without `by` has the object as its subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A relation with the end at which what is known stands."""

    predicate: str
    known: str


def steps_of(
    row: list[Item], relations: list[Item], entities: list[Item], lang: str, *, together: bool
) -> tuple[Step, ...]:
    """The steps of the relations: from the first thing on, or one from each thing, where two are asked of `together`, or two relations are told."""
    if not relations:
        return ()
    if not entities:
        r = relations[0]
        return (Step(predicate=r.value, known=OTHER[r.end_named] if r.noun else _bare(row, r)),)
    if together:
        pair = [i for i in row if i is not entities[1]]
        return (Step(predicate=relations[0].value, known=known_end(pair, relations[0], entities[0], lang)),) * 2
    if len(entities) == 2 and len(relations) == 2:
        return _each(row, relations, entities, lang)
    return _chain(row, relations, entities[0], lang)


def _each(row: list[Item], relations: list[Item], entities: list[Item], lang: str) -> tuple[Step, ...]:
    """A step from each of two things: each relation goes to the thing that the ontology allows, the nearer first."""
    best: tuple[int, tuple[Step, ...]] | None = None
    for order in permutations(relations):
        steps = []
        for relation, entity in zip(order, entities, strict=True):
            rest = [i for i in row if i.kind not in ("entity", "relation") or i in (entity, relation)]
            steps.append(Step(predicate=relation.value, known=known_end(rest, relation, entity, lang)))
        ends = [_ends(s.predicate) for s in steps]
        allowed = all(e.types & end[s.known] for e, end, s in zip(entities, ends, steps, strict=True))
        shared = ends[0][OTHER[steps[0].known]] & ends[1][OTHER[steps[1].known]]
        far = sum(_gap(r, e)[0] for r, e in zip(order, entities, strict=True))
        if allowed and shared and (best is None or far < best[0]):
            best = (far, tuple(steps))
    return best[1] if best else ()


def _chain(row: list[Item], relations: list[Item], anchor: Item, lang: str) -> tuple[Step, ...]:
    first = min(relations, key=lambda r: (not r.noun if len(relations) > 1 else False, _gap(r, anchor)))
    steps = [Step(predicate=first.value, known=known_end(row, first, anchor, lang))]
    for second in (r for r in relations if r is not first):
        # What the first step gives stands where its words stand.
        inner = replace(anchor, start=min(anchor.start, first.start), end=max(anchor.end, first.end), types=frozenset())
        rest = [inner if i is anchor else i for i in row if i is not first]
        steps.append(Step(predicate=second.value, known=known_end(rest, second, inner, lang)))
    return tuple(steps)


def _bare(row: list[Item], verb: Item) -> str:
    """The end at which what is asked stands, in questions that name no entity: it is the subject before the verb."""
    passive = any(i.kind == "passive" for i in row)
    asked = next((i for i in row if i.kind in ("who", "type")), None)
    active = asked is None or asked.start < verb.start
    return "subject" if active != passive else "object"


def _gap(one: Item, other: Item) -> tuple[int, int]:
    return (max(one.start - other.end, other.start - one.end), one.start)


def known_end(row: list[Item], relation: Item, entity: Item, lang: str) -> str:
    """The end of the relation at which the entity stands."""
    end = _by_noun(row, relation, entity) if relation.noun else _by_verb(row, relation, entity, lang)
    if relation.end_named == "inverse":
        end = OTHER[end]
    fits = _ends(relation.value)
    if entity.types and not entity.types & fits[end] and entity.types & fits[OTHER[end]]:
        end = OTHER[end]
    return end


def _by_noun(row: list[Item], noun: Item, entity: Item) -> str:
    """X's investors: the noun is asked for. Whose investor is X: the entity is what the noun says."""
    before = [i for i in row if i.end <= noun.start and i.kind != "skip"]
    after = [i for i in row if i.start >= noun.end and i.kind != "skip"]
    if sum(i.kind == "entity" for i in row) > 1:
        owns = any(i.kind == "of" and i.start == entity.end for i in row)
        return OTHER[noun.end_named] if owns and entity.start < noun.start else noun.end_named
    asks_owner = (
        len(before) > 1 and before[-1].kind == "of" and before[-2].kind in _ASKING and entity.start < before[-2].start
    )
    whose = len(before) > 0 and before[-1].text.lower() == "whose" and not (after and after[0].kind == "of")
    stranded = bool(after) and after[0].kind == "of" and not any(i is entity for i in after)
    return noun.end_named if asks_owner or whose or stranded else OTHER[noun.end_named]


def _by_verb(row: list[Item], verb: Item, entity: Item, lang: str) -> str:
    if verb.value == "founded" and "Company" in entity.types and any(i.kind == "when" for i in row):
        return "object"
    if lang == "zh":
        return _chinese(row, verb, entity)
    by = next((i for i in row if i.kind == "passive" and i.start >= verb.end), None)
    if by:
        after = [i for i in row if i.start >= by.end and i.kind not in ("skip", "which")]
        return "subject" if after and after[0] is entity else "object"
    if entity.start > verb.start:
        return "object"
    before = [i for i in row if i.end <= verb.start and i.kind != "skip"]
    passive = (
        verb.value in _TOLD
        and verb.text.lower().split()[0].endswith(("ed", "t", "en", "n"))
        and any(i.kind == "is" for i in before)
    )
    return "object" if passive else "subject"


def _chinese(row: list[Item], verb: Item, entity: Item) -> str:
    if entity.start > verb.start:
        return "object"
    if any(i.text == "把" and entity.end <= i.start for i in row):
        return "subject"
    mark = next((i for i in reversed(row) if i.kind == "passive" and i.end <= verb.start), None)
    if mark:
        return "object" if entity.start < mark.start else "subject"
    asked = any(i.kind in _ASKING and entity.end <= i.start and i.end <= verb.start for i in row)
    return "object" if asked else "subject"


def _ends(predicate: str) -> dict[str, frozenset[str]]:
    return {"subject": PREDICATES[predicate].domain, "object": PREDICATES[predicate].range}
