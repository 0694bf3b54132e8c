"""The pages: what they show, in which language, and that nothing of a document runs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kg.config import BASE
from kg.serve.limits import Limits
from kg.serve.passages import Marked, Quoted, pieces, stretches
from kg.store.graph import Writer
from kg.store.terms import document_iri
from serving import serving

import factory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIRM = f"{BASE}entity/company/yunfan"
DOCUMENT = document_iri(BASE, "a.txt").value
EVIL = "<img src=x onerror=alert(1)></textarea><script>alert(1)</script>{{7*7}}"


def page(server: str, path: str, **more: str) -> httpx.Response:
    headers = {k.replace("_", "-"): v for k, v in more.items()}
    return httpx.get(f"{server}{path}", headers=headers, timeout=30)


@pytest.mark.parametrize(
    ("path", "shows"),
    [
        ("/", ["云帆科技", "李文博", "云帆-7B"]),
        ("/?q=云帆", ["云帆科技", "云帆-7B"]),
        ("/?q=ＹＵＮ", ["Nothing has this name"]),
        (f"/entity?iri={FIRM}", ["develops", "云帆科技发布云帆-7B", "0.80", "董事长", "a.txt", "36.8亿元"]),
        (f"/document?iri={DOCUMENT}", ["<mark>", 'class="name"', "测试"]),
        ("/documents", ["测试", "a.txt"]),
        ("/console", ["developers", "leaderboard"]),
        ("/console?name=developers", ["Who develops what"]),
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


@pytest.mark.parametrize("path", ["/", "/documents", "/console", f"/entity?iri={FIRM}", f"/document?iri={DOCUMENT}"])
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
        "/document?iri=file:///etc/passwd",
        "/document?iri=/etc/passwd",
        "/static/pages.py",
        "/static/words.json",
        "/static/%2e%2e%2fpages.py",
    ],
)
def test_what_is_not_there_is_404(server: str, path: str) -> None:
    assert page(server, path).status_code == 404


def test_names_are_completed_in_both_scripts(server: str) -> None:
    found = page(server, "/complete?q=云帆科").json()
    assert [(e["label"], e["type"]) for e in found] == [("云帆科技", "Company")]
    assert page(server, found[0]["link"]).status_code == 200
    assert page(server, "/complete?q=").json() == []


def test_a_link_of_another_site_shows_a_query_and_does_not_run_it(server: str) -> None:
    reply = page(server, "/console?query=ASK {}", sec_fetch_site="cross-site")
    assert "ASK {}" in reply.text
    assert 'class="answer"' not in reply.text


def test_a_claim_leads_to_its_words_in_the_document(server: str) -> None:
    text = page(server, f"/entity?iri={FIRM}").text
    source = next(a for a in text.split('"') if a.startswith("/document?") and "#" in a)
    path, _, anchor = source.partition("#")
    assert f'id="{anchor}"' in page(server, path).text


@pytest.fixture(scope="session")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    store: Path = tmp_path_factory.mktemp("evil") / "s.kg"
    text = f"{EVIL}董事长李文博表示，云帆科技董事长李文博，云帆科技发布云帆-7B。{EVIL}2023年营收达到36.8亿元。"
    made = factory.reading(factory.document(text, name=f"{EVIL}.txt", title=EVIL))
    entities = tuple(replace(e, label=EVIL + e.label, names=(EVIL + e.label,)) for e in made.entities)
    with Writer(store) as writer:
        writer.put(replace(made, entities=entities))
    with serving(store, Limits(workers=1)) as address:
        yield address


PATHS = ["/", "/?q=" + EVIL, "/documents", "/console?query=" + EVIL, "/console?query=SELECT ?n { ?e skos:altLabel ?n }"]


def every_page(server: str) -> list[str]:
    document = document_iri(BASE, f"{EVIL}.txt").value
    return [*PATHS, f"/entity?iri={FIRM}", f"/document?iri={document}"]


def test_words_of_documents_and_addresses_stay_words(evil: str) -> None:
    for path in every_page(evil):
        reply = httpx.get(f"{evil}{path.replace('#', '%23')}", timeout=30)
        assert reply.status_code == 200
        assert "<img" not in reply.text
        assert "<script>alert" not in reply.text
        assert "}49{" not in reply.text
        assert "script-src 'self'" in reply.headers["content-security-policy"]
        assert "unsafe" not in reply.headers["content-security-policy"]


@pytest.mark.browser
def test_the_pages_work_in_a_browser_and_run_nothing_foreign(browser, evil: str, server: str) -> None:
    tab = browser.new_page(viewport={"width": 390, "height": 800})
    said: list[str] = []
    tab.on("console", lambda m: said.append(m.text))
    tab.on("dialog", lambda d: said.append(f"dialog {d.message}"))
    tab.on("pageerror", lambda e: said.append(str(e)))
    for path in every_page(evil):
        tab.goto(f"{evil}{path}")
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
