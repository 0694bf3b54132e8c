"""The learned scorer of claims: what the features of a pair say of each predicate, then a small network that sees the rivals of each claim.

What the features say is asked twice, and the mean of both is taken: a logistic regression, in which each counts for itself, and a network
over the sum of their vectors, in which they count together (a sum of vectors and a hidden layer, as in Iyyer et al. 2015). The two err on
different claims.

What speaks for "A develops X" is also what speaks for "B develops X" in the next clause; only one of them is meant. The last network takes the
log odds of a claim beside those of its rivals (another subject, another object, another predicate, the other direction) and gives a probability.
Weights are made by `make train` from the project's own corpus (`training/`) and read from
`weights/relations-{zh,en}.npz`. A feature that was never seen counts nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from kg.weights import load, numbered, packed, save, shipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from kg.relate.pairs import Pair

_HOPELESS = -6.0
"""Log odds below which no rival can make a claim likely; its probability is given as 0."""
_FAR = 8.0
"""Log odds are cut off here, either way; also what a rival has that is not there."""


@dataclass(frozen=True, slots=True)
class Scorer:
    """`weights` has a row a feature: its weight for each predicate (as many columns as `bias` has), then its vector."""

    predicates: Mapping[str, int]
    features: Mapping[str, int]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    together: tuple[NDArray[np.float32], ...]
    """Of the network over the sum of vectors: bias of the sum, weights and bias of its second layer."""
    network: tuple[NDArray[np.float32], ...]
    """Of the network over rivals: weights and biases of its two layers."""

    def __call__(self, pairs: Sequence[Pair]) -> list[list[float]]:
        """The probability of each allowed predicate of each pair; the pairs are those of one passage."""
        sums = self.sums(pairs)
        chances = [[0.0] * len(p.predicates) for p in pairs]
        places, rows = rivals(pairs, sums, self.predicates)
        if places:
            for (pair, at), chance in zip(places, self._chances(rows), strict=True):
                chances[pair][at] = chance
        return chances

    def sums(self, pairs: Sequence[Pair]) -> list[list[float]]:
        """The log odds of the predicates of many pairs, by the features of each alone."""
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
        found = log_odds(sums, self.bias, self.together).tolist()
        return [[row[column[p]] for p in pair.predicates] for row, pair in zip(found, pairs, strict=True)]

    def _chances(self, rows: NDArray[np.float32]) -> list[float]:
        first, first_bias, second, second_bias = self.network
        hidden = np.tanh(rows @ first + first_bias)
        chances: list[float] = (1 / (1 + np.exp(-(hidden @ second + second_bias))))[:, 0].tolist()
        return chances


def log_odds(
    sums: NDArray[np.float32], bias: NDArray[np.float32], together: tuple[NDArray[np.float32], ...]
) -> NDArray[np.float32]:
    """The log odds of each predicate (a row a pair) from the sums of the weights and vectors of features."""
    alone, vectors = np.split(sums, [len(bias)], axis=1)
    vector_bias, out, out_bias = together
    odds: NDArray[np.float32] = (alone + bias + np.tanh(vectors + vector_bias) @ out + out_bias) / 2
    return odds


def rivals(
    pairs: Sequence[Pair], sums: Sequence[Sequence[float]], predicates: Mapping[str, int]
) -> tuple[list[tuple[int, int]], NDArray[np.float32]]:
    """Which claims are not hopeless, as (pair, place of its predicate), and for each the network's input: sums of it and its rivals, facts."""
    by_object: dict[tuple[str, int], list[float]] = defaultdict(list)
    by_subject: dict[tuple[str, int], list[float]] = defaultdict(list)
    by_claim: dict[tuple[int, str, int], float] = {}
    for pair, some in zip(pairs, sums, strict=True):
        for predicate, value in zip(pair.predicates, some, strict=True):
            by_object[predicate, pair.right].append(value)
            by_subject[predicate, pair.left].append(value)
            by_claim[pair.left, predicate, pair.right] = value
    for lists in (by_object, by_subject):
        for values in lists.values():
            values.sort(reverse=True)
    places: list[tuple[int, int]] = []
    seen: list[tuple[float, ...]] = []
    facts: list[tuple[bool, ...]] = []
    for number, (pair, some) in enumerate(zip(pairs, sums, strict=True)):
        highest = sorted(some, reverse=True)
        told = (
            pair.subject_sentence is not pair.object_sentence,
            pair.subject.reference or pair.object.reference,
            "in-list" in pair.own,
        )
        for at, (predicate, value) in enumerate(zip(pair.predicates, some, strict=True)):
            if value <= _HOPELESS:
                continue
            places.append((number, at))
            seen.append(
                (
                    value,
                    _best(by_object[predicate, pair.right], value),
                    _best(by_subject[predicate, pair.left], value),
                    _best(highest, value),
                    by_claim.get((pair.right, predicate, pair.left), -_FAR),
                )
            )
            facts.append((f"p:{predicate}" in pair.own, *told))
    if not places:
        return [], np.empty((0, 0), dtype=np.float32)
    kinds = np.zeros((len(places), len(predicates)), dtype=np.float32)
    kinds[np.arange(len(places)), [predicates[pairs[number].predicates[at]] for number, at in places]] = 1.0
    return places, np.hstack([np.clip(seen, -_FAR, _FAR) / 4, facts, kinds], dtype=np.float32, casting="same_kind")


def _best(values: Sequence[float], own: float) -> float:
    """The highest of `values`, sorted from the highest, leaving out one that is the claim's own."""
    if values[0] != own:
        return values[0]
    return values[1] if len(values) > 1 else -_FAR


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
        tuple(data[f"network{n}"] for n in range(4)),
    )


def write(path: Path, made: Scorer) -> None:
    """Write weights as `read` reads them: two bytes a weight, one byte a number of a vector."""
    layers = {f"network{n}": layer.astype(np.float32) for n, layer in enumerate(made.network)}
    layers |= {f"together{n}": layer.astype(np.float32) for n, layer in enumerate(made.together)}
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
