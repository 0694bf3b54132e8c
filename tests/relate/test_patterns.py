"""Every pattern finds what its file says that it must, and nothing where it must not."""

from __future__ import annotations

import pytest
from kg.relate import english, rules
from kg.relate.rules import patterns
from kg.relate.sentences import sentences
from training.sentences import marked as annotated

pytestmark = pytest.mark.models

CASES = [(p, s, True) for lang in ("zh", "en") for p in patterns(lang) for s in p.must] + [
    (p, s, False) for lang in ("zh", "en") for p in patterns(lang) for s in p.must_not
]


def found(pattern: rules.Pattern, marked: str) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Pairs that the pattern finds, and pairs that are marked."""
    reading, subjects, objects = annotated(marked, pattern.lang)
    pairs = set()
    for sentence in sentences(reading):
        for match in (
            *rules.matches(sentence, [pattern]),
            *(m for m in english.matches(sentence) if m.pattern.id == pattern.id),
        ):
            subject, obj = (match.object, match.subject) if pattern.swap else (match.subject, match.object)
            pairs.add((subject.mention.text, obj.mention.text))
    return pairs, {(s, o) for s in subjects for o in objects}


@pytest.mark.parametrize(
    ("pattern", "marked", "must"),
    CASES,
    ids=[f"{p.id}-{'must' if m else 'not'}-{i}" for i, (p, _, m) in enumerate(CASES)],
)
def test_pattern_example(pattern: rules.Pattern, marked: str, must: bool) -> None:
    pairs, wanted = found(pattern, marked)
    if must:
        assert wanted <= pairs
    else:
        assert not pairs


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_pattern_has_examples_of_both_kinds(lang: str) -> None:
    lacking = [p.id for p in patterns(lang) if not p.must or not p.must_not]
    assert not lacking


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_predicate_has_a_pattern(lang: str) -> None:
    from kg.vocabulary import PREDICATES

    assert set(PREDICATES) - {p.predicate for p in patterns(lang)} <= {"evaluatedOn"}
