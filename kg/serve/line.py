"""Processes of the server and the lines to them: frames of bytes, a length before each, over a pair of sockets."""

from __future__ import annotations

import asyncio
import multiprocessing
import socket
import struct
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.process import BaseProcess

_LENGTH = struct.Struct("!Q")


class Line(asyncio.Protocol):
    """The server's end: frames go out at once, each that comes in is waited for."""

    def __init__(self) -> None:
        self._transport: asyncio.WriteTransport | None = None
        self._got = bytearray()
        self._wanted: asyncio.Future[bytes] | None = None
        self._ended = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)  # that of uvloop does not say so

    def data_received(self, data: bytes) -> None:
        self._got += data
        self._hand_over()

    def connection_lost(self, _: Exception | None) -> None:
        self._ended = True
        self._hand_over()

    def _hand_over(self) -> None:
        if self._wanted is None or self._wanted.done():
            return
        if len(self._got) >= _LENGTH.size:
            end = _LENGTH.size + _LENGTH.unpack_from(self._got)[0]
            if len(self._got) >= end:
                self._wanted.set_result(bytes(memoryview(self._got)[_LENGTH.size : end]))
                self._got = self._got[end:]
                return
        if self._ended:
            self._wanted.set_exception(EOFError("the process has ended"))

    def send(self, frame: bytes) -> None:
        """Send a frame; nothing happens if the process has ended, which `received` tells."""
        if self._transport is not None:
            self._transport.write(_LENGTH.pack(len(frame)) + frame)

    async def received(self) -> bytes:
        """The next frame.

        Raises:
            EOFError: if the process has ended.
        """
        self._wanted = asyncio.get_running_loop().create_future()
        self._hand_over()
        return await self._wanted

    def close(self) -> None:
        if self._transport is not None:
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


def _started(target: Callable[..., None], theirs: socket.socket, given: tuple[object, ...]) -> BaseProcess:
    # A server of forks has all modules loaded, so that another process is there in some 20 ms.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["kg.serve.worker"])
    process = context.Process(target=target, args=(theirs, *given), daemon=True)
    process.start()
    return process


def end(process: BaseProcess) -> None:
    """Kill a process, whatever it does. Blocks until it is gone."""
    process.kill()
    process.join()


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
