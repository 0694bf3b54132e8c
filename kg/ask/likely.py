"""The likeliest reading of a question: a log-linear model over its words, with a weight for each part of a reading.

What the rules read (kg/ask/question.py) is one voice in it; words beside it, their order and the senses that `words.toml` gives them are the others.
Only readings that the things of the question and the ontology allow are weighed, and "none" with them: that nothing of this is asked.
Weights are made by `python -m training.questions` and read from `weights/questions-{en,zh}.npz`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from kg.ask.question import question
from kg.ask.readings import NONE, Reading, common, filled, holding, of_parts, parsed
from kg.ask.sparql import form_of
from kg.ask.words import items, lexicon
from kg.text import fold, has_han
from kg.weights import load, numbered, packed, save, shipped, unpacked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from kg.ask.question import Question
    from kg.ask.sparql import Form
    from kg.ask.words import Item

LEAST = 0.6
"""How likely a reading must be to be taken."""
VOICES = 10
"""Facts of a reading beside the words, each with one weight: `voices`."""
_ENDING = re.compile(r"(?:'s|ies|es|s|ed|ing|e)$")
_UNSEEN = "w:?"
_MASKS = {"entity", "number", "period"}
_LONGEST = {"en": 3, "zh": 4}


@dataclass(frozen=True, slots=True)
class Weighing:
    """`weights` has a row a feature and a column a part of a reading; `readings` are those that were ever meant."""

    features: Mapping[str, int]
    parts: Mapping[str, int]
    weights: NDArray[np.float32]
    voices: NDArray[np.float32]
    readings: tuple[Reading, ...]

    def __call__(self, row: Sequence[Item], parts: Question) -> list[tuple[float, Reading]]:
        """The readings that are allowed with their probabilities, the likeliest first."""
        rows = sorted(
            {self.features[f] for f in known(features(row, lang_of(row)), self.features) if f in self.features}
        )
        sums = self.weights[rows].sum(axis=0) if rows else np.zeros(len(self.parts), dtype=np.float32)
        ruled = ruled_reading(parts)
        found = allowed(self.readings, parts, ruled)
        scores = np.array(
            [
                sums[[self.parts[p] for p in r.parts if p in self.parts]].sum()
                + voices(r, row, parts, ruled) @ self.voices
                for r in found
            ]
        )
        chances = np.exp(scores - scores.max())
        chances /= chances.sum()
        return sorted(zip(chances.tolist(), found, strict=True), key=lambda c: (-c[0], str(c[1])))


def ruled_reading(parts: Question) -> Reading | None:
    """What the rules read, unknown words left aside."""
    form = form_of(parts)
    return of_parts(form, parts) if form else None


def allowed(readings: Sequence[Reading], parts: Question, ruled: Reading | None) -> list[Reading]:
    """The readings that the question can have; that of the rules is one, and that it asks nothing of this."""
    every = dict.fromkeys((*readings, *common(), *([ruled] if ruled else [])))
    held = holding(parts)
    return [Reading(form=NONE), *(r for r in every if r.form in held and filled(r, parts))]


def voices(reading: Reading, row: Sequence[Item], parts: Question, ruled: Reading | None) -> NDArray[np.float32]:
    """How a reading agrees with the rules, and with the relations that its words can mean."""
    unknown = len(parts.unknown)
    if reading.form == NONE:
        nothing = (0.0,) * (VOICES - 3)
        return np.array([*nothing, ruled is None, unknown > 0, min(unknown, 3)], dtype=np.float32)
    senses = {(m["value"], m.get("end_named", "")) for i in row if i.kind == "relation" for m in _senses(i)}
    told = {value for value, _ in senses}
    meant = {"subsidiaryOf" if s.predicate == "controls" else s.predicate for s in reading.steps}
    same = ruled is not None and ruled == reading
    facts = (
        same,
        same and not unknown,
        ruled is not None and ruled.form == reading.form,
        ruled is not None and bool(ruled.steps) and ruled.steps == reading.steps,
        bool(meant) and meant <= told,
        len(meant - told),
        len({i.value for i in row if i.kind == "relation"} - meant) * bool(meant),
    )
    return np.array([*map(float, facts), 0.0, 0.0, 0.0], dtype=np.float32)


def _senses(item: Item) -> Sequence[Mapping[str, str]]:
    return [m for m in lexicon().get(fold(item.text), ()) if m["kind"] == "relation"]


def tokens(row: Sequence[Item], lang: str) -> list[str]:
    """The words of the question, or its characters, with what it names and counts put as what it is."""
    made: list[str] = []
    for item in row:
        if item.kind == "entity":
            made.append(f"@{min(item.types)}")
        elif item.kind in _MASKS:
            made.append(f"@{item.kind}")
        elif lang == "zh":
            made += [c for c in item.text if not c.isspace()] if has_han(item.text) else [item.text.lower()]
        else:
            made += item.text.lower().replace("'", " '").split()
    return made


def features(row: Sequence[Item], lang: str) -> list[str]:
    """The features of a question: its words, runs of them, on which side of the first thing they stand, and their senses in a row."""
    words = tokens(row, lang)
    stems = [w if w.startswith("@") else _ENDING.sub("", w) if len(w) > 3 else w for w in words]
    first = next((n for n, w in enumerate(words) if w.startswith("@") and w[1].isupper()), len(words))
    made = [f"w:{s}" for s in stems]
    made += [f"{'<' if n < first else '>'}{s}" for n, s in enumerate(stems) if n != first]
    padded = ["^", *stems, "$"]
    for size in range(2, _LONGEST[lang] + 1):
        made += ["_".join(padded[n : n + size]) for n in range(len(padded) - size + 1)]
    senses = [_sense(i) for i in row if i.kind != "skip"]
    for size in (1, 2, 3):
        made += ["k:" + " ".join(senses[n : n + size]) for n in range(len(senses) - size + 1)]
    made += [f"k:{i.kind}" for i in row]
    made += [f"o:{m['kind']}:{m.get('value', '')}" for i in row for m in lexicon().get(fold(i.text), ())[1:]]
    return [*dict.fromkeys(made), "always"]


def _sense(item: Item) -> str:
    if item.kind == "entity":
        return f"@{min(item.types)}"
    if item.kind == "relation":
        return f"{item.value}.{item.end_named or 'v'}{item.role}"
    return f"{item.kind}:{item.value}" if item.kind in ("type", "metric") else item.kind


def known(some: Sequence[str], vocabulary: Mapping[str, int]) -> list[str]:
    """The features, with that of a word never seen for each word that is none of the vocabulary."""
    return [f if f in vocabulary or not f.startswith("w:") else _UNSEEN for f in some]


def understood(text: str, names: Mapping[str, Sequence[tuple[str, str]]]) -> tuple[Form | None, Question]:
    """The form and the parts of the likeliest reading of a question; the form is None where none is likely enough, or nothing is asked.

    Where the package was built without weights, the rules alone read it.
    """
    row = items(text, names)
    parts = question(text, row)
    weighing = _weighing(lang_of(row))
    if weighing is None:
        return (None if parts.unknown else form_of(parts)), parts
    chance, reading = weighing(row, parts)[0]
    found = filled(reading, parts) if reading.form != NONE and chance >= LEAST else None
    return found or (None, parts)


def lang_of(row: Sequence[Item]) -> str:
    """The language of the words between the names; of the names where there are no words."""
    words = "".join(i.text for i in row if i.kind != "entity")
    return "zh" if has_han(words or "".join(i.text for i in row)) else "en"


@cache
def _weighing(lang: str) -> Weighing | None:
    return shipped("kg.ask", f"questions-{lang}.npz", read)


def read(path: Path) -> Weighing:
    """The weights that `write` wrote."""
    data = load(path)
    return Weighing(
        numbered(data["features"]),
        numbered(data["parts"]),
        data["weights"].astype(np.float32),
        data["voices"].astype(np.float32),
        tuple(parsed(r) for r in unpacked(data["readings"])),
    )


def write(path: Path, made: Weighing) -> None:
    """Write weights as `read` reads them, in half precision."""
    save(
        path,
        features=packed(made.features),
        parts=packed(made.parts),
        weights=made.weights.astype(np.float16),
        voices=made.voices,
        readings=packed(map(str, made.readings)),
    )
