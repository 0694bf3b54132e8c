"""JSON Lines: a record a document, a bad line costs only itself."""

from __future__ import annotations

import io
import json

from kg.ingest.content import Content
from kg.ingest.records import records
from kg.model import Skipped


def read(*lines: object) -> list[Content | Skipped]:
    data = b"\n".join(x if isinstance(x, bytes) else json.dumps(x, ensure_ascii=False).encode() for x in lines)
    return list(records(io.BytesIO(data), "r.jsonl"))


def test_fields() -> None:
    record = {"id": "a1", "title": "标题", "date": "2023-10-31T08:00:00Z", "lang": "zh-CN", "text": "公司发布模型。\n"}
    (content,) = read(record)
    assert isinstance(content, Content)
    assert (content.key, content.title, content.date, content.lang, content.text) == (
        "a1",
        "标题",
        "2023-10-31",
        "zh",
        record["text"],
    )
    assert len(content.sha256) == 64


def test_keys_are_line_numbers_where_no_id_is_given() -> None:
    found = read({"text": "one"}, b"", {"id": 7, "text": "two"}, {"id": "", "text": "three"})
    assert [c.key for c in found if isinstance(c, Content)] == ["1", "7", "4"]


def test_bad_lines_are_named() -> None:
    found = read({"text": "one"}, b"{", b"[1]", {"id": "x"}, {"text": 5}, b"\xff", b"[" * 100_000, {"text": "two"})
    assert [c.path for c in found if isinstance(c, Skipped)] == [f"r.jsonl#{n}" for n in range(2, 8)]
    assert [c.text for c in found if isinstance(c, Content)] == ["one", "two"]


def test_a_file_of_bad_lines_is_given_up() -> None:
    found = read(*[b"x"] * 1000)
    assert len(found) == 101
    assert isinstance(found[-1], Skipped)
    assert "JSON Lines" in found[-1].cause


def test_half_a_surrogate_pair_can_be_written_again() -> None:
    (content,) = read(b'{"text": "a\\ud800b"}')
    assert isinstance(content, Content)
    assert content.text == "a\ufffdb"
