"""Records: a document each, with `text` and, where known, `id`, `title`, `date` and `lang`. Lines of JSON, or rows of Parquet."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any, BinaryIO

from kg.errors import DocumentError
from kg.ingest.content import MAX_CHARACTERS, Content, too_long
from kg.model import Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_LINE = 6 * MAX_CHARACTERS
"""Bytes: JSON may spell a character with six."""
_MOST_BAD = 100
_COLUMNS = ("text", "id", "title", "date", "lang")
_ROWS = 64
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
    if not isinstance(record, dict):
        record = {}
    return _content(record, path, "line", number, hashlib.sha256(line.rstrip(b"\r\n")).hexdigest())


def rows(file: BinaryIO, path: str) -> Iterator[Content | Skipped]:
    """The rows of a Parquet file one by one, a few columns of it in memory at a time.

    Raises:
        DocumentError: if it has no column `text`, or Arrow is not installed.
    """
    try:
        from pyarrow import parquet
    except ImportError as error:
        raise DocumentError(path, "reading Parquet needs Arrow; install it with pip install 'kg[ray]'") from error
    table = parquet.ParquetFile(file)
    names = [n for n in _COLUMNS if n in table.schema_arrow.names]
    if "text" not in names:
        raise DocumentError(path, 'there is no column "text" in it')
    number = 0
    for batch in table.iter_batches(batch_size=_ROWS, columns=names):
        for row in batch.to_pylist():
            number += 1
            record = {k: v.isoformat() if isinstance(v, date) else v for k, v in row.items()}
            data = json.dumps(record, ensure_ascii=False, sort_keys=True, default=str)
            yield _content(record, path, "row", number, hashlib.sha256(data.encode("utf-8", "replace")).hexdigest())
    if not number:
        raise DocumentError(path, "the file is empty")


def _content(record: dict[str, Any], path: str, kind: str, number: int, sha256: str) -> Content | Skipped:
    text = record.get("text")
    if not isinstance(text, str) or not text.strip():
        return Skipped(path=f"{path}#{number}", cause=f'{kind} {number} has no "text" with words in it')
    if len(text) > MAX_CHARACTERS:
        return Skipped(path=f"{path}#{number}", cause=f"{kind} {number}: {too_long()}")
    return Content(
        text=_encodable(text),
        key=_key(record, number),
        title=_string(record, "title"),
        date=_date(record),
        lang=_lang(record),
        sha256=sha256,
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
