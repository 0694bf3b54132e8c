"""Other spellings of a passage, its marks moved along: spaces between scripts, traditional characters, full width, other quotation marks, case.

Documents come in all of these (a PDF puts spaces around Latin letters, Taiwan's and Hong Kong's texts are in traditional characters),
and the recogniser must not take the spelling for a sign.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from kg.text import HAN

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

Marks = list[tuple[int, int, str]]
_QUOTES = (("「」", "“”"), ("“”", "「」"), ("“”", '""'), ("“”", "『』"))


def respelled(text: str, marks: Marks, lang: str, dice: random.Random) -> tuple[str, Marks]:
    """`text` in another spelling, or as it is; the marks at their new places."""
    pieces = list(text)  # what each character of `text` became
    for chance, change in _CHANGES[lang]:
        if dice.random() < chance:
            pieces = change(pieces, dice)
    starts, at = [], 0
    for piece in pieces:
        starts.append(at)
        at += len(piece)
    made = "".join(pieces)
    moved = []
    for start, end, kind in marks:
        a, b = starts[start], starts[end - 1] + len(pieces[end - 1])
        words = made[a:b]
        moved.append((a + len(words) - len(words.lstrip()), a + len(words.rstrip()), kind))
    return made, moved


def _spaced(pieces: Sequence[str], _: random.Random) -> list[str]:
    """A space between Chinese characters and Latin letters or digits."""
    made = []
    for here, after in zip(pieces, [*pieces[1:], ""], strict=True):
        edge = (HAN.match(here) and re.match(r"[A-Za-z0-9]", after)) or (
            re.match(r"[A-Za-z0-9%]", here[-1:]) and HAN.match(after)
        )
        made.append(here + " " if edge else here)
    return made


@cache
def _converter():  # type: ignore[no-untyped-def]  # opencc has no types
    import opencc

    return opencc.OpenCC("s2t")


def _traditional(pieces: Sequence[str], _: random.Random) -> list[str]:
    text = "".join(pieces)
    made = _converter().convert(text)
    return list(made) if len(made) == len(text) == len(pieces) else list(pieces)


def _wide(pieces: Sequence[str], dice: random.Random) -> list[str]:
    """Latin letters and digits, or only the marks between clauses, at the other width."""
    if dice.random() < 0.5:
        return [chr(ord(c) + 0xFEE0) if re.fullmatch(r"[A-Za-z0-9]", c) else c for c in pieces]
    narrow = dict(zip("，。：；（）？", ",.:;()?", strict=True))
    return [narrow.get(c, c) for c in pieces]


def _requoted(pieces: Sequence[str], dice: random.Random) -> list[str]:
    before, after = dice.choice(_QUOTES)
    return [after[before.index(c)] if c in before else c for c in pieces]


def _loud(pieces: Sequence[str], _: random.Random) -> list[str]:
    """The first line or sentence in capitals, as headings are."""
    text = "".join(pieces)
    stop = min((at for at in (text.find("\n"), text.find(". ")) if at > 0), default=0)
    return [c.upper() if i < stop and len(c.upper()) == 1 else c for i, c in enumerate(pieces)]


_CHANGES: dict[str, tuple[tuple[float, Callable[[Sequence[str], random.Random], list[str]]], ...]] = {
    "zh": ((0.12, _traditional), (0.2, _requoted), (0.1, _wide), (0.35, _spaced)),
    "en": ((0.06, _loud), (0.1, _requoted)),
}
