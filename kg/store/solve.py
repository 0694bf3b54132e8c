"""SELECT on an Oxigraph store for the project's own code: its prefixes known, all graphs one, failures of the disk told as ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.store import folder
from kg.store.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


def solutions(
    store: ox.Store, path: Path, query: str, given: Mapping[str, str]
) -> Iterator[tuple[list[str], list[Any]]]:
    """Names of the variables and a row of terms for each solution; `given` binds variables of the projection to IRIs."""
    with folder.told(path):
        bound: dict[Any, Any] = {ox.Variable(name): ox.NamedNode(iri) for name, iri in given.items()}
        found: Any = store.query(query, use_default_graph_as_union=True, prefixes=PREFIXES, substitutions=bound or None)
        names = [v.value for v in found.variables]
        for row in found:
            yield names, [row[n] for n in names]


def select(
    store: ox.Store, path: Path, query: str, given: Mapping[str, str] | None = None
) -> Iterator[tuple[Any, ...]]:
    """Rows of terms."""
    return (tuple(row) for _, row in solutions(store, path, query, given or {}))


def documents(store: ox.Store, path: Path) -> dict[str, tuple[str, str]]:
    """Document id -> (sha256, extractor)."""
    rows = select(
        store,
        path,
        "SELECT ?id ?sha ?x WHERE { ?d a kg:Document ; dcterms:identifier ?id ; kg:sha256 ?sha . ?r prov:used ?d ; kg:extractor ?x }",
    )
    return {i.value: (s.value, x.value) for i, s, x in rows}
