"""What the page holds: the graph as a pyvis Network, with its claims, passages and documents beside it.

Nodes are numbered from the most connected down, so that a node's number is also its rank when labels compete for room.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from kg.analyse.validity import since, spans
from kg.view.layout import place, radius
from kg.view.palette import LOOKS, OTHER

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    import networkx as nx

    Row = dict[str, Any]
    Attributes = Mapping[str, Any]

OPTIONS: dict[str, Any] = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "nodes": {"shape": "custom", "borderWidth": 0},
    "edges": {"smooth": False, "arrowStrikethrough": False, "arrows": {"to": {"scaleFactor": 0.4}}},
    "interaction": {"hover": True, "hoverConnectedEdges": False, "selectConnectedEdges": True, "keyboard": False},
}
"""Options of vis-network: no physics, since every node comes with its place."""


_SHARES = (0.5, 0.3, 0.15, 0.05, 0.01)


class _Numbers(dict[Any, int]):
    """Numbers keys in the order in which they are first asked for."""

    def __missing__(self, key: Hashable) -> int:
        return self.setdefault(key, len(self))


class _Ids(dict[Any, None]):
    """In place of the list in which pyvis looks up every id, which takes minutes at 20,000 nodes."""

    def append(self, key: Hashable) -> None:
        self[key] = None


def content(graph: nx.MultiDiGraph[str], *, title: str, lang: str | None) -> Row:
    """All that the page's script reads, as plain JSON values in a fixed order."""
    from kg.vocabulary import PREDICATES, TYPES

    layout = place(graph)
    neighbours = {iri: {*graph.successors(iri), *graph.predecessors(iri)} - {iri} for iri in graph}
    order = sorted(graph, key=lambda iri: (-len(neighbours[iri]), iri))
    types = _legend(TYPES, sorted({graph.nodes[iri]["type"] for iri in order}, key=_type_order))
    by_number = Counter(edge["predicate"] for _, _, edge in graph.edges(data=True))
    predicates = _legend(PREDICATES, sorted(by_number, key=lambda name: (-by_number[name], name)))
    sources, passages = _Numbers(), _Numbers()
    ranks = _ranks(graph)
    network = _network()
    for number, iri in enumerate(order):
        x, y = layout.positions[iri]
        node = _node(iri, graph.nodes[iri], sources, passages)
        node["type"] = [row["name"] for row in types].index(graph.nodes[iri]["type"])
        node["rank"] = ranks[iri]
        network.add_node(number, x=x, y=y, size=radius(len(neighbours[iri])), community=layout.communities[iri], **node)
    symmetric = {name for name in (row["name"] for row in predicates) if _is_symmetric(PREDICATES.get(name))}
    claims = _add_edges(network, graph, order, predicates, symmetric, sources, passages)
    return {
        "title": title,
        "lang": lang,
        "types": [row | {"en": row["en"][:1].upper() + row["en"][1:]} | _look(row["name"]) for row in types],
        "predicates": predicates,
        "nodes": [_without(node, id=number, shape="custom", rank=0) for number, node in enumerate(network.nodes)],
        "edges": [_without(edge, id=number, arrows="to") for number, edge in enumerate(network.edges)],
        "claims": claims,
        "documents": [{"id": id_, "title": name, "path": path} for id_, name, path in sources],
        "passages": [list(passage) for passage in passages],
        "options": network.options,
    }


def _ranks(graph: nx.MultiDiGraph[str]) -> dict[str, int]:
    """How central each entity is by PageRank, from 0 for the lower half to 5 for the top hundredth."""
    from kg.analyse.measures import pagerank

    scores = {iri: round(score, 12) for iri, score in pagerank(graph).items()}
    ordered = sorted(scores.values(), reverse=True)
    least = [ordered[min(max(int(len(ordered) * share), 1), len(ordered) - 1)] for share in _SHARES] if ordered else []
    return {iri: sum(score > bound for bound in least) for iri, score in scores.items()}


def _network() -> Any:
    from pyvis.network import Network

    network = Network(directed=True, height="100%", width="100%")
    network.options = OPTIONS
    network.node_ids = _Ids()
    return network


def _legend(vocabulary: Mapping[str, Any], used: Iterable[str]) -> list[Row]:
    """The terms in use, in the order in which they come, each with its labels; an unknown one has its name for both."""
    return [
        {
            "name": name,
            "en": getattr(vocabulary.get(name), "label_en", None) or name,
            "zh": getattr(vocabulary.get(name), "label_zh", None) or name,
        }
        for name in dict.fromkeys(used)
    ]


