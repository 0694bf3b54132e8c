"""Writes the PDF and Word documents of this folder, the same bytes each time.

    python examples/make_binaries.py        needs fpdf2, python-docx and the Noto Sans CJK fonts (Debian: fonts-noto-cjk)

The committed files were made by it; it is run again only when a text changes. The facts are public, the occasions (a meeting,
an interview) are made up to show the form.
"""

# ruff: noqa: ISC004  # the texts are prose
from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import docx
from fpdf import FPDF

HERE = Path(__file__).parent
CJK_FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
SIMPLIFIED = 2
"""Number of the simplified Chinese face in the collection."""
MADE = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)

ZH_ANNOUNCEMENT = """\
关于寒武纪产品与经营情况的说明

日期：2025年4月30日

一、公司概况

中科寒武纪科技股份有限公司（以下简称“寒武纪”）成立于2016年，总部位于北京，2020年7月20日在上海证券交易所科创板上市，\
证券代码为688256。公司创始人陈天石现任董事长兼总经理，他毕业于中国科学技术大学，曾在中国科学院计算技术研究所工作。

二、主要产品

寒武纪设计云端与边缘的人工智能芯片，本身不设晶圆厂。2021年1月发布的思元290是公司首款训练芯片，采用台积电7纳米工艺，\
由台积电代工。2021年11月，公司发布思元370，这是寒武纪第一款采用芯粒技术的芯片，在INT8精度下的最大算力为256 TOPS，\
是上一代产品思元270的两倍。搭载思元370的MLU370-X8加速卡面向训练任务。与芯片配套的基础软件平台名为Cambricon Neuware，\
它把训练与推理放在同一套工具里。

三、经营数据

2024年，寒武纪实现营业收入11.74亿元，同比增长65.56%；归属于上市公司股东的净亏损为4.52亿元，亏损较上年收窄。\
2023年公司的营业收入为7.09亿元。进入2025年，客户需求明显上升：2025年第一季度营业收入为11.11亿元，\
接近2024年全年的水平，当季净利润为3.55亿元。

四、外部环境

2022年12月，美国商务部工业与安全局将寒武纪及其多家子公司列入实体清单，限制其获得受美国出口管制的技术。\
行歌科技是寒武纪的控股子公司，从事车载智能芯片的研发。在国内市场，寒武纪与华为海思、海光信息等企业竞争；\
在云端芯片领域，英伟达仍是主要的国际竞争对手。

五、风险提示

新一代芯片的研发周期较长，供应链的变化可能影响产品交付，请投资者留意有关风险。
"""

EN_ANNOUNCEMENT = """\
AMD and its acquisitions in artificial intelligence

Date: May 30, 2025

Advanced Micro Devices, Inc. (AMD), based in Santa Clara, California, has bought a row of companies in order to offer \
whole systems for artificial intelligence rather than chips alone. Lisa Su, who studied at the Massachusetts Institute of \
Technology, is chair and chief executive officer of AMD.

The largest purchase was Xilinx, a maker of programmable chips, which AMD completed in February 2022. In May of the same \
year AMD acquired Pensando Systems for about $1.9 billion; its data processing units are used in cloud data centers. In \
2023 the company bought Mipsology, a French developer of inference software, and Nod.ai, an open-source compiler firm.

On July 10, 2024, AMD agreed to acquire Silo AI for approximately $665 million in cash. Silo AI has its headquarters in \
Helsinki, Finland, and calls itself the largest private AI laboratory in Europe. Peter Sarlin co-founded it and stayed on \
as its chief executive. Silo AI created the open multilingual models Poro and Viking and trained them on LUMI, a \
supercomputer in Kajaani that runs on AMD Instinct MI250X accelerators.

On August 19, 2024, AMD announced the acquisition of ZT Systems, a supplier of servers to the largest cloud companies, \
for $4.9 billion, three quarters of it in cash. The deal closed on March 31, 2025. AMD kept the design teams and, in May \
2025, agreed to sell the manufacturing business of ZT Systems to Sanmina for up to $3 billion.

These teams work on the Instinct line. The MI300X, launched in December 2023, is built on the CDNA 3 architecture, carries \
192 GB of HBM3 memory and competes with the NVIDIA H100. TSMC manufactures its compute dies. Microsoft offers the MI300X \
in Azure virtual machines, and Meta uses the chip to serve Llama 3.1 405B. Its successor, the MI325X, came to market in \
the fourth quarter of 2024 with 256 GB of HBM3E memory.

AMD reported revenue of $25.8 billion for 2024, an increase of 14 percent. Revenue of its data center segment grew by 94 \
percent to $12.6 billion. ROCm, the software platform of AMD, supports PyTorch. No financial target for 2026 is given here.
"""

