"""Train the scorer of claims: features of all pairs of the training passages, logistic regression, Platt's scaling out of fold.

python -m training.relations zh en
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from kg.ids import content_id
from kg.relate.claims import found
from kg.relate.pairs import pairs
from kg.relate.scorer import scorer, write
from kg.relate.sentences import sentences
from kg.vocabulary import PREDICATES
from training.corpus import ROOT, passages
from training.reading import annotated, found_in
from training.sentences import marked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.annotate.inventory import Annotated
    from kg.relate.pairs import Pair
    from training.corpus import Passage

_STRUCTURE = (
    "o:", "t:", "sd:", "d:", "c:", "n:", "in-list", "rival", "together", "subject-type", "not", "if", "asked", "A-", "B-",
    "made-by", "of-family", "object-begins", "subject-begins",
)  # fmt: skip
"""Features that mean the same for all predicates, and share a weight beside the one of each predicate."""
_C = 1.0
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Example:
    """A pair and a predicate: whether the passage states it. `group` keeps the examples of a passage in one fold."""

    group: str
    triple: tuple[int, str, int]
    features: frozenset[str]
    holds: bool


def shared(feature: str, predicate: str) -> str | None:
    """The name under which `feature` shares a weight between predicates: as it is, or as speaking for this or another predicate."""
    kind, _, rest = feature.partition(":")
    if kind in ("p", "r", "gs"):
        sign = rest[-1] if rest[-1] in "+-" else ""
        return f"{kind}:{'this' if rest.rstrip('+-') == predicate else 'other'}{sign}"
    if kind == "g":
        for zone in ("between", "before", "behind"):
            if rest.startswith(zone):
                return f"g:{zone}:{'this' if rest[len(zone) + 2 :] == predicate else 'other'}"
    return feature if feature.startswith(_STRUCTURE) else None


def of_passage(passage: Passage) -> list[Example]:
    """All examples of a passage: with its marked mentions, and with those that are found in it, whose mistakes are part of life."""
    gold = {(s, p, o) for s, p, o, _ in passage.claims}
    gold |= {(o, p, s) for s, p, o in gold if PREDICATES[p].symmetric}
    examples = []
    for reading, number in (annotated(passage), found_in(passage)):
        for pair in candidates(reading):
            left, right = number.get(pair.left, -1), number.get(pair.right, -1)
            examples += [
                Example(passage.id, (left, p, right), pair.features, (left, p, right) in gold) for p in pair.predicates
            ]
    return examples


def candidates(reading: Annotated) -> Iterator[Pair]:
    """The pairs of a document, as extraction forms them."""
    by_passage = defaultdict(list)
    for sentence in sentences(reading):
        by_passage[sentence.passage].append(sentence)
    claims = found(reading, [s for some in by_passage.values() for s in some])
    for number, some in by_passage.items():
        yield from pairs(some, reading.cluster_of, claims.get(number, ()), reading.speaker)


def of_sentences(lang: str) -> Iterator[Example]:
    """Examples of the sentences written for one predicate each; only that predicate is known of their pairs."""
    for path in sorted((ROOT / lang).glob("relations-*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            reading, subjects, objects = marked(row["text"], lang)
            name = {reading.cluster_of[m.id]: m.text for *_, m in reading.mentions}
            for pair in candidates(reading):
                if row["predicate"] not in pair.predicates:
                    continue
                ends = name[pair.left], name[pair.right]
                hit = ends[0] in subjects and ends[1] in objects
                if PREDICATES[row["predicate"]].symmetric:
                    hit |= ends[1] in subjects and ends[0] in objects
                yield Example(
                    content_id("sentence", line),
                    (pair.left, row["predicate"], pair.right),
                    pair.features,
                    hit and row["holds"],
                )


def annotated_examples(lang: str, some: Iterable[Passage]) -> tuple[np.ndarray, np.ndarray]:
    """Probability and truth of each pair and predicate of the marked things of passages, by the scorer that is shipped."""
    judge = scorer(lang)
    chances, holds = [], []
    for passage in some:
        gold = {(s, p, o) for s, p, o, _ in passage.claims}
        gold |= {(o, p, s) for s, p, o in gold if PREDICATES[p].symmetric}
        for pair in candidates(annotated(passage)[0]):
            if judge is not None:
                chances += judge(pair.features, pair.predicates)
                holds += [(pair.left, p, pair.right) in gold for p in pair.predicates]
    return np.array(chances), np.array(holds, dtype=bool)


class Model:
    """Logistic regression whose weights fold into one table: feature by predicate."""

    def __init__(self, examples: Sequence[Example]) -> None:
        from sklearn.feature_extraction import DictVectorizer
        from sklearn.linear_model import LogisticRegression

        counts = Counter(f for e in examples for f in e.features)
        self._kept = {f for f, n in counts.items() if n > 1}
        self._names = DictVectorizer(sort=True)
        matrix = self._names.fit_transform([self._row(e) for e in examples])
        matrix.indices, matrix.indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
        self._model = LogisticRegression(C=_C, solver="liblinear", max_iter=200, random_state=7)
        self._model.fit(matrix, [e.holds for e in examples])

    def _row(self, example: Example) -> dict[str, float]:
        predicate = example.triple[1]
        row: dict[str, float] = {f"={predicate}": 1.0}
        for feature in example.features & self._kept:
            row[f"{predicate}|{feature}"] = 1.0
            if (name := shared(feature, predicate)) is not None:
                row[name] = row.get(name, 0.0) + 1.0
        return row

    def sums(self, examples: Sequence[Example]) -> np.ndarray:
        """The linear score of each example."""
        return self._model.decision_function(self._names.transform([self._row(e) for e in examples]))

    def table(self) -> tuple[list[str], list[str], np.ndarray, np.ndarray]:
        """Predicates, features, weights and bias as the scorer uses them."""
        weight = dict(zip(self._names.get_feature_names_out(), self._model.coef_[0], strict=True))
        predicates = sorted(PREDICATES)
        features = sorted(self._kept)
        table = np.zeros((len(features), len(predicates)), dtype=np.float32)
        for row, feature in enumerate(features):
            for column, predicate in enumerate(predicates):
                value = weight.get(f"{predicate}|{feature}", 0.0)
                if (name := shared(feature, predicate)) is not None:
                    value += weight.get(name, 0.0)
                table[row, column] = value
        heavy = np.abs(table).max(axis=1) > 0.02
        bias = np.array([self._model.intercept_[0] + weight.get(f"={p}", 0.0) for p in predicates], dtype=np.float32)
        return predicates, [f for f, keep in zip(features, heavy, strict=True) if keep], table[heavy], bias


def _platt(sums: np.ndarray, holds: Iterable[bool]) -> tuple[float, float]:
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=1e6).fit(sums.reshape(-1, 1), list(holds))
    return float(fitted.coef_[0][0]), float(fitted.intercept_[0])


def _fold(group: str) -> int:
    return int(content_id("fold", group)[:8], 16) % _FOLDS


def train(lang: str) -> None:
    """Fit, calibrate and write the scorer of a language."""
    own = [e for p in passages(lang) if not p.validation for e in of_passage(p)]
    extra = list(of_sentences(lang))
    held: list[float] = []
    truth: list[bool] = []
    for number in range(_FOLDS):
        rest = [e for e in own if _fold(e.group) == number]
        model = Model([e for e in own if _fold(e.group) != number] + extra)
        held += list(model.sums(rest))
        truth += [e.holds for e in rest]
    scaling = _platt(np.array(held), truth)
    model = Model(own + extra)
    path = ROOT.parent / "kg" / "relate" / "weights" / f"relations-{lang}.npz"
    predicates, features, weights, bias = model.table()
    write(path, predicates, features, weights, bias, scaling)
    print(
        f"{lang}: {len(own)} pairs of passages ({sum(e.holds for e in own)} hold), {len(extra)} of sentences; "
        f"{len(features)} features, {path.stat().st_size / 1e6:.1f} MB, scaling {scaling[0]:.2f} {scaling[1]:+.2f}"
    )


if __name__ == "__main__":
    for name in sys.argv[1:] or ("zh", "en"):
        train(name)
