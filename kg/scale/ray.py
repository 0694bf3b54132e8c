"""Many documents on a cluster: read by Ray Data with actors that load the models once, resolved by the passes of `kg.scale.grouped`.

What is read is written as a Parquet file a shard, and as N-Quads once entities are resolved: a node that dies costs the shards it was at,
which others make again under the same names. Each node must see the documents and the folder of the shards, and have this version of kg.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import logging
import os
import tempfile
import zlib
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fsspec
import numpy as np
import pyarrow as pa
import pyoxigraph as ox
import ray
import ray.data
from pyarrow import parquet
from ray.data import ActorPoolStrategy, DataContext, Dataset

from kg.errors import KgError
from kg.ids import content_id
from kg.ingest.files import READERS, STDIN, files, label
from kg.ingest.paths import suffix
from kg.model import Document, Skipped
from kg.resolve import decisions
from kg.scale import grouped
from kg.scale.batch import Crew
from kg.scale.parse import Parser
from kg.store import identity, terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from kg.config import Config
    from kg.model import Reading
    from kg.registry.load import Registry
    from kg.resolve.decisions import Decision

SHARD = 200
"""Documents of a shard: a minute of reading is lost with a node, and a billion documents make five million files."""
_BUCKET = 20_000
"""Documents for which a grouped pass has a bucket more: what they say of entities, some ten megabytes, is in memory at once."""
_LINKS = 100_000
_DOCUMENT = ("id", "path", "title", "lang", "date", "text", "sha256")
_ROWS = pa.schema([("bucket", pa.int32()), ("at", pa.string()), ("kind", pa.string()), ("value", pa.string())])
_READ = pa.schema([("graph", pa.string()), ("order", pa.int64()), ("quads", pa.string()), ("rows", pa.string())])


@dataclass(slots=True)
class Shards:
    """What a cluster has read, and where it lies. `stale` are documents that a later one of the same id takes the place of."""

    where: str
    buckets: int = 1
    names: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    read: int = 0
    unchanged: int = 0
    entities: int = 0
    claims: int = 0
    observations: int = 0
    named: int = 0
    """Documents that name anything."""
    stale: frozenset[int] = frozenset()


@contextlib.contextmanager
def cluster(address: str | None) -> Iterator[None]:
    """The cluster at `address`, or one of this machine's cores; left as it was found.

    Raises:
        KgError: if there is none, or its work fails for good.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is reported to anybody
    os.environ.setdefault("RAY_worker_niceness", "0")  # as a local build; 15 starves beside other work
    began = not ray.is_initialized()
    logging.getLogger("ray.data").setLevel(logging.WARNING)
    try:
        if began:
            # Without `local` Ray waits for the last cluster of this machine, be it dead.
            ray.init(address=address or "local", include_dashboard=None if address else False, log_to_driver=False, logging_level=logging.ERROR)  # fmt: skip
        DataContext.get_current().enable_progress_bars = False
        yield
    except ConnectionError as error:
        raise KgError(f"no Ray cluster at {address}: {error}; start one with `ray start --head`") from error
    except ray.exceptions.RayError as error:
        cause = error.cause if isinstance(error, ray.exceptions.RayTaskError) else error
        raise KgError(f"the cluster gave up: {str(cause).strip().splitlines()[-1]}; run again") from error
    finally:
        if began:
            ray.shutdown()


@contextlib.contextmanager
def folder(shards: str | None, store: Path) -> Iterator[str]:
    """Where shards lie: `shards`, or a folder beside the store that goes with the block."""
    if shards:
        yield shards.rstrip("/") if "://" in shards else str(Path(shards).absolute())
        return
    store.absolute().parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{store.name}.shards.", dir=store.absolute().parent) as made:
        yield made


