"""The names of one document: candidates of all its passages are weighed together, and each accepted name is found wherever it stands.

A name has one type in a document (the contract lists a surface form once), so that a clear context settles the unclear ones.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from kg.annotate.candidates import words
from kg.annotate.cues import cues
from kg.annotate.definitions import GENERIC, definitions, may_abbreviate
from kg.annotate.forms import NONE, Form, Forms
from kg.annotate.judge import Judge, judge
from kg.annotate.speaker import OFFERED, speaker, speaks_for_itself
from kg.model import Document, Mention
from kg.names import TITLES, core, short_forms
from kg.text import fold, has_han

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from spacy.tokens import Doc

    from kg.ingest.passages import Passage

_DERIVED = 0.9
"""How sure a form is that follows from a name: its short form, another version."""
_WORD = re.compile(r"[A-Za-z0-9]")


@dataclass(frozen=True, slots=True)
class Name:
    """A surface form that is a name, with its type and how surely."""

    surface: str
    type: str
    chance: float
    found_by: str
    entry: str | None = None
    sure: bool = False
    places: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Annotated:
    """A document with its passages, their docs, its mentions in order, and the cluster of each mention: same number, same thing."""

    document: Document
    passages: Sequence[tuple[Passage, Doc]]
    mentions: Sequence[tuple[int, int, int, Mention]]
    """(passage index, start, end in the passage's reading text, mention), ordered."""
    cluster_of: Mapping[str, int]
    filer: int | None
    """The cluster of the firm whose document this is: what 公司 and "we" stand for."""

    @cached_property
    def speaker(self) -> Mention | None:
        """The first mention of the filer."""
        if self.filer is None:
            return None
        return next((m for *_, m in self.mentions if self.cluster_of[m.id] == self.filer), None)

    @cached_property
    def own(self) -> bool:
        """Whether the words are a firm's own, of its record or filing: its 公司 is always itself, that of an article is not."""
        return speaks_for_itself(self.passages)


def annotate(
    document: Document, passages: Sequence[tuple[Passage, Doc]], judges: Callable[[str], Judge | None] = judge
) -> Annotated:
    """Decide the names of `document` and find each of their occurrences; `judges` gives the judge of a language."""
    names = _accepted(passages, judges)
    same = _Same()
    for name in list(names.values()):
        if name.entry:
            same.join(name.surface, f"\0{name.entry}")
    _define(passages, names, same)
    _shorten(passages, names, same)
    _join_cores(names, same)
    found = sorted(_occurrences(document, passages, names), key=lambda f: (f[0], f[1]))
    number: dict[str, int] = {}
    cluster_of: dict[str, int] = {}
    for _, _, _, mention, surface in found:
        cluster_of[mention.id] = number.setdefault(same.root(surface), len(number))
    mentions = [f[:4] for f in found]
    return Annotated(
        document=document,
        passages=passages,
        mentions=mentions,
        cluster_of=cluster_of,
        filer=speaker(passages, mentions, cluster_of, number.get(same.root("\0filer"))),
    )


def _accepted(passages: Sequence[tuple[Passage, Doc]], judges: Callable[[str], Judge | None]) -> dict[str, Name]:
    """Surface -> name, for those that the judge takes for one."""
    forms = Forms([doc for _, doc in passages])
    names = {s: name for s, form in forms.forms.items() if (name := _judged(form, forms, judges)) is not None}
    accepted = {s: n for s, n in names.items() if n.sure or not _is_event(n)}
    kept = {s: n for s, n in accepted.items() if not _is_compound(n, accepted)}
    text = "\n".join(passage.text for passage, _ in passages)
    kept |= _families(kept, text)
    return {**kept, **_versions(kept, text)}


def _judged(form: Form, forms: Forms, judges: Callable[[str], Judge | None]) -> Name | None:
    """The name that a form is, if the judge of its language takes it for one. Where there is no judge, the best source is believed."""
    decide = judges(forms.docs[min(form.places)[0]].lang_)
    chances = decide(forms.features(form)) if decide else {form.guess: 1.0}
    sure = forms.sure(form)
    if sure:
        chances[sure] = chances.get(sure, 0.0) * _SURE
        chances[NONE] = chances.get(NONE, 0.0) / _SURE
    total = sum(chances.values())
    none = chances.pop(NONE, 0.0) / total
    if not chances or 1 - none < _LEAST:
        return None
    kind = max(chances, key=lambda k: (chances[k], k))
    entries = sorted({(not c.sure, c.entry) for c in form.candidates if c.entry and c.scores[0][0] == kind})
    return Name(
        surface=form.surface,
        type=kind,
        chance=1 - none,
        found_by="registry" if entries else next(form.candidates).found_by,
        entry=entries[0][1] if entries else None,
        sure=form.sure is not None,
        places=frozenset(form.places),
    )


_LEAST = 0.6
"""Probability from which a form is a name. F1 on validation passages is flat between 0.35 and 0.65; other documents have fewer names."""
_SURE = 40.0
"""How much likelier a name is where its words alone prove it, and how much less likely that it is none: the corpus has more
names that no registry knows than documents have."""


def _is_event(name: Name) -> bool:
    """Whether it is a meeting (WAIC2024, Orbex Tech Day, 云帆开发者大会), which is no mention; benchmarks and datasets are named so too."""
    return name.type not in ("Benchmark", "Dataset") and _EVENT.fullmatch(name.surface) is not None


def _versions(names: Mapping[str, Name], text: str) -> dict[str, Name]:
    """Chinese names of products and models with a version or a mark right behind, which name another thing: 云帆2.0, 云帆OS."""
    found = {}
    for name in names.values():
        if name.type in OFFERED and has_han(name.surface[-1]) and len(name.surface) > 1:
            for match in re.finditer(re.escape(name.surface) + _MARK, text):
                found[match.group()] = Name(match.group(), name.type, _DERIVED, "version")
    return {surface: name for surface, name in found.items() if surface not in names}


def _families(names: Mapping[str, Name], text: str) -> dict[str, Name]:
    """The families of numbered products, models and chips, and all their members: 云帚3 tells of 云帚 and 云帚2, SkyPilot 4 of SkyPilot.

    A family is of one type: that of its surest members.
    """
    votes: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for name in names.values():
        match = _NUMBERED.fullmatch(name.surface)
        if match is not None and name.type in ("Product", "AIModel", "Chip"):
            votes[match["family"]][name.type] += name.chance
    found = {}
    for family, kinds in votes.items():
        known = cues("zh" if has_han(family) else "en")
        if known.is_generic(family) or family.lower() in known.common:
            continue
        if family in names and names[family].type in kinds:
            kinds[names[family].type] += names[family].chance
        kind = max(kinds, key=lambda k: (kinds[k], k))
        members = {m.group() for m in re.finditer(rf"(?<![A-Za-z0-9]){re.escape(family)}{_MEMBER}", text)}
        for surface in sorted(members | {family}):
            if surface in names:
                if not names[surface].sure and (surface in members or names[surface].type in kinds):
                    found[surface] = replace(names[surface], type=kind)
            elif any(_free_standing(surface, m, text) for m in members if m != surface):
                places = frozenset(place for m in members if m in names for place in names[m].places)
                found[surface] = Name(surface, kind, _DERIVED, "family", places=places)
    return found


_MEMBER = (
    r"[ -]?[VvMXS]?\d{1,3}(?![A-Za-z0-9.%％,，:：]|\s?(?:年|月|日|亿|万|元|个|款|台|名|家|倍|million|billion|percent))"
)
_NUMBERED = re.compile(rf"(?P<family>[\u4e00-\u9fff]{{2,6}}|[A-Z][A-Za-z]*[a-z][A-Za-z]*){_MEMBER}")


_EVENT = re.compile(
    r"[A-Z]{2,9}[\s-]?20(?:0[5-9]|[1-3]\d)|.+ (?:Day|Days|Week|Summit|Conference|Expo|Congress|Symposium|Hackathon|Awards?)(?: 20\d\d)?"
    r"|.+(?:大会|峰会|论坛|博览会|展览会|开放日|大赛|大奖|發表會|发布会|年会|大會|峰會|論壇)"
)
_MARK = r"(?:(?:OS|Pro|Max|Plus|Ultra|Lite|Mini|Turbo)(?![A-Za-z])|[Vv]?\d{1,2}(?:[.．]\d{1,2})+(?![\d%％]))"


_MAKER_AND_CODE = re.compile(r"([\u4e00-\u9fff]{2,6})\s?[A-Za-z0-9][A-Za-z0-9 .+-]*$")


def _is_compound(name: Name, accepted: Mapping[str, Name]) -> bool:
    """Whether the words are a maker and its product side by side, each a name of its own (AMD MI300X), and no name as a whole.

    What the registry knows as a whole falls apart only where it knows the product by both names, which stands alone, too.
    """
    surface = name.surface
    if match := _MAKER_AND_CODE.match(surface):
        first = accepted.get(match[1])
        return not name.sure and first is not None and first.sure and first.type in ("Company", "Organization")
    for space in re.finditer(" ", surface):
        first, second = accepted.get(surface[: space.start()]), accepted.get(surface[space.end() :])
        if first is None or second is None or not (first.sure or first.type in ("Company", "Organization")):
            continue
        within = {(index, start + space.end()) for index, start in name.places}
        alone = bool(second.places - within)
        if name.sure:
            apart = alone and second.entry is not None and second.entry == name.entry
        else:
            apart = alone or second.sure or min(first.chance, second.chance) > name.chance
        if apart:
            return True
    return False


class _Same:
    """Union-find over surfaces: which forms name one thing."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def root(self, item: str) -> str:
        while (parent := self._parent.get(item, item)) != item:
            item = parent
        return item

    def join(self, left: str, right: str) -> None:
        a, b = sorted((self.root(left), self.root(right)))
        self._parent[b] = a


def _define(passages: Sequence[tuple[Passage, Doc]], names: dict[str, Name], same: _Same) -> None:
    """Join what the text defines: a name that stands right before the brackets, and the short form inside."""
    for index, (passage, doc) in enumerate(passages):
        text = passage.text
        ends = {
            c.end: text[c.start : c.end]
            for c in sorted(doc._.candidates or (), key=lambda c: c.start - c.end, reverse=True)
        }
        for stop, start, end in definitions(text):
            long = _before(text, stop, ends, names)
            short = text[start:end].strip()
            if long is None or short == long:
                continue
            name = names[long]
            if short in GENERIC:
                same.join(long, "\0filer")
            elif (
                defined := "称" in text[stop:start]
                or "稱" in text[stop:start]
                or "“" in text[stop:start]
                or '"' in text[stop:start]
            ) or may_abbreviate(long, short):
                if (
                    short in names
                    and names[short].sure
                    and names[short].entry
                    and name.entry
                    and names[short].entry != name.entry
                ):
                    continue
                if not defined and (
                    len(short) > 12
                    or re.search(r"\d{4,}|%|[.,]\d", short)
                    or (short in names and names[short].type != name.type)
                ):
                    continue
                names[short] = Name(
                    short, name.type, _DERIVED, "definition", name.entry, sure=True, places=frozenset({(index, start)})
                )
                same.join(long, short)


def _before(text: str, stop: int, ends: Mapping[int, str], names: Mapping[str, Name]) -> str | None:
    """The accepted name that ends where the brackets begin."""
    for at in (stop, stop - 1, stop - 2):
        if (surface := ends.get(at)) in names and not text[at:stop].strip(' ”」》’"'):
            return surface
    return None


def _shorten(passages: Sequence[tuple[Passage, Doc]], names: dict[str, Name], same: _Same) -> None:
    """Add the short forms of accepted names that the text uses on their own, such as a surname or a firm's core."""
    texts = [passage.text for passage, _ in passages]
    whole = "\n".join(texts)
    for name in sorted(names.values(), key=lambda n: (-n.chance, n.surface)):
        for form in short_forms(name.surface, name.type):
            if form in names:
                if (
                    names[form].type == name.type
                    and (names[form].entry is None or name.entry is None or names[form].entry == name.entry)
                    and name.type != "AIModel"
                ):
                    same.join(name.surface, form)
                continue
            if (
                len(form) < 2
                or form in cues("zh" if has_han(form) else "en").generic
                or not _free_standing(form, name.surface, whole)
            ):
                continue
            names[form] = Name(form, name.type, _DERIVED, "short-form", name.entry)
            same.join(name.surface, form)
    for name in [n for n in names.values() if n.type == "Person" and has_han(n.surface) and 2 <= len(n.surface) <= 4]:
        for match in re.finditer(f"{name.surface[0]}(?={TITLES})", whole):
            surface = match.group()
            if surface not in names:
                names[surface] = Name(surface, "Person", _DERIVED, "surname", name.entry)
                same.join(name.surface, surface)


def _free_standing(form: str, long: str, text: str) -> bool:
    """Whether `form` stands in `text` outside of `long` at word boundaries."""
    rest = text.replace(long, "\n")
    if has_han(form):
        return rest.count(form) >= 1 and len(form) >= 2
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(form)}(?![A-Za-z0-9])", rest) is not None


