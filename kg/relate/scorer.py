"""The learned scorer of claims: logistic regression over the features of a pair, calibrated so that its figure is a probability.

Weights are made by `make train` from the project's own corpus (`training/`) and read from `weights/relations-{zh,en}.npz`, plain
arrays and no pickle. A feature that was never seen counts nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Scorer:
    """`weights` has a row a feature and a column a predicate."""

    predicates: Mapping[str, int]
    features: Mapping[str, int]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    slope: float
    offset: float
    """Platt's scaling (1999) of the sum, fitted on passages that the weights were not."""

    def __call__(self, features: Iterable[str], predicates: Sequence[str]) -> list[float]:
        """The probability of each predicate, from the features of a pair."""
        return self.each([(features, predicates)])[0]

    def each(self, some: Sequence[tuple[Iterable[str], Sequence[str]]]) -> list[list[float]]:
        """The probabilities of the predicates of many pairs, which is quicker than one pair at a time."""
        known, column = self.features.get, self.predicates
        sums = np.empty((len(some), len(self.bias)), np.float32)
        for out, (features, _) in zip(sums, some, strict=True):
            # Sorted: the order of a set, and with it the last digit of the sum, changes from run to run.
            rows = sorted([row for f in features if (row := known(f)) is not None])
            self.weights.take(rows, axis=0).sum(axis=0, out=out)
        chances = (1 / (1 + np.exp(-(self.slope * (sums + self.bias) + self.offset)))).tolist()
        return [[row[column[p]] for p in allowed] for row, (_, allowed) in zip(chances, some, strict=True)]


@cache
def scorer(lang: str) -> Scorer | None:
    """The scorer of a language; None where the package was built without weights."""
    path = files("kg.relate").joinpath("weights", f"relations-{lang}.npz")
    if not path.is_file():
        return None
    with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
        predicates = [str(p) for p in data["predicates"]]
        features = data["features"].tobytes().decode("utf-8").split("\n")
        return Scorer(
            {p: i for i, p in enumerate(predicates)},
            {f: i for i, f in enumerate(features)},
            data["weights"].astype(np.float32),
            data["bias"].astype(np.float32),
            float(data["scaling"][0]),
            float(data["scaling"][1]),
        )


def write(
    path: Path,
    predicates: Sequence[str],
    features: Sequence[str],
    weights: NDArray[np.float32],
    bias: NDArray[np.float32],
    scaling: tuple[float, float],
) -> None:
    """Write weights as `scorer` reads them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        path,
        predicates=np.array(predicates),
        features=np.frombuffer("\n".join(features).encode("utf-8"), dtype=np.uint8),
        weights=weights.astype(np.float16),
        bias=bias.astype(np.float32),
        scaling=np.array(scaling),
    )
