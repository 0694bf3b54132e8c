"""Claims of a document: what the patterns and readers find in its sentences, checked against the ontology, one for each evidence."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.model import Claim, Evidence, Observation, Qualifiers
from kg.relate import english, rules
from kg.relate.evaluations import evaluations
from kg.relate.observations import observations
from kg.relate.offerings import makers, offerings
from kg.relate.offices import offices
from kg.relate.pairs import candidates
from kg.relate.scorer import scorer
from kg.relate.sentences import Sentence, sentences
from kg.relate.values import period
from kg.vocabulary import PREDICATES, allows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.annotate.inventory import Annotated
    from kg.model import Mention
    from kg.relate.pairs import Pair
    from kg.relate.sentences import Item

_REFERENCE, _UNSEEN = 0.9, 0.75
"""What a claim loses of its confidence where an end is a pronoun, or not written at all."""


def relate(annotated: Annotated) -> tuple[tuple[Claim, ...], tuple[Observation, ...]]:
    """All claims and observations of a document, in order of their evidence; `status.timed` tells when a claim holds."""
    by_passage, fired = found(annotated)
    numbers: dict[tuple[object, ...], Observation] = {}
    for number in observations(annotated, by_passage, fired):
        key = (annotated.cluster_of[number.subject.id], number.metric, number.value, number.unit, number.period)
        if key not in numbers or number.confidence > numbers[key].confidence:
            numbers[key] = number
    claims: dict[tuple[str, ...], Claim] = {}
    for index, some in candidates(by_passage, annotated, fired):
        for claim in _weighed(some, annotated, fired.get(index, ())):
            said = _key(claim, annotated)
            if said[1] != said[2] and (said not in claims or _better(claim, claims[said])):
                claims[said] = claim
    ordered = sorted(
        claims.values(), key=lambda c: (c.evidence.start, c.evidence.end, c.predicate, c.subject.start, c.object.start)
    )
    return tuple(ordered), tuple(sorted(numbers.values(), key=lambda o: (o.evidence.start, o.metric, o.value)))


def found(annotated: Annotated) -> tuple[Mapping[int, Sequence[Sentence]], Mapping[int, Sequence[Claim]]]:
    """The sentences of each passage, and what patterns and readers find in them."""
    year = annotated.document.date[:4] if annotated.document.date else None
    named, speaker = makers(annotated), annotated.speaker
    by_passage: dict[int, list[Sentence]] = defaultdict(list)
    claims: dict[int, list[Claim]] = defaultdict(list)
    for sentence in sentences(annotated):
        by_passage[sentence.passage].append(sentence)
    for sentence in (s for some in by_passage.values() for s in some):
        claims[sentence.passage] += _of(sentence, annotated, year, named, speaker)
    return by_passage, claims


_LEAST = 0.05
"""Claims that are less likely than this are not even offered to `min_confidence`."""
_TRUST = 0.6
"""What a pattern's word counts where the scorer thinks less of it: of the 335 claims that this added on validation passages 82 were right, and F1 stayed; of the 19
on real documents, long lists above all, 13 were."""


def _weighed(some: Sequence[Pair], annotated: Annotated, fired: Sequence[Claim]) -> Iterator[Claim]:
    """The claims of one passage with the scorer's probability for confidence, those included that no pattern found."""
    judge = scorer(some[0].subject_sentence.lang) if some else None
    if judge is None:
        yield from fired
        return
    cluster = annotated.cluster_of
    best: dict[tuple[int, str, int], Claim] = {}
    for claim in fired:
        key = (cluster[claim.subject.id], claim.predicate, cluster[claim.object.id])
        if key not in best or _better(claim, best[key]):
            best[key] = claim
    judged: set[tuple[int, int]] = set()
    weighed = list(zip(some, judge(some), strict=True))
    near = _nearby(weighed)
    for pair, chances in weighed:
        judged.add((pair.left, pair.right))
        if pair.subject_sentence.asked or pair.object_sentence.asked:
            continue
        for predicate, chance in zip(pair.predicates, chances, strict=True):
            known = best.get((pair.left, predicate, pair.right))
            confidence = max(chance, _TRUST * known.confidence) if known else chance
            if confidence < _LEAST or _told_nearer(pair, predicate, confidence, near):
                continue
            yield (
                replace(known, confidence=round(confidence, 3))
                if known
                else _learned(pair, predicate, confidence, annotated)
            )
    # What a pattern read over a passage's edge (an unwritten subject) the scorer never saw.
    yield from (c for c in fired if (cluster[c.subject.id], cluster[c.object.id]) not in judged)


