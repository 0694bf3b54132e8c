"""From when and until when claims hold."""

from datetime import date

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kg.analyse.validity import since, spans

MOMENTS = st.sampled_from([None, "2019", "2020-06", "2021-Q3", "2022-02-30", "2023-01-05", "2020/2021", "soon", "去年"])


def span(*claims):
    graph = nx.MultiDiGraph()
    for number, claim in enumerate(claims):
        graph.add_edge("a", "b", key=str(number), **{"predicate": "holdsPositionAt", "status": "stated", **claim})
    return spans(graph)["0"]


@pytest.mark.parametrize(
    ("claim", "days"),
    [
        ({}, (None, None)),
        ({"date": "2024-05-06"}, ("2024-05-06", None)),
        ({"date": "2024-05-06", "since": "2019"}, ("2019-01-01", None)),
        ({"date": "2024-05-06", "holds_on": "2023-07"}, ("2023-07-01", None)),
        ({"date": "2024-05-06", "since": "2019-03", "until": "2023-Q2"}, ("2019-03-01", "2023-06-30")),
        ({"date": "2024-05-06", "until": "2023"}, ("", "2023-12-31")),
        ({"date": "2024-05-06", "status": "ended"}, ("", "2024-05-05")),
        ({"date": "2024-05-06", "status": "ended", "since": "2020", "holds_on": "2021"}, ("2020-01-01", "2021-12-31")),
        ({"status": "ended"}, (None, None)),
        ({"date": "2024-01-02", "holds_on": "2025-01", "status": "planned"}, ("2025-01-01", None)),
        ({"date": "2024-05-06", "since": "很久以前"}, ("2024-05-06", None)),
        ({"date": "0001-01-01", "status": "ended"}, (None, None)),
    ],
)
def test_a_claim_holds_as_its_words_say(claim, days):
    assert span(claim) == days


def test_what_is_denied_holds_on_no_day():
    first, last = span({"date": "2024-05-06", "status": "denied"})
    assert last < first


def test_a_later_claim_that_it_is_over_ends_an_earlier_one():
    stated, over = {"date": "2022-01-01"}, {"date": "2024-05-06", "status": "ended"}
    assert span(stated, over) == ("2022-01-01", "2024-05-05")
    assert span({"date": "2025-01-01"}, over) == ("2025-01-01", None)  # taken up again
    assert span(stated, {**over, "predicate": "founded"}) == ("2022-01-01", None)


def test_a_figure_holds_from_its_period_or_its_document():
    assert since({"period": "2023-01/2023-09", "date": "2023-10-27"}) == "2023-01-01"
    assert since({"period": None, "date": "2023-10-27"}) == "2023-10-27"
    assert since({}) is None


@given(
    st.fixed_dictionaries(
        {"since": MOMENTS, "until": MOMENTS, "holds_on": MOMENTS, "date": MOMENTS},
        optional={"status": st.sampled_from(["stated", "planned", "reported", "ended", "denied"])},
    )
)
def test_whatever_a_document_says_days_are_days(claim):
    for day in span(claim):
        assert not day or date.fromisoformat(day).isoformat() == day
