"""Which names a sentence shows to patterns and scorer."""

from __future__ import annotations

import pytest
from kg.relate.sentences import sentences
from training.sentences import marked

TOLD = [
    ("en", "[:Person Ada Reyes] told [:Company Harbour Post] that [:Company Orbex] had bought [:Company Tessella].", {"Harbour Post"}),
    ("en", "In an interview with [:Company Harbour Post], [:Person Ada Reyes] praised [:Product Fulmar].", {"Harbour Post"}),
    ("en", "[:Company Orbex] sold chips to [:Company Tessella].", set()),
    ("en", "[:Person Ada Reyes] spoke about [:Company Tessella].", set()),
    ("zh", "[:Person 沈彦]对[:Company 潮汐财经]表示，[:Company 海纳芯]已收购[:Company 云帆科技]。", {"潮汐财经"}),
    ("zh", "[:Person 沈彦]告诉[:Company 潮汐财经]，新芯片已经流片。", {"潮汐财经"}),
    ("zh", "据[:Company 潮汐财经]获悉，[:Company 海纳芯]完成融资。", {"潮汐财经"}),
    ("zh", "[:Company 海纳芯]对[:Company 云帆科技]表示感谢。", set()),
    ("zh", "据[:Company 海纳芯]介绍，新芯片已经流片。", set()),
    ("zh", "[:Company 海纳芯]对[:Company 云帆科技]增资。", set()),
]  # fmt: skip
DATELINES = [
    ("en", "[:Place Harrow Bay], [:Place Oregon], June 3, 2025 – [:Company Orbex] today opened a plant in [:Place Lisbon].", {"Harrow Bay", "Oregon"}),
    ("en", "[:Place HARROW BAY] (Pacific Post) — [:Company Orbex] has sold its plant.", {"HARROW BAY"}),
    ("en", "[:Place Ghent], [:Place Belgium], 14 May 2025 -- [:Company Orbex] grows.", {"Ghent", "Belgium"}),
    ("en", "[:Place Lisbon] is home to [:Company Orbex] – and to [:Company Tessella].", set()),
    ("en", "[:Company Orbex], of [:Place Lisbon], grows – slowly.", set()),
    ("zh", "[:Place 苏州]3月5日电 [:Company 海纳芯]今日宣布投产。", {"苏州"}),
    ("zh", "潮汐社[:Place 苏州]2025年3月5日讯，[:Company 海纳芯]投产。", {"苏州"}),
    ("zh", "[:Place 苏州]工厂3月投产，属于[:Company 海纳芯]。", set()),
]  # fmt: skip


@pytest.mark.models
@pytest.mark.parametrize(("lang", "words", "left_out"), [*TOLD, *DATELINES])
def test_who_is_told_something_and_datelines_are_no_end_of_a_claim(lang: str, words: str, left_out: set[str]) -> None:
    made, *_ = marked(words, lang)
    shown = {i.mention.text for s in sentences(made) for i in s.items if i.mention is not None and not i.unseen}
    assert {m.text for *_, m in made.mentions} - shown == left_out


@pytest.mark.models
@pytest.mark.parametrize(
    ("lang", "words", "word", "meant"),
    [
        ("en", "[:AIModel Norla-7B] is out. [:Chip K9] is fast. The model was trained in May.", "model", "Norla-7B"),
        ("en", "[:AIModel Norla-7B] is out. [:Chip K9] is fast. The processor was made in May.", "processor", "K9"),
        ("en", "[:Chip K9] is fast. The model was trained in May.", "model", None),
        ("en", "[:AIModel Norla-7B] is out. The model family grew.", "model", None),
        ("zh", "[:AIModel 云砚]已发布。[:Chip 凌K9]很快。该模型于五月训练完成。", "模型", "云砚"),
        ("zh", "[:Chip 凌K9]很快。该模型于五月训练完成。", "模型", None),
    ],
)  # fmt: skip
def test_what_a_thing_is_called_by_its_kind(lang: str, words: str, word: str, meant: str | None) -> None:
    made, *_ = marked(words, lang)
    found = [
        i.mention.text for s in sentences(made) for i in s.items if i.reference and not i.unseen and i.word == word
    ]
    assert found == ([meant] if meant else [])
