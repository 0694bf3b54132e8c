"""Many documents on one machine: processes that load the models once, results in the order of the documents, memory bounded.

A document that takes too long or too much memory, or crashes its process, comes back as `Skipped`; the run goes on.
"""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from itertools import chain
from queue import SimpleQueue
from threading import Event
from typing import TYPE_CHECKING

from kg.model import Document, Skipped
from kg.scale.worker import EndedError, Worker

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.config import Config
    from kg.model import Reading
    from kg.scale.worker import Work

_WORTH = 150_000
"""Characters of text from which loading the models again in other processes pays."""
_AHEAD = 8
"""Documents waiting for each process: enough to keep it busy, few enough to hold memory down."""
_MOST_AHEAD = 4_000_000
"""Characters of all documents that wait or are read."""
_PER_SECOND = 1000
"""Characters for which a document gets a second more; the models read eight times as many on a slow core."""
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""Also for a process alone: the matrices are small, and threads that wait for each other take more time than they save."""
_REMEDY = "split the file, or allow more (document_seconds and document_megabytes in kg.toml)"


def read(items: Iterable[Document | Skipped], config: Config) -> Iterator[Reading | Skipped]:
    """Read each document; what was skipped stays in its place. Few documents are read by one process, many by `config.workers`.

    Raises:
        KgError: if no process can load the models.
    """
    rest = iter(items)
    first: list[Document | Skipped] = []
    size = 0
    for item in rest:
        first.append(item)
        size += _size(item)
        if size > _WORTH:
            break
    if not size:
        yield from (item for item in first if isinstance(item, Skipped))
        return
    workers = (config.workers or os.cpu_count() or 1) if size > _WORTH else 1
    yield from _in_order(chain(first, rest), config, workers)


def _size(item: Document | Skipped) -> int:
    return len(item.text) if isinstance(item, Document) else 0


def _in_order(items: Iterable[Document | Skipped], config: Config, workers: int) -> Iterator[Reading | Skipped]:
    """A thread for each process waits for its results: what is done is taken from the pipes while the caller stores it."""
    crew = Crew(config, workers, threads=0 if workers == 1 else 1)
    threads = ThreadPoolExecutor(workers)
    waiting: deque[tuple[int, Future[Reading | Skipped]]] = deque()
    size = 0
    try:
        for item in items:
            waiting.append((_size(item), threads.submit(crew.read, item)))
            size += _size(item)
            while len(waiting) > workers * _AHEAD or (size > _MOST_AHEAD and waiting):
                length, result = waiting.popleft()
                size -= length
                yield result.result()
        while waiting:
            yield waiting.popleft()[1].result()
    finally:
        crew.close()
        threads.shutdown(wait=True, cancel_futures=True)


class Crew:
    """So many processes, each started when there is work for it. `threads` is how many the models may use in each (0: one a core)."""

    def __init__(self, config: Config, workers: int, threads: int) -> None:
        self._config = config
        self._bounds = config.document_seconds, config.document_megabytes
        self._threads = threads
        self._closed = Event()
        self._places: SimpleQueue[Worker | None] = SimpleQueue()
        self._all: set[Worker] = set()
        for _ in range(workers):
            self._places.put(None)

    def read(self, item: Document | Skipped) -> Reading | Skipped:
        """What `item` says, or why it was not read. Other documents may have filled a process: a second one starts afresh."""
        if isinstance(item, Skipped):
            return item
        worker = self._places.get()
        try:
            while True:
                worker = worker or self._started()
                used = worker.done > 0
                try:
                    (result,) = worker.run(item, seconds=self._seconds(item))
                except EndedError as error:
                    self._drop(worker)
                    worker = None
                    if error.late or not used or self._closed.is_set():
                        return Skipped(path=item.id, cause=f"not read to its end: the process {error}; {_REMEDY}")
                else:
                    made: Reading | Skipped = result
                    return made
        finally:
            self._places.put(worker)

    def close(self) -> None:
        """End all processes; who waits for one is told that it ended."""
        self._closed.set()
        for worker in list(self._all):
            self._drop(worker)

    def _seconds(self, document: Document) -> float:
        return self._config.document_seconds + len(document.text) / _PER_SECOND

    def _started(self) -> Worker:
        begin = partial(_reader, self._config, self._threads)
        worker = Worker(begin, megabytes=self._config.document_megabytes, environment=_ONE_THREAD)
        self._all.add(worker)
        if self._closed.is_set():
            self._drop(worker)
        return worker

    def _drop(self, worker: Worker) -> None:
        self._all.discard(worker)
        worker.end()


def _reader(config: Config, threads: int) -> Work:
    """What reads documents, in a process of its own."""
    from kg.reader import Reader

    reader = Reader(config, threads=threads)

    def work(document: Document) -> Iterator[Reading | Skipped]:
        try:
            yield reader(document)
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001  # whatever a text brings about, the run goes on
            cause = (
                f"reading failed ({type(error).__name__}: {str(error)[:120]}); this is a fault of kg, please report it"
            )
            yield Skipped(path=document.id, cause=cause)

    return work
