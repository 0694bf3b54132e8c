"""Reading a store: counts, entities by name, and what is said of them with the words that say it."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg import markup
from kg.store import address, asof, folder, remote, results, solve, terms
from kg.text import fold
from kg.vocabulary import TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import rdflib


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """What a store holds."""

    documents: int
    entities: int
    claims: int
    observations: int
    mentions: int
    triples: int
    by_type: Mapping[str, int]
    by_predicate: Mapping[str, int]

    def _repr_html_(self) -> str:
        names = ("documents", "entities", "claims", "observations", "mentions", "triples")
        kinds = [(k, f"{n:,}") for k, n in (*self.by_type.items(), *self.by_predicate.items()) if n]
        return markup.table(names, [[f"{getattr(self, k):,}" for k in names]]) + markup.table(("", "number"), kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A claim as a person reads it. `forward` is false where the entity asked for is the object."""

    claim: str
    predicate: str
    forward: bool
    other: str
    other_label: str
    confidence: float
    role: str | None
    value: str | None
    holds_on: str | None
    quote: str
    document: str
    date: str | None
    status: str = "stated"
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """An observation as a person reads it; `words` is the number as written."""

    observation: str
    metric: str
    value: float
    unit: str | None
    period: str | None
    words: str
    confidence: float
    quote: str
    document: str
    date: str | None


_SOURCE = (
    "kg:confidence ?conf ; kg:evidence ?v ; prov:wasDerivedFrom ?d . ?v oa:hasSelector ?q . ?q oa:exact ?quote . "
    "?d dcterms:identifier ?doc . OPTIONAL { ?d dcterms:date ?date } "
)
_FACTS = (
    "SELECT ?c ?p ?o ?conf ?role ?value ?on ?quote ?doc ?date ?status ?since ?until ?me WHERE { ?c kg:ME ?me ; a kg:Claim ; kg:OTHER ?o ; kg:predicate ?p ; "
    + _SOURCE
    + "OPTIONAL { ?c kg:role ?role } OPTIONAL { ?c kg:value ?value } OPTIONAL { ?c kg:holdsOn ?on } "
    + "OPTIONAL { ?c kg:status ?status } OPTIONAL { ?c kg:since ?since } OPTIONAL { ?c kg:until ?until } }"
)
_NUMBERS = (
    "SELECT ?x ?metric ?value ?unit ?period ?words ?conf ?quote ?doc ?date ?me WHERE { ?x kg:subject ?me ; a kg:Observation ; "
    "kg:metric ?metric ; kg:value ?value ; kg:words ?words ; "
    + _SOURCE
    + "OPTIONAL { ?x kg:unit ?unit } OPTIONAL { ?x kg:period ?period } }"
)


