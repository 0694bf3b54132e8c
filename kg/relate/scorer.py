"""The learned scorer of claims: what the features of a pair say of each predicate, then trees that see the rivals of each claim.

What the features say is asked twice, and the mean of both is taken: a logistic regression, in which each counts for itself, and a network
over the sum of their vectors, in which they count together (a sum of vectors and a hidden layer, as in Iyyer et al. 2015). The two err on
different claims.

What speaks for "A develops X" is also what speaks for "B develops X" in the next clause; only one of them is meant. Gradient-boosted trees take the
log odds of a claim beside those of its rivals (another subject, another object, another predicate, the other direction), what is seen of it and of
them, and how sure the names of both ends are, and give a probability.
Weights are made by `make train` from the project's own corpus (`training/`) and read from
`weights/relations-{zh,en}.npz`. A feature that was never seen counts nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from kg.relate.forest import Forest
from kg.vocabulary import TYPES
from kg.weights import load, numbered, packed, save, shipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from kg.relate.pairs import Pair

_HOPELESS = -5.0
"""Log odds below which no rival can make a claim likely; its probability is given as 0."""
_FAR = 8.0
"""What stands, negative, for the log odds of a rival that is not there."""


@dataclass(frozen=True, slots=True)
class Scorer:
    """`weights` has a row a feature: its weight for each predicate (as many columns as `bias` has), then its vector."""

    predicates: Mapping[str, int]
    features: Mapping[str, int]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    together: tuple[NDArray[np.float32], ...]
    """Of the network over the sum of vectors: bias of the sum, weights and bias of its second layer."""
    forest: Forest
    """The trees over rivals."""

    def __call__(self, pairs: Sequence[Pair]) -> list[list[float]]:
        """The probability of each allowed predicate of each pair; the pairs are those of one passage."""
        sums = self.sums(pairs)
        chances = [[0.0] * len(p.predicates) for p in pairs]
        places, rows = rivals(pairs, sums, self.predicates)
        if places:
            for (pair, at), chance in zip(places, self.forest(rows).tolist(), strict=True):
                chances[pair][at] = chance
        return chances

    def sums(self, pairs: Sequence[Pair]) -> list[list[Sum]]:
        """Of each allowed predicate of many pairs what `log_odds` gives, by the features of each alone."""
        known, column = self.features.get, self.predicates
        rows_of: dict[int, NDArray[np.intp]] = {}
        sums = np.empty((len(pairs), self.weights.shape[1]), np.float32)

        def rows_in(group: Iterable[str]) -> NDArray[np.intp]:
            return np.array([row for f in group if (row := known(f)) is not None], np.intp)

        for out, pair in zip(sums, pairs, strict=True):
            groups = [rows_in(pair.own)]
            for group in pair.shared:
                some = rows_of.get(id(group))
                if some is None:
                    some = rows_of[id(group)] = rows_in(group)
                groups.append(some)
            rows = np.concatenate(groups)
            # Sorted: the order of a set, and with it the last digit of the sum, changes from run to run.
            rows.sort()
            np.add.reduce(self.weights.take(rows, axis=0), axis=0, out=out)
        return picked(log_odds(sums, self.bias, self.together), pairs, column)


def log_odds(
    sums: NDArray[np.float32], bias: NDArray[np.float32], together: tuple[NDArray[np.float32], ...]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """From the sums of the weights and vectors of features the log odds of each predicate (a row a pair), and how far the two models are from them."""
    alone, vectors = np.split(sums, [len(bias)], axis=1)
    vector_bias, out, out_bias = together
    one, two = alone + bias, np.tanh(vectors + vector_bias) @ out + out_bias
    return (one + two) / 2, (one - two) / 2


def picked(
    found: tuple[NDArray[np.float32], NDArray[np.float32]], pairs: Sequence[Pair], column: Mapping[str, int]
) -> list[list[Sum]]:
    """What `log_odds` gives of the predicates that each pair allows."""
    rows = (some.tolist() for some in found)
    return [
        [(odds[column[p]], apart[column[p]]) for p in pair.predicates]
        for odds, apart, pair in zip(*rows, pairs, strict=True)
    ]


def rivals(
    pairs: Sequence[Pair], sums: Sequence[Sequence[Sum]], predicates: Mapping[str, int]
) -> tuple[list[tuple[int, int]], NDArray[np.float32]]:
    """Which claims are not hopeless, as (pair, place of its predicate), and for each a row for the trees: it and its rivals, facts of it and of them."""
    by_object: dict[tuple[str, int], list[_Rival]] = defaultdict(list)
    by_subject: dict[tuple[str, int], list[_Rival]] = defaultdict(list)
    by_claim: dict[tuple[int, str, int], float] = {}
    for number, (pair, some) in enumerate(zip(pairs, sums, strict=True)):
        for predicate, (value, _) in zip(pair.predicates, some, strict=True):
            by_object[predicate, pair.right].append((value, number))
            by_subject[predicate, pair.left].append((value, number))
            by_claim[pair.left, predicate, pair.right] = value
    for lists in (by_object, by_subject):
        for values in lists.values():
            values.sort(reverse=True)
    seen: dict[int, tuple[float, ...]] = {}

    def seen_of(number: int) -> tuple[float, ...]:
        if number not in seen:
            seen[number] = _seen(pairs[number])
        return seen[number]

    places: list[tuple[int, int]] = []
    rows: list[tuple[float, ...]] = []
    for number, (pair, some) in enumerate(zip(pairs, sums, strict=True)):
        highest = sorted((value for value, _ in some), reverse=True)
        if highest[0] <= _HOPELESS:
            continue
        for at, (predicate, (value, apart)) in enumerate(zip(pair.predicates, some, strict=True)):
            if value <= _HOPELESS:
                continue
            places.append((number, at))
            row = [
                value,
                apart,
                next((v for v in highest if v != value), -_FAR),
                by_claim.get((pair.right, predicate, pair.left), -_FAR),
                predicates[predicate],
                f"p:{predicate}" in pair.own,
                len(pairs),
            ]
            for others in (by_object[predicate, pair.right], by_subject[predicate, pair.left]):
                best, rival = others[0] if others[0][1] != number else others[1] if len(others) > 1 else (-_FAR, None)
                row += (best, _above(value, others), _above(_LIKELY, others), len(others))
                row += _NO_RIVAL if rival is None else seen_of(rival)[:_OF_RIVALS]
                row.append(rival is not None and f"p:{predicate}" in pairs[rival].own)
            rows.append((*row, *seen_of(number)))
    if not places:
        return [], np.empty((0, 0), dtype=np.float32)
    return places, np.array(rows, dtype=np.float32)


def _above(value: float, others: Sequence[_Rival]) -> int:
    """How many of `others`, sorted from the highest, have more."""
    return bisect_left(others, -value, key=lambda rival: -rival[0])


Sum = tuple[float, float]
"""Log odds of a claim, and how far the regression is above them and the network below."""
_Rival = tuple[float, int]
"""Log odds of a claim, and the number of its pair."""
_LIKELY = -1.0
"""Log odds from which a rival is counted as one."""
_KINDS = sorted(TYPES)
_MARKS = (
    "B-speaker", "o:ab", "in-list", "together", "rival-subject", "rival-object", "subject-type-before-object", "not", "if", "asked",
    "A-main", "B-main", "A-first-line", "B-first-line", "A-first-of-type", "made-by", "made-by-other", "of-family",
)  # fmt: skip
"""Features of a pair that the trees see one by one."""


def _seen(pair: Pair) -> tuple[float, ...]:
    """What the trees see of a pair; the first of it also where it is a rival."""
    subject, obj = pair.subject, pair.object
    assert subject.mention is not None
    assert obj.mention is not None
    unseen = subject.unseen or obj.unseen
    return (
        -1 if unseen else max(0, max(subject.start, obj.start) - min(subject.end, obj.end)),
        unseen,
        pair.named[0],
        "A-speaker" in pair.own,
        pair.subject_sentence is not pair.object_sentence,
        subject.reference,
        pair.named[1],
        obj.reference,
        *(mark in pair.own for mark in _MARKS),
        _KINDS.index(subject.mention.type),
        _KINDS.index(obj.mention.type),
        subject.mention.score,
        obj.mention.score,
        subject.mention.entry is not None,
        obj.mention.entry is not None,
    )


_OF_RIVALS = 6
_NO_RIVAL = (-2,) * _OF_RIVALS


@cache
def scorer(lang: str) -> Scorer | None:
    """The scorer of a language; None where the package was built without weights."""
    return shipped("kg.relate", f"relations-{lang}.npz", read)


def read(path: Path) -> Scorer:
    """The weights that `write` wrote."""
    data = load(path)
    vectors = data["vectors"].astype(np.float32) * data["scale"]
    return Scorer(
        {str(p): i for i, p in enumerate(data["predicates"])},
        numbered(data["features"]),
        np.hstack([data["weights"].astype(np.float32), vectors]),
        data["bias"].astype(np.float32),
        tuple(data[f"together{n}"] for n in range(3)),
        Forest.of({name.removeprefix("forest_"): array for name, array in data.items() if name.startswith("forest_")}),
    )


def write(path: Path, made: Scorer) -> None:
    """Write weights as `read` reads them: two bytes a weight, one byte a number of a vector."""
    layers: dict[str, NDArray[np.generic]] = {
        f"together{n}": layer.astype(np.float32) for n, layer in enumerate(made.together)
    }
    layers |= {f"forest_{name}": array for name, array in made.forest.arrays().items()}
    weights, vectors = np.split(made.weights, [len(made.bias)], axis=1)
    scale = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), np.float32(1e-6)) / np.float32(127)
    save(
        path,
        predicates=np.array(list(made.predicates)),
        features=packed(made.features),
        weights=weights.astype(np.float16),
        vectors=np.round(vectors / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        bias=made.bias.astype(np.float32),
        **layers,
    )
