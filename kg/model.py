"""What travels between the stages: documents, mentions, claims, observations, entities.

All are immutable, and each but `Document` and `Entity` has an id made from its content, so that the same input gives the
same ids anywhere. Offsets are half-open and count Unicode code points of `Document.text`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.ids import content_id
from kg.markup import plain, spaced, table

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text with its origin. `text` is final: every offset of the project points into it."""

    id: str
    """Unique in a store: the path as given by the user (POSIX form), `path#key` for one record of a .jsonl file."""
    path: str
    title: str
    lang: str
    """`zh` or `en`: the language of most of its words. Passages may differ."""
    date: str | None
    """ISO 8601 date (or year, year-month) on which the document was issued, where it says so."""
    text: str
    sha256: str
    """Of the bytes that were read (of the record, for .jsonl)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """An occurrence of a name: `document.text[start:end] == text`."""

    document: str
    start: int
    end: int
    text: str
    type: str
    found_by: str
    score: float = 1.0
    entry: str | None = None
    """Id of the registry entry that has this name, such as `company/nvidia`."""

    @property
    def id(self) -> str:
        return content_id("mention", self.document, self.start, self.end, self.type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The words that state something: `document.text[start:end] == quote`."""

    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualifiers:
    """What narrows a claim, in the words of the text, but the dates, which are ISO 8601."""

    role: str | None = None
    value: str | None = None
    date: str | None = None
    amount: str | None = None
    status: str = "stated"
    """`stated`, `planned`, `reported`, `denied` or `ended`."""
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a document states: subject and object are mentions of it, never entities, so that a merge can be undone."""

    document: str
    subject: Mention
    predicate: str
    object: Mention
    evidence: Evidence
    confidence: float
    found_by: str
    """Name of the pattern or reader that found it, such as `en/develops/launch`."""
    qualifiers: Qualifiers = field(default_factory=Qualifiers)

    @property
    def id(self) -> str:
        place = (self.evidence.start, self.evidence.end)
        return content_id(
            "claim",
            self.document,
            self.subject.id,
            self.predicate,
            self.object.id,
            *place,
            self.qualifiers.role,
            self.qualifiers.value,
        )

    def _repr_html_(self) -> str:
        """The claim, and its words with both ends marked where they stand within them."""
        ends = sorted((m.start - self.evidence.start, m.end - self.evidence.start) for m in (self.subject, self.object))
        quote, at, words = self.evidence.quote, 0, ""
        for start, end in ends:
            if at <= start < end <= len(quote):
                words += f"{spaced(quote[at:start])}<mark>{spaced(quote[start:end])}</mark>"
                at = end
        said = (self.subject.text, self.predicate, self.object.text)
        return f"<p><b>{' · '.join(map(plain, said))}</b> ({self.confidence:.2f})</p><blockquote>{words}{spaced(quote[at:])}</blockquote>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A number that a document states of an entity. `value` is in plain units; `words` is the number as written."""

    document: str
    subject: Mention
    metric: str
    value: float
    unit: str | None
    """ISO 4217 code, `percent`, or an English plural noun such as `chips`, `users`, `parameters`."""
    period: str | None
    """ISO 8601 date, month, year, quarter (`2023-Q3`) or interval (`2023-01/2023-09`)."""
    words: str
    evidence: Evidence
    confidence: float
    found_by: str

    @property
    def id(self) -> str:
        return content_id(
            "observation",
            self.document,
            self.subject.id,
            self.metric,
            self.value,
            self.unit,
            self.period,
            self.evidence.start,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A thing that mentions name. The iri depends on the thing alone, not on the order in which documents came."""

    iri: str
    type: str
    label: str
    names: tuple[str, ...]
    """Surface forms, sorted; in a document's reading those of that document."""
    entry: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that was read from one document. `entity_of` maps the id of each mention to the iri of its entity."""

    document: Document
    mentions: tuple[Mention, ...]
    claims: tuple[Claim, ...]
    observations: tuple[Observation, ...]
    entities: tuple[Entity, ...]
    entity_of: Mapping[str, str]

    def _repr_html_(self) -> str:
        claims = [
            (c.subject.text, c.predicate, c.object.text, f"{c.confidence:.2f}", c.evidence.quote) for c in self.claims
        ]
        numbers = [(o.subject.text, o.metric, o.words, o.period, o.evidence.quote) for o in self.observations]
        head = f"<p><b>{plain(self.document.title or self.document.id)}</b> {plain(self.document.date or '')}</p>"
        return (
            head
            + table(("subject", "predicate", "object", "confidence", "words"), claims)
            + (table(("subject", "metric", "value", "period", "words"), numbers) if numbers else "")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A file that could not be read, and why, in one line for people."""

    path: str
    cause: str
