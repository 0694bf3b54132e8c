"""Sentences as the patterns see them: a row of items, each a mention, a reference to one, or a word.

Words in brackets and quotation marks are left out, so that they do not part what belongs together. A reference (公司, 其, we,
the company) stands for a mention; where a clause names no subject, the topic of the clauses before it is there unseen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.relate.topics import topics

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
_THING = {
    "en": {
        **dict.fromkeys(("model",), "AIModel"),
        **dict.fromkeys(("chip", "processor", "accelerator"), "Chip"),
        **dict.fromkeys(
            ("platform", "app", "tool", "framework", "library", "software", "assistant", "robot", "product"), "Product"
        ),
    },
    "zh": {
        **dict.fromkeys(("模型", "大模型"), "AIModel"),
        **dict.fromkeys(("芯片", "晶片", "处理器"), "Chip"),
        **dict.fromkeys(("平台", "产品", "產品", "系统", "系統", "机器人", "機器人", "应用", "工具"), "Product"),
    },
}
_THIS = {"en": frozenset(("the", "this")), "zh": frozenset(("该", "該", "这款", "這款", "此款", "该款", "这一"))}


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
    """What references can stand for at a place of the document: the filer, and what is spoken of.

    Of several firms a reference means the most salient one (after the centering of Grosz, Joshi and Weinstein, 1995): what opens
    clauses counts most, first of all the paragraph's first; what was said long ago counts less.
    """

    def __init__(self, annotated: Annotated) -> None:
        self.filer = annotated.speaker
        self.own = annotated.own
        self._mains = {t.mention.type: t.mention for t in topics(annotated).values() if t.main}
        self.person: Mention | None = None
        self.thing: Mention | None = None
        self.topics: dict[str, Mention] = {}
        """What clauses were about: the last firm, person and thing that opened one, the latest at the end."""
        self._cluster_of = annotated.cluster_of
        self._firms: dict[int, Mention] = {}
        self._salience: dict[int, float] = {}
        self._lang = "en"
        self._opened = False
        self.subjects: dict[int, Mention] = {}
        """Of the verbs of an English sentence, by their place: the firm that is the subject."""

    def turn(self, lang: str, *, passage: bool = False) -> None:
        """Begin a sentence, or a passage."""
        self._lang = lang
        for firm in self._salience:
            self._salience[firm] *= _FADE_PASSAGE if passage else _FADE[lang]
        self.subjects.clear()
        if passage:
            self._opened = False

    def see(self, mention: Mention, *, topic: bool, weight: float) -> None:
        """Note a mention; only one that opens a clause becomes what later clauses are about."""
        kind = "person" if mention.type == "Person" else "firm" if mention.type in ACTORS else "thing"
        if topic and mention.type in _TOPICAL:
            self.topics.pop(kind, None)
            self.topics[kind] = mention
        if mention.type == "Person":
            self.person = mention
        elif mention.type in ("Company", "Organization"):
            firm = self._cluster_of[mention.id]
            self._firms[firm] = mention
            if not self._opened:
                self._opened = True
                weight += _FIRST[self._lang]
            self._salience[firm] = self._salience.get(firm, 0.0) + weight
        elif mention.type in ("Product", "AIModel", "Chip") and (topic or self.thing is None):
            self.thing = mention

    def bind(self, mention: Mention, span: Span | None) -> None:
        """Note of which verb a firm is the subject: "its" in that clause is its own."""
        if span is not None and span.root.dep_ in ("nsubj", "nsubjpass"):
            self.subjects[span.root.head.i] = mention

    def firm(self, *, company: bool, but: Mention | None = None) -> Mention | None:
        """The most salient firm but one; only a company if that is what the word says."""
        out = None if but is None else self._cluster_of[but.id]
        best = max(
            (f for f in self._firms if f != out and (not company or self._firms[f].type == "Company")),
            key=lambda f: (self._salience[f], -f),
            default=None,
        )
        return None if best is None else self._firms[best]

    def refer(self, token: Token, doc: Doc, lang: str, but: Mention | None = None) -> Mention | None:
        """What `token` stands for, if it is a reference; not `but`, to which it stands in apposition."""
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
                if word in ("公司", "集团") and not self.own:
                    return self.firm(company=True) or self.filer
                return self.filer or self.firm(company=True)
            if word in _LAST_ZH:
                return self.firm(company="公司" in word or "企业" in word) or self.filer
            return self.person if word in _HE_ZH else self._thing(token, doc, lang)
        if word in _WE_EN:
            return self.filer
        if word in ("its", "their"):
            bound = next((self.subjects[verb.i] for verb in token.ancestors if verb.i in self.subjects), but)
            if bound is not but:
                return bound
        if word in _IT_EN:
            return self.firm(company=False, but=but) or self.filer
        if word in _HE_EN:
            return self.person
        if token.i and doc[token.i - 1].lower_ in ("the", "this") and word in _FIRM_EN:
            return self.firm(company=word != "lab") or self.filer
        return self._thing(token, doc, lang)

    def _thing(self, token: Token, doc: Doc, lang: str) -> Mention | None:
        """What "the model" or 该芯片 stands for: the thing spoken of last in the passage, or else what the document is about."""
        kind = _THING[lang].get(token.text.lower())
        if kind is None or not token.i or doc[token.i - 1].lower_ not in _THIS[lang]:
            return None
        if lang == "en" and token.i + 1 < len(doc) and doc[token.i + 1].pos_ in ("NOUN", "PROPN"):
            return None
        if self.thing is not None and self.thing.type == kind:
            return self.thing
        return self._mains.get(kind)


_FADE = {"en": 0.7, "zh": 0.5}
_FADE_PASSAGE = 0.3
_FIRST = {"en": 2.0, "zh": 0.5}
_OPENS, _OFFICE, _NAMED, _ASIDE = 1.0, 2.0, 0.2, 0.2
"""Salience of a firm by where it stands, and what is left of it after a sentence and a passage; chosen by the references of the
training passages."""


_TELLS_ZH = re.compile(r"[对對向]\s?$")
_INFORMS_ZH = re.compile(r"告[诉訴]\s?$")
_TOLD_ZH = re.compile(
    r"\s?(?:记者|記者)?(?:独家|獨家|进一步|也|还|曾)?(?:(?:表示|表达|称|稱)(?!感谢|感謝|祝贺|祝賀|支持|欢迎|关注|担忧|认可|满意|肯定|反对|不满)|介绍|介紹|透露|解释|解釋|说|說|坦言|指出|证实|證實|回应)"
)
_HEARS_ZH = re.compile(r"(?:据|據|接受)\s?$")
_HEARD_ZH = re.compile(r"\s?(?:记者|記者)?(?:独家|獨家)?(?:获悉|獲悉|报道|報道|報導|采访|採訪|专访|專訪|讯|訊|了解)")
_TELLS_EN = re.compile(
    r"\b(?:told|tells|told the|spoke to|speaking to|interview (?:with|by)|interviewed by|statement to|confirmed to|said to)\s$"
)


def _is_told(sentence: Sentence, start: int, end: int) -> bool:
    """Whether the name is of those to whom somebody speaks, or who report it: no claim is about a paper that is told something."""
    text = sentence.reading
    if sentence.lang == "en":
        return _TELLS_EN.search(text, max(sentence.start, start - 24), start) is not None
    before = max(sentence.start, start - 4)
    if _INFORMS_ZH.search(text, before, start) is not None:
        return True
    return (_TELLS_ZH.search(text, before, start) is not None and _TOLD_ZH.match(text, end) is not None) or (
        _HEARS_ZH.search(text, before, start) is not None and _HEARD_ZH.match(text, end) is not None
    )


_WHERE_EN = re.compile(r"(?:[A-Z][\w.’'-]*,?\s|and\s|[–—-]\s)*")
_WHEN_EN = re.compile(
    r"(?:,\s[A-Z][\w.’' -]{1,30}){0,2}(?:(?:,\s|\s)?(?:\(|[A-Z][a-z]{2,8}\.?\s\d|\d{1,2}\.?\s[A-Z][a-z]{2,8})[^–—\n]{0,60}?)?\s?(?:[–—]|--|\s-)\s"
)
_WHEN_ZH = re.compile(r"[^\n，。；]{0,6}?(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:电|電|讯|訊|消息|，)|(?:电|電|讯|訊)\s")


def _is_dateline(sentence: Sentence, start: int, end: int) -> bool:
    """Whether the place stands in the line that says where and when a text was written, which says nothing of anybody's seat."""
    text = sentence.reading
    if sentence.lang == "en":
        return _WHERE_EN.fullmatch(text, 0, start) is not None and _WHEN_EN.match(text, end) is not None
    return start < _DATELINE_ZH and not sentence.start and _WHEN_ZH.match(text, end) is not None


