"""The judge of names: whether a surface form of a document is a name, and of which type, by all that its places say.

A small network over the features of `forms.py`, which learns what each source is worth beside the others. Weights are made by `make train`
and read from `weights/judge-{zh,en}.npz`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from kg.weights import load, numbered, packed, save, shipped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from kg.annotate.forms import Features


@dataclass(frozen=True, slots=True)
class Judge:
    """`layers` are weights and biases: a row a feature, rectified units, a column a class (the types, and `none`)."""

    classes: tuple[str, ...]
    features: Mapping[str, int]
    layers: tuple[NDArray[np.float32], ...]

    def __call__(self, found: Features) -> dict[str, float]:
        """The probability of each class."""
        first, first_bias, second, second_bias = self.layers
        # Sorted: the last digit of a sum depends on its order.
        known = {row: size for name, size in found.items() if (row := self.features.get(name)) is not None}
        rows = sorted(known)
        sizes = np.array([known[row] for row in rows], dtype=np.float32)
        hidden = np.maximum(sizes @ first[rows] + first_bias, 0)
        sums = hidden @ second + second_bias
        chances = np.exp(sums - sums.max())
        return dict(zip(self.classes, (chances / chances.sum()).tolist(), strict=True))


@cache
def judge(lang: str) -> Judge | None:
    """The judge of a language; None where the package was built without weights."""
    return shipped("kg.annotate", f"judge-{lang}.npz", read)


def read(path: Path) -> Judge:
    """The weights that `write` wrote."""
    data = load(path)
    return Judge(
        tuple(map(str, data["classes"])),
        numbered(data["features"]),
        tuple(data[f"layer{n}"].astype(np.float32) for n in range(4)),
    )


def write(path: Path, made: Judge) -> None:
    """Write weights as `read` reads them."""
    layers = {f"layer{n}": layer.astype(np.float16) for n, layer in enumerate(made.layers)}
    save(path, classes=np.array(made.classes), features=packed(made.features), **layers)
