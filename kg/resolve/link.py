"""From the clusters of a document to entities with IRIs that do not depend on the document, nor on the order of documents.

A thing of the registry has the IRI of its entry; any other one is made from its type and its fullest name less the legal form. A person
who is in no registry has one for each document, for a name is no proof, and a thing that is named by a mere word one for each maker that
documents name: `cluster.links` then says which of them are one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from kg.ids import content_id
from kg.model import Entity
from kg.registry.load import load
from kg.resolve.forms import firm, is_word
from kg.text import fold, has_han

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.annotate.inventory import Annotated
    from kg.model import Claim, Mention
    from kg.registry.load import Entry, Registry


def entities(
    annotated: Annotated, *, base: str, registry: Registry | None = None, claims: Iterable[Claim] = ()
) -> tuple[tuple[Entity, ...], Mapping[str, str]]:
    """The entities that a document names, sorted by IRI, and the IRI for the id of each mention; `claims` tell of makers."""
    known = registry or load()
    makers = _makers(annotated, claims)
    clusters: dict[int, list[Mention]] = defaultdict(list)
    for _, _, _, mention in annotated.mentions:
        clusters[annotated.cluster_of[mention.id]].append(mention)
    made: dict[str, Entity] = {}
    entity_of: dict[str, str] = {}
    for number, some in clusters.items():
        entity = _entity(some, base, known, annotated.document.id, makers.get(number, ""))
        if old := made.get(entity.iri):
            names = tuple(sorted({*old.names, *entity.names}))
            label = _label(known[old.entry], names) if old.entry else old.label
            entity = Entity(iri=old.iri, type=old.type, label=label, names=names, entry=old.entry)
        made[entity.iri] = entity
        entity_of.update((m.id, entity.iri) for m in some)
    return tuple(made[iri] for iri in sorted(made)), entity_of


def _makers(annotated: Annotated, claims: Iterable[Claim]) -> Mapping[int, str]:
    """Cluster of a thing -> the brand of the firm that a document says to make it, where it says so of one firm alone."""
    found: dict[int, set[str]] = defaultdict(set)
    for claim in claims:
        if claim.predicate in ("develops", "manufactures") and claim.qualifiers.status != "denied":
            found[annotated.cluster_of[claim.object.id]].add(
                claim.subject.entry or firm(one_line(claim.subject.text)).brand
            )
    return {number: min(some) for number, some in found.items() if len(some) == 1}


def _entity(mentions: Sequence[Mention], base: str, registry: Registry, document: str, maker: str) -> Entity:
    names = sorted({one_line(m.text) for m in mentions})
    entry = registry.get(_first(m.entry for m in mentions)) or _listed(mentions, registry)
    kind = entry.type if entry else _first(m.type for m in mentions) or "Product"
    if entry:
        return Entity(
            iri=f"{base}entity/{entry.id}", type=kind, label=_label(entry, names), names=tuple(names), entry=entry.id
        )
    fullest = max(names, key=lambda n: (len(n), n))
    counts = Counter(one_line(m.text) for m in mentions)
    label = fullest if kind == "Person" else min(counts, key=lambda n: (-counts[n], n))
    return Entity(
        iri=f"{base}entity/{kind.lower()}/{content_id(kind, *_key(kind, fullest, document, maker))}",
        type=kind,
        label=label,
        names=tuple(names),
    )


def _label(entry: Entry, names: Iterable[str]) -> str:
    """In Chinese where the document names it so."""
    return (entry.zh if any(has_han(n) for n in names) and entry.zh else entry.en) or entry.zh


def _listed(mentions: Iterable[Mention], registry: Registry) -> Entry | None:
    """The firm whose ticker stands in the document, often apart from its name."""
    found = [registry.listed(m.text) for m in mentions if m.found_by == "ticker"]
    return next((entry for entry in found if entry), None)


def _first(values: object) -> str | None:
    """The most frequent value that is not empty; ties go by the value."""
    counts = Counter(v for v in values if v)  # type: ignore[attr-defined]
    return min(counts, key=lambda v: (-counts[v], v)) if counts else None


def _key(kind: str, name: str, document: str, maker: str) -> tuple[str, ...]:
    if kind == "Person":
        return fold(name), document
    if kind in ("Company", "Organization"):
        parts = firm(name)
        return parts.brand, parts.place, parts.trade, parts.branch
    return (fold(name), maker) if maker and is_word(name) else (fold(name),)


def one_line(name: str) -> str:
    """A name without the line breaks that a PDF put into it."""
    parts = name.split("\n")
    return " ".join(p for p in parts if p) if not has_han(name) else "".join(p.strip() for p in parts)
