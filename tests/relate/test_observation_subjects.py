"""Whose a number is: what is raised belongs to the one that raises, not to those that pay; `m` after money is a million."""

from __future__ import annotations

import pytest
from kg.relate.values import quantities
from training.sentences import marked


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a round of $75m", [75e6]),
        ("€31m from two funds", [31e6]),
        ("a cable of 40m", []),
        ("融资3200万美元", [32e6]),
    ],
)
def test_scale(text: str, values: list[float]) -> None:
    assert [q.value for q in quantities(text)] == values


@pytest.mark.models
@pytest.mark.parametrize(
    ("text", "lang", "subject", "value"),
    [
        ("In March [o:Company Skylark], backed by [s:Company Tern Capital], raised $75m.", "en", "Skylark", 75e6),
        ("[s:Company Tern Capital] led a $20 million round in [o:Company Skylark].", "en", "Skylark", 20e6),
        ("[s:Company Tern Capital] invests $1.5 billion in [o:Company Skylark].", "en", "Tern Capital", 1.5e9),
        ("[o:Company 云帆科技]完成由[s:Company 海纳资本]领投的B轮融资，金额3亿元。", "zh", "云帆科技", 3e8),
    ],
)
def test_subject(text: str, lang: str, subject: str, value: float) -> None:
    from kg.relate.claims import relate

    reading, _, _ = marked(text, lang)
    _, numbers = relate(reading)
    assert [(n.subject.text, n.value) for n in numbers] == [(subject, value)]
