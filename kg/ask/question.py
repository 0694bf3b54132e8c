"""What a question holds, and which end of a relation its entity is: from the row of its items."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg.relate.values import quantities
from kg.text import has_han
from kg.vocabulary import PREDICATES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.ask.words import Item

_IDLE = {"skip", "of", "did", "is", "which", "who", "passive", "and", "list"}
"""Kinds that a question may hold in any form."""
_LIGHT = {"make", "makes", "made", "making", "have", "get", "做", "出", "提供", "用", "用了"}
_TRAIN = {"train", "trains", "trained", "training", "训练"}
"""What is used to train is used."""
_MADE = {"AIModel", "Chip", "Product", "Dataset", "Benchmark"}
_MAKERS = {"Company", "Organization"}
_ASKING = {"who", "which", "type", "where", "count"}
_COUNTED = {"users", "customers", "subscribers"}
_OTHER = {"subject": "object", "object": "subject"}
_TOLD = {"founded", "acquired", "develops", "restricts", "manufactures", "investedIn"}
"""Predicates whose English participle without `by` has the object as its subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A relation with the end at which what is known stands."""

    predicate: str
    known: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question as its parts; `kinds` is what forms are chosen by."""

    text: str
    lang: str
    items: tuple[Item, ...]
    kinds: frozenset[str]
    entities: tuple[Item, ...] = ()
    benchmark: Item | None = None
    steps: tuple[Step, ...] = ()
    """The step from the entity first."""
    metrics: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    period: str = ""
    compare: str = ""
    bound: float = 0.0
    order: str = "DESC"

    @property
    def unknown(self) -> tuple[str, ...]:
        return tuple(i.text for i in self.items if i.kind == "unknown")


def question(text: str, row: Sequence[Item]) -> Question:
    """The parts of the question `text` with the items `row`."""
    row = _settled(list(row))
    kinds = {i.kind for i in row}
    entities = [i for i in row if i.kind == "entity"]
    scoring = kinds & {"score", "above", "below", "most", "least"} or (len(entities) > 1 and "relation" not in kinds)
    benchmark = (
        next((e for e in entities if "Benchmark" in e.types), None) if scoring and "connect" not in kinds else None
    )
    if benchmark:
        entities.remove(benchmark)
        row = [i for i in row if not (i.kind == "relation" and i.text.lower() in _LIGHT)]
    row = _single(row)
    relations = [i for i in row if i.kind == "relation"]
    lang = "zh" if has_han(text) and not _latin(row) else "en"
    held = {i.kind for i in row} - _IDLE - {"above", "below", "most", "least", "number", "entity"}
    held |= {"list"} if kinds & {"list", "which", "who"} and held == {"type"} and not entities else set()
    held |= {"entity"} if entities else set()
    held |= {"other"} if len(entities) > 1 else set()
    held |= {"more"} if len(entities) > 2 or len(relations) > 2 else set()
    held |= {"benchmark"} if benchmark else set()
    held |= {"relation2"} if len(relations) > 1 else set()
    found = Question(
        text=text,
        lang=lang,
        items=tuple(row),
        kinds=frozenset(),
        entities=tuple(entities),
        benchmark=benchmark,
        metrics=tuple(sorted({m for i in row if i.kind == "metric" for m in (i.value, *i.types)})),
        types=tuple(dict.fromkeys(i.value for i in row if i.kind == "type")),
        period=next((i.value for i in row if i.kind == "period"), ""),
        steps=_steps(row, relations, entities, lang),
    )
    implied = _implied(found, kinds) if held <= {"entity", "type", "count", "list"} and len(entities) == 1 else None
    if implied:
        found, held = replace(found, steps=(implied,)), held | {"relation"}
    held |= (
        {"about"} if kinds <= {"entity", "which", "is", "skip"} and "which" in kinds and len(entities) == 1 else set()
    )
    if "asof" in held:
        # The day is that of the store then; without one the words say nothing.
        held = held - {"period"} if found.period else held | {"more"}
    asks = kinds & {"who", "which", "type", "list", "count", "when", "where", "amount", "confirm", "most", "least"}
    bare_verb = len(relations) == 1 and not relations[0].noun
    held |= {"more"} if bare_verb and len(entities) == 1 and not asks and not benchmark else set()
    held |= {"more"} if _contradicts(found) else set()
    return _bounded(found, held - ({"count"} if kinds & {"most", "least"} else set()), kinds)


