import math

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kg.analyse.measures import communities
from kg.view.layout import place, radius
from view_sample import large_graph, sample_graph

NAMES = [f"n{at}" for at in range(14)]
GRAPHS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=40)


def drawn(pairs):
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(NAMES)
    graph.add_edges_from(pairs)
    return graph


@settings(max_examples=25, deadline=None)
@given(GRAPHS)
def test_every_node_has_a_place_of_its_own(pairs):
    layout = place(drawn(pairs))
    assert set(layout.positions) == set(layout.communities) == set(NAMES)
    assert len(set(layout.positions.values())) == len(NAMES)
    assert all(math.isfinite(x) and math.isfinite(y) for x, y in layout.positions.values())


@settings(max_examples=10, deadline=None)
@given(GRAPHS, st.randoms())
def test_the_order_of_insertion_does_not_matter(pairs, dice):
    graph, other = drawn(pairs), nx.MultiDiGraph()
    other.add_nodes_from(dice.sample(NAMES, len(NAMES)))
    other.add_edges_from(dice.sample(pairs, len(pairs)))
    assert place(graph) == place(other)


@pytest.mark.parametrize("size", [0, 1, 2])
def test_tiny_graphs(size):
    graph = nx.MultiDiGraph()
    nx.add_path(graph, NAMES[:size])
    assert len(set(place(graph).positions.values())) == size


@pytest.mark.parametrize("graph", [sample_graph(), large_graph(1200, 2000)], ids=["sample", "large"])
def test_markers_hardly_overlap(graph):
    positions = place(graph).positions
    sizes = {node: radius(len({*graph.successors(node), *graph.predecessors(node)} - {node})) for node in graph}
    nodes = sorted(graph)
    covered = [
        (one, other)
        for at, one in enumerate(nodes)
        for other in nodes[at + 1 :]
        if math.dist(positions[one], positions[other]) < (sizes[one] + sizes[other]) * 0.8
    ]
    assert len(covered) <= len(nodes) / 100


def test_neighbours_stand_nearer_than_strangers():
    graph = large_graph(1200, 2000)
    positions = place(graph).positions
    nodes = [node for node in sorted(graph) if graph.degree(node)]
    tied = [math.dist(positions[a], positions[b]) for a, b in graph.edges()]
    strangers = [math.dist(positions[a], positions[b]) for a, b in zip(nodes, nodes[len(nodes) // 2 :], strict=False)]
    assert sum(tied) / len(tied) < 0.75 * sum(strangers) / len(strangers)


def test_communities_are_those_of_the_analysis():
    graph = sample_graph()
    graph.add_node("https://example.org/kg/alone", type="Company")
    for tail, head in list(graph.edges())[:40]:  # what is said many times ties as often
        graph.add_edges_from([(tail, head)] * 5, predicate="uses")
    found = communities(graph)
    numbers = place(graph).communities
    assert all(numbers[member] == at for at, community in enumerate(found) for member in community.members)
    assert numbers["https://example.org/kg/alone"] == len(found)
