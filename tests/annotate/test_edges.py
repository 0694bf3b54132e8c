"""Where a recognised name begins and ends: no mark at its edge but one whose partner is within."""

from __future__ import annotations

import pytest
from kg.annotate.recognise import _balanced


@pytest.mark.parametrize(
    ("found", "name"),
    [
        ("“云帆", "云帆"),
        ("云帆”", "云帆"),
        ("“云帆”", "云帆"),
        ("“云帆”APP", "“云帆”APP"),
        ("《北岸》，", "北岸"),
        ("云帆(OS)", "云帆(OS)"),
        ("（云帆", "云帆"),
        ("Skylark’s", "Skylark"),
        ("Skylark's", "Skylark"),
        ("Petrel Inc.", "Petrel Inc."),
        ('"Petrel"', "Petrel"),
        ("—", ""),
    ],
)
def test_edges(found: str, name: str) -> None:
    start, end = _balanced(found, 0, len(found))
    assert found[start:end] == name
