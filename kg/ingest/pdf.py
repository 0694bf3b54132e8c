"""PDF files through PDFium: the text layer, page by page."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, BinaryIO

from kg.errors import DocumentError
from kg.ingest.content import MAX_CHARACTERS, Content, too_long, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdfium2 import PdfDocument

_LINE_END_HYPHEN = re.compile("[\ufffe\x02]")
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ue000-\uf8ff\ufffd\uffff]")
_PASSWORD = 4
_UNMAPPED = 0.3
_MOST_PAGES = 20_000


def pdfs(file: BinaryIO, path: str) -> Iterator[Content]:
    """The text layer, lines as printed, pages parted by a blank line. DocumentError where there is none to read."""
    data = whole(file, path)
    document = _opened(data, path)
    try:
        text = "\n\n".join(_pages(document, path))
        title = document.get_metadata_value("Title") or None
    finally:
        document.close()
    yield Content(text=_readable(text, path), title=title, sha256=hashlib.sha256(data).hexdigest())


def _opened(data: bytes, path: str) -> PdfDocument:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise DocumentError(path, "the PDF is encrypted; save a copy without a password") from error
        raise DocumentError(path, "the PDF is damaged or no PDF at all; fetch or export it again") from error


def _pages(document: PdfDocument, path: str) -> Iterator[str]:
    length, count = 0, len(document)
    if count > _MOST_PAGES:
        raise DocumentError(path, f"{count:,} pages, more than {_MOST_PAGES:,}; split the file")
    for number in range(count):
        text = _page(document, number, path)
        length += len(text)
        if length > MAX_CHARACTERS:
            raise DocumentError(path, too_long())
        if text:
            yield _LINE_END_HYPHEN.sub("-", text)


def _page(document: PdfDocument, number: int, path: str) -> str:
    import pypdfium2

    try:
        page = document[number]
        layer = page.get_textpage()
    except pypdfium2.PdfiumError as error:
        cause = f"page {number + 1} of {len(document)} is damaged; fetch the PDF again, or print it to a new one"
        raise DocumentError(path, cause) from error
    text: str = layer.get_text_range().replace("\r\n", "\n").strip()
    layer.close()
    page.close()
    return text


def _readable(text: str, path: str) -> str:
    if not text.strip():
        raise DocumentError(path, "the PDF has no text layer (a scan?); run OCR on it first")
    readable, strange = _UNREADABLE.subn("", text)
    if strange > _UNMAPPED * len(text):
        raise DocumentError(path, "the fonts of the PDF do not say which characters they draw; run OCR on it first")
    return readable
