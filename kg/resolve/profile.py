"""What resolution knows of a thing, and what it decides about two of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """Whether two profiles are one thing."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A thing as documents name it, before any merge."""

    iri: str
    type: str
    names: tuple[str, ...]
    entry: str | None = None
    tickers: frozenset[str] = frozenset()
    identifiers: frozenset[str] = frozenset()
    """IRIs by which registries of others know it."""
    neighbours: frozenset[str] = frozenset()
    """What claims tie it to, as `relation name`, the name folded: `holdsPositionAt> 云帆`."""
    around: frozenset[str] = frozenset()
    """Firms that its documents name too."""
    source: str = ""
    """Of a thing of an imported file: its graph. One file does not tell of one thing twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A verdict on two profiles, with its score (0 to 1), its reason and who gave it."""

    left: str
    right: str
    verdict: Verdict
    score: float
    reason: str
    by: str = "kg"
    firm: bool = False
    """Of DIFFERENT: something says so, so that no third name may join the two."""
