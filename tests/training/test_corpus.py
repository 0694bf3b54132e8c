"""The corpus holds to its format, and what does not is told by name."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from training.corpus import parse, passages


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_corpus_is_sound(lang: str) -> None:
    some = list(passages(lang))
    assert len({p.id for p in some}) == len({p.text for p in some}) == len(some)
    for p in some:
        for start, end, kind, number in p.mentions:
            assert p.text[start:end] in p.entities[number][1]
            assert kind == p.entities[number][0]
    held = sum(p.validation for p in some)
    assert 0.1 < held / len(some) < 0.3
    claims = Counter(c[1] for p in some for c in p.claims)
    assert len(claims) == 18, "each predicate appears"


GOOD = {
    "id": "x-1",
    "genre": "news",
    "text": "云帆科技发布云帆-7B。",
    "entities": [["Company", "云帆科技"], ["AIModel", "云帆-7B"]],
    "claims": [["云帆科技", "develops", "云帆-7B"]],
}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, None),
        ({"entities": [["Firm", "云帆科技"], ["AIModel", "云帆-7B"]]}, "Firm is no type"),
        ({"entities": [["Company", "云帆科技", "海纳"], ["AIModel", "云帆-7B"]]}, "'海纳' is not in the text"),
        ({"entities": [["Company", "云帆科技"], ["AIModel", "云帆-7B", "云帆科技"]]}, "names two entities"),
        ({"claims": [["云帆科技", "makes", "云帆-7B"]]}, "makes is no predicate"),
        ({"claims": [["云帆-7B", "develops", "云帆科技"]]}, "is not allowed"),
        ({"claims": [["海纳", "develops", "云帆-7B"]]}, "not among the entities"),
        ({"near": [["云帆科技", "develops", "云帆-7B", "denied"]]}, "stands among the claims"),
        ({"near": [["云帆科技", "develops", "云帆-7B", "odd"]]}, "no reason of"),
        ({"id": ""}, "id or genre is missing"),
    ],
)
def test_mistakes_are_told(change: dict[str, object], told: str | None) -> None:
    _, problems = parse(json.dumps({**GOOD, **change}), "zh")
    assert (problems == []) if told is None else any(told in p for p in problems), problems


def test_a_broken_line_is_told() -> None:
    passage, problems = parse("{", "zh")
    assert passage is None
    assert "not a passage" in problems[0]
