"""Short forms that a document defines: 以下简称“…”, hereinafter, (the "Company"), acronyms in brackets, names in two languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.names import initials, without_legal_form
from kg.text import has_han

if TYPE_CHECKING:
    from collections.abc import Iterator

_ZH = re.compile(
    r"[（(]\s?(?:以下|下称|下稱|以下统称|股票)?\s?(?:简称|簡稱|合称|统称|下称|或)?\s?(?:为|：|:)?\s?[“「\"『]([^”」\"』]{2,20})[”」\"』](?:\s?(?:或|、)\s?[“「\"]([^”」\"]{2,20})[”」\"])?\s?[）)]"
)
_ZH_PLAIN = re.compile(
    r"[（(，,]\s?(?:以下|下)?(?:简称|簡稱|又称|又稱|英文名|英文简称|英文名称|曾用名|原名)\s?(?:为|：|:)?\s?[“「\"]?([^”」\"）)，。；：]{2,24})[”」\"]?\s?[）)，,。]"
)
_EN = re.compile(
    r"\(\s?(?:the\s|collectively,?\s|together,?\s|hereinafter\s(?:referred to as\s)?|formerly\s(?:known as\s)?|also known as\s|a\.k\.a\.\s|or\s)?[\"“]?([A-Z][\w&.’ -]{1,30}?)[\"”]?\s?(?:;[^)]{0,40}|,[^)]{0,40})?\)"
)
_TERMS = re.compile(r"\s?\(([^()\n]{4,140})\)")
_TERM = re.compile(r"[\"“]([A-Za-z][^\"”]{0,40}?),?[\"”]")
_JOINED = re.compile(
    r"[\"“][A-Za-z][^\"”]{0,40}?,?[\"”]|\b(?:the|or|and|and/or|our|collectively|together|hereinafter|hereafter|referred|to|as|called)\b|[,;]"
)
"""All that brackets of quoted terms hold."""
_BRACKET = re.compile(r"\s?[（(]\s?([^（）()，。；,;]{2,40}?)\s?(?:[，,；;：:][^（）()]{0,40})?[）)]")

GENERIC = frozenset(
    (
        "公司",
        "本公司",
        "集团",
        "本集团",
        "发行人",
        "上市公司",
        "Company",
        "Group",
        "Issuer",
        "Registrant",
        "Corporation",
        "We",
        "Us",
        "we",
        "us",
        "our",
        "our company",
        "the Company",
        "the Group",
    )
)
"""Words that a filing defines for itself: 'the Company' is the filer."""


def definitions(text: str) -> Iterator[tuple[int, int, int]]:
    """(end of the long form, start and end of the short form) for each definition in brackets that stands in `text`."""
    for rule in (_ZH, _ZH_PLAIN, _EN):
        for match in rule.finditer(text):
            for group in range(1, (match.lastindex or 0) + 1):
                if match.group(group):
                    yield match.start(), match.start(group), match.end(group)
    # ("Larkspur", "we" or the "Company"): each quoted term is one.
    for match in _TERMS.finditer(text):
        if _JOINED.sub("", match[1]).strip():
            continue
        for term in _TERM.finditer(match[1]):
            yield match.start(), match.start(1) + term.start(1), match.start(1) + term.end(1)


def may_abbreviate(long: str, short: str) -> bool:
    """Whether `short` in brackets behind `long` can be the same name: initials, a part, or the other language."""
    if has_han(long) != has_han(short):
        return True
    if has_han(short):
        at = -1
        for char in short:
            at = long.find(char, at + 1)
            if at < 0:
                return False
        return True
    letters = re.sub(r"[^A-Za-z]", "", without_legal_form(short)).upper()
    return (
        letters == initials(long).upper() or initials(long).upper().startswith(letters) or short.lower() in long.lower()
    )
