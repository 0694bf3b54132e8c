"""Results kept in the store: queryable, replaced, gone when what they were made from changes, and never among what was read."""

import pytest
from kg.analyse.analyses import analyse
from kg.analyse.kept import keep
from kg.analyse.network import network
from kg.analyse.paths import find, surest
from kg.query import run
from kg.store import results
from kg.store.export import export
from kg.store.graph import View, Writer
from test_analyse_commands import kg

pytestmark = pytest.mark.models

TOP = "SELECT ?n ?score { ?row a result:Pagerank ; result:entity ?e ; result:pagerank ?score . ?e rdfs:label ?n } ORDER BY DESC(?score)"
ROWS = (
    "SELECT ?g (COUNT(?row) AS ?n) { GRAPH ?g { ?g a result:Analysis . ?row a ?kind FILTER (?row != ?g) } } GROUP BY ?g"
)


@pytest.fixture
def store(tmp_path):
    (tmp_path / "a.txt").write_text(
        "OpenAI发布GPT-4o。微软向OpenAI投资100亿美元。Copilot is based on GPT-4o.\n", "utf-8"
    )
    kg("build", tmp_path / "a.txt", "--store", tmp_path / "s")
    return tmp_path / "s"


def write(store, *words):
    return kg("analyze", *words, "--write", "--store", store, "--min-confidence", 0)


def kept(store):
    return {g.value.split("/graph/analysis/")[1]: int(n.value) for g, n in run(View(store), ROWS).rows}


def quads(store, *, read_only=True):
    view = View(store)
    apart = set(results.graphs(view.store)) if read_only else ()
    return {q for q in view.store if q.graph_name not in apart}


def test_what_is_written_is_found_by_sparql_beside_its_options(store):
    said = write(store, "pagerank")
    view = View(store)
    table = analyse(surest(network(view), 0), "pagerank")
    assert f"{len(table)} rows in the graph" in said
    found = run(view, TOP).rows
    assert [float(score.value) for _, score in found] == table.column("pagerank")
    assert found[0][0].value == str(table.rows[0][0])
    ((sure, rows),) = run(
        view, "SELECT ?c ?n { ?g result:analysis 'pagerank' ; result:minConfidence ?c ; result:rows ?n }"
    ).rows
    assert (float(sure.value), int(rows.value)) == (0.0, len(table))


def test_each_analysis_and_entity_has_a_graph_and_writing_again_replaces_it(store):
    write(store, "pagerank")
    write(store, "dependents", "gpt-4o")
    write(store, "dependents", "OpenAI")
    once, all_of_it = kept(store), quads(store, read_only=False)
    assert len(results.graphs(View(store).store)) == 3
    write(store, "pagerank")
    write(store, "dependents", "GPT-4o")
    assert kept(store) == once
    assert quads(store, read_only=False) == all_of_it
    write(store, "pagerank", "--top", 1)
    assert kept(store)["pagerank"] == 1


def test_nothing_of_it_mixes_with_what_was_read(store):
    before, stats, turtle = quads(store), View(store).stats(), export(View(store), "turtle")
    for words in (("pagerank",), ("communities",), ("capital",), ("links",)):
        write(store, *words)
    view = View(store)
    assert quads(store) == before
    assert view.stats() == stats
    assert export(view, "turtle") == turtle
    assert b"graph/analysis/pagerank" in export(view, "trig")
    assert b"Pagerank" in export(view, "jsonld")
    assert results.graphs(view.as_of("2024").store) == []
    assert "conform" in kg("validate", "--store", store).lower()


def test_results_go_when_asked_to_and_when_documents_change(store, tmp_path):
    before = quads(store)
    for words in (("pagerank",), ("dependents", "GPT-4o"), ("dependents", "OpenAI")):
        write(store, *words)
    assert "2 results" in kg("analyze", "dependents", "--drop", "--store", store)
    assert set(kept(store)) == {"pagerank"}
    assert "1 results" in kg("analyze", "--drop", "--store", store)
    assert quads(store, read_only=False) == before
    write(store, "pagerank")
    kg("build", tmp_path / "a.txt", "--store", store)  # nothing new
    assert set(kept(store)) == {"pagerank"}
    (tmp_path / "b.txt").write_text("NVIDIA supplies OpenAI.\n", "utf-8")
    kg("build", tmp_path / "b.txt", "--store", store)
    assert kept(store) == {}


def test_a_stranger_cannot_have_another_graph_taken_for_a_result(store, tmp_path):
    graph = network(View(store))
    document = next(q.graph_name for q in View(store).store if "/document/" in q.graph_name.value)
    (tmp_path / "x.ttl").write_text(
        f"<{document.value}> a <https://w3id.org/aikg/analysis#Analysis> .\n<urn:x> <urn:y> <urn:z> .", "utf-8"
    )
    with Writer(store) as writer:
        writer.take(tmp_path / "x.ttl")  # before, for what is imported makes results stale
        place = keep(writer, analyse(graph, "dependents", "GPT-4o"), about=find(graph, "GPT-4o"))
    assert [g.value for g in results.graphs(View(store).store)] == [place]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--write",), 2, "--write what"),
        (("nonsense", "--drop"), 2, "no analysis nonsense"),
        (("pagerank", "--write", "--drop"), 2, "--drop takes"),
        (("dependents", "OpenAI", "--drop"), 2, "--drop takes"),
        (("dependents", "nobody", "--write"), 1, "no entity of this name"),
    ],
)
def test_what_makes_no_sense_is_refused(store, words, code, says):
    assert says in kg("analyze", *words, "--store", store, expect=code)


def test_there_must_be_a_store(tmp_path):
    assert "there is no store" in kg("analyze", "--drop", "--store", tmp_path / "none", expect=1)
    assert not (tmp_path / "none").exists()