def _nearby(weighed: Iterable[tuple[Pair, Sequence[float]]]) -> Mapping[tuple[str, str, int], float]:
    """(end, predicate, thing) -> the most that speaks for a claim of it with something that stands near."""
    near: dict[tuple[str, str, int], float] = defaultdict(float)
    for pair, chances in weighed:
        if not (pair.subject.unseen or pair.object.unseen):
            for predicate, chance in zip(pair.predicates, chances, strict=True):
                for key in (("subject", predicate, pair.left), ("object", predicate, pair.right)):
                    near[key] = max(near[key], chance)
    return near


def _told_nearer(pair: Pair, predicate: str, chance: float, near: Mapping[tuple[str, str, int], float]) -> bool:
    """Whether a claim of what the document is about is rather one of what stands near: who invests in a passage invests in the firm that it names."""
    if pair.subject.unseen:
        return near.get(("object", predicate, pair.right), 0.0) > chance
    return pair.object.unseen and near.get(("subject", predicate, pair.left), 0.0) > chance


def _learned(pair: Pair, predicate: str, confidence: float, annotated: Annotated) -> Claim:
    """A claim that the scorer alone found: its evidence are the sentences of both ends."""
    ends = (pair.subject_sentence, pair.object_sentence)
    passage = annotated.passages[ends[0].passage][0]
    start, end = min(s.start for s in ends), max(s.end for s in ends)
    words = passage.text[start:end]
    start, end = start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())
    a, b = passage.span(start, end)
    assert pair.subject.mention is not None
    assert pair.object.mention is not None
    return Claim(
        document=annotated.document.id,
        subject=pair.subject.mention,
        predicate=predicate,
        object=pair.object.mention,
        evidence=Evidence(start=a, end=b, quote=annotated.document.text[a:b]),
        confidence=round(confidence, 3),
        found_by=f"{ends[0].lang}/{predicate}/learned",
    )


def _better(new: Claim, old: Claim) -> bool:
    return (new.confidence, -new.evidence.start) > (old.confidence, -old.evidence.start)


def _key(claim: Claim, annotated: Annotated) -> tuple[str, ...]:
    """A document states one thing once: the same predicate of the same two things, with the same role or value."""
    ends = [str(annotated.cluster_of[m.id]) for m in (claim.subject, claim.object)]
    if PREDICATES[claim.predicate].symmetric:
        ends.sort()
    return (claim.predicate, *ends, claim.qualifiers.role or "", claim.qualifiers.value or "")


def _of(
    sentence: Sentence, annotated: Annotated, year: str | None, named: Mapping[str, Mention], speaker: Mention | None
) -> Iterator[Claim]:
    for match in (*rules.matches(sentence), *english.matches(sentence)):
        subject, obj = (match.object, match.subject) if match.pattern.swap else (match.subject, match.object)
        qualifiers = Qualifiers(role=match.role, date=period(sentence.reading[match.start : match.end], year))
        yield from _claim(
            sentence,
            annotated,
            subject,
            match.pattern.predicate,
            obj,
            (match.start, match.end),
            match.pattern.confidence,
            match.pattern.id,
            qualifiers,
        )
    for maker, thing, confidence, how in offerings(sentence, named, speaker):
        span = (min(maker.start, thing.start), max(maker.end, thing.end))
        yield from _claim(
            sentence,
            annotated,
            maker,
            "develops",
            thing,
            span,
            confidence,
            f"{sentence.lang}/develops/{how}",
            Qualifiers(),
        )
    for office in offices(sentence, speaker):
        yield from _claim(
            sentence,
            annotated,
            office.person,
            office.predicate,
            office.house,
            (office.start, office.end),
            0.95,
            f"{sentence.lang}/{office.predicate}/office",
            Qualifiers(role=office.role),
        )
    for result in evaluations(sentence):
        yield from _claim(
            sentence,
            annotated,
            result.system,
            "evaluatedOn",
            result.benchmark,
            (sentence.start, sentence.end),
            0.7,
            f"{sentence.lang}/evaluatedOn/results",
            Qualifiers(value=result.value),
        )


def _claim(
    sentence: Sentence,
    annotated: Annotated,
    subject: Item,
    predicate: str,
    obj: Item,
    span: tuple[int, int],
    confidence: float,
    found_by: str,
    qualifiers: Qualifiers,
) -> Iterator[Claim]:
    if subject.mention is None or obj.mention is None:
        return
    if not allows(predicate, subject.mention.type, obj.mention.type):
        return
    for item in (subject, obj):
        confidence *= _UNSEEN if item.unseen else _REFERENCE if item.reference else 1.0
    passage = annotated.passages[sentence.passage][0]
    start, end = passage.offsets[span[0]], passage.offsets[span[1] - 1] + 1
    yield Claim(
        document=annotated.document.id,
        subject=subject.mention,
        predicate=predicate,
        object=obj.mention,
        evidence=Evidence(start=start, end=end, quote=annotated.document.text[start:end]),
        confidence=round(confidence, 3),
        found_by=found_by,
        qualifiers=qualifiers,
    )
