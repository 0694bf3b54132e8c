"""Chinese or English, told by script: no model, no guess beyond the two languages that the project reads."""

from __future__ import annotations

import re

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0002ffff]+")
_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]+")
_SAMPLE = 20_000


def language(text: str, default: str = "en") -> str:
    """`zh` or `en`: the language of most words of `text`; `default` where it holds no word.

    A Chinese word is about two characters, and a Chinese sentence about models and chips may hold more Latin names than
    words of its own: two characters outweigh three names.
    """
    if text.isascii():
        return "en" if _LATIN_WORD.search(text) else default
    han = sum(map(len, _HAN.findall(text, 0, _SAMPLE)))
    words = len(_LATIN_WORD.findall(text, 0, _SAMPLE))
    if not han and not words:
        return default
    return "zh" if 3 * han >= 2 * words else "en"
