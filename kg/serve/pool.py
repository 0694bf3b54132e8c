"""A few processes that answer queries; one that takes too long is killed, and another takes its place."""

from __future__ import annotations

import asyncio
import multiprocessing
from typing import TYPE_CHECKING

from kg.errors import StoreError
from kg.serve.limits import Limits, RequestError
from kg.serve.worker import Answer, Job, work

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess
    from pathlib import Path

_START = 60
"""Seconds that a process may take to open the store."""


class _Worker:
    """A process and the connection to it. Its methods block."""

    def __init__(self, path: Path, limits: Limits) -> None:
        context = multiprocessing.get_context("spawn")
        self._limits = limits
        self._connection: Connection
        self._connection, theirs = context.Pipe()
        self._process: SpawnProcess = context.Process(target=work, args=(theirs, path, limits), daemon=True)
        self._process.start()
        theirs.close()
        try:
            ready = self._connection.poll(_START) and self._connection.recv() is None
        except (EOFError, OSError):
            ready = False
        if not ready:
            self.end()
            raise StoreError(f"{path}: no process could open the store")

    def run(self, job: Job) -> Answer:
        """The answer to `job`.

        Raises:
            RequestError: if there is none in time, or the process died of it. The worker is of no use then.
        """
        try:
            self._connection.send(job)
            if not self._connection.poll(self._limits.seconds):
                raise RequestError(503, f"the query was stopped after {self._limits.seconds:g} seconds; ask for less")
            reply = self._connection.recv()
        except (EOFError, OSError) as error:
            raise RequestError(503, "the query was stopped: it needs more memory or depth than it may have") from error
        assert isinstance(reply, Answer)
        return reply

    def end(self) -> None:
        """Kill the process, whatever it does. The connection closes with its last user, which may be a thread that waits for an answer."""
        self._process.kill()
        self._process.join()


class Pool:
    """Answers jobs in `limits.workers` processes, in the order in which they came."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path, self._limits = path, limits
        self._idle: asyncio.Queue[_Worker | None] = asyncio.Queue()
        self._all: set[_Worker] = set()
        self._waiting = 0
        self._stopped = False

    async def start(self) -> None:
        """Start the processes.

        Raises:
            StoreError: if they cannot open the store.
        """
        for _ in range(self._limits.workers):
            self._idle.put_nowait(await self._made())

    async def _made(self) -> _Worker:
        if self._stopped:
            raise RequestError(503, "the server is stopping")
        worker = await asyncio.to_thread(_Worker, self._path, self._limits)
        self._all.add(worker)
        return worker

    async def stop(self) -> None:
        """Kill the processes. Who waits for an answer is refused."""
        self._stopped = True
        for worker in list(self._all):
            await self._drop(worker)

    async def _drop(self, worker: _Worker) -> None:
        if worker in self._all:
            self._all.remove(worker)
            await asyncio.to_thread(worker.end)

    async def answer(self, job: Job) -> Answer:
        """The answer to `job`. The place of a query whose client has gone is free at once.

        Raises:
            RequestError: if it was stopped, or too many wait.
        """
        if self._waiting >= self._limits.waiting:
            raise RequestError(503, "too many queries wait; try again in a while")
        self._waiting += 1
        try:
            worker = await self._idle.get()
        finally:
            self._waiting -= 1
        kept = False
        try:
            # An empty place is left by a worker that could not be replaced.
            worker = worker or await self._made()
            reply = await asyncio.to_thread(worker.run, job)
            kept = True
            return reply
        finally:
            if worker and not kept:
                await asyncio.shield(self._drop(worker))
            self._idle.put_nowait(worker if kept else None)
