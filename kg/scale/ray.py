"""Documents read on a cluster: by Ray Data, with actors that load the models once.

A node that dies costs the shards it was at, which others make again. Each node must see the documents and the folder of the shards, and
have this version of kg. What was read is resolved by `kg.scale.passes`.
"""

from __future__ import annotations

import contextlib
import logging
import os
import tempfile
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fsspec
import ray
import ray.data
from ray.data import ActorPoolStrategy, DataContext

from kg.errors import KgError
from kg.ingest.files import READERS, STDIN, files, label
from kg.ingest.paths import suffix
from kg.model import Document, Skipped
from kg.scale.batch import Crew
from kg.scale.parse import Parser
from kg.scale.shards import Place, Shard, Shards

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pyarrow as pa

    from kg.config import Config

SHARD = 200
"""Documents of a shard: a minute of reading is lost with a node, and a billion documents make five million files."""
_DOCUMENT = ("id", "path", "title", "lang", "date", "text", "sha256")


@contextlib.contextmanager
def cluster(address: str | None) -> Iterator[None]:
    """The cluster at `address`, or one of this machine's cores; left as it was found.

    Raises:
        KgError: if there is none, or its work fails for good.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is reported to anybody
    os.environ.setdefault("RAY_worker_niceness", "0")  # as a local build; 15 starves beside other work
    began = not ray.is_initialized()
    logging.getLogger("ray.data").setLevel(logging.ERROR)  # its warnings are about plans, and wrong of small ones
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
    made, size = Shards(Place(where), skipped=skipped), size or SHARD
    if found:
        with_models = ActorPoolStrategy(min_size=1, max_size=cores)
        told = (
            ray.data.from_items(found, override_num_blocks=min(len(found), 4 * cores))
            .map_batches(_Parse, fn_constructor_args=(config,), batch_size=1, num_cpus=0, compute=ActorPoolStrategy(size=1 + cores // 8))
            .repartition(target_num_rows_per_block=size)
            .map_batches(_Read, fn_constructor_args=(config, extractor, ray.put(dict(known)), where), batch_size=size,
                         batch_format="pyarrow", num_cpus=1, compute=with_models)
        )  # fmt: skip
        made.add(told.iter_rows())
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
        shard = Shard()
        for row in sorted(table.to_pylist(), key=lambda r: r["order"]):
            order = row["order"]
            if row["skipped"]:
                shard.skipped.append((order, row["id"], row["path"]))
                continue
            document = Document(**{k: row[k] for k in _DOCUMENT if k != "date"}, date=row["date"] or None)
            if self._known.get(document.id) == (document.sha256, self._extractor):
                shard.unchanged.append((order, document.id))
                continue
            made = self._crew.read(document)
            if isinstance(made, Skipped):
                shard.skipped.append((order, made.path, made.cause))
            else:
                shard.readings.append((order, made))
        return shard.write(self._where, self._base, self._extractor)
