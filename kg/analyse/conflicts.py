"""Where statements agree and where they exclude each other: one confidence for a fact of many documents, and a list of contradictions."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import prod
from typing import TYPE_CHECKING, Any

import networkx as nx
from datasketch import MinHash, MinHashLSH

from kg.errors import KgError
from kg.store.asof import bounds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

_SOLE = (
    ("chief executive", re.compile(r"首席执行官|\bCEO\b|chief executive|行政总裁", re.IGNORECASE)),
    ("chair", re.compile(r"^(?:.*[^副])?董事长|\bchair(?:man|woman|person)?\b", re.IGNORECASE)),
)
_NOT_SOLE = re.compile(r"副|联席|联合|轮值|\bco-|\bvice\b|\bdeputy\b|assistant|助理|(?:前|原)(?:任)?", re.IGNORECASE)
_SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*[%％]")
_ALIKE = 0.8
"""Jaccard similarity of what two documents state from which one is a copy of the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A relation with the confidence of all independent documents that state it."""

    subject: str
    predicate: str
    object: str
    confidence: float
    documents: int
    copies: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Statements that cannot all hold, with the sentence and document of each."""

    kind: str
    about: str
    sides: tuple[tuple[str, str, str], ...]
    """What is stated, the sentence, the document."""


def copies(graph: nx.MultiDiGraph) -> Mapping[str, str]:
    """Document -> the first of the documents (by id) whose sentences are the same nearly word for word; itself where it is none's copy."""
    words: dict[str, set[str]] = defaultdict(set)
    for _, _, claim in graph.edges(data=True):
        text = re.sub(r"\s+", "", claim["quote"]).casefold()
        words[claim["document"]].update(text[i : i + 5] for i in range(max(1, len(text) - 4)))
    index = MinHashLSH(threshold=_ALIKE, num_perm=64)
    first: dict[str, str] = {}
    for document in sorted(words):
        sketch = MinHash(num_perm=64)
        sketch.update_batch([w.encode("utf-8", "replace") for w in sorted(words[document])])
        alike = [o for o in index.query(sketch) if _jaccard(words[document], words[o]) >= _ALIKE]
        first[document] = min((first[o] for o in alike), default=document)
        index.insert(document, sketch)
    return first


def _jaccard(left: set[str], right: set[str]) -> float:
    return len(left & right) / len(left | right)


def facts(graph: nx.MultiDiGraph) -> list[Fact]:
    """Each relation once, noisy-or over the surest claim of each independent document; those most agreed on first."""
    first = copies(graph)
    surest: dict[tuple[str, str, str], dict[str, float]] = defaultdict(dict)
    documents: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for s, o, claim in graph.edges(data=True):
        if claim.get("status") == "denied":
            continue
        key, origin = (s, claim["predicate"], o), first[claim["document"]]
        surest[key][origin] = max(surest[key].get(origin, 0.0), claim["confidence"])
        documents[key].add(claim["document"])
    found = [
        Fact(
            subject=graph.nodes[s]["label"],
            predicate=p,
            object=graph.nodes[o]["label"],
            confidence=round(1 - prod(1 - c for c in sorted(some.values())), 3),
            documents=len(some),
            copies=len(documents[s, p, o]) - len(some),
        )
        for (s, p, o), some in surest.items()
    ]
    return sorted(found, key=lambda f: (-f.documents, -f.confidence, f.subject, f.predicate, f.object))


def conflicts(graph: nx.MultiDiGraph) -> list[Conflict]:
    """Two in a post that one alone holds at one time, shares of one firm above 100 %, and subsidiaries in a circle."""
    found = [*_posts(graph), *_shares(graph), *_circles(graph)]
    return sorted(found, key=lambda c: (c.kind, c.about, c.sides))


def _side(graph: nx.MultiDiGraph, s: str, o: str, claim: Mapping[str, Any]) -> tuple[str, str, str]:
    more = claim.get("role") or claim.get("value") or ""
    text = f"{graph.nodes[s]['label']} {claim['predicate']} {graph.nodes[o]['label']}{f' ({more})' if more else ''}"
    when = claim.get("date")
    return text, claim["quote"], f"{claim['document']}{f', {when}' if when else ''}"


