"""Web pages: the main text without menus and advertisements."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from itertools import groupby
from typing import TYPE_CHECKING, Any, BinaryIO

from kg.errors import DocumentError
from kg.ingest.content import MAX_MARKUP, Content, whole
from kg.ingest.text import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([\w-]{2,20})""", re.IGNORECASE)
# By declared name; no others, for some codecs of Python take forever on hostile bytes.
_ENCODINGS = {
    **dict.fromkeys(("utf-8", "utf8"), "utf-8"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "x-gbk"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "x-x-big5"), "big5hkscs"),
    **dict.fromkeys(("iso-8859-1", "latin1", "windows-1252", "us-ascii"), "cp1252"),
    **dict.fromkeys(("shift_jis", "x-sjis"), "cp932"),
    **dict.fromkeys(("euc-jp", "euc-kr", "iso-8859-2", "windows-1250", "windows-1251", "koi8-r"), ""),
}


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


_NOT_TEXT = _tags("script style noscript template nav footer aside svg iframe button title")
# `hi`, `ref` and, below, `lb`, `row` and `cell` are trafilatura's own names.
_INLINE = _tags(
    "a abbr b bdi cite code data del em font hi i ins kbd label mark q ref s small span strong sub sup time u var wbr"
)
_ROWS = ("tr", "row")
_CELLS = ("td", "th", "cell")
_BREAKS = {"br", "lb"}
_LONGEST_CELL = 400
_WRAPPED_HAN = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])[ \t]*[\r\n]\s*(?=[\u3000-\u9fff\uff00-\uffef])")
# The publisher's metadata, or nothing: a search through the page would take any date for that of issue.
# Without an upper limit of its own the library compares with the clock.
_DATES = {"extensive_search": False, "original_date": True, "min_date": "1990-01-01", "max_date": "2099-12-31"}


def htmls(file: BinaryIO, path: str) -> Iterator[Content]:
    """The main text: blocks parted by a blank line, table cells by tabs. All the text where no main part is found."""
    data = whole(file, path, MAX_MARKUP)
    from lxml import etree
    from lxml import html as lxml_html
    from trafilatura import bare_extraction

    source = _source(data, path)
    try:
        tree = lxml_html.document_fromstring(source, parser=lxml_html.HTMLParser(encoding="utf-8"))
        found: Any = bare_extraction(source, include_comments=False, with_metadata=True, date_extraction_params=_DATES)
    except (etree.LxmlError, ValueError) as error:
        raise DocumentError(path, "no HTML document in it") from error
    text = _main_text(found, tree)
    if not text:
        raise DocumentError(
            path, "the page holds no text (made by script, or nested too deeply?); save it from the browser as text"
        )
    yield Content(
        text=text,
        title=found.title if found else None,
        date=found.date if found else None,
        sha256=hashlib.sha256(data).hexdigest(),
    )


def _source(data: bytes, path: str) -> bytes:
    """The page as UTF-8. A line end between Chinese characters goes: it would be shown as a blank."""
    return _WRAPPED_HAN.sub("", _decoded(data, path)).encode("utf-8", "replace")


def _decoded(data: bytes, path: str) -> str:
    """The page decoded by its own declaration where that holds, else as any text."""
    declared = _CHARSET.search(data, 0, 4096)
    name = declared[1].decode().lower() if declared else ""
    if name in _ENCODINGS:
        with suppress(UnicodeError):
            return data.decode(_ENCODINGS[name] or name)
    return decode(data, path)


def _main_text(found: Any, tree: Any) -> str:
    if found is None or found.body is None:
        return _layout(_body(tree))
    # On short pages trafilatura gives up the structure: one paragraph, a line for each scrap.
    if len(found.body) == 1 and "\n" in (found.body[0].text or ""):
        return _layout(next(tree.iter("article", "main"), _body(tree)))
    return _layout(found.body) or _layout(_body(tree))


def _body(tree: Any) -> Any:
    return next(tree.iter("body"), tree)


def _layout(root: Any) -> str:
    """The text of the elements: block elements parted by a blank line, rows by a line end, cells by tabs."""
    groups = groupby(_pieces(root), key=lambda piece: piece is None)
    blocks = ("".join(filter(None, pieces)) for ends, pieces in groups if not ends)
    return "\n\n".join(filter(None, map(_tidy, blocks)))


def _tidy(block: str) -> str:
    return "\n".join(filter(None, (line.strip(" ") for line in re.sub(r"[ \xa0]+", " ", block).split("\n"))))


def _pieces(root: Any) -> Iterator[str | None]:
    """Text in its order; None where a block begins or ends."""
    from lxml import etree

    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start":
            if element.tag in _NOT_TEXT and element is not root:
                walk.skip_subtree()
            elif element.tag == "table" and _holds_data(element):
                walk.skip_subtree()
                yield from (None, _table(element))
            else:
                yield "\n" if element.tag in _BREAKS else "" if element.tag in _INLINE else None
                yield _inline(element.text)
        else:
            if event == "end" and element.tag not in _INLINE | _BREAKS:
                yield None
            if element is not root:
                yield _inline(element.tail)


def _inline(text: str | None) -> str:
    """White space of the source means a blank at most."""
    return re.sub(r"[ \t\r\n\f]+", " ", text.replace("\0", "")) if text else ""


def _holds_data(table: Any) -> bool:
    """Whether the table is one, and no frame that lays out a page."""
    return table.find(".//table") is None and all(
        len("".join(c.itertext())) <= _LONGEST_CELL for c in table.iter(*_CELLS)
    )


def _table(table: Any) -> str:
    rows = (
        ["".join(_inline(t) for t in cell.itertext()).strip() for cell in row.iter(*_CELLS)]
        for row in table.iter(*_ROWS)
    )
    return "\n".join("\t".join(row) for row in rows if any(row))
