"""Words beside a name that tell its type, from `cues/*.toml`, compiled once a language."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from kg.errors import DataError
from kg.registry.load import TYPE_OF_FILE

Scores = dict[str, float]

_WEIGHT = {"after": 1.5, "before": 1.2, "apposition": 1.4, "end": 1.5}
_LEFT, _RIGHT = 40, 60
"""Characters of context that are looked at on each side."""

_NUMBERED = re.compile(
    r"[\d.,%+\-xX ]+$|(?:Figures?|Fig\.?|Tables?|Sections?|Chapters?|Parts?|Steps?|Phases?|Appendix|Exhibits?|Items?|Notes?|Pages?|Days?|"
    r"Weeks?|Rounds?|Rules?|Stages?|Tiers?|Levels?|Top|No\.?|Article|Annex|Volume|Vol\.?)\s?[\dA-Z]{1,3}(?:\.\d+)*$"
)

_CATEGORY = re.compile(
    r".*(?:上市|目[标標]|标的|[子分母]|全资|控股|参股|合[资資營营]|项目|芯片|初创|创业|国有|民营|头部|龙头|下游|上游)(?:公司|企业|企業)"
)
"""Chinese words for a kind of firm, whatever stands before them: 菲律宾子公司, AI推理芯片公司."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cues:
    """Compiled cues of one language; `scores` weighs a name in its context."""

    lang: str
    generic: frozenset[str]
    """Capitalised words that are no names."""
    words: dict[str, dict[str, tuple[str, ...]]]
    common: frozenset[str] = frozenset()
    """Words that stand beside names, in lower case: alone they are none, even with a capital."""
    rules: dict[str, list[tuple[str, re.Pattern[str]]]] = field(default_factory=dict)

    def is_generic(self, name: str) -> bool:
        """Whether `name` names nothing in particular: a common word, its plural, a number, a place in a document (Figure 2)."""
        return (
            name in self.generic
            or (name[:-1] in self.generic and name[-1] == "s")
            or _NUMBERED.match(name) is not None
            or _CATEGORY.fullmatch(name) is not None
        )

    def scores(self, text: str, start: int, end: int) -> Scores:
        """Type -> weight of the evidence for it in the words around and inside `text[start:end]`."""
        left, name, right = text[max(0, start - _LEFT) : start], text[start:end], text[end : end + _RIGHT]
        scores: Scores = defaultdict(float)
        for place, part, search in (
            ("before", left, True),
            ("end", name, True),
            ("after", right, False),
            ("apposition", right, False),
        ):
            for kind, rule in self.rules.get(place, ()):
                if rule.search(part) if search else rule.match(part):
                    scores[kind] += _WEIGHT[place]
        return scores


def _alternatives(words: tuple[str, ...], plural: str = "") -> str:
    return "|".join(re.escape(w) + plural for w in sorted(words, key=lambda w: (-len(w), w)))


def _rules(lang: str, words: dict[str, dict[str, tuple[str, ...]]]) -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    rules: dict[str, list[tuple[str, re.Pattern[str]]]] = defaultdict(list)
    shapes = {
        "en": {
            "after": (
                r"(?:['’]s|\))?[\s-]+(?:(?!and\b|or\b|in\b|on\b|to\b|for\b|with\b|the\b|at\b|by\b|as\b)[\w-]+\s+){{0,2}}(?:{})(?![\w])",
                "s?",
            ),
            "before": (r"(?<![\w])(?:{})(?:\s+and\s+[\w-]+)?,?\s*[\"“‘(]?(?:the\s+)?$", ""),
            "apposition": (
                r"[\"”’]?(?:\s*\([^)]{{0,30}}\))?,?\s+(?:is\s+|was\s+|as\s+|are\s+)?(?:an?|the|our|its|their|one of the)\s+(?:[\w$.’'-]+\s+){{0,6}}?(?:{})(?![\w])",
                "s?",
            ),
            "end": (r"(?:^|[\s-])(?:{})$", ""),
        },
        "zh": {
            "after": (
                r"[”》」’]?\s?(?:\([^)]{{0,12}}\)|（[^）]{{0,12}}）)?\s?(?:系列|自研|开源|国产|智能|等|AI|云端|边缘|的)?\s?(?:{})",
                "",
            ),
            "before": (r"(?:{})[“《「‘（(：:]?\s?$", ""),
            "end": (r"[”]?(?:{})[”]?$", ""),
        },
    }[lang]
    for kind, places in words.items():
        for place, some in places.items():
            if some and place in shapes:
                shape, plural = shapes[place]
                rules[place].append((kind, re.compile(shape.format(_alternatives(some, plural)))))
    return rules


@cache
def cues(lang: str) -> Cues:
    """The cues of `zh` or `en`.

    Raises:
        DataError: if the file names an unknown type or place.
    """
    data = tomllib.loads(files("kg.annotate").joinpath(f"cues/{lang}.toml").read_text("utf-8"))
    generic = frozenset(data.pop("generic"))
    words: dict[str, dict[str, tuple[str, ...]]] = {}
    for kind, places in data.items():
        if kind not in TYPE_OF_FILE.values() or set(places) - set(_WEIGHT):
            raise DataError(
                f"kg/annotate/cues/{lang}.toml: [{kind}] is no entity type or has keys other than {', '.join(_WEIGHT)}"
            )
        words[kind] = {place: tuple(some) for place, some in places.items()}
    common = frozenset(w.lower() for places in words.values() for some in places.values() for w in some)
    return Cues(lang=lang, generic=generic, words=words, common=common, rules=_rules(lang, words))
