"""Surface forms of a document and all that speaks for or against each being a name: the input of the judge of names.

A form has candidates from many sources (registry, recogniser, stock model, shapes, cues), each sure of itself and often wrong. Beside what they
say its features are its shape, the words around it at all its places, the names that it is listed with, and those that hold it or that it holds.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from kg.annotate.candidates import words
from kg.annotate.cues import cues
from kg.annotate.lexicon import ORDINARY, lexical
from kg.names import SURNAMES
from kg.text import has_han

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spacy.tokens import Doc

    from kg.annotate.candidates import Candidate

NONE = "none"
Features = dict[str, float]
_CLEAR = 1.3
"""Weight of cues with which a form is taken for a name by its neighbours."""
_PLACES = 8
"""Places of a form whose surroundings are looked at."""
_LISTING = re.compile(r"\s?(?:,\sand|,\sor|、|,|，|/|&|和|与|與|及|以及|或|and|or)\s?")
_LISTED = 6
"""Characters that may stand between two names of a list: ", and " and no more."""
_QUOTE = frozenset("“”‘’\"'「」『』《》")
_BRACKET = frozenset("()（）[]【】")


@dataclass
class Form:
    """A surface form with its candidates by place (passage, start)."""

    surface: str
    places: dict[tuple[int, int], list[Candidate]] = field(default_factory=lambda: defaultdict(list))

    @property
    def candidates(self) -> Iterator[Candidate]:
        """All candidates of all places."""
        for some in self.places.values():
            yield from some

    @cached_property
    def sure(self) -> str | None:
        """The type of what needs no judge, such as a strong name of the registry or a legal form."""
        kinds = sorted((-w, k) for c in self.candidates if c.sure for k, w in c.scores[:1])
        return kinds[0][1] if kinds else None

    @cached_property
    def guess(self) -> str:
        """What a form's neighbours take it for: the word of its best source."""
        if self.sure is not None:
            return self.sure
        read = Counter(c.scores[0][0] for c in self.candidates if c.found_by == "recogniser")
        if read:
            return max(read, key=lambda k: (read[k], k))
        weight, kind = max(((w, k) for c in self.candidates for k, w in c.scores), default=(0.0, NONE))
        return kind if weight >= _CLEAR else NONE


