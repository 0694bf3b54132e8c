"""What people have decided about pairs and claims: a file of JSON lines beside the store, so that it survives a rebuild of it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from kg.errors import DataError
from kg.ids import content_id
from kg.resolve.profile import Judgement, Verdict
from kg.vocabulary import PREDICATES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PAIR = ("same", "different", "unsure")
CLAIM = ("accept", "reject", "correct")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Of a pair of entities (`left`, `right`: their IRIs as read), or of a `claim` (its IRI).

    `correct` gives the claim another `predicate`, `subject` or `object` (IRIs).
    """

    verdict: str
    left: str = ""
    right: str = ""
    claim: str = ""
    predicate: str = ""
    subject: str = ""
    object: str = ""

    @property
    def id(self) -> str:
        """Of what it decides, not of how: a later decision about the same takes its place."""
        return content_id("decision", self.claim, *sorted((self.left, self.right)))


def path_of(store: Path) -> Path:
    """Where the decisions about a store lie."""
    return store.with_name(f"{store.name}.decisions.jsonl")


def checked(decision: Decision, where: str) -> Decision:
    """The decision itself.

    Raises:
        DataError: if it makes no sense; `where` names its file and line.
    """
    words = CLAIM if decision.claim else PAIR
    if decision.verdict not in words:
        raise DataError(f"{where}: {decision.verdict!r} is no decision here; write {', '.join(words)}")
    if not decision.claim and (not decision.left or not decision.right or decision.left == decision.right):
        raise DataError(f"{where}: a decision is about a claim, or about two entities: left and right")
    if decision.predicate and decision.predicate not in PREDICATES:
        raise DataError(f"{where}: there is no predicate {decision.predicate!r}; there are {', '.join(PREDICATES)}")
    if decision.verdict == "correct" and not (decision.predicate or decision.subject or decision.object):
        raise DataError(f"{where}: correct needs another predicate, subject or object")
    for iri in (decision.left, decision.right, decision.claim, decision.subject, decision.object):
        if iri and (":" not in iri or any(c.isspace() or c in '<>"{}|^`\\' for c in iri)):
            raise DataError(f"{where}: {iri!r} is no IRI")
    return decision


def load(store: Path) -> dict[str, Decision]:
    """Decisions by id; none where there is no file.

    Raises:
        DataError: if a line is malformed, with file and line.
    """
    path = path_of(store)
    if not path.exists():
        return {}
    try:
        lines = path.read_text("utf-8").splitlines()
    except UnicodeDecodeError as error:
        place = error.object.count(b"\n", 0, error.start) + 1
        raise DataError(f"{path}:{place}: this is not UTF-8; save the file as UTF-8") from error
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error
    found: dict[str, Decision] = {}
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                decision = Decision(**{str(k): str(v) for k, v in json.loads(line).items()})
            except (ValueError, TypeError, AttributeError, RecursionError) as error:
                raise DataError(f"{path}:{number}: this is no decision ({error})") from error
            found[decision.id] = checked(decision, f"{path}:{number}")
    return found


def save(store: Path, decisions: Iterable[Decision]) -> None:
    """Write decisions, sorted, in the place of all there were; renamed into place, so that none is lost half-way."""
    path = path_of(store)
    lines = [json.dumps({k: v for k, v in asdict(d).items() if v}, ensure_ascii=False) + "\n" for d in decisions]
    draft = path.with_name(path.name + ".draft")
    try:
        draft.write_text("".join(sorted(lines)), "utf-8")
        draft.replace(path)
    except OSError as error:
        raise DataError(f"{path}: cannot be written ({error.strerror})") from error


def of_pairs(decisions: Iterable[Decision]) -> list[Judgement]:
    """Decisions about pairs as judgements that outrank the machine's."""
    return [
        Judgement(left=d.left, right=d.right, verdict=Verdict(d.verdict), score=1.0, reason="decided", by="review")
        for d in decisions
        if not d.claim
    ]
