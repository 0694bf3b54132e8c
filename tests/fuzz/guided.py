"""Fuzzing that is led by the branches a case reaches (atheris, libFuzzer): `python tests/fuzz/guided.py KIND CORPUS [libFuzzer options]`.

A case that raises what a reader may not raise ends the run; libFuzzer writes it to a file, and bounds time and memory of each.
"""

from __future__ import annotations

import contextlib
import io
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["kg.ingest", "kg.registry", "kg.text"], enable_loader_override=False):
    from kg.ingest import files
    from kg.ingest.passages import passages
    from kg.model import Document, Skipped
    from kg.registry import load

from kg.errors import DataError, DocumentError


def reader(kind: str, data: bytes) -> None:
    """The reader itself, without the net that `files.read` spreads below it, and what follows until sentences."""
    with contextlib.suppress(DocumentError):
        for content in files.READERS[f".{kind}"](io.BytesIO(data), "case"):
            made = content if isinstance(content, Skipped) else files._document(content, "case")
            if isinstance(made, Document):
                made.text.encode("utf-8")
                for passage in passages(made):
                    assert passage.text


def registry(data: bytes) -> None:
    Path("case.tsv").write_bytes(data)
    with contextlib.suppress(DataError):
        load.Registry(load.read(Path("case.tsv")))


def main(kind: str) -> None:
    atheris.Setup([sys.argv[0], *sys.argv[2:]], lambda data: registry(data) if kind == "tsv" else reader(kind, data))
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1])
