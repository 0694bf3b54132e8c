"""What is denied, asked or only supposed: no claim comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.relate.sentences import Item, Sentence

NOT = {
    "zh": frozenset(
        [
            "不",
            "未",
            "没有",
            "没",
            "并未",
            "尚未",
            "从未",
            "并非",
            "非",
            "无",
            "否认",
            "不是",
            "不会",
            "暂未",
            "未曾",
            "并不",
            "并没有",
            "不再",
            "终止",
            "取消",
            "拒绝",
            "不存在",
            "未能",
            "无意",
            "无法",
            "不予",
            "不得",
            "不能",
            "不属于",
            "暂无",
            "澄清",
            "未有",
            "無",
            "沒有",
            "並未",
            "並非",
            "否認",
            "停止",
            "放弃",
            "传闻",
            "不实",
            "有别于",
            "而非",
            "而不是",
            "没能",
        ]
    ),
    "en": frozenset(
        [
            "not",
            "n't",
            "never",
            "no",
            "neither",
            "nor",
            "deny",
            "without",
            "fail",
            "decline",
            "refuse",
            "cannot",
            "cancel",
            "abandon",
            "terminate",
            "rumor",
            "false",
            "untrue",
            "unable",
            "rather",
            "instead",
            "unlike",
            "halt",
            "scrap",
        ]
    ),
}
IF = {
    "zh": frozenset(
        [
            "如果",
            "假如",
            "若",
            "倘若",
            "是否",
            "假设",
            "一旦",
            "能否",
            "可否",
            "即使",
            "要是",
            "如若",
            "有没有",
            "会不会",
            "是不是",
        ]
    ),
    "en": frozenset(["if", "whether", "would", "might", "unless", "hypothetical", "hypothetically"]),
}


def denied(sentence: Sentence, first: int, last: int) -> bool:
    """Whether a word that denies stands between the items `first` and `last` (indices), or just before them."""
    words = NOT[sentence.lang]
    return any(item.word in words for item in sentence.items[max(0, first - 2) : last + 1])


def supposed(sentence: Sentence, upto: int) -> bool:
    """Whether the sentence is a question, or a word before item `upto` makes it a supposition."""
    return sentence.asked or _any(sentence.items[: upto + 1], IF[sentence.lang])


def _any(items: Iterable[Item], words: frozenset[str]) -> bool:
    return any(item.word in words for item in items)
