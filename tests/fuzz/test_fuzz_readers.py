"""Every reader on thousands of spoiled files, as `kg build` calls it: documents or a cause, within two gigabytes and ten seconds each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from kg.ingest.files import READERS
from kg.model import Document, Skipped
from kg.scale import parse
from kg.scale.worker import Worker

from fuzz import mutations

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KINDS = sorted({*(s.removeprefix(".") for s in READERS), "txt.gz", "jsonl.gz", "pdf.gz"} - {"htm", "parquet"})
SECONDS, MEGABYTES = 10, 2048


def read_spoiled(folder: Path, kind: str, count: int, seed: int) -> int:
    worker = Worker(parse._reader, megabytes=MEGABYTES)
    file = folder / f"case.{kind}"
    documents = done = 0
    try:
        for number, data in enumerate(mutations.cases(kind, count, seed)):
            file.write_bytes(data)
            # EndedError: it crashed, hung or hoarded; `file` is the case.
            done += 1
            for item in worker.run((file,), seconds=SECONDS):
                assert isinstance(item, Document | Skipped), number
                cause = item.cause if isinstance(item, Skipped) else ""
                assert "\n" not in cause
                assert "Traceback" not in cause
                if isinstance(item, Document):
                    documents += 1
                    assert item.text.strip()
                    for text in (item.text, item.title, item.id):
                        text.encode("utf-8")
    finally:
        worker.end()
    assert documents > count // 20  # the cases reach past the door
    return done


@pytest.mark.parametrize("kind", KINDS)
def test_some_spoiled_files(tmp_path: Path, cases: Callable[[int], None], kind: str) -> None:
    cases(read_spoiled(tmp_path, kind, 60, 1))


@pytest.mark.faults
@pytest.mark.parametrize("kind", KINDS)
def test_many_spoiled_files(tmp_path: Path, cases: Callable[[int], None], kind: str) -> None:
    cases(read_spoiled(tmp_path, kind, 1200, 2))
