"""Which entity each mention means, decided over all documents: profiles out of a store, and links and decisions into it.

A mention that is linked elsewhere keeps what it was read as (`kg:readAs`), and claims point at mentions, so that every document's graph
can be written anew from what was read: undoing a merge leaves no trace, and the order of documents none either.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode, Quad

from kg.ids import content_id
from kg.resolve import decisions as review
from kg.resolve import romanise
from kg.resolve.cluster import judgements, links
from kg.resolve.compare import FIRMS
from kg.resolve.forms import bare, firm
from kg.resolve.link import one_line
from kg.resolve.profile import Profile, Verdict
from kg.store import folder, outside, solve
from kg.store.terms import literal, node, to_change
from kg.text import has_han
from kg.vocabulary import KG, PREDICATES, TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    import pyoxigraph as ox

    from kg.registry.load import Registry
    from kg.resolve.decisions import Decision
    from kg.resolve.profile import Judgement

_SAME = node("owl", "sameAs")
_TYPE, _ALT = node("rdf", "type"), node("skos", "altLabel")
REFERS, _READ, _EXACT = node("kg", "refersTo"), node("kg", "readAs"), node("oa", "exact")
_SUBJECT_MENTION, _OBJECT_MENTION = node("kg", "subjectMention"), node("kg", "objectMention")
_SUBJECT, _OBJECT, _PREDICATE = node("kg", "subject"), node("kg", "object"), node("kg", "predicate")
_CONFIDENCE, _REVIEW = node("kg", "confidence"), node("kg", "review")
_AS_READ = {_PREDICATE: node("kg", "readPredicate"), _CONFIDENCE: node("kg", "readConfidence")}
_CLAIM, _REJECTED = node("kg", "Claim"), node("kg", "RejectedClaim")
_RELATIONS = frozenset(node("kg", p) for p in PREDICATES)
_TYPE_OF = {t.lower(): t for t in TYPES}
_COMMON = 0.1
"""Share of the documents (of more than twenty) that name a firm, from which it says nothing about who is named beside it."""


def identity_graph(base: str) -> NamedNode:
    """The graph of judgements: which pairs were taken for one thing or may be, with score and reason."""
    return NamedNode(f"{base}graph/identity")


def kind_of(iri: str) -> str:
    """The type that the IRI of an entity names."""
    return _TYPE_OF.get(iri.rsplit("/", 2)[-2], "Product")


def entry_of(iri: str) -> str | None:
    """The id of the registry entry that the IRI of an entity names, if it is of one."""
    kind, slug = iri.rsplit("/", 2)[-2:]
    return None if re.fullmatch("[0-9a-f]{16}", slug) else f"{kind}/{slug}"


def refresh(store: ox.Store, path: Path, base: str, registry: Registry) -> None:
    """Judge all entities of the store again, and write the graphs of those documents anew that it changes."""
    decided = review.load(path)
    read = _Read(store, path, base)
    found, linked = _resolved(read, registry, review.of_pairs(decided.values()))
    of_claims = {d.claim: d for d in decided.values() if d.claim}
    graphs = read.linked.union(*(read.places[iri] for iri in linked if iri in read.places))
    del read
    for graph in _changed(store, graphs, linked, of_claims):
        before = set(store.quads_for_pattern(None, None, None, graph))
        after = set(derived(before, graph, linked, of_claims))
        store.update(
            to_change(before - after, after - before)
        )  # in one transaction: no document is half there after a kill
    judged = identity_graph(base)
    store.remove_graph(judged)
    store.extend(told(found, linked, base))


def named(store: ox.Store, path: Path) -> Iterator[tuple[str, str, int]]:
    """IRI, name and how often documents name it so: the names as they are written."""
    query = "SELECT ?e ?x (COUNT(?m) AS ?n) WHERE { ?m kg:refersTo ?e ; oa:exact ?x } GROUP BY ?e ?x"
    return ((e.value, x.value, int(n.value)) for e, x, n in solve.select(store, path, query))


def entries(store: ox.Store, path: Path) -> Iterator[tuple[str, str]]:
    """IRI and id of the registry entry."""
    return (
        (e.value, i.value) for e, i in solve.select(store, path, "SELECT DISTINCT ?e ?id WHERE { ?e kg:entry ?id }")
    )


def most_used(names: Mapping[str, int]) -> str:
    """The name that documents use most, on one line; ties go by the name."""
    return min(rank(name, count) for name, count in names.items())[1]


def rank(name: str, count: int) -> tuple[int, str]:
    """By which the first of the names of a thing is the one that stands for it."""
    return -count, " ".join(name.split())


class _Read:
    """What a store says of entities as they were read: names, claims, places; of imported things too."""

    def __init__(self, store: ox.Store, path: Path, base: str) -> None:
        self.names: dict[str, tuple[str, ...]] = {}
        self.places: dict[str, list[NamedNode]] = defaultdict(list)
        self.linked: set[NamedNode] = set()
        """Graphs in which a mention does not mean what it was read as."""
        self.claims: list[tuple[str, str, str]] = []
        self.imported: dict[str, outside.Thing] = {}
        kept: dict[str, str] = {}
        with folder.told(path):
            for graph in store.named_graphs():
                self._graph(store, graph, kept)
        self._import(store, base)

    def _graph(self, store: ox.Store, graph: Any, kept: dict[str, str]) -> None:
        """What one document says. Graph by graph the store is read in the order in which it lies on disk: a join over all of it would
        look things up here and there, the slower the larger it is. `kept` holds one object for all texts that are equal.
        """

        def of(predicate: NamedNode) -> dict[Any, Any]:
            return {q.subject: q.object for q in store.quads_for_pattern(None, predicate, None, graph)}

        def one(text: str) -> str:
            return kept.setdefault(text, text)

        if not (meant := of(REFERS)):
            return
        words = of(_EXACT)
        if read := of(_READ):
            self.linked.add(graph)
        # A file from outside may use these words too, and leave some out.
        iri = {m: one(e.value) for m, e in (meant | read).items() if m in words and isinstance(e, NamedNode)}
        for m, i in iri.items():
            self._called(i, one(one_line(words[m].value)))
        for i in set(iri.values()):
            self.places[i].append(graph)
        predicates, subjects = of(_PREDICATE) | of(_AS_READ[_PREDICATE]), of(_SUBJECT_MENTION)
        for c, m in of(_OBJECT_MENTION).items():
            if (s := subjects.get(c)) in iri and m in iri and c in predicates:
                self.claims.append((iri[s], one(predicates[c].value.removeprefix(KG)), iri[m]))

    def _called(self, iri: str, *names: str) -> None:
        known = self.names.get(iri, ())
        self.names[iri] = (*known, *(n for n in dict.fromkeys(names) if n not in known))

    def _import(self, store: ox.Store, base: str) -> None:
        for thing in outside.things(store):
            if thing.iri.startswith(f"{base}entity/"):
                continue  # one of ours by its IRI: there is nothing to decide
            self.imported.setdefault(thing.iri, thing)
            self._called(thing.iri, *map(one_line, thing.names))
        known = self.names.keys()
        self.claims += [r for r in outside.relations(store) if r[0] in known and r[2] in known]

    def kind(self, iri: str) -> str:
        """The type of an entity."""
        return thing.type if (thing := self.imported.get(iri)) else kind_of(iri)

    def entry(self, iri: str) -> str | None:
        """The id of its registry entry, if it is of one."""
        return None if iri in self.imported else entry_of(iri)

    def profiles(self, registry: Registry, key: Mapping[str, str], *, people: bool) -> list[Profile]:
        """A profile for each person, or for each other entity, its neighbours named by `key`."""
        wanted = {iri for iri in self.names if (self.kind(iri) == "Person") is people}
        neighbours: dict[str, set[str]] = defaultdict(set)
        for claim in self.claims:
            for iri, words, other in ties(*claim):
                if iri in wanted:
                    neighbours[iri].add(f"{words} {key[other]}")
        beside = self._beside(key) if people else {}
        found = []
        for iri in sorted(wanted):
            around = {a for g in self.places[iri] for a in beside[g]} if people else ()
            thing = self.imported.get(iri)
            found.append(
                profile(iri, self.names[iri], registry, neighbours=neighbours[iri], around=around, thing=thing)
            )
        return found

    def key(self, iri: str, names: Iterable[str]) -> str:
        """The key of an entity, by its names."""
        return self.entry(iri) or short(self.kind(iri), names)

    def _beside(self, key: Mapping[str, str]) -> Mapping[NamedNode, set[str]]:
        """Graph of a document -> keys of the firms that it names, but those that many documents name."""
        most = common(len({g for some in self.places.values() for g in some}))
        found: dict[NamedNode, set[str]] = defaultdict(set)
        for iri, some in self.places.items():
            if self.kind(iri) == "Company" and len(some) <= most and iri not in self.imported:
                for graph in some:
                    found[graph].add(key[iri])
        return found


def _resolved(read: _Read, registry: Registry, decided: list[Judgement]) -> tuple[list[Judgement], Mapping[str, str]]:
    """All judgements and links: things first, then people, whom the firms they are at tell apart."""
    key = {iri: read.key(iri, some) for iri, some in read.names.items()}
    things = read.profiles(registry, key, people=False)
    found = judgements(things)
    linked = dict(links(things, found, decided))
    key = {iri: fullest(read.names[linked.get(iri, iri)]) for iri in read.names}
    people = read.profiles(registry, key, people=True)
    among = judgements(people)
    return found + among, {**linked, **links(people, among, decided)}


def fullest(names: Iterable[str]) -> str:
    """The longest of some names."""
    return max(names, key=lambda n: (len(n), n))


def short(kind: str, names: Iterable[str]) -> str:
    """A short form of a thing's name by which two documents in two languages can agree on it."""
    found = firm(fullest(names)).brand if kind in FIRMS else bare(fullest(names))
    return romanise.joined(found) if has_han(found) else found


