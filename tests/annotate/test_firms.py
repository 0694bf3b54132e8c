"""Firms by the form of their names: a trade behind a brand, a legal form, and where such a name begins."""

from __future__ import annotations

import hashlib

import pytest
from kg.model import Document
from kg.reader import Reader


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.mark.models
@pytest.mark.parametrize(
    ("lang", "text", "firms"),
    [
        ("zh", "卓量半导体完成新一轮融资，由千微科技领投，弘图机器人跟投。", {"卓量半导体", "千微科技", "弘图机器人"}),
        ("zh", "生物医药和无线通信是当地的两大产业。", set()),
        ("en", "Linda Robotics is the largest customer of Lingqiao Robotics.", {"Linda Robotics", "Lingqiao Robotics"}),
        (
            "en",
            "The pumps are sold by Xingda Technology. Shanghai Orrin Technology Co., Ltd. closed a round led by Carillon Pvt. Ltd.",
            {"Xingda Technology", "Shanghai Orrin Technology Co., Ltd.", "Carillon Pvt. Ltd."},
        ),
        ("en", "J. P. Hallam Securities Inc. advised on the sale.", {"J. P. Hallam Securities Inc."}),
    ],
)
def test_firms_of_a_text(reader: Reader, lang: str, text: str, firms: set[str]) -> None:
    digest = hashlib.sha256(text.encode()).hexdigest()
    made = reader(Document(id="d", path="d", title="", lang=lang, date=None, text=text, sha256=digest))
    assert {m.text for m in made.mentions if m.type == "Company"} == firms
    assert not [m for m in made.mentions if m.type == "Person"]