ZH_RECORD = [
    ("投资者关系活动类别", ["□特定对象调研　□分析师会议", "☑业绩说明会　□现场参观"]),
    ("参与单位名称及人员姓名", ["线上参与业绩说明会的投资者"]),
    ("时间", ["2024年4月23日 15:00-16:30"]),
    ("地点", ["安徽省合肥市，科大讯飞总部"]),
    ("上市公司接待人员姓名", ["董事长 刘庆峰", "董事会秘书 江涛"]),
    (
        "投资者关系活动主要内容介绍",
        [
            "问：请介绍公司2023年的经营情况。",
            "答：2023年，科大讯飞实现营业收入196.50亿元，同比增长4.41%；归属于上市公司股东的净利润为6.57亿元，同比增长17.12%。"
            "公司持续加大对讯飞星火认知大模型的投入。",
            "问：星火大模型的进展如何？",
            "答：公司在2023年5月6日首次发布讯飞星火认知大模型，2023年10月24日发布星火V3.0，2024年1月30日又发布星火V3.5。"
            "星火V3.5由公司与华为共同建设的国产算力平台“飞星一号”训练，该平台采用华为昇腾芯片。讯飞听见、讯飞翻译机等产品已经接入星火大模型。",
            "问：外部限制对公司有多大影响？",
            "答：2019年10月，美国商务部把科大讯飞列入实体清单。此后公司把训练逐步转到国产平台上，与华为的合作不断加深。",
            "问：公司的股东和人才情况怎样？",
            "答：中国移动是公司的第一大股东。公司由刘庆峰等人于1999年创立，他毕业于中国科学技术大学；"
            "公司与该校共建了语音及语言信息处理国家工程研究中心。",
        ],
    ),
    ("附件清单", ["无"]),
    ("日期", ["2024年4月24日"]),
]

EN_INTERVIEW = [
    ("Questions and answers: Anthropic in its first four years", "Heading"),
    ("November 25, 2024", "Line"),
    ("Q: Who founded the company, and where does it work?", "Question"),
    (
        "A: Anthropic was founded in 2021 by a group of former employees of OpenAI, among them the siblings Dario Amodei and "
        "Daniela Amodei. Dario Amodei is chief executive officer, Daniela Amodei is president. Its head office is in San "
        "Francisco. Dario Amodei holds a doctorate from Princeton University and was vice president of research at OpenAI.",
        "Answer",
    ),
    ("Q: Who has put money into it?", "Question"),
    (
        "A: Amazon said on September 25, 2023 that it would invest up to $4 billion in Anthropic. It completed that sum in March "
        "2024 and added another $4 billion in November 2024. Google is an investor as well. Amazon Web Services is the main "
        "cloud and training partner of Anthropic, which uses the AWS chips Trainium and Inferentia. Claude is offered through "
        "Amazon Bedrock.",
        "Answer",
    ),
    ("Q: How good are its models?", "Question"),
    (
        "A: The Claude 3 family came out on March 4, 2024, in three sizes: Claude 3 Haiku, Claude 3 Sonnet and Claude 3 Opus. "
        "By the company's own figures Claude 3 Opus reached 86.8% on MMLU, 95.0% on GSM8K and 84.9% on HumanEval. Claude 3.5 "
        "Sonnet followed on June 20, 2024 and scored 92.0% on HumanEval.",
        "Answer",
    ),
    ("TABLE", "Table"),
    ("Q: Who joined in 2024?", "Question"),
    (
        "A: Mike Krieger, a co-founder of Instagram, became chief product officer in May 2024. Jan Leike, who had led the "
        "superalignment team of OpenAI together with Ilya Sutskever, joined in the same month. John Schulman, a co-founder of "
        "OpenAI, followed in August 2024.",
        "Answer",
    ),
    ("Q: Whom does it compete with?", "Question"),
    (
        "A: Anthropic competes with OpenAI, Google DeepMind and Meta. It is a founding member of the Frontier Model Forum, which "
        "it set up with Google, Microsoft and OpenAI in July 2023. It did not say when its next model will come.",
        "Answer",
    ),
]
EN_SCORES = [
    ("Model", "MMLU", "GSM8K", "HumanEval"),
    ("Claude 3 Opus", "86.8%", "95.0%", "84.9%"),
    ("Claude 3 Sonnet", "79.0%", "92.3%", "73.0%"),
    ("Claude 3 Haiku", "75.2%", "88.9%", "75.9%"),
]


