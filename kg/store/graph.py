"""The store: an embedded Oxigraph on disk, a named graph a document. Writing and reading are different objects."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

import pyoxigraph as ox

from kg.config import BASE
from kg.errors import QueryError, StoreError
from kg.store import address, folder, identity, outside, reason, remote, results, solve, terms
from kg.store.view import Fact, Number, Stats, View

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from types import TracebackType

    from kg.model import Reading
    from kg.registry.load import Registry

_MOST_IN_MEMORY = 150_000
"""Quads after which what was written goes into files: Oxigraph by itself keeps close to a gigabyte in memory before it does so."""

__all__ = ["Fact", "Number", "Stats", "View", "Writer"]


class Writer:
    """Puts readings into a store and takes documents out, each in one transaction. Leaving the `with` block frees the store.

    Raises:
        StoreError: if the folder cannot be written, is no store, has another base, or another process writes to it.
    """

    def __init__(
        self, path: str | Path, *, base: str = BASE, extractor: str = "kg", registry: Registry | None = None
    ) -> None:
        self.path, self.base, self.extractor, self._registry = address.place(path), base, extractor, registry
        self._mirror = remote.of(self.path)
        if self._mirror:
            self._mirror.pull(base)
        self._open: ox.Store | None = folder.to_write(self.path, base)
        self._in_memory = 0

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            # A store that has just failed would fail again; after Ctrl-C it is brought in order.
            if not isinstance(error, StoreError):
                self.finish()
                self._push()
        finally:
            self._open = None
            if self._mirror:
                self._mirror.close()

    @property
    def _store(self) -> ox.Store:
        if self._open is None:
            raise StoreError(f"{self.path}: this writer is closed; open another")
        return self._open

    def documents(self) -> dict[str, tuple[str, str]]:
        """Document id -> (sha256, extractor) of what the store holds, so that unchanged documents need not be read again."""
        return solve.documents(self._store, self.path)

    def put(self, reading: Reading) -> None:
        """Add a document; what was read of it before goes, in the same transaction."""
        quads = terms.from_reading(reading, base=self.base, extractor=self.extractor)
        self.place(terms.document_iri(self.base, reading.document.id), quads)

    def place(self, graph: ox.NamedNode, quads: list[ox.Quad]) -> None:
        """Put the quads that were read of a document into its graph, in the place of what there was, in one transaction."""
        with folder.told(self.path):
            self._mark_stale()
            if self._store.contains_named_graph(graph):
                self._store.update(terms.to_replacement(graph, quads))
            else:
                self._store.extend(quads)
            self._in_memory += len(quads)
            if self._in_memory > _MOST_IN_MEMORY:
                self._store.flush()
                self._in_memory = 0

    def is_bare(self) -> bool:
        """Whether it holds no document and nothing from outside, here or on a server, so that `load` may fill it."""
        derived = {f(self.base) for f in (terms.entities_graph, terms.ontology_graph, identity.identity_graph)}
        return self._mirror is None and set(self._store.named_graphs()) <= derived

    def load(self, shards: Iterable[IO[bytes]]) -> None:
        """Fill a bare store with N-Quads of documents and all that is derived of them: all of it, or nothing."""
        with folder.told(self.path), folder.filling(self.path, self._store):
            for shard in shards:
                self._store.bulk_load(shard, format=ox.RdfFormat.N_QUADS)
            self._store.extend(terms.from_ontology(terms.ontology_graph(self.base)))

    def adopt(self, view: View) -> int:
        """Take over all documents of another store, each as it was read there; how many. What was read of them here before goes.

        Raises:
            StoreError: if the other store has another base.
        """
        mark = f"{self.base}document/"
        found = sorted({g.value for g in view.store.named_graphs() if isinstance(g, ox.NamedNode)})
        if other := next((g for g in found if "/document/" in g and not g.startswith(mark)), None):
            raise StoreError(
                f"{view.path}: its IRIs have another base than {self.base}: {other}; build it again with that one"
            )
        with folder.told(self.path):
            self._mark_stale()
            for name in (g for g in found if g.startswith(mark)):
                graph = ox.NamedNode(name)
                quads = view.store.quads_for_pattern(None, None, None, graph)
                self._store.update(terms.to_replacement(graph, quads))
        return sum(g.startswith(mark) for g in found)

    def take(self, path: Path) -> int:
        """Import a file of RDF into a graph of its own, in the place of what was imported from one of this name; how many triples.

        Raises:
            DataError: if it cannot be read; nothing is changed then.
        """
        quads = outside.quads(path, self.base)
        with folder.told(self.path):
            self._mark_stale()
            self._store.update(terms.to_replacement(outside.graph_of(self.base, path), quads))
        return len(quads)

    def imported(self, path: Path) -> int:
        """How many triples were imported from a file of this path before: those that `take` would replace."""
        graph = outside.graph_of(self.base, path)
        try:
            return sum(1 for _ in self._store.quads_for_pattern(None, None, None, graph))
        except folder.FAILURES as error:
            raise folder.failure(self.path, error) from error

    def give_back(self, path: Path) -> bool:
        """Take out what was imported from a file of this path; whether there was anything."""
        return self._drop(outside.graph_of(self.base, path))

    def remove(self, document: str) -> bool:
        """Withdraw a document and all that was read from it; whether it was there."""
        return self._drop(terms.document_iri(self.base, document))

    def _drop(self, graph: ox.NamedNode) -> bool:
        with folder.told(self.path):
            if not self._store.contains_named_graph(graph):
                return False
            self._mark_stale()
            self._store.remove_graph(graph)
        return True

    def finish(self) -> None:
        """Bring the graphs of entities and ontology up to date with the documents."""
        entities, ontology = terms.entities_graph(self.base), terms.ontology_graph(self.base)
        wanted = set(terms.from_ontology(ontology))
        with folder.told(self.path):
            if set(self._store.quads_for_pattern(None, None, None, ontology)) == wanted:
                return
            self._mark_stale()
            identity.refresh(self._store, self.path, self.base, self._known())
            self._store.remove_graph(entities)
            self._store.extend(self._entities())
            last = terms.last_of_ontology(ontology)
            self._store.extend(wanted - {last})
            if self._store.contains_named_graph(reason.inferred_graph(self.base)):
                reason.infer(self._store, self.base)
            self._store.add(last)
            self._store.flush()

    def _push(self) -> None:
        if not self._mirror:
            return
        with folder.told(self.path):
            self._mirror.pull(
                self.base, self._store
            )  # somebody else may have written meanwhile, or not come to the end
            self.finish()
            self._mirror.push(self._store, self.base)

    def update(self, text: str, base: str | None = None) -> None:
        """Run a SPARQL update in one transaction; what follows from documents is derived anew on leaving. `base` completes relative IRIs.

        Raises:
            QueryError: if it asks for what cannot be done, such as to drop a graph that is not there; nothing is changed then.
        """
        try:
            self._mark_stale()
            self._store.update(text, base_iri=base, prefixes=terms.PREFIXES)
        except RuntimeError as error:
            raise QueryError(f"the update failed: {error}") from error
        except OSError as error:
            raise folder.failure(self.path, error) from error

    def refresh(self) -> None:
        """Have entities be resolved again on leaving, as after a change of decisions."""
        with folder.told(self.path):
            self._mark_stale()

    def reason(self, *, keep: bool = True) -> int:
        """Add what follows by the ontology, from now on kept up to date; or with `keep` false take it out. How many triples."""
        self.finish()
        with folder.told(self.path):
            if keep:
                last = terms.last_of_ontology(terms.ontology_graph(self.base))
                self._store.remove(last)
                count = reason.infer(self._store, self.base)
                self._store.add(last)
                return count
            self._store.remove_graph(reason.inferred_graph(self.base))
        return 0

    def keep(self, graph: ox.NamedNode, quads: list[ox.Quad]) -> None:
        """Put the result of an analysis into its graph, in the place of what there was; it goes when documents or decisions change."""
        self.finish()
        with folder.told(self.path):
            self._store.update(terms.to_replacement(graph, quads))
            self._store.flush()

    def forget(self, analysis: str | None = None) -> int:
        """Take the results of one analysis or of all out of the store; how many graphs there were."""
        with folder.told(self.path):
            count = results.drop(self._store, analysis)
            self._store.flush()
        return count

    def _mark_stale(self) -> None:
        """The graph of the ontology is taken out before any change and put back after all: that it is there to its last
        triple says that what is derived fits the documents, also after a kill. Results of analyses fit no longer.
        """
        ontology = terms.ontology_graph(self.base)
        if self._store.contains_named_graph(ontology):
            results.drop(self._store)
            self._store.remove_graph(ontology)

    def _entities(self) -> list[ox.Quad]:
        first: dict[str, tuple[int, str]] = {}
        for entity, name, count in identity.named(self._store, self.path):
            first[entity] = min(first.get(entity, (0, "")), identity.rank(name, count))
        names = {iri: name for iri, (_, name) in first.items()}
        return terms.from_entities(names, dict(identity.entries(self._store, self.path)), self._known(), base=self.base)

    def _known(self) -> Registry:
        from kg.registry.load import load

        return self._registry or load()
