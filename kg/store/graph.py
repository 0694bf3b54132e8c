"""The store: an embedded Oxigraph on disk, a named graph a document. Writing and reading are different objects."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.errors import StoreError
from kg.store import terms
from kg.text import fold
from kg.vocabulary import TYPES, folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import TracebackType

    import rdflib

    from kg.model import Reading
    from kg.registry.load import Registry

from kg.config import BASE

_FORMAT = "1"


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


class Writer:
    """Puts readings into a store and takes documents out, a document at a time: it is there whole or not at all.

    Raises:
        StoreError: if the folder cannot be written, is no store, or another process writes to it.
    """

    def __init__(
        self, path: str | Path, *, base: str = BASE, extractor: str = "kg", registry: Registry | None = None
    ) -> None:
        self.path, self.base, self.extractor, self._registry = Path(path), base, extractor, registry
        self._store = _open(self.path)
        self._changed = False

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.finish()

    def documents(self) -> dict[str, tuple[str, str]]:
        """Document id -> (sha256, extractor) of what the store holds, so that unchanged documents need not be read again."""
        return _documents(self._store)

    def put(self, reading: Reading) -> None:
        """Add a document; what was read of it before goes."""
        try:
            self._store.remove_graph(terms.document_iri(self.base, reading.document.id))
            # One transaction: after an interruption the document is there whole or will be read again.
            self._store.extend(terms.from_reading(reading, base=self.base, extractor=self.extractor))
        except OSError as error:
            raise StoreError(f"{self.path}: cannot be written ({error}); is the disk full?") from error
        self._changed = True

    def remove(self, document: str) -> bool:
        """Withdraw a document and all that was read from it; whether it was there."""
        graph = terms.document_iri(self.base, document)
        if not self._store.contains_named_graph(graph):
            return False
        self._store.remove_graph(graph)
        self._changed = True
        return True

    def finish(self) -> None:
        """Bring the graphs of entities and ontology up to date with the documents."""
        entities, ontology = terms.entities_graph(self.base), terms.ontology_graph(self.base)
        if not self._changed and self._store.contains_named_graph(ontology):
            return
        self._store.remove_graph(entities)
        self._store.extend(self._entities())
        self._store.remove_graph(ontology)
        terms_of_it = ox.Dataset(ox.parse(path=str(folder() / "aikg.ttl")))
        terms_of_it.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        self._store.extend(_named(q, ontology) for q in terms_of_it)
        self._store.flush()
        self._changed = False

    def _entities(self) -> list[ox.Quad]:
        from kg.registry.load import load

        counts: dict[str, list[tuple[int, str]]] = {}
        for entity, name, count in _select(
            self._store, "SELECT ?e ?x (COUNT(?m) AS ?n) WHERE { ?m kg:refersTo ?e ; oa:exact ?x } GROUP BY ?e ?x"
        ):
            counts.setdefault(entity.value, []).append((-int(count.value), " ".join(name.value.split())))
        rows = _select(self._store, "SELECT DISTINCT ?e ?id WHERE { ?m kg:refersTo ?e . ?e kg:entry ?id }")
        entries = {e.value: i.value for e, i in rows}
        names = {iri: min(some)[1] for iri, some in counts.items()}
        return terms.from_entities(names, entries, self._registry or load(), base=self.base)


def _named(quad: ox.Quad, graph: ox.NamedNode) -> ox.Quad:
    """A quad of the ontology in its graph, the blank nodes of its lists and unions named, so that the store holds none."""

    def term(value: Any) -> Any:
        return ox.NamedNode(f"{graph.value}#{value.value}") if isinstance(value, ox.BlankNode) else value

    return ox.Quad(term(quad.subject), quad.predicate, term(quad.object), graph)


class View:
    """Reads a store. Queries see all graphs as one.

    Raises:
        StoreError: if there is no store at `path`, or it is damaged.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        if not (self.path / "kg-store").is_file():
            raise StoreError(f"{self.path}: there is no store here; build one with `kg build PATH --store {self.path}`")
        _check_format(self.path)
        try:
            self.store = ox.Store.read_only(str(self.path / "oxigraph"))
        except (OSError, ValueError) as error:
            raise StoreError(
                f"{self.path}: the store cannot be opened ({error}); build it again or restore a copy"
            ) from error

    def __len__(self) -> int:
        """Number of quads."""
        return len(self.store)

    def select(self, query: str) -> Iterator[tuple[Any, ...]]:
        """Rows of terms of a SELECT with the project's prefixes, for the project's own code."""
        return _select(self.store, query)

    def records(self, query: str) -> Iterator[dict[str, str]]:
        """Solutions of a SELECT as variable name -> text of its value; what is unbound is left out."""
        solutions: Any = self.store.query(query, use_default_graph_as_union=True, prefixes=terms.PREFIXES)
        names = [v.value for v in solutions.variables]
        for row in solutions:
            yield {n: str(row[n].value) for n in names if row[n] is not None}

    def documents(self) -> dict[str, tuple[str, str]]:
        """Document id -> (sha256, extractor)."""
        return _documents(self.store)

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
        rows = list(self.select(f"SELECT ?l WHERE {{ <{iri}> rdfs:label ?l }} ORDER BY ?l LIMIT 1"))
        return str(rows[0][0].value) if rows else iri

    def facts(self, iri: str) -> list[Fact]:
        """Claims that have the entity as subject or object, ordered by predicate, the surest first."""
        found = []
        for forward in (True, False):
            me, other = ("subject", "object") if forward else ("object", "subject")
            rows = self.select(
                f"SELECT ?c ?p ?o ?conf ?role ?value ?on ?quote ?doc ?date WHERE {{ ?c a kg:Claim ; kg:{me} <{iri}> ; kg:{other} ?o ; kg:predicate ?p ; kg:confidence ?conf ; "
                "kg:evidence/oa:hasSelector/oa:exact ?quote ; prov:wasDerivedFrom ?d . ?d dcterms:identifier ?doc . OPTIONAL { ?d dcterms:date ?date } "
                "OPTIONAL { ?c kg:role ?role } OPTIONAL { ?c kg:value ?value } OPTIONAL { ?c kg:holdsOn ?on } }"
            )
            for c, p, o, conf, role, value, on, quote, doc, date in rows:
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

    def rdflib(self) -> rdflib.Dataset:
        """The same store as an rdflib dataset (through oxrdflib), for library users."""
        import rdflib
        from oxrdflib import OxigraphStore

        dataset = rdflib.Dataset(store=OxigraphStore(store=self.store), default_union=True)
        for prefix, iri in terms.PREFIXES.items():
            dataset.bind(prefix, iri)
        return dataset


