"""spaCy's attribute ruler with a memory: nearly all of its patterns look at one word, its tag and its label, and those come again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spacy.matcher import Matcher

if TYPE_CHECKING:
    from spacy.pipeline import AttributeRuler
    from spacy.tokens import Doc

_SEEN = frozenset(("LOWER", "TAG", "DEP", "IS_SPACE"))
"""What a pattern may ask of a word for its answer to be kept."""
_MOST = 100_000
"""Answers that are kept; then memory begins anew."""


class Remembered:
    """The matches of `ruler`: what it finds, sooner. `ruler.match` is replaced by it."""

    def __init__(self, ruler: AttributeRuler) -> None:
        self._alone, self._others = Matcher(ruler.vocab), Matcher(ruler.vocab)
        rules: list[dict[str, Any]] = ruler.patterns
        for number, rule in enumerate(rules):
            for pattern in rule["patterns"]:
                alone = len(pattern) == 1 and _SEEN.issuperset(pattern[0])
                (self._alone if alone else self._others).add(str(number), [pattern])
        self._strings = ruler.vocab.strings
        self._known: dict[tuple[int, ...], tuple[tuple[int, int], ...]] = {}

    def __call__(self, doc: Doc) -> list[tuple[int, int, int, int]]:
        """Number of the rule, id of the match, first and last word, in the order of the rules."""
        if len(self._known) > _MOST:
            self._known.clear()
        found = [(self._number(m), m, a, b) for m, a, b in self._others(doc, allow_missing=True)]
        for at, word in enumerate(map(tuple, doc.to_array(["LOWER", "TAG", "DEP"]).tolist())):
            rules = self._known.get(word)
            if rules is None:
                matches = self._alone(doc[at : at + 1], allow_missing=True)
                rules = self._known[word] = tuple((self._number(m), m) for m, _, _ in matches)
            found += [(number, m, at, at + 1) for number, m in rules]
        found.sort()
        return found

    def _number(self, match: int) -> int:
        return int(self._strings[match])
