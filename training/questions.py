"""Train the model that chooses the reading of a question: `python -m training.questions [en zh]`.

From the paraphrases of tests/cases/questions-development.txt, older ones, and questions made from patterns, among them such as ask nothing of the graph.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import numpy as np
from kg.ask.ends import OTHER
from kg.ask.likely import VOICES, Weighing, allowed, features, known, ruled_reading, voices, write
from kg.ask.question import question
from kg.ask.readings import BETWEEN, NONE, Reading, canonical, parsed
from kg.ask.words import items
from kg.text import fold
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))

from ask import FIRST, NAMES, cases

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.ask.question import Question
    from kg.ask.words import Item

ROOT = Path(__file__).parents[1]
HERE = Path(__file__).parent
PATTERNS = (HERE / "questions-en.txt", HERE / "questions-zh.txt")
TEXTS = (ROOT / "tests" / "cases" / "questions-development.txt", HERE / "questions-written.txt", *PATTERNS)
_EACH = 7
_HEARD = 4
"""Of so many questions made from patterns one is learned from with what the rules read of it: they know the words of patterns too well."""
_SHRINK = 0.1
_SHRINK_VOICES = 0.01
_STEPS = 60
_WRITTEN = 2.0
"""What a question that somebody wrote counts, where one made from a pattern counts 1."""
_LEAST = 3


@dataclass(frozen=True, slots=True)
class Example:
    """A question with what it means."""

    lang: str
    text: str
    row: list[Item]
    parts: Question
    meant: Reading
    weight: float = 1.0


def meant(spec: str, parts: Question) -> Reading:
    """The reading that a line of the tables of paraphrases stands for, for a question that names its things in some order."""
    if spec == NONE:
        return Reading(form=NONE)
    words = [w for w in spec.split() if w != "-" and not w.startswith("=")]
    form = words[0]
    metric = next((w for w in words[1:] if form.startswith("fig") and w.replace("_", "").isalpha() and w.islower()), "")
    kept = [w for w in words[1:] if ":" in w or w in ("DESC", "ASC")]
    kept += [w[0] for w in words[1:] if w[0] in "<>"] + ["@" for w in words[1:] if w[0] == "@"]
    if metric and metric not in parts.metrics:
        kept.append(metric)
    if form in ("score-compared", "figure-compared"):
        kept.append("DESC")
    reading = parsed(" ".join([form, *kept]))
    if form in BETWEEN and len(parts.entities) == 2 and fold(parts.entities[1].text) in map(fold, FIRST):
        step = reading.steps[0]
        reading = replace(reading, steps=(replace(step, known=OTHER[step.known]),))
    if form == "related" and parts.role:
        # The older paraphrases tell no office.
        reading = parsed(f"officer holdsPositionAt:object role:{parts.role}")
    return canonical(reading, parts.entities)


def expanded(path: Path, each: int) -> Iterator[tuple[str, str, str]]:
    """Language, meaning and text of questions made from a file of patterns, up to `each` of a pattern."""
    words: dict[str, str] = {}
    lang, spec = "", ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("= "):
            name, _, choice = line[2:].partition(":")
            words[name] = f"({choice.strip()})"
        elif line.startswith("> "):
            lang, _, spec = line[2:].partition(" ")
        elif line and not line.startswith("#"):
            pick = Random(line)
            for text in dict.fromkeys(_one(line, words, pick) for _ in range(each)):
                yield lang, spec, text


def _one(pattern: str, words: Mapping[str, str], pick: Random) -> str:
    """One question of the pattern."""
    while "{" in pattern:
        pattern = re.sub(r"\{(\w+)\}", lambda m: words[m[1]], pattern)
    pattern = re.sub(r"([^)])\?", r"(\1|)", pattern.replace(")?", "|)"))
    while "(" in pattern:
        pattern = re.sub(r"\(([^()]*)\)", lambda m: pick.choice(m[1].split("|")), pattern)
    return " ".join(pattern.split())


def examples(paths: Sequence[Path]) -> Iterator[Example]:
    """The questions of files of paraphrases."""
    for path in paths:
        for lang, spec, text in expanded(path, _EACH) if path in PATTERNS else cases(path):
            row = items(text, NAMES)
            parts = question(text, row)
            yield Example(lang, text, row, parts, meant(spec, parts), 1.0 if path in PATTERNS else _WRITTEN)


def fit(some: Sequence[Example], lang: str) -> Weighing:
    """Weights under which the meant readings are likeliest among the allowed ones, drawn to nought."""
    told = [features(e.row, lang) for e in some]
    counts = Counter(f for fs in told for f in fs)
    vocabulary = {f: n for n, f in enumerate(sorted({f for f, c in counts.items() if c >= _LEAST} | {"w:?"}))}
    readings = tuple(sorted({e.meant for e in some}, key=str))
    names = {p: n for n, p in enumerate(sorted({p for r in readings for p in r.parts}))}
    x = _ones(
        [[vocabulary[f] for f in dict.fromkeys(known(fs, vocabulary)) if f in vocabulary] for fs in told],
        len(vocabulary),
    )
    ruled = [ruled_reading(e.parts) if e.weight > 1 or n % _HEARD == 0 else None for n, e in enumerate(some)]
    choices = [dict.fromkeys((*allowed(readings, e.parts, r), e.meant)) for e, r in zip(some, ruled, strict=True)]
    every = {r: n for n, r in enumerate(dict.fromkeys(r for c in choices for r in c))}
    a = _ones([[names[p] for p in r.parts if p in names] for r in every], len(names))
    closed = np.full((len(some), len(every)), -1e9, dtype=np.float32)
    d = np.zeros((len(some), len(every), VOICES), dtype=np.float32)
    weight = np.array([e.weight for e in some], dtype=np.float32)
    right = np.zeros((len(some), len(every)), dtype=np.float32)
    for n, (e, r) in enumerate(zip(some, ruled, strict=True)):
        right[n, every[e.meant]] = 1
        for choice in choices[n]:
            closed[n, every[choice]] = 0
            d[n, every[choice]] = voices(choice, e.row, e.parts, r)
    size = (len(vocabulary), len(names))

    def loss(vector: np.ndarray) -> tuple[float, np.ndarray]:
        w = vector[: size[0] * size[1]].astype(np.float32).reshape(size)
        v = vector[size[0] * size[1] :].astype(np.float32)
        scores = (a @ (x @ w).T).T + d @ v + closed
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        missed = -np.log(np.maximum((chances * right).sum(axis=1), 1e-30)) @ weight
        error = (chances - right) * weight[:, None]
        gradient = x.T @ (a.T @ error.T).T + _SHRINK * w
        of_voices = np.einsum("nc,ncv->v", error, d) + _SHRINK_VOICES * v
        shrunk = _SHRINK / 2 * (w**2).sum() + _SHRINK_VOICES / 2 * (v**2).sum()
        return float(missed + shrunk), np.r_[gradient.ravel(), of_voices].astype(np.float64)

    start = np.zeros(size[0] * size[1] + VOICES)
    best = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS, "maxcor": 6}).x
    w, v = best[: size[0] * size[1]].reshape(size), best[size[0] * size[1] :]
    return Weighing(vocabulary, names, w.astype(np.float32), v.astype(np.float32), readings)


def _ones(rows: list[list[int]], width: int) -> csr_matrix:
    ends = np.cumsum([0, *map(len, rows)])
    return csr_matrix(
        (np.ones(ends[-1], dtype=np.float32), [i for r in rows for i in r], ends), shape=(len(rows), width)
    )


def main() -> None:
    for lang in sys.argv[1:] or ("en", "zh"):
        some = [e for e in examples(TEXTS) if e.lang == lang]
        (ROOT / "kg" / "ask" / "weights").mkdir(exist_ok=True)
        write(ROOT / "kg" / "ask" / "weights" / f"questions-{lang}.npz", fit(some, lang))


if __name__ == "__main__":
    main()
