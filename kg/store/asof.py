"""The store as of a day: what documents had said by then, less what did not hold then."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.errors import KgError
from kg.store import results
from kg.store.terms import node
from kg.vocabulary import PREDICATES

if TYPE_CHECKING:
    from collections.abc import Iterable

_RELATIONS = frozenset(node("kg", p) for p in PREDICATES)
_KEPT = (node("kg", "subject"), node("kg", "predicate"), node("kg", "object"))


def bounds(moment: str) -> tuple[date, date]:
    """First and last day of an ISO 8601 date, month, year, week, quarter (`2024-Q3`) or interval.

    Raises:
        KgError: if it is none of these, or no such day exists.
    """
    try:
        if "/" in moment:
            first, last = moment.split("/")
            return bounds(first)[0], bounds(last)[1]
        if "Q" in moment:
            year, quarter = moment.split("-Q")
            month = 3 * int(quarter)
            return date(int(year), month - 2, 1), date(int(year), month, monthrange(int(year), month)[1])
        if "W" in moment:
            first_day = date.fromisocalendar(int(moment[:4]), int(moment[6:]), 1)
            return first_day, first_day + timedelta(6)
        parts = [int(p) for p in moment.split("-")]
        if len(parts) == 1:
            return date(parts[0], 1, 1), date(parts[0], 12, 31)
        if len(parts) == 2:
            return date(parts[0], parts[1], 1), date(parts[0], parts[1], monthrange(*parts)[1])
        whole_year, month, of_month = parts
        day = date(whole_year, month, of_month)
    except (ValueError, TypeError, IndexError) as error:
        raise KgError(f"{moment!r} is no date; write 2024, 2024-06, 2024-Q2 or 2024-06-30") from error
    return day, day


def day_of(moment: str) -> date:
    """The last day of what a user gives as a date: 2024 means the end of that year.

    Raises:
        KgError: if there is no such date.
    """
    return bounds(moment)[1]


def holds(since: str | None, until: str | None, status: str, day: date) -> bool:
    """Whether a claim with these times holds on `day`; times that are no dates say nothing."""
    if status in ("ended", "denied"):
        return False
    return not (_after(since, day) or _before(until, day))


def _text(term: Any) -> str:
    return str(term.value)


def _after(moment: str | None, day: date) -> bool:
    try:
        return moment is not None and bounds(moment)[0] > day
    except KgError:
        return False


def _before(moment: str | None, day: date) -> bool:
    try:
        return moment is not None and bounds(moment)[1] < day
    except KgError:
        return False


def at(store: ox.Store, day: date) -> ox.Store:
    """A copy of `store` in memory without documents issued after `day`, claims that did not hold on it, and results of analyses.

    Documents without a date stay. A claim ends too where a later document, issued by `day`, says that it ended.
    """
    made = ox.Store()
    late = {
        q.subject for q in store.quads_for_pattern(None, node("dcterms", "date"), None) if _after(_text(q.object), day)
    }
    late.update(results.graphs(store))
    kept = [q for q in store if q.graph_name not in late]
    dropped = _dropped(kept, day)
    stated: set[tuple[Any, ...]] = set()
    rows: dict[Any, dict[Any, Any]] = defaultdict(dict)
    for q in kept:
        if q.predicate in _KEPT and q.subject not in dropped:
            rows[q.subject, q.graph_name][q.predicate] = q.object
    for (_, graph), row in rows.items():
        stated.add((*(row.get(p) for p in _KEPT), graph))
    named = {q.object for q in kept if q.predicate == node("kg", "refersTo")}
    made.bulk_extend(
        q
        for q in kept
        if q.subject not in dropped
        and not (q.predicate in _RELATIONS and (q.subject, q.predicate, q.object, q.graph_name) not in stated)
        and not (q.graph_name.value.endswith("/graph/entities") and q.subject not in named)
    )
    return made


def _dropped(quads: Iterable[ox.Quad], day: date) -> set[Any]:
    wanted = {node("kg", n): n for n in ("subject", "predicate", "object", "status", "since", "until", "saidOn")}
    rows: dict[Any, dict[str, str]] = defaultdict(dict)
    claims = set()
    for q in quads:
        if q.predicate in wanted:
            rows[q.subject][wanted[q.predicate]] = _text(q.object)
        elif q.object == node("kg", "Claim"):
            claims.add(q.subject)
    ended: dict[tuple[str | None, ...], str] = {}
    for claim in claims:
        row = rows[claim]
        if row.get("status") == "ended":
            key = tuple(row.get(k) for k in ("subject", "predicate", "object"))
            ended[key] = max(ended.get(key, ""), row.get("saidOn", ""))
    found = set()
    for claim in claims:
        row = rows[claim]
        key = tuple(row.get(k) for k in ("subject", "predicate", "object"))
        over = key in ended and "saidOn" in row and row["saidOn"] < ended[key]
        if over or not holds(row.get("since"), row.get("until"), row.get("status", "stated"), day):
            found.add(claim)
    return found
