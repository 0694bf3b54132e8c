"""What a noun phrase names: itself, a modifier or apposition of it, its conjuncts, what it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.relate.sentences import ACTORS
from kg.relate.verbs import grammatical, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spacy.tokens import Token

    from kg.relate.sentences import Item


_CALLED = frozenset(("call", "name", "dub", "know"))
_INSIDE = frozenset(("compound", "nmod", "appos", "amod", "npadvmod", "nummod"))
_HOLDERS = words(
    "one some any all both each member family series line version set range lot variety portfolio number group "
    "generation thousand hundred dozen million pair cluster unit copy mix combination pool fleet batch sample"
)
"""Nouns that stand for what follows their `of`."""
_STAFF = words(
    "company startup start-up firm group giant unit arm division team lab laboratory researcher scientist engineer "
    "developer management board maker chipmaker subsidiary institute agency official government authority "
    "department office affiliate spokesperson administration consortium foundation "
    "node process fab"
)
"""Nouns that act for the firm or body that is named before them."""
_PEOPLE = words("researcher scientist engineer team developer group academic")


def named(head: Token, kinds: frozenset[str], at: Mapping[int, Item], *, deep: bool = False) -> list[Item]:
    """Mentions of `kinds` that the noun phrase of `head` names: itself, a modifier or apposition of it, its conjuncts."""
    found: list[Item] = []
    for token in (head, *(c for c in head.conjuncts if c.i > head.i and not any(g.dep_ == "poss" for g in c.children))):
        item = at.get(token.idx)
        if item is None:
            found += _around(token, kinds, at) or ([] if deep else _same(token, kinds, at))
            continue
        if item.mention is not None and item.mention.type in kinds:
            found.append(item)
        near = [at.get(c.idx) for c in token.children if c.dep_ == "appos"]
        found += [n for n in near if n and n != item and n.mention and n.mention.type in kinds]
    return found


def _same(noun: Token, kinds: frozenset[str], at: Mapping[int, Item]) -> list[Item]:
    """What a common noun is said to be: X, a startup founded by ...; X is a startup that ..."""
    if noun.dep_ == "appos":
        return named(noun.head, kinds, at, deep=True) if noun.head.idx in at else []
    if noun.dep_ == "attr" and noun.head.lemma_ == "be":
        return [i for t in grammatical(noun.head) if t.idx in at for i in named(t, kinds, at, deep=True)]
    return []


def _around(head: Token, kinds: frozenset[str], at: Mapping[int, Item]) -> list[Item]:
    """Mentions that the phrase of a common noun names: a startup called X, X processors, services such as X, one of X."""
    found: list[Item] = []
    lemma = head.lemma_.lower()
    for child in head.children:
        near = at.get(child.idx)
        fits = near is not None and near.mention is not None and near.mention.type in kinds
        if child.dep_ == "appos" and fits and near is not None:
            found += named(child, kinds, at)
        elif (child.dep_ in _INSIDE or child.dep_ == "poss") and fits and near is not None and near.mention is not None:
            actor = near.mention.type in ACTORS
            if (lemma in _STAFF) if actor else child.dep_ != "poss":
                found += named(child, kinds, at) if child.dep_ == "compound" else [near]
        elif child.dep_ in ("acl", "relcl") and child.lemma_.lower() in _CALLED:
            called = [c for c in child.children if c.dep_ in ("oprd", "dobj", "attr", "ccomp", "xcomp")]
            called += [o for c in child.children if c.lower_ == "as" for o in c.children]
            found += [i for c in called for i in named(c, kinds, at) if c.idx in at]
        elif child.dep_ == "prep" and (
            child.lower_ in ("including", "like")
            or (child.lower_ == "as" and child.i > head.i and child.nbor(-1).lower_ == "such")
            or (child.lower_ == "of" and lemma in _HOLDERS)
            or (child.lower_ in ("of", "at") and lemma in _STAFF and kinds & ACTORS)
            or (child.lower_ == "from" and lemma in _PEOPLE and kinds & ACTORS)
        ):
            found += [i for o in child.children if o.dep_ == "pobj" for i in named(o, kinds, at)]
    return found
