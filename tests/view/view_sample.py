"""Graphs to draw: a small true one about the AI industry in both languages, and made-up ones of any size."""

import random

import networkx as nx

# type: name in English | in Chinese | further names
ENTITIES = """
Company: NVIDIA|英伟达|NVDA, 英伟达公司; TSMC|台积电|台湾积体电路制造, TSM
Company: AMD|超威半导体|Advanced Micro Devices; Intel|英特尔|INTC
Company: Huawei|华为|华为技术有限公司; SMIC|中芯国际|688981.SH; OpenAI|OpenAI|; Microsoft|微软|MSFT
Company: Google|谷歌|GOOGL; Meta|Meta|Meta Platforms
Company: Anthropic|Anthropic|; Amazon|亚马逊|AMZN; DeepSeek|深度求索|; Alibaba|阿里巴巴|BABA, 阿里
Company: Baidu|百度|BIDU; Tencent|腾讯|; Kunlun Tech|昆仑万维|300418.SZ, 昆仑万维科技股份有限公司
Company: Moonshot AI|月之暗面|; Zhipu AI|智谱|智谱华章; SK hynix|SK海力士|; ASML|阿斯麦|; Mistral AI|Mistral AI|
Company: SoftBank|软银|; Cambricon|寒武纪|688256.SH
Organization: Tsinghua University|清华大学|清华; Stanford University|斯坦福大学|
Organization: Google DeepMind|谷歌DeepMind|DeepMind; Bureau of Industry and Security|美国商务部工业与安全局|BIS
Organization: MLCommons|MLCommons|; Shanghai AI Laboratory|上海人工智能实验室|
Person: Jensen Huang|黄仁勋|Jen-Hsun Huang; Lisa Su|苏姿丰|; Sam Altman|萨姆·奥尔特曼|阿尔特曼
Person: Fei-Fei Li|李飞飞|; Yang Zhilin|杨植麟|; Liang Wenfeng|梁文锋|; Dario Amodei|达里奥·阿莫迪|
Person: Demis Hassabis|德米斯·哈萨比斯|; Fang Han|方汉|; Satya Nadella|萨提亚·纳德拉|; Morris Chang|张忠谋|
AIModel: GPT-4|GPT-4|; GPT-4o|GPT-4o|; Claude 3.5 Sonnet|Claude 3.5 Sonnet|; Gemini 1.5 Pro|Gemini 1.5 Pro|
AIModel: Llama 3|Llama 3|; DeepSeek-V3|DeepSeek-V3|; DeepSeek-R1|DeepSeek-R1|; Qwen2.5|通义千问2.5|Qwen 2.5
AIModel: Skywork-13B|天工13B|Skywork; ERNIE 4.0|文心大模型4.0|ERNIE Bot 4; GLM-4|GLM-4|
Product: ChatGPT|ChatGPT|; Kimi|Kimi智能助手|Kimi; CUDA|CUDA|; Azure|微软云|Microsoft Azure; DGX H100|DGX H100|
Product: Copilot|Copilot|Microsoft Copilot; CANN|昇腾CANN|
Chip: H100|H100|NVIDIA H100; H800|H800|; Blackwell B200|Blackwell B200|B200
Chip: Instinct MI300X|Instinct MI300X|MI300X; Ascend 910B|昇腾910B|Ascend 910B; TPU v5e|TPU v5e|; HBM3E|HBM3E|
Chip: MLU370|思元370|
Dataset: Common Crawl|Common Crawl|; The Pile|The Pile|; SkyPile-150B|SkyPile-150B|
Benchmark: MMLU|MMLU|; GSM8K|GSM8K|; C-Eval|C-Eval|; MLPerf|MLPerf|; SWE-bench|SWE-bench|
Place: Santa Clara|圣克拉拉|; Hsinchu|新竹|; Beijing|北京|; Hangzhou|杭州|; United States|美国|; China|中国|
"""

