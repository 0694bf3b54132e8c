"""The store against pyoxigraph itself, in one run: load, export, query; and how soon a command answers.

    python benchmarks/store.py [--claims 1000000]

The graph is generated with a fixed seed: documents in Chinese and English of ten claims each, some twenty-five quads a claim with its
mentions and evidence. "pyoxigraph" is the library alone on the same quads: `bulk_load`, `dump`, `query` with its rows read.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
from kg.config import BASE
from kg.ids import content_id
from kg.model import Claim, Document, Entity, Evidence, Mention, Reading
from kg.query import formatted, run
from kg.store.export import export
from kg.store.graph import View, Writer
from kg.store.terms import PREFIXES, from_ontology, from_reading, ontology_graph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CLAIMS = 10
SAID = {"zh": ("公司{}", "发布", "芯片{}"), "en": ("Firm {}", "launched", "Chip {}")}
PAIRS = "SELECT ?a ?b WHERE { ?a kg:develops ?b }"
JOIN = "SELECT ?a ?b ?x WHERE { ?c kg:subject ?a . ?c kg:object ?b . ?c kg:confidence ?x . FILTER(?x > 0.8) }"


def readings(count: int) -> Iterator[Reading]:
    """Documents of ten claims each, about as many firms and chips as there are documents."""
    chance, documents = random.Random(3), count // CLAIMS
    for number in range(documents):
        lang = ("zh", "en")[number % 2]
        firm, verb, chip = SAID[lang]
        text, mentions, claims, entities = "", [], [], {}
        for _ in range(CLAIMS):
            ends, start = [], len(text)
            for kind, words in (("Company", firm), ("Chip", chip)):
                name = words.format(chance.randrange(documents))
                ends.append((kind, name, len(text)))
                text += f"{name}{verb}" if kind == "Company" else f"{name}。"
            made = [
                Mention(document=f"d{number}", start=at, end=at + len(n), text=n, type=k, found_by="b")
                for k, n, at in ends
            ]
            mentions += made
            evidence = Evidence(start=start, end=len(text), quote=text[start:])
            claims.append(
                Claim(document=f"d{number}", subject=made[0], predicate="develops", object=made[1], evidence=evidence,
                      confidence=chance.choice((0.5, 0.7, 0.9)), found_by="b")
            )  # fmt: skip
        of = {m.id: f"{BASE}entity/{m.type.lower()}/{content_id(m.text)}" for m in mentions}
        for m in mentions:
            entities[of[m.id]] = Entity(iri=of[m.id], type=m.type, label=m.text, names=(m.text,))
        document = Document(
            id=f"d{number}",
            path=f"d{number}",
            title=f"{number}",
            lang=lang,
            date="2024-03-05",
            text=text,
            sha256="0" * 64,
        )
        yield Reading(document=document, mentions=tuple(mentions), claims=tuple(claims), observations=(),
                      entities=tuple(entities[i] for i in sorted(entities)), entity_of=of)  # fmt: skip


def timed(work: Callable[[], object], times: int = 1) -> float:
    """Seconds, of the best of some runs."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return min(found)


def loaded(path: Path, file: Path) -> None:
    with Writer(path, extractor="b") as writer, file.open("rb") as shard:
        writer.load([shard])


def put(path: Path, some: list[Reading]) -> None:
    writer = Writer(path, extractor="b")
    for reading in some:
        writer.put(reading)


def bulk(path: Path, file: Path) -> None:
    store = ox.Store(str(path))
    store.bulk_load(path=str(file), format=ox.RdfFormat.N_QUADS)
    store.extend(from_ontology(ontology_graph(BASE)))
    store.flush()


def asked(store: ox.Store, text: str) -> str:
    found = store.query(text, prefixes=PREFIXES, use_default_graph_as_union=True)
    return found.serialize(format=ox.QueryResultsFormat.CSV).decode()


def command(*given: str) -> float:
    return timed(lambda: subprocess.run([sys.executable, "-m", "kg", *given], check=True, capture_output=True), 5)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--claims", type=int, default=1_000_000)
    count = options.parse_args().claims
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "all.nq"
        quads = 0
        with file.open("wb") as out:
            for reading in readings(count):
                made = from_reading(reading, base=BASE, extractor="b")
                quads += len(made)
                ox.serialize(made, out, format=ox.RdfFormat.N_QUADS)
        few = list(readings(min(count, 20_000)))
        rows = [
            (
                "load N-Quads (`Writer.load`)",
                timed(lambda: loaded(folder / "s", file)),
                timed(lambda: bulk(folder / "o", file)),
            )
        ]
        share = len(few) * CLAIMS / count
        rows.append((f"load by document, a transaction each, {len(few) * CLAIMS:,} claims", timed(lambda: put(folder / "p", few)), rows[0][2] * share))  # fmt: skip
        view, own = View(folder / "s"), ox.Store.read_only(str(folder / "o"))
        for form, kind in (("nquads", ox.RdfFormat.N_QUADS), ("trig", ox.RdfFormat.TRIG)):
            rows.append((f"export {form}, sorted", timed(lambda f=form: export(view, f), 2), timed(lambda k=kind: own.dump(format=k, prefixes=PREFIXES), 2)))  # fmt: skip
        for label, text in (("query of a pattern", PAIRS), ("query of a join", JOIN)):
            rows.append((f"{label}, as CSV", timed(lambda t=text: formatted(run(view, t), "csv"), 3), timed(lambda t=text: asked(own, t), 3)))  # fmt: skip
        print(
            f"{os.cpu_count()} cores; {count:,} claims, {quads:,} quads.\n\n| | kg | pyoxigraph | ratio |\n|---|---|---|---|"
        )
        for label, ours, theirs in rows:
            print(f"| {label} | {ours:.2f} s | {theirs:.2f} s | {ours / theirs:.2f} |")
        bare = timed(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True), 5)
        for label, given in (
            ("`kg --help`", ["--help"]),
            ("`kg query`, from cold", ["query", f"{PAIRS} LIMIT 10", "--store", str(folder / "s")]),
        ):
            took = command(*given)
            print(f"| {label} (against `python -c pass`) | {took:.2f} s | {bare:.2f} s | {took / bare:.1f} |")


if __name__ == "__main__":
    main()
