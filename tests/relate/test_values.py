"""Numbers and periods in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kg.relate.values import period, quantities

NUMBERS = [
    ("营收达到36.8亿元", 3.68e9, "CNY"),
    ("募资 5 亿美元", 5e8, "USD"),
    ("同比增长8%", 8, "percent"),
    ("采购芯片约6,000张", 6000, "chips"),
    ("参数量为130亿", 1.3e10, None),
    ("月活用户7000万", 7e7, None),
    ("融资超1.2万亿元", 1.2e12, "CNY"),
    ("市值超过千亿元人民币", 1e11, "CNY"),
    ("亏损784.33万元", 7843300, "CNY"),
    ("采用7nm工艺", 7, "nanometres"),
    ("revenue of $18.1 billion", 1.81e10, "USD"),
    ("raised US$50 million", 5e7, "USD"),
    ("up 22%", 22, "percent"),
    ("1.2 trillion tokens", 1.2e12, "tokens"),
    ("a 6B parameter model", 6e9, "parameters"),
    ("more than 100,000 developers", 1e5, "developers"),
    ("€385 million", 3.85e8, "EUR"),
    ("70K conversations", 7e4, "conversations"),
    ("RMB 3.2 billion", 3.2e9, "CNY"),
    ("fell 3.5 percent", 3.5, "percent"),
    ("sales of NOK 90 million", 9e7, "NOK"),
    ("營收新台幣1,200億元", 1.2e11, "TWD"),
    ("a hall of 25 megawatts", 2.5e7, "watts"),
    ("机房功率3兆瓦", 3e6, "watts"),
    ("96 GB of memory", 9.6e10, "bytes"),
    ("显存24GB", 2.4e10, "bytes"),
    ("员工三十五人", 35, "people"),
    ("团队有一百二十多人", 120, "people"),
    ("出资五千万元", 5e7, "CNY"),
    ("占股七成", 70, "percent"),
    ("a set of 800 questions", 800, "questions"),
]


@pytest.mark.parametrize(("text", "value", "unit"), NUMBERS)
def test_number_and_unit(text: str, value: float, unit: str | None) -> None:
    found = list(quantities(text))
    assert [(q.value, q.unit) for q in found] == [(value, unit)]
    assert text[found[0].start : found[0].end] == found[0].words


@pytest.mark.parametrize(
    ("text", "values", "unit"),
    [
        ("in sizes of 4, 30 and 210 billion parameters", [4e9, 3e10, 2.1e11], "parameters"),
        ("clusters of 64, 128, or 256 chips", [64, 128, 256], "chips"),
        ("全年出货3、5和8万台", [3e4, 5e4, 8e4], "units"),
        ("in 12 and 8,000 chips", [12, 8000], "chips"),
    ],
)
def test_numbers_of_a_list_share_scale_and_unit(text: str, values: list[float], unit: str) -> None:
    assert [(q.value, q.unit) for q in quantities(text)] == [(v, unit) for v in values]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("In the hall of 3, $40 million was spent", [3, 4e7]),
        ("version 2 of the 30 billion model", [2, 3e10]),
        ("growth of 8% and 30 billion tokens", [8, 3e10]),
    ],
)
def test_numbers_that_are_no_list_share_nothing(text: str, values: list[float]) -> None:
    assert [q.value for q in quantities(text)] == values


@pytest.mark.parametrize(
    "text",
    [
        "一名员工",
        "七成以上的路口",
        "公司成立",
        "发布于2023年10月31日",
        "搭载A100",
        "GPT-4发布",
        "in 2024",
        "Llama-3.1-8B",
        "第3版",
        "16:00",
    ],
)
def test_dates_and_names_are_no_quantities(text: str) -> None:
    assert not [q for q in quantities(text) if q.unit]


@pytest.mark.parametrize(
    ("text", "year", "iso"),
    [
        ("2023年前三季度", None, "2023-01/2023-09"),
        ("2023年第三季度", None, "2023-Q3"),
        ("截至2023年9月30日", None, "2023-09-30"),
        ("2022年", None, "2022"),
        ("今年前三季度", "2023", "2023-01/2023-09"),
        ("2021年半年度", None, "2021-01/2021-06"),
        ("第二季度", "2024", "2024-Q2"),
        ("third quarter of 2024", None, "2024-Q3"),
        ("Q3 FY2024", None, "2024-Q3"),
        ("fiscal year 2023", None, "2023"),
        ("on March 18, 2024", None, "2024-03-18"),
        ("in 2022", None, "2022"),
        ("nothing", "2020", None),
    ],
)
def test_period(text: str, year: str | None, iso: str | None) -> None:
    assert period(text, year) == iso


@given(st.text(max_size=200))
def test_any_text_is_read_without_failure(text: str) -> None:
    for quantity in quantities(text):
        assert text[quantity.start : quantity.end] == quantity.words
        assert quantity.value >= 0
    period(text, "2023")