class Forms:
    """All forms of a document's passages, and which of them begin and end where."""

    def __init__(self, docs: Sequence[Doc]) -> None:
        self.docs = docs
        self._texts = [doc.text for doc in docs]
        self._lines = [text.find("\n") % (len(text) + 1) for text in self._texts]
        self.forms: dict[str, Form] = {}
        for index, (doc, text) in enumerate(zip(docs, self._texts, strict=True)):
            for candidate in doc._.candidates or ():
                surface = text[candidate.start : candidate.end]
                self.forms.setdefault(surface, Form(surface)).places[index, candidate.start].append(candidate)
        self.starting: dict[tuple[int, int], list[Form]] = defaultdict(list)
        self.ending: dict[tuple[int, int], list[Form]] = defaultdict(list)
        self._parts: dict[str, set[str]] = defaultdict(set)
        for form in self.forms.values():
            if form.guess == NONE:
                continue
            for index, start in form.places:
                self.starting[index, start].append(form)
                self.ending[index, start + len(form.surface)].append(form)
            for where, part in _parts(form.surface):
                self._parts[part].add(f"{where}:{form.guess}")
        self._known = {c.entry for form in self.forms.values() for c in form.candidates if c.sure and c.entry}
        # The words of each passage in lower case: asking spaCy for them at each place of each form costs more.
        self._spelled = [
            [word.lower() for word in words(doc).of(text)] for doc, text in zip(docs, self._texts, strict=True)
        ]
        self._lower = {
            word
            for doc, text in zip(docs, self._texts, strict=True)
            if doc.lang_ != "zh"
            for word in words(doc).of(text)
            if word.islower()
        }
        self._starts: dict[int, list[int]] = defaultdict(list)
        for index, start in sorted(self.starting):
            self._starts[index].append(start)

    def sure(self, form: Form) -> str | None:
        """The type of what needs no judge, here also a weak name of the registry whose strong one stands in the document."""
        weak = sorted(c.scores[0][0] for c in form.candidates if c.found_by == "registry" and c.entry in self._known)
        return form.sure or (weak[0] if weak else None)

    def around(self, index: int, start: int, end: int) -> Iterator[tuple[str, Form]]:
        """Forms that overlap these characters, with how: they hold them (`in`), lie within (`has`), or cross (`cut`)."""
        starts = self._starts.get(index, [])
        for at in starts[bisect_left(starts, start - 60) : bisect_left(starts, end)]:
            for form in self.starting[index, at]:
                stop = at + len(form.surface)
                if stop > start and (at, stop) != (start, end):
                    yield (
                        ("in" if at <= start and stop >= end else "has" if at >= start and stop <= end else "cut"),
                        form,
                    )

    def features(self, form: Form) -> Features:
        """Names and sizes of what speaks for and against `form`."""
        found: Features = defaultdict(float)
        places = sorted(form.places)
        share = 1 / len(places)
        found[f"places:{min(len(places), 5)}"] = 1.0
        for c in form.candidates:
            kind = c.scores[0][0] if c.scores else NONE
            if c.found_by == "registry":
                found[f"registry:{kind}:{c.sure}"] = 1.0
                found[f"registry:{c.sure}"] = 1.0
                if not c.sure and c.entry in self._known:
                    found[f"registry:{kind}:known"] = 1.0
            elif c.found_by == "recogniser":
                found[f"read:{kind}"] += share
                found["read"] += share
            else:
                found[f"by:{c.found_by}"] = 1.0
                if c.sure:
                    found[f"by:{c.found_by}:{kind}:sure"] = 1.0
                for kind, weight in c.scores:
                    found[f"cue:{kind}"] = max(found[f"cue:{kind}"], weight)
        if "read" in found:
            best = max((f for f in found if f.startswith("read:")), key=lambda f: (found[f], f))
            found[f"{best}:{'all' if found['read'] > 0.99 else 'most' if found['read'] > 0.5 else 'some'}"] = 1.0
        for name in _shape(form.surface):
            found[name] = 1.0
        for index, start in places[:_PLACES]:
            for name in self._place(index, start, start + len(form.surface)):
                found[name] = 1.0
        last = places[:_PLACES]
        overlapping = Counter(
            f"{how}:{kind}"
            for index, start in last
            for how, kind in {
                (how, kind)
                for how, other in self.around(index, start, start + len(form.surface))
                for kind in (other.guess, "any")
            }
        )
        for name, number in overlapping.items():
            found[name] = number / len(last)
        for name in self._parts.get(form.surface, ()):
            found[name] = 1.0
        for one, two in self._halves(form.surface):
            found[f"halves:{one.guess}+{two.guess}"] = 1.0
            found["halves"] = 1.0
        lower = form.surface.lower()
        if lower != form.surface and lower in self._lower:
            found["lower-elsewhere"] = 1.0
        return found

    def _halves(self, surface: str) -> Iterator[tuple[Form, Form]]:
        """The two forms side by side that `surface` falls into: AMD MI300X."""
        cuts = [m.start() for m in re.finditer(" ", surface)] or range(1, len(surface))
        for cut in cuts:
            one, two = self.forms.get(surface[:cut]), self.forms.get(surface[cut:].lstrip())
            if one is not None and two is not None and NONE not in (one.guess, two.guess):
                yield one, two

    def _place(self, index: int, start: int, end: int) -> Iterator[str]:
        doc, text = self.docs[index], self._texts[index]
        before, behind = text[max(0, start - 1) : start], text[end : end + 1]
        if start <= self._lines[index]:
            yield "first-line" if index == 0 else "line-one"
        if before in _QUOTE and before:
            yield "quoted"
        if before in _BRACKET and before:
            yield "bracketed"
        if not before or before == "\n":
            yield "opens-line"
            if not behind or behind == "\n":
                yield "line"
        inside = words(doc)
        first = bisect_left(inside.starts, start + 1) - 1
        last = bisect_left(inside.starts, end)
        if (first >= 0 and inside.starts[first] != start) or (last and inside.ends[last - 1] != end):
            yield "cuts-word"
        spelled = self._spelled[index]
        lefts, rights = spelled[max(0, first - 4) : max(0, first)], spelled[last : last + 4]
        l1 = lefts[-1] if lefts else "^"
        r1 = rights[0] if rights else "$"
        yield f"L1:{l1}"
        yield f"R1:{r1}"
        yield f"LR:{l1}|{r1}"
        yield f"L2:{lefts[-2] if len(lefts) > 1 else '^'} {l1}"
        yield f"R2:{r1} {rights[1] if len(rights) > 1 else '$'}"
        yield f"LT:{doc[first - 1].tag_ if lefts else '^'}"
        yield f"RT:{doc[last].tag_ if rights else '$'}"
        for word in lefts:
            yield f"L:{word}"
        for word in rights:
            yield f"R:{word}"
        span = doc[max(0, first) : max(last, first + 1)]
        tags = [t.tag_ for t in span]
        yield f"tags:{' '.join(tags[:4])}"
        yield f"tokens:{min(len(tags), 6)}"
        for tag in tags:
            yield f"tag:{tag}"
        yield f"stock:{span.root.ent_type_ if doc.lang_ != 'zh' else tags[-1]}"
        if doc.lang_ != "zh":
            root = span.root
            yield f"dep:{root.dep_}"
            yield f"head:{root.dep_}:{root.head.lemma_.lower()}"
            if root.dep_ in ("pobj", "appos", "conj", "compound"):
                yield f"head2:{root.dep_}:{root.head.head.lemma_.lower()}"
            for child in root.children:
                if child.i >= last or child.i < first:
                    yield f"child:{child.dep_}:{child.lemma_.lower()}"
            if span[0].is_sent_start:
                yield "opens-sentence"
        if joint := _LISTING.match(text, end):
            for other in self.starting.get((index, joint.end()), ()):
                yield f"listed:{other.guess}"
        for back in range(1, _LISTED + 1):
            if _LISTING.fullmatch(text, start - back, start):
                for other in self.ending.get((index, start - back), ()):
                    yield f"listed:{other.guess}"
        for gap in (0, 1):
            for other in self.ending.get((index, start - gap), ()):
                yield f"behind:{other.guess}:{gap}"
            for other in self.starting.get((index, end + gap), ()):
                yield f"before:{other.guess}:{gap}"


