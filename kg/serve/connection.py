"""A client's connection: uvicorn's protocol on httptools, which itself bounds no head, with the bounds and refusals that it lacks."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_HEAD_BYTES = 64 << 10
"""Bytes of the line and headers of a request, its query in the address among them."""


class _Gathered:
    """A transport that sends at once what is written to it in a turn of the loop: the head of a response and its body."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> None:
        if not self._parts:
            asyncio.get_running_loop().call_soon(self._flush)
        self._parts.append(data)

    def _flush(self) -> None:
        if self._parts:
            self._transport.writelines(self._parts)
            self._parts = []

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class Connection(HttpToolsProtocol):
    """Refuses with 400 a head that is too large, names two hosts, or is followed by more headers after the body."""

    _in_head, _unfinished = True, 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(cast("asyncio.Transport", _Gathered(transport)))

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._in_head and not self.transport.is_closing():
            self._unfinished += len(data)
            if self._unfinished > _HEAD_BYTES:
                self.send_400_response("the head of the request is too large")

    def on_message_begin(self) -> None:
        self._in_head, self._unfinished = True, 0
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._in_head:
            raise ValueError("headers after the body")
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_head = False
        size, hosts = len(self.url), 0
        for name, value in self.headers:
            size += len(name) + len(value)
            hosts += name == b"host"
        if size > _HEAD_BYTES or hosts > 1:
            raise ValueError("no such head is taken")  # the parser passes it on, and the answer is 400
        super().on_headers_complete()
