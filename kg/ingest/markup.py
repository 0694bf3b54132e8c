"""Marks that belong to a page and not to its words: blanked out character for character, so that offsets stay."""

from __future__ import annotations

import re

DROPPED = "\x00"
"""Stands for a character of markup: nothing is read there."""
BLOCK = "\x1e"
"""Stands for a tag that ends a block: no sentence goes on across it."""
HEADING = "\x01"
"""Stands for the first mark of a Markdown heading."""

_BLOCKS = (
    "address|article|blockquote|body|dd|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|head|header|hr|html|legend|li|main|nav|ol|p"
    "|pre|section|table|tbody|td|tfoot|th|thead|title|tr|ul"
)
_INLINE = (
    "a|abbr|b|bdi|big|button|center|cite|code|del|em|font|i|img|input|ins|kbd|label|mark|meta|o:p|option|q|s|select|small|span"
    "|strike|strong|sub|sup|textarea|time|tt|u|var|wbr"
)
_TAG = re.compile(
    rf"<(?:/?(?:(?P<block>{_BLOCKS})|(?P<line>br)|{_INLINE})(?:\s[^<>]{{0,500}})?/?|!--[^<>]{{0,500}}--)>",
    re.IGNORECASE,
)
# Soft hyphens, zero-width characters and those that turn the direction of writing: they would hide in names and make two look like one.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\x00\x01\x1e]"
    "|&(?:nbsp|ensp|emsp|#160);"
)
_STARRED = re.compile(r"(\*\*|__)(?=[^\s*_])([^\n]{1,300}?)(?<=[^\s*_])\1")
_EMPHASIS = re.compile(r"(?<![\w*\x00])\*(?=[^\s*])([^*\n]{1,300}?)(?<=[^\s*])\*(?![\w*])")
_LINE_MARK = re.compile(r"^[ \t]*(?:(?P<heading>#{1,6})(?=[ \t])|>(?=[ \t])|[-*_=~]{3,}[ \t]*$)", re.MULTILINE)
_CODE = re.compile(r"`([^`\n]{1,200})`")
_LINK = re.compile(r"!?\[([^\]\[\n]{0,300})\]\([^()\s]{1,500}(?:[ \t]\"[^\"\n]{0,200}\")?\)")
_TABLE_RULE = re.compile(r"^[ \t]*\|(?:[ \t]*:?-{2,}:?[ \t]*\|)+[ \t]*$", re.MULTILINE)
_TABLE_ROW = re.compile(r"^[ \t]*\|(?P<cells>[^\n]+)\|[ \t]*$", re.MULTILINE)


def blanked(text: str) -> str:
    """`text`, of the same length, with tags, Markdown marks and invisible characters turned into the marks above."""
    if _INVISIBLE.search(text):
        text = _INVISIBLE.sub(_dropped, text)
    if "<" in text:
        text = _TAG.sub(_tag, text)
    text = _LINE_MARK.sub(_line_mark, text)
    if "|" in text:
        text = _TABLE_ROW.sub(_row, _TABLE_RULE.sub(_dropped, text))
    if "](" in text:
        text = _LINK.sub(_around_first, text)
    if "**" in text or "__" in text:
        text = _STARRED.sub(_around_second, text)
    if "*" in text:
        text = _EMPHASIS.sub(_around_first, text)
    if "`" in text:
        text = _CODE.sub(_around_first, text)
    return text


def _dropped(match: re.Match[str]) -> str:
    return DROPPED * len(match[0])


def _tag(match: re.Match[str]) -> str:
    text, start, end = match.string, match.start(), match.end()
    in_cell = text[start - 1 : start] == "\t" or text[end : end + 1] == "\t"
    first = "\n" if match["line"] else BLOCK if match["block"] and not in_cell else DROPPED
    return first + DROPPED * (len(match[0]) - 1)


def _line_mark(match: re.Match[str]) -> str:
    return (HEADING if match["heading"] else DROPPED).rjust(len(match[0]), DROPPED)


def _row(match: re.Match[str]) -> str:
    return match[0].replace("|", DROPPED, 1)[:-1].rstrip(" \t|").replace("|", "\t").ljust(len(match[0]), DROPPED)


def _around(match: re.Match[str], group: int) -> str:
    start, end = match.start(group) - match.start(), match.end(group) - match.start()
    return DROPPED * start + match[group] + DROPPED * (len(match[0]) - end)


def _around_first(match: re.Match[str]) -> str:
    return _around(match, 1)


def _around_second(match: re.Match[str]) -> str:
    return _around(match, 2)
