"""Processes that answer queries in two lanes, so that a lookup never waits for a heavy query; one that takes too long is killed.

A query whose like was not seen to be heavy goes to the quick lane. There it has a fraction of a second; if that does not do it is stopped, begins
anew in the slow lane with all the time of the limits, and queries of its shape go there at once from then on.
"""

from __future__ import annotations

import asyncio
import heapq
import signal
from collections import OrderedDict
from itertools import count
from typing import TYPE_CHECKING

from kg.errors import StoreError
from kg.query import shape
from kg.serve.desk import Asked, Linked, questions
from kg.serve.limits import Limits, RequestError
from kg.serve.line import end, started
from kg.serve.worker import Answer, Job, queries, work

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess
    from pathlib import Path

    from kg.serve.line import Line
    from kg.serve.worker import Desk

_START = 60
"""Seconds that a process may take to open the store."""
_NICE = 5
"""How much the slow lane steps back behind the rest of the server."""
_SHAPES = 4096
"""Shapes of queries whose cost is remembered."""
_STRANGE = 1.0
"""Seconds that a query of an unknown shape lets those overtake that are known to be quick."""


class _OverrunError(RequestError):
    """A query took more time of the processor than its lane has."""


class _Worker:
    """A process that has the store open, and the line to it."""

    def __init__(self, process: BaseProcess, line: Line, seconds: float) -> None:
        self._process, self._line, self._seconds = process, line, seconds

    async def ready(self, path: Path) -> None:
        """Wait until the process has opened the store.

        Raises:
            StoreError: if it could not.
        """
        try:
            async with asyncio.timeout(_START):
                await self._line.received()
        except (EOFError, TimeoutError) as error:
            raise StoreError(f"{path}: no process could open the store") from error

    async def run(self, frame: bytes) -> Answer:
        """The answer to the job in `frame`.

        Raises:
            RequestError: if there is none in time, or the process died of it. The worker is of no use then.
        """
        stopped = f"the query was stopped after {self._seconds:g} seconds; ask for less"
        try:
            async with asyncio.timeout(self._seconds):
                self._line.send(frame)
                return Answer.of(await self._line.received())
        except TimeoutError as error:
            raise RequestError(503, stopped) from error
        except EOFError as error:
            await self.end()
            if self._process.exitcode == -signal.SIGPROF:
                raise _OverrunError(503, stopped) from error
            raise RequestError(503, "the query was stopped: it needs more memory or depth than it may have") from error

    async def end(self) -> None:
        """Kill the process, whatever it does."""
        self._line.close()
        await asyncio.to_thread(end, self._process)


class _Lane:
    """A few workers, and those who wait for one, in the order in which they came; some let others overtake."""

    def __init__(self, path: Path, limits: Limits, desk: Desk, *, seconds: float, brief: float, nice: int = 0) -> None:
        self._path, self._seconds = path, seconds
        self._given_to = (path, limits, desk, seconds, brief, nice)
        self._idle: list[_Worker | None] = [None] * limits.workers
        self._all: set[_Worker] = set()
        self._queue: list[tuple[float, int, asyncio.Future[_Worker | None]]] = []
        self._order, self._stopped = count(), False

    async def start(self) -> None:
        """Start the processes at once, rather than each when it is first needed."""
        self._idle = [await self._made() for _ in self._idle]

    async def _made(self) -> _Worker:
        if self._stopped:
            raise RequestError(503, "the server is stopping")
        worker = _Worker(*await started(work, *self._given_to), self._seconds)
        self._all.add(worker)
        try:
            await worker.ready(self._path)
        except BaseException:
            await asyncio.shield(self._drop(worker))
            raise
        return worker

    async def stop(self) -> None:
        self._stopped = True
        for worker in list(self._all):
            await self._drop(worker)

    async def _drop(self, worker: _Worker) -> None:
        if worker in self._all:
            self._all.remove(worker)
            await worker.end()

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

    async def answer(self, frame: bytes, patience: float = 0) -> Answer:
        """The answer to the job in `frame`. The place of a query whose client has gone is free at once.

        Raises:
            RequestError: if it was stopped.
        """
        worker = await self._taken(patience)
        kept = False
        try:
            # An empty place is left by a worker that was ended.
            worker = worker or await self._made()
            reply = await worker.run(frame)
            kept = True
            return reply
        finally:
            if worker and not kept:
                await asyncio.shield(self._drop(worker))
            self._given(worker if kept else None)


class Pool:
    """Answers jobs in `limits.workers` processes for each of the lanes; questions have one of their own, made when the first comes."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._limits = limits
        self._quick = _Lane(path, limits, queries, seconds=limits.seconds, brief=limits.quick_seconds)
        self._slow = _Lane(path, limits, queries, seconds=limits.seconds, brief=2 * limits.seconds, nice=_NICE)
        long = limits.question_seconds
        self._questions = _Lane(path, limits, questions, seconds=long, brief=2 * long, nice=_NICE)
        self._seconds: OrderedDict[int, float] = OrderedDict()
        self._waiting = 0

    async def start(self) -> None:
        """Start the processes.

        Raises:
            StoreError: if they cannot open the store.
        """
        for lane in (self._quick, self._slow):
            await lane.start()

    async def stop(self) -> None:
        """Kill the processes. Who waits for an answer is refused."""
        for lane in (self._quick, self._slow, self._questions):
            await lane.stop()

    async def answer(self, job: Job | Asked | Linked) -> Answer:
        """The answer to `job`.

        Raises:
            RequestError: if it was stopped, or too many wait.
        """
        if self._waiting >= self._limits.waiting:
            raise RequestError(503, "too many queries wait; try again in a while")
        self._waiting += 1
        try:
            return await (self._answered(job) if isinstance(job, Job) else self._questions.answer(job.frame()))
        finally:
            self._waiting -= 1

    async def _answered(self, job: Job) -> Answer:
        kind, brief, frame = hash((shape(job.query), job.default is None)), self._limits.quick_seconds, job.frame()
        known = self._seconds.get(kind)
        if known is None or known < brief:
            try:
                reply = await self._quick.answer(frame, patience=0 if known is not None else _STRANGE)
            except _OverrunError:
                self._remember(kind, brief)
            else:
                self._remember(kind, reply.seconds)
                return reply
        reply = await self._slow.answer(frame)
        self._remember(kind, reply.seconds)
        return reply

    def _remember(self, kind: int, seconds: float) -> None:
        self._seconds[kind] = seconds
        self._seconds.move_to_end(kind)
        if len(self._seconds) > _SHAPES:
            self._seconds.popitem(last=False)
