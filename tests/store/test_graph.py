"""The store gives back what was put in, replaces and withdraws whole documents, and does not depend on their order."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import rdflib
from kg.errors import StoreError
from kg.store.export import FORMATS, export
from kg.store.graph import View, Writer
from kg.store.shapes import validate

import factory

HOSTILE = [
    "<script>alert(1)</script>",
    'a"b\\c\nd',
    "\x00null\x1b[31m",
    "\ud800lone",
    "=cmd|'/c calc'!A1",
    "}] ; DROP ALL #",
    "名" * 3000,
    "\u202ertl",
    "\u200bzero",
]


def put(path: Path, *readings) -> None:
    with Writer(path, extractor="test") as writer:
        for each in readings:
            writer.put(each)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    put(tmp_path / "s", factory.reading())
    return tmp_path / "s"


def test_round_trip(store: Path) -> None:
    view = View(store)
    stats = view.stats()
    assert (stats.documents, stats.entities, stats.claims, stats.observations, stats.mentions) == (1, 3, 2, 1, 3)
    [(iri, kind, label)] = view.find("雲帆科技")
    assert (kind, label) == ("Company", "云帆科技")
    facts = view.facts(iri)
    assert {(f.predicate, f.forward, f.other_label, f.role) for f in facts} == {
        ("develops", True, "云帆-7B", None),
        ("holdsPositionAt", False, "李文博", "董事长"),
    }
    text = factory.TEXT
    for row in view.records(
        "SELECT ?q ?a ?b WHERE { ?e oa:hasSelector ?s, ?t . ?s oa:exact ?q . ?t oa:start ?a ; oa:end ?b }"
    ):
        assert text[int(row["a"]) : int(row["b"])] == row["q"]


def test_each_claim_is_a_triple_too(store: Path) -> None:
    rows = list(View(store).records("SELECT ?s ?o WHERE { ?s kg:develops ?o }"))
    assert [(r["s"].rsplit("/", 1)[-1], r["o"].rsplit("/", 1)[-1]) for r in rows] == [("yunfan", "yf7b")]


def test_no_blank_nodes(store: Path) -> None:
    assert b"_:" not in b"\n".join(line for line in export(View(store), "nquads").splitlines() if b'"' not in line)


def test_putting_again_replaces(store: Path) -> None:
    before = export(View(store), "nquads")
    put(store, factory.reading())
    assert export(View(store), "nquads") == before
    changed = factory.document(factory.TEXT + "补充。")
    put(store, factory.reading(changed))
    assert View(store).documents() == {"a.txt": (changed.sha256, "test")}
    assert View(store).stats().claims == 2


def test_withdrawing_leaves_no_rest(store: Path) -> None:
    only_b = store.parent / "b"
    other = factory.reading(factory.document(name="b.txt"))
    put(only_b, other)
    put(store, other)
    with Writer(store, extractor="test") as writer:
        assert writer.remove("a.txt")
        assert not writer.remove("nothing.txt")
    assert export(View(store), "nquads") == export(View(only_b), "nquads")


def test_order_does_not_matter(tmp_path: Path) -> None:
    docs = [factory.reading(factory.document(name=f"{n}.txt")) for n in "abc"]
    put(tmp_path / "one", *docs)
    put(tmp_path / "two", docs[2])
    put(tmp_path / "two", docs[1], docs[0])
    assert export(View(tmp_path / "one"), "nquads") == export(View(tmp_path / "two"), "nquads")


def test_turtle_counts_the_same_in_rdflib(store: Path) -> None:
    view = View(store)
    graph = rdflib.Graph().parse(data=export(view, "turtle"), format="turtle")
    assert len(graph) == len({q.triple for q in view.store})
    assert len(rdflib.Dataset().parse(data=export(view, "trig"), format="trig")) == len(view)


def test_rdflib_sees_the_same_store(store: Path) -> None:
    rows = list(View(store).rdflib().query("SELECT ?s WHERE { ?s a kg:Claim }"))
    assert len(rows) == 2


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_in_every_format(tmp_path: Path, form: str, name: str) -> None:
    doc = factory.document(f"云帆科技董事长李文博表示，云帆科技发布云帆-7B。2023年营收达到36.8亿元。{name}", title=name)
    made = factory.reading(doc)
    entities = tuple(type(e)(iri=e.iri, type=e.type, label=name, names=(name,)) for e in made.entities)
    made = type(made)(
        document=doc,
        mentions=made.mentions,
        claims=made.claims,
        observations=made.observations,
        entities=entities,
        entity_of=made.entity_of,
    )
    put(tmp_path / "s", made)
    data = export(View(tmp_path / "s"), form)
    text = data.decode("utf-8")
    if form in ("turtle", "ntriples"):
        rdflib.Graph().parse(data=data, format="nt" if form == "ntriples" else form)
    elif form in ("graphml", "gexf"):
        from xml.etree import ElementTree as ET

        ET.fromstring(text)  # our own output
    elif form == "csv":
        assert not any(cell.startswith(("=cmd", "@", "\t")) for line in text.splitlines() for cell in line.split(","))


def test_shacl_conforms_and_finds_faults(store: Path) -> None:
    assert list(validate(View(store))) == []
    import pyoxigraph as ox

    raw = ox.Store(str(store / "oxigraph"))
    graph = next(g for g in raw.named_graphs() if "/document/" in g.value)
    claim = next(
        q.subject
        for q in raw.quads_for_pattern(None, ox.NamedNode("https://w3id.org/aikg/ontology#confidence"), None, graph)
    )
    raw.add(ox.Quad(claim, ox.NamedNode("https://w3id.org/aikg/ontology#confidence"), ox.Literal(7.0), graph))
    raw.flush()
    del raw
    assert any("confidence" in f.path for f in validate(View(store)))


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (lambda p: None, "no store here"),
        (lambda p: (p.mkdir(), (p / "kg-store").write_text("99\n")), "format"),
    ],
)
def test_errors_say_what_to_do(tmp_path: Path, prepare, words: str) -> None:
    prepare(tmp_path / "s")
    with pytest.raises(StoreError, match=words):
        View(tmp_path / "s")


def test_a_full_folder_is_not_taken_for_a_store(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(StoreError, match="not empty"):
        Writer(tmp_path)


def test_two_writers(store: Path) -> None:
    with Writer(store, extractor="test"), pytest.raises(StoreError, match="another process"):
        Writer(store)


KILLED = """
import sys, os, signal
sys.path[:0] = sys.argv[2:]
import factory
from kg.store.graph import Writer
writer = Writer(sys.argv[1], extractor="test")
for n in range(40):
    writer.put(factory.reading(factory.document(name=f"{n:03}.txt")))
    if n == 25:
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_build_goes_on(tmp_path: Path) -> None:
    store = tmp_path / "s"
    here = Path(__file__).parent.parent
    subprocess.run([sys.executable, "-c", KILLED, str(store), str(here), str(here.parent)], check=False)
    readings = [factory.reading(factory.document(name=f"{n:03}.txt")) for n in range(40)]
    with Writer(store, extractor="test") as writer:
        done = writer.documents()
        assert 0 < len(done) < 40
        for each in readings:
            if each.document.id not in done:
                writer.put(each)
    put(tmp_path / "whole", *readings)
    assert export(View(store), "nquads") == export(View(tmp_path / "whole"), "nquads")
