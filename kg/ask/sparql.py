"""From a question to SPARQL: the form that fits it, its holes filled with terms that the RDF library writes."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.ask.words import offices
from kg.store.terms import node
from kg.vocabulary import PREDICATES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.ask.ends import Step
    from kg.ask.question import Question
    from kg.ask.words import Item

_PROOF = "?claim kg:evidence/oa:hasSelector/oa:exact ?quote ; prov:wasDerivedFrom/dcterms:identifier ?source ."
_MENTIONS = "?claim oa:hasSource ?document . ?document dcterms:identifier ?source ."
_NUMBER = r'BIND(xsd:decimal(REPLACE(?value, "^[^0-9]*([0-9]+([.][0-9]+)?).*$", "$1")) AS ?number)'
_SCORED = "?claim a kg:Claim ; kg:predicate kg:evaluatedOn ; kg:object {benchmark} ; kg:value ?value ."
_OTHER = {"subject": "object", "object": "subject"}
_DEPUTY = r"(vice|deputy|former)[ -][a-z]+|[副前][^、，。 ]{1,4}"
_ROWS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form of questions with the SPARQL that answers it."""

    name: str
    needs: frozenset[str]
    may: frozenset[str]
    select: str
    where: str
    reads: tuple[str, ...]
    order: str = ""
    group: str = ""
    path: bool = False
    mentions: bool = False


@cache
def forms() -> tuple[Form, ...]:
    """All forms, in the order in which they are tried."""
    rows = tomllib.loads(files("kg.ask").joinpath("forms.toml").read_text("utf-8"))["form"]
    return tuple(_form(**row) for row in rows)


def _form(*, needs: Sequence[str], may: Sequence[str], reads: Sequence[str], **more: Any) -> Form:
    return Form(needs=frozenset(needs), may=frozenset(may), reads=tuple(reads), **more)


def form_of(question: Question) -> Form | None:
    """The form that fits, if any: all that it needs is there, and nothing that it may not hold."""
    for form in forms():
        if form.needs <= question.kinds and question.kinds <= form.needs | form.may:
            return form
    return None


def sparql(form: Form, question: Question, claims: Sequence[tuple[str, str, str]] = ()) -> tuple[str, str]:
    """The query that answers the question, and the one that gives the sentences of proof."""
    proof = _MENTIONS if form.mentions else _PROOF
    where = _filled(form.where, question, claims)
    ordered = (
        f" ORDER BY {_filled(form.order, question, claims)}"
        if form.order
        else " ORDER BY ?answer" * ("?answer" in form.select)
    )
    grouped = f" GROUP BY {form.group}" if form.group else ""
    plain = "DISTINCT " if not form.group and "COUNT" not in form.select else ""
    body = f"{where} {_MENTIONS}" if "?document" in form.select else where
    query = f"SELECT {plain}{form.select} WHERE {{ {body} }}{grouped}{ordered} LIMIT {_ROWS}"
    quote = "" if form.mentions else " ?quote"
    return query, f"SELECT DISTINCT{quote} ?source WHERE {{ {where} {proof} }} ORDER BY{quote} ?source LIMIT {_ROWS}"


def _filled(template: str, question: Question, claims: Sequence[tuple[str, str, str]]) -> str:
    """The template with its holes filled, once: nothing in a value is a hole again."""
    holes = {
        "ends": lambda: _ends(question),
        "both": lambda: _both(question),
        "steps": lambda: _two(question),
        "counted": lambda: _counted(question),
        "scored": lambda: _SCORED.replace("{benchmark}", _iri(question.benchmark)),
        "number": lambda: _NUMBER,
        "entity": lambda: _iri(question.entities[0]),
        "benchmark": lambda: _iri(question.benchmark),
        "other": lambda: _iri(question.entities[1]),
        "entities": lambda: " ".join(_iri(e) for e in question.entities),
        "also": lambda: _also(question),
        "office": lambda: _office(question.role),
        "type": lambda: _typed(question.types),
        "metric": lambda: " ".join(str(ox.Literal(m)) for m in question.metrics),
        "within": lambda: _within(question.period),
        "compare": lambda: question.compare,
        "bound": lambda: str(ox.Literal(question.bound)),
        "order": lambda: question.order,
        "claims": lambda: " ".join(_triple(*c) for c in claims),
    }
    return re.sub(r"\{([a-z]+)\}", lambda hole: holes[hole[1]](), template)


