"""A bare store is filled from N-Quads as a whole, whatever comes between."""

from __future__ import annotations

import pytest
from kg.errors import StoreError
from kg.store.export import export
from kg.store.graph import View, Writer

import factory


def test_a_store_is_filled_whole_or_not_at_all(tmp_path):
    store = tmp_path / "s"
    line = b"<urn:a> <urn:p> <urn:b> <https://w3id.org/aikg/document/1> .\n"
    with pytest.raises(SyntaxError), Writer(store) as writer:
        writer.load([line, b"<urn:a> <urn:p> nonsense"])
    assert len(list(View(store).store.quads_for_pattern(None, None, None, None))) > 0  # the ontology
    assert b"urn:a" not in export(View(store), "nquads")
    (store / "loading").touch()  # as `kill -9` leaves it
    with pytest.raises(StoreError, match="build again"):
        View(store)
    with Writer(store) as writer:
        assert not writer.documents()
        writer.put(factory.reading())
        assert not writer.is_bare()
    assert not (store / "loading").exists()
    assert len(View(store).documents()) == 1
