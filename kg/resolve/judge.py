"""The verdict on two profiles: what is known for certain first, then names, then what surrounds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.resolve.compare import FIRMS, best
from kg.resolve.forms import is_word
from kg.resolve.profile import Judgement, Verdict

if TYPE_CHECKING:
    from kg.resolve.profile import Profile

SURE, MAYBE = 0.85, 0.5
"""Scores from which a pair is one thing, and from which a person is asked."""


def judge(left: Profile, right: Profile) -> Judgement:
    """Whether two profiles are one thing. It does not matter which is left."""
    if left.iri > right.iri:
        left, right = right, left
    score, reason, firm = _score(left, right)
    verdict = Verdict.SAME if score >= SURE else Verdict.UNSURE if score >= MAYBE else Verdict.DIFFERENT
    return Judgement(
        left=left.iri,
        right=right.iri,
        verdict=verdict,
        score=round(score, 3),
        reason=reason,
        firm=firm and verdict == Verdict.DIFFERENT,
    )


def _score(left: Profile, right: Profile) -> tuple[float, str, bool]:
    if left.source and left.source == right.source:
        return 0.0, "two things of one imported file", True
    if left.type != right.type and not {left.type, right.type} <= FIRMS:
        return 0.0, f"types differ: {left.type}, {right.type}", True
    if shared := left.identifiers & right.identifiers:
        return 1.0, f"same identifier {min(shared)}", False
    if left.entry and right.entry:
        return (
            (1.0, "same entry of the registry", False)
            if left.entry == right.entry
            else (0.0, "two entries of the registry", True)
        )
    if left.tickers and right.tickers:
        if shared := left.tickers & right.tickers:
            return 0.97, f"same ticker {min(shared)}", False
        if {t.split(":")[0] for t in left.tickers} & {t.split(":")[0] for t in right.tickers}:
            return 0.0, "tickers differ", True
    score, reason = best(left, right)
    if score < MAYBE:
        return score, reason, score > 0
    return _person(left, right, score, reason) if left.type == "Person" else _in_context(left, right, score, reason)


def _in_context(left: Profile, right: Profile, score: float, reason: str) -> tuple[float, str, bool]:
    shared = left.neighbours & right.neighbours
    if score < SURE and shared:
        return min(0.95, score + 0.2), f"{reason}; both {_said(shared)}", False
    makers = [{n for n in p.neighbours if n.startswith("<develops ")} for p in (left, right)]
    words = all(is_word(name) for p in (left, right) for name in p.names)
    if (score < 0.98 or words) and all(makers) and not makers[0] & makers[1]:
        return 0.4, f"{reason}, but other makers", True
    return score, reason, False


def _person(left: Profile, right: Profile, score: float, reason: str) -> tuple[float, str, bool]:
    """One name is no proof of one person: firm or co-occurrence must agree."""
    if shared := left.neighbours & right.neighbours:
        return (
            min(0.98, score + 0.25 + 0.05 * (len(shared) - 1) + (0.1 if score < 0.6 else 0)),
            f"{reason}; both {_said(shared)}",
            False,
        )
    posts = [{n for n in p.neighbours if n.startswith(("holdsPositionAt> ", "founded> "))} for p in (left, right)]
    if all(posts):
        here, there = ({n.split("> ", 1)[1] for n in some} for some in posts)
        if here & there:
            return min(0.95, score + 0.22), f"{reason}; same firm {min(here & there)}", False
        return 0.3, f"{reason}, but at other firms", True
    if score >= 0.62 and (shared := left.around & right.around):
        return min(0.9, score + 0.2), f"{reason}; documents of both name {min(shared)}", False
    return score, f"{reason}, nothing else in common", False


def _said(shared: frozenset[str]) -> str:
    return min(shared).replace("> ", " ").replace("<", "of ")
