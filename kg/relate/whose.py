"""Whose a number is: what its sentence names and what is spoken of, each with the odds that the number is its own.

A logistic regression over what is seen of each: where it stands, words around it and around the number, the metric, what the
document is about, and what the rules of `kg.relate.observations` say. Weights are made by `make train`
from the observations of the corpus and read from `weights/whose-{zh,en}.npz`.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from kg.relate.topics import topics
from kg.weights import load, numbered, packed, save, shipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from kg.annotate.inventory import Annotated
    from kg.model import Mention
    from kg.relate.sentences import Item, Sentence
    from kg.relate.topics import Topic
    from kg.relate.values import Quantity

_EARLIER = 6
"""Things named before in the passage that are looked at."""
_AROUND = 100
"""Words to each side of a number, and mentions before its sentence, among which its owner is sought: a table may be one long sentence."""
_BREAKS = frozenset("，,；;：:。")


@dataclass(frozen=True, slots=True)
class Ask:
    """A number whose owner is sought: where it stands, what it measures, and who has it by the rules."""

    sentence: Sentence
    quantity: Quantity
    metric: str
    kinds: tuple[str, ...]
    """The types that can have it, the likeliest first."""
    ruled: Mention | None
    when: str | None
    investors: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Owner:
    """A thing that may have the number, and what is seen of it."""

    mention: Mention
    cluster: int
    features: frozenset[str]


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a document is about, as far as numbers go."""

    about: Mapping[int, Topic]
    mains: frozenset[int]
    """What it names most of each type, and who speaks."""
    speaker: int | None
    by_passage: Mapping[int, Sequence[tuple[int, Mention]]]
    """Passage -> its mentions with their places, in order."""


def spoken(annotated: Annotated) -> Spoken:
    """What the document is about."""
    by_passage: dict[int, list[tuple[int, Mention]]] = {}
    for index, start, _, mention in annotated.mentions:
        by_passage.setdefault(index, []).append((start, mention))
    speaker = annotated.speaker
    about = topics(annotated)
    mains = {cluster for cluster, topic in about.items() if topic.main}
    if speaker is None:
        return Spoken(about, frozenset(mains), None, by_passage)
    telling = annotated.cluster_of[speaker.id]
    return Spoken(about, frozenset({*mains, telling} & set(about)), telling, by_passage)


def owners(ask: Ask, annotated: Annotated, about: Spoken) -> list[Owner]:
    """All that may have a number: what the sentence names, what the passage named last, what the document is about."""
    cluster_of, sentence = annotated.cluster_of, ask.sentence
    ruled = None if ask.ruled is None else cluster_of[ask.ruled.id]
    items = sentence.full or sentence.items
    here: dict[int, tuple[Item, int]] = {}
    number = sentence.start + ask.quantity.start
    at_number = bisect_right(items, number, key=lambda i: i.end)
    for at in range(max(0, at_number - _AROUND), min(len(items), at_number + _AROUND)):
        item = items[at]
        if item.mention is None:
            continue
        cluster = cluster_of[item.mention.id]
        if cluster not in here or _far(items, at, at_number) < _far(items, here[cluster][1], at_number):
            here[cluster] = (item, at)
    ranks: Counter[str] = Counter()
    found = []
    for cluster, (item, at) in sorted(here.items(), key=lambda some: _far(items, some[1][1], at_number)):
        assert item.mention is not None
        where = "unseen" if item.unseen else "before" if at < at_number else "behind"
        ranks[where] += 1
        ranks[where + item.mention.type] += 1
        features = {
            f"any:{where}{min(ranks[where], 3)}",
            f"same:{where}{min(ranks[where + item.mention.type], 3)}",
            *_placed(items, at, at_number, where),
        }
        found.append(
            Owner(item.mention, cluster, frozenset((*features, *_seen(cluster, item.mention, where, ask, about))))
        )
    earlier: dict[int, Mention] = {}
    passage = about.by_passage.get(sentence.passage, ())
    until = bisect_left(passage, sentence.start, key=lambda some: some[0])
    for _, mention in reversed(passage[max(0, until - _AROUND) : until]):
        earlier.setdefault(cluster_of[mention.id], mention)
        if len(earlier) == _EARLIER:
            break
    fits: Counter[str] = Counter()
    for cluster, mention in earlier.items():
        fits[mention.type] += 1
        if cluster not in here and mention.type in ask.kinds:
            own = (f"earlier:{min(fits[mention.type], 3)}", *_lacking(here, ask))
            found.append(Owner(mention, cluster, frozenset((*own, *_seen(cluster, mention, "earlier", ask, about)))))
    for cluster in sorted(about.mains if ruled is None else about.mains | {ruled}):
        topic = about.about[cluster]
        if cluster not in here and cluster not in earlier and topic.mention.type in ask.kinds:
            seen = (*_seen(cluster, topic.mention, "far", ask, about), *_lacking(here, ask))
            found.append(Owner(topic.mention, cluster, frozenset(seen)))
    return [Owner(o.mention, o.cluster, frozenset(_with_metric(o, ask, ruled=o.cluster == ruled))) for o in found]


_BY_METRIC = ("any:", "same:", "speaker:", "main:", "first:", "reference:", "c:", "named-between:")
"""What means something else for each metric: a price behind a name is another's than a number of employees behind it."""


