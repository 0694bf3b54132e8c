"""The project's own corpus: passages with their mentions, claims, near misses and observations.

`training/{zh,en}/passages/*.jsonl` hold one passage a line, in a short form of the gold format:

    {"id": "zh-funding-001", "genre": "funding", "text": "…",
     "entities": [["Company", "云砺智算股份有限公司", "云砺智算"], ["Person", "沈彦"]],
     "claims": [["沈彦", "holdsPositionAt", "云砺智算", {"role": "董事长"}]],
     "near": [["云砺智算", "supplies", "中信证券", "denied"]],
     "observations": [["云砺智算", "revenue", 1.2e9, "CNY", "2024"]],
     "not": [["云砺", "…exact words around an occurrence that is no mention…"]]}

An entity is its type and every name the text gives it; claims refer to an entity by any of its names. `near` lists pairs that a
careless reader would take for a claim, and why they are none: `denied`, `asked`, `hypothetical`, `other` (another relation holds)
or `candidate` (two names could fill the place, this is the wrong one).

    python -m training.corpus [FILE...]     checks the passages and counts what they hold
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.vocabulary import PREDICATES, TYPES, allows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).parent
WHYS = {"denied", "asked", "hypothetical", "other", "candidate"}
_LATIN = re.compile(r"[A-Za-z0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A passage of the corpus; `mentions` are (start, end, type, number of the entity)."""

    id: str
    lang: str
    genre: str
    text: str
    entities: tuple[tuple[str, tuple[str, ...]], ...]
    mentions: tuple[tuple[int, int, str, int], ...]
    claims: tuple[tuple[int, str, int, str | None], ...]
    near: tuple[tuple[int, str, int, str], ...]
    observations: tuple[tuple[int, str, float, str | None, str | None], ...]
    barred: tuple[tuple[str, str], ...]
    """Names with the words around an occurrence that is no mention."""

    @property
    def validation(self) -> bool:
        """Whether it belongs to the fixed fifth that nothing is trained on."""
        return hashlib.sha256(self.id.encode()).digest()[0] % 5 == 0


