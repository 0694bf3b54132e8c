"""Who speaks in a document: the firm that 公司 and "we" stand for; and what those who speak show as their own."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from kg.registry.load import load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from spacy.tokens import Doc

    from kg.ingest.passages import Passage
    from kg.model import Document, Mention

_FORM = re.compile(r"(?:证券简称|股票简称|公司简称|證券簡稱|公司名称)\s?[：:]?\s*$")
_LISTED = re.compile(r"[^。.]{0,30}?(?:（|\()(?:以下简称|股票代码|证券代码|NASDAQ|Nasdaq|NYSE|SSE|SZSE|HKEX)")
OFFERED = frozenset(("Product", "AIModel", "Chip", "Dataset"))
_SPEAKS = 8
"""Votes that make a firm the one that speaks: two for each mention, more for the first, the title, a ticker, a product of its own."""
_WITH = re.compile(
    r"\b(?:[Ww]e|[Oo]ur)\b[^“”\"]*\b(?:with|alongside|joined by)\s$|(?:我们|我們|公司)[^“”\"]*(?:与|和|同|跟|向|为|携手|联合|與)$"
)
"""Who stands behind this is not the one that speaks: we … with Orbex, 公司与海纳."""
_FAR = 300
"""Characters before a name in which "we" is looked for."""
_WE = re.compile(r"\b(?:We|we|Our|our|the Company)\b|公司|我们|本集团|我們")
_OWN = re.compile(
    r"本公司|我司|我公司|本集团|[称稱][“\"「](?:上市)?公司[”\"」]|(?:证券|股票)(?:代码|简称)|證券(?:代碼|簡稱)|投资者关系活动"
)
_SAYS = re.compile(r"\bwe\b|\bour\b|我们|我們|本文|团队|團隊|本项目", re.IGNORECASE)
_SHOWS = re.compile(
    r"(?<=we)(?:(?:’|'|\s)[\w]+){0,5}?\s(?:introduc|releas|present|announc|propos|develop|train|buil|open-?sourc|launch|unveil|evaluat|creat|design|publish)"
    r"(?:e|es|ed|d|ing|s|t)?\b(?!.*\b(?:as|like|than|from|by|on|with|using|which|that|for)\b)|"
    r".{0,8}?(?:推出|发布|發布|开源|開源|提出|研发|研發|训练|訓練|打造|构建|上线|自研|开发|開發)",
    re.IGNORECASE,
)
_HAS = re.compile(
    r"(?<=our)\W(?:(?!(?:for|the|of|in|on|with|to|from|by|and|as|at|that|is|are)\b)[\w-]+\W){0,4}$|(?<=[们們文队隊目])的[^，。；的]{0,6}$",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.!?](?:\s|$)|[。！？；\n]")
_REACH = 90
"""Characters between "we" and what they show."""
_SHOWN = 3
"""Mentions that a sentence is worth in which those who speak show a thing as their own."""
_OTHERS = re.compile(r"\b(?:original|vanilla|existing|official)\s$|原版的?$|原始的?$", re.IGNORECASE)
"""Before the name of a thing that is not those who speak's own: the original LLaMA."""
_ENOUGH = 3
"""Mentions of a thing that let those behind it speak where no firm does."""


def speaks_for_itself(passages: Sequence[tuple[Passage, Doc]]) -> bool:
    """Whether the words are a firm's own, of its record or filing: its 公司 is always itself, that of an article is not."""
    return any(_OWN.search(passage.text) for passage, _ in passages)


def speaker(
    document: Document,
    passages: Sequence[tuple[Passage, Doc]],
    mentions: Sequence[tuple[int, int, int, Mention]],
    cluster_of: Mapping[str, int],
    defined: int | None,
) -> int | None:
    """The cluster that speaks: defined as such, named in the form's head or the title, or the firm that is named most and makes most.

    Where no firm does, "we" are those behind the model or product that the text is about, which then stands for them.
    """
    if defined is not None:
        return defined
    if not any(_WE.search(passage.text) for passage, _ in passages):
        return None
    votes: Counter[int] = Counter()
    entries: dict[str, int] = {}
    firms = [(i, a, m) for i, a, _, m in mentions if m.type == "Company"]
    speaking = [f for f in firms if not _is_spoken_with(*passages[f[0]], f[1])]
    for order, (index, start, mention) in enumerate(speaking):
        cluster = cluster_of[mention.id]
        entries[mention.entry or ""] = cluster
        votes[cluster] += 2 + 3 * (not order) + 6 * (mention.text in document.title)
        passage = passages[index][0]
        if _FORM.search(passage.text[:start]) or _FORM.search(passage.header):
            votes[cluster] += 40
        if _LISTED.match(passage.text[start + len(mention.text) :]):
            votes[cluster] += 10
    for entry in sorted({m.entry for *_, m in mentions if m.type in OFFERED and m.entry}):
        known = load().get(entry)
        if known and known.maker in entries:
            votes[entries[known.maker]] += 1
    best = min(votes, key=lambda c: (-votes[c], c)) if votes else None
    if best is not None and (votes[best] >= _SPEAKS or (len(speaking) < len(firms) and len(votes) == 1)):
        return best
    named = Counter(
        cluster_of[m.id]
        for i, start, _, m in mentions
        if m.type in ("AIModel", "Product") and not _OTHERS.search(passages[i][0].text, max(0, start - 12), start)
    )
    own = shown(passages, mentions, cluster_of)
    votes = Counter({c: n + _SHOWN * own[c] for c, n in named.items()})
    main = min(votes, key=lambda c: (-votes[c], c)) if votes else None
    return main if main is not None and votes[main] >= _ENOUGH else None


def _is_spoken_with(passage: Passage, doc: Doc, start: int) -> bool:
    """Whether the sentence says "we … with" right before `start`."""
    span = doc.char_span(start, start + 1, alignment_mode="expand")
    begin = span.sent.start_char if span is not None and doc.has_annotation("SENT_START") else 0
    return _WITH.search(passage.text[max(begin, start - _FAR) : start]) is not None


def shown(
    passages: Sequence[tuple[Passage, Doc]],
    mentions: Sequence[tuple[int, int, int, Mention]],
    cluster_of: Mapping[str, int],
) -> Counter[int]:
    """Cluster -> in how many places those who speak show it as their own: we introduce X, our X, 我们发布了X."""
    found: Counter[int] = Counter()
    inside: dict[int, list[tuple[int, Mention]]] = defaultdict(list)
    for index, start, _, mention in mentions:
        inside[index].append((start, mention))
    for index, some in inside.items():
        text = passages[index][0].text
        for says in _SAYS.finditer(text):
            kinds = set()
            for start, mention in some:
                if start < says.end():
                    continue
                if start - says.end() > _REACH or _ENDS.search(text, says.end(), start):
                    break
                # Of several things of one type the first is meant: we evaluate X beside Y.
                if mention.type in kinds:
                    continue
                kinds.add(mention.type)
                if _SHOWS.match(text, says.end(), start) or _HAS.match(text, says.end(), start):
                    found[cluster_of[mention.id]] += 1
    return found