def ties(subject: str, predicate: str, obj: str) -> tuple[tuple[str, str, str], ...]:
    """What a claim says of each of its ends: whom it tells of, in which words, and the other end, which follows them."""
    return (subject, f"{predicate}>", obj), (obj, f"<{predicate}", subject)


def common(documents: int) -> float:
    """How many of so many documents may name a firm that still says who is named beside it."""
    return max(2.0, _COMMON * documents) if documents > 20 else float(documents)


def profile(
    iri: str,
    names: Iterable[str],
    registry: Registry,
    *,
    neighbours: Iterable[str] = (),
    around: Iterable[str] = (),
    thing: outside.Thing | None = None,
) -> Profile:
    """What resolution knows of an entity: what documents say of it, and the registry or the file that it is imported from."""
    entry = None if thing else registry.get(entry_of(iri))
    return Profile(
        iri=iri,
        type=thing.type if thing else kind_of(iri),
        names=tuple(sorted({*names, *(entry.names if entry else ())})),
        entry=None if thing else entry_of(iri),
        tickers=frozenset(entry.tickers if entry else thing.tickers if thing else ()),
        identifiers=frozenset((iri,) if thing else entry.same_as if entry else ()),
        neighbours=frozenset(neighbours),
        around=frozenset(around),
        source=thing.graph if thing else "",
    )


