"""JSON-LD in the project's own words: the terms of `ontology/context.jsonld` for properties, a node a line, graphs kept apart."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.store.terms import PREFIXES
from kg.vocabulary import folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_TYPE = f"{PREFIXES['rdf']}type"
_STRING = f"{PREFIXES['xsd']}string"
_INTEGER = f"{PREFIXES['xsd']}integer"


class Compactor:
    """Writes IRIs and values in the terms of a context. A value that a term would change is written out in full."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        self._prefixes = {k: v for k, v in context.items() if isinstance(v, str) and v.endswith(("#", "/"))}
        self._terms: dict[str, tuple[str, str, Any]] = {}
        for term, said in context.items():
            definition = said if isinstance(said, dict) else {"@id": said}
            if term not in self._prefixes and not definition["@id"].startswith("@"):
                made = self._expand(definition["@id"]), self._expand(definition.get("@type", ""))
                self._terms[made[0]] = (term, made[1], definition.get("@container", ()))

    def _expand(self, name: str) -> str:
        prefix, _, local = name.partition(":")
        return self._prefixes[prefix] + local if prefix in self._prefixes else name

    def name(self, iri: str) -> str:
        """`iri` with a prefix, where one fits."""
        for prefix, start in self._prefixes.items():
            if iri.startswith(start) and iri[len(start) :].isalnum():
                return f"{prefix}:{iri[len(start) :]}"
        return iri

    def node(self, iri: str, properties: Mapping[str, list[Any]]) -> dict[str, Any]:
        """A node object. Where a property has values that its term cannot hold, these go under its prefixed name."""
        made: dict[str, Any] = {"id": iri}
        for name, values in properties.items():
            if name == _TYPE:
                made["type"] = _one([self.name(v.value) for v in values])
                continue
            term, kind, container = self._terms.get(name, ("", "", ()))
            plain: list[Any] = []
            spoken: dict[str, list[str]] = defaultdict(list)
            full: list[Any] = []
            for value in values:
                if "@language" in container and isinstance(value, ox.Literal) and value.language:
                    spoken[value.language].append(value.value)
                elif term and "@language" not in container and (held := _held(value, kind)) is not None:
                    plain.append(held)
                else:
                    full.append(self._full(value))
            if spoken:
                made[term] = {lang: some if "@set" in container else _one(some) for lang, some in spoken.items()}
            if plain:
                made[term] = _one(plain)
            if full:
                made[self.name(name)] = _one(full)
        return made

    def _full(self, value: Any) -> dict[str, str]:
        if not isinstance(value, ox.Literal):
            return {"@id": value.value}
        if value.language:
            return {"@value": value.value, "@language": value.language}
        kind = value.datatype.value
        return {"@value": value.value} if kind == _STRING else {"@value": value.value, "@type": self.name(kind)}


def _held(value: Any, kind: str) -> str | int | None:
    """`value` as a term of this type holds it, or None. Decimals stay text, so that no digit of them changes."""
    if not isinstance(value, ox.Literal):
        return str(value.value) if kind == "@id" else None
    if value.language or value.datatype.value != (kind or _STRING):
        return None
    return int(value.value) if kind == _INTEGER and str(int(value.value)) == value.value else str(value.value)


def _one(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def write(quads: Iterable[ox.Quad]) -> Iterator[str]:
    """The lines of a JSON-LD document for `quads`, which are sorted by graph, subject and predicate and hold no blank node."""
    context = json.loads((folder() / "context.jsonld").read_text("utf-8"))["@context"]
    compactor = Compactor(context)
    yield '{"@context": ' + _json(context) + ',\n "@graph": [\n'
    graph: str | None = None
    for name, subject, properties in _nodes(quads):
        if name != graph:
            yield ("\n ]},\n" if graph is not None else "") + f' {{"id": {_json(name)}, "@graph": [\n'
        else:
            yield ",\n"
        graph = name
        yield "  " + _json(compactor.node(subject, properties))
    yield "\n ]}\n]}\n" if graph is not None else "]}\n"


def _nodes(quads: Iterable[Any]) -> Iterator[tuple[str, str, dict[str, list[Any]]]]:
    at: tuple[str, str] | None = None
    properties: dict[str, list[Any]] = {}
    for quad in quads:
        place = (quad.graph_name.value, quad.subject.value)
        if place != at:
            if at:
                yield *at, properties
            at, properties = place, {}
        properties.setdefault(quad.predicate.value, []).append(quad.object)
    if at:
        yield *at, properties


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
