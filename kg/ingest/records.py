"""JSON Lines: one document a line, with `text` and, where known, `id`, `title`, `date` and `lang`."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any, BinaryIO

from kg.ingest.content import MAX_CHARACTERS, Content, too_long
from kg.model import Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_LINE = 6 * MAX_CHARACTERS
"""Bytes: JSON may spell a character with six."""
_MOST_BAD = 100
_ISO_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_SURROGATE = re.compile("[\ud800-\udfff]")


def records(file: BinaryIO, path: str) -> Iterator[Content | Skipped]:
    """The records one by one, whatever the size of the file. A bad one is skipped, too many bad ones end the file."""
    bad = 0
    number = 0
    for number, line in enumerate(iter(lambda: file.readline(_MAX_LINE + 1), b""), 1):
        if len(line) > _MAX_LINE:
            yield Skipped(
                path=f"{path}#{number}",
                cause=f"line {number} is longer than {_MAX_LINE / 1e6:.0f} MB; the rest is not read",
            )
            return
        if not line.strip():
            continue
        record = _record(line, number, path)
        yield record
        bad += isinstance(record, Skipped)
        if bad == _MOST_BAD:
            yield Skipped(path=path, cause=f"{bad} bad records; the rest is not read: is this JSON Lines?")
            return
    if not number:
        yield Skipped(path=path, cause="the file is empty")


def _record(line: bytes, number: int, path: str) -> Content | Skipped:
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return Skipped(path=f"{path}#{number}", cause=f"line {number} is not JSON in UTF-8")
    text = record.get("text") if isinstance(record, dict) else None
    if not isinstance(text, str) or not text.strip():
        return Skipped(path=f"{path}#{number}", cause=f'line {number} has no "text" with words in it')
    if len(text) > MAX_CHARACTERS:
        return Skipped(path=f"{path}#{number}", cause=f"line {number}: {too_long()}")
    return Content(
        text=_encodable(text),
        key=_key(record, number),
        title=_string(record, "title"),
        date=_date(record),
        lang=_lang(record),
        sha256=hashlib.sha256(line.rstrip(b"\r\n")).hexdigest(),
    )


def _encodable(text: str) -> str:
    """JSON escapes can spell half of a surrogate pair, which no encoding can write."""
    return _SURROGATE.sub("\ufffd", text)


def _string(record: dict[str, Any], name: str) -> str | None:
    value = record.get(name)
    return _encodable(value) if isinstance(value, str) and value.strip() else None


def _key(record: dict[str, Any], number: int) -> str:
    value = record.get("id")
    return str(value) if isinstance(value, int) else _string(record, "id") or str(number)


def _date(record: dict[str, Any]) -> str | None:
    found = _ISO_DATE.match(_string(record, "date") or "")
    return found[0] if found else None


def _lang(record: dict[str, Any]) -> str | None:
    value = (_string(record, "lang") or "").lower()[:2]
    return value if value in {"zh", "en"} else None
