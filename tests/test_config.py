"""Settings come from file and environment, and what is not known is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from kg.config import Config, config
from kg.errors import DataError


def test_defaults(tmp_path: Path) -> None:
    assert config(tmp_path, {}) == Config()


def test_environment_outranks_the_file(tmp_path: Path) -> None:
    (tmp_path / "kg.toml").write_text('store = "a"\nmin_confidence = 0.2\nregistry = ["x.tsv"]\n', "utf-8")
    made = config(tmp_path, {"KG_STORE": "b", "KG_BUILTIN_REGISTRY": "no", "HOME": "/"})
    assert (made.store, made.min_confidence, made.registry, made.builtin_registry) == (
        Path("b"),
        0.2,
        (Path("x.tsv"),),
        False,
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("stor = 1", "stor"),
        ("min_confidence = 7", "from 0 to 1"),
        ('base = "nonsense"', "absolute IRI"),
        ('base = "https://a b/"', "absolute IRI"),
        ('base = "https:///"', "absolute IRI"),
        ('base = "https://x.org/<"', "absolute IRI"),
        ('base = ""', "absolute IRI"),
        ("base = 1", "must be text"),
        ("min_confidence = true", "must be a number"),
        ("min_confidence = nan", "from 0 to 1"),
        ('builtin_registry = "maybe"', "must be one of"),
        ("store = 1", "kg.toml"),
        ("registry = 1", "kg.toml"),
        ("= 1", "not TOML"),
        ('min_confidence = "x"', "x"),
    ],
)
def test_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "kg.toml").write_text(text, "utf-8")
    with pytest.raises(DataError, match=words):
        config(tmp_path, {})


@pytest.mark.parametrize(
    "base", ["https://w3id.org/aikg/", "http://例.org/图谱#", "urn:x:", "urn:x:y/", "https://x.org:80/a/"]
)
def test_bases(tmp_path: Path, base: str) -> None:
    assert config(tmp_path, {"KG_BASE": base}).base == base


def test_the_table_of_a_project_is_read_unless_there_is_a_file_of_ours(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n[tool.kg]\nstore = "p"\n', "utf-8")
    assert config(tmp_path, {}).store == Path("p")
    (tmp_path / "kg.toml").write_text('store = "k"\n', "utf-8")
    assert config(tmp_path, {}).store == Path("k")


def test_unknown_variables_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="stroe"):
        config(tmp_path, {"KG_STROE": "x"})
