"""Patterns as data: `patterns/{en,zh}/*.toml` are loaded, checked against the ontology, compiled, and run on sentences.

A file holds `[[pattern]]` tables with `name`, `predicate`, and either

- `match`: a row of words, gaps and slots, or a list of such rows. `{s}` and `{o}` are subject and object, of the types that the
  ontology allows or of those written (`{s:Company}`); `{o+}` is a list (A、B and C), each of which is an object; `{x:Type}` another
  mention; `{role}` words that end in a title, kept as the role. `(a|b c)` is a choice, `(a|b)?` one that may be missing, `..` up to six words
  without punctuation or mention, `...` up to twelve with commas, `....` up to thirty that may hold mentions. English words are lemmas
  for verbs and nouns, else in lower case. Chinese words begin and end where LAC's words do.
- or `verbs` with `subject` and `object` (English): lemmas and their arguments in the dependency parse: `subj`, `obj`, or a
  preposition such as `with`; passives are turned round.

With `swap = true`, `{s}` (or `subject`) is the claim's object and `{o}` its subject, for verbs whose direction is the other way round.

`confidence` is the share of its matches that are right, estimated on the project's own passages. `must` and `must_not` are sentences
with their mentions marked, `[s:Company 云帆科技]推出[o:AIModel 云帆-7B]`, which the tests run.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from kg.errors import DataError
from kg.relate.polarity import denied, supposed
from kg.vocabulary import PREDICATES, TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.resources.abc import Traversable

    from kg.relate.sentences import Item, Sentence

SEP = "\x1f"
_KINDS = sorted(TYPES)
_SEEN = {kind: chr(0xE000 + i) for i, kind in enumerate(_KINDS)}
_UNSEEN = {kind: chr(0xE100 + i) for i, kind in enumerate(_KINDS)}
_ALL_SEEN = f"{chr(0xE000)}-{chr(0xE0FF)}"
_ALL_UNSEEN = f"{chr(0xE100)}-{chr(0xE1FF)}"
_STOP = "。；！？;!?"
_PAUSE = "，、：,:—" + "\\n"
_PLACE = _SEEN["Place"]
_NOT_PLACE = "".join(c for k, c in _SEEN.items() if k != "Place")
_SKIP = f"(?:[{_ALL_UNSEEN}]{SEP})*+"
# Quantifiers and lists are possessive or atomic wherever a second reading is of no use: hostile text must not make matching slow.
_GAPS = {
    "..": f"(?:[^{SEP}{_STOP}{_PAUSE}{_NOT_PLACE}{_ALL_UNSEEN}]+{SEP}){{0,6}}?",
    "...": f"(?:[^{SEP}{_STOP}{_NOT_PLACE}{_ALL_UNSEEN}]+{SEP}{_SKIP}){{0,12}}?",
    "....": f"(?:[^{SEP}{_STOP}{_ALL_UNSEEN}]+{SEP}{_SKIP}){{0,30}}?",
}
_FILL = f"(?:[^{SEP}{_STOP}{_PAUSE}{_ALL_SEEN}{_ALL_UNSEEN}]{{1,12}}{SEP}){{0,3}}?"
_LIST = {
    "zh": f"(?:(?:{_FILL}(?:[、和及与跟或/／暨同與]|以及){SEP}|(?:(?:[领領跟参]{SEP}?投|等){SEP})?，{SEP}){_SKIP}(?:(?:以及|及|和|与|，){SEP})?{_FILL}|{_SKIP})",
    "en": f"(?:{_FILL}(?:,|and|or|&|plus|as{SEP}well{SEP}as){SEP}{_SKIP}(?:(?:and|or|as{SEP}well{SEP}as){SEP})?{_FILL})",
}
_WORD = f"[^{SEP}{_STOP}{_PAUSE}{_ALL_SEEN}{_ALL_UNSEEN}()（）]"
TITLES = {
    "zh": "董事长|董事長|总裁|總裁|总经理|總經理|经理|創辦人|执行官|執行長|CEO|CTO|CFO|COO|CIO|CSO|CMO|CPO|CRO|总监|總監|董事|监事|科学家|技术官|财务官|运营官|官|院长|院長|所长|主任|校长|部长|局长|司长|处长|"
    "秘书|董秘|秘书长|会长|理事长|理事|主席|委员|合伙人|工程师|架构师|研究员|教授|副教授|讲师|博士生|负责人|联席|主管|代表|顾问|高管|VP|专家|分析师|发言人|行长|主编|记者|组长|组长单位|创始团队成员|院士|"
    "总编|总编辑|掌门人|一号位|带头人|产品经理|总工|总工程师|董事总经理|首席|主理人|社长|总干事|书记|团长|经济师|策略师|律师|会计师|成员|總監|顧問|研究員|總工程師|技術長|財務長|營運長|副手",
    "en": "CEO|CTO|CFO|COO|CIO|CSO|CMO|CPO|CRO|chief|officer|president|chairman|chairwoman|chairperson|chair|director|head|manager|founder|co-founder|cofounder|partner|scientist|engineer|researcher|analyst|professor|"
    "fellow|lead|leader|vp|svp|evp|secretary|spokesperson|spokesman|spokeswoman|executive|architect|dean|minister|commissioner|advisor|adviser|member|principal|economist|strategist|editor|counsel|treasurer|governor|administrator|ambassador|"
    "developer|designer|investigator|boss|evangelist|owner|student|lecturer|trustee|controller",
}


def _role(lang: str) -> str:
    """Words that end in a title, or several such joined: 董事长兼总经理; senior vice president of research and chief scientist."""
    if lang == "zh":
        unit = f"(?:{_WORD}{{1,10}}{SEP}){{0,4}}?{_WORD}{{0,6}}(?:{TITLES['zh']}){SEP}"
        return f"{unit}(?:(?:兼任|兼|、|及|和|与|暨|以及){SEP}{unit}){{0,3}}"
    unit = f"(?:{_WORD}+{SEP}){{0,4}}?(?:{TITLES['en']}){SEP}(?:(?:of|for){SEP}(?:{_WORD}+{SEP}){{1,4}}?)?"
    return f"{unit}(?:(?:and|,|&){SEP}(?:and{SEP})?{unit}){{0,2}}"


_ROLE = {lang: _role(lang) for lang in ("zh", "en")}
_TOKEN = re.compile(
    r"\{(?P<slot>[sox]|role)(?P<list>\+)?(?::(?P<types>[A-Za-z|]+))?\}|(?P<gap>\.{2,4})(?=\s|$)|\((?P<choice>[^)]*)\)(?P<maybe>\?)?|(?P<anchor>\^)|(?P<word>[^\s(){}]+)"
)


_GAP_NEXT = re.compile(r"\s*\.{2,4}\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One pattern of a file. `id` is `language/predicate/name`."""

    id: str
    lang: str
    predicate: str
    confidence: float
    rows: tuple[str, ...] = ()
    """Regular expressions, compiled when a sentence first needs them."""
    words: frozenset[str] = frozenset()
    """A sentence that holds none of these cannot match (empty: no such word)."""
    verbs: frozenset[str] = frozenset()
    subject: frozenset[str] = frozenset()
    """For `verbs`: the arguments that may be the subject."""
    object: frozenset[str] = frozenset()
    subject_types: frozenset[str] = frozenset()
    object_types: frozenset[str] = frozenset()
    swap: bool = False
    must: tuple[str, ...] = field(default=(), repr=False)
    must_not: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Match:
    """Subject and object found by a pattern, with the words that state it (offsets in the reading text)."""

    pattern: Pattern
    subject: Item
    object: Item
    start: int
    end: int
    role: str | None = None


