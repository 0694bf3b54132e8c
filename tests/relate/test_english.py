"""English patterns on sentences with known claims: what all of them together find, and what they should not."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from kg.relate import english, rules
from kg.relate.sentences import sentences
from training.sentences import marked as annotated

pytestmark = pytest.mark.models

FILES = sorted((Path(__file__).parents[2] / "training" / "en").glob("relations-*.jsonl"))
SYMMETRIC = ("partnerOf", "competesWith")

Claim = tuple[str, str, str]


def key(subject: str, predicate: str, obj: str) -> Claim:
    first, second = sorted((subject, obj)) if predicate in SYMMETRIC else (subject, obj)
    return first, predicate, second


def found(text: str, filer: str | None = None) -> tuple[set[Claim], set[str], set[str]]:
    """Claims that all patterns find in a marked text, and the names marked as subject and as object."""
    reading, subjects, objects = annotated(text, "en")
    if filer:
        reading = replace(
            reading, filer=next(reading.cluster_of[m.id] for *_, m in reading.mentions if m.text == filer)
        )
    claims = set()
    for sentence in sentences(reading):
        for match in (*rules.matches(sentence), *english.matches(sentence)):
            ends = (match.subject.mention.text, match.object.mention.text)
            subject, obj = reversed(ends) if match.pattern.swap else ends
            claims.add(key(subject, match.pattern.predicate, obj))
    return claims, subjects, objects


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_claims_of_the_training_sentences(path: Path) -> None:
    right = missed = wrong = 0
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        claims, subjects, objects = found(row["text"], row.get("filer"))
        wanted = {key(s, row["predicate"], o) for s in subjects for o in objects} if row["holds"] else set()
        others = {key(*claim) for claim in row.get("also", ())}
        right += len(wanted & claims)
        missed += len(wanted - claims)
        wrong += len(claims - wanted - others)
    assert right / (right + missed) >= 0.7
    assert right / (right + wrong) >= 0.85


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("[:Company Orbex], whose [:Product Fern] app is free, grew.", ("Orbex", "develops", "Fern")),
        ("[:Company Orbex] counts [:Company Harbor Capital] among its investors.", ("Harbor Capital", "investedIn", "Orbex")),
        ("As a member of the [:Organization Edge Forum], [:Company Orbex] votes.", ("Orbex", "memberOf", "Edge Forum")),
        ("[:Company Orbex] agreed to be acquired by [:Company Nordlicht].", ("Nordlicht", "acquired", "Orbex")),
        ("[:Company Orbex] sold [:Company Quill] to [:Company Nordlicht].", ("Nordlicht", "acquired", "Quill")),
        ("[:Person Ada Reyes], Director of AI Policy at the [:Organization Harbor Institute], spoke.",
         ("Ada Reyes", "holdsPositionAt", "Harbor Institute")),
        ("Researchers at [:Organization Harbor Institute] released [:Dataset SkySet].", ("Harbor Institute", "develops", "SkySet")),
    ],
)  # fmt: skip
def test_construction(text: str, claim: Claim) -> None:
    assert claim in found(text)[0]


@pytest.mark.parametrize(
    "text",
    [
        "If [:Company Nordlicht] were to acquire [:Company Orbex], rivals would object.",
        "Had [:Company Nordlicht] acquired [:Company Orbex], rivals would have objected.",
        "[:Company Nordlicht] turned down an offer to buy [:Company Orbex].",
        "[:Company Nordlicht] closed without acquiring [:Company Orbex].",
        "[:Company Nordlicht] and [:Company Orbex] both cut prices.",
        "[:Person Ada Reyes] met the chief executive of [:Company Orbex].",
    ],
)
def test_nothing_is_stated(text: str) -> None:
    assert not found(text)[0]


def test_title_is_the_role() -> None:
    reading, *_ = annotated("[:Person Ada Reyes], vice president of research at [:Company Orbex], spoke.", "en")
    roles = {m.role for s in sentences(reading) for m in english.matches(s) if m.pattern.predicate == "holdsPositionAt"}
    assert roles == {"vice president"}
