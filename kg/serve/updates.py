"""Updates, where they are allowed: by a token, one after the other, each in a process that can be killed."""

from __future__ import annotations

import asyncio
import hmac
import json
import signal
from typing import TYPE_CHECKING

from kg.errors import KgError, QueryError
from kg.query import update
from kg.serve.limits import Limits, RequestError
from kg.serve.line import end, send, started
from kg.serve.worker import bound_memory

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from starlette.requests import Request

_SHORTEST = 16


class Updates:
    """Changes the store at `path`, whose IRIs begin with `base`, for those who know `token`.

    Raises:
        KgError: if the token is short enough to be guessed, or cannot stand in a header.
    """

    def __init__(self, path: Path, base: str, token: str, limits: Limits) -> None:
        if len(token) < _SHORTEST or not token.isascii() or not token.isprintable() or " " in token:
            raise KgError(
                f"KG_UPDATE_TOKEN: a token has at least {_SHORTEST} visible ASCII characters, such as of `openssl rand -hex 32`"
            )
        self._path, self._base, self._token, self._limits = path, base, token.encode(), limits
        self._turn = asyncio.Lock()

    def check(self, request: Request) -> None:
        """Refuse a request without the token."""
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        # Compared in the same time, however much of it is right.
        right = hmac.compare_digest(given.strip().encode("utf-8", "replace"), self._token)
        if scheme.lower() != "bearer" or not right:
            raise RequestError(
                401, "an update needs the header `Authorization: Bearer` with the token of KG_UPDATE_TOKEN"
            )

    async def run(self, text: str, endpoint: str) -> None:
        """Change the store; relative IRIs are completed by `endpoint`. It comes to its end also if the client hangs up.

        Raises:
            RequestError: if it is malformed, was stopped, or another process writes to the store.
        """
        async with self._turn:
            process, line = await started(_write, self._path, self._base, text, endpoint, self._limits)
            try:
                async with asyncio.timeout(self._limits.update_seconds):
                    status, message = json.loads(await line.received())
            except TimeoutError as error:
                raise RequestError(
                    503, f"the update was stopped after {self._limits.update_seconds:g} seconds"
                ) from error
            except EOFError as error:
                raise RequestError(
                    503, "the update was stopped: it needs more memory or depth than it may have"
                ) from error
            finally:
                line.close()
                await asyncio.to_thread(end, process)
        if status != 204:
            raise RequestError(status, message)


def _write(connection: socket.socket, path: Path, base: str, text: str, endpoint: str, limits: Limits) -> None:
    """Runs in its own process."""
    from kg.store.graph import Writer

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.setitimer(signal.ITIMER_REAL, limits.update_seconds + 5)
    bound_memory(limits.memory)
    reply = 204, ""
    try:
        with Writer(path, base=base) as writer:
            update(writer, text, base=endpoint)
    except QueryError as error:
        reply = (403 if " is refused" in str(error) else 400), str(error)
    except KgError as error:
        reply = 503, str(error)
    except MemoryError:
        reply = 503, "the update needs more memory than it may have"
    send(connection, json.dumps(reply).encode())
