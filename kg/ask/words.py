"""The words of a question: names of the graph and words of `words.toml`, found in the folded text, the longest first."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from kg.ask.times import times
from kg.text import fold, fold_with_offsets, has_han

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_NUMBER = re.compile(r"\d+(?:\.\d+)?|[一二两三四五六七八九十百]+(?=[百千]?[亿万分])")
_WORD = re.compile(r"[A-Za-z0-9]")
_CONTENT = re.compile(r"\w")
_VOWELS = "aeiou"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A stretch of the question with its meaning: `kind` is entity, relation, metric, type, number, period, unknown or a mark of `words.toml`."""

    kind: str
    start: int
    end: int
    text: str
    value: str = ""
    end_named: str = ""
    """Of a relation that a noun names: the end that the noun stands for."""
    noun: bool = False
    role: str = ""
    """The office that a noun names: ceo, chair."""
    entities: tuple[str, ...] = ()
    types: frozenset[str] = frozenset()


def _inflected(phrase: str, irregular: Mapping[str, Sequence[str]]) -> set[str]:
    """The forms of a verb phrase; its first word is the verb."""
    verb, _, rest = phrase.partition(" ")
    made = {verb, *irregular.get(verb, ())}
    stem = verb.removesuffix("e")
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        made |= {f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"}
    else:
        ending = "es" if verb.endswith(("s", "sh", "ch", "x", "o")) else "s"
        made |= {f"{verb}{ending}", f"{stem}ed", f"{stem}ing"}
    return {f"{form} {rest}".strip() for form in made}


def _plural(noun: str) -> set[str]:
    if has_han(noun):
        return {noun}
    ending = noun[:-1] + "ies" if noun.endswith("y") and noun[-2] not in _VOWELS else noun + "s"
    return {noun, ending, noun + "es" if noun.endswith(("s", "x", "sh", "ch")) else ending}


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(files("kg.ask").joinpath("words.toml").read_text("utf-8"))


def offices() -> Mapping[str, tuple[str, ...]]:
    """Office -> its titles in small letters."""
    return {role: tuple(w.lower() for w in words) for role, words in _data()["office"].items()}


@cache
def lexicon() -> Mapping[str, tuple[dict[str, Any], ...]]:
    """Folded word -> its meanings, the first of them the likeliest."""
    data = _data()
    found: dict[str, list[dict[str, Any]]] = {}

    def add(word: str, **meaning: Any) -> None:
        meanings = found.setdefault(fold(word), [])
        if meaning not in meanings:
            meanings.append(meaning)

    for name, row in data["relation"].items():
        verb = {"kind": "relation", "value": row.get("of", name), "noun": False}
        inverse = {"end_named": "inverse"} if row.get("inverse") else {}
        for phrase in row["en"]:
            for form in _inflected(phrase, data["irregular"]):
                add(form, **verb, **inverse)
                if form.startswith(("is ", "are ", "was ", "were ", "be ", "been ")) and form.count(" ") > 1:
                    add(form.partition(" ")[2], **verb, **inverse)
        for word in row["zh"]:
            add(word, **verb, **inverse)
        for end in ("subject", "object"):
            for noun in row.get(end, ()):
                for form in _plural(noun):
                    add(form, kind="relation", value=row.get("of", name), noun=True, end_named=end)
    for role, nouns in data["office"].items():
        for form in {f for noun in nouns for f in _plural(noun)}:
            add(form, kind="relation", value="holdsPositionAt", noun=True, end_named="subject", role=role)
    for name, nouns in data["type"].items():
        for noun in nouns:
            for form in _plural(noun):
                add(form, kind="type", value=name)
    for row in tomllib.loads(files("kg.relate").joinpath("metrics.toml").read_text("utf-8"))["metric"]:
        for word in (*row["zh"], *row["en"]):
            add(word, kind="metric", value=row["name"])
    for mark, words in data["mark"].items():
        for word in words:
            add(word, kind=mark)
    return {word: tuple(meanings) for word, meanings in found.items() if word}


def items(question: str, names: Mapping[str, Sequence[tuple[str, str]]]) -> list[Item]:
    """The question as a row of items; `names` is folded name -> (IRI, type) of its entities."""
    folded, offsets = fold_with_offsets(question)
    known, found, at = lexicon(), list[Item](), 0
    longest = 80
    named = {start: (end, value) for start, end, value in times(question)}
    while at < len(folded):
        if offsets[at] in named:
            start = offsets[at]
            end, value = named[start]
            found.append(Item(kind="period", start=start, end=end, text=question[start:end], value=value))
            while at < len(folded) and offsets[at] < end:
                at += 1
            continue
        number = _NUMBER.match(question, offsets[at])
        for end in range(min(len(folded), at + longest), at, -1):
            word = folded[at:end]
            start, stop = offsets[at], offsets[end - 1] + 1
            if (word in names or word in known) and _whole(question, start, stop):
                found += _meant(question, start, stop, word, names, known)
                at = end
                break
        else:
            if number and _whole(question, number.start(), number.end()):
                found.append(Item(kind="number", start=number.start(), end=number.end(), text=number[0]))
                stop = number.end()
            else:
                stop = _unknown_end(question, offsets[at])
                if _CONTENT.match(question, offsets[at]):
                    found.append(Item(kind="unknown", start=offsets[at], end=stop, text=question[offsets[at] : stop]))
            while at < len(folded) and offsets[at] < stop:
                at += 1
    return found


def _whole(text: str, start: int, end: int) -> bool:
    """Whether no Latin word is cut at either end."""
    cut_before = start > 0 and _WORD.match(text[start]) and _WORD.match(text[start - 1])
    cut_after = end < len(text) and _WORD.match(text[end - 1]) and _WORD.match(text[end])
    return not (cut_before or cut_after)


def _unknown_end(text: str, start: int) -> int:
    end = start + 1
    while _WORD.match(text[start]) and end < len(text) and _WORD.match(text[end]):
        end += 1
    return end


def _meant(
    text: str,
    start: int,
    end: int,
    word: str,
    names: Mapping[str, Sequence[tuple[str, str]]],
    known: Mapping[str, tuple[dict[str, Any], ...]],
) -> list[Item]:
    """The likeliest meaning; a word of the language goes before a name that is spelled as it, but for a capital inside the sentence."""
    words = text[start:end]
    named = names.get(word, ())
    if named and (word not in known or (start > 0 and words[:1].isupper() and len(word) > 2)):
        return [
            Item(
                kind="entity",
                start=start,
                end=end,
                text=words,
                entities=tuple(sorted({iri for iri, _ in named})),
                types=frozenset(kind for _, kind in named),
            )
        ]
    meaning = known[word][0]
    others = known[word][1:]
    types = frozenset(m["value"] for m in others if m["kind"] == "metric")
    return [Item(start=start, end=end, text=words, types=types, **meaning)]
