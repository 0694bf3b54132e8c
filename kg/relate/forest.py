"""Gradient-boosted trees as tables: grown by scikit-learn in training, read without it.

A row does not go down the trees. Each of its facts rules out leaves, in all trees at once: those to the left of every node that asks for less than
the fact is. What is left is ANDed over the facts, and of each tree the leftmost leaf that remains is where the row would have come to (QuickScorer,
Lucchese et al., SIGIR 2015).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

LEAVES = 32
"""The most leaves that a tree can have: a bit each, the lowest the leftmost."""
_AT_ONCE = 256
"""Rows that are looked up together, so that what they need of memory stays small."""


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees that know of each fact of a row which of their leaves it leaves open."""

    most: tuple[NDArray[np.float64], ...]
    """Of each fact the values that nodes compare it with, rising: a row goes left where its fact is at most that."""
    open: tuple[NDArray[np.uint32], ...]
    """Of each fact the leaves of each tree (a column) that stay open, by how many of its values (a row) the fact is above."""
    value: NDArray[np.float64]
    """What a leaf (a column) of a tree (a row) adds to the log odds."""
    start: NDArray[np.float64]
    """The log odds before any tree, one number."""

    def __call__(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """The probability of each row of facts."""
        some = [self._log_odds(part) for part in np.split(rows, range(_AT_ONCE, len(rows), _AT_ONCE))]
        chances: NDArray[np.float64] = 1 / (1 + np.exp(-np.concatenate(some)))
        return chances

    def _log_odds(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        left = np.full((len(rows), len(self.value)), 2**LEAVES - 1, np.uint32)
        for fact, most, still in zip(rows.T, self.most, self.open, strict=True):
            if len(most):
                left &= still.take(np.searchsorted(most, fact), axis=0)
        lowest = left & (~left + np.uint32(1))
        leaf = np.frexp(lowest.astype(np.float32))[1] - 1
        odds: NDArray[np.float64] = self.start + self.value.take(leaf + np.arange(len(self.value)) * LEAVES).sum(axis=1)
        return odds

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """What the trees are as arrays by name, to be stored."""
        return {
            "sizes": np.array([len(most) for most in self.most], np.int32),
            "most": np.concatenate(self.most),
            "open": np.concatenate(self.open),
            "value": self.value,
            "start": self.start,
        }

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Forest:
        """What `arrays` gave."""
        ends = np.cumsum(arrays["sizes"])[:-1]
        most, still = np.split(arrays["most"], ends), np.split(arrays["open"], ends + np.arange(1, len(ends) + 1))
        return cls(tuple(most), tuple(still), arrays["value"], arrays["start"])  # type: ignore[arg-type]
