"""How and when a claim holds: stated, planned, reported, denied or ended, and since or until when, from the sentence around its words."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.relate.dates import relative
from kg.relate.values import period
from kg.text import has_han

if TYPE_CHECKING:
    from kg.model import Claim, Document

STATUSES = ("stated", "planned", "reported", "denied", "ended")
_POSTS = frozenset(("holdsPositionAt", "memberOf"))
_ENDED_POST = re.compile(
    r"(?<![复還还])(?<!中)原(?=[^因来则料本理文创有子型始]{0,16}(?:董|总|首席|主席|经理|行长|所长|院长|总裁|CEO|CTO|CFO))|前(?=(?:任|首席|董事|总|CEO|CTO|CFO|副|高管|员工|主席|院长|所长))|曾任|曾担任|卸任|辞去|辞任|离任|离职|不再担任"
    r"|\b(?:former|formerly|ex-|previously|stepped down|resigned|left (?:the|his|her|as)|departed|served as|until recently|used to)\b|\bex-(?=[A-Z]|chief|ceo)",
    re.IGNORECASE,
)
_ENDED = re.compile(
    r"终止(?:合作|协议|与)|停产|停止供应|不再(?:使用|供应|合作|持有|属于)|已退出|出售了|结束合作|\b(?:no longer|discontinued|ended its|terminated|divested|sold off|exited|ceased)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"否认|并未|并非|不实|未曾|澄清|\b(?:den(?:y|ies|ied)|did not|does not|has not|have not|is not|was not|untrue|never)\b",
    re.IGNORECASE,
)
_PLANNED = re.compile(
    r"(?<![即])将(?![军领士才])|拟(?![定合])|计划(?!经济)|预计|有望|即将|打算|筹划|\b(?:will|plans? to|planned|planning to|intends? to|expects? to|expected to|is set to|aims? to|to be (?:launched|released)|upcoming|would acquire|agreed to)\b",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"据悉|据报道|据[^，。]{0,12}(?:报道|消息|透露|称)|有消息称|传闻|知情人士|据传|\b(?:according to|reportedly|is said to|are said to|sources? (?:said|say)|people familiar|rumou?red|reports? that)\b",
    re.IGNORECASE,
)
_SINCE = re.compile(
    r"自(?P<a>[^，。；]{2,14}?)(?:起|以来)|(?P<b>[^，。；]{2,14})以来|\bsince (?P<c>[^,.;]{3,22})|\b(?:effective|starting|as of) (?P<d>[^,.;]{3,22})",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"(?:截至|直到|直至|至)(?P<a>[^，。；]{2,12}?)(?:为止|止|卸任|离任)|\buntil (?P<b>[^,.;]{3,22})", re.IGNORECASE
)
_END = re.compile(r"[。！？；\n]|(?<=[a-z0-9)])[.!?](?=\s|$)")
_WINDOW = 240


# Many claims have the same sentence.
_relative = lru_cache(maxsize=512)(relative)


def timed(claim: Claim, document: Document) -> Claim:
    """The claim with its status and, where the text says so, the time that it holds."""
    sentence, clause = _around(claim, document.text)
    year = document.date[:4] if document.date else None
    qualifiers = claim.qualifiers
    moment = qualifiers.date or _relative(clause, document.date)
    since = _when(_SINCE, sentence, year, document.date)
    until = _when(_UNTIL, sentence, year, document.date)
    status = status_of(claim.predicate, clause, sentence)
    if status == "ended" and until is None and moment and claim.predicate not in _POSTS:
        until = moment
    return replace(claim, qualifiers=replace(qualifiers, status=status, date=moment, since=since, until=until))


@lru_cache(maxsize=512)
def status_of(predicate: str, clause: str, sentence: str) -> str:
    """The status of a claim whose words stand in `clause` of `sentence`; what ends or denies outranks what plans and reports."""
    if _DENIED.search(clause):
        return "denied"
    if (predicate in _POSTS and _ENDED_POST.search(clause)) or _ENDED.search(clause):
        return "ended"
    if _PLANNED.search(clause):
        return "planned"
    return "reported" if _REPORTED.search(sentence) else "stated"


def _around(claim: Claim, text: str) -> tuple[str, str]:
    """The sentence of a claim, and its words from the first end (with the few before it, where 原 and 前 stand) to the last."""
    start = min(
        claim.evidence.start, claim.subject.start if claim.subject.start >= claim.evidence.start - 80 else 10**9
    )
    end = claim.evidence.end
    before = [m.end() for m in _END.finditer(text, max(0, start - _WINDOW), start)]
    left = before[-1] if before else max(0, start - _WINDOW)
    after = _END.search(text, end, min(len(text), end + _WINDOW))
    right = after.start() if after else min(len(text), end + _WINDOW)
    ends = [m for m in (claim.subject, claim.object) if left <= m.start < right]
    first = min([start, *(m.start for m in ends)])
    last = max([end, *(m.end for m in ends)])
    lead = 3 if has_han(text[first:last]) else 12
    if last - first > 160:  # a learned claim over several sentences: only what stands between the ends counts
        first, last = min(m.start for m in ends) if ends else first, max(m.end for m in ends) if ends else last
    return text[left:right], text[max(left, first - lead) : last]


@lru_cache(maxsize=512)
def _when(pattern: re.Pattern[str], sentence: str, year: str | None, issued: str | None) -> str | None:
    match = pattern.search(sentence)
    if not match:
        return None
    words = next(g for g in match.groups() if g)
    return period(words, None) or relative(words, issued) or period(words, year)
