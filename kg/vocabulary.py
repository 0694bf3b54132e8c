"""The vocabulary, read from `ontology/` once: entity types, predicates, their ends and labels. The only list of both is the ontology."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KG = "https://w3id.org/aikg/ontology#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_OWL = "http://www.w3.org/2002/07/owl#"


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicate:
    """A relation that claims can state: types of its subject (`domain`) and object (`range`), and labels."""

    name: str
    domain: frozenset[str]
    range: frozenset[str]
    symmetric: bool
    one_type: bool
    """Whether both ends must be of the same type."""
    label_en: str
    label_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """A type of entity with its labels."""

    name: str
    label_en: str
    label_zh: str


def folder() -> Path:
    """Where the ontology lies: inside the installed package, or beside it in a checkout.

    Raises:
        DataError: if it is in neither place.
    """
    package = Path(str(files("kg")))
    for place in (package / "ontology", package.parent / "ontology"):
        if (place / "aikg.ttl").is_file():
            return place
    raise DataError(f"{package / 'ontology'}: the ontology is missing; install the package again")


class _Graph:
    """Triples of the ontology by subject and property, as strings."""

    def __init__(self, path: Path) -> None:
        import pyoxigraph

        self.values: dict[tuple[str, str], list[Any]] = defaultdict(list)
        self.subjects: dict[tuple[str, str], list[str]] = defaultdict(list)
        for quad in pyoxigraph.parse(path=str(path)):
            self.values[_key(quad.subject), _key(quad.predicate)].append(quad.object)
            self.subjects[_key(quad.predicate), _key(quad.object)].append(_key(quad.subject))

    def label(self, iri: str, lang: str) -> str:
        return next((o.value for o in self.values[iri, f"{_RDFS}label"] if o.language == lang), iri.removeprefix(KG))

    def items(self, node: str) -> Iterator[str]:
        """Members of an RDF list."""
        while node != f"{_RDF}nil":
            yield _key(self.values[node, f"{_RDF}first"][0])
            node = _key(self.values[node, f"{_RDF}rest"][0])

    def types(self, iri: str, end: str) -> frozenset[str]:
        """The entity types at one end of a property."""
        found: set[str] = set()
        for value in self.values[iri, f"{_RDFS}{end}"]:
            node = _key(value)
            union = self.values[node, f"{_OWL}unionOf"]
            found.update(i.removeprefix(KG) for i in (self.items(_key(union[0])) if union else (node,)))
        return frozenset(found)


def _key(term: Any) -> str:
    return str(getattr(term, "value", term))


def load(path: Path) -> tuple[Mapping[str, Type], Mapping[str, Predicate]]:
    """Types and predicates of the ontology in the Turtle file `path`.

    Raises:
        DataError: if it is malformed or contradicts itself.
    """
    try:
        graph = _Graph(path)
    except (SyntaxError, OSError) as error:
        raise DataError(f"{path}: the ontology cannot be read ({error})") from error
    types = {
        name: Type(name=name, label_en=graph.label(KG + name, "en"), label_zh=graph.label(KG + name, "zh"))
        for name in sorted(i.removeprefix(KG) for i in graph.subjects[f"{_RDFS}subClassOf", f"{KG}Entity"])
    }
    predicates: dict[str, Predicate] = {}
    for iri in sorted(graph.subjects[f"{_RDFS}subPropertyOf", f"{KG}relation"]):
        name = iri.removeprefix(KG)
        ends = [graph.types(iri, end) for end in ("domain", "range")]
        ends = [frozenset(types) if "Entity" in end else end for end in ends]
        for end, kinds in zip(("domain", "range"), ends, strict=True):
            if not kinds or kinds - set(types):
                raise DataError(
                    f"{path}: {name} has a {end} of {', '.join(sorted(kinds)) or 'nothing'}; it must be of {', '.join(types)}"
                )
        symmetric = any(_key(o) == f"{_OWL}SymmetricProperty" for o in graph.values[iri, f"{_RDF}type"])
        if symmetric and ends[0] != ends[1]:
            raise DataError(f"{path}: {name} is symmetric, but its domain is not its range")
        predicates[name] = Predicate(
            name=name,
            domain=ends[0],
            range=ends[1],
            symmetric=symmetric,
            one_type=any(_key(o) == "true" for o in graph.values[iri, f"{KG}betweenOneType"]),
            label_en=graph.label(iri, "en"),
            label_zh=graph.label(iri, "zh"),
        )
    return types, predicates


TYPES, PREDICATES = load(folder() / "aikg.ttl")
"""Types and predicates by local name."""


def allows(predicate: str, subject: str, obj: str) -> bool:
    """Whether the ontology lets an entity of type `subject` stand in `predicate` to one of type `obj`."""
    known = PREDICATES.get(predicate)
    if known is None or (known.one_type and subject != obj):
        return False
    return subject in known.domain and obj in known.range
