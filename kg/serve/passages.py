"""What the store holds of a document's text: stretches around its evidence, cut where mentions and evidence begin and end."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from kg.vocabulary import KG

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.store.graph import View

_EVIDENCE = (
    "SELECT DISTINCT ?x ?start ?end ?exact ?prefix ?suffix ?d WHERE { ?x prov:wasDerivedFrom ?d ; kg:evidence ?v . "
    "?v oa:hasSelector ?p , ?q . ?p oa:start ?start ; oa:end ?end . ?q oa:exact ?exact . "
    "OPTIONAL { ?q oa:prefix ?prefix } OPTIONAL { ?q oa:suffix ?suffix } }"
)
_MENTIONS = "SELECT DISTINCT ?start ?end ?e ?d WHERE { ?m oa:hasSource ?d ; a kg:Mention ; kg:refersTo ?e ; oa:start ?start ; oa:end ?end }"
_CLAIMS = (
    "SELECT DISTINCT ?c ?s ?p ?o ?sure ?d WHERE { ?c a kg:Claim ; kg:subject ?s ; kg:predicate ?p ; kg:object ?o ; kg:confidence ?sure ; "
    "prov:wasDerivedFrom ?d }"
)
_NUMBERS = (
    "SELECT DISTINCT ?c ?s ?p ?words ?sure ?d WHERE { ?c a kg:Observation ; kg:subject ?s ; kg:metric ?p ; kg:words ?words ; kg:confidence ?sure ; "
    "prov:wasDerivedFrom ?d }"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A claim, or a number (`object` is None) of the measure `predicate` in the words of the document."""

    subject: str
    predicate: str
    object: str | None
    words: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """Words that state something, with what stands around them. `node` is the IRI of the claim or observation."""

    node: str
    start: int
    exact: str
    prefix: str
    suffix: str

    @property
    def end(self) -> int:
        return self.start + len(self.exact)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """The place of an entity's name."""

    start: int
    end: int
    entity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Text of one kind: of evidence or not, of a name or not. `states` are ids of the claims whose evidence begins here."""

    text: str
    evidence: bool
    entity: str | None
    states: tuple[str, ...]


def passages(view: View, document: str) -> list[list[Piece]]:
    """The stretches of the document with this IRI in their order, each as pieces."""
    quoted = [
        Quoted(
            node=row["x"],
            start=int(row["start"]),
            exact=row["exact"],
            prefix=row.get("prefix", ""),
            suffix=row.get("suffix", ""),
        )
        for row in view.records(_EVIDENCE, d=document)
    ]
    mentions = [
        Marked(start=int(row["start"]), end=int(row["end"]), entity=row["e"])
        for row in view.records(_MENTIONS, d=document)
    ]
    return [list(pieces(start, text, quoted, mentions)) for start, text in stretches(quoted)]


def statements(view: View, document: str) -> dict[str, Stated]:
    """What the document with this IRI states, by the id that `Piece.states` gives."""
    rows = [row for query in (_CLAIMS, _NUMBERS) for row in view.records(query, d=document)]
    return {
        row["c"].rpartition("/")[2]: Stated(
            subject=row["s"],
            predicate=row["p"].removeprefix(KG),
            object=row.get("o"),
            words=row.get("words", ""),
            confidence=float(row["sure"]),
        )
        for row in rows
    }


def stretches(quoted: Iterable[Quoted]) -> list[tuple[int, str]]:
    """Start and text of each stretch that is known without a gap."""
    known = sorted({(q.start - len(q.prefix), q.prefix + q.exact + q.suffix) for q in quoted})
    found: list[tuple[int, str]] = []
    for start, text in known:
        if found and start <= found[-1][0] + len(found[-1][1]):
            first, before = found[-1]
            found[-1] = (first, before + text[max(0, first + len(before) - start) :])
        else:
            found.append((start, text))
    return found


def pieces(start: int, text: str, quoted: Iterable[Quoted], mentions: Iterable[Marked]) -> Iterator[Piece]:
    """`text`, which stands at `start` in the document, cut up; the pieces joined are the text."""
    end = start + len(text)
    here = [q for q in quoted if start <= q.start and q.end <= end]
    names = [m for m in mentions if start <= m.start < m.end <= end]
    cuts = {start, end} | {q.start for q in here} | {q.end for q in here}
    cuts |= {m.start for m in names} | {m.end for m in names}
    places = sorted(cuts)
    for left, right in pairwise(places):
        name = next((m for m in names if m.start <= left and right <= m.end), None)
        yield Piece(
            text=text[left - start : right - start],
            evidence=any(q.start <= left and right <= q.end for q in here),
            entity=name.entity if name else None,
            states=tuple(sorted({q.node.rpartition("/")[2] for q in here if q.start == left})),
        )
