"""Train the scorer of claims: features of all pairs of the training passages, logistic regression, and the network over rivals on sums out of fold.

python -m training.relations zh en
"""

from __future__ import annotations

import json
import sys
import warnings
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from kg.ids import content_id
from kg.relate import pairs
from kg.relate.claims import found
from kg.relate.scorer import Scorer, rivals, scorer, write
from kg.relate.sentences import sentences
from kg.vocabulary import PREDICATES
from training.corpus import ROOT, passages
from training.reading import annotated, fold, found_in
from training.sentences import marked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from kg.annotate.inventory import Annotated
    from kg.relate.pairs import Pair
    from training.corpus import Passage

_STRUCTURE = (
    "o:", "t:", "sd:", "d:", "c:", "n:", "in-list", "rival", "together", "subject-type", "not", "if", "asked", "A-", "B-", "T-", "T:A", "T:B",
    "made-by", "of-family", "object-begins", "subject-begins",
)  # fmt: skip
"""Features that mean the same for all predicates, and share a weight beside the one of each predicate."""
_C = 0.3
_FOLDS = 3


@dataclass(frozen=True, slots=True)
class Example:
    """The pairs of a stretch of text and, for each predicate of each, whether it is stated; None where that is not known.

    `group` keeps what belongs to one passage in one fold.
    """

    group: str
    pairs: tuple[Pair, ...]
    holds: tuple[tuple[bool | None, ...], ...]


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


def of_passage(passage: Passage) -> Iterator[Example]:
    """The examples of a passage: with its marked mentions, and with those that are found in it, whose mistakes are part of life."""
    gold = _stated(passage)
    for reading, number in (annotated(passage), found_in(passage, fold(passage))):
        for some in candidates(reading):
            ends = [(number.get(pair.left, -1), number.get(pair.right, -1)) for pair in some]
            holds = (tuple((a, p, b) in gold for p in pair.predicates) for (a, b), pair in zip(ends, some, strict=True))
            yield Example(passage.id, some, tuple(holds))


def _stated(passage: Passage) -> set[tuple[int, str, int]]:
    gold = {(s, p, o) for s, p, o, _ in passage.claims}
    return gold | {(o, p, s) for s, p, o in gold if PREDICATES[p].symmetric}


def candidates(reading: Annotated) -> Iterator[tuple[Pair, ...]]:
    """The pairs of each stretch of a document, as extraction forms them."""
    by_passage = defaultdict(list)
    for sentence in sentences(reading):
        by_passage[sentence.passage].append(sentence)
    claims = found(reading, [s for some in by_passage.values() for s in some])
    return (some for _, some in pairs.candidates(by_passage, reading, claims))


