"""Train what tells whose a number is: a logistic regression over all that may have it, for each number of the training passages."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from kg.ids import content_id
from kg.relate.claims import found
from kg.relate.observations import asked
from kg.relate.whose import Weights, chosen, owners, spoken, write
from training.corpus import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.relate.whose import Owner
    from training.reading import Reading

_C = 0.3
_FOLDS = 3
_NEAR = 0.005
"""How far a value may be off, as `score.py` counts it."""


@dataclass(frozen=True, slots=True)
class Example:
    """All that may have one number, and whether it is theirs; `group` keeps what belongs to one passage in one fold."""

    group: str
    owners: Sequence[Owner]
    holds: tuple[bool, ...]


def of_reading(read: Reading) -> Iterator[Example]:
    """The numbers of a passage as read."""
    passage, reading, number = read.passage, read.annotated, read.number
    by_passage, claims = found(reading)
    about = spoken(reading)
    for ask in asked(reading, by_passage, claims):
        theirs = {
            subject
            for subject, _, value, *_ in passage.observations
            if abs(value - ask.quantity.value) <= _NEAR * abs(value)
        }
        some = owners(ask, reading, about)
        yield Example(passage.id, some, tuple(number.get(owner.cluster, -1) in theirs for owner in some))


def fit(examples: Sequence[Example]) -> Weights:
    """The weights that examples teach, so scaled that the odds of the one that is chosen are right on passages that taught nothing (Platt 1999)."""
    from sklearn.linear_model import LogisticRegression

    odds, holds = [], []
    for number in range(_FOLDS):
        made = _fitted([e for e in examples if _fold(e) != number])
        for example in (e for e in examples if _fold(e) == number and e.owners):
            some = made.odds(example.owners)
            at = chosen(example.owners, [1 / (1 + math.exp(-x)) for x in some])
            odds.append([some[at]])
            holds.append(example.holds[at])
    scale = LogisticRegression(C=1e3).fit(odds, holds)
    slope, shift = float(scale.coef_[0, 0]), float(scale.intercept_[0])
    made = _fitted(examples)
    return Weights(made.features, made.weights * np.float32(slope), made.bias * slope + shift)


def _fold(example: Example) -> int:
    return int(content_id("fold", example.group)[:8], 16) % _FOLDS


def _fitted(examples: Sequence[Example]) -> Weights:
    """Weights of all that may have a number, each for itself; a feature that was seen once teaches nothing."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    counts = Counter(f for e in examples for owner in e.owners for f in owner.features)
    names = {f: n for n, f in enumerate(sorted(f for f, count in counts.items() if count > 1))}
    rows = [sorted(names[f] for f in owner.features if f in names) for e in examples for owner in e.owners]
    indices = [column for row in rows for column in row]
    matrix = csr_matrix(
        (np.ones(len(indices), dtype=np.float32), indices, np.cumsum([0, *map(len, rows)])),
        shape=(len(rows), len(names)),
    )
    fitted = LogisticRegression(C=_C, max_iter=200).fit(matrix, [hold for e in examples for hold in e.holds])
    return Weights(names, fitted.coef_[0].astype(np.float32), float(fitted.intercept_[0]))


def train(lang: str, readings: Sequence[Reading]) -> None:
    """Fit and write the weights of a language."""
    some = [e for reading in readings for e in of_reading(reading)]
    write(ROOT.parent / "kg" / "relate" / "weights" / f"whose-{lang}.npz", fit(some))
    print(f"{lang}: {len(some)} numbers, {sum(any(e.holds) for e in some)} of them somebody's", flush=True)
