"""A question is stopped when its time is over, also in the midst of a join."""

from __future__ import annotations

import multiprocessing
import time
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from kg.ask import limit
from kg.ask.answer import Answer, Names, ask
from kg.ask.limit import answered
from kg.cli import main
from kg.errors import KgError, QueryError
from kg.query import run
from kg.store.graph import View, Writer

from factory import reading

if TYPE_CHECKING:
    from pathlib import Path

BOMB = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("limit") / "graph.kg"
    with Writer(path) as writer:
        writer.put(reading())
    return path


@pytest.mark.parametrize("text", ["云帆科技的董事长是谁？", "Who is the chairman of 云帆科技?", "天气怎么样？"])
def test_the_answer_is_that_of_ask(store: Path, text: str) -> None:
    assert answered(store, text, seconds=60) == ask(View(store), text)


@pytest.mark.parametrize(("text", "as_of"), [("", None), ("云帆科技的董事长是谁？", "2024-13")])
def test_an_error_is_told(store: Path, text: str, as_of: str | None) -> None:
    with pytest.raises(KgError, match=r"empty|date"):
        answered(store, text, as_of=as_of, seconds=60)


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes each question a join that does not end."""
    if multiprocessing.get_start_method() != "fork":
        pytest.skip("the process would not know what is patched here")

    def ask_without_end(view: View, text: str) -> Answer:
        run(view, BOMB)
        raise AssertionError("it ended")

    monkeypatch.setattr(limit, "ask", ask_without_end)


@pytest.mark.usefixtures("endless")
def test_a_join_without_end_is_stopped(store: Path) -> None:
    began = time.monotonic()
    with pytest.raises(QueryError, match=r"stopped after 0\.5 seconds"):
        answered(store, "云帆科技的董事长是谁？", seconds=0.5)
    assert time.monotonic() - began < 20
    assert multiprocessing.active_children() == []


@pytest.mark.usefixtures("endless")
def test_the_command_has_the_limit(store: Path) -> None:
    result = CliRunner().invoke(main, ["ask", "谁？", "--store", str(store), "--timeout", "0.5"])
    assert result.exit_code == 1
    assert "stopped after 0.5 seconds" in result.output


def test_a_date_is_copied_once(store: Path) -> None:
    view = View(store)
    names = Names(view)
    dated = names.as_of(view, "2024")
    assert names.as_of(view, "2024-12-31") is dated
    assert names.network(dated) is names.network(dated)
    assert names.as_of(view, "2023") is not dated
