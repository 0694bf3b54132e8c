"""The documents of examples/ are read, all of them, as what they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from kg.ingest.files import Ignored, documents
from kg.ingest.passages import passages
from kg.model import Document

EXAMPLES = Path(__file__).parents[2] / "examples"
FOUND = list(documents([EXAMPLES]))
DOCUMENTS = [d for d in FOUND if isinstance(d, Document)]


def test_nothing_is_skipped() -> None:
    assert [f for f in FOUND if not isinstance(f, Document | Ignored)] == []
    assert {d.path.rsplit(".")[-1] for d in DOCUMENTS} == {"txt", "md", "html", "pdf", "docx", "jsonl"}
    assert sum(d.lang == "zh" for d in DOCUMENTS) >= 7
    assert sum(d.lang == "en" for d in DOCUMENTS) >= 7


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: Path(d.id).name)
def test_title_date_and_language_are_found(document: Document) -> None:
    assert Path(document.id).name.startswith(document.lang) or document.path.endswith(".jsonl")
    assert document.date
    assert 4 <= len(document.title) <= 120


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: Path(d.id).name)
def test_prose_is_made_of_whole_sentences(document: Document) -> None:
    for passage in passages(document):
        if passage.kind == "prose":
            assert passage.text[-1] in "。？.?", passage.text


def test_the_form_keeps_its_fields() -> None:
    (form,) = [d for d in DOCUMENTS if "investor-record" in d.id]
    fields = {p.text: p.header for p in passages(form) if p.kind == "cell"}
    assert fields["2024年4月24日"] == "日期"
    assert fields["董事会秘书 江涛"] == "上市公司接待人员姓名"


def test_lines_broken_by_the_page_are_whole_again() -> None:
    (announcement,) = [d for d in DOCUMENTS if "cambricon" in d.id]
    reading = "".join(p.text for p in passages(announcement))
    assert "接近2024年全年的水平，当季净利润为3.55亿元" in reading
    assert reading.replace(" ", "") == "".join(announcement.text.split())
