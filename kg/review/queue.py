"""What to ask a person, the most doubtful and weighty first, each with its evidence."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.resolve.decisions import Decision
from kg.vocabulary import KG

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.store.graph import View

_PAIRS = 'SELECT * WHERE { ?j a kg:Judgement ; kg:left ?left ; kg:right ?right ; kg:verdict "unsure" ; kg:score ?score ; kg:reason ?reason }'
_MENTIONS = (
    "SELECT ?m ?e ?r ?x ?d WHERE { ?m kg:refersTo ?e ; oa:exact ?x ; oa:hasSource ?s . ?s dcterms:identifier ?d . "
    "OPTIONAL { ?m kg:readAs ?r } }"
)
_IMPORTED = (
    "SELECT ?e ?x ?f ?k WHERE { GRAPH ?g { ?g a kg:ImportedGraph ; dcterms:source ?f . "
    "?e rdfs:label|skos:prefLabel|skos:altLabel ?x } "
    'OPTIONAL { GRAPH ?i { ?e owl:sameAs ?k } FILTER (STRENDS(STR(?i), "graph/identity")) } }'
)
_SENTENCES = (
    "SELECT ?m ?quote WHERE { VALUES ?end { kg:subjectMention kg:objectMention } ?c ?end ?m ; kg:evidence ?v . "
    "?v oa:hasSelector ?q . ?q oa:exact ?quote }"
)
_CLAIMS = (
    "SELECT * WHERE { ?c a kg:Claim ; kg:subject ?s ; kg:predicate ?p ; kg:object ?o ; kg:confidence ?confidence ; kg:evidence ?v ; "
    "prov:wasDerivedFrom ?g . ?v oa:hasSelector ?q . ?q oa:exact ?quote . ?g dcterms:identifier ?d . "
    "OPTIONAL { ?c kg:status ?status } }"
)
_SHOWN = 3
"""Occurrences shown of each side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something to decide: a decision without its verdict, in words, with the evidence for it."""

    decision: Decision
    text: str
    evidence: tuple[str, ...]
    score: float


def pairs(view: View, made: Mapping[str, Decision]) -> list[Question]:
    """Pairs that may be one thing, those first with most occurrences behind them."""
    said: dict[str, list[str]] = defaultdict(list)
    names: dict[str, Counter[str]] = defaultdict(Counter)
    home: dict[str, str] = {}
    quotes: dict[str, list[str]] = defaultdict(list)
    for row in view.records(_SENTENCES):
        quotes[row["m"]].append(row["quote"])
    for row in sorted(view.records(_MENTIONS), key=lambda r: (r["m"] not in quotes, r["d"], r["m"])):
        iri = row.get("r", row["e"])
        home[iri] = row["e"]
        names[iri][row["x"]] += 1
        said[iri].append(f"{row['d']}: “{min(quotes.get(row['m'], [row['x']]))}”")
    for row in sorted(view.records(_IMPORTED), key=lambda r: (r["e"], r["f"], r["x"])):
        home[row["e"]] = row.get("k", row["e"])
        names[row["e"]][row["x"]] += 1
        said[row["e"]].append(f"{row['f']}: “{row['x']}”")
    found = []
    for row in view.records(_PAIRS):
        left, right = row["left"], row["right"]
        decision = Decision(verdict="", left=left, right=right)
        if decision.id in made or left not in home or right not in home or home[left] == home[right]:
            continue
        ends = [min(names[i], key=lambda n: (-names[i][n], n)) for i in (left, right)]
        score = float(row["score"])
        found.append(
            Question(
                decision=decision,
                text=f"Is {ends[0]} the same as {ends[1]}? ({score:.2f}: {row['reason']})",
                evidence=(*dict.fromkeys(said[left][:_SHOWN]), "—", *dict.fromkeys(said[right][:_SHOWN])),
                score=score,
            )
        )
    return sorted(
        found,
        key=lambda q: (
            -len(said[q.decision.left]) - len(said[q.decision.right]),
            -q.score,
            q.decision.left,
            q.decision.right,
        ),
    )


def claims(view: View, made: Mapping[str, Decision]) -> list[Question]:
    """Claims, those first that are least sure, and of these those whose ends other claims hang on most."""
    rows = list(view.records(_CLAIMS))
    hanging = Counter(end for row in rows for end in (row["s"], row["o"]))
    labels = {r["e"]: r["l"] for r in view.records("SELECT ?e ?l WHERE { ?e rdfs:label ?l }")}
    found = []
    for row in sorted(
        rows, key=lambda r: (round(float(r["confidence"]), 1), -hanging[r["s"]] - hanging[r["o"]], r["c"])
    ):
        decision = Decision(verdict="", claim=row["c"])
        if decision.id not in made:
            ends = [labels.get(row[end], row[end]) for end in ("s", "o")]
            status = row.get("status", "stated")
            found.append(
                Question(
                    decision=decision,
                    text=f"{ends[0]} {row['p'].removeprefix(KG)} {ends[1]}{'' if status == 'stated' else f' [{status}]'}? ({float(row['confidence']):.2f})",
                    evidence=(f"{row['d']}: “{row['quote']}”",),
                    score=float(row["confidence"]),
                )
            )
    return found
