"""Pairs of things that might stand in a relation, and what speaks for and against each: the input of the learned scorer.

A candidate is an ordered pair of things of one passage, seen at the two places where they stand nearest to each other. Its features
are names of facts about those places (words between, before and behind, order, distance, types, lists, who else stands near, which
patterns fired, in English the path in the dependency parse); the scorer learns what each is worth for each predicate.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise, permutations, takewhile
from typing import TYPE_CHECKING

from kg.annotate.candidates import words as words_of
from kg.registry.load import load
from kg.relate.polarity import IF, NOT
from kg.relate.rules import patterns
from kg.relate.sentences import Item
from kg.relate.topics import topics
from kg.vocabulary import PREDICATES, allows

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from kg.annotate.inventory import Annotated
    from kg.model import Claim, Mention
    from kg.relate.sentences import Sentence
    from kg.relate.topics import Topic

_REACH = {"zh": 1, "en": 1}
"""Sentences that the two places may lie apart. In English, what lies further apart
brought far more wrong claims than right ones on validation passages."""
_NEAR = 6
"""Words at each end of the stretch between that are looked at one by one."""
_COMMAS = frozenset("，,；;：:、")
_QUOTES = frozenset('“”‘’"「」『』《》')
_JOINERS = frozenset(("、", "和", "及", "与", "以及", "或", "/", ",", "and", "&", "or", "跟", "暨", "同", "與"))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two things (numbers of their clusters) at the places where they stand nearest, with features and allowed predicates."""

    left: int
    right: int
    subject: Item
    object: Item
    subject_sentence: Sentence
    object_sentence: Sentence
    predicates: tuple[str, ...]
    named: tuple[int, int]
    """How often the document names each of the two."""
    own: frozenset[str]
    """Features of this pair alone."""
    shared: tuple[tuple[str, ...], ...] = ()
    """Features of words that other pairs of the passage have too: for all of them the same tuple, so that the scorer looks it up once.

    No feature stands in two of these, or in one and in `own`.
    """

    @property
    def features(self) -> frozenset[str]:
        """All features."""
        return self.own.union(*self.shared)


@dataclass(slots=True)
class _Place:
    """An occurrence of a thing: its item, position in the passage's row of items, and sentence."""

    item: Item
    at: int
    sentence: int
    cluster: int
    mention: Mention
    first: int = 0
    """Positions of the first and last member of the list that it stands in: its own if in none."""
    last: int = 0


@dataclass(slots=True)
class _Row:
    """The items of a passage's sentences in one row."""

    sentences: Sequence[Sentence]
    words: list[str] = field(default_factory=list)
    """The word at each position; a mention is its type in brackets."""
    places: list[_Place] = field(default_factory=list)
    sentence_of: list[int] = field(default_factory=list)
    ats: list[int] = field(default_factory=list)
    """The positions of the places."""
    of_kind: dict[tuple[str, int], list[_Place]] = field(default_factory=lambda: defaultdict(list))
    """The places of a type in a sentence."""

    def between(self, start: int, stop: int) -> list[_Place]:
        """The places that stand between two positions."""
        return self.places[bisect_right(self.ats, start) : bisect_left(self.ats, stop)]


@cache
def triggers(lang: str) -> Mapping[str, frozenset[str]]:
    """Word -> the predicates whose patterns need it."""
    found: dict[str, set[str]] = defaultdict(set)
    for pattern in patterns(lang):
        for word in (*pattern.words, *pattern.verbs):
            found[word].add(pattern.predicate)
    return {w: frozenset(p) for w, p in found.items() if len(p) < 5}


def _row(sentences: Sequence[Sentence], cluster_of: Mapping[str, int], *, asides: bool = False) -> _Row:
    row = _Row(sentences)
    for number, sentence in enumerate(sentences):
        for item in (asides and sentence.full) or sentence.items:
            if item.unseen:
                continue
            at = len(row.words)
            row.sentence_of.append(number)
            if item.mention is None:
                row.words.append(item.word)
                continue
            row.words.append(f"<{item.mention.type}>")
            place = _Place(item, at, number, cluster_of[item.mention.id], item.mention)
            row.places.append(place)
            row.ats.append(at)
            row.of_kind[item.mention.type, number].append(place)
    _lists(row)
    return row


