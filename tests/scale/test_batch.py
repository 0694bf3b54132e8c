"""Reading with several processes gives what reading with one gives, in the same order."""

from __future__ import annotations

import pytest
from kg.config import Config
from kg.errors import KgError
from kg.flow import to_json
from kg.model import Reading, Skipped
from kg.scale import batch

from factory import document

pytestmark = [pytest.mark.models, pytest.mark.slow]

TEXTS = [
    "云帆科技发布云帆-7B大模型。",
    "NVIDIA launched the H100.",
    "海纳智能完成A轮融资，由红杉中国领投。",
    "OpenAI released GPT-4.",
]


def test_processes_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    items = [document(TEXTS[i % 4], name=f"d{i}") for i in range(12)]
    skipped = Skipped(path="x.pdf", cause="broken")
    items.insert(5, skipped)
    monkeypatch.setattr(batch, "_WORTH", 20)
    monkeypatch.setattr(batch, "_TASK", 40)
    apart = list(batch.read(items, Config(workers=2)))
    here = list(batch.read(items, Config(workers=1)))
    assert apart[5] is not None
    assert isinstance(apart[5], Skipped)
    assert [to_json(r) if isinstance(r, Reading) else r for r in apart] == [
        to_json(r) if isinstance(r, Reading) else r for r in here
    ]


def test_a_process_that_dies_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "_WORTH", 5)
    monkeypatch.setattr(batch, "_read", _die)
    with pytest.raises(KgError, match="KG_WORKERS=1"):
        list(batch.read([document("OpenAI released GPT-4.", name="d.txt")], Config(workers=2)))


def _die(task: list[object]) -> list[object]:
    import os

    os._exit(9)
