"""From text to claims with the real models: whole documents of both languages, written for the purpose."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from kg.config import Config
from kg.flow import build, extract, to_json
from kg.model import Document, Reading
from kg.store.export import export
from kg.store.graph import View

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.models

ZH = """证券代码：300999
证券简称：云帆科技
云帆科技股份有限公司投资者关系活动记录表
参与单位名称\t东湖证券、海纳基金、高盛等20位机构投资者
时间\t2024年4月30日
上市公司接待人员姓名\t云帆科技 董事长 李文博先生
李总回顾公司2023年整体情况：2023年，公司实现营业收入36.8亿元，同比增长8%；研发费用6.2亿元，同比增长28%。
2024年3月，公司发布了大模型“云帆大模型”，在GSM8K测试中以80%的正确率领先GPT-3.5(57.1%)。
公司通过增资方式控股AI芯片企业北京海纳芯科技有限公司（以下简称“海纳芯”）。海纳芯由王晓芸于2019年创立。
问：公司是否会收购星河智能？
答：目前没有收购星河智能的计划。
"""
EN = """Nimbus Labs Raises $50 Million

SAN FRANCISCO, March 5, 2024 — Nimbus Labs, Inc. today announced that it has raised $50 million in a Series B round led by Sequoia Capital.
"We are building faster chips," said Ada Reyes, chief executive of Nimbus Labs. The company was founded by Ada Reyes in 2019 and is headquartered in Austin.
Nimbus Labs unveiled the Kestrel 2 chip, which is manufactured by TSMC. Nimbus Labs did not acquire Graphcore.
"""


def reading(reader, text: str, lang: str) -> Reading:
    return reader(
        Document(
            id="d",
            path="d.txt",
            title=text.split("\n", maxsplit=1)[0],
            lang=lang,
            date="2024-05-01",
            text=text,
            sha256="0" * 64,
        )
    )


def facts(made: Reading) -> set[tuple[str, str, str]]:
    label = {e.iri: e.label for e in made.entities}
    return {(label[made.entity_of[c.subject.id]], c.predicate, label[made.entity_of[c.object.id]]) for c in made.claims}


@pytest.mark.parametrize(
    ("text", "lang", "stated", "denied"),
    [
        (
            ZH,
            "zh",
            {
                ("李文博", "holdsPositionAt", "云帆科技"),
                ("云帆科技", "develops", "云帆大模型"),
                ("云帆大模型", "evaluatedOn", "GSM8K"),
                ("云帆科技", "acquired", "海纳芯"),
                ("王晓芸", "founded", "海纳芯"),
            },
            {("云帆科技", "acquired", "星河智能")},
        ),
        (
            EN,
            "en",
            {
                ("Ada Reyes", "holdsPositionAt", "Nimbus Labs"),
                ("Ada Reyes", "founded", "Nimbus Labs"),
                ("Sequoia Capital", "investedIn", "Nimbus Labs"),
                ("Nimbus Labs", "locatedIn", "Austin"),
                ("TSMC", "manufactures", "Kestrel 2"),
            },
            {("Nimbus Labs", "acquired", "Graphcore")},
        ),
    ],
)
def test_a_document_states_this_and_not_that(reader, text: str, lang: str, stated: set, denied: set) -> None:
    found = facts(reading(reader, text, lang))
    assert stated <= found
    assert not denied & found


def test_observations(reader) -> None:
    made = reading(reader, ZH, "zh")
    numbers = {(o.metric, o.value, o.unit, o.period) for o in made.observations}
    assert {
        ("revenue", 3.68e9, "CNY", "2023"),
        ("revenue_growth", 8.0, "percent", "2023"),
        ("rd_expense", 6.2e8, "CNY", "2023"),
    } <= numbers


@pytest.mark.parametrize(("text", "lang"), [(ZH, "zh"), (EN, "en")])
def test_every_offset_and_quote_fits(reader, text: str, lang: str) -> None:
    made = to_json(reading(reader, text, lang))
    for mention in made["mentions"]:
        assert text[mention["start"] : mention["end"]] == mention["text"]
    for row in (*made["claims"], *made["observations"]):
        words = row["evidence"]
        assert text[words["start"] : words["end"]] == words["quote"]
    iris = {e["id"] for e in made["entities"]}
    assert {c[k] for c in made["claims"] for k in ("subject", "object")} <= iris


def test_short_forms_are_the_same_entity(reader) -> None:
    made = reading(reader, ZH, "zh")
    names = [set(e.names) for e in made.entities]
    assert any({"云帆科技", "云帆科技股份有限公司"} <= n for n in names)
    assert any({"海纳芯", "北京海纳芯科技有限公司"} <= n for n in names)


def test_of_documents_with_one_id_the_last_stands_also_when_they_come_again(tmp_path: Path) -> None:
    path, config = tmp_path / "twice.jsonl", Config(store=tmp_path / "s")
    path.write_text("".join(json.dumps({"id": "a", "text": text}) + "\n" for text in (ZH, EN)), "utf-8")
    build([path], config)
    before = export(View(tmp_path / "s"), "nquads")
    build([path], config)
    assert export(View(tmp_path / "s"), "nquads") == before


def test_build_is_incremental_and_reproducible(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.txt").write_text(ZH, "utf-8")
    (docs / "b.txt").write_text(EN, "utf-8")
    (docs / "empty.txt").write_text("", "utf-8")
    first = build([docs], Config(store=tmp_path / "s"))
    assert (first.read, first.unchanged, len(first.failed)) == (2, 0, 1)
    before = export(View(tmp_path / "s"), "nquads")
    again = build([docs], Config(store=tmp_path / "s"))
    assert (again.read, again.unchanged) == (0, 2)
    assert export(View(tmp_path / "s"), "nquads") == before
    (docs / "b.txt").write_text(EN.replace("Austin", "Tokyo"), "utf-8")
    assert build([docs], Config(store=tmp_path / "s")).read == 1
    assert [r["l"] for r in View(tmp_path / "s").records("SELECT ?l WHERE { ?s kg:locatedIn/rdfs:label ?l }")].count(
        "Austin"
    ) == 0
    other = build([docs / "b.txt", docs / "a.txt"], Config(store=tmp_path / "t"))
    assert other.read == 2
    assert export(View(tmp_path / "s"), "nquads") == export(View(tmp_path / "t"), "nquads")


def test_extract_prints_the_contract(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ZH, "utf-8")
    [made] = [to_json(r) for r in extract([tmp_path / "a.txt"]) if isinstance(r, Reading)]
    assert set(made) == {"doc", "entities", "mentions", "claims", "observations"}
    assert {"id", "path", "lang", "sha256"} <= set(made["doc"])
    json.dumps(made)
