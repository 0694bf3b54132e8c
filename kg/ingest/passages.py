"""The running text of a document: paragraphs, cells and headings, with line breaks within sentences seen through.

Each passage carries, for every character of its text, the offset of that character in the document: what is found in
the text of a passage can always be quoted from the document.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.ingest.forms import pieces_before
from kg.ingest.language import language
from kg.ingest.lines import HEADING_WIDTH, PAGE_NUMBER, Layout, Line, goes_on, is_heading, layout, line
from kg.ingest.markup import BLOCK, DROPPED, blanked
from kg.ingest.sentences import sentence_ends

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.model import Document

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_LINE_END = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SEVERAL_ENDS = re.compile(r"[\f\u2029]|\n[^\n]*\n|\r[^\n\r]*\r")
_CELL = re.compile(r"[^\s\x00](?:[^\t]*[^\s\x00])?")
_ITEM_MARK = re.compile(r"(?:[•●■◆▪◦‣·*–—+-]|[（(]?[\da-z一二三四五六七八九十]{1,3}[.、)）]|[①-⑳])")
_UNEVEN = re.compile(r"[\s\x00]{2,}|[^\S ]|\x00")
_NEEDS_NO_BLANK = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0002ffff“”‘’—…]")
_GLUE_AFTER, _GLUE_BEFORE = frozenset("-/‐‑"), frozenset(".,;:!?%)]")
_LONGEST = 8000
"""Characters of a passage: what a language model takes at once. Longer ones are cut between sentences."""

_NEXT_LINE, _BLANK_LINE, _NEXT_BLOCK = range(3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of text to be read on its own.

    `document.text[offsets[a] : offsets[b - 1] + 1]` is the source of `text[a:b]`. Offsets ascend; a blank that joins
    two lines has the offset of the line end that it stands for.
    """

    start: int
    end: int
    lang: str
    text: str
    offsets: array[int]
    kind: str
    """`prose`, `heading`, `list` or `cell`."""
    header: str = ""
    """Of a cell: the first cell of its row, such as the name of a form field. Empty for that cell itself."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span in the document of `text[start:end]`, which must not be empty."""
        return self.offsets[start], self.offsets[end - 1] + 1


@dataclass(slots=True)
class _Block:
    """Lines that make one passage."""

    lines: list[Line]
    kind: str
    header: str = ""


def passages(document: Document) -> Iterator[Passage]:
    """The passages of `document` in the order in which they begin. Only white space and markup are left out."""
    text = blanked(document.text)
    for block in _blocks(text):
        reading, offsets = _read(text, block.lines)
        for start, end in _cuts(reading):
            words = reading[start:end]
            yield Passage(
                start=offsets[start],
                end=offsets[end - 1] + 1,
                lang=language(words, document.lang),
                text=words,
                offsets=offsets[start:end],
                kind=block.kind,
                header=block.header,
            )


def _blocks(text: str) -> list[_Block]:
    rows = list(_rows(text))
    page = layout([cell for _, cells in rows for cell in cells])
    blocks: list[_Block] = []
    current: _Block | None = None
    after_number = False
    for gap, cells in rows:
        gap = max(gap, _BLANK_LINE) if after_number else gap
        after_number = False
        if current and len(cells) == 1 and gap != _NEXT_BLOCK:
            if gap and PAGE_NUMBER.match(cells[0].words):
                blocks.append(_Block(cells, "heading"))  # and `current` may go on behind it, on the next page
                after_number = True
                continue
            title = gap and current is blocks[0] and current.lines[-1].width <= HEADING_WIDTH
            if not title and goes_on(current.lines[-1], cells[0], page, gap=bool(gap)):
                current.lines.append(cells[0])
                continue
        if len(cells) > 1:
            blocks += _row(cells, _field_name(blocks, cells[0]))
        else:
            blocks.append(_begun(cells[0], current, page, gap))
        current = blocks[-1]
    for block in blocks:
        if block.kind in {"prose", "numbered"} and len(block.lines) == 1 and is_heading(block.lines[0], page):
            block.kind = "heading"
        elif block.kind == "numbered":
            block.kind = "list"
    return blocks


