"""Terms, measures and the columns of analyses in the language of a reader."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from kg.analyse.table import text
from kg.view.page import TEMPLATE as PAGE
from kg.vocabulary import PREDICATES, TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.analyse.table import Cell

TEMPLATE = Path(__file__).parent / "template"
_STEP = re.compile(r"(–|←)(\w+)(→|–)")
"""A relation on a way, as `Dependence.through` writes it."""


class Words:
    """The words of `en` or `zh`; `of` holds those of reports."""

    def __init__(self, lang: str) -> None:
        every = json.loads((TEMPLATE / "words.json").read_text("utf-8"))
        self.lang, self._label = lang, f"label_{lang}"
        self.of: Mapping[str, str] = every[lang]
        self._columns: Mapping[str, str] = every["columns"]
        self._metrics = json.loads((PAGE / "words.json").read_text("utf-8"))["metrics"][lang]

    def word(self, predicate: str) -> str:
        return str(getattr(PREDICATES[predicate], self._label)) if predicate in PREDICATES else predicate

    def type_word(self, name: str) -> str:
        word = str(getattr(TYPES.get(name), self._label, name))
        return word[:1].upper() + word[1:]

    def metric(self, name: str) -> str:
        known = self._metrics.get(name)
        if not known and name.endswith("_growth"):  # which the reader makes of any metric
            return self.of["growth"].format(self.metric(name.removesuffix("_growth")))
        return str(known or name.replace("_", " "))

    def column(self, name: str) -> str:
        """The head of a column of an analysis."""
        return self._columns.get(name, name) if self.lang == "zh" else name[:1].upper() + name[1:]

    def cell(self, cell: Cell) -> str:
        """A cell of an analysis that is no entity: numbers to four digits, relations and types in the words of the reader."""
        word = text(cell)
        if word in TYPES:
            return self.type_word(word)
        head, _, kind = word.removesuffix(")").rpartition(" (")
        if kind in TYPES:  # of a community
            return f"{head} ({self.type_word(kind)})"
        word = _STEP.sub(lambda m: f"{m[1]}{self.word(m[2])}{m[3]}", word)
        return self._columns.get(word, word) if self.lang == "zh" else word


def plain(quote: str) -> str:
    """Without line breaks and the marks of bold type, which a page has no use for."""
    return " ".join(quote.replace("**", "").split())