def _contradicts(found: Question) -> bool:
    """Whether the ontology does not allow what would be asked: a thing at an end that it cannot have, or a type that nothing there has."""
    if not found.steps or not found.entities:
        return False
    known: frozenset[str] = found.entities[0].types
    for step in found.steps:
        ends = {"subject": PREDICATES[step.predicate].domain, "object": PREDICATES[step.predicate].range}
        if not known & ends[step.known]:
            return True
        known = ends[_OTHER[step.known]]
    described = found.entities[0].types
    verbs = [i for i in found.items if i.kind == "relation" and not i.noun]
    vague = len(verbs) > 1 and not found.types
    return vague or (bool(found.types) and not any(t in known or t in described for t in found.types))


def _single(row: list[Item]) -> list[Item]:
    """Where a verb and a noun tell the same relation, the noun."""
    nouns = {i.value for i in row if i.kind == "relation" and i.noun}
    return [replace(i, kind="skip") if i.kind == "relation" and not i.noun and i.value in nouns else i for i in row]


def _implied(found: Question, kinds: set[str]) -> Step | None:
    """The relation that a type asked for stands for, where no word tells it: the models of a firm, the firms of a city."""
    entity, asked = found.entities[0], set(found.types)
    if entity.types & _MADE and (asked & _MAKERS or ("who" in kinds and asked)):
        return Step(predicate="develops", known="object")
    if entity.types & _MAKERS and asked & _MADE:
        return Step(predicate="develops", known="subject")
    if entity.types & _MAKERS and "Place" in asked:
        return Step(predicate="locatedIn", known="subject")
    if "Place" in entity.types and asked & _MAKERS:
        return Step(predicate="locatedIn", known="object")
    return None


def _latin(row: Sequence[Item]) -> bool:
    return any(i.kind != "entity" for i in row) and not any(has_han(i.text) for i in row if i.kind != "entity")


def _settled(row: list[Item]) -> list[Item]:
    """Where one word has several meanings, the one that its neighbours allow."""
    made: list[Item] = []
    has_metric = any(i.kind == "metric" for i in row)
    has_relation = any(i.kind == "relation" for i in row)
    for at, item in enumerate(row):
        before = row[at - 1].kind if at else ""
        if item.kind == "relation" and item.noun and item.types & _COUNTED and before in ("count", "amount"):
            made.append(replace(item, kind="metric", value=min(item.types & _COUNTED), noun=False, types=frozenset()))
        elif item.kind == "relation" and _other_sense(item, row):
            made.append(replace(item, value=_other_sense(item, row)))
        elif _idle_verb(item, row, before, has_metric=has_metric):
            made.append(replace(item, kind="skip"))
        elif item.kind == "where" and has_relation and any(i.value == "locatedIn" for i in row):
            made.append(replace(item, kind="which"))
        elif item.kind == "where" and not has_relation:
            made.append(replace(item, kind="relation", value="locatedIn", noun=True, end_named="object"))
        elif item.kind == "score" and not any("Benchmark" in i.types for i in row):
            made.append(replace(item, kind="skip" if has_metric or has_relation else "score"))
        else:
            made.append(item)
    return made


def _other_sense(item: Item, row: Sequence[Item]) -> str:
    """The relation of a verb with several senses, by the things beside it: to employ a person, to train on a chip."""
    types = {t for i in row if i.kind == "entity" for t in i.types}
    asked = {i.value for i in row if i.kind == "type"}
    if item.value == "uses" and "Person" in types:
        return "holdsPositionAt"
    if item.text.lower() in _TRAIN and "AIModel" in types and "Chip" in asked:
        return "uses"
    return ""


def _idle_verb(item: Item, row: Sequence[Item], before: str, *, has_metric: bool) -> bool:
    """Whether a verb only carries what stands beside it: made a profit, uses H100 for training; or is the noun that is asked for: which funds."""
    if item.kind != "relation" or item.noun:
        return False
    word = item.text.lower()
    used = any(i.value == "uses" and i is not item for i in row)
    asked = before == "which" and not has_han(item.text)
    return asked or (has_metric and word in _LIGHT) or (used and word in _TRAIN)


