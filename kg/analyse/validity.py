"""When facts hold, as far as documents tell: the first and the last day of each claim of a graph.

A claim holds from the time that its text gives (since, or on which day), else from the day of its document; it ends where it says so, or
where a claim of the same ends and predicate says that it is over.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from kg.errors import KgError
from kg.store.asof import bounds

if TYPE_CHECKING:
    from collections.abc import Mapping

    import networkx as nx

    Span = tuple[str | None, str | None]

ALWAYS = ""
"""The first day of what has ended at a known time but began at an unknown one; it comes before any day."""


def spans(graph: nx.MultiDiGraph) -> dict[str, Span]:
    """Claim id -> (first day, last day) in ISO 8601. No first day: nothing tells when. No last day: it is not known to have ended.

    What is denied holds on no day: its last day lies before its first.
    """
    ends: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for s, o, claim in graph.edges(data=True):
        if claim.get("status") == "ended" and (day := _end(claim)):
            ends[s, claim["predicate"], o].append(day)
    found: dict[str, Span] = {}
    for s, o, key, claim in graph.edges(keys=True, data=True):
        if claim.get("status") == "denied":
            found[str(key)] = ("9999-12-31", ALWAYS)
            continue
        first, last = _own(claim)
        over = [day for day in ends.get((s, claim["predicate"], o), ()) if first is not None and first <= day]
        found[str(key)] = first, min([*over, *([last] if last else [])], default=None)
    return found


def since(row: Mapping[str, Any]) -> str | None:
    """The first day of what a figure or a claim says: of its own time, else of its document; None where neither is known."""
    days = (_days(row.get(name)) for name in ("since", "holds_on", "period", "date"))
    return next((found[0].isoformat() for found in days if found), None)


def _own(claim: Mapping[str, Any]) -> Span:
    if claim.get("status") == "ended":
        first, last = _days(claim.get("since")), _end(claim)
        return (first[0].isoformat() if first else ALWAYS if last else None), last
    until = _days(claim.get("until"))
    first_day = since(claim) if not until or _days(claim.get("since") or claim.get("holds_on")) else ALWAYS
    return first_day, until[1].isoformat() if until else None


def _end(claim: Mapping[str, Any]) -> str | None:
    """The last day of what has ended: as told, else the day before the document that says so."""
    if told := _days(claim.get("until")) or _days(claim.get("holds_on")):
        return told[1].isoformat()
    said = _days(claim.get("date"))
    return (said[0] - timedelta(1)).isoformat() if said and said[0] > date.min else None


def _days(moment: str | None) -> tuple[date, date] | None:
    """First and last day; None for what is no time, for a document may say anything."""
    try:
        return bounds(moment) if moment else None
    except (KgError, OverflowError):
        return None