def _changed(
    store: ox.Store, graphs: Iterable[NamedNode], linked: Mapping[str, str], decided: Mapping[str, Decision]
) -> list[NamedNode]:
    """Those of some graphs in which a mention means something else now, and all in which a claim is or was decided."""
    found: set[Any] = set()
    for graph in graphs:
        read: dict[Any, Any] = {q.subject: q.object for q in store.quads_for_pattern(None, _READ, None, graph)}
        meant: dict[Any, Any] = {q.subject: q.object for q in store.quads_for_pattern(None, REFERS, None, graph)}
        as_read = {m: e.value for m, e in (meant | read).items() if isinstance(e, NamedNode)}
        if any(NamedNode(linked.get(iri, iri)) != meant.get(m) for m, iri in as_read.items()):
            found.add(graph)
    found.update(q.graph_name for q in store.quads_for_pattern(None, _REVIEW, None))
    for claim in decided:
        found.update(q.graph_name for q in store.quads_for_pattern(NamedNode(claim), _TYPE, None))
    return sorted((g for g in found if isinstance(g, NamedNode)), key=lambda g: g.value)


def derived(
    quads: Iterable[Quad], graph: NamedNode, linked: Mapping[str, str], decided: Mapping[str, Decision]
) -> Iterator[Quad]:
    """The graph of a document with links and decisions applied to what was read, whatever was applied to it before."""
    quads = list(quads)
    of: dict[Any, dict[Any, Any]] = defaultdict(dict)
    for q in quads:
        of[q.subject][q.predicate] = q.object
    mentions = {s: row.get(_READ, row[REFERS]).value for s, row in of.items() if REFERS in row}
    entities = {row[REFERS] for row in of.values() if REFERS in row}
    claims = {s for s in of if _OBJECT_MENTION in of[s]}
    numbers = {s for s in of if _SUBJECT_MENTION in of[s]} - claims
    entities |= {of[c][end] for c in claims for end in (_SUBJECT, _OBJECT)}

    def to(iri: str) -> NamedNode:
        return NamedNode(linked.get(iri, iri))

    for q in quads:
        if not _rewritten(q, mentions, entities, claims, numbers):
            yield q
    for m, iri in mentions.items():
        yield from _mention(m, iri, to(iri), of[m], graph)
    for x in numbers:
        yield Quad(x, _SUBJECT, to(mentions[of[x][_SUBJECT_MENTION]]), graph)
    for c in claims:
        ends = [mentions[of[c][node("kg", f"{end}Mention")]] for end in ("subject", "object")]
        yield from _claim(c, of[c], ends, decided.get(c.value), to, graph)


