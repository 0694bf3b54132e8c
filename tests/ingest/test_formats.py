"""PDF, Word and HTML: all the words, in their order, with what the format knows about them."""

from __future__ import annotations

import datetime as dt
import io
from contextlib import suppress
from typing import TYPE_CHECKING

import docx
import pytest
from docx.oxml import parse_xml
from fpdf import FPDF
from kg.errors import DocumentError
from kg.ingest.content import Content
from kg.ingest.docx import docxs
from kg.ingest.html import htmls
from kg.ingest.pdf import pdfs

if TYPE_CHECKING:
    from collections.abc import Callable

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def html(body: str, head: str = "", encoding: str = "utf-8") -> Content:
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    (content,) = htmls(io.BytesIO(page.encode(encoding)), "x.html")
    assert isinstance(content, Content)
    return content


def word(build: Callable[[docx.document.Document], object]) -> str:
    document, file = docx.Document(), io.BytesIO()
    build(document)
    document.save(file)
    file.seek(0)
    (content,) = docxs(file, "x.docx")
    return content.text


def test_pdf_pages_are_parted_and_lines_kept() -> None:
    pdf = FPDF()
    pdf.set_creation_date(dt.datetime(2024, 1, 1, tzinfo=dt.UTC))
    pdf.set_title("A fine title")
    pdf.set_font("Helvetica", size=12)
    for words in ("First line\nSecond line", "Next page"):
        pdf.add_page()
        pdf.multi_cell(0, 6, words)
    (content,) = pdfs(io.BytesIO(bytes(pdf.output())), "x.pdf")
    assert content.text == "First line\nSecond line\n\nNext page"
    assert content.title == "A fine title"
    assert content.date is None


def test_word_keeps_the_order_of_paragraphs_and_tables() -> None:
    def build(document: docx.document.Document) -> None:
        document.add_heading("标题", 1)
        table = document.add_table(rows=2, cols=2)
        for cell, words in zip(
            [c for r in table.rows for c in r.cells], ["时间", "2023年", "单位", "甲公司"], strict=True
        ):
            cell.text = words
        table.cell(1, 1).add_paragraph("乙公司")
        document.add_paragraph("正文\t完")

    assert word(build) == "标题\n\n时间\t2023年\n单位\t甲公司\n乙公司\n\n正文\t完"


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ("<w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del>", "new"),
        ("<w:hyperlink><w:r><w:t>link</w:t></w:r></w:hyperlink>", "link"),
        ("<w:sdt><w:sdtContent><w:r><w:t>field</w:t></w:r></w:sdtContent></w:sdt>", "field"),
        ("<w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t></w:r>", "a\nb\tc"),
        ("<w:r><w:instrText>PAGE</w:instrText><w:t>x</w:t></w:r>", "x"),
    ],
)
def test_word_reads_what_a_person_sees(xml: str, expected: str) -> None:
    paragraph = parse_xml(f"<w:p {W}>{xml}</w:p>")
    assert word(lambda document: document.element.body.insert(0, paragraph)) == expected


def test_word_cells_that_are_merged_or_nested_come_once() -> None:
    def build(document: docx.document.Document) -> None:
        table = document.add_table(rows=1, cols=3)
        table.cell(0, 0).merge(table.cell(0, 1)).text = "merged"
        table.cell(0, 2).text = "outer"
        table.cell(0, 2).add_table(1, 1).cell(0, 0).text = "inner"

    assert word(build) == "merged\touter\ninner"


PROSE = "甲公司发布了新的大模型，训练使用国产芯片，并在多个行业里得到应用，客户数量持续增长。"


def test_html_main_text_with_its_metadata() -> None:
    head = '<title>甲公司发布模型 - 某站</title><meta property="article:published_time" content="2023-10-31T08:00:00Z">'
    article = f"<article><h1>甲公司发布模型</h1>{f'<p>{PROSE}</p>' * 8}</article>"
    body = f"<nav><a href=/>首页</a></nav>{article}<footer>版权</footer>"
    content = html(body, head)
    assert content.text.startswith("甲公司发布模型\n\n甲公司发布了")
    assert "首页" not in content.text
    assert "版权" not in content.text
    assert content.date == "2023-10-31"
    assert "甲公司发布模型" in (content.title or "")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>He uses <b>Orca</b>-2 <!-- x -->at <i>Acme</i>.</p>", "He uses Orca-2 at Acme."),
        ("<p>公司发布了\n  新模型。</p>", "公司发布了新模型。"),
        ("<p>one<br>two</p><div>three</div>", "one\ntwo\n\nthree"),
        (
            "<table><tr><th>Model</th><th>MMLU</th></tr><tr><td>Orca</td><td>68</td></tr></table>",
            "Model\tMMLU\nOrca\t68",
        ),
        ("<p>a</p><script>evil()</script><style>x{}</style><p>b</p>", "a\n\nb"),
        ("<p>&lt;script&gt; &amp; co</p>", "<script> & co"),
        ("<p>open <div>unclosed <b>tags", "open\n\nunclosed tags"),
        ("<ul><li>one</li><li>two</li></ul>", "one\n\ntwo"),
    ],
)
def test_short_pages_keep_their_structure(body: str, expected: str) -> None:
    assert html(body).text == expected


@pytest.mark.parametrize(
    ("encoding", "declared", "text"),
    [
        ("gb18030", "gb2312", "公司发布了新的大模型。"),
        ("big5", "big5", "台積電興建新的晶圓廠。"),
        ("utf-8", "gb2312", "公司发布了新的大模型。"),
        ("gb18030", "utf-8", "公司发布了新的大模型。"),
        ("gb18030", "", "公司发布了新的大模型。"),
        ("cp1252", "iso-8859-1", "Café “Orca”"),
        ("utf-16", "", "公司发布了新的大模型。"),
        ("utf-8", "rot13", "plain words"),
    ],
)
def test_html_encodings(encoding: str, declared: str, text: str) -> None:
    head = f'<meta charset="{declared}">' if declared else ""
    assert html(f"<p>{text}</p>", head, encoding).text == text


def test_deep_nesting_does_no_harm() -> None:
    assert html("<div>" * 100 + "words" + "</div>" * 100).text == "words"
    with suppress(DocumentError):  # the parser gives up at some depth, which is a cause to be named
        html("<div>" * 50_000 + "words")
