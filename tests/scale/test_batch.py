"""Reading with several processes gives what reading with one gives, in the same order."""

from __future__ import annotations

import pytest
from kg.config import Config
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
    apart = list(batch.read(items, Config(workers=2)))
    here = list(batch.read(items, Config(workers=1)))
    assert apart[5] is not None
    assert isinstance(apart[5], Skipped)
    assert [to_json(r) if isinstance(r, Reading) else r for r in apart] == [
        to_json(r) if isinstance(r, Reading) else r for r in here
    ]
