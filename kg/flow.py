"""The one place where the stages are joined: documents -> passages -> mentions -> claims -> entities. Functions, no state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.annotate.inventory import annotate, flat
from kg.ingest.passages import passages
from kg.model import Reading
from kg.relate.claims import relate
from kg.resolve.link import entities

if TYPE_CHECKING:
    from kg.annotate.pipelines import Pipelines
    from kg.model import Document
    from kg.registry.load import Registry

BASE = "https://w3id.org/aikg/"


def read(document: Document, pipelines: Pipelines, *, base: str = BASE, registry: Registry | None = None, min_confidence: float = 0.0) -> Reading:
    """All that `document` states, with its evidence."""
    annotated = annotate(document, list(pipelines.docs(passages(document))))
    claims, numbers = relate(annotated)
    things, entity_of = entities(annotated, base=base, registry=registry)
    return Reading(
        document=document, mentions=flat(annotated.mentions), claims=tuple(c for c in claims if c.confidence >= min_confidence),
        observations=tuple(o for o in numbers if o.confidence >= min_confidence), entities=things, entity_of=entity_of,
    )


def to_json(reading: Reading) -> dict[str, Any]:
    """The JSON object that `kg extract` prints for a document, as the guide of the gold files defines it."""
    iri = reading.entity_of

    def evidence(e: Any) -> dict[str, Any]:
        return {"start": e.start, "end": e.end, "quote": e.quote}

    document = reading.document
    return {
        "doc": {"id": document.id, "path": document.path, "lang": document.lang, "title": document.title, "date": document.date, "sha256": document.sha256},
        "entities": [{"id": e.iri, "type": e.type, "label": e.label, "names": list(e.names)} for e in reading.entities],
        "mentions": [{"start": m.start, "end": m.end, "text": m.text, "type": m.type, "entity": iri[m.id]} for m in reading.mentions],
        "claims": [
            {
                "subject": iri[c.subject.id], "predicate": c.predicate, "object": iri[c.object.id], "confidence": c.confidence,
                "qualifiers": {"role": c.qualifiers.role, "value": c.qualifiers.value, "date": c.qualifiers.date, "amount": c.qualifiers.amount},
                "evidence": evidence(c.evidence), "found_by": c.found_by,
            }
            for c in reading.claims
        ],
        "observations": [
            {
                "subject": iri[o.subject.id], "metric": o.metric, "value": o.value, "unit": o.unit, "period": o.period, "words": o.words, "confidence": o.confidence,
                "evidence": evidence(o.evidence),
            }
            for o in reading.observations
        ],
    }
