"""A query in a process of its own, so that it can be stopped: no engine ends a running join when it is told to."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import resource
import signal
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.errors import KgError, QueryError
from kg.query import answer, disarmed
from kg.serve.forms import GRAPHS, ROWS
from kg.serve.limits import Limits, RequestError
from kg.serve.line import received, send
from kg.serve.source import Source
from kg.store.terms import PREFIXES

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from typing_extensions import Buffer


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A query with the forms its result may have, by media type; None where the client accepts none of that kind."""

    query: str
    rows_as: str | None
    graph_as: str | None
    default: tuple[str, ...] | None = None
    """Graphs that the client gave; None where it gave none."""
    named: tuple[str, ...] | None = None
    base: str | None = None
    """Completes relative IRIs."""

    def frame(self) -> bytes:
        """As it goes to the process that answers it."""
        given = (self.query, self.rows_as, self.graph_as, self.default, self.named, self.base)
        return json.dumps(dict(zip(_FIELDS, given, strict=True))).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The body of a response, or a message with the status of a refusal."""

    status: int
    media_type: str
    body: bytes
    seconds: float = 0
    """Time of the processor that it took."""

    def frame(self, seconds: float) -> tuple[bytes, bytes, bytes]:
        """As it comes from the process that took so many seconds."""
        kind = self.media_type.encode("ascii")
        return _HEAD.pack(self.status, seconds, len(kind)), kind, self.body

    @classmethod
    def of(cls, frame: bytes) -> Answer:
        status, seconds, size = _HEAD.unpack_from(frame)
        start = _HEAD.size + size
        kind = frame[_HEAD.size : start].decode("ascii")
        return cls(status=status, media_type=kind, body=frame[start:], seconds=seconds)


_FIELDS = ("query", "rows_as", "graph_as", "default", "named", "base")
_HEAD = struct.Struct("!HdB")
"""Status, seconds, and bytes of the media type, which stands before the body."""
Desk = Callable[[Source, Limits], Callable[[bytes], Answer]]
"""What a process does: it is given the store, and answers frames."""


_ROW_MARKS = {
    # What stands once for each row, and how many rows there are more than of it. Quotation marks and `<` are escaped in values, so that no value holds it; a line break in a value of CSV counts as one.
    ox.QueryResultsFormat.JSON: (b'}},{"', 1),
    ox.QueryResultsFormat.XML: (b"</result><", 0),
    ox.QueryResultsFormat.CSV: (b"\r\n", -1),
    ox.QueryResultsFormat.TSV: (b"\n", -1),
}


class _Bounded(io.BytesIO):
    """A file in memory that refuses more bytes and rows than the limits allow."""

    def __init__(self, limits: Limits, mark: bytes = b"", rows: int = 0) -> None:
        super().__init__()
        self._limits, self._mark = limits, mark
        self._rows, self._tail = rows, b""

    def write(self, chunk: Buffer) -> int:
        if self._mark:
            seen = self._tail + bytes(chunk)
            self._rows += seen.count(self._mark)
            self._tail = seen[len(seen) - len(self._mark) + 1 :]
        if self._rows > self._limits.rows:
            raise RequestError(422, f"the result has more than {self._limits.rows:,} rows; add LIMIT and OFFSET")
        if self.tell() + memoryview(chunk).nbytes > self._limits.result_bytes:
            raise RequestError(422, f"the result has more than {self._limits.result_bytes:,} bytes; ask for less")
        return super().write(chunk)


def evaluate(source: Source, job: Job, limits: Limits) -> Answer:
    """The answer to a query.

    Raises:
        QueryError, StoreError, RequestError: where there is none.
    """
    with answer(source.view.store, job.query, default=job.default, named=job.named, base=job.base) as result:
        if isinstance(result, ox.QueryTriples):
            return _graph(result, job, limits)
        if job.rows_as is None:
            raise RequestError(406, f"a table of results comes as {', '.join(ROWS)}")
        form = ROWS[job.rows_as]
        out = _Bounded(limits, *_ROW_MARKS[form])
        if form == ox.QueryResultsFormat.CSV and isinstance(result, ox.QuerySolutions):
            _csv(result, out)
        else:
            result.serialize(out, format=form)
        return Answer(status=200, media_type=job.rows_as, body=out.getvalue())


def _csv(result: ox.QuerySolutions, out: _Bounded) -> None:
    """The W3C's form, but that a value which a spreadsheet would run is led by an apostrophe."""
    line = io.StringIO(newline="")
    writer = csv.writer(line, lineterminator="\r\n")
    names = [v.value for v in result.variables]
    for row in chain([names], ([_value(row[n]) for n in names] for row in result)):
        writer.writerow(row)
        out.write(line.getvalue().encode("utf-8"))
        line.seek(0)
        line.truncate()


def _value(term: Any) -> str:
    if term is None or isinstance(term, ox.BlankNode):
        return str(term or "")
    return disarmed(str(getattr(term, "value", term)))


def _graph(triples: Any, job: Job, limits: Limits) -> Answer:
    if job.graph_as is None:
        raise RequestError(406, f"a graph comes as {', '.join(GRAPHS)}")
    found = list(islice(triples, limits.rows + 1))
    if len(found) > limits.rows:
        raise RequestError(422, f"the result has more than {limits.rows:,} triples; add LIMIT and OFFSET")
    out = _Bounded(limits)
    ox.serialize(sorted(set(found), key=str), out, format=GRAPHS[job.graph_as], prefixes=PREFIXES)
    return Answer(status=200, media_type=job.graph_as, body=out.getvalue())


def queries(source: Source, limits: Limits) -> Callable[[bytes], Answer]:
    """Answers queries, of which a frame holds one."""
    return lambda frame: evaluate(source, Job(**json.loads(frame)), limits)


def work(
    connection: socket.socket, path: Path, limits: Limits, desk: Desk, seconds: float, brief: float, nice: int
) -> None:
    """Answer the frames that come through `connection` until it closes, as `desk` does. Runs in its own process, which dies (by SIGPROF) of one
    that takes more than `brief` seconds of the processor.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server ends its workers
    os.nice(nice)
    bound_memory(limits.memory)
    answered = desk(Source(path), limits)
    send(connection)
    while (frame := received(connection)) is not None:
        # Should the server be gone, nobody kills this process; the alarm does.
        signal.setitimer(signal.ITIMER_REAL, seconds + 5)
        signal.setitimer(signal.ITIMER_PROF, brief)
        began = time.process_time()
        reply = _reply(answered, frame)
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        send(connection, *reply.frame(time.process_time() - began))


def _reply(answered: Callable[[bytes], Answer], frame: bytes) -> Answer:
    try:
        return answered(frame)
    except RequestError as refusal:
        status, message = refusal.status, str(refusal)
    except QueryError as error:
        message = str(error)
        status = 403 if " is refused" in message else 400
    except KgError as error:
        status, message = 503, str(error)
    except MemoryError:
        status, message = 503, "the query needs more memory than it may have"
    return Answer(status=status, media_type="text/plain", body=f"{message}\n".encode("utf-8", "replace"))


def bound_memory(size: int) -> None:
    """Let this process allocate no more than `size` bytes; 0 is no bound."""
    if size:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_DATA, (size, size))