def read(
    paths: Iterable[str | Path],
    config: Config,
    *,
    extractor: str,
    known: Mapping[str, tuple[str, str]],
    where: str,
    size: int | None = None,
) -> Shards:
    """Read documents into shards of `size` (else `SHARD`) in the folder `where`, any path of fsspec; those that are `known` are left out."""
    found, skipped = _files(paths)
    cores = max(1, int(ray.cluster_resources().get("CPU", 1)))
    made, size = Shards(where=where), size or SHARD
    if found:
        with_models = ActorPoolStrategy(min_size=1, max_size=cores)
        manifest = (
            ray.data.from_items(found, override_num_blocks=min(len(found), 4 * cores))
            .map_batches(_Parse, fn_constructor_args=(config,), batch_size=1, num_cpus=0, compute=ActorPoolStrategy(size=1 + cores // 8))
            .repartition(target_num_rows_per_block=size)
            .map_batches(_Read, fn_constructor_args=(config, extractor, ray.put(dict(known)), where), batch_size=size,
                         batch_format="pyarrow", num_cpus=1, compute=with_models)
        )  # fmt: skip
        skipped += _collect(made, manifest.iter_rows())
    made.skipped = [s for _, s in sorted(skipped, key=lambda some: some[0])]
    made.buckets = max(cores, made.read // _BUCKET + 1)
    return made


def _files(paths: Iterable[str | Path]) -> tuple[list[dict[str, Any]], list[tuple[int, Skipped]]]:
    """Files to read, each with its name and its place among all; a path with `://` is fsspec's."""
    found: list[dict[str, Any]] = []
    skipped: list[tuple[int, Skipped]] = []
    given = list(map(str, paths))
    if STDIN in given:
        raise KgError("-: a cluster cannot read standard input; give files, or leave out --engine ray")
    local = files(path for path in given if "://" not in path)
    remote = (item for path in given if "://" in path for item in _remote(path))
    for item in chain(local, remote):
        order = (len(found) + len(skipped)) << 32
        if isinstance(item, Skipped):
            skipped.append((order, item))
        elif isinstance(item, Path):
            found.append({"order": order, "path": str(item.absolute()), "name": label(item)})
        else:
            found.append({"order": order, "path": item, "name": item})
    return found, skipped


def _remote(path: str) -> Iterator[str | Skipped]:
    try:
        fs, root = fsspec.core.url_to_fs(path)
        names = sorted(fs.glob(root) if "*" in root else fs.find(root))
    except (ImportError, OSError, ValueError) as error:
        yield Skipped(path=path, cause=f"cannot be listed: {error}")
        return
    if not names:
        yield Skipped(path=path, cause="no such file or folder")
    yield from (fs.unstrip_protocol(n) for n in names if suffix(Path(n)) in READERS)


def _collect(made: Shards, rows: Iterable[dict[str, Any]]) -> list[tuple[int, Skipped]]:
    """Add up what the shards say of themselves, and find documents that came twice."""
    skipped, keys, orders, naming = [], [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0, bool)]
    for row in rows:
        skipped += [(order, Skipped(path=path, cause=cause)) for order, path, cause in json.loads(row["skipped"])]
        made.unchanged += row["unchanged"]
        if row["shard"]:
            made.names.append(row["shard"])
            made.read += len(row["keys"])
            for name in ("entities", "claims", "observations"):
                setattr(made, name, getattr(made, name) + row[name])
            for some, column in ((keys, "keys"), (orders, "orders"), (naming, "naming")):
                some.append(np.asarray(row[column]))
    key, order, names = map(np.concatenate, (keys, orders, naming))
    last = np.lexsort((order, key))
    again = np.append(key[last][1:] == key[last][:-1], False) if len(key) else np.empty(0, bool)
    stale = last[again]
    made.names.sort()
    made.stale = frozenset(order[stale].tolist())
    made.named = int(names.sum() - names[stale].sum())
    return skipped


class _Parse:
    """Files into rows of documents, each file in a process with bounds."""

    def __init__(self, config: Config) -> None:
        self._parser = Parser(config)

    def __call__(self, batch: dict[str, Any]) -> Iterator[dict[str, list[Any]]]:
        for order, path, name in zip(batch["order"], batch["path"], batch["name"], strict=True):
            for number, item in enumerate(self._items(str(path), str(name))):
                skipped = isinstance(item, Skipped)
                row = {k: getattr(item, k, None) for k in _DOCUMENT}
                if isinstance(item, Skipped):
                    row |= {"id": item.path, "path": item.cause}
                yield {"order": [int(order) + number], "skipped": [skipped], **{k: [v or ""] for k, v in row.items()}}

    def _items(self, path: str, name: str) -> Iterator[Document | Skipped]:
        if "://" not in path:
            yield from self._parser.read(Path(path), name)
            return
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / Path(path).name
            try:
                fs, root = fsspec.core.url_to_fs(path)
                fs.get_file(root, str(copy))
            except OSError as error:
                yield Skipped(path=name, cause=f"cannot be fetched: {error}")
                return
            yield from self._parser.read(copy, name)


class _Read:
    """Rows of documents into a shard, and a row that tells of it. The models are in a process of their own, with bounds."""

    def __init__(self, config: Config, extractor: str, known: Mapping[str, tuple[str, str]], where: str) -> None:
        self._crew = Crew(config, 1, threads=1)
        self._known = ray.get(known) if isinstance(known, ray.ObjectRef) else known
        self._base, self._extractor, self._where = config.base, extractor, where

    def __call__(self, table: pa.Table) -> pa.Table:
        skipped, readings, unchanged = [], [], 0
        rows = sorted(table.to_pylist(), key=lambda r: r["order"])
        for row in rows:
            if row["skipped"]:
                skipped.append((row["order"], row["id"], row["path"]))
                continue
            document = Document(**{k: row[k] for k in _DOCUMENT if k != "date"}, date=row["date"] or None)
            if self._known.get(document.id) == (document.sha256, self._extractor):
                unchanged += 1
                continue
            made = self._crew.read(document)
            if isinstance(made, Skipped):
                skipped.append((row["order"], made.path, made.cause))
            else:
                readings.append((row["order"], made))
        shard = f"{rows[0]['order']:016x}" if readings else ""
        if shard:
            lines = [self._row(order, r, shard) for order, r in readings]
            out = BytesIO()
            parquet.write_table(pa.Table.from_pylist(lines, _READ), out, compression="zstd")
            _write(self._where, f"readings/{shard}.parquet", out.getvalue())
        return pa.Table.from_pylist([_told(shard, readings, skipped, unchanged)])

    def _row(self, order: int, reading: Reading, shard: str) -> dict[str, Any]:
        graph = terms.document_iri(self._base, reading.document.id).value
        quads = terms.from_reading(reading, base=self._base, extractor=self._extractor)
        data = ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
        return {
            "graph": graph,
            "order": order,
            "quads": data.decode("utf-8"),
            "rows": json.dumps(list(grouped.read(reading, graph, shard)), ensure_ascii=False),
        }


def _told(shard: str, readings: list[tuple[int, Reading]], skipped: list[Any], unchanged: int) -> dict[str, Any]:
    some = [r for _, r in readings]
    return {
        "shard": shard,
        "keys": np.array([int(content_id(r.document.id), 16) for r in some], np.uint64).astype(np.int64),
        "orders": np.array([order for order, _ in readings], np.int64),
        "naming": np.array([bool(r.mentions) for r in some], bool),
        "entities": sum(len(r.entities) for r in some),
        "claims": sum(len(r.claims) for r in some),
        "observations": sum(len(r.observations) for r in some),
        "skipped": json.dumps(skipped, ensure_ascii=False),
        "unchanged": unchanged,
    }


def graphs(shards: Shards) -> Iterator[tuple[ox.NamedNode, list[ox.Quad]]]:
    """Each document as it was read."""
    for name in shards.names:
        for graph, quads in _graphs(shards.where, name, shards.stale):
            yield ox.NamedNode(graph), quads


def _graphs(where: str, shard: str, stale: frozenset[int]) -> Iterator[tuple[str, list[ox.Quad]]]:
    for row in _table(where, shard, ["graph", "order", "quads"]).to_pylist():
        if row["order"] not in stale:
            yield row["graph"], list(ox.parse(row["quads"], format=ox.RdfFormat.N_QUADS))


def resolve(shards: Shards, config: Config, registry: Registry) -> Iterator[BytesIO]:
    """Decide over all shards which entities are one, write their N-Quads, and give what the store is to hold, file by file."""
    decided = decisions.load(config.store)
    pairs = decisions.of_pairs(decided.values())
    ends = frozenset(iri for d in pairs for iri in (d.left, d.right))
    DataContext.get_current().default_hash_shuffle_parallelism = shards.buckets
    run = _Run(shards)
    said = run.said()
    told = run.step(run.step(said, grouped.Told(people=False, documents=shards.named)), grouped.Blocks(registry, ends))
    things = run.union(run.step(told, grouped.judged), grouped.Union(pairs), config.base)
    told = run.step(run.with_links(said, things), grouped.Told(people=True, documents=shards.named))
    told = run.step(run.step(told, grouped.around), grouped.Blocks(registry, ends))
    people = run.union(run.step(told, grouped.judged), grouped.Union(pairs), config.base)
    links = run.step(run.with_links(said, {**things, **people}), grouped.placed)
    of_claims = {d.claim: d for d in decided.values() if d.claim}
    counts = run.step(links.union(run.all()), partial(_finished, shards.where, shards.stale, of_claims))
    labels = counts.groupby("bucket").map_groups(partial(_labelled, grouped.Labels(registry, config.base)), batch_format="pyarrow")  # fmt: skip
    for row in labels.iter_rows():
        yield BytesIO(row["quads"])
    yield from run.judged
    for name in shards.names:
        with fsspec.open(f"{shards.where}/graph/{name}.nq.gz", "rb", compression="gzip") as file:
            yield file


class _Run:
    """Carries rows from step to step, by buckets of the places they go to. Holds the graph of judgements as N-Quads."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards
        self.judged: list[BytesIO] = []

    def all(self) -> Dataset:
        """A row to each shard."""
        rows = [(name, "shard", None) for name in self._shards.names]
        return ray.data.from_arrow(_to_table(rows, self._shards.buckets))

    def said(self) -> Dataset:
        """What the documents of all shards say."""
        look = partial(_said, self._shards.where, self._shards.stale, self._shards.buckets)
        return ray.data.from_items(self._shards.names).map_batches(look, batch_size=16)

    def step(self, rows: Dataset, step: Callable[[str, grouped.Said], Iterable[grouped.Row]]) -> Dataset:
        """The rows that `step` makes of those at each place."""
        return rows.groupby("bucket").map_groups(partial(_stepped, step, self._shards.buckets), batch_format="pyarrow")

    def union(self, rows: Dataset, union: grouped.Union, base: str) -> Mapping[str, Any]:
        """The links that follow from judgements, each with the fullest name of what it leads to; notes the graph of judgements."""
        rows = rows.materialize()
        for row in rows.iter_rows():
            union.join(row["kind"], json.loads(row["value"]))
        union.decide()
        apart = (union.part(json.loads(r["value"])) for r in rows.iter_rows() if r["kind"] == "judgement")
        file = BytesIO()
        ox.serialize(identity.told((j for j in apart if j), {}, base), file, format=ox.RdfFormat.N_QUADS)
        found, linked = union.end()
        ox.serialize(identity.told(found, linked, base), file, format=ox.RdfFormat.N_QUADS)
        file.seek(0)
        self.judged.append(file)
        return {iri: [target, union.full[target]] for iri, target in linked.items()}

    def with_links(self, rows: Dataset, links: Mapping[str, Any]) -> Dataset:
        """`rows`, and to each entity what it is linked to."""
        told = [(iri, "link", links[iri]) for iri in sorted(links)]
        parts = [told[i : i + _LINKS] for i in range(0, len(told), _LINKS)]
        return rows.union(ray.data.from_arrow([_to_table(p, self._shards.buckets) for p in parts])) if parts else rows


def _said(where: str, stale: frozenset[int], buckets: int, batch: dict[str, Any]) -> Iterator[pa.Table]:
    for shard in batch["item"]:
        rows = []
        for row in _table(where, shard, ["order", "rows"]).to_pylist():
            if row["order"] not in stale:
                rows += json.loads(row["rows"])
        yield _to_table(rows, buckets)


def _stepped(step: Callable[[str, grouped.Said], Iterable[grouped.Row]], buckets: int, table: pa.Table) -> pa.Table:
    return _to_table([row for at, said in _at(table).items() for row in step(at, said)], buckets)


def _finished(
    where: str, stale: frozenset[int], decided: Mapping[str, Decision], shard: str, said: grouped.Said
) -> Iterator[grouped.Row]:
    """At a shard: writes its N-Quads, links and decisions applied where they change something."""
    linked = dict(said["link"])
    moved, claims = ({ox.NamedNode(iri) for iri in some} for some in (linked, decided))
    store = ox.Store()
    for graph, quads in _graphs(where, shard, stale):
        named = {q.object for q in quads if q.predicate == identity.REFERS}
        if not named.isdisjoint(moved) or (claims and not claims.isdisjoint(q.subject for q in quads)):
            store.extend(identity.derived(quads, ox.NamedNode(graph), linked, decided))
        else:
            store.extend(quads)
    _write(where, f"graph/{shard}.nq.gz", gzip.compress(store.dump(format=ox.RdfFormat.N_QUADS) or b"", 1, mtime=0))
    yield from grouped.counted(store)


def _labelled(labels: grouped.Labels, table: pa.Table) -> pa.Table:
    quads = ox.serialize(labels(_at(table)), format=ox.RdfFormat.N_QUADS)
    return pa.table({"quads": pa.array([quads or b""], pa.binary())})


def _at(table: pa.Table) -> dict[str, grouped.Said]:
    columns = (table[name].to_pylist() for name in ("at", "kind", "value"))
    return grouped.gathered((at, kind, json.loads(value)) for at, kind, value in zip(*columns, strict=True))


def _to_table(rows: list[Any], buckets: int) -> pa.Table:
    at = [row[0] for row in rows]
    return pa.table(
        [
            pa.array([zlib.crc32(a.encode()) % buckets for a in at], pa.int32()),
            pa.array(at, pa.string()),
            pa.array([row[1] for row in rows], pa.string()),
            pa.array([json.dumps(row[2], ensure_ascii=False, default=sorted) for row in rows], pa.string()),
        ],
        schema=_ROWS,
    )


def _table(where: str, shard: str, columns: list[str]) -> pa.Table:
    with fsspec.open(f"{where}/readings/{shard}.parquet", "rb") as file:
        return parquet.read_table(file, columns=columns)


def _write(where: str, name: str, data: bytes) -> None:
    fs, root = fsspec.core.url_to_fs(where)
    fs.makedirs(f"{root}/{name.split('/', maxsplit=1)[0]}", exist_ok=True)
    fs.pipe_file(f"{root}/{name}", data)
