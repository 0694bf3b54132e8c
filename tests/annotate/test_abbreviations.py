"""Which short names in brackets can be those of the long one before them."""

from __future__ import annotations

import pytest
from kg.annotate.definitions import may_abbreviate


@pytest.mark.parametrize(
    ("long", "short", "same"),
    [
        ("Northern Open Research Network", "NORN", True),
        ("Northern Open Research Network", "NORN e.V.", True),
        ("Large-grain Orchard Institute", "LOI", True),
        ("Northern Open Research Network", "Otter AG", False),
        ("南湖智能研究院", "南智院", True),
        ("南湖智能研究院", "北智院", False),
        ("南湖智能研究院", "NIRI", True),
    ],
)
def test_a_short_name_in_brackets(long: str, short: str, same: bool) -> None:
    assert may_abbreviate(long, short) is same
