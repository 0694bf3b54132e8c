"""Coverage-guided fuzzing of the readers that are our own code; the others' parsers (PDF, Word) are C or not ours, and see `test_readers.py`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fuzz import mutations

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = {"txt": 6000, "md": 6000, "jsonl": 6000, "html": 2500, "tsv": 6000}


def guided(folder: Path, kind: str, runs: int) -> int:
    """How many cases libFuzzer says to have run; `runs` of them are asked for."""
    pytest.importorskip("atheris", reason="atheris has no wheel for this machine")
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, data in enumerate(mutations.seeds(kind)):
        (corpus / f"{number}").write_bytes(data[:3000])
    options = [
        f"-runs={runs}",
        "-max_len=4096",
        "-timeout=20",
        "-rss_limit_mb=2048",
        "-seed=1",
        "-verbosity=0",
        "-print_final_stats=1",
    ]
    command = [sys.executable, Path(__file__).with_name("guided.py"), kind, corpus, *options]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    ended = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, errors="replace", check=False)
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-4000:]
    assert sum(1 for _ in corpus.iterdir()) > len(mutations.seeds(kind))  # new branches were found, so it is guided
    [done] = re.findall(r"number_of_executed_units: (\d+)", ended.stderr)
    return int(done)


@pytest.mark.parametrize("kind", ["jsonl"])
def test_some_guided_cases(tmp_path: Path, cases: Callable[[int], None], kind: str) -> None:
    cases(guided(tmp_path, kind, 300))


@pytest.mark.faults
@pytest.mark.parametrize("kind", RUNS)
def test_many_guided_cases(tmp_path: Path, cases: Callable[[int], None], kind: str) -> None:
    cases(guided(tmp_path, kind, RUNS[kind]))
