"""The judge of names: what it is told of a form, and what it makes of forms that no list knows."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kg.annotate.forms import NONE, Form, Forms
from kg.annotate.inventory import annotate
from kg.annotate.judge import Judge, judge, read, write
from kg.annotate.pipelines import Pipelines
from kg.ingest.passages import passages
from kg.model import Document


def document(text: str, lang: str) -> Document:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document(id="d", path="d", title="", lang=lang, date=None, text=text, sha256=digest)


@pytest.fixture(scope="module")
def pipelines() -> Pipelines:
    return Pipelines()


@pytest.mark.models
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_shipped_weights_load_and_are_small(lang: str) -> None:
    made = judge(lang)
    assert made is not None
    assert NONE in made.classes
    assert Path(str(files("kg.annotate").joinpath("weights", f"judge-{lang}.npz"))).stat().st_size < 6_000_000


@pytest.mark.models
@given(st.dictionaries(st.sampled_from(["read:Company", "quoted", "never seen", "L1:the", "last:司"]), st.floats(0, 5)))
def test_chances_add_up(found: dict[str, float]) -> None:
    made = judge("zh")
    assert made is not None
    chances = made(found)
    assert sum(chances.values()) == pytest.approx(1.0, abs=1e-4)
    assert min(chances.values()) >= 0


def test_weights_round_trip(tmp_path: Path) -> None:
    layers = (
        np.eye(2, 3, dtype=np.float32),
        np.zeros(3, np.float32),
        np.ones((3, 2), np.float32),
        np.zeros(2, np.float32),
    )
    write(tmp_path / "judge-zh.npz", Judge(("Company", NONE), {"读:Company": 0, "b": 1}, layers))
    back = read(tmp_path / "judge-zh.npz")
    assert back.classes == ("Company", NONE)
    assert back.features == {"读:Company": 0, "b": 1}
    assert back({"读:Company": 1.0}) == {"Company": 0.5, NONE: 0.5}


@pytest.mark.models
@pytest.mark.parametrize(
    ("lang", "text", "form", "features"),
    [
        ("en", "The chip runs at Lodestar, Umbrel and NVIDIA.", "Umbrel", {"listed:Company", "L1:,", "R1:and"}),
        ("en", "Sam Altman left. Altman now leads Umbrel.", "Altman", {"ends:Person", "opens-sentence"}),
        ("zh", "公司推出了“听涛”平台。", "听涛", {"quoted", "L1:“", "script:han"}),
        ("zh", "客户包括华为、湛澜科技和腾讯。", "湛澜科技", {"listed:Company", "last:技"}),
    ],
)
def test_features(pipelines: Pipelines, lang: str, text: str, form: str, features: set[str]) -> None:
    forms = Forms([doc for _, doc in pipelines.docs(passages(document(text, lang)))])
    assert features <= set(forms.features(forms.forms[form]))


@pytest.mark.models
@pytest.mark.parametrize(
    ("lang", "text", "names"),
    [
        (
            "en",
            "Whetlow, a start-up in Lyon, was bought by Hammerfield last year. Whetlow makes software for banks.",
            {("Whetlow", "Company"), ("Lyon", "Place"), ("Hammerfield", "Company")},
        ),
        (
            "en",
            "Today we introduce Pebblefish-7B, a language model that answers questions about law. Pebblefish-7B was trained on 512 H100 GPUs.",
            {("Pebblefish-7B", "AIModel"), ("H100", "Chip")},
        ),
        (
            "zh",
            "据悉，湛澜科技由陆闻笛创办，总部位于合肥。湛澜科技的主要产品为工业质检平台“睿瞳”。",
            {("湛澜科技", "Company"), ("陆闻笛", "Person"), ("合肥", "Place"), ("睿瞳", "Product")},
        ),
    ],
)
def test_names_that_no_list_knows(pipelines: Pipelines, lang: str, text: str, names: set[tuple[str, str]]) -> None:
    made = annotate(document(text, lang), list(pipelines.docs(passages(document(text, lang)))))
    assert {(m.text, m.type) for *_, m in made.mentions} == names


@pytest.mark.models
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("On the benchmarks, Petrel-72B reaches 89.5 on GSM8K. Nobody expected that.", "GSM8K"),
        ("The sale of Umbrel Inc. to a fund was announced.", "Umbrel Inc."),
    ],
)
def test_a_full_stop_belongs_to_a_name_only_as_part_of_its_form(pipelines: Pipelines, text: str, name: str) -> None:
    made = annotate(document(text, "en"), list(pipelines.docs(passages(document(text, "en")))))
    assert name in {m.text for *_, m in made.mentions}
    assert f"{name}." not in {m.text for *_, m in made.mentions}


@pytest.mark.models
def test_a_family_is_of_one_type(pipelines: Pipelines) -> None:
    text = "海纳的芯片云梭3今日量产。云梭3采用5纳米工艺，算力是云梭2的两倍。云梭2发布于前年。"
    made = annotate(document(text, "zh"), list(pipelines.docs(passages(document(text, "zh")))))
    assert len({m.type for *_, m in made.mentions if m.text.startswith("云梭")}) == 1


def test_a_form_without_a_judge_is_what_its_best_source_says() -> None:
    assert Form("云帆").guess == NONE
