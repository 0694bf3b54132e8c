"""The one place where the stages are joined: documents -> passages -> mentions -> claims -> entities -> store. Functions, no state."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import __version__
from kg.config import Config
from kg.errors import KgError
from kg.model import Document, Reading, Skipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kg.evaluate import Report
    from kg.registry.load import Registry
    from kg.store.graph import Writer


@dataclass(slots=True)
class Summary:
    """What a build did."""

    read: int = 0
    unchanged: int = 0
    entities: int = 0
    claims: int = 0
    observations: int = 0
    seconds: float = 0.0
    skipped: list[Skipped] = field(default_factory=list)

    @property
    def failed(self) -> list[Skipped]:
        """Documents that could not be read; files of other kinds in a folder are none."""
        from kg.ingest.files import Ignored

        return [s for s in self.skipped if not isinstance(s, Ignored)]


def extract(
    paths: Iterable[str | Path], config: Config | None = None, *, progress: Callable[[str], None] | None = None
) -> Iterator[Reading | Skipped]:
    """Read documents one at a time; what cannot be read comes as `Skipped` in its place."""
    from kg.scale.batch import read
    from kg.scale.parse import documents

    config = config or Config()
    return read(documents(paths, config, progress=progress), config)


def build(
    paths: Iterable[str | Path], config: Config | None = None, *, progress: Callable[[str], None] | None = None
) -> Summary:
    """Read documents into the store of `config`. Unchanged ones are not read again, changed ones replace what was read of them.

    Raises:
        StoreError: if the store cannot be written.
    """
    from kg.scale.batch import read
    from kg.scale.parse import documents
    from kg.store.graph import Writer

    config = config or Config()
    summary, began = Summary(), time.monotonic()
    extractor = extractor_of(config)
    with Writer(config.store, base=config.base, extractor=extractor, registry=_registry(config)) as writer:
        known = writer.documents()

        def changed() -> Iterator[Document | Skipped]:
            for item in documents(paths, config, progress=progress):
                if isinstance(item, Document) and known.get(item.id) == (item.sha256, extractor):
                    summary.unchanged += 1
                    continue
                if isinstance(item, Document):
                    known.pop(
                        item.id, None
                    )  # of documents with one id the last stands, also where the store holds it already
                yield item

        for item in read(changed(), config):
            if isinstance(item, Skipped):
                summary.skipped.append(item)
            else:
                _put(writer, item, summary)
    summary.seconds = time.monotonic() - began
    return summary


def build_on_cluster(
    paths: Iterable[str | Path], config: Config | None = None, *, address: str | None = None, shards: str | None = None
) -> Summary:
    """What `build` does, read and resolved by the Ray cluster at `address` (none: of this machine). The folder `shards`, any path of
    fsspec, keeps what was read; without it a folder beside the store does until the end. Needs the extra `ray`.

    A store that holds documents already takes up what is new one by one, and resolves by itself.

    Raises:
        KgError: if there is no Ray, or the cluster fails for good.
        StoreError: if the store cannot be written.
    """
    try:
        from kg.scale import passes, ray
        from kg.scale.shards import folder
    except ImportError as error:
        raise KgError(f"a cluster needs Ray ({error}); install it with pip install 'kg[ray]'") from error
    from kg.store.graph import Writer

    config = config or Config()
    began = time.monotonic()
    extractor, registry = extractor_of(config), _registry(config)
    with (
        ray.cluster(address),
        folder(shards, config.store) as where,
        Writer(config.store, base=config.base, extractor=extractor, registry=registry) as writer,
    ):
        made = ray.read(paths, config, extractor=extractor, known=writer.documents(), where=where)
        if writer.is_bare() and made.names:
            writer.load(passes.resolve(made, config, registry))
        else:
            for name in made.names:
                for graph, quads in made.place.graphs(name):
                    writer.place(graph, quads)
    return Summary(
        read=made.read,
        unchanged=made.unchanged,
        entities=made.entities,
        claims=made.claims,
        observations=made.observations,
        seconds=time.monotonic() - began,
        skipped=[skipped for _, skipped in made.skipped],
    )


def _put(writer: Writer, reading: Reading, summary: Summary) -> None:
    writer.put(reading)
    summary.read += 1
    summary.entities += len(reading.entities)
    summary.claims += len(reading.claims)
    summary.observations += len(reading.observations)


def _registry(config: Config) -> Registry:
    from kg.registry.load import load

    return load(config.registry, builtin=config.builtin_registry)


def extractor_of(config: Config) -> str:
    """Name, version and a hash of all that decides what is read: a change in any of it makes documents be read again."""
    digest = hashlib.sha256()
    package = Path(str(files("kg")))
    for folder in ("annotate", "relate", "registry", "ingest", "resolve"):
        for path in sorted((package / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(package).as_posix().encode())
                digest.update(path.read_bytes())
    for path in config.registry:
        digest.update(path.read_bytes() if path.is_file() else b"")
    digest.update(repr((config.builtin_registry, config.components, config.min_confidence)).encode())
    return f"kg {__version__} ({digest.hexdigest()[:12]})"


def to_json(reading: Reading) -> dict[str, Any]:
    """The JSON object that `kg extract` prints for a document, as the guide of the gold files defines it."""
    iri = reading.entity_of

    def evidence(e: Any) -> dict[str, Any]:
        return {"start": e.start, "end": e.end, "quote": e.quote}

    document = reading.document
    return {
        "doc": {
            "id": document.id,
            "path": document.path,
            "lang": document.lang,
            "title": document.title,
            "date": document.date,
            "sha256": document.sha256,
        },
        "entities": [{"id": e.iri, "type": e.type, "label": e.label, "names": list(e.names)} for e in reading.entities],
        "mentions": [
            {"start": m.start, "end": m.end, "text": m.text, "type": m.type, "entity": iri[m.id]}
            for m in reading.mentions
        ],
        "claims": [
            {
                "subject": iri[c.subject.id],
                "predicate": c.predicate,
                "object": iri[c.object.id],
                "confidence": c.confidence,
                "qualifiers": {
                    "role": c.qualifiers.role,
                    "value": c.qualifiers.value,
                    "date": c.qualifiers.date,
                    "amount": c.qualifiers.amount,
                    "status": c.qualifiers.status,
                    "since": c.qualifiers.since,
                    "until": c.qualifiers.until,
                },
                "evidence": evidence(c.evidence),
                "found_by": c.found_by,
            }
            for c in reading.claims
        ],
        "observations": [
            {
                "subject": iri[o.subject.id],
                "metric": o.metric,
                "value": o.value,
                "unit": o.unit,
                "period": o.period,
                "words": o.words,
                "confidence": o.confidence,
                "evidence": evidence(o.evidence),
            }
            for o in reading.observations
        ],
    }


def evaluate(folder: Path, config: Config | None = None) -> Report:
    """Score what is read of the gold documents in `folder`.

    Raises:
        DataError: if there is no gold document, or one is malformed.
    """
    from kg import evaluate as measure
    from kg.ingest.files import read
    from kg.reader import Reader

    found = list(measure.gold(folder))
    reader = Reader(config)

    def predicted(gold: measure.Gold) -> dict[str, Any]:
        for document in read(folder / f"{gold.stem}.txt"):
            if isinstance(document, Document):
                return to_json(reader(document))
        return {"mentions": [], "entities": [], "claims": [], "observations": []}

    return measure.evaluate(found, predicted)
