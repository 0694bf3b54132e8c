"""The analyses by name, as `kg analyze` and `Graph.analyse` offer them: a function from a graph to a table each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.analyse import measures, questions
from kg.analyse.paths import ego, find, shortest
from kg.analyse.table import Table, ref
from kg.errors import KgError

if TYPE_CHECKING:
    from collections.abc import Callable

    import networkx as nx


def pagerank(graph: nx.MultiDiGraph) -> Table:
    """Entities by PageRank: what many claims point to, above all those of entities that are pointed to themselves."""
    return _ranked(graph, "pagerank", measures.pagerank(graph), pagerank)


def betweenness(graph: nx.MultiDiGraph) -> Table:
    """Entities by betweenness: the share of shortest paths that lead through them (sampled in a large graph)."""
    return _ranked(graph, "betweenness", measures.betweenness(graph), betweenness)


def cores(graph: nx.MultiDiGraph) -> Table:
    """Entities by k-core: the part in which everyone has at least so many neighbours."""
    return _ranked(graph, "core", measures.cores(graph), cores, name="cores")


def _ranked(
    graph: nx.MultiDiGraph,
    column: str,
    scores: dict[str, float] | dict[str, int],
    about: Callable[..., Table],
    name: str = "",
) -> Table:
    order = sorted(scores, key=lambda n: (-scores[n], n))
    rows = tuple((ref(graph, n), graph.nodes[n].get("type"), scores[n], graph.degree(n)) for n in order)
    return Table(name or column, (about.__doc__ or "").rstrip("."), ("entity", "type", column, "claims"), rows)


def communities(graph: nx.MultiDiGraph) -> Table:
    """Groups of entities tied closely to each other (Louvain), named after their most central members."""
    rows = tuple(
        (number, found.name, len(found.members), ", ".join(str(ref(graph, m)) for m in found.members[:12]))
        for number, found in enumerate(measures.communities(graph), 1)
    )
    return Table(
        "communities", "Communities (Louvain), the largest first", ("community", "name", "size", "members"), rows
    )


def bridges(graph: nx.MultiDiGraph) -> Table:
    """Ties that alone hold two parts of the graph together."""
    rows = tuple((ref(graph, a), ref(graph, b), size) for a, b, size in measures.bridges(graph))
    return Table(
        "bridges",
        "Ties without which the graph falls apart, by the size of the smaller part",
        ("one", "other", "cut off"),
        rows,
    )


def articulation(graph: nx.MultiDiGraph) -> Table:
    """Entities without which their part of the graph falls apart."""
    points = sorted(measures.articulation_points(graph), key=lambda n: (-graph.degree(n), n))
    rows = tuple((ref(graph, n), graph.nodes[n].get("type"), graph.degree(n)) for n in points)
    return Table("articulation", "Entities without which the graph falls apart", ("entity", "type", "claims"), rows)


def links(graph: nx.MultiDiGraph, name: str | None = None) -> Table:
    """Links that documents do not state but that shared neighbours suggest (Adamic-Adar), with the reasons."""
    among = [find(graph, name)] if name else None
    rows = tuple(
        (ref(graph, k.one), ref(graph, k.other), k.score, ", ".join(str(ref(graph, n)) for n in k.shared))
        for k in measures.missing_links(graph, among=among)
    )
    return Table(
        "links",
        "Pairs without a claim that share neighbours, the likeliest first",
        ("one", "other", "score", "because of"),
        rows,
    )


ANALYSES: dict[str, Callable[..., Table]] = {
    **{f.__name__: f for f in (pagerank, betweenness, communities, cores, bridges, articulation, links)},
    **{
        f.__name__: f
        for f in (
            questions.dependents,
            questions.exposure,
            questions.chokepoints,
            questions.leaderboard,
            questions.rivals,
            questions.interlocks,
            questions.alumni,
            questions.capital,
        )
    },
}
"""By name. `NAMED` take the name of an entity as well, `dependents` must have one."""
FACT = ("subject", "predicate", "object", "detail", *questions.SAID)
NAMED = ("links", "dependents", "leaderboard")


def analyse(graph: nx.MultiDiGraph, what: str, name: str | None = None) -> Table:
    """The table of the analysis `what`, of the entity `name` where it is about one.

    Raises:
        KgError: for an unknown analysis, a missing name or one that is not wanted.
    """
    if what not in ANALYSES:
        raise KgError(f"{what}: no such analysis; there are {', '.join(ANALYSES)}")
    if name is not None and what not in NAMED:
        raise KgError(f"{name}: {what} is about the whole graph and takes no name; {', '.join(NAMED)} do")
    if name is None and what == "dependents":
        raise KgError("dependents: of whom? Name a chip, a firm or a product: kg analyze dependents H100")
    return ANALYSES[what](graph, name) if name is not None else ANALYSES[what](graph)


def way(graph: nx.MultiDiGraph, start: str, goal: str) -> Table:
    """The steps of a shortest path between two entities given by name, each with its evidence."""
    ends = find(graph, start), find(graph, goal)
    if ends[0] == ends[1]:
        raise KgError(f"{start} and {goal} are one entity; a path needs two")
    steps = shortest(graph, *ends)
    return Table(
        "path", f"How {start} and {goal} hang together, in {len(steps)} steps", FACT, questions.stated(graph, steps)
    )


def around(graph: nx.MultiDiGraph, name: str, *, depth: int = 1) -> nx.MultiDiGraph:
    """The part of the graph within `depth` steps of an entity given by name."""
    return ego(graph, find(graph, name), depth=depth)


def facts(graph: nx.MultiDiGraph) -> Table:
    """All claims of a graph, those of the most connected first."""
    every = sorted(
        graph.edges(keys=True, data=True), key=lambda e: (-graph.degree(e[0]), e[0], e[3]["predicate"], e[1], str(e[2]))
    )
    return Table(
        "facts",
        f"{len(graph)} entities, {len(every)} claims",
        FACT,
        questions.stated(graph, [(s, o, d) for s, o, _, d in every]),
    )
