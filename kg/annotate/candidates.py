"""A candidate: words of a passage that may be a name, with the types that speak for it. Kept in `doc._.candidates`."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Characters `start` to `end` of the passage's reading text, with a weight for each type that is possible."""

    start: int
    end: int
    scores: tuple[tuple[str, float], ...]
    found_by: str
    entry: str | None = None
    """The registry entry that has this name."""
    sure: bool = False
    """Whether the words alone prove it: a strong registry name, a legal form."""


@dataclass(frozen=True, slots=True)
class Words:
    """Offsets of the words of a passage: where each starts and ends, in order."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    edges: frozenset[int]

    def of(self, text: str) -> list[str]:
        """The words themselves, of the passage's text."""
        return [text[a:b] for a, b in zip(self.starts, self.ends, strict=True)]

    def within(self, start: int, end: int) -> range:
        """Indices of the words that start at or after `start` and before `end`."""
        return range(bisect_left(self.starts, start), bisect_left(self.starts, end))


def words(doc: Doc) -> Words:
    """The words of `doc`, looked up once: asking spaCy token by token costs more than all the rest."""
    known: Words | None = doc.user_data.get("kg_words")
    if known is None:
        pairs = doc.to_array(["IDX", "LENGTH"]).tolist() if len(doc) else []
        starts = tuple(int(a) for a, _ in pairs)
        ends = tuple(int(a) + int(n) for a, n in pairs)
        known = Words(starts, ends, frozenset((*starts, *ends)))
        doc.user_data["kg_words"] = known
    return known


def register() -> None:
    """Declare the extension attributes that the components of kg write."""
    from spacy.tokens import Doc

    if not Doc.has_extension("candidates"):
        Doc.set_extension("candidates", default=None)


_CROSSING = re.compile(r"(?:\d[A-Za-z]?|[a-z]{4})[.]\s+\S")


def crosses(name: str) -> bool:
    """Whether a sentence ends within: "GSM8K. Nobody", where the tokenizer takes the full stop for a part of the word."""
    return _CROSSING.search(name) is not None


_JOINED = re.compile(r"(?<=..)\s?\d{1,3}\s?(?:nm|纳米|納米)$")
"""A process behind the firm that runs it: 台积电7nm."""


def without_tail(text: str, start: int, end: int) -> int:
    """The end of a name without what stands joined to it and belongs to no name: a process in nanometres, the 大 of 大模型."""
    if node := _JOINED.search(text[start:end]):
        return start + node.start()
    return end - 1 if end - start > 1 and text.startswith("大模型", end - 1) else end


_LONGEST = 200
"""Characters of a name: the longest legal names have half as many."""


def add(doc: Doc, *candidates: Candidate) -> None:
    """Append to the candidates of `doc`. What is too long for a name is none."""
    candidates = tuple(c for c in candidates if c.end - c.start <= _LONGEST)
    if doc._.candidates is None:
        doc._.candidates = []
    doc._.candidates.extend(candidates)
