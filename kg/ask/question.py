"""What a question holds, and which end of a relation its entity is: from the row of its items."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg.ask.ends import OTHER, Step, steps_of
from kg.ask.words import lexicon
from kg.relate.values import quantities
from kg.text import fold, has_han
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
_COUNTED = {"users", "customers", "subscribers"}
_ONLY = {
    "sum": {"metric", "other"},
    "growth": {"metric"},
    "shared": {"other"},
    "more": {"other"},
    "position": {"person"},
    "newest": {"relation"},
}
"""Marks that mean something only beside these."""


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
    role: str = ""
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
    row = _marked(_settled(list(row)))
    kinds = {i.kind for i in row}
    entities = [i for i in row if i.kind == "entity"]
    benchmark = _benchmark(entities, kinds)
    if benchmark:
        entities.remove(benchmark)
        row = [i for i in row if not (i.kind == "relation" and i.text.lower() in _LIGHT)]
    row = _single(row)
    relations = [i for i in row if i.kind == "relation"]
    lang = "zh" if has_han(text) and not _latin(row) else "en"
    together = len(entities) == 2 and len(relations) == 1 and _together(row, entities, kinds)
    found = Question(
        text=text,
        lang=lang,
        items=tuple(row),
        kinds=frozenset(),
        entities=tuple(entities),
        benchmark=benchmark,
        metrics=_metrics(row),
        types=_types(row),
        role=next((i.role for i in relations if i.role), ""),
        period=_period(row, kinds),
        steps=steps_of(row, relations, entities, lang, together=together),
    )
    if "position" in kinds and not found.steps:
        found = replace(found, steps=(Step(predicate="holdsPositionAt", known="subject"),))
    held = {i.kind for i in row} - _IDLE - {"above", "below", "most", "least", "number", "entity", "shared"}
    held |= {"list"} if kinds & {"list", "which", "who"} and held == {"type"} and not entities else set()
    implied = _implied(found, kinds) if held <= {"type", "count", "newest"} and len(entities) == 1 else None
    if implied:
        found, held = replace(found, steps=(implied,)), held | {"relation"}
    return _bounded(found, held | _shape(found, relations, kinds, together=together), kinds)


def _metrics(row: Sequence[Item]) -> tuple[str, ...]:
    """What is measured: of several words for it the likelier; to spend is an investment only where nothing else is told."""
    told = [i for i in row if i.kind == "metric"]
    told = [i for i in told if i.value != "investment"] or told
    return tuple(sorted({m for i in told for m in (i.value, *i.types)}))


def _types(row: Sequence[Item]) -> tuple[str, ...]:
    """The types asked for: none that stands beside a thing of it and describes it (the chip H100); where no word says one at first, what it may mean."""
    told = [i for n, i in enumerate(row) if i.kind == "type" and not _describes(row, n)]
    second = [] if told else [m["value"] for i in row for m in lexicon().get(fold(i.text), ()) if m["kind"] == "type"]
    return tuple(dict.fromkeys([i.value for i in told] or (second if not any(i.kind == "type" for i in row) else [])))


def _describes(row: Sequence[Item], at: int) -> bool:
    beside = (*row[max(at - 1, 0) : at], *row[at + 1 : at + 2])
    return any(i.kind == "entity" and row[at].value in i.types for i in beside)


def _period(row: Sequence[Item], kinds: set[str]) -> str:
    """The time that is named; of several the first, of growth the last."""
    told = [i.value for i in row if i.kind == "period" and i.value]
    return (max(told) if "growth" in kinds else told[0]) if told else ""


def _benchmark(entities: Sequence[Item], kinds: set[str]) -> Item | None:
    """The benchmark on which scores are asked for, if they are."""
    scoring = kinds & {"score", "above", "below", "most", "least"} or (len(entities) > 1 and "relation" not in kinds)
    if not scoring or kinds & {"connect", "mention"}:
        return None
    return next((e for e in entities if "Benchmark" in e.types), None)


def _together(row: Sequence[Item], entities: Sequence[Item], kinds: set[str]) -> bool:
    """Whether two things are told in one breath, and what both have is asked for."""
    between = [i for i in row if entities[0].end <= i.start and i.end <= entities[1].start and i.kind != "skip"]
    joined = [i.kind for i in between if i.kind != "shared"] == ["and"]
    asked = kinds & {"who", "which", "type", "list", "count"} or "shared" in kinds
    return bool(asked and (joined or "shared" in kinds) and not kinds & {"confirm", "when", "amount", "connect"})


def _shape(found: Question, relations: Sequence[Item], kinds: set[str], *, together: bool) -> set[str]:
    """What the question holds beside its marks: how many things and relations, and `surplus` where it says what no form can take."""
    things, entities = set[str](), found.entities
    things |= {"entity"} if entities else set()
    things |= {"other"} if len(entities) > 1 else set()
    things |= {"benchmark"} if found.benchmark else set()
    things |= {"relation2"} if len(relations) > 1 else set()
    things |= {"together"} if together else set()
    things |= {"office"} if found.role else set()
    things |= {"about"} if kinds <= {"entity", "which", "is", "skip"} and {"entity", "which"} <= kinds else set()
    asks = kinds & {
        "who",
        "which",
        "type",
        "list",
        "count",
        "when",
        "where",
        "amount",
        "confirm",
        "most",
        "least",
        "newest",
    }
    bare_verb = len(relations) == 1 and not relations[0].noun
    idle = bare_verb and len(entities) == 1 and not asks and not found.benchmark
    # The day is that of the store then; without one the words say nothing.
    timeless = "asof" in kinds and not found.period
    surplus = len(entities) > 2 or len(relations) > 2 or idle or timeless or _contradicts(found)
    return things | ({"surplus"} if surplus else set())


def _contradicts(found: Question) -> bool:
    """Whether the ontology does not allow what would be asked: a thing at an end that it cannot have, or a type that nothing there has."""
    if not found.steps or not found.entities:
        return False
    if len(found.entities) == 2 and len(found.steps) == 2:
        return False
    known: frozenset[str] = found.entities[0].types
    for step in found.steps:
        ends = {"subject": PREDICATES[step.predicate].domain, "object": PREDICATES[step.predicate].range}
        if not known & ends[step.known]:
            return True
        known = ends[OTHER[step.known]]
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


def _marked(row: list[Item]) -> list[Item]:
    """The row in which marks that mean something only beside others are idle without them."""
    kinds = {i.kind for i in row}
    entities = [i for i in row if i.kind == "entity"]
    beside = kinds | ({"other"} if len(entities) > 1 else set())
    beside |= {"person"} if any("Person" in e.types for e in entities) else set()
    beside |= {"relation"} if "type" in kinds else set()
    idle = {mark for mark, needed in _ONLY.items() if not needed <= beside}
    idle |= {"relation"} if "position" in kinds - idle else set()
    return [replace(i, kind="skip") if i.kind in idle and i.value != "holdsPositionAt" else i for i in row]


def _bounded(found: Question, held: set[str], kinds: set[str]) -> Question:
    """With the bound or the superlative, which fit only together with a number, or without one."""
    number = bound_of(found)
    sides = kinds & {"above", "below"}
    held = held - {"period"} if "asof" in held else held
    if number is not None and len(sides) == 1:
        compare = ">" if sides == {"above"} else "<"
        return replace(found, kinds=frozenset(held | {"bound"}), compare=compare, bound=number)
    if number is not None or sides:
        return replace(found, kinds=frozenset(held | {"number"}))
    if kinds & {"most", "least"}:
        order = "DESC" if "most" in kinds else "ASC"
        return replace(found, kinds=frozenset(held - {"count"} | {"extreme"}), order=order)
    return replace(found, kinds=frozenset(held))


def bound_of(question: Question) -> float | None:
    """The number of the question with its scale, if it tells one: 10 billion, 100亿."""
    number = next((i for i in question.items if i.kind == "number"), None)
    if number is None:
        return None
    told = number.text
    if not told[0].isdigit():
        told = str(_of_han(told))
    for quantity in quantities(told + question.text[number.end :]):
        return float(quantity.value)
    return float(told)


def _of_han(digits: str) -> int:
    """The number below a thousand that Chinese digits write: 八十, 一百二十."""
    total, last = 0, 0
    for digit in digits:
        if digit in "十百":
            total, last = total + (last or 1) * (10 if digit == "十" else 100), 0
        else:
            last = "一二三四五六七八九".find(digit.replace("两", "二")) + 1
    return total + last
