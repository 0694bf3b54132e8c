"""The page of questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from kg.serve.app import application
from kg.serve.limits import Limits
from kg.store.graph import Writer
from starlette.testclient import TestClient

from factory import reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    path: Path = tmp_path_factory.mktemp("ask") / "graph.kg"
    with Writer(path) as writer:
        writer.put(reading())
    with TestClient(application(path)) as made:
        yield made


def test_an_answer_shows_sentence_and_query(client: TestClient) -> None:
    page = client.get("/ask", params={"question": "云帆科技的董事长是谁？"})
    assert page.status_code == 200
    assert "李文博" in page.text
    assert "<q>" in page.text
    assert "/console?query=SELECT" in page.text
    assert '<a href="/entity?iri=' in page.text


def test_what_is_not_understood_is_said(client: TestClient) -> None:
    page = client.get("/ask", params={"question": "What is the weather in <b>Paris</b>?", "lang": "en"})
    assert "Not understood" in page.text
    assert "<b>" not in page.text


def test_another_site_cannot_ask(client: TestClient) -> None:
    page = client.get("/ask", params={"question": "云帆科技的董事长是谁？"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert "<q>" not in page.text


def test_a_question_that_takes_too_long_is_stopped(served_store: Path) -> None:
    with TestClient(application(served_store, Limits(workers=1, question_seconds=0.01))) as hurried:
        page = hurried.get("/ask", params={"question": "云帆科技的董事长是谁？"})
        assert page.status_code == 200
        assert "stopped after 0.01 seconds" in page.text
        assert hurried.get("/sparql", params={"query": "ASK { ?c a kg:Claim }"}).json()["boolean"] is True
