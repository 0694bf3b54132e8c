"""Dates that are said relative to a document's own: 去年9月, 上季度, last month, today become ISO 8601."""

from __future__ import annotations

import re
from datetime import date, timedelta

_ZH = re.compile(
    r"(?P<year>今年|本年度?|去年|上年|明年|前年|后年|20\d\d年)?(?:的)?"
    r"(?:(?P<month>\d{1,2})月(?:份)?(?:(?P<day>\d{1,2})[日号])?|(?P<quarter>[一二三四1-4])季度|(?P<half>上半年|下半年|年底|年末|年初))"
    r"|(?P<only>今年|本年度|去年|上年|明年|前年|后年)|(?P<near>今天|今日|昨天|昨日|明天|明日|前天|后天|上个?月|本月|这个月|下个?月|上个?季度|本季度|下个?季度|上周|本周|下周)"
)
_NUMERAL = {"一": 1, "二": 2, "三": 3, "四": 4}
_YEARS = {"今年": 0, "本年": 0, "本年度": 0, "去年": -1, "上年": -1, "明年": 1, "前年": -2, "后年": 2}
_DAYS = {
    "今天": 0,
    "今日": 0,
    "昨天": -1,
    "昨日": -1,
    "明天": 1,
    "明日": 1,
    "前天": -2,
    "后天": 2,
    "today": 0,
    "yesterday": -1,
    "tomorrow": 1,
}
_EN = re.compile(
    r"\b(?P<which>last|this|next)\s+(?P<unit>year|quarter|month|week|spring|summer|fall|autumn|winter|january|february|march|april|may|june|july|august|september|october|november|december)\b"
    r"|\b(?P<near>today|yesterday|tomorrow)\b|\b(?P<ago>\d{1,2}|a|an|one|two|three)\s+(?P<span>day|week|month|year)s?\s+ago\b"
    r"|\b(?P<late>earlier|later)\s+this\s+(?P<part>year|month)\b",
    re.IGNORECASE,
)
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_SHIFT = {"last": -1, "this": 0, "next": 1}
_COUNT = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3}


def day_of(issued: str | None) -> date | None:
    """The date of a document where it is a full one."""
    try:
        return date.fromisoformat(issued) if issued and len(issued) == 10 else None
    except ValueError:
        return None


def relative(text: str, issued: str | None) -> str | None:
    """The first date in `text` that is told from the day of the document, ISO 8601 (week `2025-W07`, quarter `2025-Q3`); None if
    there is none or the document has no full date.
    """
    today = day_of(issued)
    if today is None:
        return None
    for match in _ZH.finditer(text):
        if found := _chinese(match.groupdict(), today):
            return found
    english = _EN.search(text)
    return _english({k: (v or "").casefold() for k, v in english.groupdict().items()}, today) if english else None


def _chinese(g: dict[str, str | None], today: date) -> str | None:
    if g["only"]:
        return str(today.year + _YEARS[g["only"]])
    if g["near"]:
        return _near(g["near"], today)
    said = g["year"] or ""
    year = int(said[:4]) if said[:2] == "20" else today.year + _YEARS.get(said, 0)
    if not said and not g["month"]:
        return None  # 上半年 alone may be of any year
    if g["month"] and 1 <= int(g["month"]) <= 12:
        day = f"-{int(g['day']):02}" if g["day"] and 1 <= int(g["day"]) <= 31 else ""
        return f"{year}-{int(g['month']):02}{day}"
    if g["quarter"]:
        return f"{year}-Q{_NUMERAL.get(g['quarter']) or g['quarter']}"
    return {
        "上半年": f"{year}-01/{year}-06",
        "下半年": f"{year}-07/{year}-12",
        "年底": f"{year}-12",
        "年末": f"{year}-12",
        "年初": f"{year}-01",
    }.get(g["half"] or "")


def _near(word: str, today: date) -> str:
    if word in _DAYS:
        return (today + timedelta(_DAYS[word])).isoformat()
    shift = {"上": -1, "下": 1}.get(word[0], 0)
    return _unit({"月": "month", "度": "quarter", "周": "week"}[word[-1]], shift, today)


def _english(g: dict[str, str], today: date) -> str | None:
    if g["near"]:
        return (today + timedelta(_DAYS[g["near"]])).isoformat()
    if g["ago"]:
        count = _COUNT.get(g["ago"]) or int(g["ago"])
        if g["span"] in ("day", "week"):
            return (today - timedelta(count * (7 if g["span"] == "week" else 1))).isoformat()
        return _unit(g["span"], -count, today)
    if g["late"]:
        return _unit(g["part"], 0, today)
    shift = _SHIFT[g["which"]]
    if g["unit"] in _MONTHS:
        month = _MONTHS.index(g["unit"]) + 1
        # "last March" in May is this year's; "next March" in May the coming year's.
        year = today.year + (shift if (shift < 0 <= month - today.month) or (shift > 0 >= month - today.month) else 0)
        return f"{year}-{month:02}"
    return _unit(g["unit"], shift, today) if g["unit"] in ("year", "quarter", "month", "week") else None


def _unit(unit: str, shift: int, today: date) -> str:
    if unit == "year":
        return str(today.year + shift)
    if unit == "week":
        year, week, _ = (today + timedelta(7 * shift)).isocalendar()
        return f"{year}-W{week:02}"
    if unit == "quarter":
        count = today.year * 4 + (today.month - 1) // 3 + shift
        return f"{count // 4}-Q{count % 4 + 1}"
    count = today.year * 12 + today.month - 1 + shift
    return f"{count // 12}-{count % 12 + 1:02}"
