"""Processes that answer queries in three lanes, so that a lookup never waits for a heavy query; one that takes too long is killed.

A query whose like was not seen goes to the lane of trials. There it has a fraction of a second; if that does not do it is stopped, and begins
anew in the slow lane with all the time of the limits. Queries of its shape go to the slow lane or the quick one at once from then on.
"""

from __future__ import annotations

import asyncio
import signal
from collections import OrderedDict, deque
from contextlib import suppress
from typing import TYPE_CHECKING

from kg.errors import KgError, StoreError
from kg.query import shape
from kg.serve.desk import Analysed, Asked, Drawn, Linked, questions
from kg.serve.limits import Limits, RequestError
from kg.serve.line import UnaskedError, end, started
from kg.serve.worker import Answer, Job, queries, work

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.process import BaseProcess
    from pathlib import Path

    from kg.serve.line import Line
    from kg.serve.worker import Desk

_START = 60
"""Seconds that a process may take to open the store."""
_NICE = 10
"""How much the slow lane steps back behind the rest of the server."""
_DEPTH = 16
"""Queries that a process of the quick lane is given at once, so that it need not be woken for each."""
_SHAPES = 4096
"""Shapes of queries whose cost is remembered."""


class _OverrunError(RequestError):
    """A query took more time of the processor than its lane has."""


class _Running:
    """A process that has the store open, and the line to it."""

    def __init__(self, process: BaseProcess, line: Line) -> None:
        self.line = line
        self._process = process
        self._end: asyncio.Task[int | None] | None = None

    async def ended(self) -> int | None:
        """Kill it, whatever it does; gives its exit code."""
        if self._end is None:
            self.line.close()
            self._end = asyncio.create_task(asyncio.to_thread(end, self._process))
        return await asyncio.shield(self._end)


class _Seat:
    """A place for a process; it is made when it is needed, and ended with a job that must be stopped."""

    def __init__(self, path: Path, limits: Limits, desk: Desk, *, seconds: float, brief: float, nice: int = 0) -> None:
        self.load = 0
        self._path, self._seconds = path, seconds
        self._given = (path, limits, desk, seconds, brief, nice)
        self._made: asyncio.Task[_Running] | None = None
        self._stopped = False

    async def there(self) -> _Running:
        """The process.

        Raises:
            StoreError: if it cannot open the store.
        """
        if self._stopped:
            raise RequestError(503, "the server is stopping")
        if self._made is None:
            self._made = asyncio.create_task(self._new())
        made = self._made
        try:
            return await asyncio.shield(made)
        except BaseException:
            if made.done() and self._made is made:  # not made, rather than not waited for
                self._made = None
            raise

    async def _new(self) -> _Running:
        running = _Running(*await started(work, *self._given))
        try:
            async with asyncio.timeout(_START):
                await running.line.received()
        except (EOFError, TimeoutError) as error:
            await running.ended()
            raise StoreError(f"{self._path}: no process could open the store") from error
        return running

    async def run(self, frame: bytes) -> Answer:
        """The answer to the job in `frame`. A process that makes what nobody waits for any more is ended.

        Raises:
            RequestError: if there is none in time, or the process died of it.
            UnaskedError: if the process ended before it came to this job.
        """
        running = await self.there()
        reply = running.line.ask(frame)
        stopped = f"the query was stopped after {self._seconds:g} seconds; ask for less"
        try:
            begun = running.line.next() is reply
            while not (await asyncio.wait((reply,), timeout=self._seconds))[0]:
                if begun:  # not of those before it
                    raise RequestError(503, stopped)
                begun = running.line.next() is reply
            return Answer.of(reply.result())
        except (RequestError, asyncio.CancelledError):
            if running.line.next() is reply:
                await asyncio.shield(self._drop(running))
            reply.cancel()
            raise
        except UnaskedError:
            await self._drop(running)
            raise
        except EOFError as error:
            if await self._drop(running) == -signal.SIGPROF:
                raise _OverrunError(503, stopped) from error
            raise RequestError(503, "the query was stopped: it needs more memory or depth than it may have") from error

    async def _drop(self, running: _Running) -> int | None:
        if self._made and self._made.done() and not self._made.exception() and self._made.result() is running:
            self._made = None
        return await running.ended()

    async def stop(self) -> None:
        self._stopped = True
        if self._made:
            with suppress(KgError):
                await self._drop(await self._made)


