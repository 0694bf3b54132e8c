"""What goes wrong with a store on disk is said with its cause and remedy, and an interrupted build is made good by the next."""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from kg.errors import DataError, StoreError
from kg.store.export import export
from kg.store.graph import View, Writer

import factory

TESTS = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("f") / "s"
    with Writer(path, extractor="test") as writer:
        writer.put(factory.reading())
    return path


@pytest.mark.parametrize("part", ["CURRENT", "MANIFEST", ".sst"])
@pytest.mark.parametrize("opened", [View, Writer])
def test_a_damaged_store_is_named(tmp_path: Path, good: Path, part: str, opened: type) -> None:
    shutil.copytree(good, tmp_path / "s")
    spoiled = [f for f in (tmp_path / "s" / "oxigraph").iterdir() if part in f.name]
    for file in spoiled:
        file.write_bytes(b"garbage\x00" * 20)
    assert spoiled
    with pytest.raises(StoreError, match=r"damaged.*build again"):
        opened(tmp_path / "s")


def test_a_missing_file_is_named(tmp_path: Path, good: Path) -> None:
    shutil.copytree(good, tmp_path / "s")
    for file in (tmp_path / "s" / "oxigraph").glob("*.sst"):
        file.unlink()
    with pytest.raises(StoreError, match=r"is gone.*try again"):
        View(tmp_path / "s")


def test_a_store_of_another_version_and_a_file(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "kg-store").write_text("1\n")
    (tmp_path / "f").write_text("x")
    for opened in (View, Writer):
        with pytest.raises(StoreError, match=r"format '1'.*delete the folder and build again"):
            opened(tmp_path / "s")
    with pytest.raises(StoreError, match="is a file"):
        Writer(tmp_path / "f")


def test_an_interrupted_creation_goes_on(tmp_path: Path) -> None:
    (tmp_path / ".kg-store.123").write_text("")
    with pytest.raises(StoreError, match="no store here"):
        View(tmp_path)
    with Writer(tmp_path) as writer:
        writer.put(factory.reading())
    assert View(tmp_path).stats().documents == 1


def test_a_store_keeps_its_base(good: Path) -> None:
    with pytest.raises(StoreError, match=r"has the base https://w3id\.org/aikg/, not http://x\.org/"):
        Writer(good, base="http://x.org/")


def test_leaving_the_block_frees_the_store(tmp_path: Path) -> None:
    with Writer(tmp_path / "s") as first:
        first.put(factory.reading())
    with Writer(tmp_path / "s") as second:
        assert len(second.documents()) == 1
    with pytest.raises(StoreError, match="closed"):
        first.put(factory.reading())


def test_an_error_in_the_block_keeps_what_was_read(tmp_path: Path) -> None:
    def build() -> None:
        with Writer(tmp_path / "s") as writer:
            writer.put(factory.reading())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build()
    assert View(tmp_path / "s").find("云帆科技")


def test_a_view_reads_while_another_process_writes(good: Path) -> None:
    with Writer(good, extractor="test"):
        assert View(good).stats().documents == 1


def test_an_id_that_is_no_iri_is_refused(tmp_path: Path) -> None:
    made = factory.reading()
    bad = dict.fromkeys(made.entity_of, "https://w3id.org/aikg/entity/company/a b")
    with Writer(tmp_path / "s") as writer:
        with pytest.raises(DataError, match="no IRI"):
            writer.put(dataclasses.replace(made, entity_of=bad))
        assert writer.documents() == {}


KILLED = """
import sys, os, signal
sys.path[:0] = sys.argv[2:]
import factory
from kg.store.graph import Writer
writer = Writer(sys.argv[1], extractor="test")
writer.put(factory.reading(factory.document(factory.TEXT + "补充。")))
writer.put(factory.reading(factory.document(name="b.txt")))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_entities_are_brought_up_to_date_after_a_kill(tmp_path: Path, good: Path) -> None:
    """The second run finds nothing to read: what the first has left undone must be seen all the same."""
    shutil.copytree(good, tmp_path / "s")
    subprocess.run([sys.executable, "-c", KILLED, tmp_path / "s", TESTS, TESTS.parent], check=False)
    with Writer(tmp_path / "s", extractor="test") as writer:
        assert set(writer.documents()) == {"a.txt", "b.txt"}
    with Writer(tmp_path / "t", extractor="test") as writer:
        writer.put(factory.reading(factory.document(factory.TEXT + "补充。")))
        writer.put(factory.reading(factory.document(name="b.txt")))
    assert export(View(tmp_path / "s"), "nquads") == export(View(tmp_path / "t"), "nquads")


REPLACED = """
import sys, threading
sys.path[:0] = sys.argv[2:]
import factory
from kg.store.graph import Writer
writer = Writer(sys.argv[1], extractor="test")
versions = [factory.reading(factory.document(factory.TEXT + "补充。" * n)) for n in range(2)]
print("ready", flush=True)
while True:
    for each in versions:
        writer.put(each)
"""


def test_a_kill_amid_replacing_leaves_the_old_or_the_new(tmp_path: Path, good: Path) -> None:
    shutil.copytree(good, tmp_path / "s")
    command = [sys.executable, "-c", REPLACED, str(tmp_path / "s"), str(TESTS), str(TESTS.parent)]
    for delay in (0.05, 0.13):
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout
            process.stdout.readline()
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(delay)
            process.kill()
        stats = View(tmp_path / "s").stats()
        assert (stats.documents, stats.claims, stats.observations, stats.mentions) == (1, 2, 1, 3)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_no_permission(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="no permission"):
        Writer(tmp_path / "s")
