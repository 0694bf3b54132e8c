"""The model card: what the recognisers and scorers were trained on, and how they do on the validation passages beside the stock pipelines.

python -m training.card      writes docs/model-card.md
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import numpy as np
from kg import evaluate as measure
from kg.config import Config
from kg.flow import to_json
from kg.reader import Reader
from kg.vocabulary import PREDICATES
from training.corpus import ROOT, passages
from training.gold import to_gold
from training.reading import document, marking
from training.relations import weighed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg.model import Document
    from training.corpus import Passage

_STOCK = {"PERSON": "Person", "ORG": "Company", "GPE": "Place", "LOC": "Place", "PRODUCT": "Product"}
_THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
_BINS = 10


def stock(text: Document) -> dict[str, Any]:
    """What the stock pipeline of the text's language marks, its labels taken for the types nearest to them; it states no claims."""
    from kg.ingest.passages import passages as stretches

    found = []
    for stretch, doc in marking().docs(stretches(text)):
        for ent in doc.ents:
            if ent.label_ in _STOCK:
                a, b = stretch.span(ent.start_char, ent.end_char)
                found.append(
                    {"start": a, "end": b, "text": text.text[a:b], "type": _STOCK[ent.label_], "entity": text.text[a:b]}
                )
    kinds = {m["entity"]: m["type"] for m in found}
    return {
        "mentions": found,
        "entities": [{"id": n, "type": k, "label": n, "names": [n]} for n, k in sorted(kinds.items())],
        "claims": [],
        "observations": [],
    }


def scores(some: Sequence[Passage], read: Callable[[Document], dict[str, Any]]) -> measure.Report:
    """Passages scored as documents."""
    by_id = {p.id: p for p in some}
    gold = [measure.Gold(p.id, p.text, to_gold(p)) for p in some]
    return measure.evaluate(gold, lambda g: read(document(by_id[g.stem])))


def calibration_error(chances: np.ndarray, holds: np.ndarray) -> float:
    """Expected calibration error in ten bins of equal width (Guo et al. 2017, https://arxiv.org/abs/1706.04599)."""
    bins = np.minimum((chances * _BINS).astype(int), _BINS - 1)
    total = 0.0
    for number in range(_BINS):
        inside = bins == number
        if inside.any():
            total += inside.sum() * abs(chances[inside].mean() - holds[inside].mean())
    return float(total / len(chances))


def counted(lang: str) -> str:
    """A row on the passages of a language."""
    every = list(passages(lang))
    counts = Counter(c[1] for p in every for c in p.claims)
    return (
        f"| {lang} | {len(every)} | {sum(len(p.mentions) for p in every)} | {sum(counts.values())} | {sum(len(p.near) for p in every)} "
        f"| {sum(counts[p] >= 60 for p in PREDICATES)} of {len(PREDICATES)} |"
    )


def _at_least(read: dict[str, Any], least: float) -> dict[str, Any]:
    """What is kept of a document as read."""
    some = {key: [one for one in read[key] if one["confidence"] >= least] for key in ("claims", "observations")}
    return {**read, **some}


def measured(lang: str) -> tuple[list[str], str, str]:
    """Rows of scores of a language, a row of what each confidence keeps, and its calibration error."""
    held = [p for p in passages(lang) if p.validation]
    reader, bare = Reader(Config(min_confidence=0.0)), Reader(Config(builtin_registry=False))
    read: dict[str, dict[str, Any]] = {}
    chances: list[float] = []
    holds: list[bool] = []
    for passage in held:
        names = reader.annotated(document(passage))
        read[passage.id] = to_json(reader.stated(names))
        for every, some in zip((chances, holds), weighed(passage, names), strict=True):
            every += some

    def kept(least: float) -> measure.Report:
        return scores(held, lambda text: _at_least(read[text.id], least))

    rows = [
        _row(f"{lang}, kg", kept(Config().min_confidence)),
        _row(f"{lang}, kg, `--registry none`", scores(held, lambda text: to_json(bare(text)))),
        _row(f"{lang}, stock", scores(held, stock)),
    ]
    tallies = [kept(least).tallies["claims"] for least in _THRESHOLDS]
    cells = [f"{tally.precision:.2f} / {tally.recall:.2f}" for tally in tallies]
    likely, true = np.array(chances), np.array(holds, dtype=bool)
    offered = likely >= 0.05
    error = (
        f"{lang} {calibration_error(likely, true):.3f} "
        f"({calibration_error(likely[offered], true[offered]):.3f} of those at 0.05 and more)"
    )
    return rows, f"| {lang}, precision / recall | " + " | ".join(cells) + " |", error


def main() -> None:
    """Measure and write the card."""
    langs = ("zh", "en")
    with ProcessPoolExecutor(len(langs), get_context("spawn")) as pool:
        rows, kept, errors = zip(*pool.map(measured, langs), strict=True)
    lines = [
        "# Model card: recognisers and judges of names, scorers of claims",
        "",
        "Made by `make train` from `training/` alone (seeded). Names: spaCy `ner` over hashed features, then a network of 48 units that judges each form of a document. Claims:",
        "logistic regression over the features of pairs and a network over the sum of their vectors, then boosted trees over rivals that give probabilities. Owners of numbers: logistic",
        "regression. Questions: a log-linear choice among readings (docs/ask.md);",
        "figures by `python -m training.card`. The validation fifth is split by passage and nothing is trained on it.",
        "",
        "| | passages | mentions | claims | near misses | predicates with 60 claims |",
        "|---|---|---|---|---|---|",
        *map(counted, langs),
        "",
        "## Validation passages",
        "",
        "F1 (precision / recall); the stock pipelines are `en_core_web_sm` and LAC, measured in the same run.",
        "",
        "| | mentions | entities | claims | observations |",
        "|---|---|---|---|---|",
        *(row for some in rows for row in some),
        "",
        "## Confidence",
        "",
        "What `--min-confidence` keeps, on the validation passages (whole extraction):",
        "",
        "| at least | " + " | ".join(f"{t:g}" for t in _THRESHOLDS) + " |",
        "|---" * (len(_THRESHOLDS) + 1) + "|",
        *kept,
        "",
        f"Expected calibration error of the scorer over all pairs of the things that are found: {'; '.join(errors)}.",
        "",
        "## Limits",
        "",
        "The corpus is small, denser in names and relations than most documents, and annotated more fully than most; its facts about real firms were written from memory and are no source.",
        "Claims whose ends lie more than a sentence apart are weighed only for what the document is about. Rare predicates have few examples; see the counts.",
        "",
    ]
    target = ROOT.parent / "docs" / "model-card.md"
    target.write_text("\n".join(lines), "utf-8")
    print(f"wrote {target.name}")


def _row(name: str, report: measure.Report) -> str:
    cells = []
    for kind in ("mentions", "entities", "claims", "observations"):
        t = report.tallies[kind]
        cells.append(f"{t.f1:.3f} ({t.precision:.2f} / {t.recall:.2f})" if t.predicted else "none")
    return f"| {name} | " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