def passages(lang: str) -> Iterator[Passage]:
    """All passages of a language, in the order of files and lines.

    Raises:
        ValueError: for a passage that does not fit the format, naming file and line.
    """
    for path in sorted((ROOT / lang / "passages").glob("*.jsonl")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if not line.strip():
                continue
            passage, problems = parse(line, lang)
            if passage is None or problems:
                raise ValueError(f"{path}:{number}: {'; '.join(problems)}")
            yield passage


def parse(line: str, lang: str) -> tuple[Passage | None, list[str]]:
    """A line as a passage, and what is wrong with it."""
    try:
        raw: dict[str, Any] = json.loads(line)
        entities = tuple((e[0], tuple(e[1:])) for e in raw["entities"])
        text = raw["text"]
    except (ValueError, KeyError, IndexError, TypeError) as error:
        return None, [f"not a passage: {error!r}"]
    problems: list[str] = []
    of: dict[str, int] = {}
    for i, (kind, names) in enumerate(entities):
        if kind not in TYPES:
            problems.append(f"{kind} is no type")
        for name in names:
            if of.setdefault(name, i) != i:
                problems.append(f"{name!r} names two entities")
    mentions = tuple(_mentions(text, entities, raw.get("not", [])))
    for name in of:
        if name not in text:
            problems.append(f"{name!r} is not in the text")
    for i, (_, names) in enumerate(entities):
        if not any(m[3] == i for m in mentions):
            problems.append(f"{names!r} has no mention of its own")

    def ends(row: list[Any]) -> tuple[int, str, int] | None:
        subject, predicate, obj = row[:3]
        if subject not in of or obj not in of:
            problems.append(f"{subject!r} {predicate} {obj!r}: not among the entities")
        elif predicate not in PREDICATES:
            problems.append(f"{predicate} is no predicate")
        elif not allows(predicate, entities[of[subject]][0], entities[of[obj]][0]):
            problems.append(
                f"{subject} {predicate} {obj}: {entities[of[subject]][0]} -> {entities[of[obj]][0]} is not allowed"
            )
        else:
            return of[subject], predicate, of[obj]
        return None

    claims = []
    for row in raw.get("claims", []):
        if (triple := ends(row)) is not None:
            claims.append((*triple, row[3].get("role") if len(row) > 3 and isinstance(row[3], dict) else None))
    near = []
    for row in raw.get("near", []):
        if len(row) < 4 or row[3] not in WHYS:
            problems.append(f"near {row}: no reason of {sorted(WHYS)}")
        elif (triple := ends(row)) is not None:
            near.append((*triple, row[3]))
            if triple in {c[:3] for c in claims}:
                problems.append(f"near {row}: stands among the claims")
    numbers = []
    for row in raw.get("observations", []):
        if row[0] not in of or not isinstance(row[2], (int, float)):
            problems.append(f"observation {row}")
            continue
        numbers.append((of[row[0]], row[1], float(row[2]), *(row[3:5] + [None, None])[:2]))
    made = Passage(
        id=raw.get("id", ""),
        lang=lang,
        genre=raw.get("genre", ""),
        text=text,
        entities=entities,
        mentions=mentions,
        claims=tuple(claims),
        near=tuple(near),
        observations=tuple(numbers),
        barred=tuple((name, context) for name, context in raw.get("not", [])),
    )
    if not made.id or not made.genre:
        problems.append("id or genre is missing")
    return made, problems


def _mentions(
    text: str, entities: tuple[tuple[str, tuple[str, ...]], ...], banned: list[list[str]]
) -> list[tuple[int, int, str, int]]:
    """All occurrences of all names, the longest first, as the guide of the gold files defines it."""
    barred = set()
    for name, context in banned:
        for found in re.finditer(re.escape(context), text):
            at = found.start() + context.find(name)
            barred.add((at, at + len(name)))
    taken, out = [False] * len(text), []
    for name, number in sorted(
        ((n, i) for i, (_, names) in enumerate(entities) for n in names), key=lambda x: -len(x[0])
    ):
        for found in re.finditer(re.escape(name), text):
            a, b = found.span()
            if any(taken[a:b]) or (a, b) in barred:
                continue
            if _LATIN.match(name[0]) and a and _LATIN.match(text[a - 1]):
                continue
            if _LATIN.match(name[-1]) and b < len(text) and _LATIN.match(text[b]):
                continue
            taken[a:b] = [True] * (b - a)
            out.append((a, b, entities[number][0], number))
    return sorted(out)


def main(paths: Iterable[Path]) -> int:
    """Check files and count what they hold; 1 if anything is to mend."""
    wrong, seen = 0, {}
    types, predicates, near = Counter[str](), Counter[str](), Counter[str]()
    total = held = 0
    for path in paths:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if not line.strip():
                continue
            passage, problems = parse(line, path.parent.parent.name)
            if passage is not None:
                for key in (passage.id, passage.text):
                    if key in seen:
                        problems.append(f"the same as {seen[key]}")
                    seen[key] = f"{path.name}:{number}"
                total += 1
                held += passage.validation
                types.update(m[2] for m in passage.mentions)
                predicates.update(c[1] for c in passage.claims)
                near.update(c[1] for c in passage.near)
            for problem in problems:
                wrong += 1
                print(f"{path}:{number}: {problem}")
    print(f"{total} passages, {held} of them for validation; {wrong} to mend")
    print("mentions:", ", ".join(f"{k} {n}" for k, n in types.most_common()))
    print("claims (near misses):", ", ".join(f"{p} {predicates[p]} ({near[p]})" for p in sorted(PREDICATES)))
    return 1 if wrong else 0


if __name__ == "__main__":
    given = [Path(p) for p in sys.argv[1:]] or sorted(ROOT.glob("*/passages/*.jsonl"))
    sys.exit(main(given))
