"""The recogniser's view keeps every offset, and finds names that no list holds."""

from __future__ import annotations

import pytest
from kg.annotate.recognise import recogniser, view
from kg.ingest.passages import passages
from kg.model import Document
from training.sentences import pipelines

pytestmark = pytest.mark.models


def docs(text: str, lang: str) -> list:  # type: ignore[type-arg]
    document = Document(id="d", path="d", title="", lang=lang, date=None, text=text, sha256="")
    return [doc for _, doc in pipelines().docs(passages(document))]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("云帆科技 发布“云帆-7B”大模型，参数70亿；Ａ１００集群\t共1,024张。", "zh"),
        ("Skylark's Petrel-7B (v2.1) runs on 1,024 A100s -- it isn't cheap…", "en"),
        ("  混排 mixed 文本 with ｆｕｌｌ ｗｉｄｔｈ 𠮷 ", "zh"),
    ],
)
def test_the_view_keeps_offsets(text: str, lang: str) -> None:
    for doc in docs(text, lang):
        seen = view(doc, doc.vocab)
        assert len(seen.doc) == len(seen.starts) == len(seen.ends)
        for token, start, end in zip(seen.doc, seen.starts, seen.ends, strict=True):
            assert doc.text[start:end] == token.text
        assert "".join(t.text for t in seen.doc) == "".join(doc.text.split())


@pytest.mark.parametrize(
    ("text", "lang", "name"),
    [
        ("专注具身智能的初创公司岭澜智造宣布完成A轮融资，投资方包括云砺资本。", "zh", "岭澜智造"),
        ("The start-up Quillwave, based in Lisbon, raised $30 million from Harborstone Ventures.", "en", "Quillwave"),
    ],
)
def test_a_new_name_is_recognised(text: str, lang: str, name: str) -> None:
    found = {
        doc.text[c.start : c.end] for doc in docs(text, lang) for c in doc._.candidates if c.found_by == "recogniser"
    }
    assert name in found


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_weights_ship(lang: str) -> None:
    assert recogniser(lang) is not None
