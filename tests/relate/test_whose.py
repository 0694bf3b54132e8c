"""Who may have a number: what its sentence names, what was named before, what the document is about; never more than some hundred things."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from kg.relate.claims import found
from kg.relate.observations import asked
from kg.relate.whose import Owner, Weights, owners, read, spoken, write
from training.sentences import marked

if TYPE_CHECKING:
    from pathlib import Path


def _owners(text: str, lang: str) -> dict[str, Owner]:
    reading, _, _ = marked(text, lang)
    by_passage, claims = found(reading)
    ask = next(iter(asked(reading, by_passage, claims)))
    return {owner.mention.text: owner for owner in owners(ask, reading, spoken(reading))}


@pytest.mark.models
@pytest.mark.parametrize(
    ("text", "lang", "places"),
    [
        ("[s:Company Skylark] bought [o:Company Tern] for $30 million.", "en",
         {"Skylark": "any:before2", "Tern": "any:before1"}),
        ("A price of $30 million was paid for [o:Company Tern] by [s:Company Skylark].", "en",
         {"Tern": "any:behind1", "Skylark": "any:behind2"}),
        ("[s:Company Skylark] lives in Ghent. Revenue was $30 million.", "en", {"Skylark": "earlier:1"}),
        ("[s:Company 云帆科技]以3000万元收购[o:Company 海纳]。", "zh", {"云帆科技": "any:before1", "海纳": "any:behind1"}),
    ],
)  # fmt: skip
def test_where_owners_stand(text: str, lang: str, places: dict[str, str]) -> None:
    found = _owners(text, lang)
    assert set(found) == set(places)
    for name, place in places.items():
        assert place in found[name].features


@pytest.mark.models
def test_a_long_list_gives_no_long_list_of_owners() -> None:
    names = ", ".join(f"[s:Company Skylark{n}]" for n in range(400))
    assert len(_owners(f"Sold to {names} for $30 million.", "en")) < 110


def test_weights_round_trip(tmp_path: Path) -> None:
    made = Weights({"any:before1": 0, "x:由": 1}, np.array([0.5, -2.0], np.float32), 0.25)
    write(tmp_path / "whose-zh.npz", made)
    back = read(tmp_path / "whose-zh.npz")
    assert (back.features, back.weights.tolist(), back.bias) == ({"any:before1": 0, "x:由": 1}, [0.5, -2.0], 0.25)


def test_what_was_never_seen_counts_nothing() -> None:
    made = Weights({"any:before1": 0}, np.array([1.0], np.float32), 0.0)
    known, unknown = (Owner(None, 0, frozenset(f)) for f in (("any:before1",), ("any:before1", "x:new")))  # type: ignore[arg-type]
    assert made.chances([known]) == made.chances([unknown])
