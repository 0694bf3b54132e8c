"""From a document to all that it states: the models loaded once, the stages joined in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.config import Config
from kg.model import Reading

if TYPE_CHECKING:
    from kg.annotate.inventory import Annotated
    from kg.annotate.pipelines import Pipelines
    from kg.model import Document
    from kg.registry.load import Registry


class Reader:
    """Reads documents with the models loaded once. `threads` is how many the models may use (0: as many as there are cores)."""

    def __init__(self, config: Config | None = None, *, threads: int = 0) -> None:
        from kg.annotate.pipelines import Pipelines
        from kg.registry.load import load

        self.config = config or Config()
        self.registry: Registry = load(self.config.registry, builtin=self.config.builtin_registry)
        self._pipelines: Pipelines = Pipelines(
            registry=self.config.registry,
            builtin=self.config.builtin_registry,
            components=self.config.components,
            threads=threads,
        )

    def __call__(self, document: Document) -> Reading:
        """All that `document` states, with its evidence."""
        return self.stated(self.annotated(document))

    def annotated(self, document: Document) -> Annotated:
        """The passages of `document` with the names in them."""
        from kg.annotate.inventory import annotate
        from kg.ingest.passages import passages

        return annotate(document, list(self._pipelines.docs(passages(document))))

    def stated(self, annotated: Annotated) -> Reading:
        """All that a document states of the names in it."""
        from kg.annotate.inventory import flat
        from kg.relate.claims import relate
        from kg.relate.status import timed
        from kg.resolve.link import entities

        document = annotated.document
        claims, numbers = relate(annotated)
        things, entity_of = entities(annotated, base=self.config.base, registry=self.registry, claims=claims)
        least = self.config.min_confidence
        return Reading(
            document=document,
            mentions=flat(annotated.mentions),
            entities=things,
            entity_of=entity_of,
            claims=tuple(timed(c, document) for c in claims if c.confidence >= least),
            observations=tuple(o for o in numbers if o.confidence >= least),
        )
