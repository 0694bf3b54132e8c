"""Resolution as passes over rows that are grouped by where they go: each step sees what lies at one entity, document, name or shard,
so that no memory holds everything. The steps use the functions of a local build and give, joined, what that gives.

A row says where it goes, what it is and what it says. `kg.scale.passes` carries rows from step to step.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from kg.resolve import block
from kg.resolve.cluster import links, settled
from kg.resolve.judge import judge
from kg.resolve.link import one_line
from kg.resolve.profile import Judgement, Profile, Verdict
from kg.store import identity, terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pyoxigraph as ox

    from kg.model import Reading
    from kg.registry.load import Registry

    Row = tuple[str, str, Any]
    Said = Mapping[str, list[Any]]
    """What lies at one place, by what it is."""


def read(reading: Reading, graph: str, shard: str) -> Iterator[Row]:
    """What a document says of entities: names and where they stand, and who is tied to whom by claims."""
    entity = reading.entity_of
    for iri, name in sorted({(entity[m.id], one_line(terms.clean(m.text))) for m in reading.mentions}):
        yield iri, "name", [name, graph, shard]
    claims = {(entity[c.subject.id], c.predicate, entity[c.object.id]) for c in reading.claims}
    for claim in sorted(claims):
        for iri, words, other in identity.ties(*claim):
            yield other, "tie", [iri, words]


@dataclass(frozen=True, slots=True)
class Told:
    """At an entity: tells those it is tied to, and people beside it, how it is called. Of things first, then of `people`, whom the things
    that were found to be one tell apart. `documents` is the number of those that name anything.
    """

    people: bool
    documents: int

    def __call__(self, iri: str, said: Said) -> Iterator[Row]:
        names = sorted({name for name, _, _ in said["name"]})
        graphs = sorted({graph for _, graph, _ in said["name"]})
        kind = identity.kind_of(iri)
        if self.people:
            key = said["link"][0][1] if said["link"] else identity.fullest(names)
        else:
            key = identity.entry_of(iri) or identity.short(kind, names)
        for other, words in said["tie"]:
            if self._concerns(other):
                yield other, "neighbour", f"{words} {key}"
        if self._concerns(iri):
            yield iri, "names", names
        if self.people and kind == "Company" and len(graphs) <= identity.common(self.documents):
            yield from ((graph, "firm", key) for graph in graphs)
        if self.people and kind == "Person":
            yield from ((graph, "person", iri) for graph in graphs)

    def _concerns(self, iri: str) -> bool:
        return (identity.kind_of(iri) == "Person") is self.people


def around(place: str, said: Said) -> Iterator[Row]:
    """At a document: tells the people in it which firms it names; all else stays where it is."""
    firms = sorted(set(said["firm"]))
    for person in sorted(set(said["person"])):
        yield person, "around", firms
    for kind in ("names", "neighbour"):
        yield from ((place, kind, value) for value in said[kind])


@dataclass(frozen=True, slots=True)
class Blocks:
    """At an entity: its profile goes to each of its keys. Those that people decided about are `known` to the union."""

    registry: Registry
    decided: frozenset[str]

    def __call__(self, iri: str, said: Said) -> Iterator[Row]:
        if not said["names"]:
            return
        names = said["names"][0]
        beside = [firm for firms in said["around"] for firm in firms]
        made = identity.profile(iri, names, self.registry, neighbours=said["neighbour"], around=beside)
        row = [asdict(made), identity.fullest(names)]
        yield from ((key, "profile", row) for key in sorted(block.keys(made)))
        if iri in self.decided:
            yield iri, "known", row[1]


def judged(key: str, said: Said) -> Iterator[Row]:
    """At a key: the verdicts on the pairs of its block, each with how the two are called; those that decide nothing are left out."""
    full: dict[str, str] = {}
    profiles = []
    for data, fullest in said["profile"]:
        full[data["iri"]] = fullest
        profiles.append(_profile(data))
    for left, right in block.within(sorted(profiles, key=lambda p: p.iri)):
        found = judge(left, right)
        if found.verdict != Verdict.DIFFERENT or found.firm:
            yield "", "judgement", [asdict(found), full[found.left], full[found.right]]
    yield from (("", "known", [key, fullest]) for fullest in said["known"])


def _profile(data: Mapping[str, Any]) -> Profile:
    sets = {k: frozenset(data[k]) for k in ("tickers", "identifiers", "neighbours", "around")}
    return Profile(**{**data, **sets, "names": tuple(data["names"])})


@dataclass(slots=True)
class Union:
    """The last step of resolution, in one memory: it holds the entities that are the same as others, and no more.

    First `join` sees all judgements, then `part` sees them again; `links` are there then.
    """

    decided: Sequence[Judgement] = ()
    full: dict[str, str] = field(default_factory=dict)
    """How those are called that are linked, or decided about."""
    _home: dict[str, str] = field(default_factory=dict)
    _within: dict[tuple[str, str], Judgement] = field(default_factory=dict)

    def join(self, kind: str, value: Any) -> None:
        """Two that are the same, or one that people decided about and that documents do name."""
        if kind == "known":
            self.full[value[0]] = value[1]
        elif value[0]["verdict"] == Verdict.SAME:
            left, right = value[0]["left"], value[0]["right"]
            self.full[left], self.full[right] = value[1:]
            self._meet(left, right)

    def part(self, value: Any) -> Judgement | None:
        """Keeps a judgement on two that others join; gives it back where it is on two that nothing joins."""
        found = Judgement(**{**value[0], "verdict": Verdict(value[0]["verdict"])})
        if found.left in self._home and self._find(found.left) == self._find(found.right):
            self._within[found.left, found.right] = found
            return None
        return found

    def end(self) -> tuple[list[Judgement], Mapping[str, str]]:
        """The judgements that were kept, in the light of each other, and the links."""
        found = settled([self._within[ends] for ends in sorted(self._within)])
        some = [
            Profile(iri=i, type=identity.kind_of(i), names=(), entry=identity.entry_of(i)) for i in sorted(self.full)
        ]
        return found, links(some, found, self.decided)

    def decide(self) -> None:
        """Let what people decided join too; after all judgements."""
        for d in self.decided:
            if d.verdict == Verdict.SAME and d.left in self.full and d.right in self.full:
                self._meet(d.left, d.right)

    def _meet(self, left: str, right: str) -> None:
        a, b = self._find(left), self._find(right)
        self._home[max(a, b)] = self._home[min(a, b)] = min(a, b)

    def _find(self, iri: str) -> str:
        home = self._home.get(iri, iri)
        while home != self._home.get(home, home):
            self._home[iri] = home = self._home[home]
        return home


def placed(iri: str, said: Said) -> Iterator[Row]:
    """At an entity: tells the shards that name it what it is linked to."""
    if said["link"]:
        for shard in sorted({shard for _, _, shard in said["name"]}):
            yield shard, "link", [iri, said["link"][0][0]]


def counted(store: ox.Store) -> Iterator[Row]:
    """Of a shard, links applied: how often it names each entity how, and entries of the registry."""
    from pathlib import Path

    here = Path("a shard")
    for iri, name, count in identity.named(store, here):
        yield iri, "count", [name, count]
    for iri, entry in identity.entries(store, here):
        yield iri, "entry", entry


@dataclass(frozen=True, slots=True)
class Labels:
    """Of some entities: their part of the graph of entities."""

    registry: Registry
    base: str

    def __call__(self, places: Mapping[str, Said]) -> list[ox.Quad]:
        names: dict[str, str] = {}
        entries: dict[str, str] = {}
        for iri, said in places.items():
            counts: Counter[str] = Counter()
            for name, count in said["count"]:
                counts[name] += count
            if counts:
                names[iri] = identity.most_used(counts)
            entries.update((iri, entry) for entry in said["entry"][:1])
        return terms.from_entities(names, entries, self.registry, base=self.base)


def gathered(rows: Iterable[Row]) -> dict[str, Said]:
    """Rows by where they go and what they are; the places sorted."""
    found: dict[str, dict[str, list[Any]]] = {}
    for at, kind, value in rows:
        found.setdefault(at, defaultdict(list))[kind].append(value)
    return {at: found[at] for at in sorted(found)}
