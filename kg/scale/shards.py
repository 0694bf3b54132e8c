"""Shards: what a cluster has read, a Parquet file for some documents in a folder that all nodes see, and a row to tell of each.

A shard counts once it is told of; one that is lost with its node is made again under the same name.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import tempfile
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import fsspec
import numpy as np
import pyarrow as pa
import pyoxigraph as ox
from pyarrow import parquet

from kg.ids import content_id
from kg.model import Skipped
from kg.scale import grouped
from kg.store import terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.model import Reading

_READ = pa.schema([("graph", pa.string()), ("order", pa.int64()), ("quads", pa.string()), ("rows", pa.string())])
_COUNTS = ("read", "unchanged", "entities", "claims", "observations")


@contextlib.contextmanager
def folder(given: str | None, store: Path) -> Iterator[str]:
    """Where shards lie: the folder that is `given`, any path of fsspec, or one beside the store that goes with the block."""
    if given:
        yield given.rstrip("/") if "://" in given else str(Path(given).absolute())
        return
    store.absolute().parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{store.name}.shards.", dir=store.absolute().parent) as made:
        yield made


@dataclass(slots=True)
class Shard:
    """What is made of some documents: those that were read, were not, or need not be, each with its place among all."""

    readings: list[tuple[int, Reading]] = field(default_factory=list)
    skipped: list[tuple[int, str, str]] = field(default_factory=list)
    unchanged: list[tuple[int, str]] = field(default_factory=list)

    def write(self, where: str, base: str, extractor: str) -> pa.Table:
        """Puts what was read into a file, and gives a row that tells of the shard."""
        name = f"{self.readings[0][0]:016x}" if self.readings else ""
        if name:
            lines = [_line(order, reading, name, base, extractor) for order, reading in self.readings]
            out = BytesIO()
            parquet.write_table(pa.Table.from_pylist(lines, _READ), out, compression="zstd")
            _put(where, f"readings/{name}.parquet", out.getvalue())
        return pa.Table.from_pylist([self._told(name)])

    def _told(self, name: str) -> dict[str, Any]:
        """Documents are told of by a number made of their id, also those that need not be read."""
        seen = [(order, r.document.id, bool(r.mentions)) for order, r in self.readings]
        seen += [(order, document, False) for order, document in self.unchanged]
        readings = [r for _, r in self.readings]
        return {
            "shard": name,
            "orders": np.array([order for order, _, _ in seen], np.int64),
            "keys": np.array([int(content_id(document), 16) for _, document, _ in seen], np.uint64).astype(np.int64),
            "naming": np.array([named for _, _, named in seen], bool),
            "read": len(readings),
            "unchanged": len(self.unchanged),
            "entities": sum(len(r.entities) for r in readings),
            "claims": sum(len(r.claims) for r in readings),
            "observations": sum(len(r.observations) for r in readings),
            "skipped": json.dumps(self.skipped, ensure_ascii=False),
        }


def _line(order: int, reading: Reading, shard: str, base: str, extractor: str) -> dict[str, Any]:
    graph = terms.document_iri(base, reading.document.id).value
    quads = terms.from_reading(reading, base=base, extractor=extractor)
    return {
        "graph": graph,
        "order": order,
        "quads": (ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").decode("utf-8"),
        "rows": json.dumps(list(grouped.read(reading, graph, shard)), ensure_ascii=False),
    }


@dataclass(frozen=True, slots=True)
class Place:
    """Where shards lie. `stale` are documents that a later one of the same id takes the place of: nothing gives them."""

    where: str
    stale: frozenset[int] = frozenset()

    def graphs(self, shard: str) -> Iterator[tuple[ox.NamedNode, list[ox.Quad]]]:
        """Each document as it was read."""
        for row in self._lines(shard, "quads"):
            yield ox.NamedNode(row["graph"]), list(ox.parse(row["quads"], format=ox.RdfFormat.N_QUADS))

    def rows(self, shard: str) -> list[grouped.Row]:
        """What its documents say of entities."""
        return [row for line in self._lines(shard, "rows") for row in json.loads(line["rows"])]

    def _lines(self, shard: str, column: str) -> list[dict[str, Any]]:
        with fsspec.open(f"{self.where}/readings/{shard}.parquet", "rb") as file:
            lines = parquet.read_table(file, columns=["graph", "order", column]).to_pylist()
        return [line for line in lines if line["order"] not in self.stale]

    def finish(self, shard: str, store: ox.Store) -> None:
        """Puts what the store is to hold of a shard beside it."""
        data = gzip.compress(store.dump(format=ox.RdfFormat.N_QUADS) or b"", 1, mtime=0)
        _put(self.where, f"graph/{shard}.nq.gz", data)

    @contextlib.contextmanager
    def finished(self, shard: str) -> Iterator[IO[bytes]]:
        """What `finish` put there, as N-Quads."""
        with fsspec.open(f"{self.where}/graph/{shard}.nq.gz", "rb", compression="gzip") as file:
            yield file


def _put(where: str, name: str, data: bytes) -> None:
    fs, root = fsspec.core.url_to_fs(where)
    fs.makedirs(f"{root}/{name.split('/', maxsplit=1)[0]}", exist_ok=True)
    fs.pipe_file(f"{root}/{name}", data)


@dataclass(slots=True)
class Shards:
    """All shards of a run, and the sums of what they tell."""

    place: Place
    names: list[str] = field(default_factory=list)
    skipped: list[tuple[int, Skipped]] = field(default_factory=list)
    read: int = 0
    unchanged: int = 0
    entities: int = 0
    claims: int = 0
    observations: int = 0
    named: int = 0
    """Documents that name anything."""

    def add(self, rows: Iterable[dict[str, Any]]) -> None:
        """Take in what all shards tell, and find documents that come twice: the last of an id stands, be it one that need not be read."""
        columns: dict[str, list[Any]] = {"keys": [np.empty(0, np.int64)], "orders": [np.empty(0, np.int64)], "naming": [np.empty(0, bool)]}  # fmt: skip
        for row in rows:
            self.names += [row["shard"]] if row["shard"] else []
            self.skipped += [(o, Skipped(path=path, cause=cause)) for o, path, cause in json.loads(row["skipped"])]
            for count in _COUNTS:
                setattr(self, count, getattr(self, count) + row[count])
            for column, parts in columns.items():
                parts.append(np.asarray(row[column], parts[0].dtype))
        key, order, naming = (np.concatenate(parts) for parts in columns.values())
        by_key = np.lexsort((order, key))
        stale = by_key[:-1][key[by_key[1:]] == key[by_key[:-1]]]
        self.names.sort()
        self.skipped.sort(key=lambda some: some[0])
        self.place = Place(self.place.where, frozenset(order[stale].tolist()))
        self.named = int(naming.sum() - naming[stale].sum())
