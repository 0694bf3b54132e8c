"""kg reads Chinese and English documents about the AI industry into an RDF knowledge graph with evidence for every claim.

    import kg
    graph = kg.build(["docs/"], store="graph.kg")
    graph.query("SELECT ?who ?what WHERE { ?a kg:develops ?b . ?a rdfs:label ?who . ?b rdfs:label ?what }")
    graph.export("graph.ttl")
    graph.page("graph.html")

Importing it loads no heavy library; the names below load what they need when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from kg.api import Graph, build, extract, open  # noqa: A004
    from kg.config import Config
    from kg.errors import KgError
    from kg.model import Claim, Document, Entity, Mention, Observation, Reading, Skipped

_HOME = {
    "Graph": "kg.api",
    "build": "kg.api",
    "extract": "kg.api",
    "open": "kg.api",
    "Config": "kg.config",
    "KgError": "kg.errors",
    "Claim": "kg.model",
    "Document": "kg.model",
    "Entity": "kg.model",
    "Mention": "kg.model",
    "Observation": "kg.model",
    "Reading": "kg.model",
    "Skipped": "kg.model",
}
__all__ = [
    "Claim",
    "Config",
    "Document",
    "Entity",
    "Graph",
    "KgError",
    "Mention",
    "Observation",
    "Reading",
    "Skipped",
    "build",
    "extract",
    "open",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)
