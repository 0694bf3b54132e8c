"""Numbers with units in the language of the reader: 6 亿美元 and $600 million are one figure."""

from __future__ import annotations

_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "JP¥", "CNY": "CN¥", "KRW": "₩", "HKD": "HK$", "TWD": "NT$"}
_MONEY = {
    "USD": "美元",
    "EUR": "欧元",
    "GBP": "英镑",
    "JPY": "日元",
    "CNY": "元",
    "KRW": "韩元",
    "HKD": "港元",
    "TWD": "新台币",
}
_COUNTED = {
    "users": "用户", "parameters": "参数", "chips": "颗", "tokens": "词元", "employees": "人", "people": "人",
    "units": "台", "transistors": "个晶体管", "nanometres": "纳米",
}  # fmt: skip
_MEASURES = {"bytes": "B", "watts": "W"}
_PREFIXES = ((1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
_STEPS = {
    "en": ((1e12, " trillion"), (1e9, " billion"), (1e6, " million")),
    "zh": ((1e12, "万亿"), (1e8, "亿"), (1e4, "万")),
}


def figure(value: float, unit: str | None, lang: str) -> str:
    """A value and its unit (an ISO 4217 code, `percent`, or what is counted) as one writes them in `zh` or `en`."""
    if unit == "percent":
        return f"{_digits(value)}%"
    if unit in _MEASURES:
        size, prefix = next(((size, prefix) for size, prefix in _PREFIXES if abs(value) >= size), (1.0, ""))
        return f"{_digits(value / size)} {prefix}{_MEASURES[unit]}"
    size, step = next(((size, step) for size, step in _STEPS[lang] if abs(value) >= size), (1.0, ""))
    number, counted = _digits(value / size) + step, (unit or "").replace("_", " ")
    if lang == "zh":
        return number + (_MONEY.get(counted) or _COUNTED.get(counted) or (f" {counted}" if counted else ""))
    return f"{_SIGNS[counted]}{number}" if counted in _SIGNS else f"{number} {counted}".rstrip()


def _digits(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".")
