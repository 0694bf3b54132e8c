"""Queries read, and only read; results come in every promised form."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from kg import query
from kg.errors import QueryError
from kg.store.graph import View, Writer

import factory

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> View:
    path = tmp_path_factory.mktemp("q") / "s"
    with Writer(path, extractor="test") as writer:
        writer.put(factory.reading())
    return View(path)


def test_select_in_every_form(view: View) -> None:
    result = query.run(view, "SELECT ?l ?none WHERE { ?e a kg:Company ; rdfs:label ?l }")
    assert query.formatted(result, "csv") == "l,none\r\n云帆科技,\r\n"
    assert query.formatted(result, "tsv") == '?l\t?none\n"云帆科技"@zh\t\n'
    parsed = json.loads(query.formatted(result, "json"))
    assert parsed == {
        "head": {"vars": ["l", "none"]},
        "results": {"bindings": [{"l": {"type": "literal", "value": "云帆科技", "xml:lang": "zh"}}]},
    }


ANY = """SELECT * { { ?s ?p ?o } UNION { BIND(BNODE() AS ?blank) } UNION { VALUES ?x { " =a,\\"b" -1 "x"^^<urn:d> 1e3 true "a"@en--ltr } }
    UNION { BIND(STRDT("+1", xsd:string) AS ?y) } UNION { BIND(<<( <urn:s> <urn:p> "=1" )>> AS ?z) } } ORDER BY ?s ?p ?o ?x"""
"""Terms of every kind."""


@pytest.mark.parametrize("form", ["csv", "tsv", "json"])
def test_text_straight_from_the_engine_is_that_of_the_rows(view: View, form: str) -> None:
    straight, rows = (query.serialized(view, ANY, form), query.formatted(query.run(view, ANY), form))
    blank = re.compile(r'_:\w+|(?<="bnode","value":")\w+')
    assert blank.sub("_:b", straight) == blank.sub("_:b", rows)
    assert straight.count("urn:p") == 1


@pytest.mark.parametrize("text", ["ASK { ?s kg:develops ?o }", "CONSTRUCT { ?s kg:develops ?o } WHERE { ?s kg:develops ?o }"])  # fmt: skip
def test_text_of_what_has_no_rows(view: View, text: str) -> None:
    assert query.serialized(view, text, "csv") == query.formatted(query.run(view, text), "csv")


CELLS = st.lists(st.text(st.sampled_from('=+-@＝＋ \t\r\n\u3000\x85",1.eaé云\'\\\\')), min_size=2, max_size=2)  # fmt: skip


@given(st.lists(CELLS, max_size=4))
def test_formulas_in_csv_and_tsv_are_disarmed(rows: list[list[str]]) -> None:
    result = query.Rows(("a", "b"), tuple(tuple(ox.Literal(c) for c in row) for row in rows))
    found = list(csv.reader(io.StringIO(query.formatted(result, "csv"), newline=""), strict=True))
    assert found == [["a", "b"], *([query.disarmed(c) for c in row] for row in rows)]
    # Within a value TSV escapes breaks and tabs, so that a spreadsheet does not see what begins with one as a formula.
    safe = [[query.disarmed(c) if c[:1] not in "\t\r\n" and not re.match(r"\s*[\t\r\n]", c) else c for c in row] for row in rows]  # fmt: skip
    again: Any = ox.parse_query_results(query.formatted(result, "tsv"), format=ox.QueryResultsFormat.TSV)
    assert [[t.value for t in row] for row in again] == safe


def test_ask_and_construct(view: View) -> None:
    assert query.run(view, "ASK { ?s kg:develops ?o }") is True
    assert query.formatted(query.run(view, "ASK { ?s kg:restricts ?o }"), "table") == "false\n"
    turtle = query.formatted(query.run(view, "CONSTRUCT { ?s kg:develops ?o } WHERE { ?s kg:develops ?o }"), "table")
    assert len(rdflib.Graph().parse(data=turtle, format="turtle")) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("INSERT DATA { <a:a> <a:b> <a:c> }", "refused"),
        ("DELETE WHERE { ?s ?p ?o }", "refused"),
        ("LOAD <file:///etc/passwd>", "refused"),
        ("SELECT * WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", "SERVICE"),
        ("PREFIX a: <b:> DROP ALL", "refused"),
        ("SELECT * WHERE { ?s ?p }", "malformed"),
        ("SELEC ?x", "line 1"),
        ("SELECT * {\n ?s ?p ?o\n FILTR(1) }", "line 3"),
        ("SELECT * { ?s unknown:x ?o }", "Prefix not found"),
        ("\ud800", "surrogate"),
        ("", "malformed"),
    ],
)
def test_refused(view: View, text: str, words: str) -> None:
    with pytest.raises(QueryError, match=words):
        query.run(view, text)


CALLS = [
    "SELECT * { SERVICE <http://[::1]:9/> { ?s ?p ?o } }",
    "SELECT * { service silent<http://[::1]:9/>{ ?s ?p ?o } }",
    "SELECT * { VALUES ?x { <http://[::1]:9/> } SERVICE ?x { ?s ?p ?o } }",
    "PREFIX e: <http://[::1]:9/> SELECT * { SERVICE # {\n e:x { ?s ?p ?o } }",
    # A prefixed name may hold an escaped hash, which begins no comment.
    "PREFIX e: <urn:e> SELECT * { OPTIONAL { ?a e:x\\#y ?b } SERVICE <http://[::1]:9/> { ?s ?p ?o } }",
    # A long string may hold an escaped quotation mark.
    'SELECT * { BIND("""a\\""" b""" AS ?a) SERVICE <http://[::1]:9/> { ?s ?p ?o } FILTER("""c""" != "") }',
    "SELECT * { ?s ?p 1SERVICE <http://[::1]:9/> { ?a ?b ?c } }",
    "PREFIX : <http://[::1]:9/> SELECT * { ?s ?p trueSERVICE:x { ?a ?b ?c } }",
]