def candidates(
    by_passage: Mapping[int, Sequence[Sentence]], annotated: Annotated, claims: Mapping[int, Sequence[Claim]]
) -> Iterator[tuple[int, tuple[Pair, ...]]]:
    """The candidates of each passage of a document, by its number; `claims` are those that patterns found there, which become features.

    What the document is about is paired with all that it names also where the two nowhere stand near to each other.
    """
    about = topics(annotated)
    near = {number: list(_near(some, annotated, about)) for number, some in by_passage.items()}
    seen = frozenset((a.cluster, b.cluster) for places in near.values() for _, a, b in places)
    # The features of one passage at a time are held: those of a whole document would not fit.
    for number, some in by_passage.items():
        yield (
            number,
            (
                *_weighable(some, annotated, claims.get(number, ()), near.pop(number)),
                *_with_topics(some, annotated, about, seen),
            ),
        )


def _near(
    sentences: Sequence[Sentence], annotated: Annotated, about: Mapping[int, Topic]
) -> Iterator[tuple[_Passage, _Place, _Place]]:
    """The places at which two things of a passage stand near to each other."""
    cluster_of, speaker = annotated.cluster_of, annotated.speaker
    rows = [_row(sentences, cluster_of)]
    if any(s.full for s in sentences):
        rows.append(_row(sentences, cluster_of, asides=True))
    told_by = cluster_of[speaker.id] if speaker is not None else None
    # What stands in brackets parts nothing; only a thing that stands nowhere else is seen there.
    seen: set[tuple[int, int]] = set()
    reach = _REACH[sentences[0].lang]
    for row in rows:
        by_cluster: dict[int, list[_Place]] = defaultdict(list)
        first_of: dict[str, int] = {}
        for place in row.places:
            by_cluster[place.cluster].append(place)
            first_of.setdefault(place.mention.type, place.cluster)
        passage = _Passage(row, first_of, told_by, len(by_cluster), about)
        for left, right in permutations(sorted(by_cluster), 2):
            if (left, right) in seen:
                continue
            allowed = _allowed(by_cluster[left][0].mention.type, by_cluster[right][0].mention.type)
            best = _nearest(by_cluster[left], by_cluster[right], reach) if allowed else None
            if best is not None:
                seen.add((left, right))
                yield passage, *best


def _weighable(
    sentences: Sequence[Sentence],
    annotated: Annotated,
    claims: Sequence[Claim],
    near: Iterable[tuple[_Passage, _Place, _Place]],
) -> Iterator[Pair]:
    """The pairs of things that stand near to each other in a passage, with their features."""
    cluster_of = annotated.cluster_of
    fired: dict[tuple[int, int], set[str]] = defaultdict(set)
    for claim in claims:
        ends = cluster_of[claim.subject.id], cluster_of[claim.object.id]
        strong = "+" if claim.confidence >= 0.7 else "-"
        fired[ends] |= {f"p:{claim.predicate}", f"p:{claim.predicate}{strong}", f"id:{claim.found_by}"}
        fired[ends[1], ends[0]].add(f"r:{claim.predicate}")
    for passage, a, b in near:
        yield Pair(
            left=a.cluster,
            right=b.cluster,
            subject=a.item,
            object=b.item,
            subject_sentence=sentences[a.sentence],
            object_sentence=sentences[b.sentence],
            predicates=_allowed(a.mention.type, b.mention.type),
            named=_named(passage.about, a.cluster, b.cluster),
            own=frozenset((*_features(passage, a, b), *fired.get((a.cluster, b.cluster), ()))),
            shared=_shared(passage, a, b),
        )


