"""Passages of the corpus as the pipeline would see them, with their marked mentions in place of found ones."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from kg.annotate.inventory import Annotated, annotate
from kg.annotate.judge import judge
from kg.annotate.judge import read as read_judge
from kg.annotate.pipelines import Pipelines
from kg.annotate.recognise import read_recogniser
from kg.annotate.speaker import speaker
from kg.ids import content_id
from kg.ingest.passages import passages as stretches
from kg.model import Document, Mention
from kg.registry.load import load
from kg.text import fold as folded
from training.corpus import ROOT, passages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.annotate.judge import Judge
    from spacy.language import Language
    from training.corpus import Passage


@cache
def pipelines() -> Pipelines:
    """The pipelines, loaded once."""
    return Pipelines()


@cache
def marking() -> Pipelines:
    """Pipelines for passages whose names are marked: they find none that the registry does not know."""
    return Pipelines(unknown=False)


@cache
def _entries() -> dict[tuple[str, str], str]:
    return {(e.type, folded(n)): e.id for e in load() for n in (*e.names, *e.weak)}


def document(passage: Passage) -> Document:
    """The passage as a document of its own."""
    digest = hashlib.sha256(passage.text.encode()).hexdigest()
    return Document(
        id=passage.id, path=passage.id, title="", lang=passage.lang, date=None, text=passage.text, sha256=digest
    )


FOLDER = ROOT / "build"
"""What training makes on the way, which is not shipped."""
FOLDS = 2
"""Parts of the training passages: what is learned of names found is learned from what those find that were taught by the other parts."""


def fold(passage: Passage) -> int:
    """The part of a passage."""
    return int(content_id("fold", passage.id)[:8], 16) % FOLDS


@cache
def _taught(lang: str, part: int) -> tuple[Language, Judge]:
    return read_recogniser(lang, FOLDER / f"{lang}-{part}"), read_judge(FOLDER / f"judge-{lang}-{part}.npz")


def found_in(passage: Passage, part: int) -> tuple[Annotated, dict[int, int]]:
    """The passage with the mentions that a recogniser and a judge find in it that passages of its part did not teach, and what `numbered` says of them."""
    text = document(passage)
    reads, decides = _taught(passage.lang, part)
    pipelines().recogniser(passage.lang).teach(reads)
    made = annotate(
        text,
        list(pipelines().docs(stretches(text))),
        lambda lang: decides if lang == passage.lang else judge(lang),
    )
    pipelines().recogniser(passage.lang).teach(None)
    return made, numbered(made, passage)


def numbered(found: Annotated, passage: Passage) -> dict[int, int]:
    """Cluster of what was found in a passage -> number of the entity that is marked at one of its places."""
    marked = {(start, end, kind): number for start, end, kind, number in passage.mentions}
    number: dict[int, int] = {}
    for *_, mention in found.mentions:
        if (place := (mention.start, mention.end, mention.type)) in marked:
            number.setdefault(found.cluster_of[mention.id], marked[place])
    return number


@dataclass(frozen=True, slots=True)
class Reading:
    """A passage as read, with its marked mentions or with those that were `found`; `number` gives the marked entity of a cluster."""

    passage: Passage
    annotated: Annotated
    number: Mapping[int, int]
    found: bool


def readings(lang: str) -> list[Reading]:
    """Each training passage read twice: with its marked mentions, and with those found by what it did not teach, whose mistakes are part of life."""
    return [
        Reading(passage, *read, found=found)
        for passage in passages(lang)
        if not passage.validation
        for read, found in ((annotated(passage), False), (found_in(passage, fold(passage)), True))
    ]


def annotated(passage: Passage) -> tuple[Annotated, dict[int, int]]:
    """The passage with its marked mentions, and cluster -> number of the entity (the same)."""
    text = document(passage)
    docs = list(marking().docs(stretches(text)))
    mentions, cluster_of = [], {}
    for index, (stretch, _) in enumerate(docs):
        at = {offset: i for i, offset in enumerate(stretch.offsets)}
        for start, end, kind, number in passage.mentions:
            if start in at and end - 1 in at:
                mention = Mention(
                    document=text.id,
                    start=start,
                    end=end,
                    text=passage.text[start:end],
                    type=kind,
                    found_by="marked",
                    entry=_entries().get((kind, folded(passage.text[start:end]))),
                )
                mentions.append((index, at[start], at[end - 1] + 1, mention))
                cluster_of[mention.id] = number
    mentions.sort(key=lambda m: (m[0], m[1]))
    made = Annotated(
        document=text,
        passages=docs,
        mentions=mentions,
        cluster_of=cluster_of,
        filer=speaker(docs, mentions, cluster_of, None),
    )
    return made, {n: n for n in range(len(passage.entities))}
