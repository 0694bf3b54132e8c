"""`kg view` and `Graph.page` as users call them, opened in the browser."""

import pytest
from click.testing import CliRunner
from kg.api import Graph
from kg.cli import main

pytestmark = [pytest.mark.models, pytest.mark.browser]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("view")
    (folder / "a.txt").write_text("OpenAI发布GPT-4o。微软于2023年1月向OpenAI投资100亿美元。\n", "utf-8")
    run("build", folder / "a.txt", "--store", folder / "s")
    return folder / "s"


def run(*words, expect=0):
    result = CliRunner().invoke(main, [str(w) for w in words])
    assert result.exit_code == expect, result.output
    return result.output


def seen(browser, path, locale):
    context = browser.new_context(locale=locale)
    page = context.new_page()
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-ready]", state="attached")
    found = page.title(), page.inner_text("h1")
    page.click("#language")
    found += page.title(), page.inner_text("h1")
    context.close()
    return found


ENGLISH, CHINESE = ("Knowledge graph",) * 2, ("知识图谱",) * 2


@pytest.mark.parametrize(("locale", "titles"), [("en-US", ENGLISH + CHINESE), ("zh-CN", CHINESE + ENGLISH)])
@pytest.mark.parametrize("made", ["command", "function", "empty"])
def test_without_a_title_the_page_is_called_in_the_language_of_its_reader(
    browser, store, tmp_path, locale, titles, made
):
    path = tmp_path / "graph.html"
    if made == "function":
        Graph(store).page(path)
    else:
        run("view", "--store", store, "-o", path, *(["--title", ""] if made == "empty" else []))
    assert seen(browser, path, locale) == titles


def test_a_title_is_kept(browser, store, tmp_path):
    run("view", "--store", store, "-o", tmp_path / "g.html", "--title", "芯片 A&B")
    assert set(seen(browser, tmp_path / "g.html", "zh-CN")) == {"芯片 A&B"}


def test_without_script_the_page_still_has_a_title(store, tmp_path):
    run("view", "--store", store, "-o", tmp_path / "g.html")
    assert "<title>Knowledge graph</title>" in (tmp_path / "g.html").read_text("utf-8")


def test_what_cannot_be_written_is_told(store):
    assert "cannot be written" in run("view", "--store", store, "-o", "/no/such/file.html", expect=1)