@cache
def patterns(lang: str) -> tuple[Pattern, ...]:
    """All patterns of a language, in order of file name and place.

    Raises:
        DataError: for an unknown predicate, type, key or slot, with file and pattern.
    """
    folder = files("kg.relate").joinpath("patterns", lang)
    return tuple(
        p
        for path in sorted(folder.iterdir(), key=lambda p: p.name)
        if path.name.endswith(".toml")
        for p in _read(path, lang)
    )


_KEYS = {
    "name",
    "predicate",
    "match",
    "verbs",
    "subject",
    "object",
    "subject_types",
    "object_types",
    "confidence",
    "must",
    "must_not",
    "swap",
}


def _read(path: Traversable, lang: str) -> Iterator[Pattern]:
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{path}: {error}") from error
    for row in data["pattern"]:
        where = f"{path}: pattern {row.get('name')!r}"
        if unknown := set(row) - _KEYS:
            raise DataError(f"{where}: unknown key {', '.join(sorted(unknown))}; known are {', '.join(sorted(_KEYS))}")
        predicate = PREDICATES.get(row["predicate"])
        if predicate is None:
            raise DataError(f"{where}: predicate {row['predicate']!r} is not in the ontology")
        # With `swap` the slots change places: {s} stands for the claim's object.
        first, second = (predicate.range, predicate.domain) if row.get("swap") else (predicate.domain, predicate.range)
        subject_types = frozenset(row.get("subject_types", first))
        object_types = frozenset(row.get("object_types", second))
        if not (subject_types <= first and object_types <= second):
            raise DataError(f"{where}: the ontology does not allow these types for {predicate.name}")
        rows = row.get("match", [])
        rows = [rows] if isinstance(rows, str) else rows
        yield Pattern(
            id=f"{lang}/{predicate.name}/{row['name']}",
            lang=lang,
            predicate=predicate.name,
            confidence=row["confidence"],
            rows=tuple(_compiled(r, lang, subject_types, object_types, where) for r in rows),
            words=_needed(rows),
            verbs=frozenset(row.get("verbs", ())),
            subject=_arguments(row.get("subject", "subj")),
            object=_arguments(row.get("object", "obj")),
            subject_types=subject_types,
            object_types=object_types,
            swap=row.get("swap", False),
            must=tuple(row.get("must", ())),
            must_not=tuple(row.get("must_not", ())),
        )