def pdf(name: str, text: str, *, chinese: bool) -> None:
    """A page of running text, set in lines as any PDF is; the font is cut down to the characters used."""
    page = FPDF(format="A4")
    page.set_creation_date(MADE)
    page.set_title(text.partition("\n")[0])
    page.set_margin(25)
    page.add_page()
    if chinese:
        page.add_font("cjk", fname=CJK_FONT, collection_font_number=SIMPLIFIED)
    page.set_font("cjk" if chinese else "Helvetica", size=11)
    for paragraph in text.strip().split("\n\n"):
        page.multi_cell(
            0, 6, paragraph, align="L", new_x="LMARGIN", new_y="NEXT", wrapmode="CHAR" if chinese else "WORD"
        )
        page.ln(3)
    page.output(HERE / name)


def record(name: str, title: str, fields: list[tuple[str, list[str]]]) -> None:
    """A form: the name of each field beside what was filled in."""
    document = docx.Document()
    document.add_heading(title, 1)
    document.add_paragraph("证券代码：002230　　证券简称：科大讯飞")
    table = document.add_table(rows=0, cols=2)
    for field, paragraphs in fields:
        left, right = table.add_row().cells
        left.text = field
        right.text = paragraphs[0]
        for paragraph in paragraphs[1:]:
            right.add_paragraph(paragraph)
    save(document, name, title)


def interview(name: str, parts: list[tuple[str, str]], scores: list[tuple[str, ...]]) -> None:
    """Questions and answers, with a table of scores between."""
    document = docx.Document()
    for text, style in parts:
        if style == "Heading":
            document.add_heading(text, 1)
        elif style == "Table":
            table = document.add_table(rows=0, cols=len(scores[0]))
            for row in scores:
                for cell, words in zip(table.add_row().cells, row, strict=True):
                    cell.text = words
        else:
            document.add_paragraph().add_run(text).bold = style == "Question"
    save(document, name, parts[0][0])


def save(document: docx.document.Document, name: str, title: str) -> None:
    """Writes without clock: the archive would keep the time of writing of each member."""
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title, "", ""
    properties.created = properties.modified = MADE.replace(tzinfo=None)
    packed = io.BytesIO()
    document.save(packed)
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(HERE / name, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            target.writestr(
                zipfile.ZipInfo(member.filename, MADE.timetuple()[:6]), source.read(member), zipfile.ZIP_DEFLATED
            )


if __name__ == "__main__":
    pdf("zh-announcement-cambricon.pdf", ZH_ANNOUNCEMENT, chinese=True)
    pdf("en-announcement-amd.pdf", EN_ANNOUNCEMENT, chinese=False)
    record("zh-investor-record-iflytek.docx", "科大讯飞投资者关系活动记录表（示例）", ZH_RECORD)
    interview("en-interview-anthropic.docx", EN_INTERVIEW, EN_SCORES)
