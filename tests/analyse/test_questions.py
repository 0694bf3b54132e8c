"""The named analyses on a graph that one can check by hand."""

import csv
import io
import json
from itertools import pairwise

import networkx as nx
import pyoxigraph as ox
import pytest
from kg.analyse.analyses import ANALYSES, analyse, around, way
from kg.analyse.paths import find, surest
from kg.analyse.questions import money, score
from kg.analyse.table import Ref, Table, formatted
from kg.errors import KgError
from view_sample import add_claim, add_entity


def labels(table, column):
    return [str(c) for c in table.column(column)]


@pytest.mark.parametrize("name", ["H100", "NVIDIA H100", "ｈ１００"])
def test_who_depends_on_a_chip(industry, name):
    table = analyse(industry, "dependents", name)
    found = dict(zip(labels(table, "dependent"), table.column("steps"), strict=True))
    assert found["DGX H100"] == 1
    assert found["Blackwell B200"] == 1
    assert all(table.column("evidence"))


def test_dependence_goes_through_others(industry):
    table = analyse(industry, "dependents", "TSMC")
    ways = dict(zip(labels(table, "dependent"), table.column("through"), strict=True))
    assert "←manufactures–" in ways["H100"]
    assert ways["DGX H100"] == "DGX H100 –uses→ H100 ←manufactures– TSMC"


def test_exposure_has_the_restricted_and_who_uses_it(industry):
    rows = {(str(r["exposed"]), str(r["restricted"])): r["steps"] for r in analyse(industry, "exposure").frame()}
    assert rows["H800", "H800"] == 0
    assert rows["DeepSeek-V3", "H800"] == 1
    assert rows["DeepSeek-R1", "H800"] == 2


def test_leaderboard_ranks_by_score_and_names_makers(industry):
    rows = analyse(industry, "leaderboard", "MMLU").frame()
    assert [str(r["model"]) for r in rows] == ["GPT-4o", "DeepSeek-V3", "GPT-4"]
    assert [r["rank"] for r in rows] == [1, 2, 3]
    assert [str(r["maker"]) for r in rows] == ["OpenAI", "DeepSeek", "OpenAI"]
    rivals = analyse(industry, "rivals").frame()
    assert any({str(r["one"]), str(r["other"])} == {"OpenAI", "DeepSeek"} for r in rivals)


def test_capital_reads_amounts(industry):
    rows = {(str(r["from"]), str(r["to"])): (r["value"], r["currency"]) for r in analyse(industry, "capital").frame()}
    assert rows["Microsoft", "OpenAI"] == (10e9, "USD")
    assert rows["Microsoft", "Mistral AI"] == (15e6, "EUR")
    assert rows["Google", "Google DeepMind"] == (None, None)


def test_people_tie_firms_and_schools(industry):
    schools = {(str(r["school"]), str(r["person"])): r["active at"] for r in analyse(industry, "alumni").frame()}
    assert "NVIDIA (CEO" in schools["Stanford University", "Jensen Huang"]
    graph = industry.copy()
    lead = find(graph, "Lisa Su")
    add_claim(graph, lead, "holdsPositionAt", find(graph, "Intel"), role="董事", quote="Lisa Su 任英特尔董事")
    (row,) = analyse(graph, "interlocks").frame()
    assert (str(row["person"]), row["as"], row["as there"]) == ("Lisa Su", "CEO", "董事")


def test_chokepoints_count_what_hangs_on_them(industry):
    rows = {str(r["entity"]): r for r in analyse(industry, "chokepoints").frame()}
    assert rows["TSMC"]["only source for"] >= 3
    assert "H100" in rows["TSMC"]["whom"]
    assert rows["ASML"]["all dependents"] > rows["ASML"]["direct dependents"]


def test_a_path_says_who_states_each_step(industry):
    table = way(industry, "梁文锋", "Morris Chang")
    assert len(table) >= 3
    assert all(table.column("evidence"))
    ends = [{a, b} for a, b in zip(labels(table, "subject"), labels(table, "object"), strict=True)]
    assert all(one & other for one, other in pairwise(ends))
    with pytest.raises(KgError, match="one entity"):
        way(industry, "NVIDIA", "英伟达")