_DATELINE_ZH = 12
"""Characters that may stand before the place: who sends the report."""


_QUESTION = re.compile(r"[？?][”\"』」]?\s*$")
_ASKED = re.compile(r"^\s*(?:问题?|提问|Q|Question|投资者提问)\s?\d*\s?[：:.、]")


def sentences(annotated: Annotated) -> Iterator[Sentence]:
    """All sentences of a document, in order."""
    by_passage: dict[int, list[tuple[int, int, Mention]]] = {}
    for index, start, end, mention in annotated.mentions:
        by_passage.setdefault(index, []).append((start, end, mention))
    context = Context(annotated)
    for index, (passage, doc) in enumerate(annotated.passages):
        context.turn(passage.lang, passage=True)
        context.thing = None
        context.topics.pop("thing", None)
        if passage.kind != "prose":
            context.topics.clear()
        asked = _ASKED.match(passage.text) is not None
        for span in _spans(doc):
            context.turn(passage.lang)
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
                told = (mention.type in ("Company", "Organization") and _is_told(sentence, at, stop)) or (
                    mention.type == "Place" and _is_dateline(sentence, at, stop)
                )
                item = Item(at, stop, mention.text.lower()) if told else Item(at, stop, "", mention)
                full.append(item)
                aside = aside or (depth > 0 and not told)
                if not depth:
                    items.append(item)
                if not depth and not told:
                    context.see(mention, topic=opening, weight=_weight(sentence, at, stop, opening=opening))
                    if not topical and mention.type in ("Company", "Organization"):
                        context.bind(mention, sentence.doc.char_span(at, stop, alignment_mode="expand"))
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
            apart = items[-2].mention if len(items) > 1 and items[-1].word == "," else None
            known = context.refer(token, sentence.doc, sentence.lang, apart)
            if known is not None:
                items.append(Item(start, end, text, known, reference=True))
                full.append(items[-1])
                if opening and known.type in ACTORS:
                    context.see(known, topic=True, weight=_OPENS)
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


