"""Words that stand for something named elsewhere, and what they may stand for: we, it, the model, 公司, 其, 该芯片, a clause without its subject.

Which one is meant the words alone seldom say. `antecedents` offers what was named last and what the document is about; the scorer weighs each.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.model import Mention
    from kg.relate.sentences import Sentence

_FIRMS = frozenset(("Company",))
_HOUSES = frozenset(("Organization",))
_ACTORS = _FIRMS | _HOUSES
_THINGS = frozenset(("Product", "AIModel", "Chip", "Dataset", "Benchmark"))
_PEOPLE = frozenset(("Person",))
_OFFERS = frozenset(("Product",))

_NOUNS: dict[str, tuple[tuple[str, frozenset[str]], ...]] = {
    "en": (
        (
            "company firm startup start-up maker chipmaker automaker carmaker manufacturer developer provider supplier vendor foundry studio retailer "
            "operator carrier bank insurer giant unit subsidiary venture publisher corporation fund investor distributor customer",
            _FIRMS,
        ),
        ("university institute laboratory lab foundation agency ministry association consortium alliance centre center college school council", _HOUSES),
        ("group team organization organisation project", _ACTORS),
        ("model checkpoint", frozenset(("AIModel",))),
        ("chip processor accelerator gpu soc silicon die part", frozenset(("Chip",))),
        (
            "platform app application tool framework library system service software engine robot assistant chatbot product device suite "
            "server toolkit package compiler runtime cloud car vehicle",
            _OFFERS,
        ),
        ("dataset corpus collection data", frozenset(("Dataset",))),
        ("benchmark test leaderboard", frozenset(("Benchmark",))),
    ),
    "zh": (
        ("公司 企业 厂商 集团 初创公司 独角兽 基金 机构 投资方 客户", _FIRMS),
        ("大学 学院 研究院 研究所 实验室 中心 协会 学校 联盟", _HOUSES),
        ("团队 項目 项目", _ACTORS),
        ("模型 大模型", frozenset(("AIModel",))),
        ("芯片 晶片 处理器 GPU 架构", frozenset(("Chip",))),
        ("平台 产品 產品 系统 系統 机器人 機器人 应用 工具 框架 软件 软體 服务器 设备 助手", _OFFERS),
        ("数据集 数据", frozenset(("Dataset",))),
        ("基准 榜单 评测", frozenset(("Benchmark",))),
    ),
}  # fmt: skip
_NOUN_KINDS = {lang: {word: types for words, types in rows for word in words.split()} for lang, rows in _NOUNS.items()}
_DEFINITE = {
    "en": frozenset(("the", "this", "that", "our")),
    "zh": frozenset(("该", "該", "这款", "這款", "这家", "這家", "这一", "此", "此次", "本", "该款", "上述", "这个")),
}
_PRONOUNS = {
    "en": {
        **dict.fromkeys(("we", "our", "us", "ours"), ("we", _ACTORS | _THINGS)),
        **dict.fromkeys(("it", "its"), ("it", _ACTORS | _THINGS)),
        **dict.fromkeys(("they", "their", "them"), ("they", _ACTORS | _PEOPLE | _OFFERS)),
        **dict.fromkeys(("he", "she", "his", "her", "him"), ("he", _PEOPLE)),
    },
    "zh": {
        **dict.fromkeys(("我们", "我們", "我司", "本公司", "我公司", "本集团", "公司", "集团"), ("we", _ACTORS)),
        **dict.fromkeys(("其", "它", "该公司", "该企业", "其中"), ("it", _ACTORS | _THINGS)),
        **dict.fromkeys(("他们", "她们", "他們", "双方"), ("they", _ACTORS | _PEOPLE)),
        **dict.fromkeys(("他", "她", "本人"), ("he", _PEOPLE)),
    },
}
_RECENT = 2
"""How many of the things of a type that were named last may be meant."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A word at a position of a passage's row: its kind (we, it, they, he, zero, or the noun) and the types of what it may stand for."""

    at: int
    kind: str
    types: frozenset[str]


@dataclass(frozen=True, slots=True)
class Antecedent:
    """A thing that may be meant: its cluster and first mention, how many of its type were named since, how many sentences ago."""

    cluster: int
    mention: Mention
    rank: int
    age: int


def reference(words: Sequence[str], at: int, spelled: str, lang: str) -> Reference | None:
    """What the word at a position of a row refers by, if it does; `spelled` is the word itself where the row has a type in its place."""
    pronoun = _PRONOUNS[lang].get(spelled)
    if pronoun is not None:
        return Reference(at, *pronoun)
    types = _NOUN_KINDS[lang].get(spelled)
    if types is not None and at and words[at - 1] in _DEFINITE[lang]:
        return Reference(at, spelled, types)
    return None


def zero(at: int) -> Reference:
    """A Chinese sentence that begins with its verb: what it is about is not said again."""
    return Reference(at - 1, "zero", _ACTORS | _THINGS | _PEOPLE)


def antecedents(
    by_passage: Mapping[int, Sequence[Sentence]], cluster_of: Mapping[str, int]
) -> Iterator[tuple[int, Sequence[Mapping[str, Sequence[Antecedent]]]]]:
    """For each passage and each of its sentences: type -> what was named last before that sentence, the latest first."""
    last: dict[str, list[tuple[int, Mention, int]]] = defaultdict(list)
    number = 0
    for passage, some in by_passage.items():
        rows = []
        for sentence in some:
            rows.append(
                {
                    kind: [
                        Antecedent(cluster, mention, rank, number - when)
                        for rank, (cluster, mention, when) in enumerate(reversed(named[-_RECENT:]))
                    ]
                    for kind, named in last.items()
                }
            )
            for item in sentence.full or sentence.items:
                if item.mention is not None and not item.reference:
                    named = last[item.mention.type]
                    cluster = cluster_of[item.mention.id]
                    named[:] = [n for n in named if n[0] != cluster]
                    named.append((cluster, item.mention, number))
            number += 1
        yield passage, rows
