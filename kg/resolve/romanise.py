"""Chinese names in pinyin, for comparing them with Latin ones."""

from __future__ import annotations

import re
from functools import lru_cache

from kg.text import HAN, fold

_COMPOUND = ("欧阳", "司马", "上官", "诸葛", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "令狐", "端木", "东方")
_SURNAMES = {"曾": "zeng", "单": "shan", "仇": "qiu", "解": "xie", "区": "ou", "查": "zha", "任": "ren", "翟": "zhai"}


@lru_cache(maxsize=1 << 17)
def syllables(name: str) -> tuple[str, ...]:
    """The syllables of the Chinese characters of a name without tones, runs of Latin letters kept: 云帆X -> yun, fan, x."""
    from pypinyin import lazy_pinyin

    return tuple(s for s in lazy_pinyin(fold(name), errors=lambda other: other, v_to_u=False) if s)


def joined(name: str) -> str:
    """`syllables` as one word: 云帆 -> yunfan."""
    return "".join(syllables(name)).replace("ü", "v")


@lru_cache(maxsize=1 << 16)
def person(name: str) -> tuple[str, str]:
    """Surname and given name of a Chinese person in pinyin; empty strings for what does not look like one."""
    han = "".join(HAN.findall(name))
    if han != re.sub(r"\s", "", name) or not 2 <= len(han) <= 4:
        return "", ""
    cut = 2 if han[:2] in _COMPOUND and len(han) > 2 else 1
    surname = _SURNAMES.get(han[0]) if cut == 1 else None
    return surname or joined(han[:cut]), joined(han[cut:])