FACTS = """
develops: NVIDIA>H100; NVIDIA>H800; NVIDIA>Blackwell B200; NVIDIA>CUDA; NVIDIA>DGX H100; AMD>Instinct MI300X
develops: Huawei>Ascend 910B; Huawei>CANN; Google>TPU v5e; Google DeepMind>Gemini 1.5 Pro
develops: OpenAI>GPT-4; OpenAI>GPT-4o; OpenAI>ChatGPT; Microsoft>Azure; Microsoft>Copilot; Meta>Llama 3
develops: Anthropic>Claude 3.5 Sonnet; DeepSeek>DeepSeek-V3; DeepSeek>DeepSeek-R1; Alibaba>Qwen2.5
develops: Baidu>ERNIE 4.0
develops: Kunlun Tech>Skywork-13B; Kunlun Tech>SkyPile-150B; Moonshot AI>Kimi; Zhipu AI>GLM-4; SK hynix>HBM3E
develops: Cambricon>MLU370; MLCommons>MLPerf
manufactures: TSMC>H100; TSMC>Blackwell B200; TSMC>Instinct MI300X; SMIC>Ascend 910B
supplies: SK hynix>NVIDIA; ASML>TSMC; TSMC>NVIDIA; TSMC>AMD; NVIDIA>Microsoft; NVIDIA>Meta; NVIDIA>Tencent
holdsPositionAt: Jensen Huang>NVIDIA|CEO; Lisa Su>AMD|CEO; Sam Altman>OpenAI|CEO
holdsPositionAt: Yang Zhilin>Moonshot AI|首席执行官; Liang Wenfeng>DeepSeek|创始人兼CEO
holdsPositionAt: Dario Amodei>Anthropic|CEO; Demis Hassabis>Google DeepMind|CEO
holdsPositionAt: Fang Han>Kunlun Tech|董事长兼总经理; Satya Nadella>Microsoft|CEO
holdsPositionAt: Fei-Fei Li>Stanford University|Professor
founded: Jensen Huang>NVIDIA; Morris Chang>TSMC; Sam Altman>OpenAI; Dario Amodei>Anthropic
founded: Liang Wenfeng>DeepSeek; Yang Zhilin>Moonshot AI; Demis Hassabis>Google DeepMind
alumnusOf: Jensen Huang>Stanford University; Morris Chang>Stanford University; Yang Zhilin>Tsinghua University
investedIn: Microsoft>OpenAI|US$10 billion; Amazon>Anthropic|US$4 billion; Google>Anthropic|US$2 billion
investedIn: Alibaba>Moonshot AI; Tencent>Zhipu AI; SoftBank>OpenAI; NVIDIA>Mistral AI
investedIn: Microsoft>Mistral AI|€15 million; Alibaba>Zhipu AI
subsidiaryOf: Google DeepMind>Google
acquired: Google>Google DeepMind
partnerOf: Microsoft>OpenAI; OpenAI>Microsoft; Mistral AI>Microsoft; Tsinghua University>Zhipu AI; NVIDIA>TSMC
competesWith: H100>Instinct MI300X; Ascend 910B>H100; GPT-4o>Claude 3.5 Sonnet; Kimi>ChatGPT; DeepSeek-V3>GPT-4o
competesWith: AMD>NVIDIA
uses: DGX H100>H100; GPT-4>Azure; DeepSeek-V3>H800; ChatGPT>GPT-4o; Copilot>GPT-4; Meta>H100
uses: Microsoft>Instinct MI300X; Blackwell B200>HBM3E; Ascend 910B>CANN; Gemini 1.5 Pro>TPU v5e; H100>CUDA
basedOn: DeepSeek-R1>DeepSeek-V3; GPT-4o>GPT-4; Blackwell B200>H100
evaluatedOn: GPT-4>MMLU|86.4%; Claude 3.5 Sonnet>SWE-bench|49.0%; Llama 3>GSM8K|93.0%; Skywork-13B>C-Eval|60.6
evaluatedOn: DeepSeek-V3>MMLU|88.5; Qwen2.5>GSM8K|95.8; ERNIE 4.0>C-Eval; H100>MLPerf; GPT-4o>MMLU|88.7
memberOf: NVIDIA>MLCommons; Google>MLCommons; Intel>MLCommons
locatedIn: NVIDIA>Santa Clara; TSMC>Hsinchu; DeepSeek>Hangzhou; Alibaba>Hangzhou; Baidu>Beijing
locatedIn: Moonshot AI>Beijing; Intel>Santa Clara; Kunlun Tech>Beijing
restricts: Bureau of Industry and Security>H100; Bureau of Industry and Security>H800
restricts: Bureau of Industry and Security>SMIC; Bureau of Industry and Security>Huawei; United States>China
"""

