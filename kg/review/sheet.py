"""Questions as a table to fill in, and decisions out of one."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from kg.errors import DataError
from kg.query import separated
from kg.resolve.decisions import Decision, checked

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kg.review.queue import Question
    from kg.store.graph import View

COLUMNS = ("verdict", "question", "evidence", "left", "right", "claim", "predicate", "subject", "object")
_KNOWN = {
    "claim": "SELECT DISTINCT ?x WHERE { { ?x a kg:Claim } UNION { ?x a kg:RejectedClaim } }",
    "entity": "SELECT DISTINCT ?x WHERE { { ?m kg:refersTo|kg:readAs ?x } UNION { GRAPH ?g { ?g a kg:ImportedGraph . ?x a ?type } } }",
}


def text(questions: Iterable[Question]) -> str:
    """A CSV table of questions; its column `verdict` is empty."""
    rows = [
        ("", q.text, " / ".join(q.evidence), q.decision.left, q.decision.right, q.decision.claim, "", "", "")
        for q in questions
    ]
    return separated([COLUMNS, *rows])


def read(path: Path, view: View) -> list[Decision]:
    """Decisions of a filled-in table; rows without a verdict are left for later.

    Raises:
        DataError: for the first row that makes no sense or names what the store does not know, with file and line.
    """
    try:
        rows = csv.DictReader(io.StringIO(path.read_text("utf-8-sig")), strict=True)
        if not rows.fieldnames or "verdict" not in rows.fieldnames or set(rows.fieldnames) - set(COLUMNS):
            raise DataError(f"{path}:1: the columns are {', '.join(COLUMNS)}")
        known = {kind: {r["x"] for r in view.records(query)} for kind, query in _KNOWN.items()}
        found = []
        for row in rows:
            where = f"{path}:{rows.line_num}"
            if None in row:
                raise DataError(f"{where}: more cells than columns")
            cell = {k: (v or "").strip() for k, v in row.items() if k not in ("question", "evidence")}
            if cell["verdict"]:
                found.append(_known(checked(Decision(**cell), where), known, where))
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read as UTF-8 text ({error})") from error
    except csv.Error as error:
        raise DataError(f"{path}:{rows.line_num + 1}: this is no CSV ({error})") from error
    return found


def _known(decision: Decision, known: dict[str, set[str]], where: str) -> Decision:
    if decision.claim and decision.claim not in known["claim"]:
        raise DataError(f"{where}: there is no claim {decision.claim} in the store")
    for iri in (decision.left, decision.right, decision.subject, decision.object):
        if iri and iri not in known["entity"]:
            raise DataError(f"{where}: there is no entity {iri} in the store")
    return decision


def about(decision: Decision) -> str:
    """What a decision is about, in one line."""
    if not decision.claim:
        return f"{decision.left} = {decision.right}"
    new = " ".join(x for x in (decision.predicate, decision.subject, decision.object) if x)
    return f"{decision.claim}{f' -> {new}' if new else ''}"
