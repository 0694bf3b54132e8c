"""Gradient-boosted trees as arrays: grown by scikit-learn in training, read without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_AT_ONCE = 512
"""Rows that go down the trees together, so that what they need of memory stays small."""


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees whose nodes stand one after the other: a row goes left where its `fact` is at most `most`; a leaf leads to itself."""

    roots: NDArray[np.int32]
    fact: NDArray[np.int32]
    most: NDArray[np.float64]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float64]
    """What a leaf adds to the log odds."""
    start: NDArray[np.float64]
    """The log odds before any tree, one number."""

    def __call__(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """The probability of each row of facts."""
        some = [self._log_odds(part) for part in np.split(rows, range(_AT_ONCE, len(rows), _AT_ONCE))]
        chances: NDArray[np.float64] = 1 / (1 + np.exp(-np.concatenate(some)))
        return chances

    def _log_odds(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        at = np.repeat(self.roots[None], len(rows), axis=0)
        numbers = np.arange(len(rows))[:, None]
        while True:
            goes_left = rows[numbers, self.fact.take(at)] <= self.most.take(at)
            below = np.where(goes_left, self.left.take(at), self.right.take(at))
            if np.array_equal(below, at):
                break
            at = below
        odds: NDArray[np.float64] = self.start + self.value.take(at).sum(axis=1)
        return odds

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """The fields by name, to be stored."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Forest:
        """What `arrays` gave."""
        return cls(**{name: arrays[name] for name in cls.__slots__})  # type: ignore[arg-type]
