"""What features say of a predicate: a logistic regression, and a network over the sum of their vectors, fitted to the pairs of examples."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from kg.relate.scorer import log_odds
from kg.vocabulary import PREDICATES
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from kg.relate.pairs import Pair
    from numpy.typing import NDArray

    Ids = NDArray[np.int32]

COLUMN = {p: n for n, p in enumerate(sorted(PREDICATES))}
"""The column of each predicate."""

_STRUCTURE = (
    "o:", "t:", "sd:", "d:", "c:", "n:", "in-list", "rival", "together", "subject-type", "not", "if", "asked", "A-", "B-", "T-", "T:A", "T:B",
    "made-by", "of-family", "object-begins", "subject-begins",
)  # fmt: skip
"""Features that mean the same for all predicates, and share a weight beside the one of each predicate."""
_C = 0.05
_LIGHT, _HEAVY = 0.08, 0.2
"""A weight that may be left out of the regression, and one from which on a feature has a vector. The network does better with a tenth of the features:
average precision over pairs of found names 0.484 in place of 0.458 in English, 0.552 in place of 0.526 in Chinese (that of the mean of both models
0.488 and 0.560)."""

_WIDTH = 48
_EPOCHS, _BATCH, _RATE, _DECAY = 4, 128, 0.05, 1e-5
_HIDDEN_FROM_IT = 0.3
"""Share of the features that an example is shown without, each time others, so that none is relied on."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Pairs as ids of their features, and a row each of what is known of the predicates: 1 holds, 0 does not, NaN not known or not allowed."""

    ids: Sequence[Ids]
    holds: NDArray[np.float32]

    @classmethod
    def joined(cls, some: Iterable[Rows]) -> Rows:
        """All of them after one another."""
        every = list(some)
        return cls(list(chain.from_iterable(r.ids for r in every)), np.vstack([r.holds for r in every]))


@dataclass(slots=True)
class Names:
    """The ids of features by their names, in order of appearance."""

    of: dict[str, int] = field(default_factory=dict)

    def rows(self, pairs: Sequence[Pair], holds: Sequence[Sequence[bool | None]]) -> Rows:
        """Pairs with what is known of their predicates."""
        known = np.full((len(pairs), len(COLUMN)), np.nan, dtype=np.float32)
        for row, pair, some in zip(known, pairs, holds, strict=True):
            for predicate, hold in zip(pair.predicates, some, strict=True):
                row[COLUMN[predicate]] = np.nan if hold is None else hold
        return Rows([self.ids(pair) for pair in pairs], known)

    def ids(self, pair: Pair) -> Ids:
        """The features of a pair, new ones included."""
        return np.array([self.of.setdefault(f, len(self.of)) for f in sorted(pair.features)], dtype=np.int32)


def shared(feature: str, predicate: str) -> str | None:
    """The name under which `feature` shares a weight between predicates: as it is, or as speaking for this or another predicate."""
    kind, _, rest = feature.partition(":")
    if kind in ("p", "r", "gs"):
        sign = rest[-1] if rest[-1] in "+-" else ""
        return f"{kind}:{'this' if rest.rstrip('+-') == predicate else 'other'}{sign}"
    if kind == "D":
        name, _, rest = rest.partition("|")
        return f"{kind}:{'this' if name == predicate else 'other'}|{rest}"
    if kind == "g":
        for zone in ("between", "before", "behind"):
            if rest.startswith(zone):
                return f"g:{zone}:{'this' if rest[len(zone) + 2 :] == predicate else 'other'}"
    return feature if feature.startswith(_STRUCTURE) else None


