"""Observations: numbers with what they measure (`metrics.toml`), whose they are, and for which period."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from kg.model import Evidence, Observation
from kg.relate.values import Quantity, period, quantities
from kg.relate.whose import Ask, chosen, owners, spoken, weights

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.annotate.inventory import Annotated
    from kg.model import Claim, Mention
    from kg.relate.sentences import Item, Sentence
    from kg.relate.whose import Spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """What a number can measure, and of what."""

    name: str
    units: frozenset[str]
    of: tuple[str, ...]
    by_unit: frozenset[str]
    grows: bool = True
    near: re.Pattern[str] | None = None
    not_before: re.Pattern[str] | None = None

    def stands(self, text: str, quantity: Quantity) -> bool:
        """Whether the words around a number of an English sentence are those that such a number needs."""
        return (self.near is None or self.near.search(text[: quantity.end]) is not None) and (
            self.not_before is None or self.not_before.match(text, quantity.end) is None
        )

    def fits(self, quantity: Quantity) -> bool:
        """Whether the unit of `quantity` is one that this metric is counted in."""
        if quantity.currency:
            return "money" in self.units
        return (quantity.unit or "none") in self.units


def _compiled(expression: str | None) -> re.Pattern[str] | None:
    return re.compile(expression, re.IGNORECASE) if expression else None


@cache
def _metrics() -> tuple[Mapping[str, Metric], Mapping[str, Metric], Mapping[str, re.Pattern[str]]]:
    """Word -> metric, unit -> metric, and the expression of all words by language."""
    data = tomllib.loads(files("kg.relate").joinpath("metrics.toml").read_text("utf-8"))["metric"]
    words: dict[str, Metric] = {}
    units: dict[str, Metric] = {}
    spelled: dict[str, list[str]] = {"zh": [], "en": []}
    for row in data:
        metric = Metric(
            name=row["name"],
            units=frozenset(row["units"]),
            of=tuple(row["of"]),
            by_unit=frozenset(row.get("by_unit", ())),
            grows=row.get("grows", True),
            near=_compiled(row.get("near_en")),
            not_before=_compiled(row.get("not_before_en")),
        )
        for lang in ("zh", "en"):
            for word in row[lang]:
                words.setdefault(f"{lang}:{word.lower()}:{row['name']}", metric)
                spelled[lang].append(word)
        for unit in metric.by_unit:
            units.setdefault(unit, metric)
    rules = {
        "zh": re.compile("|".join(re.escape(w) for w in sorted(set(spelled["zh"]), key=lambda w: (-len(w), w)))),
        "en": re.compile(
            r"(?<![\w-])(?:"
            + "|".join(re.escape(w) for w in sorted(set(spelled["en"]), key=lambda w: (-len(w), w)))
            + r")(?![\w])",
            re.IGNORECASE,
        ),
    }
    return words, units, rules


@cache
def _by_word(lang: str, word: str) -> tuple[Metric, ...]:
    return tuple(m for key, m in _metrics()[0].items() if key.startswith(f"{lang}:{word}:"))


_GROWTH = {
    "zh": re.compile(
        r"(?:同比|环比|較?较?(?:上年|去年)(?:同期)?|按年)?[^，。；\d]{0,8}(?:增长|增加|上升|提升|下降|减少|下滑|降低|扩大|收窄|增幅|成長|增長|年增)[^，。；\d]{0,6}$|(?:同比|环比|年增率?)[^，。；\d]{0,8}$"
    ),
    "en": re.compile(
        r"(?:\bup|\bdown|\brose|\bgrew|\bgrow|\bincreas\w+|\bdecreas\w+|\bdeclin\w+|\bfell|\bjump\w*|\bsurg\w+|\bgrowth(?: of)?|\bclimb\w*|\bgain\w*|\bdropp?\w*)\s(?:by\s|of\s|to\s)?(?:about\s|approximately\s|nearly\s|over\s|more than\s)?$",
        re.IGNORECASE,
    ),
}
_FALLS = {
    "zh": re.compile(r"(?:下降|下滑|减少|減少|降低|收窄|下跌|降了|降)[^，。；\d]{0,6}$"),
    "en": re.compile(
        r"\b(?:down|decreas\w+|declin\w+|fell|dropp?\w*)\s(?:by\s|of\s)?(?:about\s|approximately\s|nearly\s|over\s|more than\s)?$",
        re.IGNORECASE,
    ),
}
"""A fall is negative growth."""
_GROWTH_AFTER = re.compile(
    r"^\s?(?:increase|decrease|growth|decline|jump|rise|drop|higher|lower|year[- ](?:over|on)[- ]year|year-over-year|YoY|from a year)",
    re.IGNORECASE,
)
_TO = re.compile(r"(?:至|到|达|为|to|at)\s?$")
_LEVEL_ZH = re.compile(r"(?:增长|提升|上升|增加|下降)(?:至|到)")
_CHIPS_AHEAD = re.compile(r"\s(?:[A-Z][\w.-]*\s){1,3}(?:GPU|TPU|NPU|chip|accelerator|card|processor)s\b")
_OWN = re.compile(r"(?:\b(?:my|our|your|their|its|his|her|whose)|['’]s)\s$", re.IGNORECASE)
"""Before "own", which then is no verb."""
_LETTER = re.compile(r"\d\s?[KkMBbT]$")
_ALONE = re.compile(r"\s?(?:$|[，,。；;、）)！!？?+]|[.](?!\w)|以上|左右|多|余|余个|or more\b|and\b|to\b|up\b)")
_BEHIND = frozenset(("chips", "training_chips"))
"""Behind a number of chips stand their maker and whose site it is."""
_RAISED = frozenset(("funding", "valuation"))
_RANK = re.compile(r"(?:前|第|TOP|Top|top|No\.|#|排名|版本|version|v)\s?$")


def observations(
    annotated: Annotated, by_passage: Mapping[int, Sequence[Sentence]], claims: Mapping[int, Sequence[Claim]]
) -> Iterator[Observation]:
    """The observations of a document, each with the odds that its number is of the thing that it is given to.

    `claims` are those that patterns found in each passage.
    """
    about = spoken(annotated)
    for ask in asked(annotated, by_passage, claims):
        subject, chance = _owner(ask, annotated, about)
        if subject is not None:
            yield _observation(annotated, ask, subject, chance)


def asked(
    annotated: Annotated, by_passage: Mapping[int, Sequence[Sentence]], claims: Mapping[int, Sequence[Claim]]
) -> Iterator[Ask]:
    """The numbers of a document that measure something."""
    year = annotated.document.date[:4] if annotated.document.date else None
    for passage, some in by_passage.items():
        earlier: str | None = None
        investors = frozenset(
            annotated.cluster_of[c.subject.id] for c in claims.get(passage, ()) if c.predicate == "investedIn"
        )
        for sentence in some:
            yield from _asked(sentence, annotated, year, earlier, investors)
            earlier = period(sentence.text, year) or earlier


def _asked(
    sentence: Sentence, annotated: Annotated, year: str | None, earlier: str | None, investors: frozenset[int]
) -> Iterator[Ask]:
    """The numbers of one sentence that measure something.

    `year` is that of the document, for periods that name none; `earlier` the period spoken of before; `investors` the clusters of
    those that the passage says invest in another: what is raised, and what it values, is by rule not theirs.
    """
    text, lang = sentence.text, sentence.lang
    found = [q for q in quantities(text) if not _RANK.search(text[: q.start])]
    if not found or sentence.asked:
        return
    words = [
        (m.start(), m.end(), m.group().lower())
        for m in _metrics()[2][lang].finditer(text)
        if m.group().lower() != "own" or not _OWN.search(text[: m.start()])
    ]
    names = [(i.start - sentence.start, i.end - sentence.start, i) for i in sentence.mentions]
    last: Metric | None = None
    periods = _periods(text, found, year)
    found = [_counted(text, q, names) for q in found]
    for at, quantity in enumerate(found):
        if any(a <= quantity.start < b for a, b, i in names if not i.reference):
            continue
        metric, growth = _metric(text, lang, quantity, words, last, found[at - 1].end if at else 0)
        metric = metric or _bare(quantity)
        if metric is None or (growth and not metric.grows):
            continue
        if lang == "en" and not growth and not metric.stands(text, quantity):
            continue
        if metric.name == _HELD and _OR_MORE.match(text, quantity.end):
            continue
        if quantity.unit is None and not growth and not _is_count(text, lang, quantity, metric, words):
            continue
        if not growth:
            last = metric
        theirs = (
            [n for n in names if n[2].mention and annotated.cluster_of[n[2].mention.id] not in investors]
            if metric.name in _RAISED
            else names
        )
        ruled = _subject(sentence, quantity, metric, theirs or names) or _topic(sentence, annotated, metric)
        if (
            ruled is not None
            and metric.of[0] == "Company"
            and ruled.type == "Company"
            and not _named(sentence, ruled)
            and metric.name != _HELD
        ):
            ruled = _chief(annotated) or ruled
        name = metric.name + ("_growth" if growth else "")
        when = periods.get(at) or period(text[: quantity.start], year)
        when = when or (period(text, year) if lang == "en" else None) or earlier
        if growth and _FALLS[lang].search(text[found[at - 1].end if at else 0 : quantity.start]):
            quantity = replace(quantity, value=-abs(quantity.value))
        yield Ask(sentence, quantity, name, metric.of, ruled, when, investors)


_BY_RULE = 0.7
"""What is trusted to the rules where the package was built without weights."""


def _owner(ask: Ask, annotated: Annotated, about: Spoken) -> tuple[Mention | None, float]:
    """Whose number it is, and how likely."""
    learned = weights(ask.sentence.lang)
    if learned is None:
        return ask.ruled, _BY_RULE
    some = owners(ask, annotated, about)
    if not some:
        return None, 0.0
    chances = learned.chances(some)
    at = chosen(some, chances)
    return some[at].mention, chances[at]


def _counted(text: str, quantity: Quantity, names: Sequence[tuple[int, int, Item]]) -> Quantity:
    """A bare number right before the name of a chip counts chips."""
    if quantity.unit is None and (
        _CHIPS_AHEAD.match(text, quantity.end)
        or any(
            i.mention and i.mention.type == "Chip" and a >= quantity.end and not text[quantity.end : a].strip()
            for a, _, i in names
        )
    ):
        return replace(quantity, unit="chips")
    return quantity


_BARE = ("Company", "Organization", "Person", "Product", "AIModel", "Chip", "Dataset", "Benchmark", "Place")


def _bare(quantity: Quantity) -> Metric | None:
    """What a number measures by its unit alone, where no word tells: an amount of money, a share, so many hours."""
    unit = re.sub(r"[^a-z0-9]+", "_", (quantity.unit or "").lower())
    name = "amount" if quantity.currency else {"percent": "share"}.get(unit, unit)
    return Metric(name=name, units=frozenset(), of=_BARE, by_unit=frozenset(), grows=False) if name else None


def _is_count(text: str, lang: str, quantity: Quantity, metric: Metric, words: Sequence[tuple[int, int, str]]) -> bool:
    """Whether a number without a unit that we know can be of `metric`: no unit that we do not know stands behind it."""
    if _LETTER.search(quantity.words):
        return metric.name in ("parameters", "context_length")
    if re.search(r"[^\d,.\s]", quantity.words) or _ALONE.match(text, quantity.end):
        return True
    reach = 2 if lang == "zh" else 25
    return any(0 <= a - quantity.end <= reach and metric in _by_word(lang, w) for a, _, w in words)


def _metric(
    text: str,
    lang: str,
    quantity: Quantity,
    words: Sequence[tuple[int, int, str]],
    last: Metric | None,
    since: int,
) -> tuple[Metric | None, bool]:
    """The metric of a number and whether it is the growth of it: the nearest word that fits, the words before it first."""
    between = text[since : quantity.start]
    if quantity.unit in ("percent", "percentage points") and (
        (_GROWTH[lang].search(between) and not _LEVEL_ZH.search(between[-8:]))
        or (lang == "en" and _GROWTH_AFTER.match(text[quantity.end :]))
    ):
        near = [m for a, b, w in words if b <= quantity.start for m in _by_word(lang, w)] or [
            m for a, b, w in words for m in _by_word(lang, w)
        ]
        metric = next((m for m in reversed(near) if "percent" not in m.units or m is last), near[-1] if near else last)
        return (metric, True) if metric else (None, False)
    before = [
        (quantity.start - b, m)
        for a, b, w in words
        if b <= quantity.start
        for m in _by_word(lang, w)
        if m.fits(quantity)
    ]
    after = [
        (a - quantity.end + (10 if lang == "zh" else 3), m)
        for a, b, w in words
        if a >= quantity.end - 12 and b > quantity.start
        for m in _by_word(lang, w)
        if m.fits(quantity)
    ]
    reach = 45 if lang == "zh" else 60
    near_words = sorted(((d, m) for d, m in (*before, *after) if d < reach), key=lambda x: x[0])
    if (
        lang == "en"
        and quantity.unit
        and not quantity.currency
        and quantity.unit in _metrics()[1]
        and not (near_words and near_words[0][0] < 25)
    ):
        return _metrics()[1][quantity.unit], False
    if near_words:
        return near_words[0][1], False
    if last is not None and last.fits(quantity) and len(between) < 30:
        return last, False
    return _metrics()[1].get(quantity.unit or ""), False


def _subject(
    sentence: Sentence, quantity: Quantity, metric: Metric, names: Sequence[tuple[int, int, Item]]
) -> Mention | None:
    """Whose number it is: the nearest fitting name before it, the likeliest type first; else one after it; else the topic."""
    if metric.name == _HELD and (holder := _holder(sentence, quantity, names)):
        return holder
    for kinds in (frozenset(metric.of[:1]), frozenset(metric.of)):
        before = [i for a, b, i in names if b <= quantity.start and i.mention and i.mention.type in kinds]
        if before:
            return before[-1].mention
    after = [
        i
        for a, b, i in names
        if a >= quantity.end and i.mention and i.mention.type in metric.of and metric.name not in _BEHIND
    ]
    if after and (metric.of[0] in ("AIModel", "Chip", "Dataset") or sentence.lang == "en"):
        return after[0].mention
    unseen = [
        i
        for i in sentence.items
        if i.unseen and i.mention and i.mention.type in metric.of and i.start <= sentence.start + quantity.start
    ]
    for kind in metric.of:
        if some := [i for i in unseen if i.mention and i.mention.type == kind]:
            return some[-1].mention
    return after[0].mention if after else None


_HELD = "ownership_share"
_HOLDS = re.compile(r"持有|持股|占股|(?<![增减])持|占(?!比)|\b(?:owns?|owned|holds?|held|has|keeps?|takes?|took)\b")
_THROUGH = re.compile(r"通过|透过|\b(?:through|via)\b")
_OF_SHAREHOLDER = re.compile(r"的?(?:第.大|控股|主要|最大|大)?(?:股东|实际控制人|实控人|(?:控股|全资|参股)?[子孙]公司)")
_OR_MORE = re.compile(r"\s?以上")


def _holder(sentence: Sentence, quantity: Quantity, names: Sequence[tuple[int, int, Item]]) -> Mention | None:
    """Whose share it is: the last name before the verb of holding, whatever is named between the verb and the number."""
    verbs = list(_HOLDS.finditer(sentence.text, 0, quantity.start))
    if not verbs:
        return None
    verb = verbs[-1]
    kinds = ("Company", "Organization", "Person")
    clause = max(sentence.text.rfind(mark, 0, verb.start()) for mark in "；;。")
    through = _THROUGH.search(sentence.text, clause + 1, verb.start())
    end = through.start() if through else verb.start()
    before = [
        i.mention
        for _, b, i in names
        if b <= end and i.mention and i.mention.type in kinds and not _OF_SHAREHOLDER.match(sentence.text, b)
    ]
    return before[-1] if before else None


def _named(sentence: Sentence, subject: Mention) -> bool:
    """Whether the sentence itself names `subject`, and does not only refer to it or leave it unsaid."""
    return any(i.mention is subject and not i.reference and not i.unseen for i in sentence.items)


def _chief(annotated: Annotated) -> Mention | None:
    """The first mention of the firm that a document is about: the one that speaks, else the one that it names most."""
    if annotated.speaker is not None and annotated.speaker.type == "Company":
        return annotated.speaker
    firms = [m for *_, m in annotated.mentions if m.type == "Company"]
    some = Counter(annotated.cluster_of[m.id] for m in firms).most_common(1)
    return next((m for m in firms if annotated.cluster_of[m.id] == some[0][0]), None)


def _topic(sentence: Sentence, annotated: Annotated, metric: Metric) -> Mention | None:
    """Whose number it is where the sentence names nothing that fits: the firm that speaks, else the one its passage opens with."""
    if metric.of[0] != "Company":
        if metric.of[0] == "Chip":
            return None
        here = (sentence.passage, sentence.start)
        some = [m for i, start, _, m in annotated.mentions if (i, start) < here]
        return next((m for m in reversed(some) if m.type == metric.of[0]), None)
    speaker = annotated.speaker
    if speaker is not None and speaker.type == "Company":
        return speaker
    return next((m for i, *_, m in annotated.mentions if i == sentence.passage and m.type == "Company"), None)


_YEARS = re.compile(
    r"((?:19|20)\d\d)\s?年?\s?(?:[-—–至到~]\s?((?:19|20)\d\d)|(?:(?:、|和|及|,\s?|\sand\s)\s?(?:19|20)\d\d年?)+)"
)


def _periods(text: str, found: Sequence[Quantity], year: str | None) -> dict[int, str]:  # noqa: ARG001
    """For 'A, B and C in 2017, 2018 and 2019, respectively': index of the number -> its year."""
    result: dict[int, str] = {}
    for match in _YEARS.finditer(text):
        years = (
            [str(y) for y in range(int(match[1]), int(match[2]) + 1)]
            if match[2]
            else re.findall(r"(?:19|20)\d\d", match.group())
        )
        run: list[int] = []
        for at, quantity in enumerate([*found, None]):
            if (
                quantity is not None
                and (
                    not run
                    or re.fullmatch(r"\s?(?:、|和|及|,|，|and|,\sand)?\s?", text[found[run[-1]].end : quantity.start])
                )
                and quantity.start > match.end()
            ):
                run.append(at)
                continue
            if len(run) == len(years) and len(run) > 1:
                result.update(zip(run, years, strict=True))
            run = [at] if quantity is not None else []
    return result


def _observation(annotated: Annotated, ask: Ask, subject: Mention, chance: float) -> Observation:
    sentence = ask.sentence
    passage = annotated.passages[sentence.passage][0]
    start = passage.offsets[sentence.start]
    end = passage.offsets[sentence.end - 1] + 1
    return Observation(
        document=annotated.document.id,
        subject=subject,
        metric=ask.metric,
        value=ask.quantity.value,
        unit=ask.quantity.unit,
        period=ask.when,
        words=ask.quantity.words,
        evidence=Evidence(start=start, end=end, quote=annotated.document.text[start:end]),
        confidence=round(chance, 3),
        found_by=f"{sentence.lang}/observation",
    )
