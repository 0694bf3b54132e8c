"""Our scores are the contract's scores."""

from __future__ import annotations

import importlib.util
import json
from typing import TYPE_CHECKING

import pytest
from kg import evaluate
from kg.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "云帆科技发布云帆-7B。云帆科技由李文博创立，2023年营收36.8亿元。Meta和Metax不同。"
GOLD = {
    "id": "x",
    "lang": "zh",
    "not": [],
    "entities": [
        {"id": "e1", "type": "Company", "names": ["云帆科技"]},
        {"id": "e2", "type": "AIModel", "names": ["云帆-7B"]},
        {"id": "e3", "type": "Person", "names": ["李文博"]},
        {"id": "e4", "type": "Company", "names": ["Meta"]},
    ],
    "claims": [
        {"s": "e1", "p": "develops", "o": "e2"},
        {"s": "e3", "p": "founded", "o": "e1"},
        {"s": "e1", "p": "partnerOf", "o": "e4"},
    ],
    "observations": [{"s": "e1", "metric": "revenue", "value": 3680000000}],
}
READ = {
    "doc": {"id": "x", "path": "x.txt"},
    "entities": [
        {"id": "i1", "type": "Company", "label": "云帆科技", "names": []},
        {"id": "i2", "type": "Product", "label": "云帆-7B", "names": []},
        {"id": "i4", "type": "Company", "label": "Meta", "names": []},
    ],
    "mentions": [
        {"start": 0, "end": 4, "type": "Company", "entity": "i1"},
        {"start": 6, "end": 11, "type": "Product", "entity": "i2"},
        {"start": TEXT.index("Meta"), "end": TEXT.index("Meta") + 4, "type": "Company", "entity": "i4"},
    ],
    "claims": [
        {"subject": "i1", "predicate": "develops", "object": "i2"},
        {"subject": "i4", "predicate": "partnerOf", "object": "i1"},
        {"subject": "i1", "predicate": "acquired", "object": "i4"},
    ],
    "observations": [
        {"subject": "i1", "metric": "revenue", "value": 3.681e9},
        {"subject": "i1", "metric": "revenue", "value": 1},
    ],
}


def write(folder: Path) -> Path:
    (folder / "x.txt").write_text(TEXT, "utf-8")
    (folder / "x.gold.json").write_text(json.dumps(GOLD), "utf-8")
    (folder / "p.jsonl").write_text(json.dumps(READ), "utf-8")
    return folder


def test_counts(tmp_path: Path) -> None:
    report = evaluate.evaluate(evaluate.gold(write(tmp_path)), lambda _: READ)
    found = {k: (t.right, t.predicted, t.gold) for k, t in report.tallies.items() if "." not in k}
    assert found == {"mentions": (2, 3, 5), "entities": (2, 3, 4), "claims": (2, 3, 3), "observations": (1, 2, 1)}
    assert any("missed claim" in e for e in report.errors)


def test_equals_the_contracts_script(tmp_path: Path, gold: Path) -> None:
    spec = importlib.util.spec_from_file_location("gold_score", gold / "score.py")
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    write(tmp_path)
    ours = evaluate.evaluate(evaluate.gold(tmp_path), lambda _: READ).to_json()
    theirs = score.score(str(tmp_path), str(tmp_path / "p.jsonl"))
    assert ours == {k: v for k, v in theirs.items() if v["predicted"] or v["gold"]}


def test_missing_gold_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no \*\.gold\.json"):
        list(evaluate.gold(tmp_path))
    (tmp_path / "x.gold.json").write_text("{", "utf-8")
    with pytest.raises(DataError, match="not a gold document"):
        list(evaluate.gold(tmp_path))


@pytest.mark.models
def test_gold_documents_reach_the_promised_scores(gold: Path, reader) -> None:
    """The thresholds of the contract on the documents at hand; others are scored elsewhere."""
    from kg.flow import evaluate as run

    wanted = {
        "seed": {"entities": 0.85, "mentions": 0.80, "claims": 0.55, "observations": 0.60},
        "dev": {
            f"{k}.{lang}": v
            for lang in ("zh", "en")
            for k, v in {"entities": 0.75, "mentions": 0.70, "claims": 0.40}.items()
        },
    }
    short = []
    for folder, least in wanted.items():
        report = run(gold / folder)
        short += [
            f"{folder} {k}: {report.tallies[k].f1:.3f} < {v}" for k, v in least.items() if report.tallies[k].f1 < v
        ]
    assert not short


def test_page_shows_both_sides_and_escapes(tmp_path: Path) -> None:
    from kg.view.comparison import render

    folder = write(tmp_path)
    for path in folder.glob("*.txt"):
        path.write_text(path.read_text("utf-8") + "<script>alert(1)</script>", "utf-8")
    page = render(evaluate.evaluate(evaluate.gold(folder), lambda _: READ))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert page.count('class="sides"') == len(list(folder.glob("*.gold.json")))
    assert "missed claim" in page
