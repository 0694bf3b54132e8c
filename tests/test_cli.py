"""The commands, run as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from kg.cli import main
from kg.commands.shared import writing
from kg.errors import KgError

pytestmark = pytest.mark.models


def kg(*words: str, expect: int = 0) -> str:
    result = CliRunner().invoke(main, list(words))
    assert result.exit_code == expect, result.output
    assert "Traceback" not in result.output
    return result.output


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("cli")
    (folder / "a.txt").write_text(
        "云帆科技董事长李文博表示，云帆科技今日发布大模型云帆-7B。2023年云帆科技营业收入36.8亿元。\n", "utf-8"
    )
    kg("build", str(folder / "a.txt"), "--store", str(folder / "s"))
    return str(folder / "s")


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_has_help(command: str) -> None:
    assert main.commands[command].help
    assert "Usage" in kg(command, "--help")


def test_every_command_is_in_the_readme() -> None:
    text = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
    assert not [c for c in main.commands if f"kg {c}" not in text]


def test_build_reports_what_it_could_not_read(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("云帆科技发布云帆-7B。", "utf-8")
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 nonsense")
    out = kg("build", str(tmp_path), "--store", str(tmp_path / "s"), expect=1)
    assert "bad.pdf" in out
    assert "1 read" in out


def test_extract(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("云帆科技发布云帆-7B。", "utf-8")
    out = kg("extract", str(tmp_path / "a.txt"), "-o", str(tmp_path / "o.jsonl"))
    assert json.loads((tmp_path / "o.jsonl").read_text("utf-8"))["doc"]["lang"] == "zh", out


def test_query_forms(store: str) -> None:
    select = "SELECT ?l WHERE { ?e a kg:Company ; rdfs:label ?l }"
    assert "云帆科技" in kg("query", select, "--store", store)
    assert kg("query", select, "--store", store, "--format", "csv").startswith("l\n云帆科技")
    assert json.loads(kg("query", select, "--store", store, "--format", "json"))["head"]["vars"] == ["l"]
    assert kg("query", "ASK { ?s kg:develops ?o }", "--store", store) == "true\n"
    assert "BGP" in kg("query", select, "--store", store, "--explain")
    assert "developers" in kg("queries")


@pytest.mark.parametrize("form", ["turtle", "trig", "nquads", "ntriples", "jsonld", "graphml", "gexf", "csv", "cypher"])
def test_export(store: str, tmp_path: Path, form: str) -> None:
    kg("export", "--store", store, "--format", form, "-o", str(tmp_path / "out"))
    assert "云帆" in (tmp_path / "out").read_text("utf-8") or form in ("jsonld", "cypher", "graphml", "gexf")
    assert (tmp_path / "out").stat().st_size > 300


def test_show_stats_validate_view(store: str, tmp_path: Path) -> None:
    shown = kg("show", "云帆科技", "--store", store)
    assert "develops → 云帆-7B" in shown
    assert "revenue: 3680000000 CNY" in shown
    assert json.loads(kg("stats", "--store", store, "--json"))["documents"] == 1
    assert "conforms" in kg("validate", "--store", store)
    kg("view", "--store", store, "-o", str(tmp_path / "g.html"))
    assert "<html" in (tmp_path / "g.html").read_text("utf-8")


def test_remove(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("云帆科技发布云帆-7B。", "utf-8")
    store = str(tmp_path / "s")
    kg("build", str(path), "--store", store)
    name = json.loads(
        kg("query", "SELECT ?i WHERE { ?d dcterms:identifier ?i }", "--store", store, "--format", "json")
    )["results"]["bindings"][0]["i"]["value"]
    kg("remove", name, "--store", store)
    assert json.loads(kg("stats", "--store", store, "--json"))["mentions"] == 0
    assert "no such document" in kg("remove", "nothing", "--store", store, expect=1)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("stats", "--store", "missing"), "no store here"),
        (("query", "nonsense", "--store", "missing"), "named queries are"),
        (("show", "Nobody Known", "--store", "{store}"), "no entity"),
        (("query", "SELECT ?x WHERE {", "--store", "{store}"), "malformed"),
        (("evaluate", "missing"), "no \\*.gold.json"),
        (("build", "missing.txt", "--store", "{tmp}/s"), "missing.txt"),
    ],
)
def test_errors_are_one_line(store: str, tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    import re

    out = kg(*(w.replace("{store}", store).replace("{tmp}", str(tmp_path)) for w in words), expect=1)
    assert re.search(message, out)


def test_an_earlier_file_stays_until_all_is_written(tmp_path: Path) -> None:
    out = tmp_path / "out.ttl"
    out.write_text("before")
    out.chmod(0o600)

    def fail() -> None:
        with writing(str(out)) as file:
            file.write(b"half")
            raise KgError("the store is damaged")

    with pytest.raises(KgError, match="damaged"):
        fail()
    assert out.read_text() == "before"
    assert list(tmp_path.iterdir()) == [out]
    with writing(str(out)) as file:
        file.write(b"whole")
    assert (out.read_text(), out.stat().st_mode & 0o777) == ("whole", 0o600)
    assert list(tmp_path.iterdir()) == [out]


def test_usage_errors_exit_with_2() -> None:
    kg("build", expect=2)
    kg("export", "--format", "nonsense", expect=2)


def test_names_do_not_drive_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("云帆科技\x1b[31m发布云帆-7B。", "utf-8")
    kg("build", str(tmp_path / "a.txt"), "--store", str(tmp_path / "s"))
    assert "\x1b[31m" not in kg("show", "云帆科技", "--store", str(tmp_path / "s"))
