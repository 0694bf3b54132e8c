"""A document that hangs, hoards or crashes its process is reported, and the run goes on, with one process and with several."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from kg.config import Config
from kg.errors import KgError
from kg.model import Reading, Skipped
from kg.scale import batch
from kg.scale.worker import EndedError, Worker

import factory
from scale import hostile_work

BOUNDS = Config(document_seconds=4, document_megabytes=512)
CAUSES = {
    "hang": "took more than 4 seconds",
    "spin": "took more than 4 seconds",
    "hog": "needed more than 512 MB",
    "crash": "crashed (SIGSEGV)",
    "exit": "exit code 7",
}


def read(monkeypatch: pytest.MonkeyPatch, texts: list[str], workers: int) -> list[Reading | Skipped]:
    monkeypatch.setattr(batch, "_reader", hostile_work.reader)
    monkeypatch.setattr(batch, "_WORTH", 1 if workers > 1 else 1 << 30)
    documents = [factory.document(text, name=f"{i}.txt") for i, text in enumerate(texts)]
    config = Config(workers=workers, document_seconds=BOUNDS.document_seconds, document_megabytes=512)
    return list(batch.read(documents, config))


@pytest.mark.parametrize("workers", [1, 2])
def test_what_overruns_is_ended_and_reported_in_its_place(monkeypatch: pytest.MonkeyPatch, workers: int) -> None:
    texts = ["fine"]
    for kind in CAUSES:
        texts += [kind, "fine"]
    began = time.monotonic()
    found = read(monkeypatch, texts, workers)
    assert time.monotonic() - began < 60
    assert len(found) == len(texts)
    for i, (text, item) in enumerate(zip(texts, found, strict=True)):
        if text == "fine":
            assert isinstance(item, Reading)
            assert item.document.id == f"{i}.txt"
        else:
            assert isinstance(item, Skipped)
            assert item.path == f"{i}.txt"
            assert CAUSES[text] in item.cause
            assert "kg.toml" in item.cause  # the remedy
            assert "\n" not in item.cause


def test_who_dies_by_no_fault_of_its_own_is_read_again(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    """The system kills the largest process, and long runs fill memory: the document at hand gets a fresh process once."""
    found = read(monkeypatch, ["fine", f"once {tmp_path / 'mark'}", "fine"], 1)
    assert (tmp_path / "mark").exists()
    assert [type(r) for r in found] == [Reading] * 3


def test_leaving_early_ends_the_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "_reader", hostile_work.reader)
    some = batch.read([factory.document(t, name=t) for t in ("fine", "hang", "hang")], Config(document_seconds=300))
    monkeypatch.setattr(batch, "_AHEAD", 0)
    assert isinstance(next(some), Reading)
    began = time.monotonic()
    some.close()
    assert time.monotonic() - began < 30


@pytest.mark.parametrize(("begin", "said"), [("broken", "no such model"), ("stillborn", "did not start.*exit code 3")])
def test_a_process_that_cannot_start_is_an_error(begin: str, said: str) -> None:
    with pytest.raises(KgError, match=said):
        Worker(getattr(hostile_work, begin))


def test_a_job_may_have_many_results_and_a_worker_many_jobs() -> None:
    worker = Worker(hostile_work.numbers)
    try:
        assert [list(worker.run(n, seconds=30)) for n in (3, 0, 5000)] == [[0, 1, 2], [], list(range(5000))]
        assert worker.done == 3
    finally:
        worker.end()
    with pytest.raises(EndedError, match="SIGKILL"):
        list(worker.run(1, seconds=30))


ORPHANED = """
import sys
import factory
from kg.scale import worker
from scale import hostile_work
if __name__ == "__main__":
    worker._GRACE = 0
    made = worker.Worker(hostile_work.works)
    print(made._process.pid, flush=True)
    list(made.run(factory.document("spin"), seconds=2))
"""


def test_who_spins_ends_though_its_parent_was_killed(tmp_path) -> None:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    (tmp_path / "parent.py").write_text(ORPHANED)
    with subprocess.Popen([sys.executable, tmp_path / "parent.py"], stdout=subprocess.PIPE, env=env) as parent:
        assert parent.stdout
        child = Path("/proc") / parent.stdout.readline().decode().strip()
        time.sleep(0.5)  # so that it has its work
        parent.kill()
    assert (child / "stat").exists()
    for _ in range(300):
        if not (child / "stat").exists() or (child / "stat").read_text().split()[2] == "Z":
            return
        time.sleep(0.1)
    pytest.fail("it spins on")
