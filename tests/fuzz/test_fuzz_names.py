"""Names, titles and sentences of any characters in every format that is written: read back the same, and nothing of them acts there."""

from __future__ import annotations

import csv
import dataclasses
import html
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lxml.etree
import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from kg.analyse.network import network
from kg.analyse.table import Ref, Table
from kg.analyse.table import formatted as tabled
from kg.config import BASE
from kg.query import formatted, run
from kg.report.report import render as report
from kg.review import queue, sheet
from kg.store import terms
from kg.store.export import FORMATS, export
from kg.store.terms import clean
from kg.store.view import View
from kg.view.page import render

import factory
from fuzz.bounds import bounded

if TYPE_CHECKING:
    from collections.abc import Callable

NASTY = st.one_of(
    st.text(min_size=1, max_size=40).filter(str.strip),
    st.lists(
        st.sampled_from(
            ["<script>alert(1)</script>", "</script>", "<!--", "]]>", "&amp;", "&#x27;", "'", '"', "\\", "\\u0027", "\\u005c", "\n", "\r", "\t", "\0", "\x1b[31m", "\ud800",
             "\ufffe", "\u202e", "\u200b", "\u2028", "\u0085", "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "＝1", "%0A", "`", "$", "${x}", "{{x}}", "{%x%}", "}", ");",
             "DROP", "> <http://x> .", '" .\n<x:a> <x:b> <x:c> .', '"@en', "^^<x:y>", "公司", "𠀀", "a" * 300, "javascript:alert(1)", "|", ",", ";", "#", "//", "/*"]
        ),
        min_size=1, max_size=5,
    ).map("".join).filter(str.strip),
)  # fmt: skip
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r]")
NUMBER = re.compile(r"[-+]?[\d.]+(?:[eE][-+]?\d+)?")


def view_of(name: str) -> View:
    """A store in memory with a reading in which a firm, its document and a sentence are called so."""
    text = f"{name}的董事长李文博表示，{name}发布云帆-7B。营收达到36.8亿元。"
    doc = factory.document(text, name=f"{name}.txt", title=name)
    made = factory.reading(factory.document())
    firm, person, model = (
        dataclasses.replace(m, document=doc.id, text=t)
        for m, t in zip(made.mentions, (name, "李文博", "云帆-7B"), strict=True)
    )
    quote = dataclasses.replace(made.claims[0].evidence, quote=text)
    qualifiers = dataclasses.replace(made.claims[0].qualifiers, role=name, value=name, amount=name)
    claims = (
        dataclasses.replace(
            made.claims[0], document=doc.id, subject=person, object=firm, evidence=quote, qualifiers=qualifiers
        ),
        dataclasses.replace(made.claims[1], document=doc.id, subject=firm, object=model, evidence=quote),
    )
    number = dataclasses.replace(
        made.observations[0],
        document=doc.id,
        subject=firm,
        evidence=quote,
        words=name,
        unit=name,
        period=name,
        metric=name,
    )
    iris = {m.type: made.entity_of[old.id] for m, old in zip((firm, person, model), made.mentions, strict=True)}
    entities = tuple(
        dataclasses.replace(e, label=name, names=(name,)) if e.type == "Company" else e for e in made.entities
    )
    reading = dataclasses.replace(
        made, document=doc, mentions=(firm, person, model), claims=claims, observations=(number,), entities=entities,
        entity_of={m.id: iris[m.type] for m in (firm, person, model)},
    )  # fmt: skip
    view = View.__new__(View)
    view.path, view.mirror, view.store = Path("memory"), None, ox.Store()
    view.store.extend(terms.from_reading(reading, base=BASE, extractor="test"))
    labels = {e.iri: e.label for e in entities}
    from kg.registry.load import Registry

    view.store.extend(terms.from_entities(labels, {}, Registry([]), base=BASE))
    return view


class Skeleton(HTMLParser):
    """Elements and names of attributes of a page: what a name may not change."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, ...]] = []
        self.scripts: list[str] = []
        self._in = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, *(name for name, _ in attrs)))
        self._in = tag
        for name, value in attrs:
            assert not name.startswith("on")
            assert not (value or "").lower().lstrip("\0 \t\n").startswith("javascript:")

    def handle_data(self, data: str) -> None:
        if self._in == "script":
            self.scripts.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._in = ""


def kinds(page: str) -> set[tuple[str, ...]]:
    return set(Skeleton(page).found)


PLAIN: dict[str, Any] = {}


def plain() -> dict[str, Any]:
    if not PLAIN:
        view = view_of("云帆科技")
        page = render(network(view))
        PLAIN["page"], PLAIN["report"] = kinds(page), kinds(report(network(view)))
        PLAIN["scripts"] = len(Skeleton(page).scripts)
    return PLAIN


def cypher_outside_strings(text: str) -> str:
    return re.sub(r'"(?:[^"\\]|\\.)*"', '""', text)


def check(name: str) -> None:
    view = view_of(name)
    whole = set(view.store)
    shown = clean(name)
    for form in FORMATS:
        data = export(view, form)
        text = data.decode("utf-8")
        if form in ("nquads", "trig", "jsonld"):
            kind = {"nquads": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG, "jsonld": ox.RdfFormat.JSON_LD}[form]
            if form != "jsonld":
                assert set(ox.parse(data, format=kind)) == whole
            else:
                json.loads(text)
        elif form in ("turtle", "ntriples"):
            kind = ox.RdfFormat.TURTLE if form == "turtle" else ox.RdfFormat.N_TRIPLES
            assert {q.triple for q in ox.parse(data, format=kind)} == {q.triple for q in whole}
        elif form in ("graphml", "gexf"):
            lxml.etree.fromstring(data)
        elif form == "csv":
            rows = list(csv.reader(io.StringIO(text, newline="")))
            assert len({len(r) for r in rows}) == 1
            harmless(cell for row in rows for cell in row)
        else:
            bare = cypher_outside_strings(text)
            assert '"' not in bare.replace('""', "")
            assert not re.search(r"\\u", text.replace('\\\\" + "u', ""))
            assert bare.count(";\n") == bare.count("\n")
    harmless(
        cell
        for form in ("csv",)
        for cell in cells(
            formatted(run(view, "SELECT ?n { ?x rdfs:label|kg:role|dcterms:title|dcterms:identifier ?n }"), form), ","
        )
    )
    harmless(cells(formatted(run(view, "SELECT ?n { ?x rdfs:label|kg:role|dcterms:title ?n }"), "tsv"), "\t"))
    table = Table("degree", "about", ("who", "what"), ((Ref("x:a", name, "Company"), name),))
    harmless(cells(tabled(table, "csv"), ","))
    harmless(cells(sheet.text(queue.claims(view, {})), ","))
    graph = network(view)
    page, printed = render(graph, title=name), report(graph)
    assert kinds(page) <= plain()["page"]
    assert kinds(printed) <= plain()["report"] | {("br",)}
    assert len(Skeleton(page).scripts) == plain()["scripts"]
    [(iri, _, label)] = [f for f in view.find(name) if f[1] == "Company"] or [
        (f"{BASE}entity/company/yunfan", "", shown)
    ]
    assert view.facts(iri)
    assert html.escape(label) is not None


def cells(text: str, mark: str) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark) for cell in row]


def harmless(some: Any) -> None:
    """No cell begins so that a spreadsheet runs it, even one that trims it before."""
    for cell in some:
        assert not FORMULA.match(cell) or NUMBER.fullmatch(cell), cell


QUIET = {
    "phases": (Phase.explicit, Phase.generate),
    "deadline": None,
    "derandomize": True,
    "suppress_health_check": list(HealthCheck),
    "database": None,
}


@settings(max_examples=10, **QUIET)
@example('=HYPERLINK("http://x")')
@example("\n=1+1")
@example(" =1+1")
@example("</script><script>alert(1)</script>")
@example("\\u0027 DETACH DELETE n //")
@example("0\r")
@example("\ud800")
@given(NASTY)
def test_some_names(cases: Callable[[int], None], name: str) -> None:
    with bounded():
        check(name)
    cases(1)


@pytest.mark.faults
@settings(max_examples=500, **QUIET)
@given(NASTY)
def test_many_names(cases: Callable[[int], None], name: str) -> None:
    with bounded():
        check(name)
    cases(1)
