"""Times that a question names."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kg.ask.times import times


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("in the first three quarters of 2023", "2023-01/2023-09"),
        ("Q1-Q3 2023", "2023-01/2023-09"),
        ("from January through September of 2023", "2023-01/2023-09"),
        ("the third quarter of 2023", "2023-Q3"),
        ("2023 Q3", "2023-Q3"),
        ("the second half of 2023", "2023-07/2023-12"),
        ("by June 2024", "2024-06"),
        ("2024-06-30", "2024-06-30"),
        ("FY2024", "2024"),
        ("her 2024 revenue", "2024"),
        ("2023年前三个季度", "2023-01/2023-09"),
        ("2023年1至9月", "2023-01/2023-09"),
        ("2023年第3季度", "2023-Q3"),
        ("2023年三季度", "2023-Q3"),
        ("2023年下半年", "2023-07/2023-12"),
        ("截至2024年六月底", "2024-06"),
        ("AMD2024年营收", "2024"),
        ("2024财年", "2024"),
    ],
)
def test_times_are_read(text: str, value: str) -> None:
    assert [v for _, _, v in times(text)] == [value]


@pytest.mark.parametrize("text", ["Helio-2024B", "12024", "前三季度", "10 billion", ""])
def test_what_names_no_year_is_no_time(text: str) -> None:
    assert list(times(text)) == []


@given(st.text(alphabet="2019034年月季度Q第三 -/ofJune", max_size=40))
@settings(max_examples=200, deadline=None)
def test_times_stand_apart_from_the_left(text: str) -> None:
    found = list(times(text))
    assert all(0 <= a < b <= len(text) for a, b, _ in found)
    assert all(one[1] <= other[0] for one, other in pairwise(found))
