"""Whether a store is whole: every index read to its end, every document and all that it refers to there, what is derived up to date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.errors import DataError
from kg.resolve import decisions
from kg.store import folder, terms
from kg.store.terms import node

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_OWN = ("claim", "mention", "observation", "evidence", "reading")
"""What a document's graph names itself: whoever refers to such a thing stands in the same graph as the thing."""
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """What is amiss, and what helps. `damage` is false for what needs nothing, or only the next build."""

    text: str
    damage: bool = True


def findings(path: Path, base: str) -> Iterator[Finding]:
    """What is amiss with the store at `path`; nothing if it is whole. It reads all of it several times.

    Raises:
        StoreError: if it cannot be opened, or a file of it is damaged so that reading it fails.
    """
    store = folder.to_read(path)
    with folder.told(path):
        names = sorted((g for g in store.named_graphs() if isinstance(g, ox.NamedNode)), key=str)
        yield from _indexes(store, names)
        for name in names:
            if name.value.startswith(f"{base}document/"):
                yield from _document(base, name, list(store.quads_for_pattern(None, None, None, name)))
        yield from _derived(store, base)
        yield from _decided(store, path)
    yield from _left_over(path)


def _indexes(store: ox.Store, names: list[ox.NamedNode]) -> Iterator[Finding]:
    """Oxigraph keeps each quad in six orders, each in files of its own, whose checksums are compared as they are read."""
    counts = {"graph and subject": 0}
    found: dict[str, set[Any]] = {"subject": set(), "predicate": set(), "object": set()}
    beside: dict[str, set[Any]] = {"graph and predicate": set(), "graph and object": set()}
    for graph in names:
        for s, p, o, _ in store.quads_for_pattern(None, None, None, graph):
            counts["graph and subject"] += 1
            found["subject"].add(s)
            found["predicate"].add(p)
            found["object"].add(o)
            beside["graph and predicate"].add((p, graph))
            beside["graph and object"].add((o, graph))

    def count(patterns: Iterable[tuple[Any, Any, Any, Any]]) -> int:
        # Oxigraph 0.5 gives too much for some integers: 511 finds those up to 767 too.
        return sum(o is None or q.object == o for s, p, o, g in patterns for q in store.quads_for_pattern(s, p, o, g))

    counts["subject"] = count((s, None, None, None) for s in found["subject"])
    counts["predicate"] = count((None, p, None, None) for p in found["predicate"])
    counts["object"] = count((None, None, o, None) for o in found["object"])
    counts["graph and predicate"] = count((None, p, None, g) for p, g in beside["graph and predicate"])
    counts["graph and object"] = count((None, None, o, g) for o, g in beside["graph and object"])
    if len({*counts.values(), len(store)}) > 1:
        told = ", ".join(f"{n:,} by {name}" for name, n in counts.items())
        yield Finding(f"its indexes disagree: {told}, {len(store):,} in all; restore a backup, or build again")


def _document(base: str, graph: ox.NamedNode, quads: list[ox.Quad]) -> Iterator[Finding]:
    there = {q.subject for q in quads}
    said = {(q.subject, q.predicate) for q in quads}
    name = next((_text(q.object) for q in quads if q.predicate == node("dcterms", "identifier")), graph.value)
    remedy = "withdraw it (`kg remove`) and build again, or restore a backup"
    if missing := [p for p in ("dcterms:identifier", "kg:sha256") if (graph, node(*p.split(":"))) not in said]:
        yield Finding(f"document {name}: {' and '.join(missing)} missing; {remedy}")
    homes = tuple(f"{base}{kind}/" for kind in _OWN)
    gone = sorted({_text(q.object) for q in quads if _names(q.object, homes) and q.object not in there})
    if gone:
        more = f" and {len(gone) - _SHOWN} more" if len(gone) > _SHOWN else ""
        yield Finding(f"document {name}: it refers to what is not there: {', '.join(gone[:_SHOWN])}{more}; {remedy}")
    ends = {node("kg", "subjectMention"), node("kg", "objectMention")}
    unread = {q.object for q in quads if q.predicate in ends} - {s for s, p in said if p == node("kg", "refersTo")}
    if unread:
        yield Finding(f"document {name}: {len(unread)} mentions in its claims refer to no entity; {remedy}")


def _text(term: Any) -> str:
    return str(getattr(term, "value", term))


def _names(term: Any, homes: tuple[str, ...]) -> bool:
    return isinstance(term, ox.NamedNode) and term.value.startswith(homes)


def _derived(store: ox.Store, base: str) -> Iterator[Finding]:
    graph = terms.ontology_graph(base)
    if set(store.quads_for_pattern(None, None, None, graph)) != set(terms.from_ontology(graph)):
        yield Finding(
            "a run did not come to its end, or was of another version: entities are not up to date; "
            "any `kg build` brings them up to date",
            damage=False,
        )
        return
    labelled = {
        q.subject for q in store.quads_for_pattern(None, node("rdfs", "label"), None, terms.entities_graph(base))
    }
    bare = {q.object for q in store.quads_for_pattern(None, node("kg", "refersTo"), None)} - labelled
    if bare:
        yield Finding(f"{len(bare)} entities have no label; restore a backup, or build again")


def _decided(store: ox.Store, path: Path) -> Iterator[Finding]:
    try:
        made = decisions.load(path).values()
    except DataError as error:
        yield Finding(f"{error}; take the line out or restore a backup")
        return
    lost = [d for d in made if d.claim and not any(store.quads_for_pattern(ox.NamedNode(d.claim), None, None))]
    if lost:
        yield Finding(f"{len(lost)} decisions are about claims that no document states any more", damage=False)


def _left_over(path: Path) -> Iterator[Finding]:
    here = [*path.glob(".kg-store.*"), *path.parent.glob(f"{path.name}.*.draft"), *path.parent.glob(f".{path.name}.*")]
    for file in sorted(here):
        yield Finding(f"{file} was left by a run that was ended; it may be deleted when none is running", damage=False)
