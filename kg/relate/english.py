"""English patterns on the dependency parse: verbs and their arguments, passives turned round, coordination spread out."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from kg.relate.polarity import denied, supposed
from kg.relate.rules import Match, Pattern, patterns
from kg.relate.sentences import lookup

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from spacy.tokens import Token

    from kg.relate.sentences import Item, Sentence

_SUBJECT_DEPS = frozenset(("nsubj", "csubj"))
_INHERITS = frozenset(("xcomp", "conj", "advcl"))
_INSIDE = frozenset(("compound", "nmod", "poss", "appos", "amod", "npadvmod", "nummod"))
_NAMED = frozenset(("call", "name", "dub", "know"))
_HOLDERS = frozenset("one member leader maker developer provider family series line version set range lot variety portfolio number host team group".split())


@cache
def _by_verb() -> Mapping[str, tuple[Pattern, ...]]:
    table: dict[str, list[Pattern]] = defaultdict(list)
    for pattern in patterns("en"):
        for verb in sorted(pattern.verbs):
            table[verb].append(pattern)
    return {verb: tuple(some) for verb, some in table.items()}


def matches(sentence: Sentence) -> Iterator[Match]:
    """Subject and object pairs that verb patterns find in an English sentence."""
    if sentence.lang != "en" or sentence.asked or len(sentence.mentions) < 2:
        return
    table, at = _by_verb(), lookup(sentence)
    position = {item.start: i for i, item in enumerate(sentence.items) if not item.unseen}
    span = sentence.doc.char_span(sentence.start, sentence.end, alignment_mode="expand")
    for token in span or ():
        if token.pos_ not in ("VERB", "AUX", "NOUN", "ADJ"):
            continue
        for pattern in table.get(_lemma(token), ()):
            yield from _frame(sentence, token, pattern, at, position)


def _lemma(token: Token) -> str:
    particle = next((c.lower_ for c in token.children if c.dep_ == "prt"), "")
    return f"{token.lemma_.lower()} {particle}".strip()


def _frame(sentence: Sentence, verb: Token, pattern: Pattern, at: Mapping[int, Item], position: Mapping[int, int]) -> Iterator[Match]:
    subjects = [i for role in sorted(pattern.subject) for i in _argument(verb, role, pattern.subject_types, at)]
    if not subjects:
        return
    objects = [i for role in sorted(pattern.object) for i in _argument(verb, role, pattern.object_types, at)]
    for subject in dict.fromkeys(subjects):
        for obj in dict.fromkeys(objects):
            if subject == obj or subject.mention is None or obj.mention is None or subject.mention.text == obj.mention.text:
                continue
            start, end = min(subject.start, obj.start, verb.idx), max(subject.end, obj.end, verb.idx + len(verb))
            spots = sorted(position.get(x, 0) for x in (subject.start, obj.start, verb.idx))
            if not _negated(verb) and not denied(sentence, spots[1], spots[1]) and not supposed(sentence, spots[0]):
                yield Match(pattern, subject, obj, start, end)


def _negated(verb: Token) -> bool:
    chain = [verb, *([verb.head] if verb.dep_ in ("xcomp", "ccomp") else [])]
    return any(c.dep_ == "neg" or c.lower_ in ("never", "no") for v in chain for c in v.children) or any(v.lemma_.lower() in ("deny", "decline", "refuse", "fail") for v in chain[1:])


def _argument(verb: Token, role: str, kinds: frozenset[str], at: Mapping[int, Item]) -> list[Item]:
    found: list[Item] = []
    for head in _heads(verb, role):
        found += _named(head, kinds, at)
    return found


def _heads(verb: Token, role: str) -> Iterator[Token]:
    """The heads of the argument `role` of `verb`: `subj`, `obj` or a preposition; also those that it shares with its governor."""
    passive = any(c.dep_ in ("nsubjpass", "auxpass") for c in verb.children) or (verb.dep_ == "acl" and verb.tag_ == "VBN")
    if role == "subj":
        if passive:
            yield from (o for c in verb.children if c.dep_ == "agent" for o in c.children if o.dep_ == "pobj")
            return
        own = [c for c in verb.children if c.dep_ in _SUBJECT_DEPS]
        if own and own[0].lower_ not in ("which", "that", "who"):
            yield from own
        elif verb.dep_ in ("relcl", "acl"):
            yield verb.head
        elif verb.dep_ in _INHERITS and verb.head.pos_ in ("VERB", "AUX"):
            yield from _heads(verb.head, "subj") if verb.head.dep_ != verb.dep_ or verb.head != verb else ()
        elif verb.dep_ == "acl" or (verb.dep_ == "pcomp" and verb.head.head.pos_ in ("VERB", "AUX")):
            yield from _heads(verb.head.head, "subj")
        elif verb.dep_ == "acl" and verb.head.pos_ == "NOUN":
            yield from _heads(verb.head.head, "subj")
    elif role == "obj":
        if passive:
            direct = [c for c in verb.children if c.dep_ == "nsubjpass"]
            if direct and direct[0].lower_ not in ("which", "that"):
                yield from direct
            elif verb.dep_ in ("acl", "relcl"):
                yield verb.head
            elif verb.dep_ == "conj":
                yield from (c for c in verb.head.children if c.dep_ == "nsubjpass")
        else:
            yield from (c for c in verb.children if c.dep_ in ("dobj", "attr", "oprd"))
            if verb.dep_ == "relcl" and any(c.dep_ == "dobj" and c.lower_ in ("which", "that") for c in verb.children):
                yield verb.head
    else:
        for child in verb.children:
            if child.dep_ in ("prep", "agent", "dative") and child.lower_ == role:
                yield from (o for o in child.children if o.dep_ in ("pobj", "pcomp"))
            elif child.dep_ in ("dobj", "nsubjpass", "prt"):
                yield from (o for p in child.children if p.dep_ == "prep" and p.lower_ == role for o in p.children if o.dep_ == "pobj")


def _named(head: Token, kinds: frozenset[str], at: Mapping[int, Item]) -> list[Item]:
    """Mentions of `kinds` that the noun phrase of `head` names: itself, a modifier or apposition of it, what it is called, its conjuncts."""
    found: list[Item] = []
    for token in (head, *head.conjuncts):
        if token.i < head.i and token.dep_ != "conj" and head.dep_ == "conj":
            continue
        item = at.get(token.idx)
        if item is not None:
            if item.mention is not None and item.mention.type in kinds:
                found.append(item)
            for child in token.children:
                if child.dep_ == "appos" and (near := at.get(child.idx)) and near.mention and near.mention.type in kinds and near != item:
                    found.append(near)
            if found and found[-1] == item:
                continue
        found += _around(token, kinds, at)
    return found


def _around(head: Token, kinds: frozenset[str], at: Mapping[int, Item]) -> list[Item]:
    found = []
    for child in head.children:
        near = at.get(child.idx)
        if child.dep_ in _INSIDE and near is not None and near.mention is not None and near.mention.type in kinds:
            if child.dep_ == "poss" and not kinds & {"Company", "Organization", "Person"}:
                continue
            found.append(near)
        elif child.dep_ in ("acl", "relcl") and child.lemma_.lower() in _NAMED:
            found += [i for c in child.children if c.dep_ in ("oprd", "dobj", "attr") and (i := at.get(c.idx)) and i.mention and i.mention.type in kinds]
        elif child.dep_ == "prep" and child.lower_ in ("of", "including", "like", "as") and (head.lemma_.lower() in _HOLDERS or child.lower_ != "of"):
            found += [i for o in child.children if o.dep_ == "pobj" for i in _named(o, kinds, at)]
    return found
