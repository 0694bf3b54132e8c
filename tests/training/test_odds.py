"""What features say is learned from pairs: what counts for itself, what counts only together, and nothing where nothing is known."""

from __future__ import annotations

import numpy as np
from training.odds import COLUMN, Names, Odds, Rows, fit

USES = COLUMN["uses"]


def _fitted(rows: list[tuple[str, float]]) -> tuple[Names, Odds]:
    names = Names()
    ids = [np.array([names.of.setdefault(f, len(names.of)) for f in told.split()], np.int32) for told, _ in rows]
    holds = np.full((len(rows), len(COLUMN)), np.nan, np.float32)
    holds[:, USES] = [hold for _, hold in rows]
    return names, fit(names, Rows(ids, holds), rounds=200)


def _odds(names: Names, odds: Odds, told: str) -> float:
    return float(odds([np.array([names.of[f] for f in told.split()], np.int32)])[0][0, USES])


def test_what_speaks_for_and_against() -> None:
    names, odds = _fitted([("w:runs w:on", 1), ("w:runs w:past", 0), ("w:built w:on", 1), ("w:built w:by", 0)] * 60)
    assert _odds(names, odds, "w:built w:on") > 0 > _odds(names, odds, "w:runs w:past")


def test_what_counts_only_together() -> None:
    # No sum of what order and verb say alone puts the first two above the others: the network has to.
    told = [("o:ab w:buys", 1), ("o:ba w:sells", 1), ("o:ab w:sells", 0), ("o:ba w:buys", 0)]
    names, odds = _fitted(
        [some for some, times in zip(told, (6000, 3000, 2000, 2000), strict=True) for _ in range(times)]
    )
    first, second, third, fourth = (_odds(names, odds, some) for some, _ in told)
    assert min(first, second) > max(third, fourth)


def test_what_came_after_training_counts_nothing() -> None:
    names, odds = _fitted([("w:on", 1), ("w:by", 0)] * 50)
    known = odds([np.array([names.of["w:on"]], np.int32)])
    assert np.array_equal(odds([np.array([names.of["w:on"], len(names.of)], np.int32)]), known)


def test_the_same_examples_give_the_same_weights() -> None:
    one, two = (_fitted([("w:on w:a", 1), ("w:by w:a", 0)] * 50)[1] for _ in range(2))
    assert np.array_equal(one.weights, two.weights)
