"""Disks that fill or fail, files that rot, writers that meet: a clear error, nothing lost, and a way back that works."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from kg.cli import main
from kg.config import BASE
from kg.errors import StoreError
from kg.resolve import decisions
from kg.resolve.decisions import Decision
from kg.store import backup, check, folder
from kg.store.export import export
from kg.store.graph import View, Writer

import factory

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Disk


def kg(*words: object, expect: int = 0) -> str:
    """What a command prints; an error is one line and no traceback."""
    result = CliRunner().invoke(main, [str(w) for w in words])
    assert result.exit_code == expect, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert not expect or result.output.count("\n") == 1
    return result.output


def some(count: int, first: int = 0):
    for number in range(first, first + count):
        yield factory.reading(factory.document(f"第{number}号。{factory.TEXT}", name=f"{number}.txt"))


def put(store: Path, readings) -> None:
    with Writer(store, extractor="test") as writer:
        for each in readings:
            writer.put(each)


def nquads(store: Path) -> bytes:
    return export(View(store), "nquads")


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with decisions, and a backup of it beside."""
    path: Path = tmp_path_factory.mktemp("good") / "s"
    claim = next(some(1)).claims[0]
    decisions.save(path, [Decision(verdict="accept", claim=f"{BASE}claim/{claim.id}")])
    put(path, some(6))
    backup.save(path, path.with_name("s.zip"))
    return path


@pytest.fixture
def store(good: Path, tmp_path: Path) -> Path:
    path = tmp_path / "s"
    shutil.copytree(good, path)
    shutil.copy(decisions.path_of(good), decisions.path_of(path))
    return path


def spots(store: Path, seed: int, count: int):
    """Bits of the store's files, but of those that Oxigraph only writes for people."""
    chance = random.Random(seed)
    files = [
        f
        for f in sorted(store.rglob("*"))
        if f.is_file() and f.stat().st_size and f.name != "LOG" and "OPTIONS" not in f.name
    ]
    for _ in range(count):
        file = chance.choice(files)
        yield file.relative_to(store), chance.randrange(file.stat().st_size), 1 << chance.randrange(8)


def flip(file: Path, at: int, bit: int) -> None:
    data = bytearray(file.read_bytes())
    data[at] ^= bit
    file.write_bytes(data)


def damage_is_found_and_healed(good: Path, tmp_path: Path, seed: int, count: int) -> None:
    found = 0
    for file, at, bit in spots(good, seed, count):
        store = tmp_path / "s"
        shutil.copytree(good, store)
        shutil.copy(decisions.path_of(good), decisions.path_of(store))
        flip(store / file, at, bit)
        result = CliRunner().invoke(main, ["check", "--store", str(store)])
        assert result.exception is None or isinstance(result.exception, SystemExit), (file, at, bit)
        if result.exit_code:
            found += 1
            assert "Error: " in result.output or "damage: " in result.output
            assert "another process" not in result.output
            kg("restore", good.with_name("s.zip"), "--store", store, "--replace")
        assert nquads(store) == nquads(good), (file, at, bit)  # what `check` calls whole is whole
        shutil.rmtree(tmp_path)
        tmp_path.mkdir()
    assert found > count // 20


def test_a_flipped_bit_is_found_and_healed(good: Path, tmp_path: Path) -> None:
    damage_is_found_and_healed(good, tmp_path, 1, 15)


@pytest.mark.faults
def test_any_flipped_bit_is_found_and_healed(good: Path, tmp_path: Path) -> None:
    damage_is_found_and_healed(good, tmp_path, 2, 500)


@pytest.mark.parametrize(
    ("part", "says"),
    [
        ("oxigraph/*.sst", "is gone|is damaged"),
        ("oxigraph/CURRENT", "is gone|is damaged"),
        ("oxigraph/MANIFEST*", "is gone"),
        ("kg-store", "no store here"),
        ("oxigraph", "no store here"),
    ],
)
def test_missing_files_are_told_and_restored(store: Path, good: Path, part: str, says: str) -> None:
    for file in list(store.glob(part)):
        shutil.rmtree(file) if file.is_dir() else file.unlink()
    with pytest.raises(StoreError, match=says):
        View(store)
    assert kg("check", "--store", store, expect=1)
    kg("restore", good.with_name("s.zip"), "--store", store, "--replace")
    assert nquads(store) == nquads(good)
    assert "whole" in kg("check", "--store", store)


def test_a_store_whose_mark_is_gone_is_not_taken_for_new(store: Path, good: Path) -> None:
    (store / "kg-store").unlink()
    with pytest.raises(StoreError, match="the file kg-store is gone"):
        put(store, some(1))
    (store / "kg-store").write_text(f"{folder.FORMAT}\n{BASE}\n")
    assert nquads(store) == nquads(good)


