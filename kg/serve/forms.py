"""Media types: which form of a result a client gets for what it says it accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Mapping

ROWS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "application/xml": ox.QueryResultsFormat.XML,
    "text/xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
"""Forms of SELECT and ASK; of those that a client likes equally the first is taken."""
GRAPHS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/xml": ox.RdfFormat.RDF_XML,
    "text/xml": ox.RdfFormat.RDF_XML,
    "text/plain": ox.RdfFormat.N_TRIPLES,
}
"""Forms of CONSTRUCT and DESCRIBE."""
_MOST = 64
"""Ranges of an Accept header that are read."""


def accepted(accept: str) -> list[tuple[str, float]]:
    """Media ranges of an Accept header with their weights; malformed weights count as 0."""
    found = []
    for part in accept.split(",")[:_MOST]:
        name, *parameters = (p.strip().lower() for p in part.split(";"))
        weight = next((p[2:].strip() for p in parameters if p.startswith("q=")), "1")
        try:
            found.append((name, min(max(float(weight), 0.0), 1.0)))
        except ValueError:
            found.append((name, 0.0))
    return found


def chosen(accept: str | None, offered: Mapping[str, object]) -> str | None:
    """The media type of `offered` that the header likes best, the first without one; None if it likes none."""
    if not (accept or "").strip():
        return next(iter(offered))
    ranges = dict(reversed(accepted(accept or "")))

    def liking(kind: str) -> float:
        return ranges.get(kind, ranges.get(f"{kind.partition('/')[0]}/*", ranges.get("*/*", 0.0)))

    best = max(offered, key=liking)
    return best if liking(best) > 0 else None