def _with_topics(
    sentences: Sequence[Sentence], annotated: Annotated, about: Mapping[int, Topic], seen: Collection[tuple[int, int]]
) -> Iterator[Pair]:
    """What the document is about with each thing of the passage that it is nowhere near to, seen where that thing stands first."""
    row = _row(sentences, annotated.cluster_of)
    told_by = annotated.cluster_of[annotated.speaker.id] if annotated.speaker is not None else None
    passage = _Passage(row, {}, told_by, 0, about)
    firsts: dict[int, _Place] = {}
    for place in row.places:
        firsts.setdefault(place.cluster, place)
    for topic, standing in passage.about.items():
        if not standing.main:
            continue
        far = Item(start=0, end=0, word="", mention=standing.mention, reference=True, unseen=True)
        for cluster, place in firsts.items():
            for turned in (False, True):
                ends = (cluster, topic) if turned else (topic, cluster)
                kinds = (place.mention.type, standing.mention.type)
                allowed = _allowed(*(kinds if turned else kinds[::-1]))
                if cluster == topic or ends in seen or not allowed:
                    continue
                sentence = row.sentences[place.sentence]
                yield Pair(
                    left=ends[0],
                    right=ends[1],
                    subject=place.item if turned else far,
                    object=far if turned else place.item,
                    subject_sentence=sentence,
                    object_sentence=sentence,
                    predicates=allowed,
                    named=_named(about, *ends),
                    own=frozenset(_topical(passage, place, standing, topic in firsts, end := "B" if turned else "A")),
                    shared=(
                        passage.once(_before, place.first, f"T{end}"),
                        passage.once(_behind, place.last, f"T{end}"),
                        passage.once(_topic_said, place.sentence, end),
                    ),
                )


def _named(about: Mapping[int, Topic], *clusters: int) -> tuple[int, int]:
    one, two = (about[c].named if c in about else 0 for c in clusters)
    return one, two


def _topical(passage: _Passage, place: _Place, topic: Topic, here: bool, end: str) -> Iterator[str]:
    """What is seen of a thing and of what the document is about, which is the subject (end A) or the object (B)."""
    row = passage.row
    kinds = (topic.mention.type, place.mention.type)
    yield f"T:{end}"
    yield f"T:{end}{kinds[0]}>{kinds[1]}"
    yield f"T-here:{here}"
    yield f"T-named:{_bucket(topic.named)}"
    yield f"T-opens:{topic.first_line}"
    if (topic.mention.type, place.sentence) in row.of_kind:
        yield f"T-rival:{end}"
    if place.cluster == passage.speaker:
        yield f"{'B' if end == 'A' else 'A'}-speaker"
    yield from _standing(passage, "AB", place.cluster if end == "B" else None, place.cluster if end == "A" else None)
    yield from (_known(topic.mention, place.mention) if end == "A" else _known(place.mention, topic.mention))


def _topic_said(row: _Row, number: int, end: str) -> Iterator[str]:
    """All words of the sentence of a thing that is seen with a topic."""
    known = triggers(row.sentences[0].lang)
    sentence = row.sentences[number]
    for word in {i.word for i in sentence.items if i.word}:
        yield f"Ts:{end}{word}"
        for predicate in known.get(word, ()):
            yield f"gs:{predicate}"
    if any(i.reference for i in sentence.items):
        yield f"T-reference:{end}"
    if sentence.asked:
        yield "asked"


def _standing(passage: _Passage, ends: str, *clusters: int | None) -> Iterator[str]:
    """How much the document speaks of each end."""
    for end, cluster in zip(ends, clusters, strict=True):
        topic = passage.about.get(cluster) if cluster is not None else None
        if topic is not None:
            yield f"{end}-named:{_bucket(topic.named)}"
            if topic.main:
                yield f"{end}-main"
            if topic.first_line:
                yield f"{end}-first-line"


@cache
def _allowed(subject: str, obj: str) -> tuple[str, ...]:
    return tuple(p for p in sorted(PREDICATES) if allows(p, subject, obj))


