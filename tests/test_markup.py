"""Objects show themselves in notebooks, and nothing in them is more than text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kg.analyse.table import Table
from kg.evaluate import Report, Tally
from kg.markup import MOST, plain, spaced, table
from kg.model import Claim, Evidence, Mention, Observation, Reading
from kg.query import Rows
from kg.store.view import Stats

from factory import document

HOSTILE = "<img src=x onerror=hit()>"


def claim(quote, subject, object_, start=0):
    def mention(text):
        at = start + quote.index(text)
        return Mention(document="d", start=at, end=at + len(text), text=text, type="Company", found_by="t")

    return Claim(document="d", subject=mention(subject), predicate="uses", object=mention(object_), evidence=Evidence(start=start, end=start + len(quote), quote=quote), confidence=0.5, found_by="t")  # fmt: skip


@pytest.mark.parametrize(
    ("quote", "subject", "object_", "shown"),
    [
        ("Alpha uses Beta.", "Alpha", "Beta", "<mark>Alpha</mark> uses <mark>Beta</mark>."),
        ("贝塔由阿尔法采用。", "阿尔法", "贝塔", "<mark>贝塔</mark>由<mark>阿尔法</mark>采用。"),
        (f"It is {HOSTILE} of X", HOSTILE, "X", "It is <mark>&lt;img src=x onerror=hit()&gt;</mark> of <mark>X</mark>"),
        ("Alpha Alphabet", "Alpha Alphabet", "Alphabet", "<mark>Alpha Alphabet</mark>"),
    ],
)
def test_a_claim_shows_its_words_with_both_ends_marked(quote, subject, object_, shown):
    assert f"<blockquote>{shown}</blockquote>" in claim(quote, subject, object_, start=7)._repr_html_()


def objects(text):
    made = claim(f"{text} of {text}s", text, text)
    number = Observation(document="d", subject=made.subject, metric=text, value=1.0, unit=None, period=text, words=text, evidence=made.evidence, confidence=1.0, found_by="t")  # fmt: skip
    return [
        made,
        Reading(document=document(text), mentions=(), claims=(made,), observations=(number,), entities=(), entity_of={}),
        Rows((text,), (("a",), (None,))),
        Table("t", text, (text,), ((text,),)),
        Stats(documents=1, entities=1, claims=1, observations=0, mentions=1, triples=1, by_type={text: 1}, by_predicate={}),
        Report(tallies={text: Tally(1, 2, 3)}),
    ]  # fmt: skip


@pytest.mark.parametrize("shown", objects(HOSTILE), ids=lambda o: type(o).__name__)
def test_nothing_in_it_is_more_than_text(shown):
    assert "<img" not in shown._repr_html_()
    assert "&lt;img" in shown._repr_html_()


def test_long_tables_are_cut_and_counted():
    shown = table(("n",), [(at,) for at in range(MOST + 5)])
    assert shown.count("<tr>") == MOST + 1
    assert "… and 5 more rows" in shown


@given(st.text())
def test_a_text_stays_on_its_line_and_within_its_element(text):
    for shown in (plain(text), spaced(text)):
        assert not set(shown) & set("<>\n\u202e\u2066")