def _type_order(name: str) -> tuple[int, str]:
    """As in the palette, which begins with what most graphs are about."""
    known = list(LOOKS)
    return (known.index(name) if name in LOOKS else len(known)), name


def _without(row: Row, **known: object) -> Row:
    """Leaves out what the page knows without being told: 20,000 nodes make it worth the while."""
    return {key: value for key, value in row.items() if key not in known or value != known[key]}


def _is_symmetric(term: object) -> bool:
    return bool(getattr(term, "symmetric", False))


def _look(name: str) -> Row:
    look = LOOKS.get(name, OTHER)
    return {"path": look.path, "light": look.light, "dark": look.dark}


def _present(row: Row) -> Row:
    return {key: value for key, value in row.items() if value is not None and value != []}


def _source(row: Attributes) -> tuple[str, str, str]:
    document = str(row.get("document") or "")
    return document, str(row.get("title") or document), str(row.get("path") or document)


def _passage(row: Attributes) -> tuple[str, str, str]:
    return str(row.get("prefix") or ""), str(row.get("quote") or ""), str(row.get("suffix") or "")


def _node(iri: str, node: Attributes, sources: _Numbers, passages: _Numbers) -> Row:
    label = node.get("label") or iri
    observations = [
        _present({key: each.get(key) for key in ("metric", "value", "unit", "period", "words", "confidence", "date")})
        | {"document": sources[_source(each)], "passage": passages[_passage(each)]}
        | _first(since(each), each)
        for each in node.get("observations") or ()
    ]
    return _present(
        {
            "label": label,
            "shape": "custom",
            "iri": iri,
            "en": node.get("label_en"),
            "zh": node.get("label_zh"),
            "names": sorted({*(node.get("names") or ())} - {label, node.get("label_en"), node.get("label_zh")}),
            "observations": observations,
        }
    )


def _add_edges(
    network: Any,
    graph: nx.MultiDiGraph[str],
    order: list[str],
    predicates: list[Row],
    symmetric: set[str],
    sources: _Numbers,
    passages: _Numbers,
) -> list[Row]:
    """Draws claims with the same ends and predicate as one edge. Returns them in the order in which edges cite them."""
    rank = {iri: number for number, iri in enumerate(order)}
    predicate_number = {row["name"]: number for number, row in enumerate(predicates)}
    drawn: dict[tuple[int, int, int], list[tuple[str, bool, Attributes]]] = {}
    for subject, object_, key, edge in graph.edges(keys=True, data=True):
        ends = rank[subject], rank[object_]
        turned = edge["predicate"] in symmetric and ends[0] > ends[1]
        place_ = (ends[1], ends[0]) if turned else ends
        drawn.setdefault((*place_, predicate_number[edge["predicate"]]), []).append((str(key), turned, edge))
    claims: list[Row] = []
    holding = spans(graph)
    for number, ((tail, head, predicate), members) in enumerate(sorted(drawn.items())):
        members.sort(key=lambda member: (-float(member[2]["confidence"]), member[0]))
        cited = list(range(len(claims), len(claims) + len(members)))
        claims += [
            _claim(key, turned, edge, sources, passages) | _span(holding[key], edge) for key, turned, edge in members
        ]
        network.add_edge(tail, head, id=number, predicate=predicate, claims=cited)
        if predicates[predicate]["name"] in symmetric:
            network.edges[-1]["arrows"] = ""
    return claims


def _span(days: tuple[str | None, str | None], edge: Attributes) -> Row:
    """The days on which a claim holds; a first day that is that of its document goes without saying."""
    return _first(days[0], edge) | ({} if days[1] is None else {"last": days[1]})


def _first(day: str | None, row: Attributes) -> Row:
    return {} if day == row.get("date") else {"first": day}


def _claim(key: str, turned: bool, edge: Attributes, sources: _Numbers, passages: _Numbers) -> Row:
    kept = _present(
        {name: edge.get(name) for name in ("date", "role", "value", "amount", "holds_on", "since", "until", "found_by")}
    )
    if edge.get("status") not in (None, "stated"):
        kept["status"] = edge["status"]
    return kept | {
        "id": key,
        "confidence": round(float(edge["confidence"]), 3),
        "document": sources[_source(edge)],
        "passage": passages[_passage(edge)],
        **({"turned": True} if turned else {}),
    }
