"""The parts of a name that tell firms apart or do not: legal form, place, trade, brackets, and the brand that is left."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from kg.text import fold, has_han

LEGAL_FORMS = {
    "China": "股份有限公司 有限责任公司 有限公司 股份公司 集团公司 总公司 分公司 公司 有限合伙 普通合伙",
    "Taiwan": "股份有限公司 有限公司",
    "Japan": "株式会社 有限会社 合同会社 kabushiki_kaisha k.k. kk godo_kaisha",
    "Korea": "주식회사 유한회사",
    "United States": "incorporated inc corporation corp company co llc l.l.c. lp l.p. pbc",
    "United Kingdom": "public_limited_company plc limited ltd llp",
    "Germany": "aktiengesellschaft ag gmbh kgaa se ug mbh",
    "France": "sa s.a. sas s.a.s. sarl",
    "Italy": "spa s.p.a. srl s.r.l.",
    "Spain": "sl s.l. sau",
    "Netherlands": "nv n.v. bv b.v.",
    "Sweden": "ab aktiebolag publ",
    "Denmark": "a/s aps",
    "Norway": "asa as",
    "Finland": "oyj oy",
    "Brazil": "ltda",
    "India": "pvt private",
    "Singapore": "pte",
    "Malaysia": "bhd sdn",
    "Australia": "pty",
    "Poland": "sp._z_o.o.",
}
"""Legal forms by jurisdiction, folded, words of one form joined by `_`."""

_LATIN = {
    f.replace("_", " ").replace(".", "")
    for some in LEGAL_FORMS.values()
    for f in some.split()
    if not has_han(f) and f.isascii()
}
_WRITTEN = sorted({f for s in LEGAL_FORMS.values() for f in s.split() if not f.isascii()}, key=lambda f: (-len(f), f))
_PLACES = [
    "中国",
    "北京",
    "上海",
    "天津",
    "重庆",
    "广东",
    "浙江",
    "江苏",
    "山东",
    "福建",
    "四川",
    "湖北",
    "湖南",
    "安徽",
    "河南",
    "河北",
    "江西",
    "陕西",
    "辽宁",
    "吉林",
    "黑龙江",
    "深圳",
    "广州",
    "杭州",
    "南京",
    "苏州",
    "无锡",
    "成都",
    "武汉",
    "西安",
    "合肥",
    "厦门",
    "珠海",
    "青岛",
    "宁波",
    "长沙",
    "郑州",
    "济南",
    "东莞",
    "佛山",
    "大连",
    "福州",
    "常州",
    "昆山",
    "嘉兴",
    "海南",
    "贵州",
    "云南",
    "广西",
    "新疆",
    "香港",
    "台湾",
    "澳门",
    "美国",
    "新加坡",
    "日本",
    "欧洲",
    "德国",
    "英国",
    "法国",
    "韩国",
]
_PLACE = re.compile(rf"^({'|'.join(_PLACES)})(?:省|市)?(?=.{{2,}}$)")
_ABROAD = frozenset(["香港", "台湾", "澳门", "美国", "新加坡", "日本", "欧洲", "德国", "英国", "法国", "韩国"])
TRADES = {
    "集成电路": "integrated circuit",
    "人工智能": "artificial intelligence",
    "信息技术": "information technology",
    "信息科技": "information technology",
    "网络科技": "network technology",
    "智能科技": "intelligent technology",
    "电子科技": "electronic technology",
    "半导体": "semiconductor",
    "微电子": "microelectronics",
    "机器人": "robotics",
    "科技": "technology",
    "技术": "technology",
    "网络": "network",
    "软件": "software",
    "信息": "information",
    "电子": "electronics",
    "智能": "intelligence",
    "资本": "capital",
    "投资": "investment",
    "证券": "securities",
    "基金": "fund",
    "银行": "bank",
    "汽车": "auto",
    "控股": "holdings",
    "集团": "group",
    "云": "cloud",
    "医疗": "medical",
    "教育": "education",
    "金融": "finance",
}
"""Chinese trade words that end the name of a firm, and what English names have for them."""
_TRADE = re.compile(rf"({'|'.join(sorted(TRADES, key=len, reverse=True))})$")
_DROPPED = frozenset(("", "technology", "network technology", "intelligent technology", "information technology"))
"""What a short name leaves out without naming another firm."""
_SAME_TRADE = {
    "technologies": "technology",
    "tech": "technology",
    "networks": "network",
    "semiconductors": "semiconductor",
    "holding": "holdings",
    "electronic": "electronics",
    "automotive": "auto",
    "intelligent": "intelligence",
    "investments": "investment",
    "robot": "robotics",
    "financial": "finance",
}
_CITIES = frozenset(
    [
        "beijing",
        "shanghai",
        "shenzhen",
        "guangzhou",
        "hangzhou",
        "nanjing",
        "suzhou",
        "chengdu",
        "wuhan",
        "hefei",
        "zhuhai",
        "tianjin",
        "chongqing",
        "xiamen",
        "china",
        "xian",
        "wuxi",
    ]
)
_OUTSIDE = frozenset(
    [
        "japan",
        "singapore",
        "usa",
        "america",
        "europe",
        "germany",
        "korea",
        "uk",
        "france",
        "india",
        "hongkong",
        "taiwan",
        "macau",
    ]
)
_WORD = re.compile(r"[^\W_]+(?:[.'’/][^\W_]+)*\.?")
_BRACKETS = re.compile(r"[（(]([^（）()]*)[）)]")


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm's name in parts, all folded. `branch` is what sets a subsidiary abroad apart from its parent."""

    brand: str
    place: str = ""
    trade: str = ""
    branch: str = ""
    han: bool = False


