"""A bare store is filled from N-Quads as a whole, whatever comes between."""

from __future__ import annotations

import signal
import subprocess
import sys

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


_KILLED = """
import os, signal, sys
from kg.store.graph import Writer

def shards():
    yield b"".join(b"<urn:a> <urn:p> <urn:b%d> <https://w3id.org/aikg/document/1> .\\n" % n for n in range(50_000))
    os.kill(os.getpid(), signal.SIGKILL)

with Writer(sys.argv[1]) as writer:
    writer.load(shards())
"""


def test_a_kill_while_it_is_filled_leaves_nothing_of_it(tmp_path):
    store = tmp_path / "s"
    ended = subprocess.run([sys.executable, "-c", _KILLED, str(store)], check=False, capture_output=True)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    with pytest.raises(StoreError, match="interrupted"):
        View(store)
    with Writer(store) as writer:
        assert writer.is_bare()
    assert b"urn:a" not in export(View(store), "nquads")
