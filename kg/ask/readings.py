"""Readings of a question: what can be asked of the things it names, so that the likeliest can be chosen.

A reading is written as a line of tests/cases/question-forms.txt is: form, steps, metric, office, side of a bound, order, `@` where a day is named.
Of two things that could change places, the first of the text stands at the end that the step tells.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from itertools import permutations
from typing import TYPE_CHECKING

from kg.ask.ends import OTHER, Step
from kg.ask.question import bound_of
from kg.ask.sparql import forms
from kg.vocabulary import PREDICATES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.ask.question import Question
    from kg.ask.sparql import Form
    from kg.ask.words import Item

NONE = "none"
_APART = {"both", "shared"}
"""Forms whose steps start from one thing each."""
_CHOSEN = {"extreme", "compared"}
_EVENTS = {"investedIn", "acquired", "founded", "develops"}
"""Of these a time tells when they happened, unless words say that the state of then is meant."""
BETWEEN = {"confirmed", "dated", "amount", "role-at"}
"""Forms of one step between two things."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a question may ask."""

    form: str
    steps: tuple[Step, ...] = ()
    metric: str = ""
    role: str = ""
    compare: str = ""
    order: str = ""
    dated: bool = False

    def __str__(self) -> str:
        steps = "+".join(f"{s.predicate}:{s.known}" for s in self.steps)
        words = (self.form, steps, self.metric, self.role and f"role:{self.role}", self.compare, self.order)
        return " ".join(w for w in (*words, "@" * self.dated) if w)

    @property
    def parts(self) -> tuple[str, ...]:
        """What the reading is made of: each has a weight of its own, so that what was never seen together is read by what was seen apart."""
        made = [f"form:{self.form}", f"all:{self}"]
        made += [
            f"step{n}:{s.predicate}:{s.known}"
            for n, s in enumerate(self.steps[:1] if self.form == "shared" else self.steps)
        ]
        made += [f"predicate:{s.predicate}" for s in self.steps]
        made += [f"{name}:{value}" for name in ("metric", "role", "compare", "order") if (value := getattr(self, name))]
        return tuple(made + ["dated"] * self.dated)


def parsed(text: str) -> Reading:
    """The reading that `str` wrote."""
    form, *words = text.split()
    told: dict[str, object] = {}
    for word in words:
        if word.startswith("role:"):
            told["role"] = word[5:]
        elif word in "<>":
            told["compare"] = word
        elif word in ("DESC", "ASC"):
            told["order"] = word
        elif word == "@":
            told["dated"] = True
        elif ":" in word:
            told["steps"] = tuple(_settled(*s.split(":")) for s in word.replace("&", "+").split("+"))
        else:
            told["metric"] = word
    made = Reading(form=form, **told)  # type: ignore[arg-type]
    return replace(made, steps=made.steps * 2) if form == "shared" and len(made.steps) == 1 else made


def _settled(predicate: str, known: str) -> Step:
    return Step(predicate=predicate, known="subject" if PREDICATES[predicate].symmetric else known)


@cache
def _forms() -> Mapping[str, Form]:
    return {form.name: form for form in forms()}


def of_parts(form: Form, parts: Question) -> Reading:
    """The reading that the rules found."""
    steps = tuple(_settled(s.predicate, s.known) for s in parts.steps)
    return canonical(
        Reading(
            form=form.name,
            steps=steps,
            role=parts.role if "office" in form.needs else "",
            compare=parts.compare if "bound" in form.needs else "",
            order=parts.order if form.needs & _CHOSEN else "",
            dated="asof" in parts.kinds,
        ),
        parts.entities,
    )


def canonical(reading: Reading, entities: Sequence[Item]) -> Reading:
    """The reading with the known end of a step between two things as `subject` where their types tell which is which."""
    if reading.form not in BETWEEN or len(entities) != 2 or len(reading.steps) != 1:
        return reading
    step = reading.steps[0]
    turned = replace(step, known=OTHER[step.known])
    both_ways = _fit((entities[0], entities[1]), step) and _fit((entities[0], entities[1]), turned)
    return reading if both_ways else replace(reading, steps=(replace(step, known="subject"),))


