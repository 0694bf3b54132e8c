"""Folding of script, width, case and white space, for matching only: stored text never changes."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Protocol

HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0002ffff]")
_SPACE = re.compile(r"\s+")


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@cache
def _to_simplified() -> _Converter:
    import opencc

    converter: _Converter = opencc.OpenCC("t2s")
    return converter


def has_han(text: str) -> bool:
    """Whether any Chinese character stands in `text`."""
    return HAN.search(text) is not None


def simplified(text: str) -> str:
    """`text` in simplified characters; one character stays one character, so offsets hold."""
    if not has_han(text):
        return text
    converted = _to_simplified().convert(text)
    # A phrase rule of OpenCC may change the length; then each character is converted on its own.
    return converted if len(converted) == len(text) else "".join(_to_simplified().convert(c)[:1] or c for c in text)


@cache
def fold(name: str) -> str:
    """The form in which two spellings of a name are compared.

    NFKC (full width to half width), simplified characters, case folded; white space, quotation marks, hyphens and middle
    dots removed: `Ｈ１００`, `h-100` and `H 100` are one, `輝達` and `辉达` too.
    """
    text = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\s\"'“”‘’「」『』《》〈〉·•・\-‐‑–—_]+", "", simplified(text))