def test_check_names_what_is_amiss(store: Path) -> None:
    writer = Writer(store, extractor="test")
    graph = next(g for g in writer._store.named_graphs() if "/document/" in g.value)
    gone = [q for q in writer._store.quads_for_pattern(None, None, None, graph) if "/mention/" in q.subject.value][:9]
    for quad in gone:
        writer._store.remove(quad)
    writer._store.remove(
        next(q for q in writer._store.quads_for_pattern(graph, None, None, graph) if "sha256" in q.predicate.value)
    )
    writer._mark_stale()
    writer._store.flush()
    writer._open = None
    decisions.path_of(store).write_text('{"verdict": "maybe"}\n')
    (store / ".kg-store.7").touch()
    found = list(check.findings(store, BASE))
    told = "\n".join(f.text for f in found if f.damage)
    assert "sha256 missing" in told
    assert "refers to what is not there" in told
    assert "'maybe' is no decision" in told
    assert "did not come to its end" in next(f.text for f in found if not f.damage)
    assert ".kg-store.7" in found[-1].text


def test_a_backup_is_the_same_for_the_same_content_and_restores_it_to_the_byte(
    store: Path, good: Path, tmp_path: Path
) -> None:
    put(tmp_path / "other", reversed(list(some(6))))
    shutil.copy(decisions.path_of(store), decisions.path_of(tmp_path / "other"))
    with Writer(tmp_path / "other", extractor="test") as writer:
        writer.refresh()
    kg("backup", tmp_path / "b.zip", "--store", tmp_path / "other")
    assert (tmp_path / "b.zip").read_bytes() == good.with_name("s.zip").read_bytes()
    kg("restore", tmp_path / "b.zip", "--store", tmp_path / "new")
    assert nquads(tmp_path / "new") == nquads(good)
    assert decisions.path_of(tmp_path / "new").read_bytes() == decisions.path_of(good).read_bytes()
    put(tmp_path / "new", some(2, first=5))  # it can be written to
    assert View(tmp_path / "new").stats().documents == 7


def test_restoring_loses_nothing(store: Path, good: Path) -> None:
    put(store, some(1, first=9))
    decisions.save(store, [])
    assert "--replace" in kg("restore", good.with_name("s.zip"), "--store", store, expect=1)
    assert View(store).stats().documents == 7
    assert "s.before-1" in kg("restore", good.with_name("s.zip"), "--store", store, "--replace")
    assert View(store).stats().documents == 6
    assert View(store.with_name("s.before-1")).stats().documents == 7
    assert decisions.load(store)
    assert not decisions.load(store.with_name("s.before-1"))


def changed(data: bytes, name: str, old: bytes, new: bytes, tmp_path: Path) -> bytes:
    """A backup with another entry."""
    (tmp_path / "in.zip").write_bytes(data)
    with zipfile.ZipFile(tmp_path / "in.zip") as before, zipfile.ZipFile(tmp_path / "out.zip", "w") as after:
        for each in before.namelist():
            raw = before.read(each)
            after.writestr(each, raw.replace(old, new, 1) if each == name else raw)
    return (tmp_path / "out.zip").read_bytes()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data, _: b"",
        lambda data, _: b"PK nonsense",
        lambda data, _: data[: len(data) // 2],
        lambda data, _: data[:5000] + bytes(50) + data[5050:],
        lambda data, path: changed(data, "quads.nq", b"Company", b"Compony", path),
        lambda data, path: changed(data, "quads.nq", b"<", b"", path),
        lambda data, path: changed(data, "manifest.json", b"kg-backup 1", b"kg-backup 9", path),
        lambda data, path: changed(data, "manifest.json", b"https:", b"nonsense ", path),
        lambda data, path: changed(data, "manifest.json", b"{", b"[", path),
        lambda data, path: changed(data, "manifest.json", b'"quads"', b'"others"', path),
    ],
)  # fmt: skip
def test_a_damaged_backup_changes_nothing(store: Path, good: Path, tmp_path: Path, spoil) -> None:
    bad = tmp_path / "bad.zip"
    bad.write_bytes(spoil(good.with_name("s.zip").read_bytes(), tmp_path))
    before = nquads(store)
    assert "bad.zip" in kg("restore", bad, "--store", store, "--replace", expect=1)
    assert nquads(store) == before
    assert [p.name for p in tmp_path.iterdir() if "restoring" in p.name or "before" in p.name] == []


HOLDS = """
import sys
from kg.store.graph import Writer
import factory
with Writer(sys.argv[1], extractor="test") as writer:
    writer.put(factory.reading(factory.document(name="first.txt")))
    print("ready", flush=True)
    sys.stdin.read()
"""