def _arguments(text: str) -> frozenset[str]:
    return frozenset(text.split("|"))


def _compiled(row: str, lang: str, subject_types: frozenset[str], object_types: frozenset[str], where: str) -> str:
    parts, at = [], 0
    row = row.strip()
    while at < len(row):
        if row[at].isspace():
            at += 1
            continue
        token = _TOKEN.match(row, at)
        if token is None:
            raise DataError(f"{where}: cannot read {row[at:]!r}")
        at = token.end()
        if slot := token["slot"]:
            if slot == "role":
                parts.append(f"(?P<role>{_ROLE[lang]})")
                continue
            kinds = (
                frozenset(token["types"].split("|"))
                if token["types"]
                else {"s": subject_types, "o": object_types, "x": frozenset(TYPES)}[slot]
            )
            if kinds - set(TYPES):
                raise DataError(f"{where}: unknown type in {token.group()}")
            # A subject may go unwritten only before a verb some way off, never right beside the object.
            unseen = slot == "s" and not parts and _GAP_NEXT.match(row, at) is not None
            one = _class(kinds, unseen=unseen)
            many = f"(?>{one}{SEP}(?:{_LIST[lang]}{_class(kinds)}{SEP}){{0,30}})" if token["list"] else f"{one}{SEP}"
            parts.append(f"(?P<{slot}>{many})" if slot in "so" else many)
        elif token["gap"]:
            parts.append(_GAPS[token["gap"]])
        elif token["choice"] is not None:
            choice = "|".join(_literal(c, lang) for c in sorted(token["choice"].split("|"), key=len, reverse=True))
            parts.append(f"(?:{choice}){token['maybe'] or ''}")
        elif token["anchor"]:
            parts.append(f"(?<=^{SEP})")
        else:
            parts.append(_literal(token["word"], lang))
    return _SKIP.join(parts)


def _class(kinds: frozenset[str], *, unseen: bool = False) -> str:
    return "[" + "".join(_SEEN[k] + (_UNSEEN[k] if unseen else "") for k in sorted(kinds)) + "]"


def _literal(words: str, lang: str) -> str:
    """A word or words that begin and end at separators; a Chinese word may be split differently by the segmenter inside."""
    if lang == "en":
        return "".join(re.escape(w) + SEP for w in words.split())
    return f"(?<={SEP})" + f"{SEP}?".join(re.escape(c) for c in words.replace(" ", "")) + SEP


def _needed(rows: Sequence[str]) -> frozenset[str]:
    """Words one of which every match holds: those of the first choice that may not be missing, for each row."""
    needed: set[str] = set()
    for row in rows:
        best: list[str] | None = None
        for token in _TOKEN.finditer(row):
            if token["word"] and not token["gap"]:
                words = [token["word"]]
            elif token["choice"] and not token["maybe"]:
                words = [c.split()[0] if c.split() else "" for c in token["choice"].split("|")]
            else:
                continue
            if best is None or min(map(len, words)) > min(map(len, best)):
                best = words
        if best is None or "" in best:
            return frozenset()
        needed.update(best)
    return frozenset(needed)


