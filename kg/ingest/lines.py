"""Printed lines: what each is, and whether a sentence goes on from one to the next."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.ingest.markup import DROPPED, HEADING

if TYPE_CHECKING:
    from collections.abc import Sequence

_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0002ffff"
_NUMERAL = "一二三四五六七八九十百"
_FINAL = re.compile(r"""[。！？!?.…；;:：][”’」』》）)\]】"'\s\x00]*$""")
_PAUSES = frozenset("，、,（(《“「")
_GOES_ON_HAN = re.compile(rf"[{_HAN}，、“”《》「」（）％%A-Za-z0-9,]")
_GOES_ON_LATIN = re.compile(r"[A-Za-z0-9,’'\")%&/-]")
_SPEAKER = re.compile(
    r"(?:问题?|問題?|答|答复|回复|提问|回答|记者|記者|主持人|投资者|投資者|Question|Answer|[QA])\s{0,2}\d{0,3}\s{0,2}[:：]|[QA]\d{1,2}[.、]\s|【"
)
_ITEM = re.compile(
    rf"第[{_NUMERAL}\d]{{1,4}}[章节節部分条條]|[{_NUMERAL}]{{1,3}}、|[（(](?:[{_NUMERAL}]{{1,3}}|\d{{1,2}})[)）]|[①-⑳]|[a-z][)）]\s"
    rf"|\d{{1,2}}(?:[、)）．]|\.(?=\s|[{_HAN}]))|(?:\d{{1,2}}\.){{1,3}}\d{{1,2}}\s+(?=[A-Z{_HAN}])"
)
_BULLET = re.compile(r"(?:[•●■◆▪◦‣·]|[-*–—+](?=[\s\x00]|$))[\s\x00]*")
PAGE_NUMBER = re.compile(
    r"[-–—\s]*(?:第\s*)?\d{1,4}(?:\s*[/／]\s*\d{1,4})?(?:\s*[页頁])?[-–—\s]*$|Page \d{1,4}(?: of \d{1,4})?$",
    re.IGNORECASE,
)
_SHORTEST_WRAP, _WIDEST_WRAP = 40, 160
_PLAIN = frozenset({"prose", "heading"})
HEADING_WIDTH = 80
"""Columns, at most, of a line that may be a heading."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or a cell of one, without the blanks around it. Offsets point into the document."""

    start: int
    end: int
    words: str
    width: int
    """In columns: a Chinese character has two."""
    indent: int
    kind: str
    """`prose`, `heading`, `list` (with a bullet) or `numbered`."""
    opens: bool
    """Whether a paragraph begins here whatever stood before: an item, a question, a heading."""
    final: bool
    """Whether it ends with the punctuation that ends a sentence."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a document is set: `full` is the width of a full line, `wrapped` says that lines were broken at it."""

    full: int
    wrapped: bool


def line(text: str, start: int, end: int, indent: int = 0) -> Line:
    """The line at these offsets, which begin and end with no blank. The bullet of an item is left out."""
    words = text[start:end]
    kind = "prose"
    if words[0] == HEADING:
        kind = "heading"
        words = words.lstrip(HEADING + DROPPED).lstrip()
    elif bullet := _BULLET.match(words):
        kind = "list"
        words = words[bullet.end() :]
        indent += bullet.end()
    elif _ITEM.match(words):
        kind = "numbered"
    width = len(words) if words.isascii() else (len(words) + len(words.encode("utf-8", "replace"))) // 2
    opens = kind != "prose" or _SPEAKER.match(words) is not None
    return Line(end - len(words), end, words, width, indent, kind, opens, _FINAL.search(words[-8:]) is not None)


def layout(lines: Sequence[Line]) -> Layout:
    """The layout that the widths show: a third of all characters stand in lines of at least the full width.

    Lines that were broken by a page are nearly all of one width, paragraphs that stand in one line each are not.
    """
    total = sum(each.width for each in lines)
    full = reached = 0
    for full, count in sorted(Counter(each.width for each in lines).items(), reverse=True):
        reached += full * count
        if 3 * reached >= total:
            break
    return Layout(full, _SHORTEST_WRAP <= full <= _WIDEST_WRAP and _is_wrapped(lines, full))


def _is_wrapped(lines: Sequence[Line], full: int) -> bool:
    """Whether most long lines are of one width, and break off within sentences."""
    long = [each for each in lines if 2 * each.width >= full]
    chinese = 2 * sum(_is_chinese(each.words[0]) for each in long) >= len(long)
    least, most = (0.88, 1.12) if chinese else (0.8, 1.25)  # Latin lines are ragged
    even = [each for each in long if least * full <= each.width <= most * full]
    unfinished = [each for each in even if not each.final]
    going_on = [each for each in long if chinese or each.words[0].islower()]
    return 2 * len(even) >= len(long) and 2 * len(unfinished) >= len(even) and 4 * len(going_on) >= len(long)


def goes_on(above: Line, below: Line, page: Layout, *, gap: bool) -> bool:
    """Whether the paragraph goes on from one line to the next; `gap` is a blank line between, as where a page ends."""
    indented = below.indent >= above.indent + 2
    small = below.words[0].islower()
    if below.opens or above.kind == "heading" or (indented and above.kind in _PLAIN and not small):
        return False
    if above.kind == "list" and not gap and below.indent >= max(above.indent, 2):
        return True  # it hangs below the first word of the item
    full = _full(above, below, page)
    if above.final:
        return full and page.wrapped and not gap
    if _is_chinese(above.words[-1]) or _is_chinese(below.words[0]):
        return _goes_on_chinese(above, below, full=full, gap=gap)
    if not _GOES_ON_LATIN.match(above.words[-1]):
        return False
    if small:
        return full or (not gap and (indented or above.width >= _SHORTEST_WRAP))
    return full and page.wrapped and not gap


def _goes_on_chinese(above: Line, below: Line, *, full: bool, gap: bool) -> bool:
    if not gap and above.words[-1] in _PAUSES:
        return True
    if gap and not (_is_chinese(below.words[0]) and (below.final or below.width >= _SHORTEST_WRAP)):
        return False
    return full and _GOES_ON_HAN.match(above.words[-1]) is not None


def _full(above: Line, below: Line, page: Layout) -> bool:
    """Whether the line above stops for want of room."""
    if not page.wrapped:  # paragraphs stand in a line each, but a page may cut one: the piece is longer than a heading
        return above.width > HEADING_WIDTH
    return above.width >= 0.8 * page.full or _no_room(above, below, page)


def _no_room(above: Line, below: Line, page: Layout) -> bool:
    """Whether the first word below would have passed the edge above: what breaks a ragged line."""
    word = below.words.split(" ", 1)[0]
    return above.width >= 0.6 * page.full and above.width + len(word) >= page.full


def _is_chinese(char: str) -> bool:
    return char >= "\u2e80"


def is_heading(each: Line, page: Layout) -> bool:
    """Whether a line that stands alone is short and no sentence: a heading, a caption, a field."""
    return not each.final and each.width <= HEADING_WIDTH and (each.width < 0.8 * page.full or not page.wrapped)