@dataclass(frozen=True, slots=True)
class Odds:
    """Both models over ids of features; the fields are those of `kg.relate.scorer.Scorer`. What is too light to count is zero."""

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    together: tuple[NDArray[np.float32], ...]

    def __call__(self, ids: Sequence[Ids]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Of each predicate of pairs what `log_odds` gives; features that came up after training count nothing."""
        sums = np.zeros((len(ids), self.weights.shape[1]), np.float32)
        for row, some in zip(sums, ids, strict=True):
            self.weights.take(some[some < len(self.weights)], axis=0).sum(axis=0, out=row)
        return log_odds(sums, self.bias, self.together)


def fit(names: Names, rows: Rows, rounds: int) -> Odds:
    """Both models, the first after so many rounds of L-BFGS, the second over the features that the first finds worth most."""
    weights, bias = _alone(list(names.of), rows, rounds)
    most = np.abs(weights).max(axis=1)
    weights[most <= _LIGHT] = 0
    vectors, together = _together(rows, most > _HEAVY)
    return Odds(np.hstack([weights, vectors]), bias, together)


def _alone(names: Sequence[str], rows: Rows, rounds: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights, feature by predicate, and bias of a logistic regression over all pairs and predicates at once."""
    width = len(COLUMN)
    common: dict[str, int] = {}
    shares = np.full((len(names), width), -1, dtype=np.int64)
    for row, name in zip(shares, names, strict=True):
        for predicate, column in COLUMN.items():
            if (to := shared(name, predicate)) is not None:
                row[column] = common.setdefault(to, len(common))
    pairs, predicates = np.nonzero(~np.isnan(rows.holds))
    counts = np.zeros(len(names) * width, dtype=np.int32)
    for pair, predicate in zip(pairs, predicates, strict=True):
        counts[rows.ids[pair] * width + predicate] += 1
    own = np.flatnonzero(counts > 1)
    place = np.full(len(counts), -1, dtype=np.int64)
    place[own] = np.arange(len(own))

    def columns() -> Iterator[NDArray[np.int64]]:
        for pair, predicate in zip(pairs, predicates, strict=True):
            ids = rows.ids[pair]
            each, together = place[ids * width + predicate], shares[ids, predicate]
            yield each[each >= 0]
            yield together[together >= 0] + len(own)
            yield np.array([len(own) + len(common) + predicate])

    some = list(columns())
    ends = np.cumsum([len(a) + len(b) + len(c) for a, b, c in zip(*[iter(some)] * 3, strict=True)])
    indices = np.concatenate(some).astype(np.int32)
    matrix = csr_matrix(
        (np.ones(len(indices), dtype=np.float32), indices, np.concatenate([[0], ends])),
        shape=(len(pairs), len(own) + len(common) + width),
    )
    matrix.sum_duplicates()
    found, intercept = _logistic(matrix, rows.holds[pairs, predicates], rounds)
    weights = np.zeros(len(counts))
    weights[own] = found[: len(own)]
    weights = weights.reshape(len(names), width)
    seen = np.zeros_like(shares, dtype=bool)
    seen.flat[own] = True
    seen = (shares >= 0) & seen.any(axis=1, keepdims=True)
    weights[seen] += found[len(own) + shares[seen]]
    return weights.astype(np.float32), (intercept + found[-width:]).astype(np.float32)


def _logistic(matrix: csr_matrix, holds: NDArray[np.float32], rounds: int) -> tuple[NDArray[np.float64], float]:
    """Weights and intercept of a logistic regression after so many rounds of L-BFGS.

    Each weight is sought in the unit in which the loss curves as much for all of them, about: in their own units frequent features hide the rare
    ones for hundreds of rounds (average precision over pairs of found names on validation passages after 60: 0.473 for 0.447 in English, 0.544 for 0.522 in Chinese).
    """
    turned = matrix.T.tocsr()
    rate = holds.mean()
    count = np.asarray(matrix.sum(axis=0)).ravel()
    share = (turned @ holds + 1) / (count + 1 / rate)
    unit = 1 / np.sqrt(count * share * (1 - share) + 1 / _C)

    def loss(sought: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = sought[:-1] * unit
        odds = (matrix @ weights.astype(np.float32) + np.float32(sought[-1])).astype(np.float64)
        wrong = 1 / (1 + np.exp(-odds)) - holds
        slope = (turned @ wrong.astype(np.float32) + weights / _C) * unit
        return (
            float(np.logaddexp(0, odds).sum() - (holds * odds).sum() + (weights**2).sum() / (2 * _C)),
            np.append(slope, wrong.sum()),
        )

    start = np.zeros(len(unit) + 1)
    start[-1] = np.log(rate / (1 - rate))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": rounds}).x
    return found[:-1] * unit, float(found[-1])


def _together(rows: Rows, heavy: NDArray[np.bool_]) -> tuple[NDArray[np.float32], tuple[NDArray[np.float32], ...]]:
    """A vector for each of the `heavy` features, zeros for the others, and the layers over their sum: cross entropy, Adagrad, a fixed seed."""
    chance = np.random.default_rng(7)
    ids = [some[heavy[some]] for some in rows.ids]
    known = ~np.isnan(rows.holds)
    holds = np.nan_to_num(rows.holds)
    vectors = (chance.standard_normal((len(heavy), _WIDTH)) * 0.03 * heavy[:, None]).astype(np.float32)
    bias = np.zeros(_WIDTH, np.float32)
    out = (chance.standard_normal((_WIDTH, len(COLUMN))) / np.sqrt(_WIDTH)).astype(np.float32)
    out_bias = np.full(len(COLUMN), -3, np.float32)
    step_vectors, step_bias, step_out, step_out_bias = (
        _adagrad(some) for some in (vectors[:, :1], bias, out, out_bias)
    )
    for _ in range(_EPOCHS):
        order = chance.permutation(len(ids))
        for batch in np.split(order, range(_BATCH, len(order), _BATCH)):
            shown = [some[chance.random(len(some)) >= _HIDDEN_FROM_IT] for some in (ids[n] for n in batch)]
            used, at = np.unique(np.concatenate(shown), return_inverse=True)
            there = np.full(len(at), 1 / (1 - _HIDDEN_FROM_IT), np.float32)
            x = csr_matrix((there, at, np.cumsum([0, *map(len, shown)])), shape=(len(batch), len(used)))
            here = vectors[used]
            hidden = np.tanh(x @ here + bias)
            wrong = (1 / (1 + np.exp(-(hidden @ out + out_bias))) - holds[batch]) * known[batch]
            back = (wrong @ out.T) * (1 - hidden**2)
            slope = x.T @ back + _DECAY * len(batch) * here
            vectors[used] -= slope * step_vectors(np.mean(slope**2, axis=1, keepdims=True), used)
            out -= (slope_out := hidden.T @ wrong) * step_out(slope_out**2)
            bias -= (slope_bias := back.sum(axis=0)) * step_bias(slope_bias**2)
            out_bias -= (slope_out_bias := wrong.sum(axis=0)) * step_out_bias(slope_out_bias**2)
    return vectors, (bias, out, out_bias)


def _adagrad(of: NDArray[np.float32]) -> Callable[..., NDArray[np.float32]]:
    """A function from squared slopes (of the rows that it names) to the rate of each, which falls with all that came before."""
    total = np.full(of.shape, 1e-3, np.float32)

    def step(squares: NDArray[np.float32], rows: NDArray[np.int64] | slice = slice(None)) -> NDArray[np.float32]:
        total[rows] += squares
        rate: NDArray[np.float32] = _RATE / np.sqrt(total[rows])
        return rate

    return step
