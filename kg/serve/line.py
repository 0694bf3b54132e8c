"""Processes of the server and the lines to them: frames of bytes, a length before each, over a pair of sockets."""

from __future__ import annotations

import asyncio
import multiprocessing
import socket
import struct
import threading
from collections import deque
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.process import BaseProcess

_LENGTH = struct.Struct("!Q")


class UnaskedError(Exception):
    """The process ended before it came to this frame."""


class Line(asyncio.Protocol):
    """The server's end. The process answers each frame with one, in their order."""

    def __init__(self) -> None:
        self._transport: asyncio.WriteTransport | None = None
        self._got = bytearray()
        self._wanted: deque[asyncio.Future[bytes]] = deque()
        self._ended = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)  # that of uvloop does not say so

    def data_received(self, data: bytes) -> None:
        self._got += data
        while self._wanted and len(self._got) >= _LENGTH.size:
            end = _LENGTH.size + _LENGTH.unpack_from(self._got)[0]
            if len(self._got) < end:
                return
            frame = bytes(memoryview(self._got)[_LENGTH.size : end])
            self._got = self._got[end:]
            wanted = self._wanted.popleft()
            if not wanted.done():
                wanted.set_result(frame)

    def connection_lost(self, _: Exception | None) -> None:
        self._ended = True
        for number, wanted in enumerate(self._wanted):
            if not wanted.done():
                wanted.set_exception(UnaskedError() if number else EOFError("the process has ended"))
        self._wanted.clear()

    def ask(self, frame: bytes) -> asyncio.Future[bytes]:
        """Send a frame; gives the answer, EOFError if the process ends of it, UnaskedError if it ends before."""
        answer = self.received()
        assert self._transport is not None
        self._transport.write(_LENGTH.pack(len(frame)) + frame)
        return answer

    def received(self) -> asyncio.Future[bytes]:
        """The next frame that the process sends; EOFError if it ends before."""
        wanted: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        if self._ended:
            wanted.set_exception(UnaskedError())
        else:
            self._wanted.append(wanted)
        return wanted

    def next(self) -> asyncio.Future[bytes] | None:
        """The answer that the process makes now."""
        return self._wanted[0] if self._wanted else None

    def close(self) -> None:
        assert self._transport is not None
        self._transport.close()


async def started(target: Callable[..., None], *given: object) -> tuple[BaseProcess, Line]:
    """A process that calls `target` with its end of a line, a blocking socket, and what is given; and the line to it."""
    ours, theirs = socket.socketpair()
    try:
        with theirs:
            process = await asyncio.to_thread(_started, target, theirs, given)
        _, line = await asyncio.get_running_loop().create_unix_connection(Line, sock=ours)
    except BaseException:
        ours.close()
        raise
    return process, line


_TURN = threading.Lock()
"""multiprocessing asks for the end of all its processes whenever it starts one; of two threads that ask one would not learn the exit code."""


def _started(target: Callable[..., None], theirs: socket.socket, given: tuple[object, ...]) -> BaseProcess:
    # A server of forks has all modules loaded, so that another process is there in some 20 ms.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["kg.serve.worker"])
    process = context.Process(target=target, args=(theirs, *given), daemon=True)
    with _TURN:
        process.start()
    return process


def end(process: BaseProcess) -> int | None:
    """Kill a process, whatever it does; gives its exit code. Blocks until it is gone."""
    with _TURN:
        process.kill()
        process.join()
        return process.exitcode


def send(connection: socket.socket, *parts: bytes) -> None:
    """Send a frame made of `parts` from the process."""
    whole = b"".join((_LENGTH.pack(sum(map(len, parts))), *parts))
    connection.sendall(whole)


def received(connection: socket.socket) -> bytes | None:
    """The next frame in the process; None if the server has gone."""
    head = _exactly(connection, _LENGTH.size)
    return None if head is None else _exactly(connection, _LENGTH.unpack(head)[0])


def _exactly(connection: socket.socket, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        try:
            some = connection.recv(size - len(data))
        except OSError:
            return None
        if not some:
            return None
        data += some
    return bytes(data)
