"""Results on benchmarks: each system of a sentence with each benchmark that it was measured on, and its score as written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.relate.polarity import denied, supposed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.relate.sentences import Item, Sentence

SYSTEMS = ("AIModel", "Product", "Chip")
_SHOWN = {
    "zh": re.compile(
        r"\d|排名|第一|领先|超过|超越|优于|得分|成绩|准确率|正确率|登顶|榜首|梯队|表现|取得|刷新|夺冠|位列|斩获|击败|跻身|媲美|通过"
    ),
    "en": re.compile(
        r"\d|\b(?:score|scor\w+|achiev\w+|outperform\w*|surpass\w*|rank\w*|top\w*|accuracy|result\w*|beat\w*|state[- ]of[- ]the[- ]art|SOTA|lead\w*|best|perform\w*|evaluat\w+|exceed\w*|record\w*|match\w*)\b",
        re.IGNORECASE,
    ),
}
_SCORE = re.compile(r"(?:超过|约|近|高达|over|about|nearly)?\s?\d+(?:\.\d+)?\s?(?:%|％|分|points?|percent|pass@1|倍)?")
_RANK = re.compile(
    r"(?:排名|位列|位居|名列)?第[一二三四五六七八九十\d]+(?:名|位)?|榜首|第一梯队|(?:ranked\s)?(?:first|second|third|No\.\s?\d+|#\d+)"
)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A system, a benchmark, and the score as written, where one is given."""

    system: Item
    benchmark: Item
    value: str | None


def evaluations(sentence: Sentence) -> Iterator[Evaluation]:
    """The results that a sentence gives."""
    benchmarks = [i for i in sentence.mentions if i.mention and i.mention.type == "Benchmark"]
    if (
        not benchmarks
        or not _SHOWN[sentence.lang].search(_without_names(sentence))
        or supposed(sentence, len(sentence.items))
    ):
        return
    systems = [
        i
        for i in sentence.mentions
        if i.mention and i.mention.type in SYSTEMS and not (i.mention.type == "Chip" and len(benchmarks) == 0)
    ]
    if not systems:
        systems = [i for i in sentence.items if i.unseen and i.mention and i.mention.type in SYSTEMS][-1:]
    models = [i for i in systems if i.mention and i.mention.type == "AIModel"]
    if denied(sentence, 0, len(sentence.items)) and len(systems) < 2:
        return
    for system in models or systems:
        values = _values(sentence, system, models or systems)
        for at, benchmark in enumerate(benchmarks):
            value = values[at] if len(values) == len(benchmarks) else (values[0] if values else None)
            yield Evaluation(system, benchmark, value)


def _without_names(sentence: Sentence) -> str:
    text = list(sentence.text)
    for item in sentence.mentions:
        text[item.start - sentence.start : item.end - sentence.start] = " " * (item.end - item.start)
    return "".join(text)


def _values(sentence: Sentence, system: Item, systems: list[Item]) -> list[str]:
    """Scores that stand between `system` and the next system."""
    text = _without_names(sentence)
    start = system.end - sentence.start
    later = [i.start - sentence.start for i in systems if i.start > system.start]
    part = text[start : min(later, default=len(text))]
    scores = [
        m.group().strip()
        for m in _SCORE.finditer(part)
        if re.search(r"[%％分.]|point|percent|\d\d", m.group())
        and not re.fullmatch(r"(?:19|20)\d\d", m.group().strip())
        and not re.match(r"\s?(?:年|月|日|B\b|shot|万|亿|(?:m|b|tr)illion\b|, (?:19|20)\d\d\b)", part[m.end() :])
    ]
    return scores or [m.group() for m in _RANK.finditer(part)][:1]