def test_surroundings_grow_with_depth(industry):
    one, two = (around(industry, "深度求索", depth=d) for d in (1, 2))
    assert set(one) < set(two)
    assert find(industry, "DeepSeek-V3") in one


@pytest.mark.parametrize("name", ANALYSES)
@pytest.mark.parametrize("form", ["csv", "json", "markdown", "turtle"])
def test_every_analysis_in_every_form(industry, name, form):
    table = analyse(industry, name, "H100" if name == "dependents" else None)
    text = formatted(table, form)
    if form == "csv":
        assert len(list(csv.reader(io.StringIO(text)))) == len(table) + 1
    elif form == "json":
        assert len(json.loads(text)["rows"]) == len(table)
    elif form == "markdown":
        assert text.count("\n") == len(table) + 2
    else:
        rdf = {q.subject for q in ox.parse(text, format=ox.RdfFormat.TURTLE)}
        assert len(rdf) == len(table)
    assert formatted(analyse(industry.copy(), name, "H100" if name == "dependents" else None), form) == text
    assert "<table" in table._repr_html_()


@pytest.mark.parametrize("name", [n for n in ANALYSES if n != "dependents"])
def test_an_empty_graph_has_empty_tables(name):
    assert len(analyse(nx.MultiDiGraph(), name)) == 0


def test_what_is_denied_is_left_out_and_plans_are_marked(industry):
    graph = industry.copy()
    for data in graph.get_edge_data(find(graph, "Microsoft"), find(graph, "OpenAI")).values():
        data["status"] = "planned"
    for data in graph.get_edge_data(find(graph, "NVIDIA"), find(graph, "Mistral AI")).values():
        data["status"] = "denied"
    rows = {(str(r["from"]), str(r["to"])): r["how"] for r in analyse(surest(graph, 0.5), "capital").frame()}
    assert rows["Microsoft", "OpenAI"] == "invested in (planned)"
    assert ("NVIDIA", "Mistral AI") not in rows


@pytest.mark.parametrize(
    ("words", "expected"),
    [("88.5分", 88.5), ("86.4 %", 86.4), ("1,287 Elo", 1287.0), ("-3", -3.0), ("a new high", None), (None, None)],
)
def test_scores(words, expected):
    assert score(words) == expected


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ({"amount": "US$10 billion"}, ("US$10 billion", 10e9, "USD")),
        ({"amount": "3亿元人民币"}, ("3亿元人民币", 3e8, "CNY")),
        ({"quote": "阿里巴巴向月之暗面投资8亿美元"}, ("8亿美元", 8e8, "USD")),
        ({"quote": "raised $1 billion at a value of $5 billion"}, (None, None, None)),
        ({"amount": "undisclosed"}, ("undisclosed", None, None)),
        ({"amount": None, "quote": "in 2024 with 30 firms"}, (None, None, None)),
    ],
)
def test_money(claim, expected):
    assert money(claim) == expected


@pytest.mark.parametrize(
    ("what", "name", "says"),
    [
        ("nonsense", None, "no such analysis"),
        ("dependents", None, "of whom"),
        ("capital", "H100", "takes no name"),
        ("dependents", "no such chip", "no entity of this name"),
        ("dependents", "", "no entity of this name"),
    ],
)
def test_refusals(industry, what, name, says):
    with pytest.raises(KgError, match=says):
        analyse(industry, what, name)


def test_two_worlds_have_no_path(industry):
    graph = industry.copy()
    add_entity(graph, "urn:alone", "Company", "Alone", None, ["Alone"])
    with pytest.raises(KgError, match="no path"):
        way(graph, "Alone", "NVIDIA")


def test_hostile_cells_stay_text():
    name = '=cmd|"<script>alert(1)</script>|`x`\n# h'
    table = Table("t", name, ("a",), ((Ref("urn:x", name, "Company"),), (name,)))
    assert "<script" not in table._repr_html_()
    assert formatted(table, "csv").splitlines()[1].startswith("\"'=")
    assert "<script" not in formatted(table, "markdown")
    assert formatted(table, "markdown").count("\n") == 4
