"""Train the recognisers of names: the corpus with its names swapped for others, so that form and context are learned and no list.

python -m training.names zh en [--parts]
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import time
from collections import defaultdict
from typing import TYPE_CHECKING

from kg.annotate.recognise import NOT_NEEDED, blank, view
from kg.ingest.passages import passages as stretches
from kg.model import Document
from kg.registry.load import load
from kg.text import has_han
from training.corpus import ROOT, passages
from training.reading import FOLDER, FOLDS, fold, pipelines
from training.spelling import respelled

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from spacy.language import Language
    from spacy.tokens import Doc
    from training.corpus import Passage

Marks = list[tuple[int, int, str]]
_UNKNOWN = 0.45
"""Share of the examples that are shown without the registry's matches."""


def pools(lang: str, some: Sequence[Passage]) -> dict[tuple[str, bool], list[str]]:
    """(type, whether it is in Chinese characters) -> names to swap in: the registry's and the training passages'."""
    found: dict[tuple[str, bool], set[str]] = defaultdict(set)
    for entry in load():
        for name in (*entry.names, *entry.weak):
            if 2 <= len(name) <= 24 and (lang == "zh" or not has_han(name)):
                found[entry.type, has_han(name)].add(name)
    for passage in some:
        for kind, names in passage.entities:
            for name in names:
                found[kind, has_han(name)].add(name)
    return {key: sorted(names) for key, names in sorted(found.items())}


def swapped(passage: Passage, names: dict[tuple[str, bool], list[str]], dice: random.Random) -> tuple[str, Marks]:
    """The passage with most of its things under other names; all mentions of one form get the same new one."""
    new: dict[str, str] = {}
    parts, marks, at = [], [], 0
    for start, end, kind, _ in passage.mentions:
        old = passage.text[start:end]
        if old not in new:
            pool = names.get((kind, has_han(old)), [])
            new[old] = dice.choice(pool) if pool and dice.random() < 0.75 else _varied(old, dice)
        parts.append(passage.text[at:start])
        begin = sum(map(len, parts))
        parts.append(new[old])
        marks.append((begin, begin + len(new[old]), kind))
        at = end
    parts.append(passage.text[at:])
    return "".join(parts), marks


def _varied(name: str, dice: random.Random) -> str:
    """The same name, or with other digits: 云帆-7B becomes 云帆-13B."""
    if dice.random() < 0.5:
        return name
    return re.sub(r"\d", lambda m: str(dice.randint(1, 9)) if m.group() != "0" else "0", name)


def docs(texts: Sequence[tuple[str, Marks]], lang: str) -> list[tuple[Doc, Marks]]:
    """Each stretch of each text as the pipeline sees it, with the marks that fall into it."""
    found = []
    for number, (text, marks) in enumerate(texts):
        document = Document(id=str(number), path="", title="", lang=lang, date=None, text=text, sha256="")
        for stretch, doc in pipelines().docs(stretches(document)):
            if stretch.lang != lang:
                continue
            at = {offset: i for i, offset in enumerate(stretch.offsets)}
            found.append((doc, [(at[a], at[b - 1] + 1, k) for a, b, k in marks if a in at and b - 1 in at]))
    return found


def example(doc: Doc, marks: Marks, nlp: object, *, known: bool):  # type: ignore[no-untyped-def]
    """A spaCy training example."""
    from spacy.training import Example

    seen = view(doc, nlp.vocab, known=known)  # type: ignore[attr-defined]
    start, end = ({p: i for i, p in enumerate(some)} for some in (seen.starts, seen.ends))
    tags = ["O"] * len(seen.doc)
    for a, b, kind in marks:
        if a not in start or b not in end:
            continue
        first, last = start[a], end[b]
        if first == last:
            tags[first] = f"U-{kind}"
        else:
            tags[first], tags[last] = f"B-{kind}", f"L-{kind}"
            tags[first + 1 : last] = [f"I-{kind}"] * (last - first - 1)
    return Example.from_dict(seen.doc, {"entities": tags})


def fit(lang: str, own: Sequence[Passage], held: Sequence[Passage], epochs: int, copies: int) -> Language:
    """A recogniser that the passages `own` teach, each as it is and in so many `copies` with other names and spellings; `held` are measured."""
    from spacy.util import fix_random_seed, minibatch
    from thinc.api import Adam, NumpyOps, set_current_ops

    began = time.monotonic()
    fix_random_seed(7)
    # numpy's BLAS multiplies faster than the one that thinc brings.
    set_current_ops(NumpyOps(use_blis=False))
    dice = random.Random(7)
    names = pools(lang, own)
    plain = [(p.text, [(a, b, k) for a, b, k, _ in p.mentions]) for p in own]
    texts = plain + [respelled(*swapped(p, names, dice), lang, dice) for _ in range(copies) for p in own]
    read = docs(texts, lang)
    tested = docs([(p.text, [(a, b, k) for a, b, k, _ in p.mentions]) for p in held], lang)
    print(
        f"{lang}: {len(read)} stretches to train on, {len(tested)} to measure, {time.monotonic() - began:.0f} s",
        flush=True,
    )
    nlp = blank(lang)
    examples = [example(doc, marks, nlp, known=True) for doc, marks in read]
    unknown = [example(doc, marks, nlp, known=False) for doc, marks in read]
    tests = {known: [example(doc, marks, nlp, known=known) for doc, marks in tested] for known in (True, False)}
    nlp.initialize(lambda: examples)
    optimizer = Adam(0.001, L2=0.01, grad_clip=1.0, use_averages=True)
    for epoch in range(epochs):
        shown = [b if dice.random() < _UNKNOWN else a for a, b in zip(examples, unknown, strict=True)]
        dice.shuffle(shown)
        losses: dict[str, float] = {}
        for batch in minibatch(shown, 16 if epoch < 4 else 32):
            nlp.update(batch, sgd=optimizer, drop=0.25, losses=losses)
        print(f"  epoch {epoch + 1}: loss {losses['ner']:.0f}, {time.monotonic() - began:.0f} s", flush=True)
    nlp.use_params(optimizer.averages).__enter__()
    scores = {known: nlp.evaluate(some)["ents_f"] for known, some in tests.items()}
    print(f"  F1 {scores[True]:.3f} with the registry, {scores[False]:.3f} without", flush=True)
    return nlp


_EPOCHS = {"zh": 5, "en": 4}
"""Rounds over the passages, for the recogniser of all of them; English has more, and longer ones."""


def train_parts(lang: str) -> None:
    """Fit and write the recognisers that know only a part of the passages, for `training.judge`."""
    epochs = _EPOCHS[lang] - 1
    own = [p for p in passages(lang) if not p.validation]
    for part in range(FOLDS):
        rest, held = [p for p in own if fold(p) != part], [p for p in own if fold(p) == part]
        _write(fit(lang, rest, held[:60], epochs, copies=1), FOLDER / f"{lang}-{part}")


def train(lang: str) -> None:
    """Fit and write the recogniser of a language."""
    own, held = ([p for p in passages(lang) if p.validation is v] for v in (False, True))
    _write(fit(lang, own, held, _EPOCHS[lang], copies=2), ROOT.parent / "kg" / "annotate" / "weights" / lang)


def _write(nlp: Language, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(exist_ok=True)
    nlp.to_disk(folder, exclude=NOT_NEEDED)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("langs", nargs="*", default=["zh", "en"])
    options.add_argument("--parts", action="store_true", help="those that know only a part of the passages")
    chosen = options.parse_args()
    for name in chosen.langs:
        (train_parts if chosen.parts else train)(name)
