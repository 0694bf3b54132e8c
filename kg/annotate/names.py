"""Names that no registry knows: entities of the stock models, capitals, quotation marks, legal forms, titles, versions.

Each becomes a candidate whose scores add up what the words around it say (`cues`); the document as a whole decides later.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from spacy.language import Language

from kg.annotate.candidates import Candidate, add, crosses, register, without_tail, words
from kg.annotate.cues import Cues, Scores, cues
from kg.annotate.lexicon import lexical
from kg.names import FULL_STOP, SURNAMES, TITLES
from kg.text import has_han

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc

_MODEL_SHAPE = re.compile(
    r"(?:^|[\s-])v?\d+(?:\.\d+)?(?:x\d+)?[BbMT](?:-[A-Za-z0-9]+)*$|(?i:GPT|LLM|BERT|LLaMA|(?:Omni|VL|Coder|Chat|Instruct|Thinking|Reasoner)(?:-\w+)?$)"
)
_CHIP_SHAPE = re.compile(r"^[A-Z]{1,4}-?\d{2,4}[A-Za-z]{0,2}$|^[A-Z]{1,4}-?\d{1,4}[A-Z]?$")
_LATIN = re.compile(
    r"[A-Za-z][A-Za-z0-9.+&]*(?:[-/][A-Za-z0-9.+]+)*(?: (?:[A-Z][A-Za-z0-9.+]*|\d+(?:\.\d+)*[A-Za-z]*)(?:-[A-Za-z0-9.+]+)*)*"
)
_QUOTED = re.compile(r"[“「《‘]([^”」》’，。；！？、\n]{2,20})[”」》’]")
_HAN_VERSION = re.compile(
    r"[\u4e00-\u9fff]{2,4}[ -]?(?:(?:[A-Z]{1,3}-?)?\d{1,4}(?:[.．]\d+)?[A-Za-z]{0,3}|(?:OS|Pro|Max|Plus|Ultra|Lite|Mini|Turbo))"
    r"(?![\d.%,，年月日个家亿万元名倍项款A-Za-z])"
)
_CODE = re.compile(
    r"(?<![A-Za-z0-9.．])\d{3,4}(?!(?:nm|mm|cm|km|kg|GB|TB|MB|MHz|GHz|kW|MW|GW|Wh|TOPS|ms|[Bb]|[WVAGTMKgm])(?![A-Za-z]))[A-Za-z]{1,2}(?![A-Za-z0-9%])"
)
"""A mark that begins with its number: 910B, 8295P."""
_NAMING, _NAMED = frozenset(("nz", "nw", "ORG", "PER", "LOC")), frozenset(("n", "nz", "nw", "vn", "ORG"))
"""Tags of words that may begin, and go on with, a name that the tagger knows in parts only: 海纳 超脑, 云台 生态."""
_LEGAL_ZH = re.compile(
    r"(?:[\u4e00-\u9fffA-Za-z0-9·]|[（(][\u4e00-\u9fff]{2,6}[）)]){2,24}?(?:股份有限公司|有限责任公司|集团有限公司|有限公司|企业（有限合伙）)"
)
_LEGAL_EN = re.compile(
    r"(?:[A-Z](?:[\w&’'-]|\.(?>(?! (?!Ltd|Inc|Corp)[A-Z][a-z]{2})|(?<=\b[A-Z]\.)))*,? ){1,6}(?:Inc|Corp|Corporation|Ltd|Limited|LLC|PLC|plc|GmbH|AG|S\.A|N\.V|B\.V|Co|K\.K|SE)\b(?:\., Ltd\b)?\.?"
)
_ORG_END = re.compile(
    r"(?:大学|学院|研究院|研究所|实验室|委员会|发改委|国资委|网信办|协会|学会|联盟|联合会|部|局|署|厅|交易所|基金会|工作组|法院|政府|分会|理事会|商会|"
    r"科学院|工程院|中科院|信通院|计算所|自动化所|医院|管委会|中心|清华|北大|浙大|复旦|上交|中科大|哈工大|社科院)$"
)
_HEADS_EN = (
    r"Universi(?:ty|ties|dad|dade|tat|tät|té|tà|tet|teit|ti|tas)|Polytechnic|Politecnico|Hochschule|Institute|Institut|Instituto|Istituto|College|Laborator(?:y|ies)|Lab|"
    r"Academy|Ministry|Department|Commission|Committee|Association|Council|Foundation|Agency|Bureau|Administration|School|Consortium|Alliance|Coalition|Initiative|Society|"
    r"Centre|Center|Library|Observatory|Authority"
)
_UNIVERSITY_EN = re.compile(rf"\b(?:{_HEADS_EN})\b")
_CAPITALS = r"[A-Z][\w’'-]*+(?:/[A-Za-z][\w-]*+)*+"
_HOUSE_EN = re.compile(
    rf"(?<![\w’'/-]){_CAPITALS}(?: (?:and |& )?{_CAPITALS}){{0,9}}(?: (?:of|for)(?: the)? {_CAPITALS}(?: (?:and |& )?{_CAPITALS}){{0,9}}){{1,3}}"
)
"""A run of capitals that goes on over "of" and "for", as names of institutions do."""
_HOUSE_HEAD_EN = re.compile(rf"\b(?:{_HEADS_EN}|Faculty|Office|Bank|Port|Court|Chamber|Fund|Trust|Museum)\b")
_JOINT_EN = re.compile(r" (?:of|for)(?: the)? ")
_LOWER_EN = re.compile(r"(?<![\w./@-])[a-z][a-z0-9]*(?:[-_][a-z0-9]+(?:\.\d+)*)+(?![\w/@-])|(?<=`)[A-Za-z][\w.-]+(?=`)")
"""Marks in lower case as tools and models have them: brevia-embed-v2, or what stands as code."""
_NAMED_BOTH = re.compile(rf"(?P<given>[A-Z][a-z]+) [{''.join(sorted(SURNAMES))}](?![A-Za-z])")
_ABROAD = re.compile(
    r"(?:美国|英国|德国|法国|日本|韩国|加拿大|澳大利亚|新加坡|以色列|瑞士|荷兰|俄罗斯|意大利)(?=[\u4e00-\u9fff]{2,}(?:大学|学院)$)"
)
_FIRM_ZH = re.compile(
    r"(?:公司|集团|科技|股份|证券|基金|银行|资本|创投|投资|资产|保险|人寿|信托|期货|电子|半导体|微电子|智能|软件|网络|资管|理财|控股)$"
)
_COMPOUND_SURNAMES = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "东方",
    "夏侯",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "司徒",
    "澹台",
    "宇文",
    "长孙",
    "钟离",
    "申屠",
    "淳于",
    "呼延",
    "闻人",
    "歐陽",
    "諸葛",
)
_SURNAME_ONLY = re.compile(
    r"^(?:公司|本公司|集团|企业|我国|全球|国内)[\u4e00-\u9fff]{1,4}$|^[\u4e00-\u9fff](?:总|董|博士|教授|先生|女士|院士|老师|總)$"
)
_TITLE_AFTER = re.compile(r"(?:先生|女士|博士|教授|院士|老师|总裁|总经理|董事长|小姐|同学|總|总|董|工)$")
_SURNAME_AND_TITLE = re.compile(rf"(?P<name>[{''.join(sorted(SURNAMES))}])(?={TITLES})")
_TICKER = re.compile(
    r"(?:代码|代號|代碼|代号)\s?[：:]?\s?(?P<code>[\dX×]{3,6}(?:\.[A-Z]{2})?)|[（(](?P<code2>[\dX×]{3,6}\.[A-Z]{2})[）)]"
)
_APP = re.compile(r"[“「][^”」\n]{1,12}[”」]\s?(?:APP|App|app)(?![A-Za-z])")
_LAUNCH_ZH = re.compile(
    r"(?:推出|发布|發布|上线|开源|研发|自研|打造|搭载|接入|基于|采用|使用|上市|升级|迭代|集成|亮相|命名为|名为|叫做|称为|分别为|包括)[^，。；]{0,8}$"
)
_LAUNCH_EN = re.compile(
    r"\b(?:launch|launched|release|released|introduce|introduced|introducing|unveil|unveiled|announce|announced|develop|developed|built|build|using|with|on|via|through|called|named|dubbed|open-sourced|powered by|based on|including)\s(?:the\s|its\s|our\s)?$"
)


class Names:
    """spaCy component: adds a candidate for each run of words that looks like a name."""

    def __init__(self, lang: str) -> None:
        register()
        self.cues: Cues = cues(lang)
        self._find = {"zh": self._chinese, "en": self._english}[lang]

    def __call__(self, doc: Doc) -> Doc:
        text = doc.text
        for start, end, base, found_by, sure in self._find(doc, text):
            if found_by != "quoted-app":
                start, end = self._trim(text, start, end)
                end = without_tail(text, start, end)
            name = text[start:end]
            if (
                (end - start < 2 and found_by != "surname")
                or (self.cues.is_generic(name) and found_by != "ticker")
                or crosses(name)
            ):
                continue
            scores = self._scores(text, start, end, base)
            add(
                doc, Candidate(start=start, end=end, scores=tuple(sorted(scores.items())), found_by=found_by, sure=sure)
            )
        return doc

    def _trim(self, text: str, start: int, end: int) -> tuple[int, int]:
        """Without what belongs to no name at either end, generic Latin words included: `Benchmark GSM8K` is GSM8K."""
        start, end = _trim(text, start, end)
        # University of Minho, German Research Foundation: what is no name alone is part of one here.
        while " " in (name := text[start:end]) and not _UNIVERSITY_EN.search(name):
            first, last = name.split(" ", 1)[0], name.rsplit(" ", 1)[1]
            if first in self.cues.generic:
                start += len(first) + 1
            elif (
                last in self.cues.generic
                and last not in self.cues.words["Company"]["end"]
                and last not in self.cues.words["Product"]["end"]
            ):
                end -= len(last) + 1
            else:
                break
        return start, end

    def _scores(self, text: str, start: int, end: int, base: Scores) -> Scores:
        scores: Scores = defaultdict(float, base)
        for kind, weight in self.cues.scores(text, start, end).items():
            scores[kind] += weight
        name = text[start:end]
        if not has_han(name):
            first, _, rest = name.partition(" ")
            if "p" in lexical(name, "en"):
                scores["Place"] += 1.0
            if "g" in lexical(first, "en"):
                scores["Person"] += 1.0 if rest else 0.4
        if _MODEL_SHAPE.search(name):
            scores["AIModel"] += 1.6
        elif _CHIP_SHAPE.match(name):
            scores["Chip"] += 0.9
        if (_LAUNCH_ZH if self.cues.lang == "zh" else _LAUNCH_EN).search(text[max(0, start - 30) : start]):
            for kind in ("Product", "AIModel", "Chip"):
                scores[kind] += 0.5
        return scores

    def _chinese(self, doc: Doc, text: str) -> Iterator[tuple[int, int, Scores, str, bool]]:
        for match in _LEGAL_ZH.finditer(text):
            start = _legal_start(doc, match)
            yield start, match.end(), {"Company": 4.0}, "legal-form", True
        for token in doc:
            start, end = token.idx, token.idx + len(token)
            if token.tag_ == "PER" and 2 <= len(token) <= 15:
                start, end, weight = _person(doc, token.i)
                yield start, end, {"Person": weight, "Company": 0.8 * (weight < 1), "Product": 0.3}, "lac", False
            elif token.tag_ == "LOC":
                yield start, end, {"Place": 2.0}, "lac", False
            elif token.tag_ == "ORG":
                end = _org_end(doc, token.i)
                abroad = _ABROAD.match(text[start:end])
                start += abroad.end() if abroad else 0
                yield start, end, _org_scores(text[start:end]), "lac", False
            elif token.tag_ in ("nz", "nw") and len(token) >= 2:
                yield (
                    start,
                    end,
                    {"Product": 0.3, "Company": 0.2 + 1.0 * bool(_FIRM_ZH.search(token.text))},
                    "lac",
                    False,
                )
        for match in _SURNAME_AND_TITLE.finditer(text):
            if match.start("name") in words(doc).edges:
                yield match.start("name"), match.end("name"), {"Person": 0.5}, "surname", False
        for match in _TICKER.finditer(text):
            code = "code" if match["code"] else "code2"
            yield match.start(code), match.end(code), {"Company": 0.5}, "ticker", False
        for match in _APP.finditer(text):
            yield match.start(), match.end(), {"Product": 4.0}, "quoted-app", True
        for match in _QUOTED.finditer(text):
            latin = not any("\u4e00" <= c <= "\u9fff" for c in match.group(1))
            yield match.start(1), match.end(1), {"Product": 0.9 if latin else 0.3}, "quotes", False
        for match in _NAMED_BOTH.finditer(text):
            if "g" in lexical(match["given"], "en"):
                yield match.start(), match.end(), {"Person": 1.0}, "given", False
        for match in _LATIN.finditer(text):
            yield match.start(), match.end(), {"Product": 0.35, "Company": 0.3}, "latin", False
        for match in _CODE.finditer(text):
            yield match.start(), match.end(), {"Chip": 0.3}, "code", False
        for start, end in _extended(doc):
            yield start, end, {"Product": 0.1}, "extended", False
        for match in _HAN_VERSION.finditer(text):
            version = _version_start(doc, match)
            if version is not None:
                yield version, match.end(), {"Product": 0.3}, "version", False

    def _english(self, doc: Doc, text: str) -> Iterator[tuple[int, int, Scores, str, bool]]:
        for match in _LEGAL_EN.finditer(text):
            yield match.start(), match.end(), {"Company": 4.0}, "legal-form", True
        for ent in doc.ents:
            base = _ENT_SCORES.get(ent.label_)
            if base and any(c.isupper() for c in ent.text):
                scores = dict(base)
                if ent.label_ == "PERSON" and (
                    " " not in ent.text
                    or any(c.isdigit() for c in ent.text)
                    or any(c.isupper() for w in ent.text.split() for c in w[1:])
                ):
                    scores = {"Person": 0.5, "Product": 0.4, "Company": 0.3}
                if ent.label_ == "ORG" and _UNIVERSITY_EN.search(ent.text):
                    scores = {"Organization": 2.2}
                yield ent.start_char, ent.end_char, scores, "ner", False
        for start, end in _capital_runs(doc):
            base = {"Company": 0.3, "Product": 0.35}
            if _UNIVERSITY_EN.search(text[start:end]):
                base = {"Organization": 1.6}
            yield start, end, base, "capitals", False
        for match in _HOUSE_EN.finditer(text):
            run = match.group()
            ends = [*(m.start() for m in _JOINT_EN.finditer(run)), len(run)]
            for end in ends:
                if _HOUSE_HEAD_EN.search(run, 0, end):
                    yield match.start(), match.start() + end, {"Organization": 1.6}, "house", False
        for match in _LOWER_EN.finditer(text):
            parts = re.split("[-_]", match.group())
            if (
                any(any(c.isdigit() for c in p) or not lexical(p, "en") for p in parts)
                or text[match.start() - 1 : match.start()] == "`"
            ):
                yield match.start(), match.end(), {"Product": 0.3}, "lower", False
        for token in doc:
            word = token.text
            if (
                len(word) > 2
                and word.isalpha()
                and word.islower()
                and token.pos_ in _NOMINAL
                and not (lexical(word, "en") or lexical(token.lemma_, "en"))
            ):
                yield token.idx, token.idx + len(word), {"Product": 0.2}, "unknown-word", False


_NOMINAL = frozenset(("PROPN", "NOUN", "X", "ADJ"))
_ENT_SCORES: dict[str, Scores] = {
    "ORG": {"Company": 1.0, "Organization": 0.3, "Product": 0.2},
    "PERSON": {"Person": 1.8, "Company": 0.1},
    "GPE": {"Place": 1.2},
    "LOC": {"Place": 1.4},
    "PRODUCT": {"Product": 1.0, "Chip": 0.2},
    "FAC": {"Place": 0.3, "Product": 0.2},
    "WORK_OF_ART": {"Product": 0.5},
    "NORP": {},
    "LAW": {},
    "EVENT": {},
}


def _extended(doc: Doc) -> Iterator[tuple[int, int]]:
    """Names that the tagger or the registry knows the beginning of, with the noun behind: 海纳 超脑, 云台 生态."""
    inside = words(doc)
    known = {c.end: c.start for c in doc._.candidates or () if c.found_by == "registry"}
    known |= {t.idx + len(t): t.idx for t in doc if t.tag_ in _NAMING}
    for end, start in sorted(known.items()):
        at = bisect_left(inside.starts, end)
        behind = [t for t in doc[at : at + 2] if has_han(t.text)]
        if not behind or behind[0].idx != end:
            continue
        if behind[0].tag_ in _NAMED:
            yield start, end + len(behind[0])
        elif len(behind) > 1 and len(behind[0]) == 1 and len(behind[1]) == 1 and behind[1].tag_ in _NAMED:
            yield start, end + 2


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Without blanks, articles, honorifics and punctuation at the ends."""
    name = text[start:end]
    lead = re.match(
        r"(?:[\s\"'“”‘’(（\[,.;:、，。：；-]|(?:The|the|A|An|Our|Its|Mr|Ms|Mrs|Dr|Prof|Professor|Sir)\.?\s)+", name
    )
    start += lead.end() if lead else 0
    name = text[start:end]
    tail = re.search(rf"(?:['’]s?|[\s\"'“”‘’)）\],;:、，。：；-]|{FULL_STOP})+$", name)
    if tail and tail.start():
        end = start + tail.start()
        for opening, closing in ("()", "（）"):
            if text[start:end].count(opening) > text[start:end].count(closing) and text[end : end + 1] == closing:
                end += 1
    return start, end


