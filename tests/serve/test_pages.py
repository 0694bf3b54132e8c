"""The pages: what they show, in which language, and that nothing of a document runs."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kg.config import BASE
from kg.report.words import Words
from kg.serve.app import application
from kg.serve.limits import Limits
from kg.serve.names import Named, Names
from kg.serve.passages import Marked, Quoted, pieces, stretches
from kg.serve.surroundings import moments, surroundings
from kg.store.graph import Writer
from kg.store.terms import document_iri
from kg.store.view import Fact
from serving import serving
from starlette.testclient import TestClient

import factory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIRM = f"{BASE}entity/company/yunfan"
DOCUMENT = document_iri(BASE, "a.txt").value
RTL = "\u202eمرحبا\u2066"
EVIL = RTL + "<img src=x onerror=alert(1)></textarea><script>alert(1)</script>{{7*7}}"


def fact(n: int, confidence: float, *, document: str = "a", **more: str) -> Fact:
    given = {"role": None, "value": None, "holds_on": None, "date": None, **more}
    return Fact(claim=f"x:c{n}{document}", predicate="develops", forward=True, other=f"x:{n}", other_label=f"firm {n}", confidence=confidence, quote="q", document=document, **given)  # fmt: skip


def page(server: str, path: str, **more: str) -> httpx.Response:
    headers = {k.replace("_", "-"): v for k, v in more.items()}
    return httpx.get(f"{server}{path}", headers=headers, timeout=120)


@pytest.mark.parametrize(
    ("path", "shows"),
    [
        ("/", ["云帆科技", "李文博", "云帆-7B"]),
        ("/?q=云帆", ["云帆科技", "云帆-7B"]),
        ("/?q=ＹＵＮ", ["Nothing has this name"]),
        (f"/entity?iri={FIRM}", ["develops", "云帆科技发布云帆-7B", "0.80", "董事长", "a.txt", "36.8亿元"]),
        (
            f"/document?iri={DOCUMENT}",
            ["<mark>", 'class="name"', "测试", "3 statements of this passage", "develops", "revenue <strong>36.8亿元"],
        ),
        (
            f"/entity?iri={FIRM}",
            [
                'role="group"',
                "develops",
                'class="timeline"',
                "CN¥3.68 billion",
                f"/graph?iri={FIRM.replace(':', '%3A').replace('/', '%2F')}",
            ],
        ),
        (f"/graph?iri={FIRM}", ['id="network"', "云帆-7B", '"pages":"/"']),
        ("/graph", ['id="network"', "李文博"]),
        ("/analyses", ["Central entities", "/analyses?name=capital", 'name="of"']),
        ("/analyses?name=pagerank", ["云帆科技", "/entity?iri=", "AI model"]),
        ("/analyses?name=pagerank&lang=zh", ["核心实体", "AI模型"]),
        ("/analyses?name=communities", ["云帆科技"]),
        ("/analyses?name=dependents&of=云帆科技", ["No rows"]),
        ("/analyses?name=dependents", ["required"]),
        ("/analyses?name=dependents&of=nobody", ['role="alert"', "no entity of this name"]),
        ("/analyses?name=rivals", ["No rows"]),
        ("/documents", ["测试", "a.txt"]),
        ("/console", ["developers", "leaderboard"]),
        ("/console?name=developers", ["Who develops what"]),
        ("/console?lang=zh", ["谁投资了谁，附原句"]),
        ("/console?query=SELECT DISTINCT ?m { ?m a kg:AIModel }", ["yf7b", "/entity?iri="]),
        ("/console?query=ASK {}", ["true"]),
        ("/console?query=CONSTRUCT { ?a kg:develops ?b } WHERE { ?a kg:develops ?b }", ["<pre", "kg:develops"]),
        ("/console?query=SELECT", ["malformed"]),
        ("/console?query=CLEAR ALL", ["CLEAR is refused"]),
    ],
)
def test_pages_show(server: str, path: str, shows: list[str]) -> None:
    reply = page(server, path)
    assert (reply.status_code, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert [words for words in shows if words not in reply.text] == []


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/documents",
        "/console",
        "/analyses",
        "/analyses?name=pagerank",
        f"/entity?iri={FIRM}",
        f"/document?iri={DOCUMENT}",
    ],
)
@pytest.mark.parametrize(
    ("asked", "header", "cookie", "lang"),
    [("zh", "en", "", "zh-CN"), ("", "zh-CN,zh;q=0.9", "", "zh-CN"), ("", "zh", "lang=en", "en"), ("", "fr", "", "en")],
)
def test_pages_speak_the_language_that_is_asked_for(
    server: str, path: str, asked: str, header: str, cookie: str, lang: str
) -> None:
    joint = "&" if "?" in path else "?"
    reply = page(server, f"{path}{joint}lang={asked}", accept_language=header, cookie=cookie)
    assert f'<html lang="{lang}">' in reply.text
    assert ("文档" if lang == "zh-CN" else "Documents") in reply.text


@pytest.mark.parametrize(
    "path",
    [
        "/entity",
        "/entity?iri=nonsense",
        "/entity?iri=../../etc/passwd",
        "/entity?iri=x:y> } CLEAR ALL",
        "/graph?iri=nonsense",
        "/graph?iri=file:///etc/passwd",
        "/analyses?name=nonsense",
        "/analyses?name=__init__",
        "/document?iri=file:///etc/passwd",
        "/document?iri=/etc/passwd",
        "/static/pages.py",
        "/static/words.json",
        "/static/%2e%2e%2fpages.py",
    ],
)
def test_what_is_not_there_is_404(server: str, path: str) -> None:
    assert page(server, path).status_code == 404


@pytest.mark.parametrize(("lang", "says"), [("en", "Not in the store"), ("zh", "库中没有")])
@pytest.mark.parametrize("path", ["/entity?iri=nonsense", "/document?iri=nonsense", "/graph?iri=nonsense"])
def test_a_browser_gets_a_page_of_what_is_not_there(server: str, path: str, lang: str, says: str) -> None:
    reply = page(server, f"{path}&lang={lang}", accept="text/html,*/*;q=0.8")
    assert (reply.status_code, f"<h1>{says}</h1>" in reply.text) == (404, True)
    assert "unsafe" not in reply.headers["content-security-policy"]


def test_names_are_completed_in_both_scripts(server: str) -> None:
    found = page(server, "/complete?q=云帆科").json()
    assert [(e["label"], e["type"]) for e in found] == [("云帆科技", "Company")]
    assert page(server, found[0]["link"]).status_code == 200
    assert page(server, "/complete?q=").json() == []


def test_a_link_of_another_site_shows_a_query_and_does_not_run_it(server: str) -> None:
    reply = page(server, "/console?query=ASK {}", sec_fetch_site="cross-site")
    assert "ASK {}" in reply.text
    assert 'class="answer"' not in reply.text


@pytest.mark.parametrize("path", ["/graph", f"/graph?iri={FIRM}", "/analyses?name=pagerank"])
def test_a_link_of_another_site_makes_no_graph_and_no_analysis(server: str, path: str) -> None:
    reply = page(server, path, sec_fetch_site="cross-site")
    assert reply.status_code == 200
    assert 'class="button"' in reply.text
    assert "李文博" not in reply.text


def test_the_graph_page_comes_under_its_own_policy(server: str) -> None:
    policy = page(server, "/graph").headers["content-security-policy"]
    assert "script-src 'sha256-" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "self" not in policy


def test_what_was_made_is_kept_until_the_store_changes(tmp_path: Path) -> None:
    with Writer(tmp_path / "s.kg") as writer:
        writer.put(factory.reading())
    application_ = application(tmp_path / "s.kg", Limits(workers=1))
    with TestClient(application_) as client:
        pool, asked = application_.state.pool, []
        made = pool.answer

        async def counted(job: object) -> object:
            asked.append(job)
            return await made(job)

        pool.answer = counted
        first = client.get("/graph").text
        assert client.get("/graph").text == first
        assert client.get("/analyses?name=pagerank").text == client.get("/analyses?name=pagerank").text
        assert len(asked) == 2
        with Writer(tmp_path / "s.kg") as writer:
            writer.put(factory.reading(factory.document(name="b.txt", title="第二篇")))
        assert client.get("/graph").text != first
        assert len(asked) == 3


@pytest.mark.parametrize("path", ["/graph", "/analyses?name=communities"])
def test_what_takes_too_long_is_stopped(served_store: Path, path: str) -> None:
    with TestClient(application(served_store, Limits(workers=1, study_seconds=0.01))) as hurried:
        assert "stopped after 0.01 seconds" in hurried.get(path).text
        assert hurried.get("/sparql", params={"query": "ASK { ?c a kg:Claim }"}).json()["boolean"] is True


def test_the_picture_shows_the_surest_neighbours_and_counts_the_others() -> None:
    names = Names.__new__(Names)
    names.of = {f"x:{n}": Named(f"x:{n}", "Company", f"firm {n}") for n in range(30)}
    facts = [fact(n, 1 - n / 100) for n in range(1, 30)] + [fact(0, 1.0)]
    shown = surroundings(names.of["x:0"], facts, names, Words("zh"), "about", lambda iri: f"/entity?iri={iri}")
    assert shown is not None
    assert (shown.shown, shown.left_out) == (24, 5)
    for svg in (shown.wide, shown.narrow):
        assert [n for n in range(1, 25) if f'"/entity?iri=x:{n}"' not in svg] == []
        assert '"/entity?iri=x:25"' not in svg
        assert "开发" in svg
        assert "style=" not in svg
    assert surroundings(names.of["x:0"], [], names, Words("en"), "", str) is None
    assert surroundings(names.of["x:0"], [replace(facts[0], status="denied")], names, Words("en"), "", str) is None


def test_the_timeline_tells_each_thing_once_in_the_order_of_time() -> None:
    facts = [
        fact(1, 0.9, date="2024-05-01"),
        fact(2, 0.9, date="2024-05-01"),
        fact(1, 0.8, date="2024-05-01", document="b"),
        fact(3, 0.9, since="2021", until="2023"),
        fact(4, 0.3, date="2024-05-01"),
        fact(5, 0.9),
    ]
    found, left_out = moments(facts, [])
    assert [(m.when, m.dated, [[e.said.other for e in line] for line in m.lines]) for m in found] == [
        ("2021/2023", True, [["x:3"]]),
        ("2024-05-01", False, [["x:1", "x:2"]]),
    ]
    many, left_out = moments([fact(n, 0.9, date=f"{1700 + n}") for n in range(1, 251)], [])
    assert (len(many), left_out, many[-1].when) == (200, 50, "1950")


def test_entities_are_called_as_the_language_calls_them(tmp_path: Path) -> None:
    made = factory.reading()
    english = {"Company": "Yunfan Tech", "AIModel": "Yunfan-7B", "Person": "Li Wenbo"}
    with Writer(tmp_path / "s.kg") as writer:
        entities = tuple(replace(e, names=(e.label, english[e.type])) for e in made.entities)
        writer.put(replace(made, entities=entities))
    paths = ("/", f"/entity?iri={FIRM}", f"/document?iri={DOCUMENT}", "/ask?question=云帆科技开发了什么？")
    paths += ("/console?query=SELECT ?m { ?m a kg:AIModel }", "/analyses?name=pagerank")
    with TestClient(application(tmp_path / "s.kg", Limits(workers=1))) as client:
        for path in paths:
            pages = {
                lang: client.get(f"{path}&lang={lang}" if "?" in path else f"{path}?lang={lang}").text
                for lang in ("en", "zh")
            }
            assert "<bdi>Yunfan-7B</bdi>" in pages["en"] or ">Yunfan-7B</a>" in pages["en"], path
            assert "<bdi>云帆-7B</bdi>" in pages["zh"] or ">云帆-7B</a>" in pages["zh"], path
        assert "<h1><bdi>Yunfan Tech</bdi></h1>" in client.get(f"/entity?iri={FIRM}&lang=en").text
        assert client.get("/complete?q=yunfan t&lang=zh").json()[0]["label"] == "云帆科技"


def test_a_claim_leads_to_its_words_in_the_document(server: str) -> None:
    text = page(server, f"/entity?iri={FIRM}").text
    source = next(a for a in text.split('"') if a.startswith("/document?") and "#" in a)
    path, _, anchor = source.partition("#")
    assert f'id="{anchor}"' in page(server, path).text


@pytest.fixture(scope="session")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    store: Path = tmp_path_factory.mktemp("evil") / "s.kg"
    # Each name first stands behind hostile words, and its mention holds them: so it is called on all pages.
    text = (
        f"{EVIL}李文博、{EVIL}云帆-7B、{EVIL}云帆科技董事长李文博，云帆科技发布云帆-7B。{EVIL}2023年营收达到36.8亿元。"
    )
    made = factory.reading(factory.document(text, name=f"{EVIL}.txt", title=EVIL))
    of = {m.id: replace(m, start=m.start - len(EVIL), text=EVIL + m.text) for m in made.mentions}
    made = replace(
        made,
        mentions=tuple(of.values()),
        claims=tuple(replace(c, subject=of[c.subject.id], object=of[c.object.id]) for c in made.claims),
        observations=tuple(replace(o, subject=of[o.subject.id]) for o in made.observations),
        entities=tuple(replace(e, label=EVIL + e.label, names=(EVIL + e.label,)) for e in made.entities),
        entity_of={of[m].id: iri for m, iri in made.entity_of.items()},
    )
    with Writer(store) as writer:
        writer.put(made)
    with serving(store, Limits(workers=1)) as address:
        yield address


PATHS = ["/", "/?q=" + EVIL, "/documents", "/console?query=" + EVIL, "/console?query=SELECT ?n { ?e skos:altLabel ?n }"]


PATHS += [
    "/graph",
    f"/graph?iri={FIRM}",
    "/analyses?name=pagerank",
    "/analyses?name=links&of=" + EVIL,
    "/analyses?name=interlocks",
]
PATHS += [
    f"/analyses?name=leaderboard&of=云帆-7B{EVIL}",
    "/analyses?name=dependents&of=云帆科技",
    "/analyses?name=communities&lang=zh",
]


def every_page(server: str) -> list[str]:
    document = document_iri(BASE, f"{EVIL}.txt").value
    return [*PATHS, f"/entity?iri={FIRM}", f"/document?iri={document}"]


def test_words_of_documents_and_addresses_stay_words(evil: str) -> None:
    for path in every_page(evil):
        reply = httpx.get(f"{evil}{path.replace('#', '%23')}", timeout=120)
        assert reply.status_code == 200, path
        assert "<img" not in reply.text
        assert "<script>alert" not in reply.text
        assert "}49{" not in reply.text
        # The graph page holds names as data; its script takes out what turns them.
        assert path.startswith("/graph") or not re.search("[\u202a-\u202e\u2066-\u2069]", unescape(reply.text))
        own = "'sha256-" if path.startswith("/graph") else "'self'"
        assert f"script-src {own}" in reply.headers["content-security-policy"]
        assert "unsafe" not in reply.headers["content-security-policy"]


@pytest.mark.browser
def test_the_pages_work_in_a_browser_and_run_nothing_foreign(browser, evil: str, server: str) -> None:
    tab = browser.new_page(viewport={"width": 390, "height": 800})
    said: list[str] = []
    tab.on("console", lambda m: said.append(m.text))
    tab.on("dialog", lambda d: said.append(f"dialog {d.message}"))
    tab.on("pageerror", lambda e: said.append(str(e)))
    for path in every_page(evil):
        tab.goto(f"{evil}{path}", timeout=120_000)
        # Nothing is wider than a phone.
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    tab.goto(server)
    with tab.expect_response("**/complete?*"):
        tab.locator("#q").press_sequentially("李文")
    tab.wait_for_function("document.querySelectorAll('#names option').length === 1")
    with tab.expect_navigation():
        tab.locator("#q").fill("李文博")
    assert tab.locator("h1").inner_text() == "李文博"
    tab.locator("blockquote footer a").first.click()
    assert tab.locator("mark").count() > 0
    assert said == []
    tab.close()


@given(st.text("ab云", min_size=1, max_size=60), st.data())
def test_pieces_joined_are_the_text_that_is_known(text: str, data: st.DataObject) -> None:
    def place() -> tuple[int, int]:
        start = data.draw(st.integers(0, len(text) - 1))
        return start, data.draw(st.integers(start + 1, len(text)))

    quoted = []
    for n in range(data.draw(st.integers(0, 4))):
        start, end = place()
        before = data.draw(st.integers(0, start))
        quoted.append(
            Quoted(
                node=f"x/{n}", start=start, exact=text[start:end], prefix=text[before:start], suffix=text[end : end + 3]
            )
        )
    marked = [Marked(start=s, end=e, entity="x") for s, e in (place() for _ in range(data.draw(st.integers(0, 4))))]
    found = stretches(quoted)
    for start, known in found:
        parts = list(pieces(start, known, quoted, marked))
        assert "".join(p.text for p in parts) == known == text[start : start + len(known)]
    states = [s for start, known in found for p in pieces(start, known, quoted, marked) for s in p.states]
    assert sorted(states) == sorted(q.node[2:] for q in quoted)