def test_two_writers_at_once(store: Path, good: Path, tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", HOLDS, str(store)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env) as first:
        assert first.stdout
        assert first.stdout.readline() == b"ready\n"
        (tmp_path / "a.txt").write_text("OpenAI released GPT-4.")
        for words in (("build", tmp_path / "a.txt"), ("backup", tmp_path / "b.zip"), ("remove", "0.txt"), ("reason",)):
            assert "another process; wait" in kg(*words, "--store", store, expect=1)
        assert "another process" in kg("restore", good.with_name("s.zip"), "--store", store, "--replace", expect=1)
        assert not (tmp_path / "b.zip").exists()
        first.communicate(b"")
        assert first.returncode == 0
    put(tmp_path / "alone", [*some(6), factory.reading(factory.document(name="first.txt"))])
    decisions.save(tmp_path / "alone", decisions.load(store).values())
    with Writer(tmp_path / "alone", extractor="test") as writer:
        writer.refresh()
    assert nquads(store) == nquads(tmp_path / "alone")


def test_a_disk_that_is_full_keeps_what_was_read(disk: Disk, tmp_path: Path) -> None:
    store = disk.path / "s"
    put(store, some(3))
    (disk.path / "filler").write_bytes(bytes(max(0, shutil.disk_usage(disk.path).free - (1 << 20))))
    with pytest.raises(StoreError, match=r"disk is full.*what was read is kept"):
        put(store, some(500, first=3))
    kept = View(store).stats()
    assert 3 < kept.documents < 500
    assert kept.claims == 2 * kept.documents  # each whole
    assert not [f for f in check.findings(store, BASE) if f.damage]
    (disk.path / "filler").unlink()
    put(store, some(kept.documents + 3))
    put(tmp_path / "other", some(kept.documents + 3))
    assert nquads(store) == nquads(tmp_path / "other")


def test_a_full_disk_leaves_no_half_backup(disk: Disk, store: Path, good: Path) -> None:
    disk.change("size=16k")
    assert "cannot be written (No space left" in kg("backup", disk.path / "b.zip", "--store", store, expect=1)
    assert "disk is full" in kg("restore", good.with_name("s.zip"), "--store", disk.path / "s", expect=1)
    assert "No space left" in kg("export", "--store", store, "-o", disk.path / "o.ttl", expect=1)
    assert [p.name for p in disk.path.iterdir()] in ([], ["o.ttl"])


LIMITED = """
import resource, sys
from kg.store.graph import Writer
import factory
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
from kg.errors import StoreError
try:
    with Writer(sys.argv[1], extractor="test") as writer:
        for n in range(60):
            writer.put(factory.reading(factory.document(f"第{n}号。{factory.TEXT}", name=f"{n}.txt")))
except StoreError as error:
    print(error)
"""


def test_a_limit_on_the_size_of_files_is_like_a_full_disk(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    ended = subprocess.run(
        [sys.executable, "-c", LIMITED, tmp_path / "s"], capture_output=True, text=True, env=env, check=False
    )
    assert "disk is full" in ended.stdout, ended.stderr
    found = View(tmp_path / "s").stats()
    assert 0 < found.documents < 60
    put(tmp_path / "s", some(60))
    put(tmp_path / "t", some(60))
    assert nquads(tmp_path / "s") == nquads(tmp_path / "t")


def test_a_read_only_folder_is_read_and_not_written(disk: Disk, store: Path, good: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("OpenAI released GPT-4.")
    shutil.copytree(store, disk.path / "s")
    disk.change("ro")
    there = disk.path / "s"
    assert json.loads(kg("stats", "--store", there, "--json"))["documents"] == 6
    assert "whole" in kg("check", "--store", there)
    kg("backup", tmp_path / "b.zip", "--store", there)
    for words in (("build", tmp_path / "a.txt"), ("remove", "0.txt")):
        assert "no permission" in kg(*words, "--store", there, expect=1)
    assert "no permission" in kg("build", tmp_path / "a.txt", "--store", disk.path / "new", expect=1)
    assert "Read-only" in kg("backup", disk.path / "b.zip", "--store", there, expect=1)
    assert "Read-only" in kg("export", "-o", disk.path / "o.ttl", "--store", there, expect=1)
    assert "no permission" in kg("restore", good.with_name("s.zip"), "--store", disk.path / "x", expect=1)
    assert nquads(there) == nquads(good)


@pytest.mark.parametrize("words", [("extract",), ("export",), ("view",), ("report",)])
def test_a_place_that_is_not_there_is_one_line(store: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "a.txt").write_text("OpenAI released GPT-4.")
    more = ("--store", store) if words != ("extract",) else (tmp_path / "a.txt",)
    assert "no/such/file" in kg(*words, *more, "-o", "no/such/file", expect=1)


def test_a_store_that_rots_under_a_reader_is_one_line(store: Path) -> None:
    """Each command that reads it all meets the damage at another place."""
    for file in (store / "oxigraph").glob("*.sst"):
        data = bytearray(file.read_bytes())
        data[len(data) // 4] ^= 1
        file.write_bytes(data)
    for words in (
        ("stats",),
        ("export",),
        ("query", "SELECT * WHERE { ?s ?p ?o }"),
        ("validate",),
        ("view", "-o", store / "x"),
        ("conflicts",),
        ("show", "云帆科技"),
    ):
        result = CliRunner().invoke(main, [*map(str, words), "--store", str(store)])
        assert result.exception is None or isinstance(result.exception, SystemExit), (words, result.exception)
        assert result.exit_code == 0 or "amaged" in result.output or "orruption" in result.output, words