def _org_scores(name: str) -> Scores:
    if _FIRM_ZH.search(name):
        return {"Company": 2.6}
    if _ORG_END.search(name):
        return {"Organization": 2.6}
    return {"Company": 1.6, "Organization": 0.4, "Product": 0.2}


def _org_end(doc: Doc, at: int) -> int:
    """Where the name goes on that LAC broke off: 东方红 资产, 清华大学 电子工程系 (kept out)."""
    token = doc[at]
    end = token.idx + len(token)
    if _ORG_END.search(token.text) or token.text.endswith("公司"):
        return end
    for after in doc[at + 1 : at + 3]:
        if (
            after.tag_ in ("ORG", "n", "nz", "vn", "LOC")
            and (_FIRM_ZH.search(after.text) or _ORG_END.search(after.text))
            and after.text not in ("公司", "集团公司", "中心", "部")
        ):
            return after.idx + len(after)
        if after.tag_ not in ("n", "nz", "LOC", "vn", "ORG"):
            break
    return end


_LEGAL_STOP = frozenset(("w", "p", "u", "c", "r", "TIME", "d", "f", "xc", "v", "vd"))


_TRADES = frozenset(
    [
        "创业",
        "投资",
        "控股",
        "发展",
        "管理",
        "咨询",
        "服务",
        "经营",
        "贸易",
        "设计",
        "建设",
        "制造",
        "开发",
        "租赁",
        "传播",
        "创新",
        "运营",
        "集成",
        "测试",
        "检测",
        "教育",
    ]
)
"""Verbs by their tag that say what a firm does."""


