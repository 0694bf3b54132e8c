"""Numbers, units, currencies and periods in both languages: the normal form beside the words as written."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg.text import has_han

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SCALE = {
    "万亿": 1e12,
    "千亿": 1e11,
    "百亿": 1e10,
    "十亿": 1e9,
    "亿": 1e8,
    "億": 1e8,
    "千万": 1e7,
    "百万": 1e6,
    "百萬": 1e6,
    "十万": 1e5,
    "万": 1e4,
    "萬": 1e4,
    "兆": 1e12,
    "千": 1e3,
    "百": 1e2,
    "trillion": 1e12,
    "tn": 1e12,
    "billion": 1e9,
    "bn": 1e9,
    "million": 1e6,
    "mn": 1e6,
    "thousand": 1e3,
    "hundred": 1e2,
    "k": 1e3,
    "m": 1e6,
    "b": 1e9,
    "t": 1e12,
}
_CURRENCY = {
    "人民币": "CNY",
    "元人民币": "CNY",
    "RMB": "CNY",
    "CNY": "CNY",
    "￥": "CNY",
    "¥": "CNY",
    "元": "CNY",
    "yuan": "CNY",
    "美元": "USD",
    "美金": "USD",
    "US$": "USD",
    "USD": "USD",
    "$": "USD",
    "dollars": "USD",
    "dollar": "USD",
    "港元": "HKD",
    "港币": "HKD",
    "HK$": "HKD",
    "HKD": "HKD",
    "欧元": "EUR",
    "歐元": "EUR",
    "€": "EUR",
    "EUR": "EUR",
    "euros": "EUR",
    "euro": "EUR",
    "英镑": "GBP",
    "£": "GBP",
    "GBP": "GBP",
    "pounds": "GBP",
    "日元": "JPY",
    "日圆": "JPY",
    "yen": "JPY",
    "JPY": "JPY",
    "韩元": "KRW",
    "won": "KRW",
    "KRW": "KRW",
    "新台币": "TWD",
    "新臺幣": "TWD",
    "NT$": "TWD",
    "TWD": "TWD",
    "新加坡元": "SGD",
    "S$": "SGD",
    "C$": "CAD",
    "A$": "AUD",
    "INR": "INR",
    "₹": "INR",
    "卢比": "INR",
    "shekels": "ILS",
    "francs": "CHF",
    "CHF": "CHF",
    "NOK": "NOK",
    "SEK": "SEK",
    "DKK": "DKK",
    "新台幣": "TWD",
}
_UNIT = {
    "%": "percent",
    "％": "percent",
    "个百分点": "percentage points",
    "百分点": "percentage points",
    "percent": "percent",
    "per cent": "percent",
    "percentage points": "percentage points",
    "percentage point": "percentage points",
    "basis points": "basis points",
    "人": "people",
    "名": "people",
    "位": "people",
    "people": "people",
    "persons": "people",
    "employees": "employees",
    "staff": "employees",
    "workers": "employees",
    "team members": "people",
    "engineers": "engineers",
    "researchers": "researchers",
    "张": "chips",
    "張": "chips",
    "颗": "chips",
    "顆": "chips",
    "片": "chips",
    "块": "chips",
    "枚": "chips",
    "chips": "chips",
    "GPUs": "chips",
    "gpus": "chips",
    "processors": "chips",
    "accelerators": "chips",
    "TPUs": "chips",
    "cards": "chips",
    "units": "units",
    "台": "units",
    "套": "units",
    "只": "units",
    "件": "units",
    "副": "units",
    "辆": "vehicles",
    "vehicles": "vehicles",
    "cars": "vehicles",
    "robots": "units",
    "servers": "units",
    "家": "companies",
    "companies": "companies",
    "customers": "customers",
    "clients": "customers",
    "客户": "customers",
    "个": "items",
    "款": "items",
    "项": "items",
    "次": "times",
    "人次": "times",
    "单": "orders",
    "rides": "rides",
    "orders": "orders",
    "股": "shares",
    "shares": "shares",
    "用户": "users",
    "users": "users",
    "subscribers": "users",
    "developers": "developers",
    "开发者": "developers",
    "downloads": "downloads",
    "visits": "visits",
    "views": "views",
    "queries": "queries",
    "messages": "messages",
    "games": "games",
    "images": "images",
    "videos": "videos",
    "documents": "documents",
    "hours": "hours",
    "小时": "hours",
    "参数": "parameters",
    "參數": "parameters",
    "parameters": "parameters",
    "parameter": "parameters",
    "params": "parameters",
    "Tokens": "tokens",
    "tokens": "tokens",
    "token": "tokens",
    "Token": "tokens",
    "字": "characters",
    "nm": "nanometres",
    "纳米": "nanometres",
    "奈米": "nanometres",
    "nanometer": "nanometres",
    "nanometre": "nanometres",
    "-nanometer": "nanometres",
    "GB": "bytes",
    "TB": "bytes",
    "PB": "bytes",
    "MB": "bytes",
    "GB/s": "gigabytes per second",
    "TB/s": "terabytes per second",
    "Gbps": "gigabits per second",
    "TOPS": "TOPS",
    "TFLOPS": "TFLOPS",
    "PFLOPS": "PFLOPS",
    "EFLOPS": "EFLOPS",
    "petaflops": "PFLOPS",
    "teraflops": "TFLOPS",
    "exaflops": "EFLOPS",
    "exaFLOPS": "EFLOPS",
    "P": "PFLOPS",
    "W": "watts",
    "瓦": "watts",
    "kW": "watts",
    "MW": "watts",
    "GW": "watts",
    "兆瓦": "watts",
    "吉瓦": "watts",
    "megawatts": "watts",
    "gigawatts": "watts",
    "watts": "watts",
    "kilowatts": "watts",
    "transistors": "transistors",
    "晶体管": "transistors",
    "cores": "cores",
    "核": "cores",
    "核心": "cores",
    "倍": "times",
    "times": "times",
    "x": "times",
    "square feet": "square feet",
    "平方米": "square metres",
    "square meters": "square metres",
    "GHz": "gigahertz",
    "MHz": "megahertz",
    "conversations": "conversations",
    "questions": "questions",
    "tasks": "tasks",
    "problems": "problems",
    "pairs": "pairs",
    "examples": "examples",
    "道": "questions",
    "samples": "samples",
    "languages": "languages",
    "种": "kinds",
    "年": None,
    "月": None,
    "日": None,
    "号": None,
    "天": "days",
    "days": "days",
    "day": "days",
    "years": None,
    "year": None,
    "months": None,
    "weeks": None,
    "minutes": None,
    "点": None,
    "时": None,
    "分": None,
    "岁": None,
    "年间": None,
    "季度": None,
    "届": None,
    "楼": None,
}
_FACTOR = {
    "kW": 1e3,
    "kilowatts": 1e3,
    "MW": 1e6,
    "兆瓦": 1e6,
    "megawatts": 1e6,
    "GW": 1e9,
    "吉瓦": 1e9,
    "gigawatts": 1e9,
    "MB": 1e6,
    "GB": 1e9,
    "TB": 1e12,
    "PB": 1e15,
}
"""What makes plain units of watts and bytes."""
_NUMBER = r"(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?"
_UNITS = "|".join(re.escape(u) for u in sorted(_UNIT, key=lambda u: (-len(u), u)))
_CURRENCIES = "|".join(re.escape(c) for c in sorted(_CURRENCY, key=lambda c: (-len(c), c)))
_ADJECTIVES = "full-time|part-time|permanent|talented|skilled|dedicated|rented|additional|new|more"
_QUANTITY = re.compile(
    rf"(?P<sign>[-−](?=\d))?(?P<before>US\$|HK\$|NT\$|C\$|A\$|S\$|[$€£¥￥₹]|(?<![A-Za-z])(?:RMB|USD|CNY|EUR|GBP|JPY|KRW|HKD|TWD|INR|CHF|NOK|SEK|DKK)|人民币|新台[币幣]|新臺幣)?\s?(?P<number>{_NUMBER})(?:\s?(?:[-–—~～至到]|to)\s?(?P<upper>{_NUMBER}))?"
    rf"\s?(?P<more>多|余|餘|几)?(?P<scale>万亿|千亿|百亿|十亿|亿|億|千万|百万|百萬|十万|万|萬|兆(?!瓦)|千(?![瓦米克])|百(?!分)|(?:[-\s]?(?:trillion|billion|million|thousand|hundred|bn|mn|tn)\b)|[KkMBbTm](?![A-Za-z0-9/]))?\s?(?P<more2>多|余|餘)?(?:个|plus\b|\+)?"
    rf"\s?(?:(?P<currency>{_CURRENCIES})(?![A-Za-z])|(?:(?:{_ADJECTIVES})\s)?(?P<unit>{_UNITS})(?:(?<![A-Za-z])|(?![A-Za-z0-9])))?"
)
_HAN_QUANTITY = re.compile(
    r"(?<![\d一二两三四五六七八九十百千万亿第零几.])(?P<number>[一二两三四五六七八九十][一二两三四五六七八九十百千零]*)(?P<scale>万|亿)?(?:多|余|来)?(?:个(?=人))?"
    r"(?:(?P<currency>美元|港元|欧元|元)|(?P<unit>人|名|用户)|(?P<tenths>成)(?![为立功本员都长熟绩果交分品就]))"
)
_HAN_SCALE = re.compile(
    r"(?<![\d一二三四五六七八九十百千万.])(?P<scale>万亿|千亿|百亿|十亿|亿|千万|百万)(?P<currency>美元|港元|欧元|元)"
)
_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_WORDS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "dozen": 12,
}
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SPELLED = (
    {word: number for word, number in _WORDS.items() if number < 10}
    | {word: 10 + n for n, word in enumerate(_TEENS)}
    | {word: 20 + 10 * n for n, word in enumerate(_TENS)}
)
_COUNTABLE = "|".join(u for u in sorted(_UNIT, key=len, reverse=True) if _UNIT[u] and u.isascii() and len(u) > 3)
_SPELLED_QUANTITY = re.compile(
    rf"\b(?P<tens>an?|{'|'.join(_SPELLED)})(?:[- ](?P<ones>one|two|three|four|five|six|seven|eight|nine))?"
    rf"(?:\s(?P<scale>hundred|thousand|million|billion|trillion))?(?:[\s-](?:(?:{_ADJECTIVES})\s)?"
    rf"(?:(?P<currency>{'|'.join(c for c in _CURRENCY if c.isascii() and c.isalpha() and c.islower())})|(?P<unit>{_COUNTABLE})))?\b",
    re.IGNORECASE,
)
_MILLIONS = re.compile(
    r"-parameter|\s(?:parameters|people|users|customers|players|downloads|subscribers|members|devices|paying|monthly|daily|weekly|active)\b"
)
"""Behind a number, what makes its letter m one of millions and not of metres."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number at `start` to `end`: `value` in plain units (percentages as 8 for 8 %), of a range its lower bound."""

    start: int
    end: int
    words: str
    value: float
    unit: str | None
    upper: float | None = None

    @property
    def currency(self) -> bool:
        """Whether it is money."""
        return self.unit is not None and len(self.unit) == 3 and self.unit.isupper() and self.unit in _CURRENCY.values()


