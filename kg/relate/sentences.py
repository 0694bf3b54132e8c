"""Sentences as the patterns see them: a row of items, each a mention, a reference to one, or a word.

Words in brackets and quotation marks are left out, so that they do not part what belongs together. A reference (公司, 其, we,
the company) stands for a mention; where a clause names no subject, the topic of the clauses before it is there unseen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from spacy.tokens import Doc, Span, Token

    from kg.annotate.inventory import Annotated
    from kg.model import Mention

ACTORS = frozenset(("Company", "Organization", "Person"))
_TOPICAL = frozenset(("Company", "Organization", "Person", "Product", "AIModel", "Chip"))
_OPEN, _CLOSE = "（([【", "）)]】"
_QUOTES = frozenset("“”‘’\"'「」『』《》〈〉`*")
_FILER_ZH = frozenset(("公司", "本公司", "我司", "我们", "我們", "我公司", "本集团", "集团"))
_LAST_ZH = frozenset(("该公司", "其", "该企业", "這家公司", "这家公司", "它", "该公司的"))
_HE_ZH = frozenset(("他", "她"))
_MODIFIERS = frozenset(("n", "nz", "a", "m", "q", "vn", "ORG", "nw", "b", "LOC", "v", "f"))
_WE_EN = frozenset(("we", "our", "us", "ours"))
_IT_EN = frozenset(("it", "its", "they", "their"))
_HE_EN = frozenset(("he", "she", "his", "her"))
_FIRM_EN = frozenset(("company", "startup", "start-up", "firm", "group", "chipmaker", "corporation", "lab"))
_THING_EN = {"model": "AIModel", "chip": "Chip", "processor": "Chip", "platform": "Product", "app": "Product"}


@dataclass(frozen=True, slots=True)
class Item:
    """One position of a sentence. `start`, `end` are offsets in the passage's reading text; a topic has no width."""

    start: int
    end: int
    word: str
    mention: Mention | None = None
    reference: bool = False
    unseen: bool = False


@dataclass(slots=True)
class Sentence:
    """A sentence of a passage with its items."""

    lang: str
    passage: int
    doc: Doc
    reading: str
    """The text of the passage: `doc.text`, which spaCy would join anew each time."""
    start: int
    end: int
    items: list[Item] = field(default_factory=list)
    full: list[Item] = field(default_factory=list)
    """The items with those in brackets; empty where brackets hold no mention."""
    asked: bool = False

    @property
    def text(self) -> str:
        """The sentence in the passage's reading text."""
        return self.reading[self.start : self.end]

    @property
    def mentions(self) -> list[Item]:
        """Items that name or refer to something, the unseen ones left out."""
        return [i for i in self.items if i.mention is not None and not i.unseen]


class Context:
    """What references can stand for at a place of the document: the filer, and what was spoken of last."""

    def __init__(self, filer: Mention | None) -> None:
        self.filer = filer
        self.firm: Mention | None = None
        self.person: Mention | None = None
        self.thing: Mention | None = None
        self.topics: dict[str, Mention] = {}
        """What clauses were about: the last firm, person and thing that opened one, the latest at the end."""

    def see(self, mention: Mention, *, topic: bool) -> None:
        """Note a mention; only one that opens a clause becomes what later clauses are about."""
        kind = "person" if mention.type == "Person" else "firm" if mention.type in ACTORS else "thing"
        if topic and mention.type in _TOPICAL:
            self.topics.pop(kind, None)
            self.topics[kind] = mention
        if mention.type == "Person":
            self.person = mention
        elif mention.type in ("Company", "Organization"):
            if topic or self.firm is None:
                self.firm = mention
        elif mention.type in ("Product", "AIModel", "Chip") and (topic or self.thing is None):
            self.thing = mention

    def refer(self, token: Token, doc: Doc, lang: str) -> Mention | None:
        """What `token` stands for, if it is a reference."""
        word = token.text.lower()
        if lang == "zh":
            if word in _FILER_ZH:
                before = doc[token.i - 1] if token.i else None
                if (
                    word in ("公司", "集团")
                    and before is not None
                    and before.tag_ in _MODIFIERS
                    and before.idx + len(before) == token.idx
                ):
                    return None
                return self.filer or self.firm
            if word in _LAST_ZH:
                return self.firm or self.filer
            return self.person if word in _HE_ZH else None
        if word in _WE_EN:
            return self.filer
        if word in _IT_EN:
            return self.firm or self.filer
        if word in _HE_EN:
            return self.person
        if token.i and doc[token.i - 1].lower_ in ("the", "this"):
            if word in _FIRM_EN:
                return self.firm or self.filer
            kind = _THING_EN.get(word)
            if kind and self.thing is not None and self.thing.type == kind:
                return self.thing
        return None