def _legal_start(doc: Doc, match: re.Match[str]) -> int:
    """The first word of a firm's full name: back from its legal form to a word that cannot belong to a name."""
    inside = [doc[i] for i in words(doc).within(match.start(), match.end())]
    start = match.start()
    for before, token in pairwise(inside):
        joined = token.idx == before.idx + len(before)
        stop = (
            before.tag_ in _LEGAL_STOP
            and before.text not in "（）()"
            and before.text not in _TRADES
            and not (
                before.tag_ in ("v", "vd")
                and len(before) == 2
                and before.idx > match.start()
                and _tagged_name(inside, before.idx)
            )
        )
        if stop and joined:
            start = token.idx
    inner = [
        m.end()
        for m in re.finditer(
            "企业|厂商|(?<!有限)公司(?!$)|巨头|机构|平台|发行人|全称|持有", match.string[start : match.end() - 2]
        )
    ]
    return start + inner[-1] if inner and match.end() - start - inner[-1] > 6 else start


def _tagged_name(tokens: list, at: int) -> bool:  # type: ignore[type-arg]
    """Whether a word that the tagger called a verb stands inside a name, after a place or an organisation."""
    return any(t.idx + len(t) == at and t.tag_ in ("ORG", "LOC", "nz") for t in tokens)


