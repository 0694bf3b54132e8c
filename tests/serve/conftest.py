"""A served store: the real application on a free port of loopback, its workers real processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from kg.serve.limits import Limits
from kg.store.graph import Writer
from serving import serving

import factory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIMITS = Limits(seconds=1.5, rows=500, result_bytes=200_000, query_bytes=20_000, body_seconds=1)


@pytest.fixture(scope="session")
def served_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("serve") / "graph.kg"
    with Writer(folder) as writer:
        writer.put(factory.reading())
    return folder


@pytest.fixture(scope="session")
def server(served_store: Path) -> Iterator[str]:
    with serving(served_store, LIMITS) as address:
        yield address
