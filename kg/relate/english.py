"""English patterns on the dependency parse: verbs and nouns with their arguments.

Arguments of a verb are `subj` and `obj`, passives turned round, and prepositions. Of a noun they are `self`, what it names (X, the maker
of Y; maker X; X is the maker; as the maker, X), `poss`, whose it is (Y's maker; the Y maker), `gov`, who does what it is the object
of (X announced a purchase), `both`, the same where no `with` follows, `next`, a name after a comma, and prepositions.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from kg.relate.polarity import denied, supposed
from kg.relate.rules import Match, Pattern, patterns
from kg.relate.sentences import ACTORS, lookup
from kg.vocabulary import PREDICATES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from spacy.tokens import Token

    from kg.relate.sentences import Item, Sentence

_RELATIVE = frozenset(("which", "that", "who", "whom"))
_VERBS = frozenset(("VERB", "AUX"))
_CALLED = frozenset(("call", "name", "dub", "know"))
_BE = frozenset(("be", "become", "remain"))
_APPOINT = frozenset("appoint name elect hire promote recruit tap poach pick make designate announce".split())
_INSIDE = frozenset(("compound", "nmod", "appos", "amod", "npadvmod", "nummod"))
_BARRED = frozenset(
    "deny decline refuse fail abandon reject cancel scrap terminate dismiss avoid block oppose rule consider evaluate "
    "weigh stop cease unable unlikely turn\x1fdown walk\x1faway rule\x1fout call\x1foff".replace("\x1f", "_").split()
)
"""What a governing verb says that did not happen."""
_HOLDERS = frozenset(
    "one some any all both each member family series line version set range lot variety portfolio number group "
    "generation thousand hundred dozen million pair cluster unit copy mix combination pool fleet batch sample".split()
)
"""Nouns that stand for what follows their `of`."""
_STAFF = frozenset(
    "company startup start-up firm group giant unit arm division team lab laboratory researcher scientist engineer "
    "developer management board maker chipmaker subsidiary institute agency official government authority "
    "department office affiliate spokesperson administration consortium foundation".split()
)
"""Nouns that act for the firm or body that is named before them."""

_DIVESTED = frozenset("unit stake business division share arm firm company subsidiary interest asset operation".split())
_RELATED = frozenset("customer client user partner competitor rival supplier investor stake asset right".split())
"""Nouns for others than the thing itself: who acquires customers such as X does not acquire X."""

_PEOPLE = frozenset("researcher scientist engineer team developer group academic".split())
_LISTED = frozenset("count list name cite number choose select use have".split())


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
    for subject in subjects:
        for obj in objects:
            if subject.mention is None or obj.mention is None or subject.mention.text == obj.mention.text:
                continue
            if one_type and subject.mention.type != obj.mention.type:
                continue
            start, end = min(subject.start, obj.start, head.idx), max(subject.end, obj.end, head.idx + len(head))
            if not supposed(sentence, min(position.get(i, 0) for i in (subject.start, obj.start, head.idx))):
                yield Match(pattern, subject, obj, start, end, role)


def _fillers(head: Token, roles: frozenset[str], kinds: frozenset[str], at: Mapping[int, Item]) -> list[Item]:
    found = [item for role in sorted(roles) for token in _heads(head, role, at) for item in _named(token, kinds, at)]
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
        marks = {c.lower_ for c in token.children if c.dep_ in ("neg", "mark", "det", "preconj") or c.lower_ == "whether"}
        if marks & {"not", "n't", "never", "no", "if", "whether", "unless", "neither", "without"}:
            return True
        if token.i > token.sent.start and any(c.lower_ in ("had", "were", "should") and c.i == c.sent.start for c in token.children):
            return True
        if step and _lemma(token).replace(" ", "_") in _BARRED:
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


def _passive(verb: Token) -> bool:
    if any(c.dep_ in ("nsubjpass", "auxpass") for c in verb.children):
        return True
    if verb.dep_ == "conj" and verb.tag_ == "VBN" and not any(c.dep_ in ("nsubj", "aux") for c in verb.children):
        return _passive(verb.head)
    if verb.dep_ == "acomp" and verb.head.lemma_ == "be":
        return True
    return verb.tag_ in ("VBN", "VBD") and (
        verb.dep_ in ("acl", "advcl")
        and not any(c.dep_ in ("aux", "dobj", "nsubj", "mark") for c in verb.children)
        or any(c.dep_ == "agent" for c in verb.children)
    )


def _heads(word: Token, role: str, at: Mapping[int, Item]) -> list[Token]:
    """The heads of the argument `role` of `word`."""
    if role in ("subj", "obj"):
        if word.pos_ not in _VERBS:
            return []
        if role == "subj":
            return _subject(word) or _adjacent(word, at, -1)
        whole = [o for o in _object(word) if o.idx in at or o.lemma_ not in _RELATED]
        return whole or ([] if _object(word) else _adjacent(word, at, 1))
    if role in ("self", "poss", "gov", "next", "both"):
        if word.pos_ in _VERBS:
            return []
        if word.dep_ == "poss":
            return {"self": [word.head], "poss": _owner(word)}.get(role, [])
        if role in ("gov", "both"):
            return _doers(word) if role == "gov" or not _after(word, "with") + _shared(word, "with") else []
        beside = _beside(word, at).get(role, [])
        return beside + {"self": _denoted, "poss": _possessors}[role](word, at) if role != "next" else beside
    found = _after(word, role)
    if not found and word.pos_ not in _VERBS and role != "by":
        found = _shared(word, role)
    return found


def _adjacent(verb: Token, at: Mapping[int, Item], step: int) -> list[Token]:
    """A name right beside a finite verb that the parser gave no subject or object, as it does with names that it does not know."""
    if _passive(verb) or (step < 0 and verb.tag_ not in ("VBD", "VBZ", "VBP")):
        return []
    i = verb.i + step
    while verb.sent.start <= i < verb.sent.end and abs(i - verb.i) < 4 and verb.doc[i].idx not in at:
        if verb.doc[i].pos_ not in ("DET", "ADV", "AUX", "ADJ", "NUM"):
            return []
        i += step
    return [verb.doc[i]] if verb.sent.start <= i < verb.sent.end and verb.doc[i].idx in at else []


def _shared(noun: Token, preposition: str) -> list[Token]:
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


def _owner(word: Token) -> list[Token]:
    """Whose: the possessor itself, or what a relative clause is about."""
    if word.lower_ != "whose":
        return [word]
    clause = next((a for a in word.ancestors if a.dep_ == "relcl"), None)
    return [clause.head] if clause is not None else []


def _beside(noun: Token, at: Mapping[int, Item]) -> dict[str, list[Token]]:
    """What stands right beside the noun, for names and titles that the parser gets wrong: X, [Y's] senior maker, Y; Y maker X."""
    found: dict[str, list[Token]] = {}
    doc, first, last = noun.doc, noun.sent.start, noun.sent.end - 1
    i = noun.i - 1
    while i > first and noun.i - i < 8 and doc[i].idx not in at and (
        doc[i].pos_ in ("ADJ", "NOUN", "PROPN", "DET", "PART") or doc[i].lower_ in ("and", "&", "-", "its", "vice", "interim", "of")
    ):
        i -= 1
    if (owner := at.get(doc[i].idx)) is not None and not owner.reference and doc[i + 1].lower_ not in ("and", "&", "of", "-"):
        found["poss"] = [doc[i]]
        while i > first and at.get(doc[i].idx) == owner:
            i -= 1
    if i > first and doc[i].text == "," and (near := at.get(doc[i - 1].idx)) is not None and near.mention is not None:
        if near.mention.type == "Person" or doc[i + 1].lower_ in ("a", "an", "the"):
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


def _subject(verb: Token, depth: int = 0) -> list[Token]:
    """Who does what the verb says."""
    if depth > 4:
        return []
    if _passive(verb):
        by = [o for c in verb.children if c.dep_ == "agent" or c.lower_ == "by" for o in c.children if o.dep_ == "pobj"]
        return by or [o for c in verb.children if c.dep_ == "conj" and _passive(c) and not _aux(c) for o in _subject(c, depth + 1)]
    return _grammatical(verb, depth)


def _grammatical(verb: Token, depth: int = 0) -> list[Token]:
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
            return _grammatical(head, depth + 1)
        if verb.dep_ == "acl" and verb.tag_ == "VB":
            return [c for c in head.children if c.dep_ == "poss"] or _doers(head)
        return [head] if verb.dep_ in ("relcl", "acl") else []
    if verb.dep_ in ("xcomp", "ccomp", "advcl", "conj", "acomp") and head.pos_ in _VERBS:
        if verb.dep_ == "ccomp" and verb.tag_ not in ("VBG", "VB", "VBN"):
            return []
        return _grammatical(head, depth + 1)
    if verb.dep_ == "pcomp" and verb.head.head.pos_ in _VERBS:
        return _grammatical(verb.head.head, depth + 1)
    return []


def _object(verb: Token, depth: int = 0) -> list[Token]:
    """What the verb is done to."""
    if _passive(verb):
        return [verb.head] if verb.dep_ in ("acl", "relcl") and not _own(verb) else _grammatical(verb)
    found = [
        c
        for c in verb.children
        if c.lower_ not in _RELATIVE and (c.dep_ in ("dobj", "attr", "oprd") or (c.dep_ == "dative" and c.pos_ != "ADP"))
    ]
    if verb.dep_ == "relcl" and (
        any(c.dep_ == "dobj" and c.lower_ in _RELATIVE for c in verb.children) or (not found and _own(verb))
    ):
        return [verb.head]
    if not found and depth < 2:
        return [o for c in verb.children if c.dep_ == "conj" and c.pos_ == "VERB" for o in _object(c, depth + 1)]
    return found


def _aux(verb: Token) -> bool:
    return any(c.dep_ in ("aux", "auxpass") for c in verb.children)


def _own(verb: Token) -> bool:
    return any(c.dep_ in ("nsubj", "nsubjpass") and c.lower_ not in _RELATIVE for c in verb.children)


def _after(word: Token, preposition: str) -> list[Token]:
    """What stands behind the preposition, which may hang on the word or on its object."""
    found = []
    for child in word.children:
        if child.lower_ == preposition and child.dep_ in ("prep", "agent", "dative", "prt", "advmod"):
            found += [o for o in child.children if o.dep_ in ("pobj", "pcomp")]
        elif child.dep_ in ("dobj", "nsubjpass", "attr") and word.pos_ in _VERBS:
            found += _after(child, preposition)
        elif child.dep_ in ("prep", "agent") and preposition != "of":
            # "acquisition of X by Y", "built on top of X": the second preposition may hang on the first one's object.
            inner = [p for o in child.children for p in o.children if p.dep_ in ("prep", "agent") and p.lower_ == preposition]
            found += [o for p in inner for o in p.children if o.dep_ == "pobj"]
        elif child.dep_ == "prep" and child.lower_ == preposition == "of":
            found += [o for o in child.children if o.dep_ == "pobj"]
    return found


def _denoted(noun: Token, at: Mapping[int, Item], depth: int = 0) -> list[Token]:
    """What the noun names."""
    found = [c for c in noun.children if c.dep_ == "appos" or (c.dep_ in ("compound", "nmod") and _thing(c, at))]
    for child in noun.children:
        if child.dep_ == "prep" and (child.lower_ in ("including", "like") or child.i > noun.i and child.nbor(-1).lower_ == "such"):
            found += [o for o in child.children if o.dep_ == "pobj"]
    head = noun.head
    if depth > 3 or head == noun:
        return found
    if noun.dep_ in _INSIDE:
        found.append(head)
    elif noun.dep_ in ("attr", "acomp") and head.lemma_ in _BE:
        found += _grammatical(head)
    elif noun.dep_ in ("dobj", "oprd", "attr") and head.lemma_ in _BE | _APPOINT:
        others = [c for c in head.children if c.dep_ in ("dobj", "dative", "nsubjpass") and c != noun]
        found += others or (_grammatical(head) if _passive(head) or head.lemma_ in _BE else [])
    elif noun.dep_ in ("oprd", "attr", "dobj") and head.lemma_ in _CALLED and head.dep_ == "acl":
        found.append(head.head)
    elif noun.dep_ in ("nsubj", "nsubjpass") and head.lemma_ in _BE | {"include", "comprise"}:
        found += [c for c in head.children if c.dep_ in ("attr", "dobj")]
    elif noun.dep_ == "pobj" and head.lower_ in ("as", "among"):
        governor = head.head
        if governor.pos_ in _VERBS:
            passive = _passive(governor)
            listed = governor.lemma_ in _APPOINT | _LISTED and not passive
            found += _object(governor) if listed else _grammatical(governor)
    elif noun.dep_ == "pobj" and head.lower_ == "of" and head.head.lower_ in ("one", "some", "two", "part"):
        found += _denoted(head.head, at, depth + 1)
    elif noun.dep_ == "conj" and head.idx not in at:
        found += _denoted(head, at, depth + 1)
    elif noun.dep_ == "conj" and noun.idx not in at and noun.i - head.right_edge.i < 3:
        found += [head] if noun.i > head.i and noun.doc[noun.i - 1].lower_ in (",", "a", "an", "the") else []
    return found


def _thing(token: Token, at: Mapping[int, Item]) -> bool:
    item = at.get(token.idx)
    return item is not None and item.mention is not None and item.mention.type not in ACTORS | {"Place"}


def _reached(noun: Token, at: Mapping[int, Item]) -> Token | None:
    """The name behind a preposition not far after a title: director of AI policy at the X."""
    tail = [t for t in noun.doc[noun.i + 1 : min(noun.i + 9, noun.sent.end)] if t.lower_ != "the"]
    for before, token in zip(tail, tail[1:], strict=False):
        if before.is_punct or before.pos_ in _VERBS:
            return None
        if token.idx in at:
            return token if before.lower_ in ("of", "at", "for", "with") else None
    return None


def _possessors(noun: Token, at: Mapping[int, Item]) -> list[Token]:
    """Whose it is: a possessive or a name before it, also where the title stands before a name."""
    found = []
    for owner in (noun, *([noun.head] if noun.dep_ in ("compound", "nmod", "amod") else [])):
        for child in owner.children:
            if child.i < noun.i and child.dep_ == "poss":
                found += _owner(child)
            elif child.i < noun.i and child.dep_ in ("compound", "nmod", "amod") and child.idx in at:
                found.append(child)
    return found


def _doers(noun: Token, at: Mapping[int, Item] | None = None) -> list[Token]:
    """Who does what the noun is the object of: X announced a purchase, X entered into an agreement."""
    token = noun
    for _ in range(4):
        if token.dep_ in ("dobj", "attr", "nsubjpass", "prep", "pobj") or (token.dep_ == "conj" and token != noun):
            token = token.head
        else:
            break
        if token.pos_ in _VERBS and token.dep_ != "prep":
            return _subject(token)
    return []


def _named(head: Token, kinds: frozenset[str], at: Mapping[int, Item], *, deep: bool = False) -> list[Item]:
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
        return _named(noun.head, kinds, at, deep=True) if noun.head.idx in at else []
    if noun.dep_ == "attr" and noun.head.lemma_ == "be":
        return [i for t in _grammatical(noun.head) if t.idx in at for i in _named(t, kinds, at, deep=True)]
    return []


def _around(head: Token, kinds: frozenset[str], at: Mapping[int, Item]) -> list[Item]:
    """Mentions that the phrase of a common noun names: a startup called X, X processors, services such as X, one of X."""
    found: list[Item] = []
    lemma = head.lemma_.lower()
    for child in head.children:
        near = at.get(child.idx)
        fits = near is not None and near.mention is not None and near.mention.type in kinds
        if child.dep_ == "appos" and fits and near is not None:
            found += _named(child, kinds, at)
        elif (child.dep_ in _INSIDE or child.dep_ == "poss") and fits and near is not None and near.mention is not None:
            actor = near.mention.type in ACTORS
            if (lemma in _STAFF) if actor else child.dep_ != "poss":
                found += _named(child, kinds, at) if child.dep_ == "compound" else [near]
        elif child.dep_ in ("acl", "relcl") and child.lemma_.lower() in _CALLED:
            called = [c for c in child.children if c.dep_ in ("oprd", "dobj", "attr", "ccomp", "xcomp")]
            called += [o for c in child.children if c.lower_ == "as" for o in c.children]
            found += [i for c in called for i in _named(c, kinds, at) if c.idx in at]
        elif child.dep_ == "prep" and (
            child.lower_ in ("including", "like") or (child.lower_ == "as" and child.nbor(-1).lower_ == "such")
            or (child.lower_ == "of" and lemma in _HOLDERS)
            or (child.lower_ in ("of", "at") and lemma in _STAFF and kinds & ACTORS)
            or (child.lower_ == "from" and lemma in _PEOPLE and kinds & ACTORS)
        ):
            found += [i for o in child.children if o.dep_ == "pobj" for i in _named(o, kinds, at)]
    return found