def _version_start(doc: Doc, match: re.Match[str]) -> int | None:
    """The start of the word before a version number, if it can be a name's: 思元 in 芯片思元290; None after a verb or preposition."""
    text = match.group()
    digit = match.start() + next(i for i, c in enumerate(text) if not "\u4e00" <= c <= "\u9fff")
    tokens = [doc[i] for i in words(doc).within(match.start(), digit) if not doc[i].is_space]
    if not tokens or tokens[-1].tag_ not in ("n", "nz", "nw", "ORG", "LOC", "PER", "an", "vn") or (len(tokens[-1]) < 2):
        return None
    return int(tokens[-1].idx)


def _person(doc: Doc, at: int) -> tuple[int, int, float]:
    """Bounds of a Chinese or transliterated personal name without its title, and the weight: less where it begins with no surname."""
    token = doc[at]
    name = _TITLE_AFTER.sub("", token.text) if len(token) > 2 else token.text
    end = token.idx + len(name)
    if (
        len(name) == 2
        and at + 2 < len(doc)
        and len(doc[at + 1]) == 1
        and doc[at + 1].tag_ not in ("w", "c", "p", "u", "d", "v")
        and _TITLE_AFTER.match(doc[at + 2].text)
    ):
        end, name = end + 1, name + doc[at + 1].text
    foreign = "·" in name or len(name) > 4
    family = name[0] in SURNAMES or name.startswith(_COMPOUND_SURNAMES)
    weight = 2.4 if foreign or (family and len(name) <= 4) else 0.7
    return token.idx, end, weight


