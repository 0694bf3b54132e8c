"""Arguments of a noun in the dependency parse and beside it: what it names, and whose it is."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from kg.relate.sentences import ACTORS
from kg.relate.verbs import grammatical, objects, passive, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spacy.tokens import Token

    from kg.relate.sentences import Item


_VERBS = frozenset(("VERB", "AUX"))
_CALLED = frozenset(("call", "name", "dub", "know"))
_BE = frozenset(("be", "become", "remain"))
_APPOINT = words("appoint name elect hire promote recruit tap poach pick make designate announce")
_INSIDE = frozenset(("compound", "nmod", "appos", "amod", "npadvmod", "nummod"))
_LISTED = words("count list name cite number choose select use have")


def owner(word: Token) -> list[Token]:
    """Whose: the possessor itself, or what a relative clause is about."""
    if word.lower_ != "whose":
        return [word]
    clause = next((a for a in word.ancestors if a.dep_ == "relcl"), None)
    return [clause.head] if clause is not None else []


def beside(noun: Token, at: Mapping[int, Item]) -> dict[str, list[Token]]:
    """What stands right beside the noun, for names and titles that the parser gets wrong: X, [Y's] senior maker, Y; Y maker X."""
    found: dict[str, list[Token]] = {}
    doc, first, last = noun.doc, noun.sent.start, noun.sent.end - 1
    i = noun.i - 1
    while (
        i > first
        and noun.i - i < 8
        and doc[i].idx not in at
        and (
            doc[i].pos_ in ("ADJ", "NOUN", "PROPN", "DET", "PART")
            or doc[i].lower_ in ("and", "&", "-", "its", "vice", "interim", "of")
        )
    ):
        i -= 1
    if (
        (holder := at.get(doc[i].idx)) is not None
        and not holder.reference
        and doc[i + 1].lower_ not in ("and", "&", "of", "-")
    ):
        found["poss"] = [doc[i]]
        while i > first and at.get(doc[i].idx) == holder:
            i -= 1
    near = at[doc[i - 1].idx].mention if i > first and doc[i].text == "," and doc[i - 1].idx in at else None
    if near is not None and (near.type == "Person" or doc[i + 1].lower_ in ("a", "an", "the")):
        found["self"] = [doc[i - 1]]
    after = noun.nbor(1) if noun.i < last else None
    if after is not None and after.text == "," and noun.i + 2 <= last:
        after = noun.nbor(2)
        kind = at[after.idx].mention if after.idx in at else None
        role = "self" if kind is not None and kind.type == "Person" else "next" if "self" in found else ""
    else:
        role = "self"
        if "self" in found and (end := _reached(noun, at)) is not None:
            found["next"] = [end]
    if after is not None and role and (item := at.get(after.idx)) is not None and not item.reference:
        found.setdefault(role, []).append(after)
    return found


def _reached(noun: Token, at: Mapping[int, Item]) -> Token | None:
    """The name behind a preposition not far after a title: director of AI policy at the X."""
    tail = [t for t in noun.doc[noun.i + 1 : min(noun.i + 9, noun.sent.end)] if t.lower_ != "the"]
    for before, token in pairwise(tail):
        if before.is_punct or before.pos_ in _VERBS:
            return None
        if token.idx in at:
            return token if before.lower_ in ("of", "at", "for", "with") else None
    return None


def denoted(noun: Token, at: Mapping[int, Item], depth: int = 0) -> list[Token]:
    """What the noun names."""
    found = [c for c in noun.children if c.dep_ == "appos" or (c.dep_ in ("compound", "nmod") and _thing(c, at))]
    for child in noun.children:
        if child.dep_ == "prep" and (
            child.lower_ in ("including", "like") or (child.i > noun.i and child.nbor(-1).lower_ == "such")
        ):
            found += [o for o in child.children if o.dep_ == "pobj"]
    head = noun.head
    if depth > 3 or head == noun:
        return found
    if noun.dep_ in _INSIDE:
        found.append(head)
    elif noun.dep_ in ("attr", "acomp") and head.lemma_ in _BE:
        found += grammatical(head)
    elif noun.dep_ in ("dobj", "oprd", "attr") and head.lemma_ in _BE | _APPOINT:
        others = [c for c in head.children if c.dep_ in ("dobj", "dative", "nsubjpass") and c != noun]
        found += others or (grammatical(head) if passive(head) or head.lemma_ in _BE else [])
    elif noun.dep_ in ("oprd", "attr", "dobj") and head.lemma_ in _CALLED and head.dep_ == "acl":
        found.append(head.head)
    elif noun.dep_ in ("nsubj", "nsubjpass") and head.lemma_ in _BE | {"include", "comprise"}:
        found += [c for c in head.children if c.dep_ in ("attr", "dobj")]
    elif noun.dep_ == "pobj" and head.lower_ in ("as", "among"):
        governor = head.head
        if governor.pos_ in _VERBS:
            listed = governor.lemma_ in _APPOINT | _LISTED and not passive(governor)
            found += objects(governor) if listed else grammatical(governor)
    elif noun.dep_ == "pobj" and head.lower_ == "of" and head.head.lower_ in ("one", "some", "two", "part"):
        found += denoted(head.head, at, depth + 1)
    elif noun.dep_ == "conj" and head.idx not in at:
        found += denoted(head, at, depth + 1)
    elif noun.dep_ == "conj" and noun.idx not in at and noun.i - head.right_edge.i < 3:
        found += [head] if noun.i > head.i and noun.doc[noun.i - 1].lower_ in (",", "a", "an", "the") else []
    return found


def possessors(noun: Token, at: Mapping[int, Item]) -> list[Token]:
    """Whose it is: a possessive or a name before it, also where the title stands before a name."""
    found = []
    for bearer in (noun, *([noun.head] if noun.dep_ in ("compound", "nmod", "amod") else [])):
        for child in bearer.children:
            if child.i < noun.i and child.dep_ == "poss":
                found += owner(child)
            elif child.i < noun.i and child.dep_ in ("compound", "nmod", "amod") and child.idx in at:
                found.append(child)
    return found


def _thing(token: Token, at: Mapping[int, Item]) -> bool:
    item = at.get(token.idx)
    return item is not None and item.mention is not None and item.mention.type not in ACTORS | {"Place"}
