"""The Python API: `kg.build`, `kg.extract`, `kg.open` and the `Graph` that they give. The same verbs as the command line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.config import Config, config

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import networkx as nx
    import rdflib

    from kg.analyse.table import Table
    from kg.flow import Summary
    from kg.model import Reading, Skipped
    from kg.query import Rows
    from kg.store.graph import Fact, Stats


class Graph:
    """A store, read only. `summary` says what the build that made it did."""

    def __init__(self, store: str | Path = "graph.kg", *, summary: Summary | None = None) -> None:
        from kg.store.graph import View

        self.view = View(store)
        self.summary = summary

    def query(self, sparql: str) -> Rows | bool | list[Any]:
        """Rows for SELECT, a bool for ASK, triples for CONSTRUCT and DESCRIBE. `sparql` may be the name of a named query.

        Raises:
            QueryError: for a malformed query or one that does not only read.
        """
        from kg.query import run, text_of

        return run(self.view, text_of(sparql))

    def export(self, path: str | Path, form: str = "turtle") -> Path:
        """Write the graph to `path` in one of `kg.store.export.FORMATS`."""
        from kg.store.export import write

        target = Path(path)
        with target.open("wb") as file:
            write(self.view, form, file)
        return target

    def network(self, *, min_confidence: float = 0.0) -> nx.MultiDiGraph:
        """The claims as a NetworkX graph: nodes are entities, edges claims with their evidence."""
        from kg.analyse.network import network

        return network(self.view, min_confidence=min_confidence)

    def analyse(self, what: str, name: str | None = None, *, min_confidence: float = 0.5) -> Table:
        """The analysis `what`, one of `kg.analyse.analyses.ANALYSES`, over the claims of at least this confidence.

        Raises:
            KgError: for an unknown analysis or entity.
        """
        from kg.analyse.analyses import analyse
        from kg.analyse.paths import surest

        return analyse(surest(self.network(), min_confidence), what, name)

    def page(self, path: str | Path = "graph.html", *, title: str = "") -> Path:
        """Write the interactive page: one file, no network."""
        from kg.view.page import render

        target = Path(path)
        target.write_text(render(self.network(), title=title), "utf-8")
        return target

    def report(
        self,
        path: str | Path = "report.html",
        name: str | None = None,
        *,
        min_confidence: float = 0.5,
        lang: str = "en",
    ) -> Path:
        """Write a page to print, on the entity `name` or on the whole graph."""
        from kg.report.report import render

        target = Path(path)
        target.write_text(render(self.network(), name, min_confidence=min_confidence, lang=lang), "utf-8")
        return target

    def rdflib(self) -> rdflib.Dataset:
        """The same store as an rdflib dataset."""
        return self.view.rdflib()

    def stats(self) -> Stats:
        """Counts of documents, entities, claims, observations, by type and predicate."""
        return self.view.stats()

    def find(self, name: str) -> list[tuple[str, str, str]]:
        """(IRI, type, label) of the entities that have this name, else of those that contain it."""
        return self.view.find(name)

    def facts(self, name: str) -> list[Fact]:
        """The claims about the entities of this name."""
        return [fact for iri, _, _ in self.find(name) for fact in self.view.facts(iri)]

    def _repr_html_(self) -> str:
        return self.stats()._repr_html_()


def _settings(store: str | Path | None, options: dict[str, Any]) -> Config:
    made = replace(config(), **options)
    return replace(made, store=Path(store)) if store is not None else made


def build(paths: Iterable[str | Path], *, store: str | Path | None = None, **options: Any) -> Graph:
    """Read documents into a store and open it; `options` are fields of `kg.config.Config`. `graph.summary.failed` lists what was not read.

    Raises:
        KgError: if the store or the registry cannot be used.
    """
    from kg.flow import build as run

    made = _settings(store, options)
    summary = run(paths, made)
    return Graph(made.store, summary=summary)


def extract(paths: Iterable[str | Path], **options: Any) -> Iterator[Reading | Skipped]:
    """Read documents without a store, one at a time."""
    from kg.flow import extract as run

    return run(paths, _settings(None, options))


def open(store: str | Path = "graph.kg") -> Graph:  # noqa: A001  # kg.open reads as gzip.open does
    """Open a store that `build` made.

    Raises:
        StoreError: if there is none.
    """
    return Graph(store)
