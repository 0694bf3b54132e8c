"""The store: an embedded Oxigraph on disk, a named graph a document. Writing and reading are different objects."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.config import BASE
from kg.errors import StoreError
from kg.store import folder, terms
from kg.text import fold
from kg.vocabulary import TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import TracebackType

    import rdflib

    from kg.model import Reading
    from kg.registry.load import Registry


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
    "SELECT ?c ?p ?o ?conf ?role ?value ?on ?quote ?doc ?date ?me WHERE { ?c kg:ME ?me ; a kg:Claim ; kg:OTHER ?o ; kg:predicate ?p ; "
    + _SOURCE
    + "OPTIONAL { ?c kg:role ?role } OPTIONAL { ?c kg:value ?value } OPTIONAL { ?c kg:holdsOn ?on } }"
)
_NUMBERS = (
    "SELECT ?x ?metric ?value ?unit ?period ?words ?conf ?quote ?doc ?date ?me WHERE { ?x kg:subject ?me ; a kg:Observation ; "
    "kg:metric ?metric ; kg:value ?value ; kg:words ?words ; "
    + _SOURCE
    + "OPTIONAL { ?x kg:unit ?unit } OPTIONAL { ?x kg:period ?period } }"
)


class Writer:
    """Puts readings into a store and takes documents out, each in one transaction. Leaving the `with` block frees the store.

    Raises:
        StoreError: if the folder cannot be written, is no store, has another base, or another process writes to it.
    """

    def __init__(
        self, path: str | Path, *, base: str = BASE, extractor: str = "kg", registry: Registry | None = None
    ) -> None:
        self.path, self.base, self.extractor, self._registry = Path(path), base, extractor, registry
        self._open: ox.Store | None = folder.to_write(self.path, base)

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            # A store that has just failed would fail again; after Ctrl-C it is brought in order.
            if not isinstance(error, StoreError):
                self.finish()
        finally:
            self._open = None

    @property
    def _store(self) -> ox.Store:
        if self._open is None:
            raise StoreError(f"{self.path}: this writer is closed; open another")
        return self._open

    def documents(self) -> dict[str, tuple[str, str]]:
        """Document id -> (sha256, extractor) of what the store holds, so that unchanged documents need not be read again."""
        return _documents(self._store, self.path)

    def put(self, reading: Reading) -> None:
        """Add a document; what was read of it before goes, in the same transaction."""
        graph = terms.document_iri(self.base, reading.document.id)
        quads = terms.from_reading(reading, base=self.base, extractor=self.extractor)
        try:
            self._mark_stale()
            if self._store.contains_named_graph(graph):
                self._store.update(terms.to_replacement(graph, quads))
            else:
                self._store.extend(quads)
        except folder.FAILURES as error:
            raise folder.failure(self.path, error) from error

    def remove(self, document: str) -> bool:
        """Withdraw a document and all that was read from it; whether it was there."""
        graph = terms.document_iri(self.base, document)
        try:
            if not self._store.contains_named_graph(graph):
                return False
            self._mark_stale()
            self._store.remove_graph(graph)
        except folder.FAILURES as error:
            raise folder.failure(self.path, error) from error
        return True

    def finish(self) -> None:
        """Bring the graphs of entities and ontology up to date with the documents."""
        entities, ontology = terms.entities_graph(self.base), terms.ontology_graph(self.base)
        wanted = terms.from_ontology(ontology)
        try:
            if set(self._store.quads_for_pattern(None, None, None, ontology)) == set(wanted):
                return
            self._mark_stale()
            self._store.remove_graph(entities)
            self._store.extend(self._entities())
            self._store.extend(wanted)
            self._store.flush()
        except folder.FAILURES as error:
            raise folder.failure(self.path, error) from error

    def _mark_stale(self) -> None:
        """The graph of the ontology is taken out before any change and put back after all: that it is there says that the
        graph of entities fits the documents, also after a kill.
        """
        ontology = terms.ontology_graph(self.base)
        if self._store.contains_named_graph(ontology):
            self._store.remove_graph(ontology)

    def _entities(self) -> list[ox.Quad]:
        from kg.registry.load import load

        counts: dict[str, list[tuple[int, str]]] = {}
        for entity, name, count in _select(
            self._store,
            self.path,
            "SELECT ?e ?x (COUNT(?m) AS ?n) WHERE { ?m kg:refersTo ?e ; oa:exact ?x } GROUP BY ?e ?x",
        ):
            counts.setdefault(entity.value, []).append((-int(count.value), " ".join(name.value.split())))
        rows = _select(self._store, self.path, "SELECT DISTINCT ?e ?id WHERE { ?e kg:entry ?id }")
        entries = {e.value: i.value for e, i in rows}
        names = {iri: min(some)[1] for iri, some in counts.items()}
        return terms.from_entities(names, entries, self._registry or load(), base=self.base)


class View:
    """Reads a store. Queries see all graphs as one.

    Raises:
        StoreError: if there is no store at `path`, or it is damaged.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.store = folder.to_read(self.path)

    def __len__(self) -> int:
        """Number of quads."""
        return len(self.store)

    def select(self, query: str, **given: str) -> Iterator[tuple[Any, ...]]:
        """Rows of terms of a SELECT with the project's prefixes, for the project's own code. `given` binds variables to IRIs."""
        return _select(self.store, self.path, query, given)

    def records(self, query: str, **given: str) -> Iterator[dict[str, str]]:
        """Solutions of a SELECT as variable name -> text of its value; what is unbound is left out. `given` binds variables to IRIs."""
        for names, row in _solutions(self.store, self.path, query, given):
            yield {n: str(t.value) for n, t in zip(names, row, strict=True) if t is not None}

    def documents(self) -> dict[str, tuple[str, str]]:
        """Document id -> (sha256, extractor)."""
        return _documents(self.store, self.path)

    def stats(self) -> Stats:
        """Counts of what the store holds."""

        def count(pattern: str) -> int:
            return int(next(iter(self.select(f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {pattern} }}")))[0].value)

        by_type = {t: count(f"?m kg:refersTo ?x . ?x a kg:{t}") for t in sorted(TYPES)}
        rows = self.select("SELECT ?p (COUNT(?c) AS ?n) WHERE { ?c a kg:Claim ; kg:predicate ?p } GROUP BY ?p")
        by_predicate = {_local(p.value): int(n.value) for p, n in rows}
        return Stats(
            documents=count("?x a kg:Document"),
            entities=sum(by_type.values()),
            claims=sum(by_predicate.values()),
            observations=count("?x a kg:Observation"),
            mentions=count("?x a kg:Mention"),
            triples=len(self.store),
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
            for c, p, o, conf, role, value, on, quote, doc, date, _ in rows:
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


def _solutions(
    store: ox.Store, path: Path, query: str, given: Mapping[str, str]
) -> Iterator[tuple[list[str], list[Any]]]:
    try:
        bound: dict[Any, Any] = {ox.Variable(name): ox.NamedNode(iri) for name, iri in given.items()}
        found: Any = store.query(
            query, use_default_graph_as_union=True, prefixes=terms.PREFIXES, substitutions=bound or None
        )
        names = [v.value for v in found.variables]
        for row in found:
            yield names, [row[n] for n in names]
    except folder.FAILURES as error:
        raise folder.failure(path, error) from error


def _select(
    store: ox.Store, path: Path, query: str, given: Mapping[str, str] | None = None
) -> Iterator[tuple[Any, ...]]:
    return (tuple(row) for _, row in _solutions(store, path, query, given or {}))


def _documents(store: ox.Store, path: Path) -> dict[str, tuple[str, str]]:
    rows = _select(
        store,
        path,
        "SELECT ?id ?sha ?x WHERE { ?d a kg:Document ; dcterms:identifier ?id ; kg:sha256 ?sha . ?r prov:used ?d ; kg:extractor ?x }",
    )
    return {i.value: (s.value, x.value) for i, s, x in rows}


def _local(iri: str) -> str:
    return iri.rsplit("#", 1)[-1]


def _value(term: Any) -> str | None:
    return None if term is None else str(term.value)
