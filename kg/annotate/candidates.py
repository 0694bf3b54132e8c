"""A candidate: words of a passage that may be a name, with the types that speak for it. Kept in `doc._.candidates`."""

from __future__ import annotations

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


def register() -> None:
    """Declare the extension attributes that the components of kg write."""
    from spacy.tokens import Doc

    if not Doc.has_extension("candidates"):
        Doc.set_extension("candidates", default=None)


def add(doc: Doc, *candidates: Candidate) -> None:
    """Append to the candidates of `doc`."""
    if doc._.candidates is None:
        doc._.candidates = []
    doc._.candidates.extend(candidates)
