"""Where sentences end, by punctuation alone, in Chinese and English."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.ingest.passages import Passage

_HAN = "\u3400-\u9fff"
_CLOSERS = r"""["'”’」』》）)\]】]*"""
_END = re.compile(
    rf"(?:[。！？；]+|[!?]+(?=[\s{_HAN}\"'”’」』）)\]]|$)|(?P<dot>\.+)(?={_CLOSERS}(?:\s|$|[{_HAN}“])))" + _CLOSERS
)
_LAST_WORD = re.compile(r"(?:[A-Za-z]\.)*[A-Za-z]+$|\d+$")
_NEXT = re.compile(r"[\s\"'“‘(（\[]*([A-Za-z'’]+|.)", re.DOTALL)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Never the last word of a sentence.
_TITLES = _words(
    "mr mrs ms dr prof gen sen rep gov lt col sgt st rev hon messrs vs cf approx fig figs vol sec pp e.g i.e"
)
# Before a figure: "No. 5", "Nov. 21".
_NUMBERED = _words("no nos jan feb mar apr jun jul aug sep sept oct nov dec art ch pt")
# May end a sentence: they do where the next word is one that sentences begin with and names do not.
_SHORTENED = _words(
    "inc corp ltd co cos llc plc bros etc al jr sr est dept univ assn calif mass wash conn ariz fla tex pa va"
)
_OPENERS = _words(
    """the a an it its this that these those in on at as for from with by to he she they we i you but and or so if when
    while after before since although though however moreover meanwhile both all some many most more there here what how
    why who our their his her my according under during over last next also then now once other another each no not
    today separately"""
)


def sentences(passage: Passage) -> Iterator[tuple[int, int]]:
    """The spans of the sentences in `passage.text`, without the blanks between: every other character is in one."""
    return spans(passage.text)


def spans(text: str) -> Iterator[tuple[int, int]]:
    """The spans of the sentences in `text`; closing quotation marks belong to the sentence that they close."""
    start = 0
    for end in [*sentence_ends(text), len(text)]:
        words = text[start:end]
        if words.strip():
            yield start + len(words) - len(words.lstrip()), start + len(words.rstrip())
        start = end


def sentence_ends(text: str) -> Iterator[int]:
    """The offsets after each final punctuation mark and the quotation marks and brackets that close with it."""
    last = 0
    for match in _END.finditer(text):
        if match["dot"] and not _ends_sentence(text, last, match):
            continue
        last = match.end()
        yield last


def _ends_sentence(text: str, last: int, match: re.Match[str]) -> bool:
    """Whether the full stop closes a sentence rather than an abbreviation, an initial or the number of an item."""
    following = _NEXT.match(text, match.end())
    word = following[1] if following else ""
    if not word:
        return True
    if word[0].islower() or word[0] in ",;:—–-":
        return False
    before = _LAST_WORD.search(text, max(last, match.start() - 16), match.start())
    if not before:
        return True
    return _may_end(before[0], word) and not (before[0].isdigit() and not text[last : before.start()].strip(" \n(（"))


def _may_end(before: str, word: str) -> bool:
    lower = before.lower()
    if lower in _TITLES:
        return False
    if lower in _NUMBERED:
        return not word[0].isdigit()
    initials = "." in before or (len(before) == 1 and before.isupper())
    if lower in _SHORTENED or initials:
        return word.lower() in _OPENERS
    return True
