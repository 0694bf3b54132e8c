"""Questions of this field, each answered by a table with the words that support every row.

A dependence leads from what depends to what it depends on: who uses a thing, is built on it, is made or supplied by someone. A step of
a path is as sure as its surest claim, a path as its steps together.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

from kg.analyse.paths import find
from kg.analyse.table import Cell, Ref, Table, ref
from kg.relate.values import quantities

if TYPE_CHECKING:
    from collections.abc import Iterator

    import networkx as nx

    Claim = tuple[str, str, dict[str, Any]]
    Way = tuple[str, ...]

FORWARD, BACKWARD = ("uses", "basedOn"), ("supplies", "manufactures")
"""Predicates whose subject depends on the object, and those whose object depends on the subject."""
FIRMS = ("Company", "Organization")


def claims(graph: nx.MultiDiGraph, *predicates: str) -> list[Claim]:
    """(subject, object, attributes) of the claims of these predicates, the surest first."""
    found = [(s, o, k, d) for s, o, k, d in graph.edges(keys=True, data=True) if d["predicate"] in predicates]
    return [
        (s, o, d) for s, o, _, d in sorted(found, key=lambda c: (-float(c[3]["confidence"]), c[0], c[1], str(c[2])))
    ]


def surest(found: list[Claim]) -> list[Claim]:
    """The first claim for each pair of ends; what it does not say another may: its role, value, amount or date."""
    best: dict[tuple[str, str], dict[str, Any]] = {}
    for s, o, data in found:
        known = best.setdefault((s, o), dict(data))
        for key in ("role", "value", "amount", "holds_on"):
            known[key] = known.get(key) or data.get(key)
    return [(s, o, data) for (s, o), data in best.items()]


def _said(data: dict[str, Any]) -> tuple[Cell, ...]:
    """The last columns of most tables: confidence, words, document, date."""
    words = " ".join(str(data.get("quote") or "").split())
    return round(float(data["confidence"]), 3), words, data.get("document") or None, data.get("date")


SAID = ("confidence", "evidence", "document", "date")


def detail(data: dict[str, Any]) -> str:
    """What narrows a claim: role, value, amount, times, and its status where it is not simply stated."""
    said = [str(data[k]) for k in ("role", "value", "amount", "holds_on") if data.get(k)]
    said += [f"{k} {data[k]}" for k in ("since", "until") if data.get(k)]
    return ", ".join([*said, *([status(data)] if status(data) else [])])


def status(data: dict[str, Any]) -> str:
    """`planned`, `reported`, `denied` or `ended`; nothing for what is simply stated."""
    return "" if data.get("status") in (None, "stated") else str(data["status"])


def stated(graph: nx.MultiDiGraph, steps: list[Claim]) -> tuple[tuple[Cell, ...], ...]:
    """Claims as rows: subject, predicate, object, what narrows it, and `SAID`."""
    return tuple(
        (
            ref(graph, s),
            data["predicate"],
            ref(graph, o),
            detail(data) or None,
            *_said(data),
        )
        for s, o, data in steps
    )


class Dependence:
    """Who depends on whom: `on[a][b]` is the surest claim that says that a depends on b, `by` the other way round."""

    def __init__(self, graph: nx.MultiDiGraph) -> None:
        self.graph = graph
        self.on: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
        self.by: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
        for s, o, data in claims(graph, *FORWARD, *BACKWARD):
            a, b = (s, o) if data["predicate"] in FORWARD else (o, s)
            if a != b and b not in self.on[a]:
                self.on[a][b] = self.by[b][a] = data

    def dependents(self, target: str, depth: int) -> Iterator[tuple[Way, float]]:
        """Shortest ways (dependent, …, target) with their confidence, the nearest and surest first."""
        ring: dict[str, tuple[Way, float]] = {target: ((target,), 1.0)}
        seen = {target}
        for _ in range(depth):
            reached: dict[str, tuple[Way, float]] = {}
            for node, (way, sure) in ring.items():
                for other, data in self.by.get(node, {}).items():
                    now = sure * float(data["confidence"])
                    if other not in seen and (other not in reached or reached[other][1] < now):
                        reached[other] = ((other, *way), now)
            ring = dict(sorted(reached.items(), key=lambda item: (-item[1][1], item[0])))
            seen.update(ring)
            yield from ring.values()

    def through(self, way: Way) -> str:
        """A way in arrows: `A –uses→ B ←supplies– C`."""
        said = str(ref(self.graph, way[0]))
        for a, b in pairwise(way):
            name = self.on[a][b]["predicate"]
            said += f" –{name}→ " if name in FORWARD else f" ←{name}– "
            said += str(ref(self.graph, b))
        return said


def dependents(graph: nx.MultiDiGraph, name: str, *, depth: int = 3) -> Table:
    """Who depends on an entity, and through whom."""
    target, chain = find(graph, name), Dependence(graph)
    rows: list[Any] = []
    for way, sure in chain.dependents(target, depth):
        first = chain.on[way[0]][way[1]]
        rows.append(
            (
                ref(graph, way[0]),
                graph.nodes[way[0]]["type"],
                len(way) - 1,
                chain.through(way),
                round(sure, 3),
                *_said(first)[1:],
            )
        )
    about = (
        f"Who depends on {ref(graph, target)}: uses it, builds on it, is supplied or made by it, in up to {depth} steps"
    )
    return Table("dependents", about, ("dependent", "type", "steps", "through", *SAID), tuple(rows))


def exposure(graph: nx.MultiDiGraph, *, depth: int = 2) -> Table:
    """What a restriction reaches: the restricted, and who depends on it within two steps."""
    chain = Dependence(graph)
    rows: list[Any] = []
    for authority, target, data in surest(claims(graph, "restricts")):
        rows.append((ref(graph, target), 0, ref(graph, authority), ref(graph, target), "directly", *_said(data)))
        for way, sure in chain.dependents(target, depth):
            if way[0] != authority:
                total = round(sure * float(data["confidence"]), 3)
                step = (total, *_said(chain.on[way[0]][way[1]])[1:])
                rows.append(
                    (
                        ref(graph, way[0]),
                        len(way) - 1,
                        ref(graph, authority),
                        ref(graph, target),
                        chain.through(way),
                        *step,
                    )
                )
    rows.sort(key=lambda r: (str(r[2]), str(r[3]), r[1], -r[5], str(r[0])))
    return Table(
        "exposure",
        f"Who is exposed to a restriction: itself, or through what it depends on in up to {depth} steps",
        ("exposed", "steps", "restricted by", "restricted", "through", *SAID),
        tuple(rows),
    )


_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)*")


def score(words: str | None) -> float | None:
    """The number in a score: `88.5分`, `86.4 %`, `1,287 Elo`."""
    found = _NUMBER.search(words or "")
    return float(found[0].replace(",", "")) if found else None


def leaderboard(graph: nx.MultiDiGraph, benchmark: str | None = None) -> Table:
    """Models by benchmark and score, each with its maker."""
    wanted = find(graph, benchmark) if benchmark else None
    makers: dict[str, str] = {}
    for maker, model, _ in claims(graph, "develops"):
        makers.setdefault(model, maker)
    boards: dict[str, list[tuple[str, dict[str, Any], float | None]]] = defaultdict(list)
    for model, bench, data in surest(claims(graph, "evaluatedOn")):
        if wanted in (None, bench):
            boards[bench].append((model, data, score(data.get("value"))))
    rows: list[tuple[Cell, ...]] = []
    for bench in sorted(boards, key=lambda b: (-len(boards[b]), str(ref(graph, b)))):
        ranked = sorted(boards[bench], key=lambda m: (m[2] is None, -(m[2] or 0), str(ref(graph, m[0]))))
        for rank, (model, data, number) in enumerate(ranked, 1):
            made_by = ref(graph, makers[model]) if model in makers else None
            place = rank if number is not None else None
            rows.append((ref(graph, bench), place, ref(graph, model), made_by, number, data.get("value"), *_said(data)))
    return Table(
        "leaderboard",
        "Whose models were measured on which benchmarks, the highest score first",
        ("benchmark", "rank", "model", "maker", "score", "as written", *SAID),
        tuple(rows),
    )


def rivals(graph: nx.MultiDiGraph) -> Table:
    """Makers whose models stand on the same benchmarks, with the scores of the best of each."""
    best: dict[Ref, dict[Ref, tuple[float, Ref]]] = defaultdict(dict)
    for board, _, model, maker, number, *_ in leaderboard(graph).rows:
        if isinstance(board, Ref) and isinstance(model, Ref) and isinstance(maker, Ref) and isinstance(number, float):
            best[board].setdefault(maker, (number, model))
    shared: dict[tuple[Ref, Ref], list[str]] = defaultdict(list)
    for bench, scores in best.items():
        for a, b in combinations(sorted(scores, key=lambda m: (m.label, m.iri)), 2):
            (x, one), (y, other) = scores[a], scores[b]
            shared[a, b].append(f"{bench}: {one} {x:g}, {other} {y:g}")
    rows = tuple(
        (a, b, len(on), "; ".join(on))
        for (a, b), on in sorted(shared.items(), key=lambda i: (-len(i[1]), i[0][0].label, i[0][1].label))
    )
    return Table(
        "rivals",
        "Firms whose models were measured on the same benchmarks",
        ("one", "other", "benchmarks", "scores"),
        rows,
    )


def interlocks(graph: nx.MultiDiGraph) -> Table:
    """Firms that share a person, by an office or as founder."""
    held: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for person, firm, data in claims(graph, "holdsPositionAt", "founded"):
        if graph.nodes[person]["type"] == "Person" and graph.nodes[firm]["type"] in FIRMS:
            held[person][firm].append(data)
    rows: list[Any] = []
    for person, firms in held.items():
        for a, b in combinations(sorted(firms, key=lambda f: (str(ref(graph, f)), f)), 2):
            sure = round(float(firms[a][0]["confidence"]) * float(firms[b][0]["confidence"]), 3)
            words = " … ".join(" ".join(str(firms[f][0].get("quote") or "").split()) for f in (a, b))
            sources = ", ".join(dict.fromkeys(str(firms[f][0].get("document") or "") for f in (a, b)))
            rows.append(
                (
                    ref(graph, person),
                    ref(graph, a),
                    _office(firms[a]),
                    ref(graph, b),
                    _office(firms[b]),
                    sure,
                    words,
                    sources,
                )
            )
    rows.sort(key=lambda r: (str(r[0]), -r[5], str(r[1]), str(r[3])))
    return Table(
        "interlocks",
        "Firms that share a person, with the offices there",
        ("person", "firm", "as", "other firm", "as there", "confidence", "evidence", "document"),
        tuple(rows),
    )


def _office(said: list[dict[str, Any]]) -> str:
    words = [d.get("role") or ("founder" if d["predicate"] == "founded" else "") for d in said]
    return ", ".join(dict.fromkeys(w for w in words if w))


def alumni(graph: nx.MultiDiGraph) -> Table:
    """Who studied where, and what they lead or founded since."""
    since: dict[str, list[str]] = defaultdict(list)
    for person, firm, data in surest(claims(graph, "founded", "holdsPositionAt")):
        since[person].append(f"{ref(graph, firm)}" + (f" ({_office([data])})" if _office([data]) else ""))
    rows: list[Any] = [
        (ref(graph, school), ref(graph, person), "; ".join(dict.fromkeys(since[person])) or None, *_said(data))
        for person, school, data in surest(claims(graph, "alumnusOf"))
    ]
    size: dict[str, int] = defaultdict(int)
    for row in rows:
        size[row[0].iri] += 1
    rows.sort(key=lambda r: (-size[r[0].iri], r[0].label, r[1].label))
    return Table(
        "alumni", "Alumni by school, and where they are active", ("school", "person", "active at", *SAID), tuple(rows)
    )


def money(data: dict[str, Any]) -> tuple[str | None, float | None, str | None]:
    """Words, value in plain units and currency of the amount of a claim; where it names none, of the only sum of money in its sentence."""
    for words, sure in ((data.get("amount"), True), (data.get("quote"), False)):
        sums = [q for q in quantities(str(words or "")) if q.currency and q.value]
        if sums and (sure or len(sums) == 1):
            return (str(words) if sure else sums[0].words), sums[0].value, sums[0].unit
    return data.get("amount"), None, None


def capital(graph: nx.MultiDiGraph) -> Table:
    """Who invests in, buys or owns whom, with amounts."""
    rows: list[Any] = []
    for predicate in ("investedIn", "acquired", "subsidiaryOf"):
        for s, o, data in surest(claims(graph, predicate)):
            giver, taker = (o, s) if predicate == "subsidiaryOf" else (s, o)
            how = {"investedIn": "invested in", "acquired": "acquired", "subsidiaryOf": "owns"}[predicate]
            again = f"{how} ({status(data)})" if status(data) else how
            rows.append(
                (
                    ref(graph, giver),
                    again,
                    ref(graph, taker),
                    *(money(data) if how != "owns" else (None,) * 3),
                    *_said(data),
                )
            )
    rows.sort(key=lambda r: (-(r[4] or 0), str(r[0]), str(r[2])))
    return Table(
        "capital",
        "Where capital flows: investments, acquisitions, ownership; the largest sums of a currency first",
        ("from", "how", "to", "amount", "value", "currency", *SAID),
        tuple(sorted(rows, key=lambda r: str(r[5] or "~"))),
    )


def chokepoints(graph: nx.MultiDiGraph, *, depth: int = 4) -> Table:
    """Single points of failure: for how many it is the only known maker or supplier, and how much hangs on it in all."""
    from kg.analyse.measures import articulation_points

    chain = Dependence(graph)
    sole: dict[str, list[str]] = defaultdict(list)
    for taker, givers in chain.on.items():
        for kind in BACKWARD:
            some = [g for g, d in givers.items() if d["predicate"] == kind]
            if len(some) == 1:
                sole[some[0]].append(taker)
    supply = [(s, o, k) for s, o, k, d in graph.edges(keys=True, data=True) if d["predicate"] in FORWARD + BACKWARD]
    cut = set(articulation_points(graph.edge_subgraph(supply)))
    rows: list[Any] = []
    for giver in sorted(chain.by):
        ways = list(chain.dependents(giver, depth))
        if giver in sole or giver in cut:
            only = ", ".join(sorted(str(ref(graph, t)) for t in sole.get(giver, ())))
            rows.append(
                (
                    ref(graph, giver),
                    graph.nodes[giver]["type"],
                    len(sole.get(giver, ())),
                    only or None,
                    len(chain.by[giver]),
                    len(ways),
                    "yes" if giver in cut else "no",
                )
            )
    rows.sort(key=lambda r: (-r[2], -r[5], str(r[0])))
    return Table(
        "chokepoints",
        "Single points of failure of the supply chain, as far as the documents tell",
        ("entity", "type", "only source for", "whom", "direct dependents", "all dependents", "parts the chain"),
        tuple(rows),
    )