def _nearest(lefts: Sequence[_Place], rights: Sequence[_Place], reach: int) -> tuple[_Place, _Place] | None:
    """The two places that are nearest: fewest sentences apart, then fewest items, named rather than referred to."""
    ats = [p.at for p in rights]
    best: tuple[tuple[int, int, int], _Place, _Place] | None = None
    for a in lefts:
        near = {max(0, bisect_left(ats, a.at) - 1), min(len(ats) - 1, bisect_right(ats, a.at))}
        for b in (rights[i] for i in near):
            key = (abs(a.sentence - b.sentence), abs(a.at - b.at) + 3 * (a.item.reference + b.item.reference), a.at)
            if best is None or key < best[0]:
                best = (key, a, b)
    if best is None or best[0][0] > reach:
        return None
    return best[1], best[2]


@dataclass(frozen=True, slots=True)
class _Passage:
    row: _Row
    first_of: Mapping[str, int]
    speaker: int | None
    things: int
    about: Mapping[int, Topic]
    _shared: dict[tuple[object, ...], tuple[str, ...]] = field(default_factory=dict)

    def once(self, make: Callable[..., Iterator[str]], *of: object) -> tuple[str, ...]:
        """What `make` yields of what many pairs share, made for the first of them."""
        key = (make, *of)
        if key not in self._shared:
            self._shared[key] = tuple(dict.fromkeys(make(self.row, *of)))
        return self._shared[key]


_WORDY = 8
"""Words that a member of a list may have before its name: the AI accelerator M10, the network card N20."""


def _lists(row: _Row) -> None:
    """Note of each place the list that it stands in: things of one type, joined, with at most words before a name that describe it.

    Things of other types may stand in such a description: the server X2, made with Haina, and the card N20.
    """
    lists: dict[str, list[_Place]] = {}
    """The list of each type that goes on last."""
    every: list[list[_Place]] = []
    for place in row.places:
        members = lists.get(place.mention.type)
        if members is None or not _listed(row, members[-1], place):
            members = lists[place.mention.type] = []
            every.append(members)
        members.append(place)
    for members in every:
        for place in members:
            place.first, place.last = members[0].at, members[-1].at


def _listed(row: _Row, one: _Place, two: _Place) -> bool:
    """Whether a list goes on from one place to the next."""
    if one.sentence != two.sentence:
        return False
    between = row.words[one.at + 1 : two.at]
    joined = len(list(takewhile(_JOINERS.__contains__, between)))
    told = between[max(joined, between[:1] == ["，"]) :]
    if not told:
        return joined > 0
    return len(told) < len(between) and len(told) <= _WORDY and _COMMAS.isdisjoint(told) and _describes(row, two)


_DESCRIBING = ("n", "an", "vn", "NN", "JJ", "DT")


def _describes(row: _Row, place: _Place) -> bool:
    """Whether the word before a name is a noun that it bears, as in "the accelerator M10"."""
    doc = row.sentences[place.sentence].doc
    at = bisect_left(words_of(doc).starts, place.item.start)
    while at and doc[at - 1].text in _QUOTES:
        at -= 1
    return at > 0 and doc[at - 1].tag_.startswith(_DESCRIBING)


def _bucket(number: int) -> str:
    return str(number) if number < 4 else "4-6" if number < 7 else "7-12" if number < 13 else "13+"


def _gap(first: _Place, second: _Place) -> tuple[int, int]:
    """The positions that what stands between two places lies between.

    Members of a list share its place: what stands between A and B in "A makes X, Y and B" is "makes".
    """
    start, stop = first.last, second.first
    return (start, stop) if start < stop else (first.at, second.at)


def _shared(passage: _Passage, a: _Place, b: _Place) -> tuple[tuple[str, ...], ...]:
    """The features of the words between, before and behind two places, and of all words of their sentences."""
    order, first, second = ("ab", a, b) if a.at < b.at else ("ba", b, a)
    return (
        passage.once(_between, *_gap(first, second), order),
        passage.once(_before, first.first, order),
        passage.once(_behind, second.last, order),
        passage.once(_said, *sorted({a.sentence, b.sentence})),
    )


