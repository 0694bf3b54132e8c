"""What a document is about, and claims of it that are told far from its name."""

from __future__ import annotations

import pytest
from kg.relate.pairs import candidates
from kg.relate.sentences import Sentence, sentences
from kg.relate.topics import topics
from training.sentences import marked


def by_passage(some: list[Sentence]) -> dict[int, list[Sentence]]:
    found: dict[int, list[Sentence]] = {}
    for sentence in some:
        found.setdefault(sentence.passage, []).append(sentence)
    return found


TEXTS = [
    (
        "en",
        "[s:AIModel Pebblefish] is small. [s:AIModel Pebblefish] is open.\n\nIt rained all week. No one came. The weights were made on [o:Chip H100].",
        ("Pebblefish", "H100"),
    ),
    (
        "zh",
        "[s:AIModel 听涛]很小。[s:AIModel 听涛]已经开源。\n\n山里下了一周的雨。没有人来。训练用了[o:Chip H100]。",
        ("听涛", "H100"),
    ),
]


@pytest.mark.models
@pytest.mark.parametrize(("lang", "text", "ends"), TEXTS, ids=["en", "zh"])
def test_what_the_document_is_about_is_paired_with_what_stands_far_from_it(
    lang: str, text: str, ends: tuple[str, str]
) -> None:
    reading, _, _ = marked(text, lang)
    name = {reading.cluster_of[m.id]: m.text for *_, m in reading.mentions}
    found = [p for _, some in candidates(by_passage(list(sentences(reading))), reading, {}) for p in some]
    far = [p for p in found if (name[p.left], name[p.right]) == ends]
    assert len(far) == 1
    assert "T:A" in far[0].features
    assert "uses" in far[0].predicates


@pytest.mark.models
@pytest.mark.parametrize(("lang", "text", "ends"), TEXTS, ids=["en", "zh"])
def test_topics(lang: str, text: str, ends: tuple[str, str]) -> None:
    reading, _, _ = marked(text, lang)
    about = topics(reading)
    standing = {t.mention.text: (t.named, t.first_line, t.main) for t in about.values()}
    assert standing == {ends[0]: (2, True, True), ends[1]: (1, False, False)}
