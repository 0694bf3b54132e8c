"""How and when claims hold, from the words of a document."""

from __future__ import annotations

import pytest
from kg.model import Claim, Document, Qualifiers
from kg.relate.dates import relative
from kg.relate.status import timed
from tests.factory import document, evidence, mention

DAY = "2024-11-05"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("公司于今年9月发布", "2024-09"),
        ("去年9月15日签约", "2023-09-15"),
        ("今年三季度交付", "2024-Q3"),
        ("上季度出货", "2024-Q3"),
        ("上个月宣布", "2024-10"),
        ("昨日公告", "2024-11-04"),
        ("今天发布", "2024-11-05"),
        ("明年上市", "2025"),
        ("明年上半年量产", "2025-01/2025-06"),
        ("上周签约", "2024-W44"),
        ("launched last month", "2024-10"),
        ("announced today", "2024-11-05"),
        ("shipped last quarter", "2024-Q3"),
        ("ships next year", "2025"),
        ("closed last December", "2023-12"),
        ("signed last March", "2024-03"),
        ("opened two weeks ago", "2024-10-22"),
        ("it said Yesterday", "2024-11-04"),
        ("no date at all", None),
        ("13月发布", None),
    ],
)
def test_relative_dates_become_absolute(text: str, expected: str | None) -> None:
    assert relative(text, DAY) == expected


@pytest.mark.parametrize("issued", [None, "2024", "2024-11", "2024-13-45", "whenever"])
def test_without_a_full_date_nothing_is_relative(issued: str | None) -> None:
    assert relative("上个月 last month", issued) is None


def claim(text: str, subject: str, predicate: str, obj: str) -> tuple[Claim, Document]:
    doc = document(text, date=DAY)
    a, b = mention(doc, subject, "Person"), mention(doc, obj, "Company")
    words = text[min(a.start, b.start) : max(a.end, b.end)]
    made = Claim(
        document=doc.id,
        subject=a,
        predicate=predicate,
        object=b,
        evidence=evidence(doc, words),
        confidence=0.8,
        found_by="test",
        qualifiers=Qualifiers(),
    )
    return made, doc


@pytest.mark.parametrize(
    ("text", "subject", "predicate", "obj", "status"),
    [
        ("李文博任云帆科技董事长。", "李文博", "holdsPositionAt", "云帆科技", "stated"),
        ("原云帆科技总经理李文博加入星桥。", "李文博", "holdsPositionAt", "云帆科技", "ended"),
        ("云帆科技前首席执行官李文博表示。", "李文博", "holdsPositionAt", "云帆科技", "ended"),
        ("李文博曾任云帆科技副总裁。", "李文博", "holdsPositionAt", "云帆科技", "ended"),
        ("李文博将出任云帆科技总裁。", "李文博", "holdsPositionAt", "云帆科技", "planned"),
        ("据悉，李文博创立云帆科技。", "李文博", "founded", "云帆科技", "reported"),
        ("李文博否认创立云帆科技。", "李文博", "founded", "云帆科技", "denied"),
        ("海沐计划收购云帆科技。", "海沐", "acquired", "云帆科技", "planned"),
        ("海沐不再使用云帆科技的云。", "海沐", "uses", "云帆科技", "ended"),
        ("Ada Reyes runs Northwind.", "Ada Reyes", "holdsPositionAt", "Northwind", "stated"),
        ("Ada Reyes, former CEO of Northwind, spoke.", "Ada Reyes", "holdsPositionAt", "Northwind", "ended"),
        ("Former Northwind chief Ada Reyes spoke.", "Ada Reyes", "holdsPositionAt", "Northwind", "ended"),
        ("Vela plans to acquire Northwind.", "Vela", "acquired", "Northwind", "planned"),
        ("Vela acquired Northwind, according to two papers.", "Vela", "acquired", "Northwind", "reported"),
        ("Vela denied that it bought Northwind.", "Vela", "acquired", "Northwind", "denied"),
        ("Vela no longer uses Northwind.", "Vela", "uses", "Northwind", "ended"),
    ],
)
def test_status(text: str, subject: str, predicate: str, obj: str, status: str) -> None:
    assert timed(*claim(text, subject, predicate, obj)).qualifiers.status == status


@pytest.mark.parametrize(
    ("text", "subject", "obj", "since", "until"),
    [
        ("自2021年3月起，李文博任云帆科技董事长。", "李文博", "云帆科技", "2021-03", None),
        ("李文博自去年9月起任云帆科技董事长。", "李文博", "云帆科技", "2023-09", None),
        ("Ada Reyes has led Northwind since May 2020.", "Ada Reyes", "Northwind", "2020-05", None),
        ("Ada Reyes led Northwind until last year.", "Ada Reyes", "Northwind", None, "2023"),
        ("Ada Reyes leads Northwind.", "Ada Reyes", "Northwind", None, None),
    ],
)
def test_since_and_until(text: str, subject: str, obj: str, since: str | None, until: str | None) -> None:
    found = timed(*claim(text, subject, "holdsPositionAt", obj)).qualifiers
    assert (found.since, found.until) == (since, until)
