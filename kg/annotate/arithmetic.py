"""Arithmetic of the spaCy models: numpy's BLAS, which multiplies two to three times as fast as the one that thinc brings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from thinc.api import NumpyOps

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from spacy.language import Language


class Ops(NumpyOps):  # type: ignore[misc]  # thinc is typed Any here
    """thinc's operations for reading only: nothing is kept that training would need."""

    def __init__(self) -> None:
        super().__init__(use_blis=False)

    def maxout(self, X: NDArray[Any]) -> tuple[NDArray[Any], None]:  # noqa: N803  # thinc's signature
        """The largest of the pieces of each output; without which one it was, which only training asks."""
        best = X[:, :, 0].copy()
        for piece in range(1, X.shape[2]):
            np.maximum(best, X[:, :, piece], out=best)
        return best, None


def quicken(nlp: Language) -> Language:
    """`nlp` with `Ops` in all its models. It can no longer be trained."""
    ops = Ops()
    for _, pipe in nlp.pipeline:
        model = getattr(pipe, "model", None)
        for layer in model.walk() if model is not None else ():
            layer.ops = ops
    return nlp
