"""What a request may cost, and how one is refused that asks for more."""

from __future__ import annotations

from dataclasses import dataclass

from kg.errors import KgError

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one request, and of all together."""

    seconds: float = 10
    """Time for a query; its process is killed then."""
    quick_seconds: float = 0.25
    """Time of the processor for a query in the lanes of the quick and the unknown ones; what needs more goes to that of the slow."""
    rows: int = 100_000
    """Rows or triples of a result."""
    result_bytes: int = 64 * MEGABYTE
    query_bytes: int = MEGABYTE // 4
    memory: int = 2048 * MEGABYTE
    """What the process of a query may allocate, in bytes; 0 for no bound."""
    workers: int = 2
    """Queries that run at once in each of the lanes, each in a process."""
    waiting: int = 200
    """Queries that wait for a process; more are told to come back."""
    question_seconds: float = 30
    """Time for a question or a path, with all that must be collected of the store for it."""
    study_seconds: float = 120
    """Time for an analysis or a graph page, likewise."""
    update_seconds: float = 60
    """Time for an update, with what follows from it."""
    body_seconds: float = 10
    """Time for a client to send its request."""


class RequestError(KgError):
    """A request is not answered; `status` is the HTTP status that says so."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
