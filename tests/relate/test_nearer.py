"""What the document is about does not take the place of what a passage names."""

from __future__ import annotations

import pytest
from kg.relate.claims import _nearby, _told_nearer
from kg.relate.pairs import Pair
from kg.relate.sentences import Item

HERE, FAR = Item(0, 1, ""), Item(0, 0, "", reference=True, unseen=True)
INVESTOR, NAMED, TOPIC = 1, 2, 3


def _pair(left: int, right: int, subject: Item = HERE, obj: Item = HERE) -> Pair:
    return Pair(left, right, subject, obj, None, None, ("investedIn",), (1, 1), frozenset())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pair", "near", "left_out"),
    [
        (_pair(INVESTOR, TOPIC, obj=FAR), [(_pair(INVESTOR, NAMED), [0.6])], True),
        (_pair(INVESTOR, TOPIC, obj=FAR), [(_pair(INVESTOR, NAMED), [0.3])], False),
        (_pair(INVESTOR, TOPIC, obj=FAR), [(_pair(NAMED, INVESTOR), [0.6])], False),
        (_pair(TOPIC, NAMED, subject=FAR), [(_pair(INVESTOR, NAMED), [0.6])], True),
        (_pair(INVESTOR, TOPIC), [(_pair(INVESTOR, NAMED), [0.6])], False),
    ],
)
def test_a_claim_of_the_topic_gives_way_to_a_likelier_one_near(
    pair: Pair, near: list[tuple[Pair, list[float]]], left_out: bool
) -> None:
    assert _told_nearer(pair, "investedIn", 0.5, _nearby(near)) is left_out