def of_sentences(lang: str) -> Iterator[Example]:
    """Examples of the sentences written for one predicate each; only that predicate is known of their pairs."""
    for path in sorted((ROOT / lang).glob("relations-*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            reading, subjects, objects = marked(row["text"], lang)
            name = {reading.cluster_of[m.id]: m.text for *_, m in reading.mentions}
            for some in candidates(reading):
                holds = tuple(
                    tuple(
                        _reads(row, name[pair.left], name[pair.right], subjects, objects)
                        if p == row["predicate"]
                        else None
                        for p in pair.predicates
                    )
                    for pair in some
                )
                yield Example(content_id("sentence", line), some, holds)


def _reads(row: Mapping[str, Any], left: str, right: str, subjects: Collection[str], objects: Collection[str]) -> bool:
    """Whether the sentence of `row` states its predicate of the two names."""
    stated = left in subjects and right in objects
    turned = PREDICATES[row["predicate"]].symmetric and right in subjects and left in objects
    return bool(row["holds"]) and (stated or turned)


def annotated_examples(lang: str, some: Iterable[Passage]) -> tuple[np.ndarray, np.ndarray]:
    """Probability and truth of each pair and predicate of the marked things of passages, by the scorer that is shipped."""
    judge = scorer(lang)
    chances, holds = [], []
    for passage in some:
        gold = _stated(passage)
        for pairs_here in candidates(annotated(passage)[0]):
            if judge is not None:
                chances += chain.from_iterable(judge(pairs_here))
                holds += [(pair.left, p, pair.right) in gold for pair in pairs_here for p in pair.predicates]
    return np.array(chances), np.array(holds, dtype=bool)


class Model:
    """Logistic regression whose weights fold into one table, feature by predicate."""

    def __init__(self, examples: Sequence[Example]) -> None:
        from scipy.sparse import csr_matrix
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.linear_model import LogisticRegression

        counts = Counter((p, f) for pair, p, _ in _known(examples) for f in pair.features)
        self._columns: dict[object, int] = {}
        self._kept = {key for key, n in counts.items() if n > 1}
        rows, holds = [], []
        for pair, predicate, hold in _known(examples):
            rows.append(self._row(pair, predicate, grow=True))
            holds.append(hold)
        starts = np.concatenate([[0], np.cumsum([len(r) for r in rows])]).astype(np.int32)
        indices = np.concatenate([np.array(r, dtype=np.int32) for r in rows])
        matrix = csr_matrix(
            (np.ones(len(indices), dtype=np.float32), indices, starts), shape=(len(rows), len(self._columns))
        )
        matrix.sum_duplicates()
        # Stopped before it has wholly converged, which costs nothing on held-out passages and spares minutes.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            fitted = LogisticRegression(C=_C, solver="lbfgs", max_iter=60).fit(matrix, holds)
        self._weights = fitted.coef_[0].astype(np.float64)
        self._intercept = float(fitted.intercept_[0])

    def _row(self, pair: Pair, predicate: str, *, grow: bool) -> list[int]:
        names: list[object] = [f"={predicate}"]
        for feature in sorted(pair.features):
            if (predicate, feature) in self._kept:
                names.append((predicate, feature))
            if (name := shared(feature, predicate)) is not None:
                names.append(name)
        columns = self._columns
        if grow:
            return [columns.setdefault(n, len(columns)) for n in names]
        return [columns[n] for n in names if n in columns]

    def __call__(self, pair: Pair, predicate: str) -> float:
        """The log odds of a predicate of a pair."""
        return float(self._weights[self._row(pair, predicate, grow=False)].sum() + self._intercept)

    def table(self) -> tuple[dict[str, int], dict[str, int], np.ndarray, np.ndarray]:
        """Predicates, features, weights and bias as the scorer uses them."""
        weight = {name: self._weights[column] for name, column in self._columns.items()}
        predicates = sorted(PREDICATES)
        features = sorted({f for _, f in self._kept})
        weights = np.zeros((len(features), len(predicates)), dtype=np.float32)
        for row, feature in enumerate(features):
            for column, predicate in enumerate(predicates):
                value = weight.get((predicate, feature), 0.0)
                if (name := shared(feature, predicate)) is not None:
                    value += weight.get(name, 0.0)
                weights[row, column] = value
        heavy = np.abs(weights).max(axis=1) > _LIGHT
        bias = np.array([self._intercept + weight.get(f"={p}", 0.0) for p in predicates], dtype=np.float32)
        kept = [f for f, keep in zip(features, heavy, strict=True) if keep]
        return {p: i for i, p in enumerate(predicates)}, {f: i for i, f in enumerate(kept)}, weights[heavy], bias


_LIGHT = 0.02
"""A weight that may be left out: it moves no claim."""


def _known(examples: Iterable[Example]) -> Iterator[tuple[Pair, str, bool]]:
    for example in examples:
        for pair, holds in zip(example.pairs, example.holds, strict=True):
            for predicate, hold in zip(pair.predicates, holds, strict=True):
                if hold is not None:
                    yield pair, predicate, hold


def _fold(group: str) -> int:
    return int(content_id("fold", group)[:8], 16) % _FOLDS


def fit(own: Sequence[Example], extra: Sequence[Example]) -> Scorer:
    """The scorer that examples of passages and of single sentences teach."""
    predicates = {p: i for i, p in enumerate(sorted(PREDICATES))}
    rows, holds = [], []
    for number in range(_FOLDS):
        model = Model([*(e for e in own if _fold(e.group) != number), *extra])
        for example in own:
            if _fold(example.group) != number:
                continue
            sums = [[model(pair, p) for p in pair.predicates] for pair in example.pairs]
            places, some = rivals(example.pairs, sums, predicates)
            if places:
                rows.append(some)
                holds += [bool(example.holds[pair][at]) for pair, at in places]
    return Scorer(*Model([*own, *extra]).table(), _network(np.concatenate(rows), np.array(holds)))


def _network(rows: np.ndarray, holds: np.ndarray) -> tuple[np.ndarray, ...]:
    """The layers of the network over rivals, fitted on passages that the sums were not."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        fitted = MLPClassifier(
            (_HIDDEN,), activation="tanh", alpha=0.01, batch_size=512, max_iter=25, random_state=7
        ).fit(rows, holds)
    (first, second), (first_bias, second_bias) = fitted.coefs_, fitted.intercepts_
    return first, first_bias, second, second_bias


_HIDDEN = 24


def train(lang: str) -> None:
    """Fit, calibrate and write the scorer of a language."""
    own = [e for p in passages(lang) if not p.validation for e in of_passage(p)]
    extra = list(of_sentences(lang))
    made = fit(own, extra)
    path = ROOT.parent / "kg" / "relate" / "weights" / f"relations-{lang}.npz"
    write(path, made)
    stated = sum(hold for *_, hold in _known(own))
    print(
        f"{lang}: {sum(1 for _ in _known(own))} candidates of passages ({stated} hold), {sum(1 for _ in _known(extra))} of sentences; "
        f"{len(made.features)} features, {path.stat().st_size / 1e6:.1f} MB"
    )


if __name__ == "__main__":
    for name in sys.argv[1:] or ("zh", "en"):
        train(name)
