"""Running text: which lines are one, and that every character knows where it came from."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kg.ingest.markup import blanked
from kg.ingest.passages import Passage, passages
from kg.ingest.sentences import sentences, spans
from kg.model import Document


def document(text: str, lang: str = "zh") -> Document:
    return Document(id="d", path="d", title="", lang=lang, date=None, text=text, sha256="")


def read(text: str, lang: str = "zh") -> list[str]:
    return [p.text for p in passages(document(text, lang))]


HAN = "公司持续投入大模型与算力基础设施的研发并与多家芯片企业开展合作推动产品落地应用取得进展"
WORDS = "The company kept investing in large models and computing centers while working with chip makers"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Sentences go on across line ends.
        (f"{HAN}，\n进展良好。", [f"{HAN}，进展良好。"]),
        (f"{HAN}半导体行\n\n业分会成立。\n{HAN}。", [f"{HAN}半导体行业分会成立。", f"{HAN}。"]),
        (f"{HAN}算\n\n力基础设施。", [f"{HAN}算力基础设施。"]),
        (f"{HAN}使用\nNVIDIA 的芯片。", [f"{HAN}使用NVIDIA 的芯片。"]),
        (f"{HAN}，使用 NVIDIA\nH100 的芯片。", [f"{HAN}，使用 NVIDIA H100 的芯片。"]),
        (f"{HAN}，使用 GPT-\n4 的产品。", [f"{HAN}，使用 GPT-4 的产品。"]),
        (f"{WORDS}\nin Europe and Asia.", [f"{WORDS} in Europe and Asia."]),
        (f"{WORDS}, state-of-\nthe-art ones.", [f"{WORDS}, state-of-the-art ones."]),
        (f"{WORDS}\r\nin Europe.", [f"{WORDS} in Europe."]),
        # A page number between the halves.
        (f"{HAN}半导体行\n\n第 3 页\n\n业分会成立。", [f"{HAN}半导体行业分会成立。", "第 3 页"]),
        # They do not across what begins anew.
        (f"{HAN}\n答：是的。", [HAN, "答：是的。"]),
        (f"{HAN}\n问：何时发布？", [HAN, "问：何时发布？"]),
        (f"{HAN}\n2、算力建设。", [HAN, "2、算力建设。"]),
        (f"{HAN}\n（二）算力建设。", [HAN, "（二）算力建设。"]),
        (f"{HAN}\n• 算力建设。", [HAN, "算力建设。"]),
        ("公司简介\n公司成立于北京。", ["公司简介", "公司成立于北京。"]),
        (f"About us\n{WORDS}.", ["About us", f"{WORDS}."]),
        (f"<p>{HAN}</p><p>{HAN}。</p>", [HAN, f"{HAN}。"]),
        # Markup is not read.
        ("<p>公司发布了<b>天衡</b>模型。<br>模型开源。</p>", ["公司发布了天衡模型。", "模型开源。"]),
        ('□<input type="checkbox" checked>特定对象调研', ["□特定对象调研"]),
        (
            "# Results\n\n**Orca** uses `CUDA`, see [the paper](http://x.org/a).",
            ["Results", "Orca uses CUDA, see the paper."],
        ),
        ("5 < 7 and a<b> stays; 2*3*4 = 24", ["5 < 7 and a stays; 2*3*4 = 24"]),
        ("a  b\u3000 c\u200bd", ["a b cd"]),
        ("1.\tFirst item here", ["1. First item here"]),
    ],
)
def test_lines_are_joined_where_a_sentence_goes_on(text: str, expected: list[str]) -> None:
    assert read(text) == expected


def test_rows_give_cells_with_the_field_as_header() -> None:
    text = "参与单位名称及人员姓名\t甲证券 张三\n乙基金 李四\n时间\t2023年10月31日\n\n结束语。"
    found = [(p.text, p.kind, p.header) for p in passages(document(text))]
    field = "参与单位名称及人员姓名"
    assert found == [
        (field, "cell", ""),
        ("甲证券 张三", "cell", field),
        ("乙基金 李四", "cell", field),
        ("时间", "cell", ""),
        ("2023年10月31日", "cell", "时间"),
        ("结束语。", "prose", ""),
    ]


def test_a_field_name_that_a_narrow_column_broke_is_whole() -> None:
    rows = [
        "投资者关系活动\n类别\t□特定对象调研\n□路演活动",
        "参与单位名称\n及人员姓名\t甲证券 张三",
        "附件清单\n（如有）\t无",
    ]
    text = "\n".join(["甲科技记录表", *rows])
    assert [(p.text, p.header) for p in passages(document(text))][1:] == [
        ("投资者关系活动类别", ""),
        ("□特定对象调研", "投资者关系活动类别"),
        ("□路演活动", "投资者关系活动类别"),
        ("参与单位名称及人员姓名", ""),
        ("甲证券 张三", "参与单位名称及人员姓名"),
        ("附件清单（如有）", ""),
        ("无", "附件清单（如有）"),
    ]


def test_tags_around_cells_do_not_part_the_row() -> None:
    text = "<p>时间</p>\t<p>2023年</p>\n地点\t<p>北京。</p><p>另有线上会议。</p>"
    assert [(p.text, p.header) for p in passages(document(text))] == [
        ("时间", ""),
        ("2023年", "时间"),
        ("地点", ""),
        ("北京。", "地点"),
        ("另有线上会议。", ""),
    ]


def test_an_item_hangs_together() -> None:
    text = "• Orca One, a training chip\n• Orca Two, a chip for inference that\n  runs at low power\n\nThat is all."
    one, two, rest = read(text, "en")
    assert (one, rest) == ("Orca One, a training chip", "That is all.")
    assert two == "Orca Two, a chip for inference that runs at low power"


def test_short_lines_beside_wrapped_prose_do_not_hide_its_width() -> None:
    prose = (
        "Orca Corp. designs accelerators for artificial intelligence. Its products\n"
        "include the A1 chip, which is made in Taiwan for it, and the Orca\n"
        "Compiler. It sells to cloud providers in Europe."
    )
    text = f"Overview\n\n{prose}\n\nTable 1\nModel A\nModel B\nModel C"
    assert read(text, "en") == ["Overview", prose.replace("\n", " "), "Table 1", "Model A", "Model B", "Model C"]


def test_markdown_tables_are_rows() -> None:
    text = "| Model | MMLU |\n|---|---|\n| Orca-2 | 68.5 |\n"
    assert [(p.text, p.header) for p in passages(document(text, "en"))] == [
        ("Model", ""), ("MMLU", "Model"), ("Orca-2", ""), ("68.5", "Orca-2")]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind"),
    [("一、公司简介", "heading"), ("# Overview of the year", "heading"), ("• 算力中心建设已经完成。", "list"),
     ("1. The plant opened in May.", "list"), ("公司成立于北京。", "prose"), ("The plant opened in May.", "prose")],
)  # fmt: skip
def test_kinds(text: str, kind: str) -> None:
    assert [p.kind for p in passages(document(text))] == [kind]


def test_language_is_told_by_passage() -> None:
    text = "公司发布了新的大模型。\n\nThe company released a new model.\n\n2023"
    assert [p.lang for p in passages(document(text, "zh"))] == ["zh", "en", "zh"]


def test_wrapped_english_with_paragraphs() -> None:
    text = (
        "The laboratory opened its third site in spring and hired forty people\n"
        "who work on compilers, kernels and the testing of accelerators made\n"
        "by Acme Corp. for its own data centers. Another team stays in Oslo.\n"
        "\n"
        "Costs rose by a tenth over the year, as the company had said in March\n"
        "that they would.\n"
    )
    first, second = read(text, "en")
    assert first.endswith("data centers. Another team stays in Oslo.")
    assert "accelerators made by Acme" in first
    assert second.endswith("in March that they would.")


def test_paragraphs_in_a_line_each_stay_apart() -> None:
    lines = [HAN * 3 + "。", "标题甲乙丙", HAN * 7 + "。", HAN + "。"]
    assert read("\n".join(lines)) == lines


def test_a_page_may_cut_a_paragraph_that_stands_in_one_line() -> None:
    lines = [HAN * 3 + "。", HAN * 2 + "推动半导体行", "业分会成立。", HAN * 6 + "。", HAN + "。"]
    assert read("\n\n".join(lines)) == [lines[0], lines[1] + lines[2], *lines[3:]]
    parts = [f"{WORDS}. " * 3, f"{WORDS} and", "labs in Europe.", "Later it grew. " * 30, f"{WORDS}."]
    assert read("\n\n".join(parts), "en") == [parts[0].strip(), f"{parts[1]} {parts[2]}", parts[3].strip(), parts[4]]


def test_long_headings_do_not_swallow_what_follows() -> None:
    heading = "关于公司与合作方共同建设大模型训练集群并签署框架协议的公告"
    assert read(f"{heading}\n\n{HAN * 3}。\n\n{HAN * 5}。") == [heading, f"{HAN * 3}。", f"{HAN * 5}。"]


def test_a_huge_line_is_cut_between_sentences() -> None:
    text = (HAN + "。") * 2000
    parts = read(text)
    assert "".join(parts) == text
    assert all(len(part) <= 8000 and part.endswith("。") for part in parts)


def test_a_huge_line_without_any_end_is_cut_all_the_same() -> None:
    assert "".join(read("字" * 100_000)) == "字" * 100_000


WORDS_AND_MARKS = [
    "公司",
    "算力，",
    "模型。",
    "model ",
    "H100",
    "3",
    "Inc. ",
    "”",
    "𠮷",
    "a" * 70,
    "字" * 30,
    "-",
    "• ",
    "- ",
    "1. ",
    "问：",
]
BLANKS = [
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    " ",
    "  ",
    "\u3000",
    "\u200b",
    "\x0c",
    "\x00",
    "\x01",
    "\x1e",
    "\x1c",
    "\x85",
    "\n\n12\n\n",
]
MARKUP = ["<p>", "</p>", "<br>", "<input type=x>", "<", ">", "**", "*", "# ", "|", "|---|", "`", "[a](b)", "（一）"]
SCRAPS = st.sampled_from(WORDS_AND_MARKS + BLANKS + MARKUP)


@settings(max_examples=300, deadline=None)
@given(st.lists(SCRAPS | st.text(max_size=5), max_size=40).map("".join))
def test_every_character_knows_its_source(text: str) -> None:
    found = list(passages(document(text)))
    for passage in found:
        check(passage, text)
    starts = [p.start for p in found]
    assert starts == sorted(starts)
    seen = [offset for p in found for offset in p.offsets]
    assert len(seen) == len(set(seen))
    lost = {blanked(text)[i] for i in set(range(len(text))) - set(seen)}
    assert all(c.isspace() or c in "\x00\x01\x1e•●■◆▪◦‣·-*–—+" for c in lost)


def check(passage: Passage, text: str) -> None:
    assert passage.text
    assert passage.text == passage.text.strip()
    assert len(passage.text) == len(passage.offsets)
    assert (passage.start, passage.end) == (passage.offsets[0], passage.offsets[-1] + 1)
    assert all(a < b for a, b in zip(passage.offsets, passage.offsets[1:], strict=False))
    for char, offset in zip(passage.text, passage.offsets, strict=True):
        assert char == text[offset] or (
            char == " " and (text[offset].isspace() or blanked(text)[offset] in "\x00\n\x1e")
        )
    assert passage.span(0, len(passage.text)) == (passage.start, passage.end)
    inside = "".join(passage.text[a:b] for a, b in sentences(passage))
    assert inside.replace(" ", "") == passage.text.replace(" ", "")


@pytest.mark.parametrize(
    "parts",
    [
        ["公司发布模型。", "模型开源！", "何时？", "明年；", "完"],
        ["他说：“模型已开源。”", "记者离开。"],
        ["NVIDIA Corp. said sales rose 3.5 percent.", "It expects more."],
        ["Mr. Huang met Dr. Li in the U.S. on Nov. 21, 2023.", "They spoke of No. 5."],
        ["He joined Acme Inc.", "The firm makes chips."],
        ["Sales in the U.S. Department of Energy vs. others, e.g. Intel, fell."],
        ["J. K. Smith of D. E. Shaw left.", "“It works.”", "She agreed!"],
        ["Is it open?", "Yes!", "The model 2.0 is."],
        ["1. NVIDIA makes chips.", "2. AMD too."],
        ["It sold 40.", "Then 2023 came."],
        ["公司使用 GPT-4.", "模型很好。"],
    ],
)
def test_sentences(parts: list[str]) -> None:
    text = " ".join(parts) if parts[0].isascii() or "“It" in " ".join(parts) else "".join(parts)
    assert [text[a:b] for a, b in spans(text)] == parts


@pytest.mark.parametrize(
    "scrap", ["<", "<p ", "**", "* a", "[", "|", "`", " ", "\t", "\n", ".", "A.", "1", "”", "— ", "字\n"]
)
def test_hostile_repetition_takes_no_time(scrap: str) -> None:
    for passage in passages(document(scrap * 20_000)):
        list(sentences(passage))
