"""The measures agree with NetworkX on any graph."""

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kg.analyse import measures

NAMES = [f"n{at:02}" for at in range(12)]
GRAPHS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=40)


def drawn(pairs):
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(NAMES, type="Company")
    graph.add_edges_from(pairs)
    return graph


@settings(max_examples=40, deadline=None)
@given(GRAPHS)
def test_centralities_equal_those_of_networkx(pairs):
    graph = drawn(pairs)
    plain = nx.Graph((a, b) for a, b in pairs if a != b)
    plain.add_nodes_from(NAMES)
    assert measures.pagerank(graph) == pytest.approx(nx.pagerank(graph, tol=1e-10, max_iter=500), abs=1e-6)
    assert measures.betweenness(graph) == pytest.approx(nx.betweenness_centrality(plain), abs=1e-9)
    assert measures.cores(graph) == nx.core_number(plain)
    assert measures.articulation_points(graph) == sorted(nx.articulation_points(plain))


@settings(max_examples=40, deadline=None)
@given(GRAPHS)
def test_bridges_cut_off_what_they_say(pairs):
    graph = drawn(pairs)
    plain = measures.simple(graph)
    found = measures.bridges(graph)
    assert {frozenset(b[:2]) for b in found} == {frozenset(b) for b in nx.bridges(plain)}
    for a, b, size in found:
        cut = plain.copy()
        cut.remove_edge(a, b)
        assert size == min(len(nx.node_connected_component(cut, end)) for end in (a, b))


@settings(max_examples=30, deadline=None)
@given(GRAPHS)
def test_links_are_scored_as_adamic_adar_with_their_reasons(pairs):
    graph = drawn(pairs)
    plain = measures.simple(graph)
    for link in measures.missing_links(graph):
        assert not plain.has_edge(link.one, link.other)
        assert set(link.shared) == set(nx.common_neighbors(plain, link.one, link.other))
        ((_, _, expected),) = nx.adamic_adar_index(plain, [(link.one, link.other)])
        assert link.score == pytest.approx(expected)


@settings(max_examples=30, deadline=None)
@given(GRAPHS)
def test_communities_part_the_nodes_that_have_ties(pairs):
    graph = drawn(pairs)
    members = [m for c in measures.communities(graph) for m in c.members]
    assert sorted(members) == sorted({n for a, b in pairs if a != b for n in (a, b)})


def test_communities_are_as_good_as_those_of_networkx():
    graph = nx.karate_club_graph()
    named = nx.relabel_nodes(nx.Graph(graph.edges()), str)
    ours = [set(c.members) for c in measures.communities(named)]
    theirs = max(nx.community.modularity(named, nx.community.louvain_communities(named, seed=s)) for s in range(5))
    assert nx.community.modularity(named, ours) >= theirs - 0.01


def test_communities_are_named_after_their_members(industry):
    first = measures.communities(industry)[0]
    assert industry.nodes[first.members[0]]["label"] in first.name


def test_sampled_betweenness_is_near_the_exact_one():
    graph = nx.relabel_nodes(nx.barabasi_albert_graph(400, 2, seed=3), str)
    exact, sampled = measures.betweenness(graph), measures.betweenness(graph, samples=150)
    top = sorted(exact, key=exact.get, reverse=True)[:5]
    assert sum(abs(exact[n] - sampled[n]) for n in top) / sum(exact[n] for n in top) < 0.15


@pytest.mark.parametrize("graph", [nx.MultiDiGraph(), drawn([])], ids=["empty", "no edges"])
def test_graphs_without_edges(graph):
    assert measures.communities(graph) == []
    assert measures.bridges(graph) == []
    assert len(measures.pagerank(graph)) == len(measures.betweenness(graph)) == len(graph)