def quantities(text: str) -> Iterator[Quantity]:
    """Numbers of `text` with what they count, dates and version numbers left out."""
    found: list[tuple[Quantity, bool, float]] = []
    for match in _QUANTITY.finditer(text):
        start, end = match.span()
        start += len(match.group()) - len(match.group().lstrip())
        end -= len(match.group()) - len(match.group().rstrip())
        if _part_of_name(text, match.start("number"), match):
            continue
        scale = (match["scale"] or "").strip(" -").lower()
        unit = match["unit"]
        factor = _SCALE.get(scale, 1.0) * _FACTOR.get(unit or "", 1.0)
        if unit in _UNIT and _UNIT[unit] is None:
            continue
        money = _CURRENCY.get(match["before"] or "") or _CURRENCY.get(match["currency"] or "")
        kind = money or (_UNIT[unit] if unit else None)
        if match["scale"] == "m" and money is None and not _MILLIONS.match(text, match.end("scale")):  # metres
            continue
        number, upper = float(re.sub("[,，]", "", match["number"])), match["upper"]
        if kind is None and not scale and match["number"].isdigit() and 1900 <= number <= 2100:
            continue
        high = float(re.sub("[,，]", "", upper)) * factor if upper else None
        bare = not (scale or kind or high or match["before"])
        found.append(
            (Quantity(start, end, text[start:end], _round(number * factor), kind, high), bare, _SCALE.get(scale, 1.0))
        )
    yield from _alike(text, found)
    yield from _spelled(text)
    for match in _HAN_QUANTITY.finditer(text):
        value = _han(match["number"]) * _SCALE.get(match["scale"] or "", 1.0)
        if match["tenths"]:
            if not _SHARE.search(text[: match.start()]) or len(match["number"]) > 1:
                continue
            yield Quantity(match.start(), match.end(), match.group(), _round(value * 10), "percent")
        elif value >= _COUNTED:
            kind = _CURRENCY[match["currency"]] if match["currency"] else _UNIT[match["unit"]]
            yield Quantity(match.start(), match.end(), match.group(), _round(value), kind)
    for match in _HAN_SCALE.finditer(text):
        if re.search(r"[\d一二三四五六七八九十]\s$", text[: match.start()]):
            continue
        yield Quantity(match.start(), match.end(), match.group(), _SCALE[match["scale"]], _CURRENCY[match["currency"]])


