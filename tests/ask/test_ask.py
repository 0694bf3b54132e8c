"""Questions: what is understood, what must not be, and that nothing of a question enters the query as text."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))

from kg.ask.answer import Names, ask, understood
from kg.ask.likely import understood as read
from kg.ask.sparql import forms, sparql
from kg.errors import QueryError
from kg.query import run
from kg.store.graph import View, Writer
from kg.text import fold

from ask import CASES, NAMES, cases, fits, meaning
from factory import reading

LEAST = 0.95
"""A floor against regressions on what the weights were settled on; docs/ask.md tells which figure measures."""


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> View:
    path = tmp_path_factory.mktemp("ask") / "graph.kg"
    with Writer(path) as writer:
        writer.put(reading())
    return View(path)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_paraphrases_are_understood(lang: str) -> None:
    rows = [(wanted, text) for at, wanted, text in cases(CASES / "questions-development.txt") if at == lang]
    right = sum(fits(wanted, meaning(text)) for wanted, text in rows)
    assert right / len(rows) >= LEAST


@pytest.mark.parametrize("text", (CASES / "questions-refused.txt").read_text("utf-8").splitlines())
def test_what_is_no_question_to_the_graph_is_refused(text: str) -> None:
    assert meaning(text) == ""


def test_an_answer_comes_with_its_sentence(view: View) -> None:
    found = ask(view, "云帆科技的董事长是谁？")
    assert found.rows[0][0] == "李文博"
    assert found.proofs[0].quote
    assert found.proofs[0].source == "a.txt"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("谁投资了艾丽丝芯片厂？", "不认识：艾丽丝"),
        ("Who invested in Quux Zork and Quux?", "not known: Quux, Zork"),
    ],
)
def test_unknown_words_are_named_whole(view: View, text: str, why: str) -> None:
    assert ask(view, text).why.startswith(why)


def test_near_names_are_offered(view: View) -> None:
    found = ask(view, "谁领导云帆科枝？")
    assert not found.understood
    assert found.sparql == ""
    assert found.near


@pytest.mark.parametrize("text", ["How is 云帆科技 connected to 李文博?", "云帆科技和李文博有什么关系？"])
def test_the_network_is_kept_for_a_state_of_the_store(view: View, text: str) -> None:
    names = Names(view)
    first, kept = ask(view, text, names=names), names.network(view)
    assert first.form == "connected"
    assert first.rows
    assert ask(view, text, names=names) == first
    assert names.network(view) is kept
    assert names.network(view.as_of("2001")) is not kept


@pytest.mark.parametrize("text", ["", " ", "x" * 501])
def test_empty_and_long_questions_are_refused(view: View, text: str) -> None:
    with pytest.raises(QueryError):
        ask(view, text)


HOSTILE = [
    'Who invested in Yunfan" } DELETE WHERE { ?s ?p ?o } #',
    "Who invested in Yunfan> . ?s ?p ?o . <x",
    "谁投资了云帆科技？} UNION { ?s ?p ?o",
    "Who invested in Yunfan SERVICE <http://127.0.0.1/> { ?s ?p ?o }",
    "Who invested in {entity} Yunfan {claims}",
    "谁投资了云帆科技\u0000\u202e?",
    "Who invested in Yunfan \\u003e \\\\",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_question_enters_the_query(text: str) -> None:
    form, parts = read(text, NAMES)
    if form is None:
        return
    query, _ = sparql(form, parts)
    told = ("DELETE", "SERVICE", "127.0.0.1", "{ ?s ?p ?o", "<x", "{entity}", "{claims}", chr(92), "UNION")
    assert not any(word in query for word in told)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_kind_of_question_gives_queries_that_run(view: View, lang: str) -> None:
    first = {
        wanted: text for at, wanted, text in reversed(list(cases(CASES / "questions-development.txt"))) if at == lang
    }
    for text in first.values():
        form, parts = read(text, NAMES)
        if form is not None:
            for query in sparql(form, parts):
                run(view, query)


def test_the_development_paraphrases_are_of_all_forms() -> None:
    lines = (CASES / "question-forms.txt").read_text("utf-8").splitlines()
    specs = {line.partition(" | ")[0] for line in lines if line and not line.startswith("#")}
    told = list(cases(CASES / "questions-development.txt"))
    assert {(lang, wanted) for lang, wanted, _ in told} == {(lang, spec) for lang in ("en", "zh") for spec in specs}


@given(st.text(max_size=120))
@settings(max_examples=150, deadline=None)
def test_any_text_is_answered_or_refused(view: View, text: str) -> None:
    if text.strip():
        ask(view, text, names=Names(view))


def test_every_form_has_examples_in_both_languages() -> None:
    assert all(len(form.reads) >= 2 for form in forms())
    assert len({form.name for form in forms()}) == len(forms())


def test_names_of_a_store_are_linked(view: View) -> None:
    form, parts = understood("谁开发了云帆-7B？", Names(view))
    assert form is not None
    assert parts.steps[0].predicate == "develops"


@pytest.mark.parametrize(("form", "text"), [(form.name, text) for form in forms() for text in form.reads])
def test_the_examples_of_a_form_are_read_as_it(form: str, text: str) -> None:
    from kg.registry.load import load

    names: dict[str, list[tuple[str, str]]] = {}
    for entry in load():
        for name in (*entry.names, *entry.weak):
            names.setdefault(fold(name), []).append((f"https://example.org/{entry.id}", entry.type))
    found, _ = read(text, names)
    assert found is not None
    assert found.name == form
