"""Things of one name by different makers are two; by one maker, in two documents and languages, one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from kg.config import Config
from kg.flow import build
from kg.store.graph import View

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.models
@pytest.mark.parametrize(
    ("texts", "name", "kind", "nodes"),
    [
        (("云帆科技发布了大模型天璇。", "澜石科技发布了自研的天璇大模型。"), "天璇", "AIModel", 2),
        (("云帆科技发布了大模型天璇。", "云帆科技的天璇大模型已经开源。"), "天璇", "AIModel", 1),
        (
            ("Northwind Inc. released the language model Otter.", "Brindle Inc. released the language model Otter."),
            "Otter",
            "AIModel",
            2,
        ),
        (
            ("Northwind Inc. released Otter, a language model.", "Customers like the language model Otter."),
            "Otter",
            "AIModel",
            1,
        ),
    ],
)
def test_namesakes(tmp_path: Path, texts: tuple[str, ...], name: str, kind: str, nodes: int) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number, text in enumerate(texts):
        (folder / f"{number}.txt").write_text(text, "utf-8")
    build([folder], Config(store=tmp_path / "s"))
    rows = list(
        View(tmp_path / "s").records("SELECT DISTINCT ?e ?x ?t WHERE { ?m kg:refersTo ?e ; oa:exact ?x . ?e a ?t }")
    )
    found = {r["e"] for r in rows if name in r["x"] and r["t"].endswith(kind)}
    assert len(found) == nodes, rows
