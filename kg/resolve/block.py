"""Which profiles are worth comparing: those that share a key. No comparison of all with all."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from kg.names import initials
from kg.resolve import romanise
from kg.resolve.compare import FIRMS
from kg.resolve.forms import bare, firm
from kg.text import fold, has_han

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.resolve.profile import Profile

LARGEST = 40
"""Members of a block that are compared all with all; in a larger one only those that share a neighbour too."""


def keys(profile: Profile) -> set[str]:
    """The keys of a profile; two profiles that share none are never compared."""
    kind = "Firm" if profile.type in FIRMS else profile.type
    found = {f"ticker {t}" for t in profile.tickers} | {f"identifier {i}" for i in profile.identifiers}
    for name in profile.names:
        found.update(f"{kind} {key}" for key in _keys(kind, name) if key)
    return found


def _keys(kind: str, name: str) -> Iterator[str]:
    yield fold(name)
    if kind == "Firm":
        brand = firm(name).brand
        yield brand
        if has_han(brand):
            yield romanise.joined(brand)
        else:
            yield brand[:7] if len(brand) >= 8 else ""
        yield _initials(name)
        if len(name) <= 8 and name.isupper():
            yield fold(name)
    elif kind == "Person":
        if has_han(name):
            surname, given = romanise.person(name)
            yield "".join(sorted((surname, given)))
            yield f"{surname}." if surname else ""
        else:
            words = sorted(fold(w) for w in re.split(r"[\s,]+", name) if len(fold(w)) > 1)
            yield "".join(words)
            yield from (f"{w}." for w in (words[0], words[-1]) if words)
    elif kind == "Place":
        short = re.sub(r"(?<=.{2})(?:特别行政区|省|市|州|国|县|区)$", "", name)
        yield (
            romanise.joined(short)
            if has_han(short)
            else fold(re.sub(r"\s+(?:city|province)$", "", name, flags=re.IGNORECASE))
        )
    else:
        short = bare(name)
        yield short
        yield romanise.joined(short) if has_han(short) else _initials(name)
        yield short[:8] if len(short) >= 9 and not has_han(short) else ""


def _initials(name: str) -> str:
    short = initials(name)
    return fold(short) if len(short) >= 3 and not has_han(name) else ""


def pairs(profiles: Iterable[Profile], *, largest: int = LARGEST) -> Iterator[tuple[Profile, Profile]]:
    """Pairs to compare, each once, in an order that depends on the profiles alone."""
    blocks: dict[str, list[Profile]] = defaultdict(list)
    for profile in sorted(profiles, key=lambda p: p.iri):
        for key in keys(profile):
            blocks[key].append(profile)
    seen: set[tuple[str, str]] = set()
    for key in sorted(blocks):
        for left, right in within(blocks[key], largest=largest):
            if (left.iri, right.iri) not in seen:
                seen.add((left.iri, right.iri))
                yield left, right


def within(block: list[Profile], *, largest: int = LARGEST) -> Iterator[tuple[Profile, Profile]]:
    """The pairs of a block, which is sorted by IRI; one that shares several things in a large block may come again."""
    for some in _split(block, largest):
        yield from combinations(some, 2)


def _split(block: list[Profile], largest: int) -> Iterator[list[Profile]]:
    if len(block) <= largest:
        yield block
        return
    parts: dict[str, list[Profile]] = defaultdict(list)
    for profile in block:
        for shared in profile.neighbours | {f"named {fold(n)}" for n in profile.names if profile.type != "Person"}:
            parts[shared].append(profile)
    for key in sorted(parts):
        part = sorted(parts[key], key=lambda p: p.iri)
        # Of a crowd that shares everything, each meets those next to it.
        for start in range(0, len(part), largest // 2):
            yield part[start : start + largest]
