"""A store of the user's own gives the same answers as the embedded one, whichever server it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from kg import query
from kg.store.export import export
from kg.store.graph import View, Writer

import factory
import servers

if TYPE_CHECKING:
    from pathlib import Path

SERVERS = [servers.Oxigraph, servers.Virtuoso]


@pytest.fixture(scope="module", params=SERVERS, ids=lambda s: s.__name__)
def server(request, tmp_path_factory):
    if why := request.param.missing():
        pytest.skip(why)
    made = request.param(tmp_path_factory.mktemp("server") / "s")
    yield made
    made.kill()


@pytest.fixture
def here(monkeypatch, tmp_path, server) -> str:
    """The address of a server, with a new machine's empty cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    if isinstance(server, servers.Virtuoso):
        monkeypatch.setenv("KG_STORE_USER", "dba")
        monkeypatch.setenv("KG_STORE_PASSWORD", "dba")
    return server.url


def readings():
    hostile = factory.document(
        'x "]} ; DROP ALL # \\ 😀\u202e云帆科技董事长李文博表示，云帆科技发布云帆-7B。2023年营收达到36.8亿元。',
        name="b.txt",
    )
    return [factory.reading(), factory.reading(hostile)]


def put(store: str | Path, *some) -> None:
    with Writer(store, extractor="test") as writer:
        for each in some:
            writer.put(each)


def test_another_machine_reads_what_was_built(here, monkeypatch, tmp_path) -> None:
    put(tmp_path / "own", *readings())
    put(here, *readings())
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "other"))
    own, there = View(tmp_path / "own"), View(here)
    assert export(there, "nquads") == export(own, "nquads")
    for name, _ in query.named_queries():
        text = query.text_of(name)
        assert query.formatted(query.run(there, text), "csv") == query.formatted(query.run(own, text), "csv"), name


def test_a_document_taken_out_on_one_machine_is_gone_on_the_other(here, monkeypatch, tmp_path) -> None:
    put(here, *readings())
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "other"))
    with Writer(here, extractor="test") as writer:
        assert set(writer.documents()) == {"a.txt", "b.txt"}
        writer.remove("b.txt")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    put(tmp_path / "own", readings()[0])
    assert export(View(here), "nquads") == export(View(tmp_path / "own"), "nquads")


QUERIES = [
    "SELECT ?s ?n WHERE { ?s kg:subject ?x ; kg:confidence ?n } ORDER BY ?s",
    "SELECT (COUNT(*) AS ?n) WHERE { ?s a kg:Company }",
    "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s a kg:Claim } } GROUP BY ?g ORDER BY ?g",
    "ASK { ?c kg:role '董事长' }",
    "ASK { ?c kg:role 'nobody' }",
    "CONSTRUCT { ?s kg:develops ?o } WHERE { ?s kg:develops ?o }",
]


@pytest.mark.parametrize("text", QUERIES)
def test_the_server_answers_as_the_embedded_store_does(here, tmp_path, text: str) -> None:
    for store in (tmp_path / "own", here):
        put(store, *readings())
    own, there = (query.run(View(s), text) for s in (tmp_path / "own", here))
    assert query.formatted(there, "json") == query.formatted(own, "json")
