"""RDF from outside comes in its own graph, in our terms too, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from kg.cli import main
from kg.registry.load import Registry
from kg.store.export import export
from kg.store.graph import View, Writer
from tests.factory import reading

if TYPE_CHECKING:
    from pathlib import Path

TURTLE = """@prefix schema: <https://schema.org/> . @prefix wdt: <http://www.wikidata.org/prop/direct/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
<urn:a> schema:founder <urn:p> ; wdt:P749 <urn:b> ; a schema:Corporation . <urn:p> a foaf:Person ; foaf:knows [ foaf:name "Q" ] .
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    with Writer(tmp_path / "s", registry=Registry(())) as writer:
        writer.put(reading())
    return tmp_path / "s"


def run(store: Path, *files: Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["import", *map(str, files), "--store", str(store)])
    return result.exit_code, result.output


def test_known_vocabularies_are_mapped(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(TURTLE, "utf-8")
    assert run(store, path)[0] == 0
    once = export(View(store), "nquads")
    for said in (
        b"<urn:p> <https://w3id.org/aikg/ontology#founded> <urn:a>",
        b"<urn:a> <https://w3id.org/aikg/ontology#subsidiaryOf> <urn:b>",
        b"<urn:a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/aikg/ontology#Company>",
    ):
        assert said in once
    assert b"_:" not in once
    run(store, path)
    assert export(View(store), "nquads") == once


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("bad.ttl", "<urn:a> <urn:b>\n\n nonsense .", "bad.ttl:3: "),
        ("bad.jsonld", "{", "bad.jsonld:1: "),
        ("bad.csv", "a,b", "kg imports"),
        ("missing.ttl", None, "cannot be read"),
    ],
)
def test_bad_files_change_nothing(store: Path, tmp_path: Path, name: str, text: str | None, says: str) -> None:
    before = export(View(store), "nquads")
    good = tmp_path / "good.ttl"
    good.write_text(TURTLE, "utf-8")
    if text is not None:
        (tmp_path / name).write_text(text, "utf-8")
    code, out = run(store, good, tmp_path / name)
    assert code == 1
    assert says in out
    assert out.count("\n") == 1
    assert export(View(store), "nquads") == before
