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


@pytest.mark.models
@pytest.mark.parametrize(("lang", "words", "told"), TOLD)
def test_who_is_told_something_is_no_end_of_a_claim(lang: str, words: str, told: set[str]) -> None:
    made, *_ = marked(words, lang)
    shown = {i.mention.text for s in sentences(made) for i in s.items if i.mention is not None and not i.unseen}
    assert {m.text for *_, m in made.mentions} - shown == told
