"""English patterns on the dependency parse: verbs and nouns with their arguments.

Arguments of a verb are `subj` and `obj`, passives turned round, and prepositions. Of a noun they are `self`, what it names (X, the maker
of Y; maker X; X is the maker; as the maker, X), `poss`, whose it is (Y's maker; the Y maker), `gov`, who does what it is the object
of (X announced a purchase), `both`, the same where no `with` follows, `next`, a name after a comma, and prepositions.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from kg.relate.nouns import beside, denoted, owner, possessors
from kg.relate.phrases import named
from kg.relate.polarity import denied, supposed
from kg.relate.rules import Match, Pattern, patterns
from kg.relate.sentences import lookup
from kg.relate.verbs import adjacent, after, doers, objects, shared, subject, words
from kg.vocabulary import PREDICATES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from spacy.tokens import Token

    from kg.relate.sentences import Item, Sentence

_VERBS = frozenset(("VERB", "AUX"))
_BARRED = words(
    "deny decline refuse fail abandon reject cancel scrap terminate dismiss avoid block oppose consider evaluate weigh stop cease unable unlikely"
) | {"turn down", "walk away", "rule out", "call off"}
"""What a governing verb says that did not happen."""
_DIVESTED = words("unit stake business division share arm firm company subsidiary interest asset operation")
_RELATED = words("customer client user partner competitor rival supplier investor stake asset right")
"""Nouns for others than the thing itself: who acquires customers such as X does not acquire X."""


@cache
def _by_word() -> Mapping[str, tuple[Pattern, ...]]:
    table: dict[str, list[Pattern]] = defaultdict(list)
    for pattern in patterns("en"):
        for word in sorted(pattern.verbs):
            table[word].append(pattern)
    return {word: tuple(some) for word, some in table.items()}


def matches(sentence: Sentence) -> Iterator[Match]:
    """Subject and object pairs that patterns with `verbs` find in an English sentence."""
    if sentence.lang != "en" or sentence.asked or len(sentence.mentions) < 2:
        return
    table, at = _by_word(), lookup(sentence)
    position = {item.start: i for i, item in enumerate(sentence.items) if not item.unseen}
    span = sentence.doc.char_span(sentence.start, sentence.end, alignment_mode="expand")
    for token in span or ():
        if token.dep_ != "poss" and (token.idx in at or token.pos_ not in ("VERB", "AUX", "NOUN", "ADJ", "PROPN")):
            continue
        some = table.get("'s" if token.dep_ == "poss" else _lemma(token, at), ())
        if some and not _barred(token):
            for pattern in some:
                yield from _frame(sentence, token, pattern, at, position)


def _lemma(token: Token, at: Mapping[int, Item] | None = None) -> str:
    lemma = token.lemma_.lower()
    if lemma == "sell" and any(c.dep_ in ("dobj", "nsubjpass") and _firm(c, at or {}) for c in token.children):
        return "divest"
    particle = next((c.lower_ for c in token.children if c.dep_ == "prt"), "")
    return f"{lemma} {particle}".strip()


def _firm(token: Token, at: Mapping[int, Item]) -> bool:
    """Whether the thing sold is a firm or a share of one."""
    item = at.get(token.idx)
    kind = item.mention.type if item is not None and item.mention is not None else None
    return kind == "Company" or (item is None and token.lemma_ in _DIVESTED)


def _frame(
    sentence: Sentence, head: Token, pattern: Pattern, at: Mapping[int, Item], position: Mapping[int, int]
) -> Iterator[Match]:
    subjects = _fillers(head, pattern.subject, pattern.subject_types, at)
    objects = _fillers(head, pattern.object, pattern.object_types, at) if subjects else []
    here = position.get(head.idx, 0)
    if not objects or denied(sentence, here, here):
        return
    one_type = PREDICATES[pattern.predicate].one_type
    role = _title(head, at) if pattern.predicate == "holdsPositionAt" and head.pos_ in ("NOUN", "PROPN") else None
    for subj in subjects:
        for obj in objects:
            if subj.mention is None or obj.mention is None or subj.mention.text == obj.mention.text:
                continue
            if one_type and subj.mention.type != obj.mention.type:
                continue
            start, end = min(subj.start, obj.start, head.idx), max(subj.end, obj.end, head.idx + len(head))
            if not supposed(sentence, min(position.get(i, 0) for i in (subj.start, obj.start, head.idx))):
                yield Match(pattern, subj, obj, start, end, role)


def _fillers(head: Token, roles: frozenset[str], kinds: frozenset[str], at: Mapping[int, Item]) -> list[Item]:
    found = [item for role in sorted(roles) for token in _heads(head, role, at) for item in named(token, kinds, at)]
    return list(dict.fromkeys(found))


def _title(noun: Token, at: Mapping[int, Item]) -> str:
    """The noun with the words before it that belong to it, up to a name: `vice president`."""
    first = noun
    while (
        first.i > noun.sent.start
        and first.nbor(-1).idx not in at
        and (first.nbor(-1).dep_ in ("compound", "amod", "nmod") or first.nbor(-1).pos_ == "PROPN")
        and not first.nbor(-1).is_punct
    ):
        first = first.nbor(-1)
    return str(noun.doc[first.i : noun.i + 1].text)


def _barred(token: Token) -> bool:
    """Whether the word, or what governs it, is negated, refused or only supposed."""
    for step in range(4):
        marks = {
            c.lower_ for c in token.children if c.dep_ in ("neg", "mark", "det", "preconj") or c.lower_ == "whether"
        }
        if marks & {"not", "n't", "never", "no", "if", "whether", "unless", "neither", "without"}:
            return True
        if token.i > token.sent.start and any(
            c.lower_ in ("had", "were", "should") and c.i == c.sent.start for c in token.children
        ):
            return True
        if step and _lemma(token) in _BARRED:
            return True
        if any(c.dep_ == "advcl" and any(m.lower_ in ("if", "unless") for m in c.children) for c in token.children):
            return True
        if token.dep_ == "pcomp" and token.head.lower_ == "without":
            return True
        if token.dep_ not in ("xcomp", "ccomp", "acl", "dobj", "pcomp", "pobj", "prep", "attr", "oprd"):
            return False
        if token.dep_ == "acl" and token.tag_ in ("VBN", "VBG"):
            return False
        if token.dep_ == "prep" and token.lower_ not in ("of", "to", "from", "for", "on", "in", "as"):
            return False
        token = token.head
    return False


def _heads(word: Token, role: str, at: Mapping[int, Item]) -> list[Token]:
    """The heads of the argument `role` of `word`."""
    if role in ("subj", "obj"):
        if word.pos_ not in _VERBS:
            return []
        if role == "subj":
            return subject(word) or adjacent(word, at, -1)
        whole = [o for o in objects(word) if o.idx in at or o.lemma_ not in _RELATED]
        return whole or ([] if objects(word) else adjacent(word, at, 1))
    if role in ("self", "poss", "gov", "next", "both"):
        if word.pos_ in _VERBS:
            return []
        if word.dep_ == "poss":
            return {"self": [word.head], "poss": owner(word)}.get(role, [])
        if role in ("gov", "both"):
            other = after(word, "by") if role == "gov" else after(word, "with") + shared(word, "with")
            return [] if other else doers(word)
        near = beside(word, at).get(role, [])
        return near + {"self": denoted, "poss": possessors}[role](word, at) if role != "next" else near
    found = after(word, role)
    if not found and word.pos_ not in _VERBS and role != "by":
        found = shared(word, role)
    return found
