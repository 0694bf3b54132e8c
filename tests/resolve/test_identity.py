"""One thing, one node, over all documents of a store: links, decisions, and that order and repetition do not matter."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kg.config import BASE
from kg.errors import DataError
from kg.ids import content_id
from kg.model import Claim, Entity, Qualifiers, Reading
from kg.registry.load import Registry
from kg.resolve.decisions import Decision, load, path_of, save
from kg.review.queue import pairs
from kg.store.export import export
from kg.store.graph import View, Writer
from tests.factory import document, evidence, mention

DOCUMENTS = {
    "a.txt": ("李文博任北京澜石集成电路有限公司董事长。", "李文博", "北京澜石集成电路有限公司"),
    "b.txt": ("李文博任澜石集成电路总经理。", "李文博", "澜石集成电路"),
    "c.txt": ("Li Wenbo chairs Lanshi Integrated Circuit.", "Li Wenbo", "Lanshi Integrated Circuit"),
    "d.txt": ("李文博任千岳科技监事。", "李文博", "千岳科技"),
    "e.txt": ("李文博任上海澜石集成电路有限公司董事。", "李文博", "上海澜石集成电路有限公司"),
}
FIRM = f"{BASE}entity/company/"


def read(name: str) -> Reading:
    text, person, firm = DOCUMENTS[name]
    doc = document(text, name=name)
    a, b = mention(doc, person, "Person"), mention(doc, firm, "Company")
    iris = {
        a.id: f"{BASE}entity/person/{content_id('Person', person, name)}",
        b.id: f"{FIRM}{content_id('Company', firm)}",
    }
    claim = Claim(
        document=doc.id,
        subject=a,
        predicate="holdsPositionAt",
        object=b,
        evidence=evidence(doc, text),
        confidence=0.8,
        found_by="test",
        qualifiers=Qualifiers(role="董事"),
    )
    entities = tuple(Entity(iri=iris[m.id], type=m.type, label=m.text, names=(m.text,)) for m in (a, b))
    return Reading(document=doc, mentions=(a, b), claims=(claim,), observations=(), entities=entities, entity_of=iris)


def build(path: Path, *names: str) -> View:
    with Writer(path, registry=Registry(())) as writer:
        for name in names:
            writer.put(read(name))
    return View(path)


def entities(view: View, kind: str) -> int:
    return view.stats().by_type[kind]


def test_spellings_of_one_firm_are_one_node_and_namesakes_are_not(tmp_path: Path) -> None:
    view = build(tmp_path / "s", "a.txt", "b.txt", "c.txt", "d.txt")
    # The firm in Beijing, whose name stands in two languages; the other firm.
    assert entities(view, "Company") == 2
    # The chair of it in three documents; a namesake at the other firm.
    assert entities(view, "Person") == 2


def test_what_may_as_well_be_either_of_two_is_neither(tmp_path: Path) -> None:
    view = build(tmp_path / "s", *DOCUMENTS)
    # The firms in Beijing and in Shanghai; the short name in two languages; the other firm.
    assert entities(view, "Company") == 4
    assert entities(view, "Person") == 4
    asked = [q.text for q in pairs(view, {})]
    assert sum("as surely another" in text for text in asked) >= 2


def test_an_export_says_which_iris_are_one(tmp_path: Path) -> None:
    import rdflib

    view = build(tmp_path / "s", "a.txt", "b.txt", "c.txt", "d.txt")
    graph = rdflib.Graph().parse(data=export(view, "turtle"), format="turtle")
    same = set(graph.subject_objects(rdflib.OWL.sameAs))
    # Two further spellings of the firm in Beijing, and its chair in two further documents.
    assert len(same) == 4
    assert all(not set(graph.predicate_objects(left)) - {(rdflib.OWL.sameAs, kept)} for left, kept in same)
    assert all((kept, rdflib.RDF.type, None) in graph for _, kept in same)


def test_removing_a_document_undoes_its_merges(tmp_path: Path) -> None:
    build(tmp_path / "s", *DOCUMENTS)
    with Writer(tmp_path / "s", registry=Registry(())) as writer:
        for name in list(DOCUMENTS)[1:]:
            writer.remove(name)
    alone = build(tmp_path / "t", "a.txt")
    assert export(View(tmp_path / "s"), "nquads") == export(alone, "nquads")


STEPS = st.lists(st.tuples(st.sampled_from(sorted(DOCUMENTS)), st.booleans()), max_size=8)


@settings(max_examples=12, deadline=None)
@given(order=st.permutations(sorted(DOCUMENTS)), before=STEPS, cuts=st.sets(st.integers(0, 4)))
def test_order_repetition_and_removal_do_not_matter(
    order: list[str], before: list[tuple[str, bool]], cuts: set[int]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        once = export(build(Path(folder) / "once", *sorted(DOCUMENTS)), "nquads")
        path = Path(folder) / "often"
        for name, put in before:
            with Writer(path, registry=Registry(())) as writer:
                if put:
                    writer.put(read(name))
                else:
                    writer.remove(name)
        start = 0
        for cut in [*sorted(cuts), len(order)]:
            build(path, *order[start:cut])
            start = cut
        assert export(View(path), "nquads") == once


def test_decisions_outrank_the_machine_survive_and_can_be_undone(tmp_path: Path) -> None:
    path = tmp_path / "s"
    before = export(build(path, "a.txt", "b.txt"), "nquads")
    left, right = (read(n).entities[1].iri for n in ("a.txt", "b.txt"))
    claim = f"{BASE}claim/{read('a.txt').claims[0].id}"
    save(
        path,
        [
            Decision(verdict="different", left=left, right=right),
            Decision(verdict="reject", claim=claim),
        ],
    )
    with Writer(path, registry=Registry(())) as writer:
        writer.refresh()
    assert entities(View(path), "Company") == 2
    assert View(path).stats().claims == 1
    decided = export(View(path), "nquads")
    build(tmp_path / "other", "b.txt")
    build(path, "b.txt", "a.txt")
    assert export(View(path), "nquads") == decided
    save(path, [])
    with Writer(path, registry=Registry(())) as writer:
        writer.refresh()
    assert export(View(path), "nquads") == before


def test_a_person_corrects_a_claim(tmp_path: Path) -> None:
    path = tmp_path / "s"
    build(path, "a.txt")
    claim = f"{BASE}claim/{read('a.txt').claims[0].id}"
    save(path, [Decision(verdict="correct", claim=claim, predicate="founded")])
    with Writer(path, registry=Registry(())) as writer:
        writer.refresh()
    assert View(path).stats().by_predicate == {"founded": 1}
    assert list(View(path).records("SELECT ?c WHERE { ?c kg:confidence 1.0e0 }"))


@pytest.mark.parametrize(
    "line",
    [
        "{",
        '{"verdict": "perhaps", "left": "urn:a", "right": "urn:b"}',
        '{"verdict": "same", "left": "urn:a"}',
        '{"verdict": "same", "left": "urn:a", "right": "no iri"}',
        '{"verdict": "correct", "claim": "urn:c", "predicate": "loves"}',
        '{"colour": "red"}',
        "[]",
    ],
)
def test_a_malformed_decision_is_named_by_file_and_line(tmp_path: Path, line: str) -> None:
    path_of(tmp_path / "s").write_text(
        '{"verdict": "same", "left": "urn:a", "right": "urn:b"}\n' + line + "\n", "utf-8"
    )
    with pytest.raises(DataError, match=r"decisions\.jsonl:2: "):
        load(tmp_path / "s")


def test_decisions_that_are_not_utf8_are_refused_with_their_line(tmp_path: Path) -> None:
    path_of(tmp_path / "s").write_bytes(b'\n\n{"left": "\xd6\xd0"}\n')
    with pytest.raises(DataError, match=r"decisions\.jsonl:3: this is not UTF-8"):
        load(tmp_path / "s")
