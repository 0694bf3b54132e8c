"""Resolution in grouped passes gives what resolution in one memory gives, whatever documents say. No cluster: rows go by hand."""

from __future__ import annotations

from itertools import starmap
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from kg.config import BASE
from kg.model import Claim, Entity, Evidence, Mention, Reading
from kg.registry.load import load
from kg.resolve import decisions
from kg.resolve.decisions import Decision
from kg.resolve.link import one_line
from kg.scale import grouped
from kg.store import identity, terms
from kg.store.graph import View, Writer

from factory import document

NAMES = [
    ("Company", "云帆科技", "yunfan"),
    ("Company", "北京云帆科技有限公司", "beijing"),
    ("Company", "上海云帆科技有限公司", "shanghai"),
    ("Company", "Yunfan Technology Co., Ltd.", "english"),
    ("Company", "Nimbus Labs, Inc.", "nimbus"),
    ("Company", "Nimbus Labs", "nimbus2"),
    ("Organization", "云帆研究院", "institute"),
    ("Person", "李文博", "li"),
    ("Person", "Li Wenbo", "li2"),
    ("Person", "Ada Reyes", "ada"),
    ("AIModel", "云帆-7B", "yf7b"),
    ("AIModel", "Yunfan-7B", "yf7b2"),
    ("Product", "天枢", "tianshu"),
]
CLAIMS = ("develops", "holdsPositionAt", "founded", "investedIn", "uses")


def entity_iri(kind: str, slug: str, doc: str) -> str:
    from kg.ids import content_id

    return f"{BASE}entity/{kind.lower()}/{content_id(slug, doc if kind == 'Person' else '')}"


def made(number: int, ends: list[tuple[int, str, int]]) -> Reading:
    """A document that names the ends of some claims."""
    used = sorted({i for s, _, o in ends for i in (s, o)})
    doc = document("。".join(NAMES[i][1] for i in used), name=f"d{number}.txt")
    mentions, at = {}, 0
    for i in used:
        kind, name, _ = NAMES[i]
        mentions[i] = Mention(document=doc.id, start=at, end=at + len(name), text=name, type=kind, found_by="t")
        at += len(name) + 1
    iris = {i: entity_iri(NAMES[i][0], NAMES[i][2], doc.id) for i in used}
    claims = tuple(
        Claim(
            document=doc.id, subject=mentions[s], predicate=p, object=mentions[o], confidence=0.9, found_by="t",
            evidence=Evidence(start=0, end=len(doc.text), quote=doc.text),
        )
        for s, p, o in sorted(set(ends)) if s != o
    )  # fmt: skip
    things = tuple(
        Entity(iri=iri, type=NAMES[i][0], label=NAMES[i][1], names=(one_line(NAMES[i][1]),))
        for i, iri in sorted(iris.items(), key=lambda some: some[1])
    )
    return Reading(
        document=doc, mentions=tuple(mentions.values()), claims=claims, observations=(), entities=things,
        entity_of={mentions[i].id: iris[i] for i in used},
    )  # fmt: skip


end = st.integers(0, len(NAMES) - 1)
documents = st.lists(
    st.lists(st.tuples(end, st.sampled_from(CLAIMS), end), min_size=1, max_size=5), min_size=1, max_size=12
)
decided = st.lists(st.tuples(end, end, st.sampled_from(decisions.PAIR)), max_size=2)


@pytest.mark.slow
@settings(
    max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=[HealthCheck.too_slow]
)
@given(documents, decided)
def test_grouped_passes_give_what_one_memory_gives(said, pairs) -> None:
    readings = [made(i, ends) for i, ends in enumerate(said)]
    of_people = {
        d.id: d
        for left, right, verdict in pairs
        if left != right
        for d in [Decision(verdict=verdict, left=entity_iri(*NAMES[left][::2], "d0.txt"), right=entity_iri(*NAMES[right][::2], "d0.txt"))]
    }  # fmt: skip
    with TemporaryDirectory() as folder:
        path = Path(folder) / "s"
        decisions.save(path, of_people.values())
        with Writer(path, extractor="x") as writer:
            for reading in readings:
                writer.put(reading)
        expected = set(View(path).store)
    expected -= set(terms.from_ontology(terms.ontology_graph(BASE)))
    assert apart(readings, decisions.of_pairs(decisions_sorted(of_people))) == expected


def decisions_sorted(found: dict[str, Decision]) -> list[Decision]:
    return [found[key] for key in sorted(found)]


def apart(readings: list[Reading], pairs: list) -> set[ox.Quad]:
    """What `kg.scale.passes.resolve` does, each step given its rows by hand; a shard holds two documents."""
    known = load()
    graphs = [terms.document_iri(BASE, r.document.id) for r in readings]
    said = [row for i, r in enumerate(readings) for row in grouped.read(r, graphs[i].value, f"s{i // 2}")]
    ends = frozenset(iri for d in pairs for iri in (d.left, d.right))
    told = stepped(stepped(said, grouped.Told(people=False, documents=len(readings))), grouped.Blocks(known, ends))
    things, quads = union(stepped(told, grouped.judged), pairs)
    rows = said + [(iri, "link", link) for iri, link in things.items()]
    told = stepped(stepped(rows, grouped.Told(people=True, documents=len(readings))), grouped.around)
    people, more = union(stepped(stepped(told, grouped.Blocks(known, ends)), grouped.judged), pairs)
    quads |= more
    links = [(iri, "link", link) for iri, link in {**things, **people}.items()]
    placed = grouped.gathered(stepped(said + links, grouped.placed))
    counts = []
    for shard in sorted({f"s{i // 2}" for i in range(len(readings))}):
        linked = dict(placed.get(shard, {}).get("link", []))
        store = ox.Store()
        for i, r in enumerate(readings):
            if f"s{i // 2}" == shard:
                read = terms.from_reading(r, base=BASE, extractor="x")
                store.extend(identity.derived(read, graphs[i], linked, {}))
        counts += grouped.counted(store)
        quads |= set(store)
    return quads | set(grouped.Labels(known, BASE)(grouped.gathered(counts)))


def stepped(rows, step):
    # Rows of a place come in any order: the last first here.
    return [row for at, said in grouped.gathered(reversed(rows)).items() for row in step(at, said)]


def union(rows, pairs):
    made = grouped.Union(pairs)
    for _, kind, value in rows:
        made.join(kind, value)
    made.decide()
    kept = [j for _, kind, value in rows if kind == "judgement" and (j := made.part(value))]
    found, linked = made.end()
    quads = {*identity.told(kept, {}, BASE), *identity.told(found, linked, BASE)}
    return {iri: [to, made.full[to]] for iri, to in linked.items()}, quads


def test_something_is_linked_and_something_torn_there() -> None:
    """The table of names is such that the property above is about something."""
    readings = list(starmap(made, enumerate([[(4, "develops", 10)], [(5, "develops", 11)], [(0, "uses", 12)], [(1, "uses", 12)], [(2, "uses", 12)]])))  # fmt: skip
    quads = apart(readings, [])
    assert {q.predicate.value.rsplit("#", 1)[1] for q in quads if "2002/07/owl#" in q.predicate.value} == {"sameAs"}
    assert any("apart" in q.object.value for q in quads if q.predicate.value.endswith("reason"))
