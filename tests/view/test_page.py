import html
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kg.errors import KgError
from kg.view.page import TEMPLATE, json_block, render, write
from view_sample import add_claim, add_entity, sample_graph


def block(page, name):
    return json.loads(re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', page, re.DOTALL)[1])


@pytest.fixture(scope="module")
def page():
    return render(sample_graph())


@given(
    st.recursive(
        st.text() | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_json_block_is_inert_and_loses_nothing(value):
    text = json_block(value)
    assert json.loads(text) == value
    assert not set(text) & set("<>&\u2028\u2029")


@pytest.mark.parametrize(
    "name", ["</script><script>x()</script>", "<!--<script>", "\u2028\u2029", "\ud800", "\x00\x1b", "{{ 7*7 }}", "]]>"]
)
def test_hostile_names_stay_inside_the_data(name, tmp_path):
    graph = nx.MultiDiGraph()
    add_entity(graph, "urn:a", "Company", name, name, [name])
    write(graph, tmp_path / "graph.html", title=name)
    page = (tmp_path / "graph.html").read_text(encoding="utf-8")
    assert block(page, "data")["nodes"][0]["label"] == name
    assert page.count("<script") - page.count('"<script') == block_count(render(nx.MultiDiGraph()))


def block_count(page):
    return page.count("<script") - page.count('"<script')


def test_same_graph_same_bytes_whatever_the_order(page):
    graph, turned = sample_graph(), nx.MultiDiGraph()
    turned.add_nodes_from(reversed(list(graph.nodes(data=True))))
    turned.add_edges_from(reversed(list(graph.edges(keys=True, data=True))))
    assert render(turned) == page


def test_same_bytes_in_another_process(page, tmp_path):
    script = (
        f"import sys; sys.path[:0] = {sys.path!r}\nfrom view_sample import sample_graph\n"
        f"from kg.view.page import write\nwrite(sample_graph(), {str(tmp_path / 'p.html')!r})"
    )
    subprocess.run([sys.executable, "-c", script], check=True, env={**os.environ, "PYTHONHASHSEED": "77"})
    assert (tmp_path / "p.html").read_text(encoding="utf-8") == page


def test_nothing_is_asked_from_anywhere(page):
    assert not re.search(
        r"<(link|img|iframe|base|object|embed)\b|\ssrc=|@import|sourceMappingURL",
        re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL),
    )
    assert "sourceMappingURL" not in page
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    assert "url(" not in style
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1])
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy


def test_claims_with_the_same_ends_and_predicate_are_one_edge(page):
    data, graph = block(page, "data"), sample_graph()
    assert len(data["claims"]) == graph.number_of_edges()
    assert sorted(claim for edge in data["edges"] for claim in edge["claims"]) == list(range(len(data["claims"])))
    ends = [(edge["from"], edge["to"], edge["predicate"]) for edge in data["edges"]]
    assert len(ends) == len(set(ends)) < len(data["claims"])
    assert {row["name"] for row in data["types"]} == {kind for _, kind in graph.nodes(data="type")}


def test_symmetric_relations_have_one_edge_for_both_ways():
    graph = nx.MultiDiGraph()
    for iri in ("urn:a", "urn:b"):
        add_entity(graph, iri, "Company", iri, None, [iri])
    add_claim(graph, "urn:a", "partnerOf", "urn:b")
    add_claim(graph, "urn:b", "partnerOf", "urn:a")
    (edge,) = block(render(graph), "data")["edges"]
    assert edge["claims"] == [0, 1]
    assert edge["arrows"] == ""


def test_the_interface_says_everything_in_both_languages():
    words = json.loads((TEMPLATE / "words.json").read_text(encoding="utf-8"))
    assert set(words["zh"]) == set(words["en"])
    used = "".join(
        path.read_text(encoding="utf-8") for path in sorted(TEMPLATE.glob("page.*")) + sorted(TEMPLATE.glob("*.js"))
    )
    asked = set(re.findall(r'data-(?:word|label|hint)="(\w+)"', used)) | set(re.findall(r'word\("(\w+)"\)', used))
    assert asked <= set(words["en"])


def test_no_template_code_parses_html():
    for path in TEMPLATE.glob("*.js"):
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function",
            path.read_text(encoding="utf-8"),
        )


def test_refusals_say_what_to_do(tmp_path):
    with pytest.raises(KgError, match="zh and en"):
        render(nx.MultiDiGraph(), lang="fr")
    with pytest.raises(KgError, match="-o"):
        write(nx.MultiDiGraph(), Path(tmp_path) / "no" / "such" / "folder.html")
