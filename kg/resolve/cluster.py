"""From judgements to links: which thing each profile is. Decisions of people outrank the machine; order does not matter."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.resolve.block import pairs
from kg.resolve.judge import judge
from kg.resolve.profile import Judgement, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.resolve.profile import Profile


def judgements(profiles: Iterable[Profile]) -> list[Judgement]:
    """The verdict on each pair that blocking offers, but for those that decide nothing: different, with nothing that says so."""
    found = (judge(a, b) for a, b in pairs(profiles))
    return settled([j for j in found if j.verdict != Verdict.DIFFERENT or j.firm])


def settled(found: Sequence[Judgement]) -> list[Judgement]:
    """Verdicts in the light of each other. What would as surely be either of two that are apart is unsure for both: 云帆科技
    beside 北京云帆科技有限公司 and 上海云帆科技有限公司.
    """
    of: dict[str, list[tuple[str, float]]] = defaultdict(list)
    apart: set[tuple[str, str]] = set()
    for j in found:
        if j.verdict == Verdict.SAME:
            of[j.left].append((j.right, j.score))
            of[j.right].append((j.left, j.score))
        elif j.firm:
            apart |= {(j.left, j.right), (j.right, j.left)}

    def torn(iri: str, other: str, score: float) -> bool:
        return any(s == score and (o, other) in apart for o, s in of[iri])

    return [
        replace(j, verdict=Verdict.UNSURE, reason=f"{j.reason}; but as surely another that is apart")
        if j.verdict == Verdict.SAME and (torn(j.left, j.right, j.score) or torn(j.right, j.left, j.score))
        else j
        for j in found
    ]


def links(
    profiles: Sequence[Profile], found: Iterable[Judgement], decisions: Iterable[Judgement] = ()
) -> Mapping[str, str]:
    """IRI -> IRI of the thing that it is, for profiles that are merged into another.

    The name of a thing is that of its registry entry, else the smallest IRI of its members, of documents before imported ones. A pair that is certainly different never
    comes together through others; of two links that exclude each other the surer one holds.
    """
    by_iri = {p.iri: p for p in profiles}
    decided = {_ends(d): d for d in decisions if d.left in by_iri and d.right in by_iri}
    machine = [j for j in found if _ends(j) not in decided]
    apart: dict[str, set[str]] = defaultdict(set)
    for j in (*decided.values(), *machine):
        if j.verdict == Verdict.DIFFERENT and (j.firm or j.by != "kg"):
            apart[j.left].add(j.right)
            apart[j.right].add(j.left)
    same = [j for j in (*decided.values(), *machine) if j.verdict == Verdict.SAME]
    members = {iri: [iri] for iri in by_iri}
    home = {iri: iri for iri in by_iri}
    for j in sorted(same, key=lambda j: (j.by == "kg", -j.score, j.left, j.right)):
        a, b = home[j.left], home[j.right]
        if a == b or (j.by == "kg" and _excluded(members[a], members[b], apart, by_iri)):
            continue
        small, large = sorted((a, b), key=lambda h: len(members[h]))
        for iri in members.pop(small):
            home[iri] = large
            members[large].append(iri)
    linked: dict[str, str] = {}
    for some in members.values():
        if len(some) > 1:
            name = min(some, key=lambda i: (by_iri[i].entry is None, by_iri[i].source, i))
            linked.update((i, name) for i in some if i != name)
    return linked


def _ends(j: Judgement) -> tuple[str, str]:
    return (j.left, j.right) if j.left < j.right else (j.right, j.left)


def _excluded(
    left: Sequence[str], right: Sequence[str], apart: Mapping[str, set[str]], profiles: Mapping[str, Profile]
) -> bool:
    others = set(right)
    if any(apart[i] & others for i in left if i in apart):
        return True
    entries = {profiles[i].entry for i in (*left, *right)} - {None}
    return len(entries) > 1
