"""Processes that answer queries in two lanes, so that a lookup never waits for a heavy query; one that takes too long is killed.

A query whose like was not seen to be heavy goes to the quick lane. There it has a fraction of a second; if that does not do it is stopped, begins
anew in the slow lane with all the time of the limits, and queries of its shape go there at once from then on.
"""

from __future__ import annotations

import asyncio
import heapq
import multiprocessing
import signal
from collections import OrderedDict
from itertools import count
from typing import TYPE_CHECKING

from kg.errors import StoreError
from kg.query import shape
from kg.serve.limits import Limits, RequestError
from kg.serve.worker import Answer, Job, work

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from pathlib import Path

_START = 60
"""Seconds that a process may take to open the store."""
_NICE = 5
"""How much the slow lane steps back behind the rest of the server."""
_SHAPES = 4096
"""Shapes of queries whose cost is remembered."""
_STRANGE = 1.0
"""Seconds that a query of an unknown shape lets those overtake that are known to be quick."""


def started(target: Callable[..., None], *given: object) -> tuple[BaseProcess, Connection]:
    """A process that calls `target` with its end of a connection and what is given, and the other end."""
    # A server of forks has all modules loaded, so that another process is there in some 20 ms.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["kg.serve.worker"])
    ours, theirs = context.Pipe()
    process = context.Process(target=target, args=(theirs, *given), daemon=True)
    process.start()
    theirs.close()
    return process, ours


async def readable(connection: Connection) -> None:
    """Wait until there is something to receive, or the other end is closed."""
    loop, there = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(connection.fileno(), there.set)
    try:
        await there.wait()
    finally:
        loop.remove_reader(connection.fileno())


class _OverrunError(RequestError):
    """A query took more time of the processor than its lane has."""


class _Worker:
    """A process that has the store open, and the connection to it."""

    def __init__(self, path: Path, limits: Limits, brief: float, nice: int) -> None:
        self._seconds = limits.seconds
        self._process, self._connection = started(work, path, limits, brief, nice)
        try:
            ready = self._connection.poll(_START) and self._connection.recv() is None
        except (EOFError, OSError):
            ready = False
        if not ready:
            self.end()
            raise StoreError(f"{path}: no process could open the store")

    async def run(self, job: Job) -> Answer:
        """The answer to `job`.

        Raises:
            RequestError: if there is none in time, or the process died of it. The worker is of no use then.
        """
        try:
            async with asyncio.timeout(self._seconds):
                self._connection.send(job)
                await readable(self._connection)
                reply = self._connection.recv()
                if reply is None:  # a large one follows, which would hold up the loop
                    reply = await asyncio.to_thread(self._connection.recv)
        except TimeoutError as error:
            raise RequestError(503, f"the query was stopped after {self._seconds:g} seconds; ask for less") from error
        except (EOFError, OSError) as error:
            await asyncio.to_thread(self._process.join)
            if self._process.exitcode == -signal.SIGPROF:
                raise _OverrunError(
                    503, f"the query was stopped after {self._seconds:g} seconds; ask for less"
                ) from error
            raise RequestError(503, "the query was stopped: it needs more memory or depth than it may have") from error
        assert isinstance(reply, Answer)
        return reply

    def end(self) -> None:
        """Kill the process, whatever it does. Blocks until it is gone; the connection closes with its last user."""
        self._process.kill()
        self._process.join()


class _Lane:
    """A few workers, and those who wait for one, in the order in which they came; some let others overtake."""

    def __init__(self, path: Path, limits: Limits, brief: float, nice: int) -> None:
        self._made_of = (path, limits, brief, nice)
        self._idle: list[_Worker | None] = []
        self._all: set[_Worker] = set()
        self._queue: list[tuple[float, int, asyncio.Future[_Worker | None]]] = []
        self._order, self._stopped = count(), False

    async def start(self, workers: int) -> None:
        for _ in range(workers):
            self._idle.append(await self._made())

    async def _made(self) -> _Worker:
        if self._stopped:
            raise RequestError(503, "the server is stopping")
        worker = await asyncio.to_thread(_Worker, *self._made_of)
        self._all.add(worker)
        return worker

    async def stop(self) -> None:
        self._stopped = True
        for worker in list(self._all):
            await self._drop(worker)

    async def _drop(self, worker: _Worker) -> None:
        if worker in self._all:
            self._all.remove(worker)
            await asyncio.to_thread(worker.end)

    async def _taken(self, patience: float) -> _Worker | None:
        """An idle worker, or None for the place of one that is to be made."""
        if self._idle:
            return self._idle.pop()
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[_Worker | None] = loop.create_future()
        heapq.heappush(self._queue, (loop.time() + patience, next(self._order), turn))
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._given(turn.result())
            raise

    def _given(self, worker: _Worker | None) -> None:
        """To the next who waits, if any."""
        while self._queue:
            turn = heapq.heappop(self._queue)[2]
            if not turn.done():
                turn.set_result(worker)
                return
        self._idle.append(worker)

    async def answer(self, job: Job, patience: float = 0) -> Answer:
        """The answer to `job`. The place of a query whose client has gone is free at once.

        Raises:
            RequestError: if it was stopped.
        """
        worker = await self._taken(patience)
        kept = False
        try:
            # An empty place is left by a worker that was ended.
            worker = worker or await self._made()
            reply = await worker.run(job)
            kept = True
            return reply
        finally:
            if worker and not kept:
                await asyncio.shield(self._drop(worker))
            self._given(worker if kept else None)


class Pool:
    """Answers jobs in `limits.workers` processes for each of the lanes."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._limits = limits
        self._quick = _Lane(path, limits, limits.quick_seconds, 0)
        self._slow = _Lane(path, limits, 2 * limits.seconds, _NICE)
        self._seconds: OrderedDict[int, float] = OrderedDict()
        self._waiting = 0

    async def start(self) -> None:
        """Start the processes.

        Raises:
            StoreError: if they cannot open the store.
        """
        for lane in (self._quick, self._slow):
            await lane.start(self._limits.workers)

    async def stop(self) -> None:
        """Kill the processes. Who waits for an answer is refused."""
        await self._quick.stop()
        await self._slow.stop()

    async def answer(self, job: Job) -> Answer:
        """The answer to `job`.

        Raises:
            RequestError: if it was stopped, or too many wait.
        """
        if self._waiting >= self._limits.waiting:
            raise RequestError(503, "too many queries wait; try again in a while")
        self._waiting += 1
        try:
            return await self._answered(job)
        finally:
            self._waiting -= 1

    async def _answered(self, job: Job) -> Answer:
        kind, brief = hash((shape(job.query), job.default is None)), self._limits.quick_seconds
        known = self._seconds.get(kind)
        if known is None or known < brief:
            try:
                reply = await self._quick.answer(job, patience=0 if known is not None else _STRANGE)
            except _OverrunError:
                self._remember(kind, brief)
            else:
                self._remember(kind, reply.seconds)
                return reply
        reply = await self._slow.answer(job)
        self._remember(kind, reply.seconds)
        return reply

    def _remember(self, kind: int, seconds: float) -> None:
        self._seconds[kind] = seconds
        self._seconds.move_to_end(kind)
        if len(self._seconds) > _SHAPES:
            self._seconds.popitem(last=False)
