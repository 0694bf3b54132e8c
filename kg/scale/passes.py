"""Resolution on a cluster: rows carried by Ray Data from step to step of `kg.scale.grouped`, by buckets of the places they go to."""

from __future__ import annotations

import json
import zlib
from functools import partial
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any

import pyarrow as pa
import pyoxigraph as ox
import ray.data
from ray.data import DataContext, Dataset

from kg.resolve import decisions
from kg.scale import grouped
from kg.store import identity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from kg.config import Config
    from kg.registry.load import Registry
    from kg.resolve.decisions import Decision
    from kg.scale.shards import Place, Shards

_BUCKET = 20_000
"""Documents for which a pass has a bucket more: what they say of entities, some ten megabytes, is in memory at once."""
_LINKS = 100_000
"""Links of a block of rows."""
_ROWS = pa.schema([("bucket", pa.int32()), ("at", pa.string()), ("kind", pa.string()), ("value", pa.string())])


def resolve(shards: Shards, config: Config, registry: Registry) -> Iterator[IO[bytes]]:
    """Decide over all shards which entities are one, write their N-Quads, and give what the store is to hold, file by file."""
    decided = decisions.load(config.store)
    pairs = decisions.of_pairs(decided.values())
    ends = frozenset(iri for d in pairs for iri in (d.left, d.right))
    of_claims = {d.claim: d for d in decided.values() if d.claim}
    run = _Run(shards, config.base)
    said = run.said()
    told = run.step(said, grouped.Told(people=False, documents=shards.named))
    things = run.union(run.step(told, grouped.Blocks(registry, ends), grouped.judged), grouped.Union(pairs))
    told = run.step(run.with_links(said, things), grouped.Told(people=True, documents=shards.named), grouped.around)
    people = run.union(run.step(told, grouped.Blocks(registry, ends), grouped.judged), grouped.Union(pairs))
    links = run.step(run.with_links(said, {**things, **people}), grouped.placed)
    for row in run.labelled(links, of_claims, grouped.Labels(registry, config.base)):
        yield BytesIO(row["quads"])
    yield from run.judged
    for name in shards.names:
        with shards.place.finished(name) as file:
            yield file


class _Run:
    """Carries rows from step to step. Holds the graph of judgements as N-Quads."""

    def __init__(self, shards: Shards, base: str) -> None:
        self._shards, self._base = shards, base
        self._buckets = max(_cores(), shards.read // _BUCKET + 1)
        self.judged: list[BytesIO] = []
        DataContext.get_current().default_hash_shuffle_parallelism = self._buckets

    def said(self) -> Dataset:
        """What the documents of all shards say."""
        look = partial(_said, self._shards.place, self._buckets)
        return ray.data.from_items(self._shards.names).map_batches(look, batch_size=16)

    def step(self, rows: Dataset, *steps: Callable[[str, grouped.Said], Iterable[grouped.Row]]) -> Dataset:
        """The rows that the steps, one after the other, make of those at each place."""
        for step in steps:
            rows = self._grouped(rows, partial(_stepped, step, self._buckets))
        return rows

    def _grouped(self, rows: Dataset, work: Callable[[pa.Table], pa.Table]) -> Dataset:
        return rows.groupby("bucket").map_groups(work, batch_format="pyarrow")

    def union(self, rows: Dataset, union: grouped.Union) -> Mapping[str, Any]:
        """The links that follow from judgements, each with the fullest name of what it leads to; notes the graph of judgements."""
        rows = rows.materialize()
        for row in rows.iter_rows():
            union.join(row["kind"], json.loads(row["value"]))
        union.decide()
        apart = (union.part(json.loads(r["value"])) for r in rows.iter_rows() if r["kind"] == "judgement")
        file = BytesIO()
        ox.serialize(identity.told((j for j in apart if j), {}, self._base), file, format=ox.RdfFormat.N_QUADS)
        found, linked = union.end()
        ox.serialize(identity.told(found, linked, self._base), file, format=ox.RdfFormat.N_QUADS)
        file.seek(0)
        self.judged.append(file)
        return {iri: [target, union.full[target]] for iri, target in linked.items()}

    def with_links(self, rows: Dataset, links: Mapping[str, Any]) -> Dataset:
        """`rows`, and to each entity what it is linked to."""
        told = [(iri, "link", links[iri]) for iri in sorted(links)]
        parts = [told[i : i + _LINKS] for i in range(0, len(told), _LINKS)]
        return rows.union(ray.data.from_arrow([_to_table(p, self._buckets) for p in parts])) if parts else rows

    def labelled(
        self, links: Dataset, decided: Mapping[str, Decision], labels: grouped.Labels
    ) -> Iterator[dict[str, Any]]:
        """Finishes each shard, and gives the graph of entities in parts."""
        every = _to_table([(name, "shard", None) for name in self._shards.names], self._buckets)
        finish = partial(_finished, self._shards.place, decided)
        counts = self.step(links.union(ray.data.from_arrow(every)), finish)
        return iter(self._grouped(counts, partial(_labelled, labels)).iter_rows())


def _cores() -> int:
    return max(1, int(ray.cluster_resources().get("CPU", 1)))


def _said(place: Place, buckets: int, batch: dict[str, Any]) -> Iterator[pa.Table]:
    for shard in batch["item"]:
        yield _to_table(place.rows(shard), buckets)


def _stepped(step: Callable[[str, grouped.Said], Iterable[grouped.Row]], buckets: int, table: pa.Table) -> pa.Table:
    return _to_table([row for at, said in _at(table).items() for row in step(at, said)], buckets)


def _finished(place: Place, decided: Mapping[str, Decision], shard: str, said: grouped.Said) -> Iterator[grouped.Row]:
    """At a shard: writes its N-Quads, links and decisions applied where they change something."""
    linked = dict(said["link"])
    moved, claims = ({ox.NamedNode(iri) for iri in some} for some in (linked, decided))
    store = ox.Store()
    for graph, quads in place.graphs(shard):
        named = {q.object for q in quads if q.predicate == identity.REFERS}
        if not named.isdisjoint(moved) or (claims and not claims.isdisjoint(q.subject for q in quads)):
            store.extend(identity.derived(quads, graph, linked, decided))
        else:
            store.extend(quads)
    place.finish(shard, store)
    yield from grouped.counted(store)


def _labelled(labels: grouped.Labels, table: pa.Table) -> pa.Table:
    quads = ox.serialize(labels(_at(table)), format=ox.RdfFormat.N_QUADS)
    return pa.table({"quads": pa.array([quads or b""], pa.binary())})


def _at(table: pa.Table) -> dict[str, grouped.Said]:
    columns = (table[name].to_pylist() for name in ("at", "kind", "value"))
    return grouped.gathered((at, kind, json.loads(value)) for at, kind, value in zip(*columns, strict=True))


def _to_table(rows: list[Any], buckets: int) -> pa.Table:
    columns = (
        [zlib.crc32(at.encode()) % buckets for at, _, _ in rows],
        [at for at, _, _ in rows],
        [kind for _, kind, _ in rows],
        [json.dumps(value, ensure_ascii=False, default=sorted) for _, _, value in rows],
    )
    return pa.table([pa.array(c, field.type) for c, field in zip(columns, _ROWS, strict=True)], schema=_ROWS)
