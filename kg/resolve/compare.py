"""How alike two profiles are: a score with its reason. Precision comes first: what differs in a number, a trade or a place is another thing."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from kg.names import initials
from kg.resolve import romanise
from kg.resolve.forms import bare, firm, numbers, trades_agree
from kg.text import fold, has_han

if TYPE_CHECKING:
    from kg.resolve.profile import Profile

FIRMS = frozenset(("Company", "Organization"))
Score = tuple[float, str]
_NO: Score = (0.0, "names differ")


def names(kind: str, left: str, right: str) -> Score:
    """How likely two names of type `kind` name one thing, by their spelling alone; the reason beside it."""
    if left == right:
        return (1.0, "same name") if kind != "Person" else (0.7, "same name")
    return (
        _firms(left, right)
        if kind in FIRMS
        else _people(left, right)
        if kind == "Person"
        else _places(left, right)
        if kind == "Place"
        else _things(left, right)
    )


def best(left: Profile, right: Profile) -> Score:
    """The best score over the names of two profiles."""
    pairs = product(left.names, right.names)
    return max((names(left.type, a, b) for a, b in pairs), key=lambda s: s[0], default=_NO)


@lru_cache(maxsize=1 << 16)
def _firms(left: str, right: str) -> Score:
    if fold(left) == fold(right):
        return 1.0, "same name but for script, width or case"
    a, b = firm(left), firm(right)
    if a.branch != b.branch:
        return 0.3, f"{a.branch or b.branch} names a branch"
    if a.han != b.han:
        return _romanised(left, right)
    if numbers(left) != numbers(right):
        return _NO
    if a.brand == b.brand:
        if a.place and b.place and a.place != b.place:
            return 0.2, f"places differ: {a.place}, {b.place}"
        if not trades_agree(a.trade, b.trade):
            return 0.3, f"trades differ: {a.trade or 'none'}, {b.trade or 'none'}"
        if len(a.brand) < 2:
            return 0.4, "too short to tell"
        return 0.95, "same brand, legal form, place or trade left out"
    for short, long in ((left, right), (right, left)):
        if len(short) >= 3 and short.isupper() and short.isascii() and initials(long) == short:
            return (0.9, "initials") if len(short) >= 4 else (0.6, "initials, but few")
    long_enough = not has_han(left) and min(len(a.brand), len(b.brand)) >= 8 and a.trade == b.trade
    if long_enough and Levenshtein.distance(a.brand, b.brand, score_cutoff=1) <= 1:
        return 0.75, "one letter apart"
    return _NO


def _romanised(left: str, right: str) -> Score:
    han, latin = (left, right) if has_han(left) else (right, left)
    a, b = firm(han), firm(latin)
    spoken = romanise.joined(a.brand)
    if a.place and b.place and romanise.joined(a.place) != b.place:
        return 0.2, "places differ"
    if numbers(han) != numbers(latin) or len(spoken) < 4:
        return _NO
    if spoken == b.brand:
        if a.trade == b.trade or trades_agree(a.trade, b.trade):
            return (0.9, "pinyin of the brand") if len(spoken) >= 5 else (0.7, "pinyin of the brand, but short")
        return 0.3, f"pinyin of the brand, but trades differ: {a.trade or 'none'}, {b.trade or 'none'}"
    if spoken + romanise.joined(_trade_of(han, a.brand)) == b.brand + fold(b.trade):
        return 0.88, "pinyin of the name"
    return _NO


def _trade_of(han: str, brand: str) -> str:
    name = fold(han)
    return (
        re.sub(r"(?:股份)?(?:有限)?(?:责任)?公司$", "", name[name.index(brand) + len(brand) :]) if brand in name else ""
    )


_TITLES = re.compile(
    r"^(?:dr|mr|ms|mrs|prof|professor|sir)\.?\s+|(?:先生|女士|博士|教授|院士|总裁|董事长)$", re.IGNORECASE
)


@lru_cache(maxsize=1 << 16)
def _people(left: str, right: str) -> Score:
    left, right = (_TITLES.sub("", n.strip()) for n in (left, right))
    if fold(left) == fold(right):
        return 0.7, "same name"
    if has_han(left) and has_han(right):
        return _NO
    if has_han(left) or has_han(right):
        han, latin = (left, right) if has_han(left) else (right, left)
        surname, given = romanise.person(han)
        words = [fold(w) for w in re.split(r"[\s,]+", latin) if fold(w)]
        if given and len(words) > 1 and ("".join(words) == surname + given or "".join(words) == given + surname):
            return 0.65, "pinyin of the name"
        if given and len(words) > 2 and words[-1] == surname and "".join(words[1:-1]) == given:
            return 0.62, "pinyin of the name after a first name"
        return _NO
    a, b = ([fold(w).strip(".,") for w in n.split() if fold(w).strip(".,")] for n in (left, right))
    if "," in left:
        a = a[1:] + a[:1]
    if "," in right:
        b = b[1:] + b[:1]
    if len(a) < 2 or len(b) < 2:
        return _NO
    if a == b or sorted(a) == sorted(b):
        return 0.68, "same names in another order"
    if a[-1] != b[-1]:
        return _NO
    if a[0] == b[0] and all(len(w) == 1 or w in b or len(b) == 2 for w in a[1:-1]):
        if len(a) == 2 or len(b) == 2 or [w[0] for w in a] == [w[0] for w in b]:
            return 0.66, "same but for a middle name"
        return _NO
    if min(len(a[0]), len(b[0])) == 1 and a[0][0] == b[0][0]:
        return 0.55, "initial of the first name"
    return _NO


@lru_cache(maxsize=1 << 16)
def _places(left: str, right: str) -> Score:
    a, b = (
        re.sub(r"(?<=.{2})(?:特别行政区|省|市|州|国|县|区)$|\s+(?:city|province)$", "", n.strip(), flags=re.IGNORECASE)
        for n in (left, right)
    )
    if fold(a) == fold(b):
        return 0.98, "same name"
    if has_han(a) != has_han(b):
        han, latin = (a, b) if has_han(a) else (b, a)
        if romanise.joined(han) == fold(latin) and fold(latin) not in (
            "shanxi",
            "suzhou",
            "taizhou",
            "fuzhou",
            "yichun",
            "yulin",
        ):
            return 0.9, "pinyin"
    return _NO


@lru_cache(maxsize=1 << 16)
def _things(left: str, right: str) -> Score:
    if numbers(left) != numbers(right):
        return 0.1, "numbers or versions differ"
    if fold(left) == fold(right):
        return 1.0, "same name but for script, width or case"
    a, b = bare(left), bare(right)
    if a == b:
        return 0.9, "same but for a word of its kind"
    if has_han(a) != has_han(b):
        han, latin = (a, b) if has_han(a) else (b, a)
        if len(latin) >= 6 and romanise.joined(han) == latin:
            return 0.88, "pinyin"
    for short, long in ((left, right), (right, left)):
        if len(short) >= 4 and short.isupper() and short.isascii() and initials(long) == short:
            return 0.87, "initials"
    if min(len(a), len(b)) >= 9 and fuzz.ratio(a, b) >= 94 and not has_han(a):
        return 0.7, "nearly the same spelling"
    return _NO
