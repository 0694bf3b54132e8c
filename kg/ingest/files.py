"""From paths to documents, whatever their format."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from typing import TYPE_CHECKING, BinaryIO, cast

from kg.errors import DocumentError
from kg.ingest import paths as walk
from kg.ingest.content import MAX_CHARACTERS, MAX_TEXT, Content, too_long
from kg.ingest.docx import docxs
from kg.ingest.html import htmls
from kg.ingest.language import language
from kg.ingest.metadata import issued, title
from kg.ingest.paths import STDIN, Ignored
from kg.ingest.pdf import pdfs
from kg.ingest.records import records, rows
from kg.ingest.text import texts
from kg.model import Document, Skipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    Reader = Callable[[BinaryIO, str], Iterator[Content | Skipped]]

__all__ = ["READERS", "STDIN", "Ignored", "documents", "files", "label", "read"]

READERS: dict[str, Reader] = {
    ".txt": texts,
    ".md": texts,
    ".html": htmls,
    ".htm": htmls,
    ".pdf": pdfs,
    ".docx": docxs,
    ".jsonl": records,
    ".parquet": rows,
}
"""Reader by suffix. Each takes an open file and the name to use in errors; `.gz` may follow any suffix."""


def documents(
    paths: Iterable[str | Path], *, progress: Callable[[str], None] | None = None
) -> Iterator[Document | Skipped]:
    """The documents of `paths` in a fixed order, one at a time; what cannot be read comes as `Skipped`, in its place.

    A path is a file, a folder (read to its depth, hidden files left out), a pattern such as `news/**/*.html`, or `-`
    for text on standard input. Nothing is read twice. `progress` is called with the name of each file beforehand.
    """
    for file in files(paths):
        if isinstance(file, Skipped):
            yield file
            continue
        if progress:
            progress(label(file))
        yield from read(file)


def files(paths: Iterable[str | Path]) -> Iterator[Path | Skipped]:
    """The files that `documents` reads, and what cannot be found: to count them before the work begins."""
    return walk.files(paths, READERS)


def read(file: Path, name: str | None = None) -> Iterator[Document | Skipped]:
    """The documents in one file, which goes by `name`: one, or one a record. Its failure is the last thing that comes."""
    path = name or label(file)
    reader = READERS.get(walk.suffix(file), texts)
    try:
        with _opened(file) as stream:
            for content in reader(stream, path):
                yield content if isinstance(content, Skipped) else _document(content, path)
    except DocumentError as error:
        yield Skipped(path=error.path, cause=error.cause)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        yield Skipped(path=path, cause="the gzip data is damaged or cut off; fetch it again")
    except MemoryError:
        yield Skipped(
            path=path, cause="needs more memory than it may have; split the file, or convert it to .txt first"
        )
    except OSError as error:
        yield Skipped(path=path, cause=f"cannot be read: {error.strerror or error}")
    except Exception as error:  # noqa: BLE001  # others' parsers on hostile bytes: whatever fails, the run goes on
        cause = f"cannot be parsed ({type(error).__name__}: {str(error)[:120]}); convert it to .txt first"
        yield Skipped(path=path, cause=cause)


def label(file: Path) -> str:
    """The name of a file in errors, and of its document."""
    return "stdin" if str(file) == STDIN else walk.name(file)


def _opened(file: Path) -> BinaryIO:
    if str(file) == STDIN:
        return io.BytesIO(sys.stdin.buffer.read(MAX_TEXT + 1))
    if file.name.lower().endswith(".gz"):
        return cast("BinaryIO", gzip.open(file, "rb"))
    return file.open("rb")


def _document(content: Content, path: str) -> Document | Skipped:
    identity = path if content.key is None else f"{path}#{content.key}"
    if len(content.text) > MAX_CHARACTERS:
        return Skipped(path=identity, cause=too_long())
    return Document(
        id=identity,
        path=path,
        title=title(content.text, content.title),
        lang=content.lang or language(content.text),
        date=content.date or issued(content.text),
        text=content.text,
        sha256=content.sha256,
    )
