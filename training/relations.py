"""Train the scorer of claims: what features say (`training.odds`), and the trees over rivals on what is said of passages out of fold."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from kg.ids import content_id
from kg.relate import pairs
from kg.relate.claims import found
from kg.relate.forest import LEAVES, Forest
from kg.relate.scorer import Scorer, picked, rivals, scorer, write
from kg.vocabulary import PREDICATES
from training.corpus import ROOT
from training.odds import COLUMN, Names, Rows
from training.odds import fit as fit_odds
from training.reading import numbered
from training.sentences import marked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from kg.annotate.inventory import Annotated
    from kg.relate.pairs import Pair
    from training.corpus import Passage
    from training.reading import Reading

_FOLDS = 3


@dataclass(frozen=True, slots=True)
class Example:
    """The pairs of a stretch of text and, for each predicate of each, whether it is stated; None where that is not known.

    `group` keeps what belongs to one passage in one fold.
    """

    group: str
    pairs: tuple[Pair, ...]
    holds: tuple[tuple[bool | None, ...], ...]
    found: bool = False
    """Whether its mentions were found, not marked."""


def of_reading(reading: Reading) -> Iterator[Example]:
    """The examples of a passage as read."""
    gold, number = _stated(reading.passage), reading.number
    for some in candidates(reading.annotated):
        ends = [(number.get(pair.left, -1), number.get(pair.right, -1)) for pair in some]
        holds = (tuple((a, p, b) in gold for p in pair.predicates) for (a, b), pair in zip(ends, some, strict=True))
        yield Example(reading.passage.id, some, tuple(holds), reading.found)


def _stated(passage: Passage) -> set[tuple[int, str, int]]:
    gold = {(s, p, o) for s, p, o, _ in passage.claims}
    return gold | {(o, p, s) for s, p, o in gold if PREDICATES[p].symmetric}


def candidates(reading: Annotated) -> Iterator[tuple[Pair, ...]]:
    """The pairs of each stretch of a document, as extraction forms them."""
    by_passage, claims = found(reading)
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


def weighed(passage: Passage, reading: Annotated) -> tuple[list[float], list[bool]]:
    """Probability and truth of each pair and predicate of the things that are found in a passage, by the scorer that is shipped."""
    judge = scorer(passage.lang)
    gold, number = _stated(passage), numbered(reading, passage)
    chances: list[float] = []
    holds: list[bool] = []
    for some in candidates(reading) if judge is not None else ():
        chances += chain.from_iterable(judge(some))
        ends = [(number.get(pair.left, -1), number.get(pair.right, -1)) for pair in some]
        holds += [(a, p, b) in gold for (a, b), pair in zip(ends, some, strict=True) for p in pair.predicates]
    return chances, holds


def _fold(group: str) -> int:
    return int(content_id("fold", group)[:8], 16) % _FOLDS


def fit(own: Sequence[Example], extra: Sequence[Example], rounds: int) -> Scorer:
    """The scorer that examples of passages and of single sentences teach."""
    names = Names()
    rows = [names.rows(e.pairs, e.holds) for e in own]
    single = [names.rows(e.pairs, e.holds) for e in extra]
    inputs, holds = [], []
    for number in range(_FOLDS):
        held = [_fold(e.group) == number for e in own]
        odds = fit_odds(
            names, Rows.joined((*(r for r, out in zip(rows, held, strict=True) if not out), *single)), rounds
        )
        for example, row in ((e, r) for e, r, out in zip(own, rows, held, strict=True) if out and e.found):
            sums = picked(odds(row.ids), example.pairs, COLUMN)
            places, seen = rivals(example.pairs, sums, COLUMN)
            if places:
                inputs.append(seen)
                holds += [bool(example.holds[pair][at]) for pair, at in places]
    odds = fit_odds(names, Rows.joined((*rows, *single)), rounds)
    kept = np.flatnonzero(odds.weights.any(axis=1))
    features = list(names.of)
    return Scorer(
        COLUMN,
        {features[n]: row for row, n in enumerate(kept)},
        odds.weights[kept],
        odds.bias,
        odds.together,
        _forest(np.concatenate(inputs), np.array(holds)),
    )


def _forest(rows: np.ndarray, holds: np.ndarray) -> Forest:
    """The trees over rivals, grown on passages that the sums were not fitted to, with the names that were found there."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    grown = HistGradientBoostingClassifier(
        learning_rate=0.05,
        max_iter=_TREES,
        max_leaf_nodes=31,
        min_samples_leaf=200,
        l2_regularization=5.0,
        early_stopping=False,
        random_state=7,
    ).fit(rows, holds)
    trees = [some[0].nodes for some in grown._predictors]  # scikit-learn shows its trees in no other way
    made = tables(trees, rows.shape[1], float(grown._baseline_prediction.item()))
    if not np.allclose(made(rows[:2000]), grown.predict_proba(rows[:2000])[:, 1]):
        raise RuntimeError("the trees as tables say other than scikit-learn does: its inner form has changed")
    return made


def tables(trees: Sequence[np.ndarray], facts: int, start: float) -> Forest:
    """Trees of scikit-learn (arrays of nodes) over so many facts as tables."""
    value = np.zeros((len(trees), LEAVES))
    asks: list[list[tuple[float, int, int]]] = [[] for _ in range(facts)]
    """Of each fact what nodes compare it with: the value, the number of the tree, the leaves to the left of the node."""
    for number, nodes in enumerate(trees):
        leaves, asked = _below(nodes)
        value[number, : len(leaves)] = leaves
        for fact, most, left in asked:
            asks[fact].append((most, number, left))
    mosts = [np.unique([most for most, *_ in some]) for some in asks]
    still = [np.full((len(most) + 1, len(trees)), 2**LEAVES - 1, np.uint32) for most in mosts]
    for some, values, table in zip(asks, mosts, still, strict=True):
        for most, number, left in some:
            table[np.searchsorted(values, most) + 1 :, number] &= np.uint32(~left & 2**LEAVES - 1)
    return Forest(tuple(mosts), tuple(still), value, np.array([start]))


def _below(nodes: np.ndarray, at: int = 0, first: int = 0) -> tuple[list[float], list[tuple[int, float, int]]]:
    """The values of the leaves below a node from left to right, numbered from `first`, and what nodes ask: fact, value, bits of the leaves to the left."""
    node = nodes[at]
    if node["is_leaf"]:
        return [float(node["value"])], []
    left, some = _below(nodes, node["left"], first)
    right, others = _below(nodes, node["right"], first + len(left))
    asked = (int(node["feature_idx"]), float(node["num_threshold"]), (2 ** len(left) - 1) << first)
    return left + right, [asked, *some, *others]


_TREES = 200


_ROUNDS = 80
"""Rounds of L-BFGS: 60 and 100 differ by at most half a point of average precision on validation passages."""


def train(lang: str, readings: Sequence[Reading]) -> None:
    """Fit and write the scorer of a language."""
    own = [e for reading in readings for e in of_reading(reading)]
    extra = list(of_sentences(lang))
    made = fit(own, extra, _ROUNDS)
    path = ROOT.parent / "kg" / "relate" / "weights" / f"relations-{lang}.npz"
    write(path, made)
    known = [h for e in own for some in e.holds for h in some]
    print(
        f"{lang}: {len(known)} candidates of passages ({sum(map(bool, known))} hold), {sum(len(e.pairs) for e in extra)} pairs of sentences; "
        f"{len(made.features)} features, {path.stat().st_size / 1e6:.1f} MB",
        flush=True,
    )
