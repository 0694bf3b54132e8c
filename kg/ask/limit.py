"""A question answered in a process of its own, so that it can be stopped: no engine ends a running join when it is told to."""

from __future__ import annotations

import multiprocessing
import signal
from typing import TYPE_CHECKING

from kg.ask.answer import Answer, ask
from kg.errors import KgError, QueryError
from kg.store.view import View

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from pathlib import Path


def answered(store: Path, question: str, *, as_of: str | None = None, seconds: float) -> Answer:
    """What `ask` gives of the store at this path, as of a date where one is given.

    Raises:
        QueryError: if it takes more than so many seconds.
        KgError: as `ask` does.
    """
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_answer, args=(theirs, store, question, as_of), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(seconds):
            raise QueryError(
                f"the question was stopped after {seconds:g} seconds; ask for less, or give more with --timeout"
            )
        found = ours.recv()
    except EOFError as error:
        process.join()
        killed = process.exitcode is not None and process.exitcode < 0
        raise QueryError(
            "the question was stopped: it needs more memory than there is"
            if killed
            else "the question could not be answered; what stands above tells why"
        ) from error
    finally:
        process.kill()
        process.join()
    if isinstance(found, str):
        raise KgError(found)
    assert isinstance(found, Answer)
    return found


def _answer(connection: Connection, store: Path, question: str, as_of: str | None) -> None:
    """Runs in its own process; a string tells why there is no answer."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C is told by the one who waits
    try:
        view = View(store)
        connection.send(ask(view.as_of(as_of) if as_of else view, question))
    except KgError as error:
        connection.send(str(error))
