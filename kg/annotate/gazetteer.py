"""Known names: every occurrence of a registry name, found in one pass over the folded text (Aho-Corasick)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spacy.language import Language

from kg.annotate.candidates import Candidate, add, register, words
from kg.registry.load import load
from kg.text import fold, fold_with_offsets, has_han

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc

    from kg.registry.load import Registry

_WORD = re.compile(r"[A-Za-z0-9]")
_WRAPPED = re.compile(r"系列(?:模型|大模型)?$|^the |^(?:Dr|Mr|Ms|Prof)\.? |(?:先生|女士|博士|教授)$")
"""Forms that hold more than the name: series, articles, honorifics. They would make mentions too long."""
_QUOTES = str.maketrans("「」『』《》", "“”“”“”")
_STRONG, _WEAK, _WITHIN = 5.0, 0.6, 0.2
_SHORT = 5


class Gazetteer:
    """spaCy component: adds a candidate for each occurrence of a known name, the longest at each place."""

    def __init__(self, registry: Registry) -> None:
        import ahocorasick

        register()
        self.registry = registry
        names: dict[str, list[tuple[str, str, bool]]] = {}
        for entry in registry:
            for weak, some in ((False, entry.names), (True, entry.weak)):
                for name in some:
                    if _WRAPPED.search(name):
                        continue
                    names.setdefault(fold(name), []).append((name, entry.id, weak))
        self._automaton: Any = ahocorasick.Automaton()
        for key in sorted(k for k in names if k):
            self._automaton.add_word(key, (len(key), tuple(names[key])))
        if len(self._automaton):
            self._automaton.make_automaton()

    def __call__(self, doc: Doc) -> Doc:
        add(doc, *self.candidates(doc.text, words(doc).edges))
        return doc

    def candidates(self, text: str, edges: frozenset[int]) -> Iterator[Candidate]:
        """Known names in `text`; `edges` are where its words start or end, which short Chinese names must keep to."""
        if not len(self._automaton):
            return
        folded, offsets = fold_with_offsets(text)
        for last, (length, owners) in self._automaton.iter(folded):
            start, end = offsets[last - length + 1], offsets[last] + 1
            found = text[start:end]
            if not _stands_alone(text, start, end) or "\n" in found or _unbalanced(found):
                continue
            aligned = start in edges and end in edges
            seen: set[tuple[str, bool]] = set()
            for name, entry, weak in owners:
                if (
                    (entry, weak) in seen
                    or not _same_case(name, found)
                    or (has_han(found) and len(found) < 4 and not (aligned or start in edges or end in edges))
                ):
                    continue
                seen.add((entry, weak))
                within = has_han(found) and len(found) < 4 and not aligned
                kind = self.registry[entry].type
                yield Candidate(
                    start=start,
                    end=end,
                    scores=((kind, _WITHIN if within else _WEAK if weak else _STRONG),),
                    found_by="registry-within" if within else "registry",
                    entry=entry,
                    sure=not weak and not within,
                )


def _unbalanced(words: str) -> bool:
    """Whether a quotation opens or closes inside that does not do both: then the name ends at the mark."""
    marks = words.translate(_QUOTES)
    return marks.count("“") != marks.count("”") or marks.count('"') % 2 == 1


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a Latin name is bounded: `Meta` is not found in `Metax`."""
    if _WORD.match(text[start]) and start and _WORD.match(text[start - 1]):
        return False
    return not (_WORD.match(text[end - 1]) and end < len(text) and _WORD.match(text[end]))


@cache
def _capitals(name: str) -> tuple[bool, bool, bool]:
    return (any(c.isupper() for c in name), any(c.isdigit() for c in name), has_han(name))


def _same_case(name: str, words: str) -> bool:
    """Whether `words` may spell `name`: capitals are needed where the name has them, unless a digit or Han character marks it."""
    if name == words:
        return True
    upper, digit, han = _capitals(name)
    if han:
        return True
    if len(fold(name)) <= _SHORT and (digit or (upper and not name.isupper() and not name.istitle())):
        # `Plan B 100` is no B100, `Glove` no GloVe: in short names only hyphens vary.
        return words.replace("-", "") == name.replace("-", "")
    if digit:
        return words[0].isupper() or name[0].islower() or any(c.isupper() for c in words)
    if not upper:
        return words == name or (len(name) > 4 and words[0].isupper())
    if not any(c.isupper() for c in words):
        return False
    # An all-capital name of a few letters is an acronym: only the same capitals are it.
    if name.isupper() and len(name) <= 5:
        return words.isupper()
    return words[0].isupper() == name[0].isupper() or sum(c.isupper() for c in words) > 1


@cache
def gazetteer(files: tuple[str, ...], builtin: bool) -> Gazetteer:
    """One gazetteer for each set of registry files, shared by the pipelines of both languages."""
    return Gazetteer(load(tuple(Path(f) for f in files), builtin=builtin))


@Language.factory("kg_gazetteer", default_config={"files": [], "builtin": True})
def make_gazetteer(nlp: Language, name: str, files: list[str], builtin: bool) -> Gazetteer:  # noqa: ARG001  # spaCy's signature
    """The factory `kg_gazetteer`: the package's registry (if `builtin`) with the user's `files` on top."""
    return gazetteer(tuple(files), builtin)
