"""Title, date of issue and language, read off the text."""

from __future__ import annotations

import time

import pytest
from kg.ingest.language import language
from kg.ingest.metadata import issued, title


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("公告\n\n日期：2023年10月31日\n", "2023-10-31"),
        ("活动记录表\n时间\t2023 年 10 月 30 日 15:00\n内容\n日期\t2023 年 10 月 31 日", "2023-10-31"),
        ("活动记录表\n时间\t2023 年 10 月 30 日 15:00\n", "2023-10-30"),
        ("甲公司董事会\n二〇二三年十月三十一日\n", "2023-10-31"),
        ("甲公司董事会\n２０２３年１０月３１日", "2023-10-31"),
        ("標題\n發佈日期：2024年3月18日", "2024-03-18"),
        ("标题\n2023-10-31 09:30 来源：甲报\n正文。", "2023-10-31"),
        ("SANTA CLARA, Calif. — Nov. 21, 2023 — The company said", "2023-11-21"),
        ("SANTA CLARA, Calif., Nov. 21, 2023 (GLOBE NEWSWIRE) -- The company", "2023-11-21"),
        ("NEW YORK--(BUSINESS WIRE)--October 31, 2023--The company", "2023-10-31"),
        ("BEIJING, May 3, 2024 /PRNewswire/ -- The company", "2024-05-03"),
        ("Title\nBy Jane Doe | October 31, 2023\n", "2023-10-31"),
        ("Title\n\nPublished: 31 Oct 2023\n", "2023-10-31"),
        ("标题\n正文。\n甲股份有限公司董事会  2023年10月31日\n", "2023-10-31"),
        ("Third quarter call\nTuesday, November 21, 2023, 5:00 PM ET\n", "2023-11-21"),
        ("FOR IMMEDIATE RELEASE\n\nNovember 21, 2023\n\nText.", "2023-11-21"),
        ("For the quarter ended October 29, 2023\n\nText.", None),
        ("Title\n\nMarch 2nd, 2024\n\nText.", "2024-03-02"),
        ("标题\n2023年10月\n", "2023-10"),
        # Dates within sentences are not the document's own.
        ("公司于2023年10月31日收购了甲公司。", None),
        ("The deal closed on October 31, 2023, the company said.", None),
        ("The deal, signed on May 3, 2024, was large.", None),
        ("Updated: February 31, 2023", None),
        ("", None),
    ],
)
def test_date_of_issue(text: str, date: str | None) -> None:
    assert issued(text) == date


@pytest.mark.parametrize(
    "scrap", ["\n", " ", "\t", "a, ", "a-", "— ", "(", "2023-", "by ", "| ", "日期 ", "公司 ", "2023年", "* ", "\r\n"]
)
def test_hostile_repetition_takes_no_time(scrap: str) -> None:
    start = time.process_time()
    assert issued(scrap * 3000) is None
    title(scrap * 3000)
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    ("text", "stated", "expected"),
    [
        ("证券代码：300000\n\n甲公司公告\n正文。", None, "甲公司公告"),
        ("2023-10-31 09:30\n甲公司发布模型\n", None, "甲公司发布模型"),
        ("<p>甲公司发布模型</p>", None, "甲公司发布模型"),
        ("# A  new model\n\nText.", None, "A new model"),
        ("---\ntitle: A new model\ndate: 2024-01-01\n---\n# Other", None, "A new model"),
        ("First line\n", "Stated title", "Stated title"),
        ("First line\n", "Microsoft Word - draft.docx", "First line"),
        ("First line\n", "untitled", "First line"),
        ("字" * 500, None, "字" * 120),
        ("12345", None, ""),
    ],
)
def test_title(text: str, stated: str | None, expected: str) -> None:
    assert title(text, stated) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("公司发布模型", "zh"),
        ("公司使用 NVIDIA H100 与 AMD MI300X 训练 Orca 模型", "zh"),
        ("The company (甲公司) released a model", "en"),
        ("GPT-4", "en"),
        ("輝達", "zh"),
    ],
)
def test_language(text: str, expected: str) -> None:
    assert language(text) == expected


def test_language_without_words() -> None:
    assert language("2023", "zh") == "zh"
    assert language("—", "en") == "en"