@pytest.mark.parametrize("text", CALLS)
def test_no_query_calls_another_server(view: View, text: str) -> None:
    with pytest.raises(QueryError, match="SERVICE is refused"):
        query.run(view, text)
    with pytest.raises(QueryError, match="SERVICE is refused"):
        query.explain(text)


@pytest.mark.parametrize(
    "text",
    [
        "PREFIX copy: <urn:x> SELECT * { ?s copy:y ?drop }",
        "SELECT ?service { ?service a kg:CloudService . { ?service ?p ?o } }",
        "PREFIX service: <urn:s> ASK { ?s service:add ?o }",
    ],
)
def test_names_like_keywords_are_allowed(view: View, text: str) -> None:
    query.run(view, text)


def test_from_chooses_graphs(view: View) -> None:
    def count(clause: str) -> int:
        return int(query.run(view, f"SELECT (COUNT(*) AS ?n) {clause} {{ ?s a kg:Claim }}").rows[0][0].value)

    [document] = {r["g"] for r in view.records("SELECT ?g { GRAPH ?g { ?c a kg:Claim } }")}
    assert count("") == count(f"FROM <{document}>") == 2
    assert count("FROM <https://w3id.org/aikg/graph/entities>") == 0


def test_words_in_strings_and_comments_are_no_updates(view: View) -> None:
    query.run(view, '# INSERT service\nSELECT * WHERE { ?s rdfs:label "DELETE me; SERVICE <x>" }')


@pytest.mark.parametrize("name", [n for n, _ in query.named_queries()])
def test_named_queries_run_and_have_help(view: View, name: str) -> None:
    english, chinese = (dict(query.named_queries(lang))[name] for lang in ("en", "zh"))
    assert english.isascii()
    assert "\u4e00" <= chinese[0] <= "\u9fff"
    result = query.run(view, query.text_of(name))
    assert isinstance(result, query.Rows)


def test_at_least_ten_named_queries() -> None:
    assert len(list(query.named_queries())) >= 10


def test_query_from_file_and_unknown_name(view: View, tmp_path: Path) -> None:
    (tmp_path / "a.rq").write_text("ASK { ?s ?p ?o }", "utf-8")
    assert query.run(view, query.text_of(str(tmp_path / "a.rq"))) is True
    with pytest.raises(QueryError, match="named queries are"):
        query.text_of("nonsense")


def test_explain_shows_the_algebra_and_places_errors() -> None:
    assert "BGP" in query.explain("SELECT ?s WHERE { ?s kg:develops ?o }")
    with pytest.raises(QueryError, match="line 1"):
        query.explain("SELECT ?s WHERE { ?s kg:develops }")


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("-3.5", "-3.5"),
        ("@a", "'@a"),
        ("云帆", "云帆"),
        ("-x", "'-x"),
        ("＝1", "'＝1"),
        ("1.5e3", "1.5e3"),
    ],
)
def test_formulas_are_disarmed(text: str, safe: str) -> None:
    assert query.disarmed(text) == safe
    assert next(csv.reader(io.StringIO(safe)))
