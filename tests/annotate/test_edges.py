"""Where a name begins and ends: no mark at its edge but one whose partner is within, and nothing that is only joined to it."""

from __future__ import annotations

import pytest
from kg.annotate.candidates import without_tail
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


@pytest.mark.parametrize(
    ("text", "found", "name"),
    [
        ("由海纳半导体7nm工艺代工", "海纳半导体7nm", "海纳半导体"),
        ("海纳半导体 14 纳米产线", "海纳半导体 14 纳米", "海纳半导体"),
        ("built on Brightfab 5nm lines", "Brightfab 5nm", "Brightfab"),
        ("发布了云帆大模型", "云帆大", "云帆"),
        ("云帆7号", "云帆7号", "云帆7号"),
        ("the 7nm node", "7nm", "7nm"),
    ],
)
def test_what_is_only_joined_is_cut(text: str, found: str, name: str) -> None:
    start = text.index(found)
    assert text[start : without_tail(text, start, start + len(found))] == name
