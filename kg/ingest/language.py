"""Chinese or English, told by script: no model, no guess beyond the two languages that the project reads."""

from __future__ import annotations

import re

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0002ffff]+")
_LATIN = re.compile(r"[A-Za-z]")
_COMMON_WORD = re.compile(r"(?<![A-Za-z])[a-z]+(?![A-Za-z])")
_SAMPLE = 20_000


def language(text: str, default: str = "en") -> str:
    """`zh` or `en`: the language of most words of `text`; `default` where it holds none.

    Latin names stand in Chinese sentences as in English ones, so only words in small letters speak for English.
    """
    if text.isascii():
        return "en" if _LATIN.search(text) else default
    han = sum(map(len, _HAN.findall(text, 0, _SAMPLE)))
    if not han:
        return "en" if _LATIN.search(text) else default
    return "zh" if han > len(_COMMON_WORD.findall(text, 0, _SAMPLE)) else "en"
