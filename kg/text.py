"""Folding of script, width, case and white space, for matching only: stored text never changes."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0002ffff]")
_IGNORED = re.compile(r"[\s\"'“”‘’「」『』《》〈〉·•・\-‐‑–—_]")


def has_han(text: str) -> bool:
    """Whether any Chinese character stands in `text`."""
    return HAN.search(text) is not None


class _Folding(dict[str, str]):
    """Character -> its folded form: one character, or none where spelling varies. Filled as characters turn up."""

    def __missing__(self, char: str) -> str:
        wide = unicodedata.normalize("NFKC", char).casefold()
        folded = wide if len(wide) == 1 else char.casefold()[:1]
        if HAN.match(folded):
            folded = _converter().convert(folded)[:1] or folded
        if _IGNORED.match(folded) or not folded:
            folded = ""
        self[char] = folded
        return folded


@cache
def _converter():  # type: ignore[no-untyped-def]  # opencc has no types
    import opencc

    return opencc.OpenCC("t2s")


_FOLDING = _Folding()


def fold(name: str) -> str:
    """The form in which two spellings of a name are compared.

    Full width becomes half width, traditional characters simplified, case is folded; white space, quotation marks, hyphens
    and middle dots go: `Ｈ１００`, `h-100` and `H 100` are one, `輝達` and `辉达` too.
    """
    return "".join([_FOLDING[c] for c in name])


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """`fold(text)`, and for each of its characters the offset in `text` that it came from."""
    pairs = [(f, i) for i, c in enumerate(text) if (f := _FOLDING[c])]
    return "".join([f for f, _ in pairs]), [i for _, i in pairs]
