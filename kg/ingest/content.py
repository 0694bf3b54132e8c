"""What a reader hands over: the text of one document and what its format says about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from kg.errors import DocumentError

MAX_BYTES = 200 << 20
"""Bytes read from one file, after unpacking: more is taken for a decompression bomb."""
MAX_CHARACTERS = 64 << 20
"""Code points of one document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A text as read. What the format does not say is None and read off the text later."""

    text: str
    sha256: str
    title: str | None = None
    date: str | None = None
    lang: str | None = None
    key: str | None = None
    """Names one record of a file that holds several."""


def whole(file: BinaryIO, path: str) -> bytes:
    """All bytes of `file`. DocumentError where there are none, or more than `MAX_BYTES`."""
    data = file.read(MAX_BYTES + 1)
    if not data:
        raise DocumentError(path, "the file is empty")
    if len(data) > MAX_BYTES:
        raise DocumentError(path, f"more than {MAX_BYTES >> 20} MB once unpacked; split the file")
    return data