def _features(passage: _Passage, a: _Place, b: _Place) -> Iterator[str]:
    """The features of a pair beside those of `_shared`."""
    row = passage.row
    words = row.words
    kinds = f"{a.mention.type}>{b.mention.type}"
    order, first, second = ("ab", a, b) if a.at < b.at else ("ba", b, a)
    start, stop = _gap(first, second)
    listed = second.first < second.at
    between = words[start + 1 : stop]
    lang = passage.row.sentences[0].lang
    yield f"t:{kinds}"
    yield f"o:{order}"
    yield f"to:{kinds}{order}"
    apart = abs(a.sentence - b.sentence)
    yield f"sd:{apart}"
    yield f"sd:{order}{apart}"
    if listed:
        yield "in-list"
    if (first.last >= second.at and first.mention.type == second.mention.type) or (
        start == first.at
        and stop == second.at
        and between
        and all(w in _JOINERS or w == words[first.at] for w in between)
    ):
        yield "together"
    others = row.between(start, stop)
    if any(p.mention.type == a.mention.type and p.cluster != a.cluster for p in others):
        yield "rival-subject"
    if any(p.mention.type == b.mention.type and p.cluster != b.cluster for p in others):
        yield "rival-object"
    edge = row.sentences[second.sentence]
    if any(p.at < b.at and p.cluster != a.cluster for p in row.of_kind.get((a.mention.type, b.sentence), ())):
        yield "subject-type-before-object"
    span = [*words[max(0, first.first - 2) : first.first], *between, *words[second.last + 1 : second.last + 3]]
    if not NOT[lang].isdisjoint(span):
        yield "not"
    if not IF[lang].isdisjoint(span):
        yield "if"
    if edge.asked or row.sentences[first.sentence].asked:
        yield "asked"
    for name, place in (("A", a), ("B", b)):
        if passage.first_of.get(place.mention.type) == place.cluster:
            yield f"{name}-first-of-type"
        if row.places and row.places[0].cluster == place.cluster:
            yield f"{name}-first"
        if place.cluster == passage.speaker:
            yield f"{name}-speaker"
        if place.item.reference:
            yield f"{name}-reference"
        if place.at == 0 or row.sentence_of[place.at - 1] != place.sentence:
            yield f"{name}-opens"
    yield f"things:{_bucket(passage.things)}"
    yield from _standing(passage, "AB", a.cluster, b.cluster)
    yield from _known(a.mention, b.mention)
    yield from _path(row, a, b)


def _between(row: _Row, start: int, stop: int, order: str) -> Iterator[str]:
    """The words between two positions, and what else is named there."""
    lang = row.sentences[0].lang
    between = row.words[start + 1 : stop]
    yield f"d:{_bucket(len(between))}"
    commas = sum(w in _COMMAS for w in between)
    yield f"c:{min(commas, 4)}"
    others = row.between(start, stop)
    yield f"n:{min(len(others), 5)}"
    for kind in sorted({p.mention.type for p in others}):
        yield f"m:{kind}"
    near = between if len(between) <= 2 * _NEAR else [*between[:_NEAR], "…", *between[-_NEAR:]]
    for word in near:
        yield f"w:{order}{word}"
        for stem in _stems(word, lang):
            yield f"k:{order}{stem}"
    for one, two in pairwise(near):
        yield f"b:{order}{one} {two}"
    if between:
        yield f"f:{order}{between[0]}"
        yield f"l:{order}{between[-1]}"
    if len(between) <= 5:
        yield f"all:{order}{' '.join(between)}"
    else:
        yield f"fl:{order}{between[0]} {between[-1]}"
    known = triggers(lang)
    for word in between:
        for predicate in known.get(word, ()):
            yield f"g:between{order}{predicate}"