def _with_metric(owner: Owner, ask: Ask, *, ruled: bool) -> Iterator[str]:
    """The features of a thing, and some of them with the metric."""
    yield from owner.features
    metric = ask.metric.removesuffix("_growth")
    for feature in owner.features:
        if feature.startswith(_BY_METRIC):
            yield f"{feature}|{metric}"
    if ruled:
        yield "ruled"
        yield f"ruled|{ask.metric}"


def _far(items: Sequence[Item], at: int, number: int) -> int:
    """Words between a thing and the number; what stands behind counts as a little farther."""
    return (number - at if at < number else at - number + 2) + 3 * items[at].reference


def _placed(items: Sequence[Item], at: int, number: int, where: str) -> Iterator[str]:
    """Words and marks around a thing of the sentence and around the number."""
    first, last = sorted((at, number))
    between = items[first + 1 : last]
    words = [i.word for i in between if i.word]
    yield f"d:{where}{_bucket(len(between))}"
    yield f"c:{where}{min(3, sum(w in _BREAKS for w in words))}"
    yield f"named-between:{where}{min(3, sum(i.mention is not None and not i.unseen for i in between))}"
    if items[at].reference:
        yield f"reference:{where}"
        yield f"reference:{items[at].word.lower() or 'unseen'}"
    if not any(i.mention is not None and not i.unseen for i in items[:at]):
        yield f"first:{where}"
    before = items[at - 1].word if at else "^"
    behind = items[at + 1].word if at + 1 < len(items) else "$"
    yield f"x:{before}"
    yield f"y:{behind}"
    yield f"xy:{before}_{behind}"
    for word in words if len(words) < 9 else (*words[:4], *words[-4:]):
        yield f"w:{where}{word}"
    for item in items[number + 1 : number + 4]:
        yield f"z:{where}{item.word}"
    for item in items[max(0, number - 2) : number]:
        yield f"q:{where}{item.word}"


def _lacking(here: Mapping[int, tuple[Item, int]], ask: Ask) -> Iterator[str]:
    """Whether the sentence itself names what could have the number."""
    kinds = {i.mention.type for i, _ in here.values() if i.mention is not None}
    yield f"here:{'first' if ask.kinds[0] in kinds else 'some' if kinds & set(ask.kinds) else 'none'}"


def _seen(cluster: int, mention: Mention, where: str, ask: Ask, about: Spoken) -> Iterator[str]:
    """What is known of a thing without its place."""
    kind = mention.type
    yield f"at:{where}"
    yield f"at:{where}|{kind}>{ask.kinds[0]}"
    yield f"at:{where}|{ask.metric}"
    yield f"at:{where}|{ask.quantity.unit}"
    yield f"t:{kind}|{ask.metric}"
    yield f"fits:{ask.kinds.index(kind) if kind in ask.kinds else 'not'}"
    if cluster == about.speaker:
        yield f"speaker|{ask.kinds[0]}"
        yield f"speaker:{where}"
    topic = about.about.get(cluster)
    if topic is not None:
        yield f"named:{_bucket(topic.named)}"
        if topic.main:
            yield f"main:{where}"
            yield f"main|{kind}>{ask.kinds[0]}"
        if topic.first_line:
            yield "first-line"
    if cluster in ask.investors:
        yield "invests"
        yield f"invests|{ask.metric}"


def _bucket(number: int) -> str:
    return str(number) if number < 4 else "4-6" if number < 7 else "7-12" if number < 13 else "13+"


@dataclass(frozen=True, slots=True)
class Weights:
    """A weight for each feature."""

    features: Mapping[str, int]
    weights: NDArray[np.float32]
    bias: float

    def chances(self, some: Sequence[Owner]) -> list[float]:
        """The probability that the number is of each thing, each for itself."""
        return [1 / (1 + math.exp(-odds)) for odds in self.odds(some)]

    def odds(self, some: Sequence[Owner]) -> list[float]:
        """The log odds of the same."""
        # Sorted: the order of a set, and with it the last digit of the sum, changes from run to run.
        rows = (sorted(row for f in owner.features if (row := self.features.get(f)) is not None) for owner in some)
        return [self.bias + float(self.weights.take(found).sum()) for found in rows]


_SURER = 3.0
"""How many times likelier than the one that the rules name another has to be, to get the number. Of 1, 1.5, 2, 3 and 5 the best on English
validation passages (F1 0.475 against 0.464 for 1), chosen with the English gold documents in view as well."""


def chosen(some: Sequence[Owner], chances: Sequence[float]) -> int:
    """The place of the one that gets the number: the likeliest, or whom the rules name where it is not much likelier."""
    best = max(range(len(some)), key=lambda at: chances[at])
    ruled = next((at for at, owner in enumerate(some) if "ruled" in owner.features), best)
    return best if chances[best] > _SURER * chances[ruled] else ruled


@cache
def weights(lang: str) -> Weights | None:
    """The weights of a language; None where the package was built without them."""
    return shipped("kg.relate", f"whose-{lang}.npz", read)


def read(path: Path) -> Weights:
    """The weights that `write` wrote."""
    data = load(path)
    return Weights(numbered(data["features"]), data["weights"].astype(np.float32), float(data["bias"]))


def write(path: Path, made: Weights) -> None:
    """Write weights as `read` reads them."""
    save(
        path,
        features=packed(made.features),
        weights=made.weights.astype(np.float16),
        bias=np.array(made.bias, dtype=np.float32),
    )