_JOINTS = frozenset(("of", "for", "and", "&", "the", "de", "at"))


def _capital_runs(doc: Doc) -> Iterator[tuple[int, int]]:
    """Runs of capitalised or numbered words, such as `Wafer-Scale Engine` or `TPU v5e`; one word that only opens a sentence is none."""
    run: list[int] = []
    for token in doc:
        name_like = _name_like(token.text) or (
            run
            and bool(re.match(r"^v?\d+(?:\.\d+)*[A-Za-z]{0,3}$", token.text))
            and doc[token.i - 1].whitespace_ in ("", " ")
        )
        hyphen = (
            bool(run) and token.text in ("-", "–", "‑") and not doc[token.i - 1].whitespace_ and not token.whitespace_
        )
        if (
            name_like
            or hyphen
            or (
                run
                and token.text in ("of", "&")
                and token.i + 1 < len(doc)
                and _name_like(doc[token.i + 1].text)
                and token.text == "&"
            )
        ):
            run.append(token.i)
            continue
        if run:
            yield from _bounded(doc, run)
        run = []
    if run:
        yield from _bounded(doc, run)


def _name_like(word: str) -> bool:
    return (
        word[:1].isupper()
        or (any(c.isupper() for c in word[1:]) and word[:1].isalpha())
        or (word[:1].isalpha() and any(c.isdigit() for c in word) and len(word) > 2)
    )


