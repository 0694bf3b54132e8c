"""Title and date of issue, read off the text where the file format does not state them."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_TITLE = 120
_HEAD, _TAIL = 1500, 600
_JUNK_TITLE = re.compile(
    r"(?i)^(untitled|microsoft word|powerpoint|document\d*|无标题|新建|.*\.(docx?|pdf|html?|txt|indd|pptx?)$|[\W\d]*$)"
)
_FRONT_MATTER = re.compile(r"(?m)^(?:title|标题)\s*[:：]\s*(\S.*)$")
_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,200}>|\*\*|^\s*(?:#{1,6}|>)\s+|^[\s\-=*_#|]+$", re.MULTILINE)
_WORD = re.compile(r"[^\W\d_]{2}")
_NO_TITLE = re.compile(
    r"(?:证券|股票|債券|债券)(?:代码|简称)|(?:公告)?编号|證券代號|股份代號|stock code|日期|时间|時間|date\b"
    r"|published|来源|來源|by\s|\d{4}\s*[-年/]",
    re.IGNORECASE,
)

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
_MONTH = r"(?P<{}>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_DIGITS = {
    "〇": "0",
    "零": "0",
    "○": "0",
    "一": "1",
    "二": "2",
    "三": "3",
    "四": "4",
    "五": "5",
    "六": "6",
    "七": "7",
    "八": "8",
    "九": "9",
}
_DATE = (
    r"(?:(?P<y1>(?:19|20)\d\d)\s*年\s*(?P<m1>\d{1,2})\s*月(?:\s*(?P<d1>\d{1,2})\s*[日号號])?"
    r"|(?P<y2>(?:19|20)\d\d)\s?(?P<sep>[-/.])\s?(?P<m2>\d{1,2})\s?(?P=sep)\s?(?P<d2>\d{1,2})(?!\d)"
    r"|" + _MONTH.format("m3") + r"\s+(?P<d3>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y3>(?:19|20)\d\d)"
    r"|(?P<d4>\d{1,2})(?:st|nd|rd|th)?\s+" + _MONTH.format("m4") + r",?\s+(?P<y4>(?:19|20)\d\d)"
    r"|(?P<y5>[二一][〇零○一二三四五六七八九]{3})年(?P<m5>[一二三四五六七八九十]{1,2})月(?P<d5>[一二三四五六七八九十]{1,3})[日号號])"
)
_LABEL = (
    r"(?:(?:发布|發布|發佈|公告|披露|刊发|签署|報告|报告|编制|日期|出版|更新)(?:\s*+(?:日期|时间|時間|日))?|日期"
    r"|date(?: of (?:issue|publication))?|published(?: on)?|posted(?: on)?|released?(?: date)?|updated|issued(?: on)?)"
)
_SHORT_LINE = r"(?=[^\n]{8,90}$)(?![^\n]*[。！？!?]\s*$)"
_AGENCY = r"(?:\(?[A-Z ]{4,30}\)?\s*[—–-]+\s*)?"
_WIRE = r"\s*(?:/[^/\n]{3,30}/|\([A-Z ]{4,30}\)|\))?"
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?"
# Blanks are never given back: a hundred of them in a row would be parted in all ways.
# Best first: a stated date of issue, a dateline, a line that is nothing but a date, a byline, the time of a meeting.
_PLACES = tuple(
    re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for pattern in (
        rf"^[\s|*>-]*+{_LABEL}[*\s|:：]++{_DATE}",
        rf"^[^\n。;:]{{2,60}}?(?:[—–-]+|\(|,)\s*{_AGENCY}{_DATE}{_WIRE}\s*[—–-]",
        rf"^[\s(（【\[*_]*{_WEEKDAY}{_DATE}[\s)）】\]*_]*(?:星期.|周.)?\s*$",
        rf"^[^\n。，,]{{2,40}}(?:公司|董事会|董事會|委员会|办公室)\s+{_DATE}\s*$",
        rf"^{_SHORT_LINE}[*_\s]*by\s[^\n]{{2,50}}?[\s,|·•—–-]+{_DATE}",
        rf"^{_SHORT_LINE}[^\n]{{0,40}}?(?:[|·•｜]|来源|來源|作者|记者|記者)[^\n]{{0,30}}?{_DATE}",
        rf"^\s*{_WEEKDAY}{_DATE}(?=[^\n]{{0,60}}$)(?=[\s,]*(?:\d\d?:\d\d|[|·•｜]|来源|來源|作者|星期|周|[(（]))",
        rf"^[\s|]*+(?:(?:会议|會議|调研|活动|接待|举办|採訪|采访)\s*+)?(?:时间|時間|time)[\s|:：]++{_DATE}",
    )
)


def title(text: str, stated: str | None = None) -> str:
    """What the format states, where that is a title at all, else the first line that could be one."""
    if stated and not _JUNK_TITLE.match(stated.strip()) and len(stated.strip()) >= 4:
        return _one_line(stated)
    head = text[:4000]
    if head.startswith("---") and (front := _FRONT_MATTER.search(head)):
        return _one_line(front[1].strip("\"'"))
    lines = [_one_line(_MARKUP.sub("", line)) for line in head.splitlines()]
    lines = [line for line in lines if _WORD.search(line)]
    named = (line for line in lines if 4 <= len(line) <= _LONGEST_TITLE and not _NO_TITLE.match(line))
    return next(named, lines[0][:_LONGEST_TITLE] if lines else "")


def _one_line(text: str) -> str:
    return " ".join(text.split())[: 2 * _LONGEST_TITLE]


def issued(text: str) -> str | None:
    """The ISO 8601 date (or month) on which the text says that it was issued; None where it says none.

    A date within a sentence is not the document's own. Only the head and the foot of the text are looked at.
    """
    head, tail = text[:_HEAD], text[max(_HEAD, len(text) - _TAIL) :]
    parts = [_evened(head), _evened(tail)]
    for place in _PLACES:
        for part in parts:
            found = next(_dates(place, part), None)
            if found:
                return found
    return None


def _evened(text: str) -> str:
    """Half width, and no two blanks or line ends in a row: on those the patterns would take time without end."""
    return re.sub(r" ?\n[\n ]*", "\n", re.sub(r"[^\S\n]+", " ", unicodedata.normalize("NFKC", text)))


def _dates(place: re.Pattern[str], text: str) -> Iterator[str]:
    for match in place.finditer(text):
        if iso := _iso(match):
            yield iso


def _iso(match: re.Match[str]) -> str | None:
    parts = match.groupdict()
    year, month, day = (next((v for n in "12345" if (v := parts.get(kind + n))), None) for kind in "ymd")
    if not year or not month:
        return None
    if parts["y5"]:
        year = "".join(_DIGITS[c] for c in year)
    numbers = [int(year), _MONTHS.get(month.lower()) or _number(month), _number(day) if day else 1]
    try:
        date = dt.date(*numbers)
    except ValueError:
        return None
    return date.isoformat() if day else f"{date:%Y-%m}"


def _number(words: str) -> int:
    """`7`, `七`, `十一`, `二十`, `三十一` as a number."""
    if words.isdigit():
        return int(words)
    tens, ten, ones = words.rpartition("十")
    unit = int(_DIGITS.get(ones, "0"))
    return unit + (int(_DIGITS.get(tens, "1")) * 10 if ten else 0)