def _posts(graph: nx.MultiDiGraph) -> Iterator[Conflict]:
    holders: dict[tuple[str, str], dict[str, list[Mapping[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for s, o, claim in graph.edges(data=True):
        role = claim.get("role") or ""
        if claim["predicate"] != "holdsPositionAt" or claim.get("status", "stated") not in ("stated", "reported", None):
            continue
        for post, words in _SOLE:
            if words.search(role) and not _NOT_SOLE.search(role):
                holders[o, post][s].append(claim)
    for (firm, post), people in sorted(holders.items()):
        for left, right in combinations(sorted(people), 2):
            both = next(((a, b) for a in people[left] for b in people[right] if _together(a, b)), None)
            if both:
                sides = (_side(graph, left, firm, both[0]), _side(graph, right, firm, both[1]))
                yield Conflict(
                    kind=f"two sole holders of a post ({post})", about=graph.nodes[firm]["label"], sides=sides
                )


def _together(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    """Whether two claims are of one time: their times overlap, or they were said within half a year."""
    try:
        spans = [_span(c) for c in (left, right)]
    except KgError:
        return False
    if None in spans:
        return bool(left["document"] == right["document"])
    (a, b), (c, d) = (s for s in spans if s)
    return bool((max(a, c) - min(b, d)).days <= 183)


def _span(claim: Mapping[str, Any]) -> tuple[date, date] | None:
    """First and last day at which a claim is known to hold."""
    said = claim.get("holds_on") or claim.get("date")
    times = [t for t in (claim.get("since"), said, claim.get("until")) if t]
    if not times:
        return None
    last = claim.get("until")
    return bounds(times[0])[0], bounds(last)[1] if last else max(bounds(t)[1] for t in times)


def _shares(graph: nx.MultiDiGraph) -> Iterator[Conflict]:
    """Holders of one firm in one year whose shares add up to more than the whole."""
    by_firm: dict[tuple[str, str], dict[str, tuple[float, tuple[str, str, str]]]] = defaultdict(dict)
    for s, o, claim in graph.edges(data=True):
        if claim["predicate"] not in ("investedIn", "subsidiaryOf", "acquired"):
            continue
        holder, firm = (o, s) if claim["predicate"] == "subsidiaryOf" else (s, o)
        shares = _SHARE.findall(claim.get("value") or claim.get("amount") or "")
        if len(shares) == 1:
            share, year = float(shares[0]), (claim.get("holds_on") or claim.get("date") or "")[:4]
            side = _side(graph, s, o, claim)
            by_firm[firm, year][holder] = max(by_firm[firm, year].get(holder, (0.0, side)), (share, side))
    for (firm, _), held in sorted(by_firm.items()):
        total = sum(share for share, _ in held.values())
        if total > 100.5:
            sides = tuple(side for _, (_, side) in sorted(held.items()))
            yield Conflict(kind=f"shares of {total:g} %", about=graph.nodes[firm]["label"], sides=sides)


def _circles(graph: nx.MultiDiGraph) -> Iterator[Conflict]:
    for predicate in ("subsidiaryOf", "partOf"):
        owned = nx.DiGraph()
        for s, o, claim in graph.edges(data=True):
            if claim["predicate"] == predicate and claim.get("status") not in ("ended", "denied"):
                owned.add_edge(s, o, side=_side(graph, s, o, claim))
        for part in sorted(sorted(c) for c in nx.strongly_connected_components(owned) if len(c) > 1):
            cycle = [s for s, _ in nx.find_cycle(owned, part[0])]
            turn = cycle.index(min(cycle))
            cycle = cycle[turn:] + cycle[:turn]
            sides = tuple(owned.edges[a, b]["side"] for a, b in pairwise([*cycle, cycle[0]]))
            yield Conflict(kind=f"{predicate} in a circle", about=graph.nodes[cycle[0]]["label"], sides=sides)
