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
        ("= 1", "not TOML"),
        ('min_confidence = "x"', "x"),
    ],
)
def test_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "kg.toml").write_text(text, "utf-8")
    with pytest.raises(DataError, match=words):
        config(tmp_path, {})