def _join_cores(names: Mapping[str, Name], same: _Same) -> None:
    """Join spellings that fold to one form, and firms with one core."""
    by_key: dict[tuple[str, str], list[Name]] = defaultdict(list)
    for name in names.values():
        key = core(name.surface) if name.type in ("Company", "Organization") else fold(name.surface)
        by_key[name.type, key].append(name)
    for some in by_key.values():
        for other in some[1:]:
            if other.entry is None or some[0].entry is None or other.entry == some[0].entry:
                same.join(some[0].surface, other.surface)


_ACCOUNTING = re.compile(r"\s?(?:通用|公认|一般公认)?(?:会计准则|会计原则|公认会计)|\s?GAAP\b|存托")
"""What stands behind a country in the name of its accounting rules, and of depositary shares."""


def _occurrences(
    document: Document, passages: Sequence[tuple[Passage, Doc]], names: Mapping[str, Name]
) -> Iterator[tuple[int, int, int, Mention, str]]:
    """Each place where an accepted name stands: the longest first, none overlapping, Latin names at word boundaries."""
    import ahocorasick

    automaton = ahocorasick.Automaton()
    for surface in names:
        automaton.add_word(surface, surface)
    if not names:
        return
    automaton.make_automaton()
    for index, (passage, doc) in enumerate(passages):
        text = passage.text
        edges = words(doc).edges
        spans = []
        for last, surface in automaton.iter(text):
            start, end = last - len(surface) + 1, last + 1
            if names[surface].type == "Place" and _ACCOUNTING.match(text, end):
                continue
            if _bounded(text, start, end) and (
                len(surface) > 2 or not has_han(surface) or _fits(text, start, end, edges, names[surface], index)
            ):
                spans.append((start, end, surface))
        taken: set[int] = set()
        for start, end, surface in sorted(spans, key=lambda s: (s[0] - s[1], s[0])):
            if taken.isdisjoint(range(start, end)):
                taken.update(range(start, end))
                name = names[surface]
                a, b = passage.offsets[start], passage.offsets[end - 1] + 1
                yield (
                    index,
                    start,
                    end,
                    Mention(
                        document=document.id,
                        start=a,
                        end=b,
                        text=document.text[a:b],
                        type=name.type,
                        found_by=name.found_by,
                        score=round(min(0.99, name.chance), 3),
                        entry=name.entry,
                    ),
                    surface,
                )


def _bounded(text: str, start: int, end: int) -> bool:
    if _WORD.match(text[start]) and start and _WORD.match(text[start - 1]):
        return False
    return not (_WORD.match(text[end - 1]) and end < len(text) and _WORD.match(text[end]))


def _fits(text: str, start: int, end: int, edges: frozenset[int], name: Name, index: int) -> bool:
    """Whether a Chinese name of one or two characters is a name here: where it was seen as one, or is a word of its own."""
    if end - start == 1:
        return re.match(TITLES, text[end:]) is not None and not (
            start and has_han(text[start - 1]) and start not in edges
        )
    return (index, start) in name.places or (start in edges and end in edges)


def flat(found: Iterable[tuple[int, int, int, Mention]]) -> tuple[Mention, ...]:
    """The mentions alone, in order of the document."""
    return tuple(sorted((m for _, _, _, m in found), key=lambda m: (m.start, m.end)))
