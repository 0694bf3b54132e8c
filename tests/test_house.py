"""The house keeps its order: what lies below imports nothing from above, and no heavy library is loaded for nothing."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

KG = Path(__file__).parent.parent / "kg"
FLOORS = [
    "errors",
    "ids",
    "text",
    "markup",
    "names",
    "weights",
    "config",
    "vocabulary",
    "model",
    "registry",
    "ingest",
    "annotate",
    "relate",
    "resolve",
    "store",
    "query",
    "evaluate",
    "analyse",
    "review",
    "view",
    "report",
    "ask",
    "reader",
    "scale",
    "flow",
    "serve",
    "api",
    "commands",
    "cli",
]
ALLOWED = {("store", "query"), ("store", "analyse"), ("evaluate", "flow")}
"""Imports that go up, each inside a function: exports need the graph and the CSV rules."""


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("kg."):
            found.add(node.module.split(".")[1])
    return found


@pytest.mark.parametrize("room", FLOORS)
def test_imports_point_down(room: str) -> None:
    paths = [KG / f"{room}.py"] if (KG / f"{room}.py").exists() else list((KG / room).rglob("*.py"))
    below = set(FLOORS[: FLOORS.index(room) + 1])
    above = {(room, other) for path in paths for other in imports(path) if other in FLOORS and other not in below}
    assert above <= ALLOWED


def test_every_room_is_on_a_floor() -> None:
    rooms = {p.stem for p in KG.glob("*.py")} | {p.name for p in KG.iterdir() if p.is_dir() and p.name != "__pycache__"}
    assert rooms - {"__init__", "__main__", "ontology"} == set(FLOORS)


def test_importing_kg_and_help_load_nothing_heavy() -> None:
    code = "import sys, kg, kg.cli; print([m for m in ('spacy', 'numpy', 'rdflib', 'networkx', 'pyoxigraph', 'onnxruntime') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"


def test_public_names_exist() -> None:
    import kg

    assert [n for n in kg.__all__ if getattr(kg, n) is None] == []
    with pytest.raises(AttributeError):
        kg.nonsense  # noqa: B018
