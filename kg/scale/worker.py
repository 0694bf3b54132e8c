"""Work in a process of its own, with bounds of time and memory: what overruns them is ended, and only its document is lost."""

from __future__ import annotations

import contextlib
import os
import signal
from math import ceil
from typing import TYPE_CHECKING, Any

from kg.errors import KgError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection

    Work = Callable[[Any], Iterable[Any]]

_START = 300
"""Seconds that a process may take to be ready: loading the models takes three on an idle machine."""
_GRACE = 30
"""Seconds after which a process that overran ends by itself."""
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # on Windows the latter ends a process too
_READY, _RESULT, _DONE, _FAILED, _MEMORY = range(5)


class EndedError(KgError):
    """The process was ended before its work was done. The message is the cause, for people; `late` says whether it was the clock."""

    def __init__(self, cause: str, *, late: bool = False) -> None:
        super().__init__(cause)
        self.late = late


class Worker:
    """A process that does one kind of work, job after job.

    `begin` is called in the process and gives what does the work, a function from a job to its results; both travel by pickle.
    `megabytes` bound what the process may allocate (0: no bound). Methods block; any thread may call `end`.

    Raises:
        KgError: if the process does not come to begin.
    """

    def __init__(
        self, begin: Callable[[], Work], *, megabytes: int = 0, environment: dict[str, str] | None = None
    ) -> None:
        # Loky rather than `multiprocessing`: it needs no guarded main module in the user's script, and does not fork threads.
        from loky.backend import get_context

        context = get_context("loky")
        self.megabytes = megabytes
        self.done = 0
        """Jobs that were finished."""
        self._connection: Connection
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, begin, megabytes), env=environment, daemon=True)
        self._process.start()
        theirs.close()
        try:
            self._reply(_START)
        except EndedError as error:
            self.end()
            raise KgError(f"a reading process did not start: it {error}") from error
        except BaseException:
            self.end()
            raise

    def run(self, job: Any, *, seconds: float) -> Iterator[Any]:
        """The results of `job`, each within `seconds`.

        Raises:
            EndedError: if one took longer or the process died. The worker is of no use then; `end` it.
        """
        try:
            self._connection.send((job, ceil(seconds) + _GRACE))
        except OSError as error:
            raise EndedError(self._death()) from error
        while True:
            kind, value = self._reply(seconds)
            if kind == _DONE:
                break
            yield value
        self.done += 1

    def end(self) -> None:
        """Kill the process, whatever it does. The connection closes with its last user, which may be a thread that waits for a result."""
        if self._process.exitcode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, _KILL)
        self._process.join()

    def _reply(self, seconds: float) -> tuple[int, Any]:
        try:
            if not self._connection.poll(seconds):
                raise EndedError(f"took more than {seconds:.0f} seconds", late=True)
            kind, value = self._connection.recv()
        except (EOFError, OSError) as error:
            raise EndedError(self._death()) from error
        if kind == _FAILED:
            raise value
        if kind == _MEMORY:
            raise EndedError(f"needed more than {self.megabytes} MB of memory")
        return kind, value

    def _death(self) -> str:
        self._process.join(5)
        code = self._process.exitcode
        if code == -_KILL:
            return "was ended by the system (SIGKILL), most often for want of memory"
        if code is not None and code < 0:
            return f"crashed ({signal.Signals(-code).name})"
        return f"ended without a word (exit code {code})"


def _serve(connection: Connection, begin: Callable[[], Work], megabytes: int) -> None:
    """Answer jobs until the other side is gone. Runs in the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, which ends its workers
    _bound_memory(megabytes)
    with contextlib.suppress(EOFError, OSError):  # the parent is gone, or wants no more
        try:
            work = begin()
        except KgError as error:
            connection.send((_FAILED, error))
            return
        except Exception as error:  # noqa: BLE001  # told to the user by the parent
            connection.send((_FAILED, KgError(f"a reading process cannot start ({type(error).__name__}: {error})")))
            return
        connection.send((_READY, None))
        while True:
            job, seconds = connection.recv()
            try:
                for result in _timed(work(job), seconds):
                    connection.send((_RESULT, result))
            except MemoryError:
                job = None
                connection.send((_MEMORY, None))
                return  # its heap is full: another process starts afresh
            connection.send((_DONE, None))


def _timed(results: Iterable[Any], seconds: int) -> Iterator[Any]:
    """`results`, unless one takes so long: the kernel ends the process then, for the case that the parent is no longer there to do it."""
    alarm = getattr(signal, "alarm", lambda _: 0)  # there is none on Windows
    each = iter(results)
    while True:
        alarm(seconds)
        try:
            result = next(each)
        except StopIteration:
            return
        finally:
            alarm(0)
        yield result


def _bound_memory(megabytes: int) -> None:
    try:
        import resource
    except ImportError:  # no such bound on Windows
        return
    if megabytes:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_DATA, (megabytes << 20, megabytes << 20))
