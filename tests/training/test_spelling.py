"""Another spelling keeps every marked name, whatever happens to the characters around it."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st
from kg.text import fold
from training.corpus import passages
from training.spelling import respelled

_SOME = {lang: [p for p, _ in zip(passages(lang), range(40), strict=False)] for lang in ("zh", "en")}


@settings(deadline=None)
@given(st.sampled_from(("zh", "en")), st.integers(0, 39), st.integers(0, 10_000))
def test_marks_stay_on_their_names(lang: str, number: int, seed: int) -> None:
    passage = _SOME[lang][number]
    marks = [(a, b, kind) for a, b, kind, _ in passage.mentions]
    text, moved = respelled(passage.text, marks, lang, random.Random(seed))
    assert [fold(text[a:b]) for a, b, _ in moved] == [fold(passage.text[a:b]) for a, b, _ in marks]
    assert [kind for *_, kind in moved] == [kind for *_, kind in marks]


def test_each_spelling_turns_up() -> None:
    dice = random.Random(3)
    zh = {respelled("“云帆”AI公司发布云帆-7B", [], "zh", dice)[0] for _ in range(300)}
    assert any("AI 公司" in text for text in zh)
    assert any("發" in text for text in zh)
    assert any("「" in text for text in zh)
    assert any("ＡＩ" in text for text in zh)
