"""Encodings are found out; nothing else about a text changes."""

from __future__ import annotations

import codecs
import io

import pytest
from kg.errors import DocumentError
from kg.ingest.text import decode, texts

SIMPLIFIED = [
    "公司今年前三季度实现营业收入三十六亿元，同比增长百分之八。\n问：大模型的训练用了哪些芯片？\n",
    "英伟达发布新芯片",
    "昆山一家半导体企业与 ASML 签约。",
    "人工智能",
]
TRADITIONAL = [
    "台積電在高雄興建新的晶圓廠，預計明年量產二奈米製程。\r\n輝達執行長黃仁勳出席了發表會。",
    "聯發科推出新的晶片",
    "鴻海與輝達合作建置人工智慧超級電腦中心，位於高雄。",
    "人工智慧",
]
ENGLISH = [
    "The lab trained its model on 2,048 chips.\nIt took “two” months — a record.",
    "Café Müller bought naïve résumés",
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("text", SIMPLIFIED)
def test_simplified_chinese(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "x.txt") == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "big5", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", TRADITIONAL)
def test_traditional_chinese(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "x.txt") == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ENGLISH)
def test_english(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "x.txt") == text


def test_line_ends_and_blanks_are_kept() -> None:
    text = "a\r\nb\rc\n\n\u3000d \t\n"
    (content,) = texts(io.BytesIO(codecs.BOM_UTF8 + text.encode()), "x.txt")
    assert content.text == text


def test_a_cut_or_damaged_character_costs_only_itself() -> None:
    text = "公司发布新的大模型。" * 20
    assert decode(text.encode()[:-1], "x.txt") == text[:-1] + "\ufffd"
    assert decode(text.encode() + b"\xff" + text.encode(), "x.txt") == text + "\ufffd" + text


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", "empty"),
        (b" \n\t\r\n", "white space"),
        (codecs.BOM_UTF8, "white space"),
        (b"\0" * 100, "binary"),
        (b"text\0with\0nuls and more words", "binary"),
        (bytes(range(256)) * 20, "binary"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(1, 200)), "binary"),
        (b"\x01\x02\x03\x04 and \x05\x06", "binary"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, cause: str) -> None:
    with pytest.raises(DocumentError, match=cause):
        list(texts(io.BytesIO(data), "x.txt"))