def _bounded(found: Question, held: set[str], kinds: set[str]) -> Question:
    """With the bound or the superlative, which fit only together with a number, or without one."""
    number = next((i for i in found.items if i.kind == "number"), None)
    sides = kinds & {"above", "below"}
    if number and len(sides) == 1:
        return replace(
            found,
            kinds=frozenset(held | {"bound"}),
            compare=">" if sides == {"above"} else "<",
            bound=_amount(found.text, number),
        )
    if number or sides:
        return replace(found, kinds=frozenset(held | {"number"}))
    if kinds & {"most", "least"}:
        order = "DESC" if "most" in kinds else "ASC"
        return replace(found, kinds=frozenset(held | {"extreme"}), order=order)
    return replace(found, kinds=frozenset(held))


def _amount(text: str, number: Item) -> float:
    """The number with its scale: 10 billion, 100亿."""
    for quantity in quantities(text[number.start :]):
        return float(quantity.value)
    return float(number.text)


def _steps(row: list[Item], relations: list[Item], entities: list[Item], lang: str) -> tuple[Step, ...]:
    if not relations:
        return ()
    if not entities:
        r = relations[0]
        return (Step(predicate=r.value, known=_OTHER[r.end_named] if r.noun else _bare(row, r)),)
    anchor = entities[0]
    first = min(relations, key=lambda r: (not r.noun if len(relations) > 1 else False, _gap(r, anchor)))
    steps = [Step(predicate=first.value, known=_known(row, first, anchor, lang))]
    for second in (r for r in relations if r is not first):
        # What the first step gives stands where its words stand.
        inner = replace(anchor, start=min(anchor.start, first.start), end=max(anchor.end, first.end), types=frozenset())
        rest = [inner if i is anchor else i for i in row if i is not first]
        steps.append(Step(predicate=second.value, known=_known(rest, second, inner, lang)))
    return tuple(steps)


def _bare(row: list[Item], verb: Item) -> str:
    """The end at which what is counted stands, in questions that name no entity: the asked one is the subject before the verb."""
    passive = any(i.kind == "passive" for i in row)
    asked = next((i for i in row if i.kind in ("who", "type")), None)
    active = asked is None or asked.start < verb.start
    return "object" if active != passive else "subject"


def _gap(one: Item, other: Item) -> tuple[int, int]:
    return (max(one.start - other.end, other.start - one.end), one.start)


def _known(row: list[Item], relation: Item, entity: Item, lang: str) -> str:
    """The end of the relation at which the entity stands."""
    end = _by_noun(row, relation, entity) if relation.noun else _by_verb(row, relation, entity, lang)
    if relation.end_named == "inverse":
        end = _OTHER[end]
    predicate = PREDICATES[relation.value]
    fits = {"subject": predicate.domain, "object": predicate.range}
    if entity.types and not entity.types & fits[end] and entity.types & fits[_OTHER[end]]:
        end = _OTHER[end]
    return end


def _by_noun(row: list[Item], noun: Item, entity: Item) -> str:
    """X's investors: the noun is asked for. Whose investor is X: the entity is what the noun says."""
    before = [i for i in row if i.end <= noun.start and i.kind != "skip"]
    after = [i for i in row if i.start >= noun.end and i.kind != "skip"]
    if sum(i.kind == "entity" for i in row) > 1:
        owns = any(i.kind == "of" and i.start == entity.end for i in row)
        return _OTHER[noun.end_named] if owns and entity.start < noun.start else noun.end_named
    asks_owner = (
        len(before) > 1 and before[-1].kind == "of" and before[-2].kind in _ASKING and entity.start < before[-2].start
    )
    whose = len(before) > 0 and before[-1].text.lower() == "whose" and not (after and after[0].kind == "of")
    stranded = bool(after) and after[0].kind == "of" and not any(i is entity for i in after)
    return noun.end_named if asks_owner or whose or stranded else _OTHER[noun.end_named]


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