_QUESTION = re.compile(r"[？?][”\"』」]?\s*$")
_ASKED = re.compile(r"^\s*(?:问题?|提问|Q|Question|投资者提问)\s?\d*\s?[：:.、]")


def sentences(annotated: Annotated) -> Iterator[Sentence]:
    """All sentences of a document, in order."""
    filer = annotated.speaker
    by_passage: dict[int, list[tuple[int, int, Mention]]] = {}
    for index, start, end, mention in annotated.mentions:
        by_passage.setdefault(index, []).append((start, end, mention))
    context = Context(filer)
    for index, (passage, doc) in enumerate(annotated.passages):
        context.thing = None
        context.topics.pop("thing", None)
        if passage.kind != "prose":
            context.topics.clear()
        asked = _ASKED.match(passage.text) is not None
        for span in _spans(doc):
            sentence = Sentence(
                lang=passage.lang,
                passage=index,
                doc=doc,
                reading=passage.text,
                start=span.start_char,
                end=span.end_char,
            )
            sentence.asked = asked or _QUESTION.search(sentence.text) is not None
            _fill(sentence, span, by_passage.get(index, ()), context)
            yield sentence


_CLAUSE_END = frozenset("，,；;：:。.—")


def _spans(doc: Doc) -> Iterator[Span]:
    """The sentences; `doc.sents` looks at every token in Python each time, this once in an array."""
    starts = [i for i, first in enumerate(doc.to_array(["SENT_START"]).tolist()) if first == 1 or not i]
    for start, end in zip(starts, [*starts[1:], len(doc)], strict=True):
        yield doc[start:end]


def _fill(sentence: Sentence, span: Span, mentions: Sequence[tuple[int, int, Mention]], context: Context) -> None:
    """Fill in the items, seeing references and topics through `context`."""
    inside = {s: (e, m) for s, e, m in mentions if s >= sentence.start and e <= sentence.end}
    covered_until, depth, opening, aside = -1, 0, True, False
    items, full = sentence.items, sentence.full
    # A Chinese clause may go without its subject; an English one does not.
    topical = sentence.lang == "zh"
    if topical:
        _topics(items, sentence.start, context)
    for token in span:
        start, end = token.idx, token.idx + len(token)
        for at in sorted(
            s for s in inside if start <= s < end or (s < start and s >= covered_until and s not in _starts(items))
        ):
            stop, mention = inside[at]
            if at >= covered_until:
                full.append(Item(at, stop, "", mention))
                aside = aside or depth > 0
            if at >= covered_until and not depth:
                items.append(full[-1])
                context.see(mention, topic=opening)
                opening = opening and mention.type == "Place"
            covered_until = max(covered_until, stop)
        if end <= covered_until or token.is_space:
            continue
        text = token.text
        if text in _OPEN:
            depth += 1
            full.append(Item(start, end, "("))
        elif text in _CLOSE and depth:
            depth -= 1
            full.append(Item(start, end, ")"))
        elif depth and text not in _QUOTES:
            full.append(Item(start, end, _form(token, sentence.lang)))
        elif not depth and text not in _QUOTES:
            known = context.refer(token, sentence.doc, sentence.lang)
            if known is not None:
                items.append(Item(start, end, text, known, reference=True))
                full.append(items[-1])
                if opening and known.type in ACTORS:
                    context.see(known, topic=True)
                opening = False
                continue
            items.append(Item(start, end, _form(token, sentence.lang)))
            full.append(items[-1])
            if text in _CLAUSE_END:
                opening = True
                if topical:
                    _topics(items, end, context)
            elif (token.tag_ if sentence.lang == "zh" else token.pos_) in ("v", "VERB", "AUX"):
                opening = False
    if not aside:
        full.clear()


def _starts(items: Sequence[Item]) -> set[int]:
    return {i.start for i in items[-3:] if i.mention is not None}


def _topics(items: list[Item], at: int, context: Context) -> None:
    """Put what the clauses before were about, the latest last: the nearest subject where none is written."""
    topics = (
        context.topics
        if "firm" in context.topics or context.filer is None
        else {"firm": context.filer, **context.topics}
    )
    items += [Item(at, at, "", mention, reference=True, unseen=True) for mention in topics.values()]


def _form(token: Token, lang: str) -> str:
    """The word as patterns spell it: as it stands in Chinese, the lemma of English verbs and nouns, else lower case."""
    if lang == "zh":
        return str(token.text)
    return str(token.lemma_.lower() if token.pos_ in ("VERB", "AUX", "NOUN") else token.lower_)


def lookup(sentence: Sentence) -> Mapping[int, Item]:
    """Offset of each character of a seen mention or reference -> its item."""
    return {at: item for item in sentence.mentions for at in range(item.start, item.end)}
