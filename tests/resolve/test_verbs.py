"""The verbs of identity and time on a small store, good input and bad."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from kg.cli import main
from kg.config import BASE
from kg.ids import content_id
from kg.model import Claim, Entity, Qualifiers, Reading
from kg.registry.load import Registry
from kg.resolve.decisions import path_of
from kg.store.export import export
from kg.store.graph import View, Writer
from tests.factory import document, evidence, mention

if TYPE_CHECKING:
    from pathlib import Path


def said(name: str, text: str, date: str | None, status: str = "stated", person: str = "李文博") -> Reading:
    doc = document(text, name=name, date=date)
    a, b = mention(doc, person, "Person"), mention(doc, "澜石科技", "Company")
    iris = {
        a.id: f"{BASE}entity/person/{content_id(person, name)}",
        b.id: f"{BASE}entity/company/{content_id('澜石科技')}",
    }
    claim = Claim(
        document=doc.id,
        subject=a,
        predicate="holdsPositionAt",
        object=b,
        evidence=evidence(doc, text),
        confidence=0.8,
        found_by="test",
        qualifiers=Qualifiers(role="董事", status=status),
    )
    entities = tuple(Entity(iri=iris[m.id], type=m.type, label=m.text, names=(m.text,)) for m in (a, b))
    return Reading(document=doc, mentions=(a, b), claims=(claim,), observations=(), entities=entities, entity_of=iris)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "graph.kg"
    with Writer(path, registry=Registry(())) as writer:
        writer.put(said("a.txt", "李文博任澜石科技董事。", "2021-05-01"))
        writer.put(said("b.txt", "李文博不再任澜石科技董事。", "2023-05-01", "ended"))
        writer.put(said("c.txt", "陈一鸣任澜石科技董事。", "2024-02-01", person="陈一鸣"))
        writer.put(said("d.txt", "Yiming Chen 与陈一鸣同去澜石科技。", None, person="陈一鸣"))
    return path


def run(*args: str | Path, store: Path, given: str | None = None) -> Result:
    return CliRunner().invoke(main, [*map(str, args), "--store", str(store)], input=given)


def test_changes_between_dates(store: Path) -> None:
    out = run("changes", "2022", "2024", store=store).output
    assert "- 李文博 holdsPositionAt 澜石科技" in out
    assert "1 ended" in out


def test_changes_between_stores(store: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.kg"
    with Writer(other, registry=Registry(())) as writer:
        writer.put(said("c.txt", "陈一鸣任澜石科技董事。", "2024-02-01", person="陈一鸣"))
    out = CliRunner().invoke(main, ["changes", str(other), str(store)]).output
    assert "+ 李文博 holdsPositionAt 澜石科技" in out
    assert CliRunner().invoke(main, ["changes", str(other), "2024"]).exit_code == 1


def test_timeline_is_in_order_of_time(store: Path) -> None:
    out = run("timeline", "澜石科技", store=store).output
    assert out.index("2021-05-01") < out.index("2023-05-01") < out.index("2024-02-01")
    assert "ended" in out


@pytest.mark.parametrize("verb", [("show", "澜石科技"), ("export",), ("query", "SELECT ?x WHERE { ?x a kg:Claim }")])
def test_as_of_leaves_out_what_is_later_or_over(store: Path, verb: tuple[str, ...]) -> None:
    now, then = (run(*verb, "--as-of", day, store=store).output for day in ("2025", "2021-12"))
    assert now != then
    assert "李文博" not in run("show", "澜石科技", "--as-of", "2024-12-31", store=store).output
    assert "李文博" in run("show", "澜石科技", "--as-of", "2022", store=store).output


@pytest.mark.parametrize("day", ["2024-13", "2023-02-30", "yesterday", "", "2024-Q9", "////"])
def test_an_impossible_date_is_one_clear_line(store: Path, day: str) -> None:
    for verb in (("changes", day or "x", "2024"), ("export", "--as-of", day or "x")):
        result = run(*verb, store=store)
        assert result.exit_code == 1
        assert result.output.count("\n") == 1


def test_decisions_by_table_and_back(store: Path, tmp_path: Path) -> None:
    before = export(View(store), "nquads")
    sheet = tmp_path / "claims.csv"
    run("review", "--claims", "--export", sheet, store=store)
    rows = list(csv.DictReader(sheet.open(encoding="utf-8")))
    assert len(rows) == 4
    rows[0]["verdict"] = "reject"
    with sheet.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    assert run("review", "--import", sheet, store=store).exit_code == 0
    assert View(store).stats().claims == 3
    listed = run("review", "--list", store=store).output
    assert "reject" in listed
    run("review", "--undo", listed.split()[0], store=store)
    assert export(View(store), "nquads") == before


def test_answers_in_the_terminal(store: Path) -> None:
    assert run("review", "--claims", store=store, given="n\nq\n").exit_code == 0
    assert View(store).stats().claims == 3
    assert run("review", store=store, given="l\n").exit_code == 0


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("colour\nred\n", 1),
        ("verdict,left,right\nsame,urn:a,urn:b\n", 2),
        ("verdict,claim\nreject,urn:none\n", 2),
        ("verdict,claim\nlove,urn:none\n", 2),
        ("verdict,claim\nreject,urn:a,b,c\n", 2),
        ('verdict,claim\n"reject,urn:a\n', 2),
    ],
)
def test_a_malformed_table_changes_nothing(store: Path, tmp_path: Path, text: str, line: int) -> None:
    before = export(View(store), "nquads")
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(text, "utf-8")
    result = run("review", "--import", sheet, store=store)
    assert result.exit_code == 1
    assert f"sheet.csv:{line}: " in result.output
    assert not path_of(store).exists()
    assert export(View(store), "nquads") == before


def test_unknown_names_are_told(store: Path) -> None:
    assert "no entity of this name" in run("timeline", "nobody", store=store).output
    assert "no such decision" in run("review", "--undo", "0", store=store).output


def test_merged_stores_are_as_if_built_at_once(store: Path, tmp_path: Path) -> None:
    parts = [
        [
            said("a.txt", "李文博任澜石科技董事。", "2021-05-01"),
            said("d.txt", "Yiming Chen 与陈一鸣同去澜石科技。", None, person="陈一鸣"),
        ],
        [
            said("b.txt", "李文博不再任澜石科技董事。", "2023-05-01", "ended"),
            said("c.txt", "陈一鸣任澜石科技董事。", "2024-02-01", person="陈一鸣"),
        ],
    ]
    for name, some in zip(("one.kg", "two.kg"), parts, strict=True):
        with Writer(tmp_path / name, registry=Registry(())) as writer:
            for reading in some:
                writer.put(reading)
    result = run("merge", tmp_path / "two.kg", tmp_path / "one.kg", store=tmp_path / "all.kg")
    assert result.exit_code == 0, result.output
    assert export(View(tmp_path / "all.kg"), "nquads") == export(View(store), "nquads")
    assert run("merge", tmp_path / "nothing.kg", store=tmp_path / "all.kg").exit_code == 1


def test_a_finding_names_document_and_sentence(tmp_path: Path) -> None:
    with Writer(tmp_path / "s", registry=Registry(())) as writer:
        writer.put(said("a.txt", "李文博任澜石科技董事。", "not a date"))
    result = run("validate", store=tmp_path / "s")
    assert result.exit_code == 1
    assert "a.txt: " in result.output
