"""`kg analyze`, `kg path`, `kg ego` and `kg report`, run as a user runs them."""

import json

import pytest
from click.testing import CliRunner
from kg.cli import main

pytestmark = pytest.mark.models


def kg(*words, expect=0):
    result = CliRunner().invoke(main, [str(w) for w in words])
    assert result.exit_code == expect, result.output
    assert "Traceback" not in result.output
    return result.output


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("analyse")
    (folder / "a.txt").write_text(
        "OpenAI发布GPT-4o。微软向OpenAI投资100亿美元。Sam Altman is the CEO of OpenAI.\n", "utf-8"
    )
    kg("build", folder / "a.txt", "--store", folder / "s")
    return folder / "s"


def test_lists_and_runs_analyses(store, tmp_path):
    assert "leaderboard [NAME]" in kg("analyze")
    assert "OpenAI" in kg("analyze", "pagerank", "--store", store, "--min-confidence", 0)
    rows = json.loads(kg("analyze", "capital", "--store", store, "--format", "json", "--min-confidence", 0))["rows"]
    assert rows
    assert all({"from", "to", "evidence"} <= set(row) for row in rows)
    kg("analyze", "pagerank", "--store", store, "-o", tmp_path / "r.md", "--min-confidence", 0)
    assert (tmp_path / "r.md").read_text("utf-8").startswith("| entity |")


def test_surroundings_paths_and_reports(store, tmp_path):
    sure = ("--store", store, "--min-confidence", 0)
    assert "OpenAI" in kg("ego", "openai", *sure)
    kg("ego", "OpenAI", *sure, "-o", tmp_path / "ego.html")
    page = (tmp_path / "ego.html").read_text("utf-8")
    assert 'id="network"' in page
    assert "GPT-4o" in page
    assert "GPT-4o" in kg("path", "GPT-4o", "OpenAI", *sure)
    kg("report", "OpenAI", *sure, "-o", tmp_path / "r.html", "--lang", "zh")
    assert "来源" in (tmp_path / "r.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("analyze", "nonsense"), 2, "no analysis nonsense"),
        (("analyze", "dependents"), 1, "of whom"),
        (("analyze", "capital", "OpenAI"), 1, "takes no name"),
        (("path", "OpenAI", "nobody"), 1, "no entity of this name"),
        (("ego", "OpenAI", "--depth", "0"), 2, "depth"),
        (("report", "nobody"), 1, "no entity"),
        (("report", "-o", "/no/such/file.html"), 1, "cannot be written"),
    ],
)
def test_bad_input_is_told(store, words, code, says):
    assert says in kg(*words, "--store", store, expect=code)
