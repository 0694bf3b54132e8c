"""Sentences with their mentions marked, `[s:Company 云帆科技]推出[o:AIModel 云帆-7B]`, as the pattern files and `relations-*.jsonl` write them."""

from __future__ import annotations

import re
from array import array
from functools import cache

from kg.annotate.inventory import Annotated
from kg.annotate.pipelines import Pipelines
from kg.ingest.passages import Passage
from kg.model import Document, Mention

MARK = re.compile(r"\[(?P<end>[so]?):(?P<type>[A-Za-z]+) (?P<name>[^\]]+)\]")


@cache
def pipelines() -> Pipelines:
    """Without the registry: only what is marked is a mention."""
    return Pipelines(builtin=False)


def marked(words: str, lang: str) -> tuple[Annotated, set[str], set[str]]:
    """The sentence with exactly the marked mentions, and the names marked as subject and as object."""
    text, spans, at = "", [], 0
    for match in MARK.finditer(words):
        text += words[at : match.start()]
        spans.append((len(text), len(text) + len(match["name"]), match["type"], match["end"], match["name"]))
        text += match["name"]
        at = match.end()
    text += words[at:]
    document = Document(id="d", path="d", title="", lang=lang, date=None, text=text, sha256="")
    passage = Passage(start=0, end=len(text), lang=lang, text=text, offsets=array("I", range(len(text))), kind="prose")
    docs = list(pipelines().docs([passage]))
    mentions = [
        (0, a, b, Mention(document="d", start=a, end=b, text=name, type=kind, found_by="marked"))
        for a, b, kind, _, name in spans
    ]
    clusters = {m.id: i for i, m in enumerate({m.text: m for *_, m in mentions}.values())}
    by_text = {m.text: clusters[m.id] for *_, m in mentions if m.id in clusters}
    result = Annotated(
        document=document,
        passages=docs,
        mentions=mentions,
        cluster_of={m.id: by_text[m.text] for *_, m in mentions},
        filer=None,
    )
    return result, {n for *_, end, n in spans if end == "s"}, {n for *_, end, n in spans if end == "o"}
