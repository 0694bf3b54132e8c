"""Files parsed in a process of its own: one that never ends, takes too much memory or crashes its parser is one skipped file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.ingest.files import STDIN, files, label, read
from kg.model import Document, Skipped
from kg.scale.worker import EndedError, Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from kg.config import Config
    from kg.scale.worker import Work

_PER_SECOND = 100_000
"""Bytes of a file for which each document of it gets a second more."""


def documents(
    paths: Iterable[str | Path], config: Config, *, progress: Callable[[str], None] | None = None
) -> Iterator[Document | Skipped]:
    """What `kg.ingest.files.documents` gives, each document within the bounds of `config`."""
    parser = Parser(config)
    try:
        for file in files(paths):
            if isinstance(file, Skipped):
                yield file
                continue
            if progress:
                progress(label(file))
            # Standard input is text, whose decoding is bounded as it stands, and no other process can read ours.
            yield from read(file) if str(file) == STDIN else parser.read(file)
    finally:
        parser.close()


class Parser:
    """One process, started when there is work for it and again after its end."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._worker: Worker | None = None

    def read(self, file: Path, name: str | None = None) -> Iterator[Document | Skipped]:
        """The documents of `file`, which goes by `name`; its failure is the last thing that comes."""
        name = name or label(file)
        self._worker = self._worker or Worker(_reader, megabytes=self._config.document_megabytes)
        seconds = self._config.document_seconds + _size(file) / _PER_SECOND
        count = 0
        try:
            for document in self._worker.run((file, name), seconds=seconds):
                yield document
                count += 1
        except EndedError as error:
            self.close()
            which = f"after its first {count} documents " if count else ""
            remedy = (
                "convert it to .txt or split it, or allow more (document_seconds and document_megabytes in kg.toml)"
            )
            yield Skipped(path=name, cause=f"not parsed to its end: {which}the process {error}; {remedy}")

    def close(self) -> None:
        if self._worker:
            self._worker.end()
        self._worker = None


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:  # told by the parser
        return 0


def _reader() -> Work:
    return lambda job: read(*job)