def _parts(surface: str) -> Iterator[tuple[str, str]]:
    """The words or characters that a name begins and ends with, by which it may be called for short."""
    words = surface.split(" ")
    if len(words) > 1:
        yield "begins", words[0]
        yield "ends", words[-1]
        if len(words) > 2:
            yield "begins", " ".join(words[:2])
    elif has_han(surface):
        for cut in range(2, min(len(surface), 6)):
            yield "begins", surface[:cut]
            yield "ends", surface[-cut:]


@lru_cache(maxsize=4096)
def _shape(surface: str) -> tuple[str, ...]:
    """The features of a surface by itself; names come again in other documents."""
    return tuple(_shaped(surface))


def _shaped(surface: str) -> Iterator[str]:
    han = has_han(surface)
    yield f"script:{'mixed' if han and re.search('[A-Za-z]', surface) else 'han' if han else 'latin'}"
    yield f"long:{min(len(surface), 12) if han else min(len(surface) // 3, 12)}"
    shape = re.sub(
        r"(.)\1+",
        r"\1",
        re.sub("[a-z]", "x", re.sub("[A-Z]", "X", re.sub(r"\d", "9", re.sub(r"[\u4e00-\u9fff]", "h", surface)))),
    )
    yield f"shape:{shape[:12]}"
    if han:
        yield f"first:{surface[0]}"
        if surface[0] in SURNAMES:
            yield f"surname:{min(len(surface), 4)}"
        yield f"last:{surface[-1]}"
        yield f"last2:{surface[-2:]}"
        yield from _words_within(surface)
        yield f"first2:{surface[:2]}"
        for at in range(len(surface)):
            yield f"in:{surface[at]}"
            if at:
                yield f"in:{surface[at - 1 : at + 1]}"
    else:
        parts = surface.split()
        yield f"words:{min(len(parts), 6)}"
        yield f"first:{parts[0].lower() if parts else ''}"
        yield f"last:{parts[-1].lower() if parts else ''}"
        yield f"end3:{surface[-3:].lower()}"
        yield f"end2:{surface[-2:].lower()}"
        yield f"begin3:{surface[:3].lower()}"
        for part in parts:
            yield f"in:{part.lower()}"
        known = [lexical(part, "en") for part in parts]
        yield f"known:{lexical(surface, 'en')}"
        yield f"known-first:{known[0] if known else ''}"
        yield f"known-last:{known[-1] if known else ''}"
        ordinary = sum(k in ORDINARY for k in known)
        yield f"ordinary:{'all' if ordinary == len(known) else 'some' if ordinary else 'none'}"
    if any(c.isdigit() for c in surface):
        yield "digit"
    lang = "zh" if han else "en"
    if surface.lower() in cues(lang).common:
        yield "common"


def _words_within(surface: str) -> Iterator[str]:
    """What is known of a Chinese surface as a word, and of the words that it is made of: 国家政策 of two ordinary ones."""
    whole = lexical(surface, "zh")
    yield f"known:{whole}"
    if whole:
        return
    heads = [cut for cut in range(2, len(surface)) if lexical(surface[:cut], "zh")]
    tails = [cut for cut in range(1, len(surface) - 1) if lexical(surface[cut:], "zh")]
    if heads:
        yield f"known-first:{lexical(surface[: heads[-1]], 'zh')}"
    if tails:
        yield f"known-last:{lexical(surface[tails[0] :], 'zh')}"
    for cut in sorted({*heads} & {*tails}):
        yield f"made:{lexical(surface[:cut], 'zh')[1:2]}+{lexical(surface[cut:], 'zh')[1:2]}"
        yield "made"