def _before(row: _Row, at: int, order: str) -> Iterator[str]:
    """The words before the position `at`."""
    lang = row.sentences[0].lang
    before = row.words[max(0, at - 3) : at]
    yield f"x1:{order}{before[-1] if before else '^'}"
    for word in before:
        yield f"x:{order}{word}"
        for stem in _stems(word, lang):
            yield f"xk:{order}{stem}"
        for predicate in triggers(lang).get(word, ()):
            yield f"g:before{order}{predicate}"


def _behind(row: _Row, at: int, order: str) -> Iterator[str]:
    """The words behind the position `at`."""
    lang = row.sentences[0].lang
    behind = row.words[at + 1 : at + 6]
    yield f"y1:{order}{behind[0] if behind else '$'}"
    yield f"y2:{order}{' '.join(behind[:2])}"
    for word in behind:
        yield f"y:{order}{word}"
        for stem in _stems(word, lang):
            yield f"yk:{order}{stem}"
        for predicate in triggers(lang).get(word, ()):
            yield f"g:behind{order}{predicate}"


def _said(row: _Row, *numbers: int) -> Iterator[str]:
    """All words of the sentences of both ends."""
    known = triggers(row.sentences[0].lang)
    for word in {i.word for n in numbers for i in row.sentences[n].items if i.word}:
        yield f"s:{word}"
        for predicate in known.get(word, ()):
            yield f"gs:{predicate}"


def _stems(word: str, lang: str) -> Iterable[str]:
    """Parts that words of one meaning share: 投 in 领投 and 参投, `invest` in investor and investment."""
    if lang == "zh":
        return (c for c in word if c > "\u3400") if len(word) > 1 and word[0] != "<" else ()
    return (word[:6],) if len(word) > 6 else ()


def _known(subject: Mention, obj: Mention) -> Iterator[str]:
    """What the names and the registry say."""
    known = load()
    left, right = known.get(subject.entry), known.get(obj.entry)
    if right is not None and right.maker and right.maker == subject.entry:
        yield "made-by"
    elif right is not None and right.maker and subject.entry:
        yield "made-by-other"
    if left is not None and left.family and left.family == obj.entry:
        yield "of-family"
    if obj.text.startswith(subject.text):
        yield "object-begins-with-subject"
    if subject.text.startswith(obj.text):
        yield "subject-begins-with-object"


def _path(row: _Row, a: _Place, b: _Place) -> Iterator[str]:
    """English: the labels and lemmas on the way between the two in the parse."""
    sentence = row.sentences[a.sentence]
    if sentence.lang != "en" or a.sentence != b.sentence:
        return
    left, right = (sentence.doc.char_span(p.item.start, p.item.end, alignment_mode="expand") for p in (a, b))
    if left is None or right is None:
        return
    up, down = [left.root], [right.root]
    ancestors = {t.i: n for n, t in enumerate((right.root, *right.root.ancestors))}
    for token in (left.root, *left.root.ancestors):
        if token.i in ancestors:
            top = token
            break
        up.append(token)
    else:
        return
    up = [left.root, *left.root.ancestors]
    up = up[: [t.i for t in up].index(top.i)]
    down = [right.root, *right.root.ancestors]
    down = down[: [t.i for t in down].index(top.i)]
    if len(up) + len(down) > 6:
        yield "path:long"
        return
    labels = "<".join(t.dep_ for t in up) + "^" + ">".join(t.dep_ for t in reversed(down))
    yield f"path:{labels}"
    yield f"top:{top.lemma_.lower()}"
    ends = f"{up[-1].dep_ if up else '='}|{down[-1].dep_ if down else '='}"
    for predicate in triggers("en").get(top.lemma_.lower(), ()):
        yield f"D:{predicate}|{ends}"
    yield f"top:{top.lemma_.lower()}|{up[-1].dep_ if up else '='}|{down[-1].dep_ if down else '='}"
    for token in (*up[1:], *down[1:]):
        yield f"via:{token.lemma_.lower()}"