def _fit(pair: tuple[Item, Item], step: Step) -> bool:
    return bool(pair[0].types & end_types(step.predicate, step.known)) and bool(
        pair[1].types & end_types(step.predicate, OTHER[step.known])
    )


def end_types(predicate: str, end: str) -> frozenset[str]:
    """Types of what can stand at an end of a predicate."""
    return PREDICATES[predicate].domain if end == "subject" else PREDICATES[predicate].range


def holding(parts: Question) -> frozenset[str]:
    """Names of the forms for which the question holds enough things, numbers and types, and not too many."""
    number, things = bound_of(parts), (*parts.entities, *([parts.benchmark] if parts.benchmark else []))
    if parts.kinds & {"why", "not"}:
        return frozenset()
    return frozenset(
        form.name
        for form in forms()
        if len(things) == len(form.needs & {"entity", "other", "benchmark"})
        and ("bound" in form.needs) == (number is not None)
        and not ("type" in form.needs and not parts.types)
    )


def filled(reading: Reading, parts: Question) -> tuple[Form, Question] | None:
    """The form and the question with its parts as the reading has them; None where the question does not hold them, or the ontology forbids it.

    The form must be one of `holding`.
    """
    form = _forms()[reading.form]
    timed = reading.dated or "metric" in form.needs
    metrics = (reading.metric,) if reading.metric else parts.metrics
    if reading.dated and "asof" not in parts.kinds and any(s.predicate in _EVENTS for s in reading.steps):
        return None
    if ("metric" in form.needs and not metrics) or (reading.dated and not parts.period) or (parts.period and not timed):
        return None
    placed = _placed(form, reading, parts)
    if placed is None or not _sensible(reading, placed[0]):
        return None
    return form, replace(
        parts,
        entities=placed[0],
        benchmark=placed[1],
        steps=reading.steps,
        role=reading.role,
        metrics=metrics if "metric" in form.needs else (),
        compare=reading.compare,
        bound=bound_of(parts) or 0.0,
        order=reading.order or parts.order,
        kinds=frozenset({"asof"} if reading.dated else ()),
    )


def _placed(form: Form, reading: Reading, parts: Question) -> tuple[tuple[Item, ...], Item | None] | None:
    """The things in the order of the steps, and the benchmark; None where there are too many, too few or others."""
    things = sorted((*parts.entities, *([parts.benchmark] if parts.benchmark else [])), key=lambda e: e.start)
    benchmark = None
    if "benchmark" in form.needs:
        benchmark = next((t for t in things if "Benchmark" in t.types), None)
        if benchmark is None:
            return None
        things = [t for t in things if t is not benchmark]
    steps = reading.steps
    if form.name in _APART:
        ends = [end_types(s.predicate, s.known) for s in steps]
        orders = permutations(things) if len(things) == len(ends) else ()
        fitting = (o for o in orders if all(t.types & e for t, e in zip(o, ends, strict=True)))
        return next(((order, benchmark) for order in fitting), None)
    if form.name in BETWEEN and len(steps) == 1:
        pairs = [(things[0], things[1]), (things[1], things[0])]
        if _fit(pairs[0], steps[0]) and not PREDICATES[steps[0].predicate].symmetric:
            return pairs[0], benchmark
        return next(((p, benchmark) for p in pairs if _fit(p, steps[0])), None)
    return tuple(things), benchmark


def _sensible(reading: Reading, things: Sequence[Item]) -> bool:
    """Whether the ontology allows the steps one after the other."""
    if not reading.steps or not things or reading.form in _APART or len(things) == 2:
        return True
    known = things[0].types
    for step in reading.steps:
        if not known & end_types(step.predicate, step.known):
            return False
        known = end_types(step.predicate, OTHER[step.known])
    return True


@cache
def common() -> tuple[Reading, ...]:
    """The readings of one step in all forms that take one."""
    ends = [
        (p, e) for p, row in PREDICATES.items() for e in ("subject", "object") if not (row.symmetric and e == "object")
    ]
    steps = [Step(predicate=p, known=e) for p, e in ends if p != "evaluatedOn"]
    one = ("related", "counted", "confirmed", "dated", "dated-one", "newest", "shared", "amount", "most")
    made = [
        Reading(form=f, steps=(s,) * (1 + (f == "shared")), order="DESC" * (f == "most")) for f in one for s in steps
    ]
    return tuple(made)
