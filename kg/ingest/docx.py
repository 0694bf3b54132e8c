"""Word files (.docx): paragraphs and tables in the order in which they stand."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import TYPE_CHECKING, Any, BinaryIO

from kg.errors import DocumentError
from kg.ingest.content import MAX_BYTES, Content, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Deleted words are no text, and a fallback repeats what stands beside it.
_NOT_TEXT = {
    _W + "del",
    _W + "moveFrom",
    _W + "pPr",
    _W + "rPr",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
_MARKS = {_W + "tab": "\t", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-"}
_OLE = b"\xd0\xcf\x11\xe0"
_MOST_PARTS = 10_000
_MOST_XML = 64 << 20
"""Bytes of the parts that are parsed: their trees take up to fifteen times as much memory."""


def docxs(file: BinaryIO, path: str) -> Iterator[Content]:
    """Paragraphs a line each, parted by a blank line; table rows a line each, their cells parted by tabs."""
    data = whole(file, path)
    _check_archive(data, path)
    import docx

    try:
        document = docx.Document(io.BytesIO(data))
        if document.element.getroottree().docinfo.internalDTD is not None:
            raise DocumentError(path, "it declares XML entities, which Word never does; save it again as .docx")
        text = "\n\n".join(block for block in _blocks(document.element.body) if block.strip())
        title = document.core_properties.title or None
    except (KeyError, ValueError, zipfile.BadZipFile, SyntaxError) as error:  # lxml's errors are SyntaxErrors
        raise DocumentError(path, "no Word document in it, or a damaged one; save it again as .docx") from error
    if not text:
        raise DocumentError(path, "the document holds no text (pictures only?); run OCR on it first")
    yield Content(text=text, title=title, sha256=hashlib.sha256(data).hexdigest())


def _check_archive(data: bytes, path: str) -> None:
    if data.startswith(_OLE):
        raise DocumentError(path, "password-protected, or an old .doc file; save it as .docx without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError) as error:
        raise DocumentError(path, "not a .docx file (no zip archive), or a damaged one; save it again") from error
    if len(members) > _MOST_PARTS:
        raise DocumentError(path, f"{len(members):,} parts, more than {_MOST_PARTS:,}; save it again as .docx")
    xml = sum(m.file_size for m in members if m.filename.lower().endswith((".xml", ".rels")))
    for size, most in ((sum(m.file_size for m in members), MAX_BYTES), (xml, _MOST_XML)):
        if size > most:
            raise DocumentError(path, f"more than {most / 1e6:.0f} MB once unpacked; split the file")


def _blocks(container: Any) -> Iterator[str]:
    """The paragraphs and tables of a body, a cell or a content control."""
    for element in container:
        if element.tag == _W + "p":
            yield "".join(_runs(element)).strip("\n")
        elif element.tag == _W + "tbl":
            yield "\n".join(filter(str.strip, map(_row, element.iter(_W + "tr"))))
        elif element.tag in {_W + "sdt", _W + "sdtContent", _W + "ins", _W + "customXml"}:
            yield from _blocks(element)


def _row(row: Any) -> str:
    cells = [cell for cell in row.iter(_W + "tc") if next(cell.iterancestors(_W + "tr")) is row]
    # A table within a cell comes again as rows of its own: `iter` finds those after this one.
    return "\t".join("\n".join(filter(str.strip, _paragraphs(cell))).replace("\t", " ") for cell in cells)


def _paragraphs(cell: Any) -> Iterator[str]:
    for element in cell:
        if element.tag == _W + "p":
            yield "".join(_runs(element))
        elif element.tag in {_W + "sdt", _W + "sdtContent", _W + "ins", _W + "customXml"}:
            yield from _paragraphs(element)


def _runs(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == _W + "t":
            yield child.text or ""
        elif child.tag in _MARKS:
            yield _MARKS[child.tag]
        elif child.tag not in _NOT_TEXT:
            yield from _runs(child)