class _Lane:
    """A few seats, each of which takes `depth` jobs at once, and those who wait for one, in the order in which they came."""

    def __init__(self, seats: Sequence[_Seat], depth: int) -> None:
        self._seats, self._depth = seats, depth
        self._queue: deque[asyncio.Future[_Seat]] = deque()

    async def start(self) -> None:
        """Start the processes at once, rather than each when it is first needed."""
        await asyncio.gather(*(seat.there() for seat in self._seats))

    async def stop(self) -> None:
        for seat in self._seats:
            await seat.stop()

    async def _taken(self) -> _Seat:
        seat = min(self._seats, key=lambda s: s.load)
        if seat.load < self._depth:
            seat.load += 1
            return seat
        turn: asyncio.Future[_Seat] = asyncio.get_running_loop().create_future()
        self._queue.append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._left(turn.result())
            raise

    def _left(self, seat: _Seat) -> None:
        """The place of a job goes to the next who waits, if any."""
        while self._queue:
            turn = self._queue.popleft()
            if not turn.done():
                turn.set_result(seat)
                return
        seat.load -= 1

    async def answer(self, frame: bytes) -> Answer:
        """The answer to the job in `frame`. The place of a query whose client has gone is free at once.

        Raises:
            RequestError: if it was stopped.
        """
        seat = await self._taken()
        try:
            while True:
                with suppress(UnaskedError):
                    return await seat.run(frame)
        finally:
            self._left(seat)


class Pool:
    """Answers jobs in `limits.workers` processes for each of the lanes; questions have one of their own, and so have analyses and graph pages, each made when the first comes."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._limits = limits
        self._quick = self._lane(path, queries, limits.seconds, limits.quick_seconds, depth=_DEPTH)
        self._trial = self._lane(path, queries, limits.seconds, limits.quick_seconds)
        self._slow = self._lane(path, queries, limits.seconds, nice=_NICE)
        self._questions = self._lane(path, questions, limits.question_seconds, nice=_NICE)
        self._studies = self._lane(path, questions, limits.study_seconds, nice=_NICE)
        self._seconds: OrderedDict[int, float] = OrderedDict()
        self._waiting = 0

    def _lane(
        self, path: Path, desk: Desk, seconds: float, brief: float = 0, *, nice: int = 0, depth: int = 1
    ) -> _Lane:
        many = range(self._limits.workers)
        seats = [_Seat(path, self._limits, desk, seconds=seconds, brief=brief or 2 * seconds, nice=nice) for _ in many]
        return _Lane(seats, depth)

    async def start(self) -> None:
        """Start the processes.

        Raises:
            StoreError: if they cannot open the store.
        """
        await asyncio.gather(*(lane.start() for lane in (self._quick, self._trial, self._slow)))

    async def stop(self) -> None:
        """Kill the processes. Who waits for an answer is refused."""
        for lane in (self._quick, self._trial, self._slow, self._questions, self._studies):
            await lane.stop()

    async def answer(self, job: Job | Asked | Linked | Analysed | Drawn) -> Answer:
        """The answer to `job`.

        Raises:
            RequestError: if it was stopped, or too many wait.
        """
        if self._waiting >= self._limits.waiting:
            raise RequestError(503, "too many queries wait; try again in a while")
        self._waiting += 1
        try:
            if isinstance(job, Job):
                return await self._answered(job)
            lane = self._studies if isinstance(job, Analysed | Drawn) else self._questions
            return await lane.answer(job.frame())
        finally:
            self._waiting -= 1

    async def _answered(self, job: Job) -> Answer:
        kind, brief, frame = hash((shape(job.query), job.default is None)), self._limits.quick_seconds, job.frame()
        known = self._seconds.get(kind)
        lane = self._trial if known is None else self._quick if known < brief else self._slow
        try:
            reply = await lane.answer(frame)
        except _OverrunError:
            self._remember(kind, brief)
            reply = await self._slow.answer(frame)
        self._remember(kind, reply.seconds)
        return reply

    def _remember(self, kind: int, seconds: float) -> None:
        self._seconds[kind] = seconds
        self._seconds.move_to_end(kind)
        if len(self._seconds) > _SHAPES:
            self._seconds.popitem(last=False)
