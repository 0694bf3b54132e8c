"""Arguments of a verb in the dependency parse: passives turned round, shared subjects found, prepositions followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spacy.tokens import Token

    from kg.relate.sentences import Item


def words(text: str) -> frozenset[str]:
    """The words of `text` as a set."""
    return frozenset(text.split())


_RELATIVE = frozenset(("which", "that", "who", "whom"))
_VERBS = frozenset(("VERB", "AUX"))
_CAUSING = words(
    "rely depend count contract hire choose tap pick select ask allow let tell order commission enlist expect help"
)


def passive(verb: Token) -> bool:
    if any(c.dep_ in ("nsubjpass", "auxpass") for c in verb.children):
        return True
    if verb.dep_ == "conj" and verb.tag_ == "VBN" and not any(c.dep_ in ("nsubj", "aux") for c in verb.children):
        return passive(verb.head)
    if verb.dep_ == "acomp" and verb.head.lemma_ == "be":
        return True
    return verb.tag_ in ("VBN", "VBD") and (
        (verb.dep_ in ("acl", "advcl") and not any(c.dep_ in ("aux", "dobj", "nsubj", "mark") for c in verb.children))
        or any(c.dep_ == "agent" for c in verb.children)
    )


def _aux(verb: Token) -> bool:
    return any(c.dep_ in ("aux", "auxpass") for c in verb.children)


def _own(verb: Token) -> bool:
    return any(c.dep_ in ("nsubj", "nsubjpass") and c.lower_ not in _RELATIVE for c in verb.children)


def subject(verb: Token, depth: int = 0) -> list[Token]:
    """Who does what the verb says."""
    if depth > 4:
        return []
    if passive(verb):
        by = [o for c in verb.children if c.dep_ == "agent" or c.lower_ == "by" for o in c.children if o.dep_ == "pobj"]
        return by or [
            o for c in verb.children if c.dep_ == "conj" and passive(c) and not _aux(c) for o in subject(c, depth + 1)
        ]
    return grammatical(verb, depth)


def grammatical(verb: Token, depth: int = 0) -> list[Token]:
    """The subject as the clause has it, or as it shares it with the one that governs it."""
    if depth > 4:
        return []
    own = [c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass", "csubj")]
    # The parser takes an unknown name for an adverbial.
    own = own or [c for c in verb.children if c.dep_ == "npadvmod" and c.pos_ == "PROPN" and c.i < verb.i][-1:]
    if own and own[0].lower_ not in _RELATIVE:
        return own
    head = verb.head
    if own or verb.dep_ in ("relcl", "acl"):
        if verb.dep_ == "conj":
            return grammatical(head, depth + 1)
        if verb.dep_ == "acl" and verb.tag_ == "VB":
            return [c for c in head.children if c.dep_ == "poss"] or doers(head)
        return [head] if verb.dep_ in ("relcl", "acl") else []
    if verb.tag_ == "VB" and head.lemma_ in _CAUSING and (others := _caused(head, verb)):
        return others
    if verb.dep_ == "advcl" and verb.i > head.i and _passive_form(verb) and (told := objects(head)):
        # X released Y, trained on Z: the participle speaks of what stands before it.
        return told
    if verb.dep_ in ("xcomp", "ccomp", "advcl", "conj", "acomp") and head.pos_ in _VERBS:
        if verb.dep_ == "ccomp" and verb.tag_ not in ("VBG", "VB", "VBN"):
            return []
        return grammatical(head, depth + 1)
    if verb.dep_ == "pcomp" and verb.head.head.pos_ in _VERBS:
        return grammatical(verb.head.head, depth + 1)
    return []


def _caused(cause: Token, verb: Token) -> list[Token]:
    """Who is made, asked or trusted to do what `verb` says: relies on X to build, hired X to build."""
    return [c for c in cause.children if c.dep_ == "dobj" and c.i < verb.i] or after(cause, "on")


def _passive_form(verb: Token) -> bool:
    return verb.tag_ == "VBN" and verb.i > 0 and verb.nbor(-1).text == "," and passive(verb)


def objects(verb: Token, depth: int = 0) -> list[Token]:
    """What the verb is done to."""
    if passive(verb):
        return [verb.head] if verb.dep_ in ("acl", "relcl") and not _own(verb) else grammatical(verb)
    found = [
        c
        for c in verb.children
        if c.lower_ not in _RELATIVE
        and (c.dep_ in ("dobj", "attr", "oprd") or (c.dep_ == "dative" and c.pos_ != "ADP"))
    ]
    if verb.dep_ == "relcl" and (
        any(c.dep_ == "dobj" and c.lower_ in _RELATIVE for c in verb.children) or (not found and _own(verb))
    ):
        return [verb.head]
    if not found and depth < 2 and not any(c.dep_ in ("prep", "agent") for c in verb.children):
        return [o for c in verb.children if c.dep_ == "conj" and c.pos_ == "VERB" for o in objects(c, depth + 1)]
    return found


def adjacent(verb: Token, at: Mapping[int, Item], step: int) -> list[Token]:
    """A name right beside a finite verb that the parser gave no subject or object, as it does with names that it does not know."""
    if passive(verb) or (step < 0 and verb.tag_ not in ("VBD", "VBZ", "VBP")):
        return []
    i = verb.i + step
    while verb.sent.start <= i < verb.sent.end and abs(i - verb.i) < 4 and verb.doc[i].idx not in at:
        if verb.doc[i].pos_ not in ("DET", "ADV", "AUX", "ADJ", "NUM"):
            return []
        i += step
    return [verb.doc[i]] if verb.sent.start <= i < verb.sent.end and verb.doc[i].idx in at else []


def after(word: Token, preposition: str) -> list[Token]:
    """What stands behind the preposition, which may hang on the word or on its object."""
    found = []
    for child in word.children:
        if child.lower_ == preposition and child.dep_ in ("prep", "agent", "dative", "prt", "advmod"):
            found += [o for o in child.children if o.dep_ in ("pobj", "pcomp")]
        elif child.dep_ in ("dobj", "nsubjpass", "attr") and word.pos_ in _VERBS:
            found += after(child, preposition)
        elif child.dep_ in ("prep", "agent") and preposition != "of":
            # "acquisition of X by Y", "built on top of X": the second preposition may hang on the first one's object.
            inner = [
                p for o in child.children for p in o.children if p.dep_ in ("prep", "agent") and p.lower_ == preposition
            ]
            found += [o for p in inner for o in p.children if o.dep_ == "pobj"]
        elif child.dep_ == "prep" and child.lower_ == preposition == "of":
            found += [o for o in child.children if o.dep_ == "pobj"]
    return found


def shared(noun: Token, preposition: str) -> list[Token]:
    """What the parser hung on the verb or on the coordinated noun instead."""
    near = [c for c in noun.children if c.dep_ == "conj"]
    if noun.dep_ == "conj" or (noun.dep_ in ("dobj", "nsubjpass", "oprd") and preposition != "of"):
        near.append(noun.head)
    return [
        o
        for n in near
        for p in n.children
        if p.dep_ in ("prep", "agent") and p.lower_ == preposition and p.i > noun.i
        for o in p.children
        if o.dep_ == "pobj"
    ]


def doers(noun: Token) -> list[Token]:
    """Who does what the noun is the object of: X announced a purchase, X entered into an agreement."""
    token = noun
    for _ in range(4):
        if token.dep_ in ("dobj", "attr", "nsubjpass", "prep", "pobj") or (token.dep_ == "conj" and token != noun):
            token = token.head
        else:
            break
        if token.pos_ in _VERBS and token.dep_ != "prep":
            return subject(token)
    return []
