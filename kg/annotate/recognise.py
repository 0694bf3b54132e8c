"""Names that no list holds, recognised by form and context: a spaCy `ner` of our own, trained by `make train`.

It reads a view of the passage made for it: Chinese character by character, English word by word, each with what other stages know
(LAC's or the tagger's tags, the stock model's entities, the registry's matches). What it finds becomes a candidate like any other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

from spacy.language import Language
from spacy.tokens import Doc

from kg.annotate.arithmetic import quicken
from kg.annotate.candidates import Candidate, add, crosses, register, without_tail, words
from kg.annotate.cues import cues
from kg.annotate.lexicon import lexical
from kg.names import FULL_STOP
from kg.text import has_han
from kg.weights import shipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from spacy.vocab import Vocab

_UNIT = re.compile(r"[A-Za-z]+|\d+|[^\sA-Za-z\d]")
ATTRS = ["NORM", "PREFIX", "SUFFIX", "SHAPE", "TAG", "LEMMA", "MORPH", "DEP"]
ROWS = [5000, 1000, 2500, 1000, 500, 5000, 200, 500]


@dataclass(frozen=True, slots=True)
class View:
    """A passage as the recogniser reads it: a doc of its own, and where each of its tokens begins and ends in the passage."""

    doc: Doc
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def view(doc: Doc, vocab: Vocab, *, known: bool = True) -> View:
    """The recogniser's view of `doc`; without what the registry knows if `known` is false."""
    text = doc.text
    registry = _registry(doc, len(text)) if known else {}
    units = list(_characters(doc, text) if doc.lang_ == "zh" else _words(doc))
    made = Doc(
        vocab,
        words=[text[a:b] for a, b, _, _ in units],
        spaces=[False] * len(units),
        tags=[tag for *_, tag, _ in units],
        lemmas=[lemma for *_, lemma in units],
        # The only attributes left that take any text; the recogniser needs none of their meaning.
        morphs=[f"Known={registry[a]}" if a in registry else "" for a, *_ in units],
        deps=[_lexical(text[a:b], word) for a, b, _, word in units],
        heads=[0] * len(units),
    )
    return View(made, tuple(u[0] for u in units), tuple(u[1] for u in units))


def _lexical(unit: str, word: str) -> str:
    """What the lexicon says of a unit; of a Chinese character: of the word that it stands in."""
    return lexical(word, "zh") if has_han(unit) else lexical(unit, "en")


def _characters(doc: Doc, text: str) -> Iterator[tuple[int, int, str, str]]:
    """Each character or run of letters or digits with LAC's tag, its place in LAC's word, and that word."""
    inside = words(doc)
    tokens = [(a, b, t.tag_, t.text) for a, b, t in zip(inside.starts, inside.ends, doc, strict=True)]
    at = 0
    for match in _UNIT.finditer(text):
        while at + 1 < len(tokens) and tokens[at][1] <= match.start():
            at += 1
        start, end, tag, word = tokens[at]
        place = ("S" if match.end() >= end else "B") if match.start() <= start else "E" if match.end() >= end else "I"
        yield match.start(), match.end(), f"{tag}-{place}", word


def _words(doc: Doc) -> Iterator[tuple[int, int, str, str]]:
    for token in doc:
        if not token.is_space:
            entity = f"{token.ent_iob_}-{token.ent_type_}" if token.ent_type_ else "O"
            yield token.idx, token.idx + len(token), token.tag_, entity


def _registry(doc: Doc, length: int) -> dict[int, str]:
    """Offset -> what the registry says of the character there, the longest name first."""
    found: dict[int, str] = {}
    taken = bytearray(length)
    spans = [c for c in doc._.candidates or () if c.found_by == "registry"]
    for c in sorted(spans, key=lambda c: (c.start - c.end, not c.sure, c.start, c.scores)):
        if any(taken[c.start : c.end]):
            continue
        taken[c.start : c.end] = b"\1" * (c.end - c.start)
        kind = c.scores[0][0] + ("" if c.sure else "?")
        found[c.start] = f"B-{kind}"
        for at in range(c.start + 1, c.end):
            found[at] = f"I-{kind}"
    return found


def blank(lang: str) -> Language:
    """The recogniser untrained: hashed embeddings of the view's attributes, four windows of a convolution, transitions (spaCy's `ner`)."""
    import spacy

    nlp = spacy.blank("xx")
    nlp.add_pipe(
        "ner",
        config={
            "model": {
                "@architectures": "spacy.TransitionBasedParser.v2",
                "state_type": "ner",
                "extra_state_tokens": False,
                "hidden_width": 64,
                "maxout_pieces": 2,
                "use_upper": True,
                "tok2vec": {
                    "@architectures": "spacy.Tok2Vec.v2",
                    "embed": {
                        "@architectures": "spacy.MultiHashEmbed.v2",
                        "width": 64,
                        "attrs": ATTRS,
                        "rows": ROWS,
                        "include_static_vectors": False,
                    },
                    "encode": {
                        "@architectures": "spacy.MaxoutWindowEncoder.v2",
                        "width": 64,
                        "depth": 6 if lang == "zh" else 4,
                        "window_size": 1,
                        "maxout_pieces": 3,
                    },
                },
            }
        },
    )
    return nlp


