"""Small documents and readings for tests, made by hand, without any model."""

from __future__ import annotations

import hashlib

from kg.config import BASE
from kg.model import Claim, Document, Entity, Evidence, Mention, Observation, Qualifiers, Reading

TEXT = "云帆科技董事长李文博表示，云帆科技发布云帆-7B。2023年营收达到36.8亿元。"


def document(
    text: str = TEXT, *, name: str = "a.txt", date: str | None = "2023-10-31", lang: str = "zh", title: str = "测试"
) -> Document:
    return Document(
        id=name,
        path=name,
        title=title,
        lang=lang,
        date=date,
        text=text,
        sha256=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(),
    )


def mention(doc: Document, words: str, kind: str, nth: int = 0, entry: str | None = None) -> Mention:
    start = -1
    for _ in range(nth + 1):
        start = doc.text.index(words, start + 1)
    return Mention(
        document=doc.id,
        start=start,
        end=start + len(words),
        text=words,
        type=kind,
        found_by="test",
        score=0.9,
        entry=entry,
    )


def evidence(doc: Document, words: str) -> Evidence:
    start = doc.text.index(words)
    return Evidence(start=start, end=start + len(words), quote=words)


def reading(doc: Document | None = None) -> Reading:
    """One firm, one person, one model, two claims and an observation."""
    doc = doc or document()
    firm, person, model = (
        mention(doc, "云帆科技", "Company"),
        mention(doc, "李文博", "Person"),
        mention(doc, "云帆-7B", "AIModel"),
    )
    iris = {
        "Company": f"{BASE}entity/company/yunfan",
        "Person": f"{BASE}entity/person/li",
        "AIModel": f"{BASE}entity/aimodel/yf7b",
    }
    claims = (
        Claim(
            document=doc.id,
            subject=person,
            predicate="holdsPositionAt",
            object=firm,
            evidence=evidence(doc, "云帆科技董事长李文博"),
            confidence=0.9,
            found_by="test",
            qualifiers=Qualifiers(role="董事长"),
        ),
        Claim(
            document=doc.id,
            subject=firm,
            predicate="develops",
            object=model,
            evidence=evidence(doc, "云帆科技发布云帆-7B"),
            confidence=0.8,
            found_by="test",
        ),
    )
    number = Observation(
        document=doc.id,
        subject=firm,
        metric="revenue",
        value=3.68e9,
        unit="CNY",
        period="2023",
        words="36.8亿元",
        evidence=evidence(doc, "2023年营收达到36.8亿元"),
        confidence=0.7,
        found_by="test",
    )
    entities = tuple(
        Entity(iri=iris[m.type], type=m.type, label=m.text, names=(m.text,))
        for m in sorted((firm, person, model), key=lambda m: iris[m.type])
    )
    return Reading(
        document=doc,
        mentions=(firm, person, model),
        claims=claims,
        observations=(number,),
        entities=entities,
        entity_of={m.id: iris[m.type] for m in (firm, person, model)},
    )
