"""The notebook on documents runs from top to bottom, and is kept without output."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "documents-and-passages.ipynb"


def test_the_notebook_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    cells = [c for c in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"]
    monkeypatch.chdir(NOTEBOOK.parent)
    names: dict[str, object] = {}
    for cell in cells:
        assert cell["outputs"] == []
        exec("".join(cell["source"]), names)
    printed = capsys.readouterr().out
    assert "日期: 2024年4月24日" in printed
    assert "- SAN JOSE, Calif. -- March 18, 2024" in printed