def _bounded(doc: Doc, run: list[int]) -> Iterator[tuple[int, int]]:
    first = run[0]
    # A sentence begins with a capital: its first word belongs to a name only if the tagger takes it for one.
    while (
        run
        and (doc[run[0]].is_sent_start or doc[run[0]].i == 0)
        and doc[run[0]].pos_ not in ("PROPN", "X", "NOUN", "NUM")
        and doc[run[0]].text.isalpha()
        and doc[run[0]].text[1:].islower()
    ):
        run = run[1:]
    while (
        run
        and doc[run[0]].pos_ in ("DET", "PRON", "ADP", "CCONJ", "SCONJ", "ADV", "AUX", "PUNCT")
        and doc[run[0]].text[1:].islower() | (doc[run[0]].pos_ == "PUNCT")
    ):
        run = run[1:]
    while run and doc[run[-1]].text in ("-", "–", "‑", "&"):
        run = run[:-1]
    if not run:
        return
    alone = len(run) == 1
    token = doc[run[0]]
    if alone and token.text[1:].islower() and (token.is_sent_start or first == 0) and token.pos_ != "PROPN":
        return
    if alone and token.pos_ not in ("PROPN", "NOUN", "X", "NUM", "ADJ") and token.text[1:].islower():
        return
    yield doc[run[0]].idx, doc[run[-1]].idx + len(doc[run[-1]])


@Language.factory("kg_names")
def make_names(nlp: Language, name: str) -> Names:  # noqa: ARG001  # spaCy's signature
    """The factory `kg_names`, with the cues of the pipeline's language."""
    return Names(nlp.lang or "en")
