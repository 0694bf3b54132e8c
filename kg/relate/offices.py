"""Offices told without a verb: the house of a speaker in brackets, and whoever signs a letter of the firm that speaks."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg.relate.rules import TITLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.model import Mention
    from kg.relate.sentences import Item, Sentence

_HOUSES = frozenset(("Company", "Organization"))
_SEPARATORS = frozenset(",，、;；/&") | {"and", "和", "及"}
_TITLE = {
    "zh": re.compile(TITLES["zh"]),
    "en": re.compile(rf"\b(?:{TITLES['en']})\b", re.IGNORECASE),
}
_FOUNDER = re.compile(r"founder|创始人|創辦人|創始人", re.IGNORECASE)
_PLAIN_TITLE = {
    "zh": re.compile(r"[\s、兼及和暨\u4e00-\u9fff]{2,30}"),
    "en": re.compile(r"(?:\s*+(?:,\s*+)?(?:[A-Z][\w&'’-]*+|and|of|the|for|&))+\s*"),
}


@dataclass(frozen=True, slots=True)
class Office:
    """A person, the house, the predicate, the stretch of the reading text that says so, and the title as written."""

    person: Item
    house: Item
    predicate: str
    start: int
    end: int
    role: str | None


def offices(sentence: Sentence, speaker: Mention | None) -> Iterator[Office]:
    """The offices of a sentence that stand in brackets or under a letter."""
    if sentence.asked:
        return
    yield from _in_brackets(sentence)
    if speaker is not None and speaker.type in _HOUSES:
        yield from _signed(sentence, speaker)


def _in_brackets(sentence: Sentence) -> Iterator[Office]:
    """Ada Marlow (Tern Institute, Skylark); 林一舟（云帆科技首席科学家）."""
    items = sentence.full
    for at, item in enumerate(items[:-2]):
        if item.mention is None or item.mention.type != "Person" or items[at + 1].word != "(":
            continue
        houses: list[Item] = []
        rest = at + 2
        while rest < len(items) and (houses == [] or items[rest].word in _SEPARATORS or items[rest].mention):
            mention = items[rest].mention
            if mention is not None and mention.type in _HOUSES:
                houses.append(items[rest])
            elif mention is not None or items[rest].word not in _SEPARATORS:
                break
            rest += 1
        close = next((i for i in range(rest, len(items)) if items[i].word == ")"), None)
        if not houses or close is None:
            continue
        told = sentence.reading[houses[-1].end : items[close].start].strip(" ,，、")
        # What else the brackets say must be a title: a verb would make another claim of it.
        if told and not _TITLE[sentence.lang].search(told):
            continue
        for house in houses:
            yield Office(item, house, "holdsPositionAt", item.start, items[close].end, told or None)


def _signed(sentence: Sentence, speaker: Mention) -> Iterator[Office]:
    """Ada Marlow, Chairwoman and Chief Executive Officer: a line of its own with a title and no firm."""
    people = [i for i in sentence.items if i.mention is not None and not i.unseen]
    if len(people) != 1 or people[0].reference or people[0].mention is None or people[0].mention.type != "Person":
        return
    person = people[0]
    title = sentence.reading[person.end : sentence.end].strip(" \n,，")
    if sentence.reading[sentence.start : person.start].strip() or not _PLAIN_TITLE[sentence.lang].fullmatch(title):
        return
    found = _TITLE[sentence.lang].search(title)
    if found is None:
        return
    house = replace(person, mention=speaker, reference=True)
    if _FOUNDER.search(title):
        yield Office(person, house, "founded", person.start, sentence.end, None)
    if _TITLE[sentence.lang].search(re.sub(r"(?i)(?:co-?)?founder|联合创始人|创始人|創辦人|創始人", "", title)):
        yield Office(person, house, "holdsPositionAt", person.start, sentence.end, title)