def _triple(subject: str, predicate: str, obj: str) -> str:
    return f"({ox.NamedNode(subject)} {node('kg', predicate)} {ox.NamedNode(obj)})"


def _iri(item: Item | None) -> str:
    assert item is not None
    return str(ox.NamedNode(item.entities[0]))


def _values(name: str, item: Item) -> str:
    return f"VALUES ?{name} {{ {' '.join(str(ox.NamedNode(i)) for i in item.entities)} }}"


def _typed(types: Sequence[str], name: str = "answer") -> str:
    return f"?{name} a ?type . VALUES ?type {{ {' '.join(str(node('kg', t)) for t in types)} }}" if types else ""


def _claim(step: Step, known: str, asked: str, claim: str = "claim") -> str:
    """The claim of a step from ?known to ?asked, denied ones left out; both ways where the relation is symmetric."""
    head = f"?{claim} a kg:Claim ; kg:predicate {node('kg', step.predicate)}"
    ways = [step.known, _OTHER[step.known]] if PREDICATES[step.predicate].symmetric else [step.known]
    ends = [f"{head} ; kg:{way} ?{known} ; kg:{_OTHER[way]} ?{asked} ." for way in ways]
    body = ends[0] if len(ends) == 1 else " UNION ".join(f"{{ {e} }}" for e in ends)
    return f'{body} FILTER NOT EXISTS {{ ?{claim} kg:status "denied" }}'


def asked_types(question: Question) -> tuple[str, ...]:
    """Types asked for that the asked end can have; a type that describes a thing that is named is left out."""
    if not question.steps:
        return question.types
    step = question.steps[-1]
    predicate = PREDICATES[step.predicate]
    end = predicate.range if step.known == "subject" else predicate.domain
    return tuple(t for t in question.types if t in end)


def _ends(question: Question) -> str:
    step = question.steps[0]
    typed = _typed(asked_types(question))
    return f"{_values('known', question.entities[0])} {_claim(step, 'known', 'answer')} {typed}"


def _both(question: Question) -> str:
    step = question.steps[0]
    named = (step.known, _OTHER[step.known])
    values = " ".join(_values(name, e) for name, e in zip(named, question.entities, strict=False))
    return f"{values} {_claim(step, named[0], named[1])}"


def _two(question: Question) -> str:
    first, second = question.steps
    typed = _typed(asked_types(question)[:1])
    return (
        f"{_values('known', question.entities[0])} {_claim(first, 'known', 'middle', 'first')} "
        f"{_claim(second, 'middle', 'answer')} {typed}"
    )


def _counted(question: Question) -> str:
    step = question.steps[0]
    return f"{_claim(step, 'answer', 'counted')} {_typed(question.types[:1])}".strip()


def _also(question: Question) -> str:
    """What the second thing has to do with the answer."""
    step = question.steps[1]
    return f"{_values('named', question.entities[1])} {_claim(step, 'named', 'answer', 'beside')}"


def _office(role: str) -> str:
    """The condition that a role is the office, and not that of its deputy."""
    title = f'REPLACE(LCASE(STR(?role)), {ox.Literal(_DEPUTY)}, "")'
    tests = (f"CONTAINS({title}, {ox.Literal(word)})" for word in offices()[role])
    return f"FILTER({' || '.join(tests)})"


def _within(period: str) -> str:
    if not period:
        return ""
    whole = f" || STRSTARTS(?period, {ox.Literal(f'{period}-')})" if re.fullmatch(r"\d{4}", period) else ""
    return f"FILTER(?period = {ox.Literal(period)}{whole})"
