"""Reading registry files: what a good file gives, and what is said of a bad one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from kg.errors import DataError
from kg.registry.load import COLUMNS, Registry, load, read

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "\t".join(COLUMNS)


def written(folder: Path, text: str, name: str = "companies-mine.tsv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def line(**cells: str) -> str:
    return "\t".join(cells.get(column, "") for column in COLUMNS)


def test_a_good_file_gives_its_entries_with_all_columns(tmp_path: Path) -> None:
    row = line(
        id="star-chip",
        en="Star Chip",
        zh="星辰半导体",
        hant="星辰半導體公司",
        aliases="Star | 星辰科技",
        weak="Star|星辰",
        maker="company/parent",
        family="company/group",
        kind="chip designer",
        country="CN",
        tickers="SSE:688999|HKEX:9999",
        same_as="http://www.wikidata.org/entity/Q1|urn:lei:9",
    )
    (entry,) = read(written(tmp_path, f"{HEADER}\n{row}\n"))
    assert (entry.id, entry.type) == ("company/star-chip", "Company")
    assert entry.aliases == ("Star", "星辰科技")
    assert entry.weak == ("Star", "星辰")
    assert entry.names == ("Star Chip", "星辰半导体", "星辰半導體公司", "星辰科技"), "weak names need further evidence"
    assert (entry.maker, entry.family, entry.kind, entry.country) == (
        "company/parent",
        "company/group",
        "chip designer",
        "CN",
    )
    assert entry.tickers == ("SSE:688999", "HKEX:9999")
    assert entry.same_as == ("http://www.wikidata.org/entity/Q1", "urn:lei:9")


@pytest.mark.parametrize(
    ("name", "slug", "entity_type", "full"),
    [
        ("models.tsv", "pangu", "AIModel", "aimodel/pangu"),
        ("companies-world.tsv", "acme", "Company", "company/acme"),
        ("chips.mine.tsv", "c1", "Chip", "chip/c1"),
        ("mine.tsv", "dataset/d1", "Dataset", "dataset/d1"),
        ("people.tsv", "chip/c2", "Chip", "chip/c2"),
    ],
)
def test_the_type_comes_from_the_id_or_else_from_the_file_name(
    tmp_path: Path, name: str, slug: str, entity_type: str, full: str
) -> None:
    (entry,) = read(written(tmp_path, f"id\ten\n{slug}\tSome Name\n", name))
    assert (entry.id, entry.type) == (full, entity_type)


def test_columns_may_stand_in_any_order_and_be_left_out(tmp_path: Path) -> None:
    (entry,) = read(written(tmp_path, "zh\tid\n星河大模型\tmodel-x\n", "models.tsv"))
    assert (entry.zh, entry.en, entry.names) == ("星河大模型", "", ("星河大模型",))


def test_a_byte_order_mark_and_quotation_marks_are_no_trouble(tmp_path: Path) -> None:
    path = tmp_path / "products.tsv"
    path.write_text('id\ten\tzh\nq\t"Quoted\t“星”助手\n', "utf-8-sig")
    (entry,) = read(path)
    assert (entry.en, entry.zh) == ('"Quoted', "“星”助手")


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("id\ten\tcolour\na\tA\tred\n", ":1:", ["colour", "aliases"]),
        ("en\tzh\nA\t甲\n", ":1:", ["id is missing"]),
        ("id\ten\na\tA\n\tB\n", ":3:", ["type/slug"]),
        ("id\ten\nplanet/mars\tMars\n", ":2:", ["planet/mars", "Company"]),
        ("id\ten\tzh\na\tA\t\nb\t\t\n", ":3:", ["b", "neither an English nor a Chinese name"]),
        ("id\ten\na\tA\tmore\n", ":2:", ["more cells than columns"]),
        ("id\ten\tsame_as\na\tA\tQ182477\n", ":2:", ["Q182477", "is no IRI"]),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(tmp_path: Path, text: str, place: str, words: list[str]) -> None:
    path = written(tmp_path, text)
    with pytest.raises(DataError) as error:
        list(read(path))
    message = str(error.value)
    assert f"{path}{place}" in message
    assert all(word in message for word in words)


def test_an_id_without_a_type_in_a_file_of_no_type_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="type/slug"):
        list(read(written(tmp_path, "id\ten\na\tA\n", "mine.tsv")))


def test_a_file_that_is_not_utf8_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "companies.tsv"
    path.write_bytes("id\tzh\na\t甲公司\n".encode("gb18030"))
    with pytest.raises(DataError, match=r"companies\.tsv.*UTF-8"):
        list(read(path))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere\.tsv"):
        list(read(tmp_path / "nowhere.tsv"))


def test_an_entry_of_the_user_takes_the_place_of_ours_and_new_ones_come_on_top(tmp_path: Path) -> None:
    mine = written(tmp_path, "id\ten\ncompany/nvidia\tGreen Graphics\ncompany/brand-new\tBrand New\n", "mine.tsv")
    ours, both = load(), load((mine,))
    assert ours["company/nvidia"].en == "NVIDIA"
    assert both["company/nvidia"].en == "Green Graphics"
    assert both["company/nvidia"].tickers == (), "the whole entry is replaced, not cell by cell"
    assert len(both) == len(ours) + 1


def test_the_user_may_do_without_ours(tmp_path: Path) -> None:
    mine = written(tmp_path, "id\tzh\nperson/someone\t某某\n", "mine.tsv")
    assert [entry.id for entry in load((mine,), builtin=False)] == ["person/someone"]


def test_a_registry_is_a_mapping_by_id() -> None:
    registry = load()
    entry = registry["chip/h100"]
    assert registry.get("chip/h100") is entry
    assert registry.get("chip/no-such") is None
    assert registry.get(None) is None
    assert len(Registry([entry, entry])) == 1
