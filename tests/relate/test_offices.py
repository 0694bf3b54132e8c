"""Offices in brackets and under letters."""

from __future__ import annotations

import pytest
from kg.relate.offices import offices
from kg.relate.sentences import sentences
from training.sentences import marked

pytestmark = pytest.mark.models


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("[x:Person Ada Marlow] ([x:Company Skylark]) opened the day.", "en", [("Ada Marlow", "Skylark", None)]),
        (
            "[x:Person Ada Marlow] ([x:Organization Tern Institute], [x:Company Skylark]) and [x:Person Ben Oduya] spoke.",
            "en",
            [("Ada Marlow", "Tern Institute", None), ("Ada Marlow", "Skylark", None)],
        ),
        ("[x:Person 林一舟]（[x:Company 云帆科技]首席科学家）作了报告。", "zh", [("林一舟", "云帆科技", "首席科学家")]),
        (
            "[x:Person 林一舟]（[x:Organization 南湖大学]、[x:Company 云帆科技]）作了报告。",
            "zh",
            [("林一舟", "南湖大学", None), ("林一舟", "云帆科技", None)],
        ),
        # A verb in the brackets says something else.
        ("[x:Person Ada Marlow] ([x:Company Skylark] was still young then) opened the day.", "en", []),
        ("[x:Person 林一舟]（[x:Company 云帆科技]前年离开了他）作了报告。", "zh", []),
        ("[x:Company Skylark] ([x:Person Ada Marlow]) opened the day.", "en", []),
    ],
)
def test_offices_in_brackets(text: str, lang: str, expected: list[tuple[str, str, str | None]]) -> None:
    reading, _, _ = marked(text.replace("[x:", "[:"), lang)
    found = [o for s in sentences(reading) for o in offices(s, None)]
    assert [(o.person.mention.text, o.house.mention.text, o.role) for o in found] == expected


@pytest.mark.parametrize(
    ("text", "lang", "predicates"),
    [
        ("[:Person Ada Marlow], Chairwoman and Chief Executive Officer", "en", ["holdsPositionAt"]),
        ("[:Person Ada Marlow] Founder and CEO", "en", ["founded", "holdsPositionAt"]),
        ("[:Person 林一舟] 董事长兼总经理", "zh", ["holdsPositionAt"]),
        ("[:Person Ada Marlow] is what a chief executive should be.", "en", []),
        ("Thanks to [:Person Ada Marlow], Chief Executive Officer", "en", []),
    ],
)
def test_who_signs_holds_an_office_at_the_speaker(text: str, lang: str, predicates: list[str]) -> None:
    reading, _, _ = marked(text, lang)
    speaker, _, _ = marked("[:Company Skylark]", "en")
    firm = speaker.mentions[0][3]
    found = [o for s in sentences(reading) for o in offices(s, firm)]
    assert [o.predicate for o in found] == predicates
    assert all(o.house.mention == firm for o in found)
