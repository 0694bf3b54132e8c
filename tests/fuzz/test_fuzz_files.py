"""Every file and text that a user gives besides documents, spoiled: an error of ours that is one line, or a sound result; nothing else."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
from kg import config, evaluate, flow
from kg.commands.shared import plain
from kg.errors import KgError
from kg.query import formatted, named_queries, run, text_of
from kg.registry import load
from kg.resolve import decisions
from kg.review import sheet
from kg.store import backup, outside
from kg.store.graph import View, Writer

import factory
from fuzz import mutations
from fuzz.bounds import bounded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TOKENS = (
    "\0", "\x1b", "\u2028", "\x85", "\u202e", "\t", "\n", "\r", "|", "||", '"', "'", "\\", "[]", "{}", "null", "true", "-1", "1e999", "NaN", "[" * 900, "x" * 200_000,
    "entities", "names", "type", "Company", "company/", "../..", "<http://x>", "^^<", "@en", "_:b", ".", ";", "SELECT", "*", "{", "}", "?s", "FILTER", "(", ")", "/", "^", "+",
    "CONSTRUCT", "SERVICE", "VALUES", "UNDEF", "GRAPH", "GROUP BY", "COUNT(*)", "1/0", "REGEX(?s, '(a*)*b')", "REPLACE(?s, '(', 'x')", "<", ">", "\ufeff", "𠀀", "谁", "开发",
)  # fmt: skip
GOLD = {
    "lang": "zh",
    "entities": [
        {"id": "e1", "type": "Company", "names": ["云帆科技"]},
        {"id": "e2", "type": "AIModel", "names": ["云帆-7B"]},
    ],
    "claims": [{"s": "e1", "p": "develops", "o": "e2", "evidence": "云帆科技发布云帆-7B"}],
    "observations": [{"s": "e1", "metric": "revenue", "value": 3680000000, "unit": "CNY", "period": "2023"}],
    "not": [{"name": "云帆", "context": "云帆科技"}],
}
REGISTRY = "id\ten\tzh\taliases\ttickers\tmaker\ncompany/a\tAcme\t甲公司\tA|B\tX:1\t\nchip/c\tC1\t\t\t\tcompany/a\n"
TURTLE = (
    '@prefix s: <https://schema.org/> . <http://x/a> a s:Organization ; s:name "Acme"@en ; s:founder [ s:name "B" ] .'
)
JSONLD = '{"@context": {"@vocab": "https://schema.org/"}, "@id": "http://x/a", "@type": "Organization", "name": ["Acme", {"@value": "甲", "@language": "zh"}]}'


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("f") / "s"
    with Writer(path, extractor="test") as writer:
        writer.put(factory.reading())
    backup.save(path, path.with_name("s.zip"))
    return path


def of_registry(file: Path, store: Path) -> None:
    load.Registry(load.read(file))


def of_gold(file: Path, store: Path) -> None:
    (file.parent / "case.txt").write_text(factory.TEXT, "utf-8")
    got = flow.to_json(factory.reading())
    report = evaluate.evaluate(evaluate.gold(file.parent), lambda gold: got)
    json.dumps(report.to_json())


def of_decisions(file: Path, store: Path) -> None:
    decisions.load(file.with_name("s"))


def of_settings(file: Path, store: Path) -> None:
    config.config(file.parent, {})


def of_sheet(file: Path, store: Path) -> None:
    sheet.read(file, View(store))


def of_rdf(file: Path, store: Path) -> None:
    for quad in outside.quads(file, "https://w3id.org/aikg/"):
        str(quad)


def of_backup(file: Path, store: Path) -> None:
    backup.restore(file, file.with_name("restored"), replace=True)


def of_query(file: Path, store: Path) -> None:
    text = file.read_text("utf-8", "replace")
    result = run(View(store), text)
    for form in ("csv", "tsv", "json"):
        formatted(result, form).encode("utf-8")


def queries() -> list[bytes]:
    return [text_of(name).encode() for name, _ in named_queries()]


# name of the file -> (what reads it, what is sound)
KINDS: dict[str, tuple[Callable[[Path, Path], None], Callable[[], list[bytes]]]] = {
    "mine.tsv": (of_registry, lambda: [REGISTRY.encode()]),
    "companies.tsv": (of_registry, lambda: [REGISTRY.replace("company/", "").encode()]),
    "case.gold.json": (of_gold, lambda: [json.dumps(GOLD, ensure_ascii=a).encode() for a in (True, False)]),
    "s.decisions.jsonl": (of_decisions, lambda: [b'{"verdict": "same", "left": "x:a", "right": "x:b"}\n{"verdict": "reject", "claim": "x:c"}\n']),
    "kg.toml": (of_settings, lambda: [b'store = "g"\nworkers = 2\nmin_confidence = 0.5\nregistry = ["a.tsv"]\nbase = "http://x/"\n']),
    "filled.csv": (of_sheet, lambda: [f"{','.join(sheet.COLUMNS)}\nsame,q,e,https://w3id.org/aikg/entity/company/yunfan,https://w3id.org/aikg/entity/person/li,,,,\n".encode()]),
    "a.ttl": (of_rdf, lambda: [TURTLE.encode()]),
    "a.jsonld": (of_rdf, lambda: [JSONLD.encode()]),
    "a.rdf": (of_rdf, lambda: [ox.serialize(ox.parse(TURTLE, format=ox.RdfFormat.TURTLE), format=ox.RdfFormat.RDF_XML) or b""]),
    "a.nq": (of_rdf, lambda: [b'<x:a> <x:b> "c"@en <x:g> .\n']),
    "q.rq": (of_query, queries),
}  # fmt: skip


def told(error: KgError, word: str = "") -> None:
    """An error says something that can be printed."""
    assert str(error).strip()
    assert word in str(error)
    plain(str(error)).encode("utf-8")  # as the command line prints it


def spoil(tmp_path: Path, store: Path, name: str, count: int, seed: int) -> int:
    do, sound = KINDS[name]
    file = tmp_path / name
    chance = random.Random(f"{name} {seed}")
    some, passed, done = sound(), 0, 0
    tokens = [t.encode() for t in TOKENS] + [b"\xff", b"\xed\xa0\x80", b"\\ud800", b"1" * 5000]
    for number in range(count):
        data = mutations.spoiled(chance.choice(some), chance, tokens, some) if number else some[0]
        file.write_bytes(data)
        done += 1
        with bounded():
            try:
                do(file, store)
                passed += 1
            except KgError as error:
                told(error)
    assert passed
    return done


FOUND = [
    ("mine.tsv", f"id\ten\ncompany/a\t{'x' * 200_000}\n".encode(), "this is no table"),
    ("case.gold.json", b'{"lang": "zh", "entities": [], "claims": [{"subject": "a"}]}', r"claims\[0\] needs `s`"),
    ("case.gold.json", b'{"lang": "zh", "entities": [{"id": "e", "type": "Company", "names": [1]}], "claims": []}', "must hold text"),
    ("case.gold.json", b"[" * 100_000, "not a gold document"),
    ("kg.toml", b"workers = " + b"1" * 5000, "not TOML"),
    ("s.decisions.jsonl", b'{"verdict": "same", "righ\\ud800t": "x:b"}', "this is no decision"),
]  # fmt: skip
"""Cases that ended in a traceback once."""


@pytest.mark.parametrize(("name", "data", "says"), FOUND)
def test_found_cases_are_refused(tmp_path: Path, store: Path, name: str, data: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(KgError, match=says) as error:
        KINDS[name][0](tmp_path / name, store)
    told(error.value)


@pytest.mark.parametrize("name", KINDS)
def test_some_spoiled_files(tmp_path: Path, store: Path, cases: Callable[[int], None], name: str) -> None:
    cases(spoil(tmp_path, store, name, 60, 1))


@pytest.mark.faults
@pytest.mark.parametrize("name", KINDS)
def test_many_spoiled_files(tmp_path: Path, store: Path, cases: Callable[[int], None], name: str) -> None:
    cases(spoil(tmp_path, store, name, 900, 2))


def test_spoiled_backups(tmp_path: Path, store: Path, cases: Callable[[int], None]) -> None:
    chance = random.Random(3)
    sound = store.with_name("s.zip").read_bytes()
    for _ in range(40):
        (tmp_path / "b.zip").write_bytes(mutations.spoiled(sound, chance, [b"\0", b"PK\1\2"], ()))
        with bounded():
            try:
                backup.restore(tmp_path / "b.zip", tmp_path / "restored", replace=True)
            except KgError as error:
                told(error, "b.zip")
    cases(40)


def asked(seed: int, count: int, store: Path) -> int:
    from kg.ask.answer import ask

    view: Any = View(store)
    chance = random.Random(seed)
    words = [
        "谁",
        "开发",
        "了",
        "云帆-7B",
        "云帆科技",
        "的",
        "董事长",
        "是",
        "who",
        "develops",
        "how many",
        "models",
        "'s",
        "2023",
        "年",
        "营收",
        "多少",
        "?",
        *TOKENS[:44],
    ]
    for _ in range(count):
        text = chance.choice(("", " ")).join(chance.choice(words) for _ in range(chance.randrange(12)))
        with bounded():
            try:
                ask(view, text[:4000])
            except KgError as error:
                told(error)
    return count


def test_some_questions(store: Path, cases: Callable[[int], None]) -> None:
    cases(asked(1, 60, store))


@pytest.mark.faults
def test_many_questions(store: Path, cases: Callable[[int], None]) -> None:
    cases(asked(2, 1500, store))