@lru_cache(maxsize=1 << 17)
def firm(name: str) -> Firm:
    """The parts of a firm's name; the brand is never empty where the name is not."""
    wide = unicodedata.normalize("NFKC", name).strip()
    return _han(wide) if has_han(wide) else _latin(wide)


def _han(name: str) -> Firm:
    bracketed = [b.strip() for b in _BRACKETS.findall(name)]
    short = fold(_BRACKETS.sub("", name))
    while form := next((f for f in _WRITTEN if (short.endswith(f) or short.startswith(f)) and len(short) > len(f)), ""):
        short = short.removesuffix(form) if short.endswith(form) else short.removeprefix(form)
    if short.endswith("集团") and len(short) > 4 and short != fold(name):
        short = short.removesuffix("集团")
    place = next((p for b in bracketed for p in _PLACES if fold(b).startswith(p)), "")
    branch = place if place in _ABROAD else ""
    if found := _PLACE.match(short):
        rest = short[found.end() :]
        if not _TRADE.fullmatch(rest) and len(rest) >= 2:
            short, place = rest, place or found[1]
    trade = ""
    if (found := _TRADE.search(short)) and found.start() >= 2:
        short, trade = short[: found.start()], TRADES[found[1]]
    return Firm(short, "" if branch else place, trade, branch, han=True)


def _latin(name: str) -> Firm:
    words = [w.casefold().strip(".'’") for w in _WORD.findall(_BRACKETS.sub(r" \1 ", name).replace("&", " and "))]
    words = [w.replace(".", "") for w in words if w]
    if words and words[0] == "the":
        words = words[1:]
    dropped = True
    while dropped and len(words) > 1:
        dropped = False
        for size in (3, 2, 1):
            if len(words) > size and " ".join(words[-size:]) in _LATIN:
                words, dropped = words[:-size], True
                break
    if words[:2] == ["hong", "kong"] or ("hong" in words and "kong" in words):
        words = [w for w in words if w not in ("hong", "kong")] + ["hongkong"]
    place = branch = ""
    if len(words) > 1:
        place = next((w for w in words if w in _CITIES), "")
        branch = next((w for w in words[1:] if w in _OUTSIDE), "")
        words = [w for w in words if w not in (place, branch)] or words
    if len(words) > 1 and words[-1] == "group":
        words = words[:-1]
    for size in (2, 1):
        if len(words) > size:
            some = [_SAME_TRADE.get(w, w) for w in words[-size:]]
            joined = " ".join(some).replace("intelligence technology", "intelligent technology")
            if joined in _TRADE_WORDS:
                return Firm(fold("".join(words[:-size])), place, joined, branch)
    return Firm(fold("".join(words)) or fold(name), place, "", branch)


_TRADE_WORDS = frozenset(TRADES.values())


def trades_agree(left: str, right: str) -> bool:
    """Whether two trade words can end names of one firm: the same, or one that a short name leaves out."""
    return left == right or (left in _DROPPED and right in _DROPPED and "" in (left, right))


_NUMBER = re.compile(r"\d+(?:\.\d+)*[a-z]*")
_LOOSE = re.compile(r"(?<=\d)[\s\-_]+(?=[a-z](?![a-z]))")
_KIND = re.compile(
    r"(?:大语言模型|大模型|语言模型|多模态模型|基础模型|模型|系列|芯片|处理器|加速卡|显卡|训练芯片|推理芯片|AI芯片|数据集|基准|应用|平台|app)$"
)
_KIND_EN = re.compile(
    r"\s+(?:series|family|chips?|gpus?|processors?|accelerators?|large language models?|language models?|llm|models?|dataset|benchmark|platform|app)$"
)


@lru_cache(maxsize=1 << 17)
def is_word(name: str) -> bool:
    """Whether a name is a mere word, which others may give to things of theirs too: 天工, Lumen; not 天工-13B or Lumen Vision Large."""
    short = bare(name)
    return not re.search(r"\d", name) and (len(short) <= 4 if has_han(name) else " " not in name.strip())


def numbers(name: str) -> tuple[str, ...]:
    """Numbers and versions of a name in their order, letters that follow included: `Ascend 910B` has `910b`."""
    wide = unicodedata.normalize("NFKC", name).casefold()
    return tuple(_NUMBER.findall(_LOOSE.sub("", wide)))


@lru_cache(maxsize=1 << 17)
def bare(name: str) -> str:
    """The name of a model, chip or product without the words that say what it is, folded."""
    wide = unicodedata.normalize("NFKC", name).casefold().strip()
    short = _KIND.sub("", wide) if has_han(wide) else _KIND_EN.sub("", wide)
    return fold(short if len(fold(short)) >= 2 else wide)
