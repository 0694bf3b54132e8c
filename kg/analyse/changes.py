"""What changed between two states of a graph, and what happened to one entity when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.store.view import Fact, Number
from kg.vocabulary import KG

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.store.graph import View

_STATED = (
    "SELECT * WHERE { ?c a kg:Claim ; kg:subject ?s ; kg:predicate ?p ; kg:object ?o ; kg:evidence ?v ; prov:wasDerivedFrom ?d . "
    "?v oa:hasSelector ?q . ?q oa:exact ?quote . ?d dcterms:identifier ?document . OPTIONAL { ?c kg:role ?role } "
    "OPTIONAL { ?c kg:value ?value } OPTIONAL { ?c kg:status ?status } OPTIONAL { ?c kg:holdsOn ?on } "
    "OPTIONAL { ?c kg:since ?since } OPTIONAL { ?c kg:until ?until } OPTIONAL { ?c kg:saidOn ?said } }"
)
_LABELS = "SELECT ?e ?l WHERE { ?e rdfs:label ?l . FILTER EXISTS { ?m kg:refersTo ?e } }"
_DETAILS = ("role", "value", "status", "on", "since", "until")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A relation that `appeared`, `ended` or `changed` in its details (`before` and `after`), and the words that say so."""

    what: str
    subject: str
    predicate: str
    object: str
    before: str
    after: str
    said_on: str
    document: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something said of an entity, at the time that it holds, or else (`dated` is false) at that of its document."""

    when: str
    dated: bool
    said: Fact | Number

    @property
    def what(self) -> str:
        """The relation or the figure in short."""
        said = self.said
        if isinstance(said, Number):
            return f"{said.metric}: {said.words}"
        what = f"{said.predicate} → {said.other_label}" if said.forward else f"← {said.predicate} {said.other_label}"
        more = ", ".join(x for x in (said.role, said.value) if x)
        return f"{what} ({more})" if more else what

    @property
    def status(self) -> str:
        return self.said.status if isinstance(self.said, Fact) else "stated"


def changes(old: View, new: View) -> list[Change]:
    """What the graph `new` states and `old` does not, the other way round, and what both state with other details."""
    before, after = _stated(old), _stated(new)
    labels = _labels(old) | _labels(new)
    found = []
    for key in sorted({*before, *after}):
        was, now = before.get(key), after.get(key)
        if was and now and _details(was) == _details(now):
            continue
        row = (now or was or [{}])[-1]
        found.append(
            Change(
                what="appeared" if not was else "ended" if not now else "changed",
                subject=labels.get(key[0], key[0]),
                predicate=key[1].removeprefix(KG),
                object=labels.get(key[2], key[2]),
                before=_details(was or []),
                after=_details(now or []),
                said_on=row.get("said", ""),
                document=row.get("document", ""),
                quote=row.get("quote", ""),
            )
        )
    return sorted(found, key=lambda c: (c.what, c.subject, c.predicate, c.object))


def _stated(view: View) -> Mapping[tuple[str, str, str], list[dict[str, str]]]:
    """(subject, predicate, object) -> the claims that state it, the latest last."""
    found: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    for row in sorted(view.records(_STATED), key=lambda r: (r.get("said", ""), r["c"])):
        found.setdefault((row["s"], row["p"], row["o"]), []).append(row)
    return found


def _details(rows: list[dict[str, str]]) -> str:
    """Details of all claims of one relation: role, value, status unless stated, and times."""
    said = {" ".join(r[k] for k in _DETAILS if r.get(k) and r[k] != "stated") for r in rows}
    return "; ".join(sorted(s for s in said if s))


def _labels(view: View) -> dict[str, str]:
    return {r["e"]: r["l"] for r in sorted(view.records(_LABELS), key=lambda r: r["l"], reverse=True)}


def timeline(facts: Iterable[Fact], numbers: Iterable[Number]) -> list[Event]:
    """What is said of an entity in the order of time; what has no time at all comes last."""
    found = []
    for fact in facts:
        told = fact.since or fact.holds_on or fact.until
        when = told or fact.date or ""
        if fact.until and fact.until != when:
            when = f"{when}/{fact.until}"
        found.append(Event(when=when, dated=bool(told), said=fact))
    found += [Event(when=n.period or n.date or "", dated=bool(n.period), said=n) for n in numbers]
    return sorted(found, key=lambda e: (not e.when, e.when, e.said.date or "", e.what, e.said.quote))