def _rewritten(q: Quad, mentions: Any, entities: Any, claims: Any, numbers: Any) -> bool:
    if q.subject in mentions:
        return q.predicate in (REFERS, _READ)
    if q.subject in numbers:
        return bool(q.predicate == _SUBJECT)
    if q.subject in claims:
        own = (_TYPE, _SUBJECT, _OBJECT, _REVIEW, *_AS_READ, *_AS_READ.values())
        return q.predicate in own
    return q.subject in entities and (q.predicate in _RELATIONS or q.predicate in (_TYPE, _ALT, node("kg", "entry")))


def _mention(m: Any, read: str, entity: NamedNode, row: Mapping[Any, Any], graph: NamedNode) -> Iterator[Quad]:
    yield Quad(m, REFERS, entity, graph)
    if entity.value != read:
        yield Quad(m, _READ, NamedNode(read), graph)
    name = one_line(row[_EXACT].value)
    yield Quad(entity, _TYPE, node("kg", kind_of(entity.value)), graph)
    yield Quad(entity, _ALT, literal(name, lang="zh" if has_han(name) else "en"), graph)
    if entry := entry_of(entity.value):
        yield Quad(entity, node("kg", "entry"), literal(entry), graph)


def _claim(
    c: Any, row: Mapping[Any, Any], ends: list[str], decision: Decision | None, to: Any, graph: NamedNode
) -> Iterator[Quad]:
    read = {now: row.get(was, row[now]) for now, was in _AS_READ.items()}
    now = dict(read)
    if decision:
        ends = [decision.subject or ends[0], decision.object or ends[1]]
        yield Quad(c, _REVIEW, literal(decision.verdict), graph)
        if decision.predicate:
            now[_PREDICATE] = node("kg", decision.predicate)
        if decision.verdict != "reject":
            now[_CONFIDENCE] = literal(1.0)
    for p, was in _AS_READ.items():
        yield Quad(c, p, now[p], graph)
        if now[p] != read[p]:
            yield Quad(c, was, read[p], graph)
    subject, obj = (to(e) for e in ends)
    rejected = decision is not None and decision.verdict == "reject"
    yield Quad(c, _TYPE, _REJECTED if rejected else _CLAIM, graph)
    yield Quad(c, _SUBJECT, subject, graph)
    yield Quad(c, _OBJECT, obj, graph)
    denied = getattr(row.get(node("kg", "status")), "value", "") == "denied"
    if not rejected and not denied and subject != obj:
        yield Quad(subject, now[_PREDICATE], obj, graph)


def told(found: Iterable[Judgement], linked: Mapping[str, str], base: str) -> Iterator[Quad]:
    """The graph of judgements: those that join, or may, and what is one thing for it."""
    graph = identity_graph(base)
    for iri, kept in sorted(linked.items()):
        yield Quad(NamedNode(iri), _SAME, NamedNode(kept), graph)
    for j in found:
        if j.verdict == Verdict.DIFFERENT:
            continue
        me = NamedNode(f"{base}judgement/{content_id('judgement', j.left, j.right)}")
        yield Quad(me, _TYPE, node("kg", "Judgement"), graph)
        yield Quad(me, node("kg", "left"), NamedNode(j.left), graph)
        yield Quad(me, node("kg", "right"), NamedNode(j.right), graph)
        yield Quad(me, node("kg", "verdict"), literal(str(j.verdict)), graph)
        yield Quad(me, node("kg", "score"), literal(float(j.score)), graph)
        yield Quad(me, node("kg", "reason"), literal(j.reason), graph)