def encode(sentence: Sentence) -> tuple[str, list[int]]:
    """The sentence as one string, an item between separators each, and the index of the item at each character."""
    parts, index = [SEP], [0]
    for at, item in enumerate(sentence.items):
        if item.mention is not None:
            part = (_UNSEEN if item.unseen else _SEEN)[item.mention.type] + SEP
        else:
            part = item.word + SEP
        parts.append(part)
        index.extend([at] * len(part))
    return "".join(parts), index


def matches(sentence: Sentence, some: Sequence[Pattern] | None = None) -> Iterator[Match]:
    """Subject and object pairs that the patterns (all of the language, if none are given) find, negated and supposed ones left out."""
    if len(sentence.items) < 2 or not sentence.mentions or sentence.asked:
        return
    code, index = encode(sentence)
    for pattern in (
        some if some is not None else _likely(sentence.lang, sentence.text if sentence.lang == "zh" else code)
    ):
        for row in pattern.rows:
            for found in _all(_expression(row), code):
                yield from _pairs(sentence, pattern, found, index)


@cache
def _index(lang: str) -> tuple[Any, frozenset[int]]:
    """An automaton of the words that patterns need, each with the patterns' numbers, and the numbers of those that need none."""
    import ahocorasick

    needing: dict[str, list[int]] = {}
    for number, pattern in enumerate(patterns(lang)):
        for word in sorted(pattern.words):
            needing.setdefault(word, []).append(number)
    automaton = ahocorasick.Automaton()
    for word in sorted(needing):
        automaton.add_word(word, tuple(needing[word]))
    automaton.make_automaton()
    return automaton, frozenset(n for n, p in enumerate(patterns(lang)) if p.rows and not p.words)


def _likely(lang: str, text: str) -> list[Pattern]:
    """The patterns of which a needed word stands in `text`, in their order."""
    automaton, always = _index(lang)
    numbers = set(always)
    for _, some in automaton.iter(text):
        numbers.update(some)
    every = patterns(lang)
    return [every[n] for n in sorted(numbers) if every[n].rows]


_expression = cache(re.compile)


def _all(row: re.Pattern[str], code: str) -> list[re.Match[str]]:
    """For each object the match with the best subject: one that is seen, the nearest, and as a list the longest."""
    best: dict[tuple[int, int], re.Match[str]] = {}
    at = 0
    while found := row.search(code, at):
        at = found.start() + 1
        key = found.span("o") if found.start("s") < found.start("o") else (-found.start("o"), -found.end("o"))
        if key not in best or _rank(found) > _rank(best[key]):
            best[key] = found
    return list(best.values())


def _rank(found: re.Match[str]) -> tuple[int, int]:
    """The nearest subject first; of two that end at one place the longer list."""
    start, end = found.span("s")
    return (-end, -start) if start > found.start("o") else (end, -start)


def _pairs(sentence: Sentence, pattern: Pattern, found: re.Match[str], index: Sequence[int]) -> Iterator[Match]:
    first, last = index[found.start()], index[found.end() - 1]
    if denied(sentence, first, last) or supposed(sentence, first):
        return
    groups = found.groupdict()
    subjects, objects = _items(sentence, found, index, "s"), _items(sentence, found, index, "o")
    role = None
    if groups.get("role"):
        words = [
            sentence.items[i] for i in sorted({index[i] for i in range(found.start("role"), found.end("role") - 1)})
        ]
        role = sentence.reading[words[0].start : words[-1].end].strip(" 的兼任为是,，")
    seen = [i for i in sentence.items[first : last + 1] if i.end > i.start]
    for subject in subjects:
        for obj in objects:
            if subject.mention is not None and obj.mention is not None and subject.mention.text != obj.mention.text:
                yield Match(pattern, subject, obj, min(i.start for i in seen), max(i.end for i in seen), role)


def _items(sentence: Sentence, found: re.Match[str], index: Sequence[int], group: str) -> list[Item]:
    at = sorted(
        {index[i] for i in range(found.start(group), found.end(group)) if 0xE000 <= ord(found.string[i]) < 0xE200}
    )
    return [sentence.items[i] for i in at if not (sentence.items[i].unseen and len(at) > 1 and i != at[0])]