class View:
    """Reads a store. Queries see all graphs as one.

    Raises:
        StoreError: if there is no store at `path`, or it is damaged.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = address.place(path)
        self.mirror = remote.of(self.path)
        if self.mirror:
            self.mirror.pull()
        self.store = folder.to_read(self.path)

    def as_of(self, moment: str) -> View:
        """The store as of a date: without later documents, and without claims that did not hold then. A copy in memory.

        Raises:
            KgError: if there is no such date.
        """
        made = copy(self)
        made.mirror = None  # a day is no place on a server
        with folder.told(self.path):
            made.store = asof.at(self.store, asof.day_of(moment))
        return made

    def __len__(self) -> int:
        """Number of quads."""
        with folder.told(self.path):
            return len(self.store)

    def select(self, query: str, **given: str) -> Iterator[tuple[Any, ...]]:
        """Rows of terms of a SELECT with the project's prefixes, for the project's own code. `given` binds variables to IRIs."""
        return solve.select(self.store, self.path, query, given)

    def records(self, query: str, **given: str) -> Iterator[dict[str, str]]:
        """Solutions of a SELECT as variable name -> text of its value; what is unbound is left out. `given` binds variables to IRIs."""
        for names, row in solve.solutions(self.store, self.path, query, given):
            yield {n: str(t.value) for n, t in zip(names, row, strict=True) if t is not None}

    def documents(self) -> dict[str, tuple[str, str]]:
        """Document id -> (sha256, extractor)."""
        return solve.documents(self.store, self.path)

    def stats(self) -> Stats:
        """Counts of what the store holds."""

        def count(pattern: str) -> int:
            return int(next(iter(self.select(f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {pattern} }}")))[0].value)

        by_type = {t: count(f"?m kg:refersTo ?x . ?x a kg:{t}") for t in sorted(TYPES)}
        rows = self.select("SELECT ?p (COUNT(?c) AS ?n) WHERE { ?c a kg:Claim ; kg:predicate ?p } GROUP BY ?p")
        by_predicate = {_local(p.value): int(n.value) for p, n in rows}
        # A triple that two documents state stands in two graphs, and once in Turtle.
        distinct = next(iter(self.select("SELECT (COUNT(*) AS ?n) WHERE { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }")))
        # As there, results of analyses do not count.
        with folder.told(self.path):
            graphs = results.graphs(self.store)
            kept = {q.triple for g in graphs for q in self.store.quads_for_pattern(None, None, None, g)}
        return Stats(
            documents=count("?x a kg:Document"),
            entities=sum(by_type.values()),
            claims=sum(by_predicate.values()),
            observations=count("?x a kg:Observation"),
            mentions=count("?x a kg:Mention"),
            triples=int(distinct[0].value) - len(kept),
            by_type=by_type,
            by_predicate=dict(sorted(by_predicate.items())),
        )

    def find(self, name: str) -> list[tuple[str, str, str]]:
        """(IRI, type, label) of the entities that have this name, whatever its script, width and case; else of those that contain it."""
        wanted = fold(name)
        exact: dict[str, tuple[str, str, str]] = {}
        part: dict[str, tuple[str, str, str]] = {}
        rows = self.select(
            "SELECT DISTINCT ?e ?t ?n WHERE { ?e a ?t ; rdfs:label|skos:altLabel|skos:prefLabel ?n . FILTER EXISTS { ?m kg:refersTo ?e } }"
        )
        for entity, kind, label in sorted(rows, key=lambda r: (r[0].value, len(r[2].value), r[2].value)):
            folded = fold(label.value)
            for table, hit in ((exact, folded == wanted), (part, wanted in folded)):
                if hit and wanted and _local(kind.value) in TYPES:
                    table.setdefault(entity.value, (entity.value, _local(kind.value), self.label(entity.value)))
        return list((exact or part).values())

    def label(self, iri: str) -> str:
        """The label of an entity: the registry's, else the one most used."""
        rows = list(self.select("SELECT ?l ?e WHERE { ?e rdfs:label ?l } ORDER BY ?l LIMIT 1", e=iri))
        return str(rows[0][0].value) if rows else iri

    def facts(self, iri: str) -> list[Fact]:
        """Claims that have the entity as subject or object, ordered by predicate, the surest first."""
        found = []
        for forward in (True, False):
            me, other = ("subject", "object") if forward else ("object", "subject")
            rows = self.select(_FACTS.replace("kg:ME", f"kg:{me}").replace("kg:OTHER", f"kg:{other}"), me=iri)
            for c, p, o, conf, role, value, on, quote, doc, date, status, since, until, _ in rows:
                found.append(
                    Fact(
                        claim=c.value,
                        predicate=_local(p.value),
                        forward=forward,
                        other=o.value,
                        other_label=self.label(o.value),
                        confidence=float(conf.value),
                        role=_value(role),
                        value=_value(value),
                        holds_on=_value(on),
                        quote=quote.value,
                        document=doc.value,
                        date=_value(date),
                        status=_value(status) or "stated",
                        since=_value(since),
                        until=_value(until),
                    )
                )
        return sorted(found, key=lambda f: (f.predicate, not f.forward, -f.confidence, f.other_label, f.claim))

    def observations(self, iri: str) -> list[Number]:
        """The numbers that documents state of the entity, ordered by metric and period."""
        rows = self.select(_NUMBERS, me=iri)
        found = [
            Number(
                observation=x.value,
                metric=metric.value,
                value=float(value.value),
                unit=_value(unit),
                period=_value(period),
                words=words.value,
                confidence=float(conf.value),
                quote=quote.value,
                document=doc.value,
                date=_value(date),
            )
            for x, metric, value, unit, period, words, conf, quote, doc, date, _ in rows
        ]
        return sorted(found, key=lambda n: (n.metric, n.period or "", n.document, n.value, n.observation))

    def rdflib(self) -> rdflib.Dataset:
        """The same store as an rdflib dataset (through oxrdflib), for library users."""
        import rdflib
        from oxrdflib import OxigraphStore

        dataset = rdflib.Dataset(store=OxigraphStore(store=self.store), default_union=True)
        for prefix, iri in terms.PREFIXES.items():
            dataset.bind(prefix, iri)
        return dataset


def _local(iri: str) -> str:
    return iri.rsplit("#", 1)[-1]


def _value(term: Any) -> str | None:
    return None if term is None else str(term.value)
