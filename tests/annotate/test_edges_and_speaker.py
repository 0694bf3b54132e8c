"""Where a recognised name begins and ends: no mark at its edge but one whose partner is within."""

from __future__ import annotations

import pytest
from kg.annotate.recognise import _balanced


@pytest.mark.parametrize(
    ("found", "name"),
    [
        ("“云帆", "云帆"),
        ("云帆”", "云帆"),
        ("“云帆”", "云帆"),
        ("“云帆”APP", "“云帆”APP"),
        ("《北岸》，", "北岸"),
        ("云帆(OS)", "云帆(OS)"),
        ("（云帆", "云帆"),
        ("Skylark’s", "Skylark"),
        ("Skylark's", "Skylark"),
        ("Petrel Inc.", "Petrel Inc."),
        ('"Petrel"', "Petrel"),
        ("—", ""),
    ],
)
def test_edges(found: str, name: str) -> None:
    start, end = _balanced(found, 0, len(found))
    assert found[start:end] == name


@pytest.mark.models
@pytest.mark.parametrize(
    ("text", "lang", "speaks"),
    [
        (
            (
                "Last spring we opened a chip laboratory in Lyon with Orbex. Our engineers moved in during May.\n\n"
                "Tessellate Inc. also continues to hire. Tessellate Inc. opened a second office. Tessellate Inc. has 300 employees."
            ),
            "en",
            "Tessellate Inc.",
        ),
        (
            "云帆智能股份有限公司2024年年报：公司与海纳芯在服务器上合作。云帆智能股份有限公司的客户遍布全国。",
            "zh",
            "云帆智能股份有限公司",
        ),
    ],
)
def test_a_partner_is_not_taken_for_the_one_that_speaks(text: str, lang: str, speaks: str) -> None:
    from kg.annotate.inventory import annotate
    from kg.ingest.passages import passages
    from kg.model import Document
    from training.reading import pipelines

    document = Document(id="d", path="d", title="", lang=lang, date=None, text=text, sha256="")
    made = annotate(document, list(pipelines().docs(passages(document))))
    assert made.speaker is not None
    assert made.speaker.text == speaks


@pytest.mark.models
@pytest.mark.parametrize(
    ("text", "lang", "names", "none"),
    [
        (
            "云帆科技发布大模型“星河大模型”，同时推出星河大模型2.0。星河大模型2.0支持长文本。",
            "zh",
            {"星河大模型", "星河大模型2.0"},
            set(),
        ),
        ("云帆科技在WAIC2024上发布了大模型“星河大模型”。WAIC2024由上海承办。", "zh", {"星河大模型"}, {"WAIC2024"}),
        ("云帆科技的账目依据美国公认会计原则。云帆科技在美国设有研发中心。", "zh", {"云帆科技"}, set()),
        # A numbered product tells of its family and of the other members.
        (
            "云帆科技推出新一代产品“云梯3”，该产品是云梯2的升级款。云梯系列已进入欧洲。",
            "zh",
            {"云梯3", "云梯2", "云梯"},
            {"云梯系列"},
        ),
        (
            "Skylark released RoadPilot 4, a new driver assistance system. RoadPilot 4 is fast. RoadPilot runs in 2 million cars.",
            "en",
            {"RoadPilot 4", "RoadPilot"},
            set(),
        ),
        # What is no name alone belongs to the name of an institution.
        (
            "Researchers from the University of Northmere and the Marlow Tern Foundation took part.",
            "en",
            {"University of Northmere", "Marlow Tern Foundation"},
            {"of Northmere", "Marlow Tern"},
        ),
        (
            "云帆科技的马来西亚子公司与一家AI推理芯片公司签约。",
            "zh",
            {"云帆科技"},
            {"马来西亚子公司", "AI推理芯片公司"},
        ),
    ],
)
def test_versions_events_and_accounting_rules(text: str, lang: str, names: set[str], none: set[str]) -> None:
    from kg.annotate.inventory import annotate
    from kg.ingest.passages import passages
    from kg.model import Document
    from training.reading import pipelines

    document = Document(id="d", path="d", title="", lang=lang, date=None, text=text, sha256="")
    found = [m for *_, m in annotate(document, list(pipelines().docs(passages(document)))).mentions]
    assert names <= {m.text for m in found}
    assert not none & {m.text for m in found}
    assert sum(m.text == "美国" for m in found) == text.count("美国设")
