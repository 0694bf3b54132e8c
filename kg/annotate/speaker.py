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
    from kg.model import Mention

_FORM = re.compile(r"(?:证券简称|股票简称|公司简称|證券簡稱|公司名称)\s?[：:]?\s*$")
OFFERED = frozenset(("Product", "AIModel", "Chip", "Dataset"))
_FIRST, _SECOND, _SHARE, _MOST, _MENTION, _LEGAL, _ABOUT, _IN_FORM = 2.1, 0.6, 2.0, 1.2, 0.35, 1.6, 0.5, 4.0
_SPOKEN_WITH, _LISTED, _NO_FIRM, _BIAS = -1.4, -0.6, -0.6, -4.3
"""Log odds that a firm or institution is the one that speaks: the first or second that is named, its share of the mentions, the one with most,
each mention up to six, a legal form, behind "About", in the head of a form; beside those who speak, in a list of others, no firm. Set by hand after a
logistic regression on the training passages, where the one with most claims was taken for the one that speaks; that of a form's head by hand alone."""
_MAKES = 0.7
"""What a known product, model or chip of the firm adds, up to four; set by hand, as are the next."""
_SURE, _LIKELIER, _LIKELY = 1.5, 0.0, -0.6
"""Log odds from which a firm speaks where a thing is shown as one's own, where a thing is named often, and where there is none."""
_MANY = 6
_LEGAL_FORM = re.compile(
    r"(?:\b(?:Inc|Corp|Ltd)\b\.?|\b(?:Corporation|plc|PLC|N\.V\.|AG|S\.A\.|GmbH|Company|LLC|AB|ASA|SE|Limited|Holdings)|有限公司)$"
)
_ABOUT_IT = re.compile(r"\bAbout\s$|关于$")
_AMONG = re.compile(r"\b(?:customers?|suppliers?|competitors?|such as|including|like)\s[\w, ]{0,40}$")
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
    passages: Sequence[tuple[Passage, Doc]],
    mentions: Sequence[tuple[int, int, int, Mention]],
    cluster_of: Mapping[str, int],
    defined: int | None,
) -> int | None:
    """The cluster that speaks: defined as such, or the firm or institution that is likeliest to by where it is named and how often.

    Where no firm does, "we" are those behind the model or product that the text is about, which then stands for them.
    """
    if defined is not None:
        return defined
    if not any(_WE.search(passage.text) for passage, _ in passages):
        return None
    odds = _odds(passages, mentions, cluster_of)
    best = min(odds, key=lambda c: (-odds[c], c)) if odds else None
    named = Counter(
        cluster_of[m.id]
        for i, start, _, m in mentions
        if m.type in ("AIModel", "Product") and not _OTHERS.search(passages[i][0].text, max(0, start - 12), start)
    )
    own = shown(passages, mentions, cluster_of)
    votes = Counter({c: n + _SHOWN * own[c] for c, n in named.items()})
    main = min(votes, key=lambda c: (-votes[c], c)) if votes else None
    thing = main if main is not None and votes[main] >= _ENOUGH else None
    least = _LIKELY if thing is None else _SURE if own[thing] else _LIKELIER
    return best if best is not None and odds[best] >= least else thing


def _odds(
    passages: Sequence[tuple[Passage, Doc]],
    mentions: Sequence[tuple[int, int, int, Mention]],
    cluster_of: Mapping[str, int],
) -> Mapping[int, float]:
    """The log odds that a firm or institution is the one that speaks, by cluster."""
    some: dict[int, list[tuple[int, int, Mention]]] = defaultdict(list)
    for index, start, _, mention in mentions:
        if mention.type in ("Company", "Organization"):
            some[cluster_of[mention.id]].append((index, start, mention))
    total, most = sum(map(len, some.values())), max(map(len, some.values()), default=0)
    known = (load().get(entry) for entry in {m.entry for *_, m in mentions if m.type in OFFERED and m.entry})
    makes = Counter(thing.maker for thing in known if thing is not None)
    odds = {}
    for order, (cluster, places) in enumerate(some.items()):
        odds[cluster] = (
            _BIAS
            + {0: _FIRST, 1: _SECOND}.get(order, 0.0)
            + _SHARE * len(places) / total
            + _MOST * (len(places) == most)
            + _MENTION * min(len(places), _MANY)
            + _NO_FIRM * (places[0][2].type != "Company")
            + _MAKES * min(sum(makes[e] for e in {m.entry for *_, m in places if m.entry}), 4)
            + _LEGAL * any(_LEGAL_FORM.search(m.text) for *_, m in places)
            + sum(weight * any(says(*passages[i], at) for i, at, _ in places) for weight, says in _PLACED)
        )
    return odds


def _is_in_form(passage: Passage, doc: Doc, start: int) -> bool:  # noqa: ARG001  # as the others
    return _FORM.search(passage.text, 0, start) is not None or _FORM.search(passage.header) is not None


def _is_about(passage: Passage, doc: Doc, start: int) -> bool:  # noqa: ARG001
    return _ABOUT_IT.search(passage.text, max(0, start - 8), start) is not None


def _is_among(passage: Passage, doc: Doc, start: int) -> bool:  # noqa: ARG001
    return _AMONG.search(passage.text, max(0, start - 60), start) is not None


def _is_spoken_with(passage: Passage, doc: Doc, start: int) -> bool:
    """Whether the sentence says "we … with" right before `start`."""
    span = doc.char_span(start, start + 1, alignment_mode="expand")
    begin = span.sent.start_char if span is not None and doc.has_annotation("SENT_START") else 0
    return _WITH.search(passage.text[max(begin, start - _FAR) : start]) is not None


_PLACED = ((_IN_FORM, _is_in_form), (_ABOUT, _is_about), (_LISTED, _is_among), (_SPOKEN_WITH, _is_spoken_with))


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