NOT_NEEDED = ("vocab", "tokenizer")
"""Parts of a spaCy pipeline that a recogniser's weights come without: it reads views, not text, and features are hashed."""


@cache
def recogniser(lang: str) -> Language | None:
    """The trained recogniser of a language; None where the package was built without weights."""
    return shipped("kg.annotate", lang, partial(read_recogniser, lang))


def read_recogniser(lang: str, path: Path) -> Language:
    """The recogniser whose weights are in the folder `path`."""
    return quicken(blank(lang).from_disk(path, exclude=NOT_NEEDED))


class Recogniser:
    """spaCy component: adds a candidate for each name that the recogniser finds."""

    def __init__(self, lang: str) -> None:
        register()
        self._lang = lang
        self._nlp = recogniser(lang)
        self._cues = cues(lang)

    def __call__(self, doc: Doc) -> Doc:
        return next(iter(self.pipe([doc])))

    def pipe(self, stream: Iterable[Doc], batch_size: int = 64) -> Iterator[Doc]:
        """`stream`, each doc with the candidates added."""
        from spacy.util import minibatch

        for docs in minibatch(stream, batch_size):  # type: ignore[no-untyped-call]
            if self._nlp is not None:
                self.add(docs)
            yield from docs

    def teach(self, nlp: Language | None) -> None:
        """Read with another recogniser; None: with the one that ships."""
        self._nlp = nlp or recogniser(self._lang)

    def add(self, docs: Sequence[Doc], *, known: bool = True) -> None:
        """Add candidates to `docs`; `known`: as the view has what the registry knows."""
        assert self._nlp is not None
        views = [view(doc, self._nlp.vocab, known=known) for doc in docs]
        for doc, seen, read in zip(docs, views, self._nlp.pipe([v.doc for v in views]), strict=True):
            text = doc.text
            for ent in read.ents:
                start, end = _balanced(text, seen.starts[ent.start], seen.ends[ent.end - 1])
                name = text[start:end]
                if (
                    len(name) > 1
                    and not crosses(name)
                    and not self._cues.is_generic(name)
                    and not _AI_AND_WORD.fullmatch(name)
                ):
                    add(
                        doc,
                        Candidate(start=start, end=end, scores=((ent.label_, 1.0),), found_by="recogniser"),
                    )
                    if ent.label_ == "Company" and _FIRM.fullmatch(name):
                        add(doc, Candidate(start=start, end=end, scores=(("Company", 1.5),), found_by="form"))


_PARTNER = {
    **(pairs := dict(zip("“「『《（([‘", "”」』》）)]’", strict=True))),
    **{b: a for a, b in pairs.items()},
    '"': '"',
}
_ARTICLE = re.compile(r"[Tt]he\s")
_STOPPED = re.compile(rf"{FULL_STOP}$")
_POSSESSIVE = re.compile(r"['’]s?$")
_AI_AND_WORD = re.compile(r"(?:AI|人工智能)\s?[\u4e00-\u9fff]{2,4}")
"""A field of work rather than a name (AI 教育, AI医疗), unless other stages know better."""
_FIRM = re.compile("[\u4e00-\u9fff]{2,3}(?:科技|半导体|微电子|机器人|软件|资本|创投|证券)")
"""A short brand with its trade. LAC cuts such a name in two where it does not know the brand."""
_EDGE = frozenset(" \t\n,:;，。；：、-–—").union(_PARTNER)


def _balanced(text: str, start: int, end: int) -> tuple[int, int]:
    """The name without marks at its ends, but for a bracket or quotation mark whose partner is within: “云帆”APP."""
    if own := _POSSESSIVE.search(text[start:end]):
        end = start + own.start()
    end = without_tail(text, start, end)
    if lead := _ARTICLE.match(text, start, end):
        start = lead.end()
    while start < end:
        first, last = text[start], text[end - 1]
        wrapped = end - start > 1 and _PARTNER.get(first) == last
        if first in _EDGE and (wrapped or _PARTNER.get(first, "\0") not in text[start + 1 : end]):
            start += 1
        elif (last == "." and _STOPPED.search(text, start, end)) or (
            last in _EDGE and _PARTNER.get(last, "\0") not in text[start : end - 1]
        ):
            end -= 1
        else:
            break
    return start, end


@Language.factory("kg_recogniser")
def make_recogniser(nlp: Language, name: str) -> Recogniser:  # noqa: ARG001  # spaCy's signature
    """The factory `kg_recogniser`: the trained recogniser of the pipeline's language."""
    return Recogniser(nlp.lang or "en")