_SUBJECTS = frozenset(("nsubj", "nsubjpass", "ROOT"))
_ASIDE_ZH = re.compile(r"[由被与和同跟据對对向从給给为為經经]\s?$")
_BACKS_ZH = re.compile(r"[^，。；]{0,12}?(?:领投|跟投|参投|領投|跟投|參投|投资|投資|入股|参与|增持)")
_BACKS_EN = frozenset(("lead", "join", "back", "invest", "participate", "contribute", "follow", "co-lead"))
_ENDED_EN = re.compile(r"\b(?:former(?:ly)?|ex-|then|previous(?:ly)?|once|late)\b", re.IGNORECASE)


def _weight(sentence: Sentence, start: int, end: int, *, opening: bool) -> float:
    """The salience that a name gets by its place: neither who invests nor who is asked along is what the text goes on about."""
    text, doc = sentence.reading, sentence.doc
    if sentence.lang == "zh":
        if _ASIDE_ZH.search(text, max(0, start - 2), start) or _BACKS_ZH.match(text, end):
            return _ASIDE
        return _OPENS if opening else _NAMED
    span = doc.char_span(start, end, alignment_mode="expand")
    if span is None:
        return _NAMED
    head = span.root
    if head.dep_ in _SUBJECTS or head.dep_ == "conj":
        return _ASIDE if head.head.lemma_.lower() in _BACKS_EN else _OPENS if opening else _NAMED
    # Who holds an office at a firm speaks of it: Ada Bright, chief executive of Orbex, founded the company.
    role = head.head.head
    if head.dep_ == "pobj" and role.dep_ == "appos" and role.head.ent_type_ == "PERSON":
        return _ASIDE if _ENDED_EN.search(text, role.left_edge.idx, start) else _OFFICE
    return _ASIDE if opening else _NAMED


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
