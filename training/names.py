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
from itertools import chain
from typing import TYPE_CHECKING

from kg.annotate.recognise import NOT_NEEDED, blank, view
from kg.ingest.passages import passages as stretches
from kg.model import Document
from kg.registry.load import load
from kg.text import has_han
from training.corpus import ROOT, passages
from training.reading import FOLDER, FOLDS, fold, marking
from training.spelling import respelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.training import Example
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


def docs(texts: Iterable[tuple[str, Marks]], lang: str) -> list[tuple[Doc, Marks]]:
    """Each stretch of each text as the recogniser is shown it, with the marks that fall into it."""
    found = []
    for number, (text, marks) in enumerate(texts):
        document = Document(id=str(number), path="", title="", lang=lang, date=None, text=text, sha256="")
        for stretch, doc in marking().docs(stretches(document)):
            if stretch.lang != lang:
                continue
            at = {offset: i for i, offset in enumerate(stretch.offsets)}
            found.append((doc, [(at[a], at[b - 1] + 1, k) for a, b, k in marks if a in at and b - 1 in at]))
    return found


def plain(some: Iterable[Passage]) -> Iterator[tuple[str, Marks]]:
    """Passages as they are."""
    return ((p.text, [(a, b, k) for a, b, k, _ in p.mentions]) for p in some)


def copied(lang: str, some: Sequence[Passage], dice: random.Random) -> Iterator[tuple[str, Marks]]:
    """A copy of each passage with names of the registry and of the others of `some`, and in another spelling."""
    names = pools(lang, some)
    return (respelled(*swapped(p, names, dice), lang, dice) for p in some)


def example(doc: Doc, marks: Marks, nlp: Language, *, known: bool) -> Example:
    """A spaCy training example."""
    from spacy.training import Example

    seen = view(doc, nlp.vocab, known=known)
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


def fit(lang: str, shown: Sequence[tuple[Doc, Marks]], tested: Sequence[tuple[Doc, Marks]], epochs: int) -> Language:
    """A recogniser that the stretches `shown` teach in so many rounds; `tested` are measured."""
    from spacy.util import fix_random_seed
    from thinc.api import Adam, NumpyOps, set_current_ops

    began = time.monotonic()
    fix_random_seed(7)
    # numpy's BLAS multiplies faster than the one that thinc brings.
    set_current_ops(NumpyOps(use_blis=False))
    dice = random.Random(7)
    nlp = blank(lang)
    examples = [example(doc, marks, nlp, known=True) for doc, marks in shown]
    unknown = [example(doc, marks, nlp, known=False) for doc, marks in shown]
    nlp.initialize(lambda: examples)
    optimizer = Adam(0.001, L2=0.01, grad_clip=1.0, use_averages=True)
    for epoch in range(epochs):
        seen = [b if dice.random() < _UNKNOWN else a for a, b in zip(examples, unknown, strict=True)]
        losses: dict[str, float] = {}
        for batch in _batches(seen, 16 if epoch < 4 else 32, dice):
            nlp.update(batch, sgd=optimizer, drop=0.25, losses=losses)
        print(f"{lang}, round {epoch + 1}: loss {losses['ner']:.0f}, {time.monotonic() - began:.0f} s", flush=True)
    nlp.use_params(optimizer.averages).__enter__()
    for known in (True, False) if tested else ():
        score = nlp.evaluate([example(doc, marks, nlp, known=known) for doc, marks in tested])["ents_f"]
        print(f"{lang}: F1 {score:.3f} {'with' if known else 'without'} the registry", flush=True)
    return nlp


_ALIKE = 20
"""Batches whose examples are sorted by length: a batch takes as many steps as its longest needs."""


def _batches(examples: list[Example], size: int, dice: random.Random) -> Iterator[list[Example]]:
    """The examples in batches of about one length, in random order."""
    dice.shuffle(examples)
    batches = []
    for at in range(0, len(examples), size * _ALIKE):
        some = sorted(examples[at : at + size * _ALIKE], key=lambda e: len(e.reference))
        batches += [some[n : n + size] for n in range(0, len(some), size)]
    dice.shuffle(batches)
    return iter(batches)


_EPOCHS = {"zh": 5, "en": 4}
"""Rounds over the passages, for the recogniser of all of them; one less for those that know a part. English has more passages, and longer ones."""


def train_parts(lang: str) -> None:
    """Fit and write the recognisers that know only a part of the passages, for `training.judge`."""
    shown, _ = _shown(lang)
    for part in range(FOLDS):
        rest = [seen for number, some in enumerate(shown) if number != part for seen in some]
        _write(fit(lang, rest, (), _EPOCHS[lang] - 1), FOLDER / f"{lang}-{part}")


def train(lang: str) -> None:
    """Fit and write the recogniser of a language."""
    shown, dice = _shown(lang)
    own, held = ([p for p in passages(lang) if p.validation is v] for v in (False, True))
    every = [*chain.from_iterable(shown), *docs(copied(lang, own, dice), lang)]
    made = fit(lang, every, docs(plain(held), lang), _EPOCHS[lang])
    _write(made, ROOT.parent / "kg" / "annotate" / "weights" / lang)


def _shown(lang: str) -> tuple[list[list[tuple[Doc, Marks]]], random.Random]:
    """The stretches of each part of the passages and of a copy of them, and the dice that made it."""
    began = time.monotonic()
    dice = random.Random(7)
    own = [p for p in passages(lang) if not p.validation]
    parts = [[p for p in own if fold(p) == part] for part in range(FOLDS)]
    # No name of a part comes into the copies of another: its recogniser is to meet it as one that it does not know.
    shown = [docs([*plain(some), *copied(lang, some, dice)], lang) for some in parts]
    print(f"{lang}: {sum(map(len, shown))} stretches read, {time.monotonic() - began:.0f} s", flush=True)
    return shown, dice


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