def _row(cells: list[Line], name: list[Line]) -> list[_Block]:
    """A block a cell; `name` are the lines of the first."""
    header = "".join(each.words for each in name)
    return [_Block(name, "cell"), *(_Block([cell], "cell", header) for cell in cells[1:])]


def _field_name(blocks: list[_Block], first: Line) -> list[Line]:
    """The first cell, with the lines above it that the name of the field began in: those are no blocks of their own."""
    above = [block.lines[0].words if len(block.lines) == 1 else "" for block in blocks[-4:]]
    count = pieces_before(above, first.words)
    pieces = [block.lines[0] for block in blocks[len(blocks) - count :]]
    del blocks[len(blocks) - count :]
    return [*pieces, first]


def _begun(first: Line, above: _Block | None, page: Layout, gap: int) -> _Block:
    """The block that a line begins: a further line of the cell above, where it looks like one."""
    if above and above.header and gap == _NEXT_LINE and not first.opens and is_heading(first, page):
        return _Block([first], "cell", above.header)
    return _Block([first], first.kind)


def _rows(text: str) -> Iterator[tuple[int, list[Line]]]:
    """The lines that hold words, as one cell or several; with each, what parts it from the one before."""
    end = 0
    gap = _NEXT_BLOCK
    for match in _LINE.finditer(text):
        gap = max(gap, _gap(text[end : match.start()]))
        cells = list(_cells(text, *match.span()))
        end = match.end()
        if cells:
            yield gap, cells
            gap = _NEXT_LINE
        else:
            gap = max(gap, _BLANK_LINE)


def _gap(between: str) -> int:
    if BLOCK in between:
        return _NEXT_BLOCK
    return _BLANK_LINE if _SEVERAL_ENDS.search(between) else _NEXT_LINE


def _cells(text: str, start: int, end: int) -> Iterator[Line]:
    spans = [match.span() for match in _CELL.finditer(text, start, end)]
    if len(spans) > 1 and _ITEM_MARK.fullmatch(text, *spans[0]):
        spans[:2] = [(spans[0][0], spans[1][1])]
    for first, last in spans:
        found = line(text, first, last, first - start if first == spans[0][0] else 0)
        if found.words:
            yield found


def _read(text: str, lines: list[Line]) -> tuple[str, array[int]]:
    """The lines as one text with even spacing, and the offset of each of its characters."""
    parts: list[str] = []
    offsets = array("I")
    above: Line | None = None
    for each in lines:
        if above and _blank_between(above.words[-1], each.words[0]):
            line_end = _LINE_END.search(text, above.end)
            parts.append(" ")
            offsets.append(line_end.start() if line_end else above.end)
        position = each.start
        for uneven in _UNEVEN.finditer(text, each.start, each.end):
            parts.append(text[position : uneven.start()])
            offsets.extend(range(position, uneven.start()))
            position = uneven.end()
            blanks = uneven[0].lstrip(DROPPED)
            if blanks:
                parts.append(" ")
                offsets.append(position - len(blanks))
        parts.append(text[position : each.end])
        offsets.extend(range(position, each.end))
        above = each
    return "".join(parts), offsets


def _blank_between(left: str, right: str) -> bool:
    if left in _GLUE_AFTER or right in _GLUE_BEFORE:
        return False
    return not _NEEDS_NO_BLANK.match(left) and not _NEEDS_NO_BLANK.match(right)


def _cuts(reading: str) -> Iterator[tuple[int, int]]:
    """The spans that a text is cut into so that none is longer than a model takes: between sentences, else words."""
    start = 0
    if len(reading) > _LONGEST:
        ends = [0, *sentence_ends(reading)]
        at = 0
        while len(reading) - start > _LONGEST:
            while at + 1 < len(ends) and ends[at + 1] - start <= _LONGEST:
                at += 1
            end = ends[at] if ends[at] > start else _last_blank(reading, start)
            yield _trimmed(reading, start, end)
            start = end
    if reading[start:].strip():
        yield _trimmed(reading, start, len(reading))


def _last_blank(reading: str, start: int) -> int:
    blank = reading.rfind(" ", start + 1, start + _LONGEST)
    return blank if blank > 0 else start + _LONGEST


def _trimmed(reading: str, start: int, end: int) -> tuple[int, int]:
    words = reading[start:end]
    return start + len(words) - len(words.lstrip()), start + len(words.rstrip())