_JOINED = re.compile(r"(?:[,，]\s?(?:and|or)?|、|和|及|与|\s(?:and|or))\s?")
_SMALL = 1000
"""Numbers below it share the scale of the next in their list."""


def _alike(text: str, found: Sequence[tuple[Quantity, bool, float]]) -> Iterator[Quantity]:
    """Quantities, where a bare number of a list takes scale and unit from the next: 8, 70 and 405 billion parameters; 3、5和8万台."""
    made: list[Quantity] = []
    follows: tuple[Quantity, float] | None = None
    for quantity, bare, scale in reversed(found):
        if follows and bare and quantity.value < _SMALL and _JOINED.fullmatch(text, quantity.end, follows[0].start):
            scale = follows[1]
            quantity = replace(quantity, value=_round(quantity.value * scale), unit=follows[0].unit)
        made.append(quantity)
        # Money before a number says nothing of the number before it.
        shares = not bare or scale != 1.0 or quantity.unit is not None
        follows = (quantity, scale) if shares and not quantity.currency else None
    yield from reversed(made)


def _spelled(text: str) -> Iterator[Quantity]:
    """English numbers in words, where a scale or a unit says that something is counted."""
    for match in _SPELLED_QUANTITY.finditer(text):
        tens, unit = match["tens"].lower(), match["unit"]
        if not (match["scale"] or ((unit or match["currency"]) and tens not in ("a", "an", "one"))):
            continue
        if match["ones"] and tens not in _TENS:
            continue
        number = _SPELLED.get(tens, 1) + (_WORDS[match["ones"].lower()] if match["ones"] else 0)
        value = number * _SCALE[(match["scale"] or "").lower()] if match["scale"] else float(number)
        kind = _CURRENCY[match["currency"].lower()] if match["currency"] else None
        kind = kind or (_UNIT.get(unit, _UNIT.get(unit.lower())) if unit else None)
        yield Quantity(match.start(), match.end(), match.group(), _round(value), kind)


