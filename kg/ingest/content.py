"""What a reader hands over: the text of one document and what its format says about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from kg.errors import DocumentError

MAX_BYTES = 200 << 20
"""Bytes read from one file, after unpacking: more is taken for a decompression bomb."""
MAX_CHARACTERS = 3_000_000
"""Code points of one document: a thousand pages, which the models read within two gigabytes."""
MAX_TEXT = 4 * MAX_CHARACTERS
"""Bytes of a file that is nothing but text, in the widest encoding."""
MAX_MARKUP = 20 << 20
"""Bytes of a web page, whose tree takes sixty times as much memory."""


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


def whole(file: BinaryIO, path: str, most: int | None = None) -> bytes:
    """All bytes of `file`. DocumentError where there are none, or more than `most` (`MAX_BYTES`)."""
    most = MAX_BYTES if most is None else most
    data = file.read(most + 1)
    if not data:
        raise DocumentError(path, "the file is empty")
    if len(data) > most:
        raise DocumentError(path, f"more than {most / 1e6:.0f} MB once unpacked; split the file")
    return data


def too_long() -> str:
    """The cause, where a document has more than `MAX_CHARACTERS`."""
    return f"more than {MAX_CHARACTERS:,} characters; split the file"
