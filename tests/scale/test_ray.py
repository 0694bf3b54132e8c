"""A build on a Ray cluster of several nodes on this machine gives, byte for byte, what a local build gives; also where a node dies."""

from __future__ import annotations

import json
import os
import threading
import time

import pytest
from click.testing import CliRunner
from kg.cli import main
from kg.config import Config
from kg.errors import KgError
from kg.flow import build, build_on_cluster
from kg.scale.parse import documents
from kg.store.export import export
from kg.store.graph import View

ray = pytest.importorskip("ray", reason="Ray is not installed: pip install 'kg[ray]'")
TEXTS = [
    ("zh", "北京云帆科技有限公司发布云帆-7B大模型。李文博任北京云帆科技有限公司董事长。"),
    ("zh", "云帆科技董事长李文博表示，云帆科技与红杉中国合作。2023年云帆科技营收达到36.8亿元。"),
    ("en", "Nimbus Labs, Inc. unveiled the Kestrel 2 chip. Nimbus Labs was founded by Ada Reyes in 2019."),
    ("en", "NVIDIA launched the H100. Ada Reyes, chief executive of Nimbus Labs, uses the H100."),
]


def written(path, count, times=1):
    """A file of JSON lines; the last document comes twice, and one is none."""
    rows = [{"id": f"d{i}", "text": f"{TEXTS[i % 4][1]} " * times, "date": "2024-03-05"} for i in range(count)]
    lines = [json.dumps(r, ensure_ascii=False) for r in [*rows, {"id": f"d{count - 1}", "text": TEXTS[0][1]}]]
    path.write_text("\n".join([*lines[:2], "{", *lines[2:]]) + "\n", "utf-8")
    return path


def canonical(store):
    return export(View(store), "nquads")


@pytest.fixture
def nodes(monkeypatch):
    """A head that does no work and two nodes that do."""
    from ray.cluster_utils import Cluster
    from ray.data import DataContext
    from ray.data.context import ShuffleStrategy

    monkeypatch.setenv("RAY_worker_niceness", "0")
    # Ray's other way starts a process for each pass, which takes longer than these few rows.
    monkeypatch.setattr(DataContext.get_current(), "shuffle_strategy", ShuffleStrategy.SORT_SHUFFLE_PULL_BASED)
    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False, "object_store_memory": 100 << 20})  # fmt: skip
    for _ in range(2):
        made.add_node(num_cpus=1, object_store_memory=100 << 20)
    ray.init(address=made.address, log_to_driver=False, logging_level="ERROR")
    yield made
    ray.shutdown()
    made.shutdown()


@pytest.mark.faults
@pytest.mark.models
def test_a_node_that_is_killed_costs_nothing(nodes, tmp_path, monkeypatch):
    path = written(tmp_path / "a.jsonl", 48, times=10)
    monkeypatch.setattr("kg.scale.ray.SHARD", 6)
    killed = []

    def kill():
        while not list((tmp_path / "shards").rglob("*.parquet")):
            time.sleep(0.05)
        free = ray._private.state.available_resources_per_node()
        busy = [n for n in nodes.worker_nodes if free.get(n.node_id, {}).get("CPU", 0) < 1]
        written = len(list((tmp_path / "shards").rglob("*.parquet")))
        nodes.remove_node(busy[0], allow_graceful=False)
        killed.append(written)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    summary = build_on_cluster([path], Config(store=tmp_path / "far"), shards=str(tmp_path / "shards"))
    killer.join(5)
    near = build([path], Config(store=tmp_path / "near", workers=1))
    assert killed
    assert killed[0] < 8  # in the middle of reading
    assert len(nodes.worker_nodes) == 1
    assert canonical(tmp_path / "far") == canonical(tmp_path / "near")
    assert (summary.read, summary.skipped) == (near.read, near.skipped)
    assert (summary.entities, summary.claims) == (near.entities, near.claims)


@pytest.mark.slow
@pytest.mark.models
def test_a_cluster_gives_what_one_machine_gives(nodes, tmp_path, monkeypatch):
    """On two nodes; then what is new is read there, and what is known not again."""
    path, more = written(tmp_path / "a.jsonl", 4), tmp_path / "more.txt"
    more.write_text(TEXTS[3][1], "utf-8")
    monkeypatch.setattr("kg.scale.ray.SHARD", 2)
    far, near = Config(store=tmp_path / "far"), Config(store=tmp_path / "near", workers=1)
    first = build_on_cluster([path], far)
    assert (first.read, len(first.failed)) == (5, 1)
    assert not list(tmp_path.glob(".far.shards*"))
    build([path], near)
    assert canonical(tmp_path / "far") == canonical(tmp_path / "near")
    # Of the document that comes twice the store holds the last, so that the first is new.
    second = build_on_cluster([path, more], far)
    assert (second.read, second.unchanged) == (2, 4)
    build([path, more], near)
    assert canonical(tmp_path / "far") == canonical(tmp_path / "near")
    # Addresses of fsspec are listed and fetched.
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "b.jsonl").write_text("{", "utf-8")
    third = build_on_cluster([(tmp_path / "bad").as_uri(), (tmp_path / "none").as_uri()], far)
    assert [(s.path.rsplit("/", 1)[1], s.cause[:9]) for s in third.failed] == [
        ("b.jsonl#1", "line 1 is"),
        ("none", "no such f"),
    ]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--engine", "ray", "-"], "standard input"),
        (["--engine", "ray", "--address", "127.0.0.1:1", "x.txt"], "no Ray cluster at 127.0.0.1:1"),
        (["--address", "auto", "x.txt"], "are for --engine ray"),
    ],
)
def test_what_cannot_be_is_told(given, told, tmp_path, monkeypatch):
    monkeypatch.setenv("RAY_GCS_RPC_TIMEOUT_S", "1")
    monkeypatch.setattr("kg.scale.ray.ray.init", lambda **options: refuse(options["address"]))
    result = CliRunner().invoke(main, ["build", *given, "--store", str(tmp_path / "s")])
    assert result.exit_code
    assert told in result.output


def refuse(address):
    if address != "local":
        raise ConnectionError("refused")


def test_parquet_says_what_lines_say(tmp_path):
    import pyarrow as pa
    from pyarrow import parquet

    rows = [{"id": f"d{i}", "text": text, "lang": lang, "date": None} for i, (lang, text) in enumerate(TEXTS)]
    rows.append({"id": "empty", "text": " ", "lang": None, "date": "2024-03-05"})
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps(r) for r in rows), "utf-8")
    by_rows, by_lines = (list(documents([tmp_path / f"a.{s}"], Config())) for s in ("parquet", "jsonl"))
    assert [d.text for d in by_rows[:4]] == [d.text for d in by_lines[:4]] == [t for _, t in TEXTS]
    assert [d.id.split("#")[1] for d in by_rows[:4]] == ["d0", "d1", "d2", "d3"]
    assert by_rows[4].cause == 'row 5 has no "text" with words in it'


def test_nothing_of_ray_is_imported_without_need():
    import subprocess
    import sys

    code = "import sys, kg.flow, kg.cli, kg.ingest.files; print([m for m in ('ray', 'pyarrow', 'fsspec') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert out.stdout.strip() == "[]"


def test_a_missing_ray_is_told(monkeypatch, tmp_path):
    import sys

    monkeypatch.delattr("kg.scale.ray", raising=False)
    monkeypatch.setitem(sys.modules, "kg.scale.ray", None)
    with pytest.raises(KgError, match=r"kg\[ray\]"):
        build_on_cluster(["x.txt"], Config(store=tmp_path / "s"))
