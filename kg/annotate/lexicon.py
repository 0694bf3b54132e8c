"""What a reader knows of words before the first document: how common they are, and whether people or places are called so.

`words/{en,zh}.txt.gz` hold a word a line with its code: a digit, 1 for the most common to 3 (Chinese 4) for the rarest words; in Chinese
a letter for the part of speech (n, v, a, i for idioms, m, t, x; R, S, T, Z for proper nouns of people, places, organisations, others);
then g, f and p where it is a given name, a family name or a place. `make lexicon` writes them.
"""

from __future__ import annotations

import gzip
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ORDINARY = frozenset(("1", "2", "3"))
"""Codes of English words that are neither names of people nor of places."""


@cache
def lexicon(lang: str) -> Mapping[str, str]:
    """Word (English in lower case) -> code."""
    data = gzip.decompress(files("kg.annotate").joinpath("words", f"{lang}.txt.gz").read_bytes()).decode("utf-8")
    pairs = (line.split("\t") for line in data.splitlines())
    return dict(pairs)


def lexical(word: str, lang: str) -> str:
    """The code of a word; empty if nothing is known of it."""
    return lexicon(lang).get(word if lang == "zh" else word.lower(), "")
