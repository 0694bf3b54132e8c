"""The scorer gives probabilities, its weights are plain arrays, and pairs keep to what the ontology allows."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kg.relate.pairs import Pair
from kg.relate.pairs import candidates as of_document
from kg.relate.scorer import Scorer, read, rivals, scorer, write
from kg.relate.sentences import sentences
from kg.vocabulary import PREDICATES, allows
from training.relations import tables
from training.sentences import marked

if TYPE_CHECKING:
    from kg.annotate.inventory import Annotated


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_shipped_weights_load_and_are_small(lang: str) -> None:
    judge = scorer(lang)
    assert judge is not None
    assert set(judge.predicates) == set(PREDICATES)
    assert Path(str(files("kg.relate").joinpath("weights", f"relations-{lang}.npz"))).stat().st_size < 5_000_000


def _nodes(*nodes: tuple[int, float, int, int] | float) -> np.ndarray:
    """A tree as scikit-learn holds it: a node is (fact, most, left, right), a leaf its value."""
    kinds = [
        ("is_leaf", bool),
        ("value", float),
        ("feature_idx", int),
        ("num_threshold", float),
        ("left", int),
        ("right", int),
    ]
    return np.array([(1, n, 0, 0, 0, 0) if isinstance(n, float) else (0, 0, *n) for n in nodes], kinds)


FOREST = tables(
    [
        _nodes((0, 0.5, 1, 2), -1.0, 1.0),
        _nodes((1, -1.0, 2, 1), (2, 2.0, 3, 4), 2.0, 0.25, (0, 0.5, 5, 6), -0.5, (0, 1.5, 7, 8), 0.125, 4.0),
    ],
    4,
    -0.75,
)
"""Two trees: one asks for fact 0, the other for facts 1, 2 and 0; nothing asks for fact 3."""


@given(st.lists(st.tuples(*[st.floats(-3, 3, width=32)] * 4), min_size=1, max_size=700))
def test_each_row_finds_its_leaf_of_each_tree(rows: list[tuple[float, float, float, float]]) -> None:
    def odds(a: float, b: float, c: float, _: float) -> float:
        deep = -0.5 if a <= 0.5 else 0.125 if a <= 1.5 else 4.0
        return -0.75 + (-1.0 if a <= 0.5 else 1.0) + (2.0 if b <= -1 else 0.25 if c <= 2 else deep)

    chances = FOREST(np.array(rows, np.float32))
    assert np.allclose(chances, [1 / (1 + np.exp(-odds(*row))) for row in rows])


def candidates(text: str, lang: str) -> list[Pair]:
    reading, _, _ = marked(text, lang)
    return candidates_of(reading)


def candidates_of(reading: Annotated) -> list[Pair]:
    return [pair for _, some in of_document({0: list(sentences(reading))}, reading, {}) for pair in some]


@pytest.mark.models
@settings(deadline=None)  # the first case loads the models
@given(st.lists(st.frozensets(st.sampled_from(["t:Company>Chip", "o:ab", "w:ab发布", "never seen", ""])), max_size=6))
def test_probabilities(features: list[frozenset[str]]) -> None:
    judge = scorer("zh")
    assert judge is not None
    some = candidates(
        "[s:Company 云帆科技]发布了大模型[o:AIModel 云帆-7B]和[o:Chip 云芯1]，[s:Company 海纳]没有。", "zh"
    )
    told = [replace(pair, own=f, shared=()) for pair, f in zip(some, features, strict=False)]
    chances = judge(told)
    assert [len(row) for row in chances] == [len(pair.predicates) for pair in told]
    assert all(0 <= p <= 1 for row in chances for p in row)


@pytest.mark.models
def test_a_claim_is_seen_beside_its_rivals() -> None:
    predicates = {p: n for n, p in enumerate(sorted(PREDICATES))}
    some = candidates("[s:Company 云帆科技]和[s:Company 海纳]都看好大模型[o:AIModel 云帆-7B]。", "zh")
    makes = [n for n, p in enumerate(some) if "develops" in p.predicates]
    sums = [[(-9.0, 0.0)] * len(p.predicates) for p in some]
    for value, number in enumerate(makes):
        sums[number][some[number].predicates.index("develops")] = (float(value), 0.0)
    places, rows = rivals(some, sums, predicates)
    assert [number for number, _ in places] == makes
    own, rival = rows[:, 0].tolist(), rows[:, 7].tolist()
    assert own == [0.0, 1.0]
    assert rival == [1.0, 0.0]


def test_weights_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "relations-zh.npz"
    # Two predicates and vectors of three numbers: whole steps of a 127th of the greatest.
    weights = np.array([[0.5, -1.0, 127, 1, -64], [2.0, 0.25, 0, 0, 0]], dtype=np.float32)
    zeros = np.zeros(3, dtype=np.float32)
    together = (zeros, np.ones((3, 2), dtype=np.float32), zeros[:2])
    write(path, Scorer({"develops": 0, "uses": 1}, {"a:发布": 0, "b": 1}, weights, zeros[:2], together, FOREST))
    back = read(path)
    assert back.features == {"a:发布": 0, "b": 1}
    assert np.array_equal(back.weights, weights)
    assert all(np.array_equal(array, FOREST.arrays()[name]) for name, array in back.forest.arrays().items())
    assert all(np.array_equal(a, b) for a, b in zip(back.together, together, strict=True))


@pytest.mark.models
@pytest.mark.parametrize(
    ("text", "lang", "subject", "predicate", "obj"),
    [
        ("[s:Company 云帆科技]发布了大模型[o:AIModel 云帆-7B]。", "zh", "云帆科技", "develops", "云帆-7B"),
        ("[s:Company Skylark] released [o:AIModel Petrel-7B] today.", "en", "Skylark", "develops", "Petrel-7B"),
        ("[s:Person 林一舟]毕业于[o:Organization 南湖大学]。", "zh", "林一舟", "alumnusOf", "南湖大学"),
        ("[s:Person Ada Marlow] is the CEO of [o:Company Skylark].", "en", "Ada Marlow", "holdsPositionAt", "Skylark"),
    ],
)
def test_a_plain_statement_is_likely(text: str, lang: str, subject: str, predicate: str, obj: str) -> None:
    from kg.relate.claims import relate

    reading, _, _ = marked(text, lang)
    claims, _ = relate(reading)
    best = max(claims, key=lambda c: c.confidence)
    assert (best.subject.text, best.predicate, best.object.text) == (subject, predicate, obj)
    assert best.confidence > 0.3


@pytest.mark.models
def test_pairs_keep_to_the_ontology() -> None:
    reading, _, _ = marked("[s:Company 云帆科技]与[o:Company 海纳智能]合作，采用[o:Chip 星芯290]。", "zh")
    for pair in candidates_of(reading):
        assert pair.subject.mention is not None
        assert pair.object.mention is not None
        assert all(allows(p, pair.subject.mention.type, pair.object.mention.type) for p in pair.predicates)
        assert len(pair.features) > 10
        assert len(pair.features) == len(pair.own) + sum(map(len, pair.shared))


@pytest.mark.models
@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("The centre is led by [s:Person Ada Marlow] ([o:Organization Tern Institute]).", "en"),
        ("中心由[s:Person 林一舟]（[o:Organization 南湖大学]）牵头。", "zh"),
    ],
)
def test_what_stands_only_in_brackets_is_a_candidate(text: str, lang: str) -> None:
    reading, subjects, objects = marked(text, lang)
    ends = [
        (p.subject.mention.text, p.object.mention.text)
        for p in candidates_of(reading)
        if p.subject.mention and p.object.mention
    ]
    assert any(a in subjects and b in objects for a, b in ends)


@pytest.mark.models
@pytest.mark.parametrize(
    ("text", "lang"),
    [
        (
            "[s:Company 云帆科技]推出了服务器[o:Product X2]，与[x:Company 海纳]联合研制的网卡[o:Product N20]和平台[o:Product 云台]。",
            "zh",
        ),
        (
            "[s:Company Skylark] offers the server [o:Product X2], the card [o:Product N20] and the service [o:Product Larkspur].",
            "en",
        ),
    ],
)
def test_members_of_a_list_share_what_stands_before_it(text: str, lang: str) -> None:
    reading, _, _ = marked(text, lang)
    name = {reading.cluster_of[m.id]: m.text for *_, m in reading.mentions}
    made = {name[p.right]: p.features for p in candidates_of(reading) if name[p.left] in ("云帆科技", "Skylark")}
    assert "in-list" in made["N20"]
    between = [{f for f in made[o] if f.startswith("all:")} for o in ("X2", "N20")]
    assert between[0] == between[1] != set()