_SHARE = re.compile(r"(?:占|股|率|率为|持有)$")
"""What a share in tenths follows: 占六成; others mostly are of no one."""
_COUNTED = 10
"""Spelled numbers below it mostly are articles and figures of speech: 一台, 两人."""


def _han(number: str) -> int:
    """The value of a number below ten thousand in Chinese numerals."""
    value, digit = 0, 0
    for sign in number:
        if sign in _PLACES:
            value, digit = value + (digit or 1) * _PLACES[sign], 0
        else:
            digit = _DIGITS[sign]
    return value + digit


def _round(value: float) -> float:
    """Without the dust of binary fractions: 36.8 × 1e8 is 3.68e9."""
    return float(f"{value:.12g}")


def _part_of_name(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether the digits belong to a word (A100, GPT-4, 2.0版) or a date (2023年, 10-30)."""
    before, after = text[max(0, start - 1) : start], text[match.end("number") : match.end("number") + 1]
    if match["before"]:
        return False
    if re.match(r"[A-Za-z_./]", before) or (
        before and before in "-–:" and re.match(r"[A-Za-z0-9]", text[max(0, start - 2) : start - 1])
    ):
        return True
    if re.match(r"[A-Za-z]", after) and not (match["scale"] or match["unit"] or match["currency"]):
        return True
    return (
        bool(re.match(r"\s?[年月日号]|[/:]\d|-\d", text[match.end("number") : match.end("number") + 3]))
        and not match["upper"]
    )


_MONTHS = {
    m: i
    for i, m in enumerate(
        [
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
        ],
        1,
    )
}
_ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "一": 1,
    "二": 2,
    "三": 3,
    "四": 4,
    "1": 1,
    "2": 2,
    "3": 3,
    "4": 4,
}
_ZH_PERIOD = re.compile(
    r"(?P<year>(?:19|20)\d{2})\s?年?\s?(?:度)?(?:(?P<three>前三季度|1-9月|1\s?[至—-]\s?9\s?月)|第?(?P<quarter>[一二三四1-4])季度?|(?P<h1>上半年|半年度|中期|H1)|(?P<h2>下半年|H2)|\s?(?P<from>\d{1,2})\s?[月]?\s?[-至—~]\s?(?P<to>\d{1,2})\s?月|\s?(?P<month>\d{1,2})\s?月(?:\s?(?P<day>\d{1,2})\s?日)?|[Qq](?P<q>[1-4]))?"
    r"|(?P<this>今年|本年|去年|前年|上年|本|上|报告期|同期)?(?:年)?(?:(?P<three2>前三季度)|第?(?P<quarter2>[一二三四])季度|(?P<h12>上半年)|(?P<h22>下半年)|(?P<season>季度末?))"
)
_EN_PERIOD = re.compile(
    r"(?P<ordinal>first|second|third|fourth)[\s-]quarter(?:\s+of)?(?:\s+(?:fiscal(?:\s+year)?\s+)?(?P<y1>20\d\d))?|Q(?P<q>[1-4])\s?(?:of\s)?(?:FY|fiscal\s)?'?(?P<y2>20\d\d|\d\d)?|(?:FY|[Ff]iscal(?:\s[Yy]ear)?\s)(?P<y3>20\d\d)"
    r"|(?P<half>first|second)\s+half\s+of\s+(?P<y4>20\d\d)|(?P<nine>nine\s+months)\s+ended\s+September\s+30,?\s+(?P<y8>20\d\d)|(?P<month>January|February|March|April|May|June|July|August|September|October|November|December)\s+(?:(?P<day>\d{1,2}),?\s+)?(?P<y5>20\d\d)|(?<![\d-])(?P<y6>(?:19|20)\d\d)(?![\d-])",
)


def period(text: str, default_year: str | None = None) -> str | None:
    """The last period named in `text` as ISO 8601, quarters as `2023-Q3`; a period without a year takes `default_year`."""
    last = None
    if not has_han(text):
        for match in _EN_PERIOD.finditer(text):
            last = _en_period(match.groupdict(), default_year) or last
        return last
    year = default_year
    for match in _ZH_PERIOD.finditer(text):
        g = match.groupdict()
        if g["year"]:
            year = g["year"]
        elif g["this"] in ("去年", "上年") and default_year:
            year = str(int(default_year) - 1)
        if year:
            last = _zh_period(g, year) or last
    return last


def _zh_period(g: dict[str, str | None], year: str) -> str | None:
    quarter = g["quarter"] or g["quarter2"] or g["q"]
    if g["three"] or g["three2"]:
        return f"{year}-01/{year}-09"
    if quarter:
        return f"{year}-Q{_ORDINALS[quarter]}"
    if g["h1"] or g["h12"]:
        return f"{year}-01/{year}-06"
    if g["h2"] or g["h22"]:
        return f"{year}-07/{year}-12"
    if g["from"] and g["to"]:
        return f"{year}-{int(g['from']):02}/{year}-{int(g['to']):02}"
    if g["month"]:
        return f"{year}-{int(g['month']):02}" + (f"-{int(g['day']):02}" if g["day"] else "")
    return year if g["year"] else None


def _en_period(g: dict[str, str | None], default_year: str | None) -> str | None:
    year = next((g[k] for k in ("y1", "y2", "y3", "y4", "y5", "y6", "y8") if g[k]), None) or default_year
    if not year:
        return None
    year = f"20{year}" if len(year) == 2 else year
    if g["nine"]:
        return f"{year}-01/{year}-09"
    if g["ordinal"] or g["q"]:
        return f"{year}-Q{_ORDINALS[g['ordinal'] or g['q'] or '1']}"
    if g["half"]:
        return f"{year}-01/{year}-06" if g["half"] == "first" else f"{year}-07/{year}-12"
    if g["month"]:
        return f"{year}-{_MONTHS[g['month'].lower()]:02}" + (f"-{int(g['day']):02}" if g["day"] else "")
    return year