SENTENCES = {
    "develops": ("{s} has brought {o} to the market.", "{s}推出了{o}。"),
    "manufactures": ("{o} comes from the production lines of {s}.", "{o}由{s}代工生产。"),
    "supplies": ("{s} counts {o} among its largest customers.", "{s}向{o}供货。"),
    "holdsPositionAt": ("{s}, {q} of {o}, opened the meeting.", "{o}{q}{s}出席了会议。"),
    "founded": ("It was {s} who started {o}.", "{s}创办了{o}。"),
    "alumnusOf": ("{s} took a degree at {o}.", "{s}毕业于{o}。"),
    "investedIn": ("{s} agreed to put money into {o}{q}.", "{s}参与了{o}的融资{q}。"),
    "subsidiaryOf": ("{s} is a unit of {o}.", "{s}隶属于{o}。"),
    "acquired": ("{s} bought {o} in 2014.", "{s}于2014年收购{o}。"),
    "partnerOf": ("{s} and {o} widened their cooperation.", "{s}与{o}深化合作。"),
    "competesWith": ("Buyers weigh {s} against {o}.", "{s}对标{o}。"),
    "uses": ("{s} relies on {o} in daily operation.", "{s}采用了{o}。"),
    "basedOn": ("{s} builds on {o}.", "{s}在{o}的基础上研发。"),
    "evaluatedOn": ("On {o}, {s} reached {q}.", "{s}在{o}上取得{q}的成绩。"),
    "memberOf": ("{s} sits in {o} as a member.", "{s}是{o}的成员。"),
    "locatedIn": ("{s} has its headquarters in {o}.", "{s}总部位于{o}。"),
    "restricts": ("{s} tightened export rules on {o}.", "{s}收紧了对{o}的出口管制。"),
}
AROUND = {
    "en": ("The market had waited for this for months. ", " Analysts expect details within the quarter."),
    "zh": ("市场对此已期待数月。", "分析人士预计本季度将公布更多细节。"),
}
DOCUMENTS = [
    ("en", "Accelerators and who builds them", "examples/accelerators.pdf", "2024-03-19"),
    ("zh", "大模型产业季度观察", "examples/季度观察.html", "2024-05-06"),
    ("en", "Money behind the labs", "examples/funding.txt", "2023-11-02"),
    ("zh", "投资者关系活动记录表", "examples/投资者关系.docx", "2023-10-27"),
    ("en", "Export control briefing", "examples/export-control.md", "2024-12-03"),
    ("zh", "开源模型评测报告", "examples/评测报告.pdf", None),
]
FIGURES = [
    (
        "NVIDIA",
        "revenue",
        60_900_000_000.0,
        "USD",
        "2024",
        "US$60.9 billion",
        "{s} closed its fiscal year with sales of {w}.",
    ),
    ("NVIDIA", "market_share", 80.0, "percent", None, "80 %", "{s} holds about {w} of the accelerator market."),
    ("Kunlun Tech", "revenue", 3_680_000_000.0, "CNY", "2023-01/2023-09", "36.8亿元", "{s}前三季度实现收入{w}。"),
    ("Kunlun Tech", "growth", 8.0, "percent", "2023-01/2023-09", "8%", "{s}收入同比增长{w}。"),
    ("DeepSeek-V3", "parameters", 671_000_000_000.0, "parameters", None, "671B", "{s} counts {w} parameters in all."),
    ("ChatGPT", "users", 200_000_000.0, "users", "2024-08", "200 million", "{s} is opened by {w} people a week."),
    ("Meta", "chips", 350_000.0, "chips", "2024", "350,000", "{s} wants {w} H100 by the end of the year."),
]


def sample_graph() -> nx.MultiDiGraph:
    """About eighty entities; a third of the facts is stated more than once."""
    graph = nx.MultiDiGraph()
    names = {}
    for line in ENTITIES.strip().splitlines():
        kind, _, entries = line.partition(": ")
        for entry in entries.split(";"):
            english, chinese, more = entry.strip().split("|")
            names[english] = (english, chinese)
            further = [name.strip() for name in more.split(",") if name.strip()]
            add_entity(graph, _iri(english), kind, english, chinese, [english, chinese, *further])
    dice = random.Random(7)
    for line in FACTS.strip().splitlines():
        predicate, _, entries = line.partition(": ")
        for entry in entries.split(";"):
            ends, _, detail = entry.strip().partition("|")
            subject, object_ = ends.split(">")
            for _ in range(1 + (dice.random() < 0.35) + (dice.random() < 0.15)):
                document = dice.choice(DOCUMENTS)
                _state(
                    graph,
                    names[subject],
                    predicate,
                    names[object_],
                    detail,
                    document,
                    round(dice.uniform(0.45, 0.98), 2),
                )
    for subject, metric, value, unit, period, words, sentence in FIGURES:
        lang, title, path, date = DOCUMENTS[3 if unit == "CNY" or subject == "Kunlun Tech" else 0]
        name = names[subject][lang == "zh"]
        graph.nodes[_iri(subject)]["observations"].append(
            {
                "metric": metric,
                "value": value,
                "unit": unit,
                "period": period,
                "words": words,
                "confidence": 0.6,
                "quote": sentence.format(s=name, w=words),
                "prefix": AROUND[lang][0],
                "suffix": AROUND[lang][1],
                "document": path,
                "title": title,
                "date": date,
            }
        )
    return graph


