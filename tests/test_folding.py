"""Folding makes spellings one, and keeps track of where each character came from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kg.names import core, initials, short_forms, without_legal_form
from kg.text import fold, fold_with_offsets


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ｈ１００", "h-100"),
        ("輝達", "辉达"),
        ("Hugging Face", "HuggingFace"),
        ("GPT‑4", "gpt 4"),
        ("“天工”APP", "天工app"),
        ("臺積電", "台积电"),
    ],
)
def test_spellings_that_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("910", "910B"), ("Meta", "Metax"), ("GPT-4", "GPT-4o"), ("寒武纪", "寒武纪行歌")]
)
def test_spellings_that_are_not(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
def test_fold_is_stable_and_offsets_fit(text: str) -> None:
    folded, offsets = fold_with_offsets(text)
    assert folded == fold(text)
    assert len(folded) == len(offsets)
    assert offsets == sorted(set(offsets))
    assert all(fold(text[i]) == c for i, c in zip(offsets, folded, strict=True))


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Preferred Networks, Inc.", "Preferred Networks"),
        ("Nimbus Labs Co., Ltd.", "Nimbus Labs"),
        ("云帆科技股份有限公司", "云帆科技"),
        ("云帆（上海）科技有限公司", "云帆科技"),
        ("Inc", "Inc"),
    ],
)
def test_legal_forms_go(name: str, short: str) -> None:
    assert without_legal_form(name) == short


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("北京云帆芯科技有限公司", "云帆芯"),
        ("Nimbus Labs, Inc.", "Nimbus Labs"),
        ("云帆科技股份有限公司", "云帆科技有限公司"),
    ],
)
def test_firms_with_one_core(one: str, other: str) -> None:
    assert core(one) == core(other)


def test_short_forms_and_initials() -> None:
    assert "Reyes" in short_forms("Ada Reyes", "Person")
    assert "云帆" in short_forms("云帆科技", "Company")
    assert initials("Taiwan Semiconductor Manufacturing Company") == "TSMC"