def _open(path: Path) -> ox.Store:
    try:
        path.mkdir(parents=True, exist_ok=True)
        marker = path / "kg-store"
        if not marker.exists():
            if any(path.iterdir()) and not (path / "oxigraph").is_dir():
                raise StoreError(f"{path}: the folder is not empty and holds no store; give another with --store")
            marker.write_text(f"{_FORMAT}\n", "utf-8")
        _check_format(path)
        return ox.Store(str(path / "oxigraph"))
    except OSError as error:
        if "lock" in str(error).lower():
            raise StoreError(f"{path}: another process is writing to this store; wait for it to end") from error
        reason = "no permission to write" if not os.access(path.parent, os.W_OK) else str(error)
        raise StoreError(f"{path}: the store cannot be opened for writing ({reason})") from error


def _check_format(path: Path) -> None:
    found = (path / "kg-store").read_text("utf-8").strip()
    if found != _FORMAT:
        raise StoreError(
            f"{path}: the store has format {found!r}, this version of kg reads {_FORMAT!r}; build it again"
        )


def _select(store: ox.Store, query: str) -> Iterator[tuple[Any, ...]]:
    solutions: Any = store.query(query, use_default_graph_as_union=True, prefixes=terms.PREFIXES)
    names = [v.value for v in solutions.variables]
    for row in solutions:
        yield tuple(row[n] for n in names)


def _documents(store: ox.Store) -> dict[str, tuple[str, str]]:
    rows = _select(
        store,
        "SELECT ?id ?sha ?x WHERE { ?d a kg:Document ; dcterms:identifier ?id ; kg:sha256 ?sha . ?r prov:used ?d ; kg:extractor ?x }",
    )
    return {i.value: (s.value, x.value) for i, s, x in rows}


def _local(iri: str) -> str:
    return iri.rsplit("#", 1)[-1]


def _value(term: Any) -> str | None:
    return None if term is None else str(term.value)
