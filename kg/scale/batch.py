"""Many documents on one machine: processes that load the models once, results in the order of the documents, memory bounded."""

from __future__ import annotations

import os
from collections import deque
from itertools import chain
from typing import TYPE_CHECKING

from kg.errors import KgError
from kg.model import Document, Skipped
from kg.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.config import Config
    from kg.model import Reading

_WORTH = 150_000
"""Characters of text from which loading the models again in other processes pays."""
_AHEAD = 4
"""Tasks waiting for each process: enough to keep it busy, few enough to hold memory down."""
_TASK = 20_000
"""Characters in a task, so that small documents share the cost of sending them."""


def read(items: Iterable[Document | Skipped], config: Config) -> Iterator[Reading | Skipped]:
    """Read each document; what was skipped stays in its place. Few documents are read here, many by `config.workers` processes."""
    rest = iter(items)
    first: list[Document | Skipped] = []
    size = 0
    for item in rest:
        first.append(item)
        size += _size(item)
        if size > _WORTH:
            break
    workers = config.workers or os.cpu_count() or 1
    every = chain(first, rest)
    if size <= _WORTH or workers == 1:
        yield from _here(every, config)
    else:
        yield from _apart(every, config, workers)


def _size(item: Document | Skipped) -> int:
    return len(item.text) if isinstance(item, Document) else 0


def _here(items: Iterable[Document | Skipped], config: Config) -> Iterator[Reading | Skipped]:
    reader: Reader | None = None
    for item in items:
        if isinstance(item, Document):
            reader = reader or Reader(config)
            yield reader(item)
        else:
            yield item


def _apart(items: Iterable[Document | Skipped], config: Config, workers: int) -> Iterator[Reading | Skipped]:
    """Loky rather than `multiprocessing`: it needs no guarded main module in the user's script and notices a process that died."""
    from loky import ProcessPoolExecutor
    from loky.process_executor import TerminatedWorkerError

    pool = ProcessPoolExecutor(
        workers, initializer=_load, initargs=(config,), env={"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    )
    try:
        waiting = deque()  # type: ignore[var-annotated]  # futures of loky, which has no types
        for task in _tasks(items):
            waiting.append(pool.submit(_read, task))
            if len(waiting) > workers * _AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    except TerminatedWorkerError as error:
        raise KgError(
            "a reading process was ended from outside, most often for want of memory; run again with fewer (KG_WORKERS=1): "
            "what was read before is kept"
        ) from error
    finally:
        pool.shutdown(wait=True, kill_workers=True)


def _tasks(items: Iterable[Document | Skipped]) -> Iterator[list[Document | Skipped]]:
    task: list[Document | Skipped] = []
    size = 0
    for item in items:
        task.append(item)
        size += _size(item)
        if size >= _TASK or len(task) >= 100:
            yield task
            task, size = [], 0
    if task:
        yield task


_reader: Reader | None = None


def _load(config: Config) -> None:
    global _reader  # noqa: PLW0603  # one reader a process is the point of it
    _reader = Reader(config, threads=1)


def _read(task: list[Document | Skipped]) -> list[Reading | Skipped]:
    if _reader is None:
        raise KgError("the reading process has no models")
    return [_reader(item) if isinstance(item, Document) else item for item in task]
