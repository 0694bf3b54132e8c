"""Sorting of more lines than memory holds: an external merge sort."""

from __future__ import annotations

import heapq
import io
import tempfile
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import ExitStack

_SIZE = 1 << 28


class Runs(io.RawIOBase):
    """A file to write lines into, which come out sorted; what is beyond `size` bytes waits on disk in sorted runs, until `stack` closes.

    A `key` orders the lines, or else their bytes do.
    """

    def __init__(self, stack: ExitStack, *, key: Callable[[bytes], Any] | None = None, size: int = _SIZE) -> None:
        self._stack, self._key, self._size = stack, key, size
        self._open = bytearray()
        self._runs: list[IO[bytes]] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._open += data
        if len(self._open) >= self._size:
            end = self._open.rfind(b"\n") + 1
            run = self._stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - `stack` closes it
            run.writelines(self._sorted(bytes(self._open[:end])))
            del self._open[:end]
            self._runs.append(run)
        return len(data)

    def _sorted(self, data: bytes) -> list[bytes]:
        return sorted(data.splitlines(keepends=True), key=self._key)

    def merged(self) -> Iterator[bytes]:
        """All lines, sorted; once."""
        for run in self._runs:
            run.seek(0)
        return heapq.merge(*self._runs, self._sorted(bytes(self._open)), key=self._key)