def add_entity(
    graph: nx.MultiDiGraph, iri: str, kind: str, english: str, chinese: str | None, names: list[str]
) -> None:
    graph.add_node(iri, type=kind, label=english, label_en=english, label_zh=chinese, names=names, observations=[])


def add_claim(graph: nx.MultiDiGraph, subject: str, predicate: str, object_: str, **attributes: object) -> None:
    graph.graph["claims"] = number = graph.graph.get("claims", 0) + 1
    key = f"claim-{number:06d}"
    known = {
        "confidence": 0.9,
        "date": None,
        "role": None,
        "value": None,
        "amount": None,
        "holds_on": None,
        "document": "d.txt",
        "title": "D",
        "path": "d.txt",
        "quote": "",
        "prefix": "",
        "suffix": "",
        "start": 0,
        "end": 0,
        "found_by": "en/test",
    }
    graph.add_edge(subject, object_, key=key, predicate=predicate, **(known | attributes))


def _iri(name: str) -> str:
    return "https://example.org/kg/" + name.lower().replace(" ", "-")


def _state(graph, subject, predicate, object_, detail, document, confidence) -> None:
    lang, title, path, date = document
    zh = lang == "zh"
    spoken = {
        "investedIn": (f" for {detail}", f"，金额{detail}"),
        "evaluatedOn": (detail or "a new high", detail or "新高"),
    }.get(predicate, (detail, detail))
    quote = SENTENCES[predicate][zh].format(
        s=subject[zh], o=object_[zh], q=spoken[zh] if detail or predicate == "evaluatedOn" else ""
    )
    kind = {"holdsPositionAt": "role", "evaluatedOn": "value", "investedIn": "amount"}.get(predicate)
    add_claim(
        graph,
        _iri(subject[0]),
        predicate,
        _iri(object_[0]),
        confidence=confidence,
        date=date,
        document=path,
        title=title,
        path=path,
        quote=quote,
        prefix=AROUND[lang][0],
        suffix=AROUND[lang][1],
        start=20,
        end=20 + len(quote),
        found_by=f"{lang}/{predicate}",
        **({kind: detail} if kind and detail else {}),
    )


def large_graph(size: int, facts: int) -> nx.MultiDiGraph:
    """A made-up graph with few hubs, many leaves and communities, some of its entities without any fact."""
    dice, graph = random.Random(11), nx.MultiDiGraph()
    kinds = (
        ["Company"] * 6
        + ["Person"] * 4
        + ["AIModel"] * 3
        + ["Product"] * 3
        + ["Chip", "Organization", "Dataset", "Benchmark", "Place"]
    )
    for at in range(size):
        kind = dice.choice(kinds)
        add_entity(
            graph, f"https://example.org/kg/{at}", kind, f"{kind} {at}", f"实体{at}", [f"{kind} {at}", f"实体{at}"]
        )
    groups = max(4, size // 90)
    predicates = list(SENTENCES)
    for _ in range(facts):
        subject = int(size * dice.random() ** 2.4)
        object_ = int(size * dice.random() ** 1.3)
        if dice.random() < 0.88:
            object_ = min(size - 1, object_ // groups * groups + subject % groups)
        predicate = dice.choice(predicates)
        one, other = f"https://example.org/kg/{subject}", f"https://example.org/kg/{object_}"
        sentence = SENTENCES[predicate][0].format(s=graph.nodes[one]["label"], o=graph.nodes[other]["label"], q="")
        if one != other:
            add_claim(
                graph,
                one,
                predicate,
                other,
                quote=sentence,
                confidence=round(dice.uniform(0.3, 1), 2),
                date=f"20{dice.randint(19, 25)}-0{dice.randint(1, 9)}-15",
            )
    return graph
