"""Whose a number is: what is raised belongs to the one that raises, not to those that pay; `m` after money is a million."""

from __future__ import annotations

import pytest
from kg.config import Config
from kg.relate.values import quantities
from training.sentences import marked


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a round of $75m", [75e6]),
        ("€31m from two funds", [31e6]),
        ("a cable of 40m", []),
        ("融资3200万美元", [32e6]),
        ("14m people use it, a 60m-parameter model", [14e6, 60e6]),
        ("more than 2,000 organizations, since 2000", [2000]),
        ("trained on 2,048 H800 cards and 18,000 GB300s", [2048, 18000]),
        ("two million dollars, a trillion parameters, nine engineers, four percent", [2e6, 1e12, 9, 4]),
        ("one of the people, a chip, eight in ten", []),
        ("约2000张H800，8块A800", [2000, 8]),
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


@pytest.mark.models
@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("[s:Company Skylark] employs 70 people.", "en", [("Skylark", "headcount", 70)]),
        ("Six people who had left [s:Company Skylark] told us so.", "en", []),
        ("[s:AIModel Teal] comes in three sizes (2B, 5B and 9B).", "en", []),
        ("[s:Company Skylark] closes older models on 12 May.", "en", []),
        ("[s:AIModel Teal] was trained on 512 [o:Chip H100] GPUs at the [o:Organization Orr Centre].", "en",
         [("Teal", "training_chips", 512)]),
        ("[s:Benchmark TealBench] consists of 340 tasks.", "en", [("TealBench", "size", 340)]),
        ("[s:AIModel Teal] costs $0.30 per million input tokens on [o:Product Quay].", "en", [("Teal", "price", 0.3)]),
        ("[s:Company 海纳资本]持有[o:Company 云帆科技]12.5%的股份。", "zh", [("海纳资本", "ownership_share", 12.5)]),
        ("[s:Person 岑远]通过[o:Company 海纳资本]间接持有[o:Company 云帆科技]3%的股权。", "zh",
         [("岑远", "ownership_share", 3)]),
        ("[s:Company 云帆科技]营收2亿元，同比下降6%。", "zh",
         [("云帆科技", "revenue", 2e8), ("云帆科技", "revenue_growth", -6)]),
        ("Revenue of [s:Company Orbex] was $200 million, down 6% from a year before.", "en",
         [("Orbex", "revenue", 2e8), ("Orbex", "revenue_growth", -6)]),
        ("[s:Company 云帆科技]的客户在38毫秒内得到回答。", "zh", []),
    ],
)  # fmt: skip
def test_what_is_whose(text: str, lang: str, expected: list[tuple[str, str, float]]) -> None:
    from kg.relate.claims import relate

    reading, _, _ = marked(text, lang)
    _, numbers = relate(reading)
    kept = [n for n in numbers if n.confidence >= Config().min_confidence]
    assert sorted((n.subject.text, n.metric, n.value) for n in kept) == sorted(expected)


@pytest.mark.models
def test_own_after_its_is_no_holding() -> None:
    from kg.relate.claims import relate

    reading, _, _ = marked("Half of what [s:Company Skylark] calls its own stands idle, 40 percent of the day.", "en")
    assert "ownership_share" not in {n.metric for n in relate(reading)[1]}
