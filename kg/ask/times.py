"""Times that a question names, as ISO 8601: years, quarters, halves, months, and runs of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_ORDER = {
    w: n
    for n, row in enumerate(("first 1st one 一", "second 2nd two 二", "third 3rd three 三", "fourth 4th four 四"), 1)
    for w in row.split()
}
_HAN = {h: n for n, h in enumerate("一二三四五六七八九十", 1)} | {"十一": 11, "十二": 12}
_Y = r"(?P<y>(?:19|20)\d\d)"
_FY = rf"(?:(?:of|in|for|,)?\s*(?:the\s+)?(?:fiscal\s+|calendar\s+)?(?:years?\s*)?(?:FY\s*)?{_Y})"
_M = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?:uary|ruary|ch|il|ust|tember|ober|ember)?\.?"
_TO = r"\s*(?:to|through|thru|until|till|and|[-–—~至到])\s*"
_ZH_M = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_THREE = r"(?:first\s+(?:three|3)\s+quarters|first\s+(?:nine|9)\s+months|(?:nine|9)\s+months|Q1\s*(?:to|through|[-–—~])\s*Q3|quarters?\s+(?:one|1)\s*(?:to|through|-)\s*(?:three|3))"
_QUARTER = r"(?:Q(?P<q>[1-4])|(?P<o>first|second|third|fourth|1st|2nd|3rd|4th)\s+quarter|quarter\s+(?P<o2>one|two|three|four|[1-4]))"


def _number(word: str) -> int:
    return (
        int(word)
        if word.isdigit()
        else _HAN.get(word) or _ORDER.get(word.lower()) or _MONTHS.index(word[:3].lower()) + 1
    )


def _quarter(m: re.Match[str]) -> str:
    told = m.groupdict()
    return f"{m['y']}-Q{_number(next(v for k in ('q', 'o', 'o2') if (v := told.get(k))))}"


def _half(m: re.Match[str]) -> str:
    told = m.groupdict()
    later = (told.get("h") or told.get("h2") or "").lower() in ("second", "h2", "下", "2nd")
    return f"{m['y']}-07/{m['y']}-12" if later else f"{m['y']}-01/{m['y']}-06"


_READERS: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (rf"{_Y}-\d\d(?:-\d\d)?(?!\d)", lambda m: m[0]),
    (rf"{_THREE}\s*{_FY}", lambda m: f"{m['y']}-01/{m['y']}-09"),
    (rf"{_Y}(?:'s)?\s+{_THREE}", lambda m: f"{m['y']}-01/{m['y']}-09"),
    (rf"(?P<a>{_M}){_TO}(?P<b>{_M})\s*{_FY}", lambda m: f"{m['y']}-{_number(m['a']):02}/{m['y']}-{_number(m['b']):02}"),
    (rf"{_QUARTER}\s*{_FY}", _quarter),
    (rf"{_Y}(?:'s)?[\s-]*{_QUARTER}", _quarter),
    (rf"(?:(?:the\s+)?(?P<h>first|second|1st|2nd)\s+half|(?P<h2>H[12]))\s*{_FY}", _half),
    (rf"(?P<a>{_M})\s*,?\s*(?:of\s+)?{_Y}", lambda m: f"{m['y']}-{_number(m['a']):02}"),
    (
        rf"{_Y}\s*年?(?:度|的)?\s*(?:[前头](?:三|3)个?季度?|[前头](?:九|9)个月|[1一第]+[至到\-~—、]第?[3三]季度|Q1[至到\-~—]Q3)",
        lambda m: f"{m['y']}-01/{m['y']}-09",
    ),
    (
        rf"{_Y}\s*年?(?:度|的)?\s*(?P<a>{_ZH_M})月?[至到\-~—](?P<b>{_ZH_M})月",
        lambda m: f"{m['y']}-{_number(m['a']):02}/{m['y']}-{_number(m['b']):02}",
    ),
    (rf"{_Y}\s*年?(?:度|的)?\s*第?(?P<o>[一二三四1-4])个?季度?", _quarter),
    (rf"{_Y}\s*年(?:度|的)?\s*Q(?P<q>[1-4])", _quarter),
    (rf"{_Y}\s*年?(?:度|的)?\s*(?P<h>[上下])半年", _half),
    (rf"{_Y}\s*[年/]\s*(?P<a>{_ZH_M})月?[底末初份]?", lambda m: f"{m['y']}-{_number(m['a']):02}"),
    (rf"(?:(?:the\s+)?(?:fiscal\s+|calendar\s+)?(?:full\s+)?year\s+|FY\s*|fiscal\s+){_Y}", lambda m: m["y"]),
    (rf"{_Y}(?:\s*(?:财年|财政年度|年度|年全年|全年|年[底末]?))?", lambda m: m["y"]),
)
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), reader) for pattern, reader in _READERS)


def times(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and ISO 8601 value of each time that the text names with its year, from the left."""
    at = 0
    while at < len(text):
        found = [
            (m.start(), -m.end(), n) for n, (pattern, _) in enumerate(_PATTERNS) if (m := pattern.search(text, at))
        ]
        if not found:
            return
        start, end, n = min(found)
        match = _PATTERNS[n][0].match(text, start)
        assert match is not None
        if _apart(text, start, -end):
            yield start, -end, _PATTERNS[n][1](match)
        at = -end


def _apart(text: str, start: int, end: int) -> bool:
    """Whether no Latin word or number is cut at either end."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (
        (before.isdigit() or (before.isascii() and before.isalpha() and "年" not in text[start:end]))
        or (after.isascii() and after.isalnum() and text[end - 1].isascii())
    )
