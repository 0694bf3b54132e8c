"""Who speaks in a document, and what those who speak show as their own."""

from __future__ import annotations

import pytest
from kg.annotate.speaker import shown, speaker
from training.sentences import marked

SHOWN = [
    ("en", "We introduce [:AIModel Tern-7B], a small model, beside [:AIModel Gannet].", {"Tern-7B"}),
    ("en", "We are happy to finally release [:Product kelpie], which reads [:Dataset WebShore].", {"kelpie"}),
    ("en", "Our new serving engine [:Product Fulmar] runs on [:Chip H100].", {"Fulmar"}),
    ("en", "We follow the recipe of [:AIModel Gannet] and its authors.", set()),
    ("en", "We trained as well as [:AIModel Gannet] did.", set()),
    ("en", "Our thanks go to the makers of [:AIModel Gannet].", set()),
    ("en", "They released [:AIModel Gannet] in May. We like it. [:AIModel Tern] came later.", set()),
    ("zh", "我们发布了[:AIModel 海燕-7B]，并与[:AIModel 信天翁]作比较。", {"海燕-7B"}),
    ("zh", "本文提出[:AIModel 海燕]。", {"海燕"}),
    ("zh", "我们的推理框架[:Product 礁石]已经开放。", {"礁石"}),
    ("zh", "我们注意到[:AIModel 信天翁]的成绩更好。", set()),
]


@pytest.mark.models
@pytest.mark.parametrize(("lang", "words", "own"), SHOWN)
def test_what_is_shown_as_ones_own(lang: str, words: str, own: set[str]) -> None:
    made, *_ = marked(words, lang)
    found = shown(made.passages, made.mentions, made.cluster_of)
    assert {m.text for *_, m in made.mentions if found[made.cluster_of[m.id]]} == own


SPEAKS = [
    (
        "en",
        (
            "The original [:AIModel Gannet] was large, and the original [:AIModel Gannet] was slow. Our results differ from those of "
            "[:AIModel Gannet]. We trained [:AIModel Tern-7B] on less. [:AIModel Tern-7B] is quick."
        ),
        "Tern-7B",
    ),
    ("en", "We like [:AIModel Gannet], and [:AIModel Gannet] likes us. [:AIModel Gannet] is large.", "Gannet"),
    ("en", "They like [:AIModel Gannet], and [:AIModel Gannet] likes them. [:AIModel Gannet] is large.", None),
    ("en", "We read about [:AIModel Gannet] once.", None),
    ("zh", "我们开源了[:AIModel 海燕-7B]。[:AIModel 信天翁]更大，[:AIModel 信天翁]也更慢。", "海燕-7B"),
    ("zh", "他们开源了[:AIModel 海燕-7B]。", None),
]


@pytest.mark.models
@pytest.mark.parametrize(("lang", "words", "speaks"), SPEAKS)
def test_those_behind_a_model_speak_where_no_firm_does(lang: str, words: str, speaks: str | None) -> None:
    made, *_ = marked(words, lang)
    cluster = speaker(made.passages, made.mentions, made.cluster_of, None)
    named = {made.cluster_of[m.id]: m.text for *_, m in made.mentions}
    assert (None if cluster is None else named[cluster]) == speaks


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
