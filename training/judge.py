"""Train the judge of names on what each recogniser finds in the passages that it was not taught by.

python -m training.judge zh en
"""

from __future__ import annotations

import sys
import warnings
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
from kg.annotate.forms import NONE, Features, Forms
from kg.annotate.judge import Judge, write
from kg.annotate.recognise import read_recogniser
from kg.ingest.passages import passages as stretches
from training.corpus import ROOT, passages
from training.reading import FOLDER, FOLDS, document, fold, pipelines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from training.corpus import Passage

_HIDDEN = 48
_EPOCHS = 5
_DECAY = 0.05
_LIGHT = 0.008
"""A feature none of whose weights is heavier moves no name."""


def examples(some: Iterable[Passage]) -> Iterator[tuple[str, Features, str]]:
    """Surface, features and true type of each form that is found in the passages, with the registry and without."""
    for passage in some:
        marked = {start: (end, kind) for start, end, kind, _ in passage.mentions}
        docs = list(pipelines().docs(stretches(document(passage))))
        for known in (True, False):
            if not known:
                for _, doc in docs:
                    doc._.candidates = [
                        c for c in doc._.candidates or () if c.found_by not in ("registry", "recogniser")
                    ]
                for _, doc in docs:
                    pipelines().recogniser(doc.lang_).add([doc], known=False)
            forms = Forms([doc for _, doc in docs])
            for form in forms.forms.values():
                kinds = Counter()
                for index, start in form.places:
                    offsets = docs[index][0].offsets
                    end, kind = marked.get(offsets[start], (-1, NONE))
                    if offsets[start + len(form.surface) - 1] + 1 == end:
                        kinds[kind] += 1
                yield form.surface, forms.features(form), max(kinds, key=lambda k: (kinds[k], k), default=NONE)


def fit(rows: list[tuple[str, Features, str]]) -> Judge:
    """The judge that examples teach."""
    from scipy.sparse import csr_matrix
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    counts = Counter(f for _, found, _ in rows for f in found)
    names = sorted(f for f, n in counts.items() if n > 2 and "\n" not in f)
    column = {f: i for i, f in enumerate(names)}
    indices, sizes, starts = [], [], [0]
    for _, found, _ in rows:
        for name in sorted(found):
            if name in column:
                indices.append(column[name])
                sizes.append(found[name])
        starts.append(len(indices))
    matrix = csr_matrix(
        (np.array(sizes, np.float32), np.array(indices, np.int32), np.array(starts)), shape=(len(rows), len(names))
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        fitted = MLPClassifier((_HIDDEN,), alpha=_DECAY, batch_size=128, max_iter=_EPOCHS, random_state=7).fit(
            matrix, [kind for *_, kind in rows]
        )
    (first, second), (first_bias, second_bias) = fitted.coefs_, fitted.intercepts_
    heavy = np.abs(first).max(axis=1) > _LIGHT
    kept = [name for name, keep in zip(names, heavy, strict=True) if keep]
    layers = (first[heavy], first_bias, second, second_bias)
    return Judge(tuple(map(str, fitted.classes_)), {f: i for i, f in enumerate(kept)}, layers)


def collect(lang: str) -> list[list[tuple[str, Features, str]]]:
    """The examples of each part of the training passages."""
    own = [p for p in passages(lang) if not p.validation]
    rows = []
    for part in range(FOLDS):
        pipelines().recogniser(lang).teach(read_recogniser(lang, FOLDER / f"{lang}-{part}"))
        rows.append(list(examples([p for p in own if fold(p) == part])))
    pipelines().recogniser(lang).teach(None)
    return rows


def train(lang: str) -> None:
    """Fit and write the judge of a language, and those that know only a part of the passages, for `training.relations`."""
    parts = collect(lang)
    for part in range(FOLDS):
        rest = [row for number, rows in enumerate(parts) if number != part for row in rows]
        write(FOLDER / f"judge-{lang}-{part}.npz", fit(rest))
    rows = [row for some in parts for row in some]
    made = fit(rows)
    path = ROOT.parent / "kg" / "annotate" / "weights" / f"judge-{lang}.npz"
    write(path, made)
    print(
        f"{lang}: {len(rows)} forms ({sum(k != NONE for *_, k in rows)} names), {len(made.features)} features, "
        f"{path.stat().st_size / 1e6:.1f} MB"
    )


if __name__ == "__main__":
    for name in sys.argv[1:] or ("zh", "en"):
        train(name)
