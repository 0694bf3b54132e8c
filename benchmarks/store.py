"""The store against pyoxigraph itself and against rdflib's memory store, in one run: load, export, query; and how soon a command answers.

    python benchmarks/store.py [--claims 1000000] [--rdflib 2000]

The graph is generated with a fixed seed: documents in Chinese and English of ten claims each, some twenty-five quads a claim with its
mentions and evidence. Times are of the processor. "pyoxigraph" is the library alone on the same quads: `bulk_load`, `dump`, `query` with its rows read. "rdflib" is a
Dataset in memory, on as many claims as `--rdflib` says, and kg's store on disk beside it.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
from kg.config import BASE
from kg.ids import content_id
from kg.model import Claim, Document, Entity, Evidence, Mention, Reading
from kg.query import serialized
from kg.store.export import export, write
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


def timed(work: Callable[[], object], times: int = 1, *, clock: Callable[[], float] = time.process_time) -> float:
    """Seconds of processor time of all threads, which other programs on the machine change least; the best of some runs."""
    found = []
    for _ in range(times):
        began = clock()
        work()
        found.append(clock() - began)
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


def exported(view: View, form: str, file: Path) -> None:
    with file.open("wb") as out:
        write(view, form, out)


def written(file: Path, count: int) -> int:
    """N-Quads of so many claims; how many quads."""
    quads = 0
    with file.open("wb") as out:
        for reading in readings(count):
            made = from_reading(reading, base=BASE, extractor="b")
            quads += len(made)
            ox.serialize(made, out, format=ox.RdfFormat.N_QUADS)
    return quads


def beside_rdflib(folder: Path, count: int) -> None:
    """A table of kg's store and rdflib's own on the same quads."""
    import rdflib

    quads = written(folder / "few.nq", count)
    theirs = rdflib.Dataset(default_union=True)
    rows = [
        ("load N-Quads", timed(lambda: loaded(folder / "few", folder / "few.nq")), timed(lambda: theirs.parse(folder / "few.nq", format="nquads")))
    ]  # fmt: skip
    view = View(folder / "few")
    for form in ("nquads", "trig"):
        mine, other = timed(lambda f=form: export(view, f), 2), timed(lambda f=form: theirs.serialize(format=f), 2)
        rows.append((f"export {form}", mine, other))
    for label, text in (("query of a pattern", PAIRS), ("query of a join", JOIN)):
        rows.append(
            (f"{label}, as CSV", timed(lambda t=text: serialized(view, t, "csv"), 3), timed(lambda t=text: theirs.query(t, initNs=PREFIXES).serialize(format="csv")))
        )  # fmt: skip
    print(f"\n{count:,} claims, {quads:,} quads.\n\n| | kg | rdflib in memory | ratio |\n|---|---|---|---|")
    for label, ours, other in rows:
        print(f"| {label} | {ours:.2f} s | {other:.2f} s | {ours / other:.2f} |")


def command(*given: str) -> tuple[float, float]:
    """Seconds from its start to its end, and of processor time."""
    work = partial(subprocess.run, [sys.executable, *given], check=True, capture_output=True)
    return timed(work, 7, clock=time.perf_counter), timed(work, 3, clock=lambda: sum(os.times()[2:4]))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--claims", type=int, default=1_000_000)
    options.add_argument("--rdflib", type=int, default=2000)
    chosen = options.parse_args()
    count = chosen.claims
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "all.nq"
        quads = written(file, count)
        few = list(readings(min(count, 5_000)))
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
        times = 2 if count < 100_000 else 1
        for form, kind in (("nquads", ox.RdfFormat.N_QUADS), ("trig", ox.RdfFormat.TRIG)):
            out = folder / "out"
            rows.append((f"export {form} to a file, sorted", timed(lambda f=form, o=out: exported(view, f, o), times), timed(lambda k=kind, o=out: own.dump(o, k, prefixes=PREFIXES), times)))  # fmt: skip
        for label, text in (("query of a pattern", PAIRS), ("query of a join", JOIN)):
            rows.append((f"{label}, as CSV", timed(lambda t=text: serialized(view, t, "csv"), 3), timed(lambda t=text: asked(own, t), 3)))  # fmt: skip
        print(
            f"{os.cpu_count()} cores; {count:,} claims, {quads:,} quads.\n\n| | kg | pyoxigraph | ratio |\n|---|---|---|---|"
        )
        for label, ours, theirs in rows:
            print(f"| {label} | {ours:.2f} s | {theirs:.2f} s | {ours / theirs:.2f} |")
        print("\n| | from start to end | processor time |\n|---|---|---|")
        for label, given in (
            ("`python -c pass`", ["-c", "pass"]),
            ("`kg --help`", ["-m", "kg", "--help"]),
            ("`kg query`, from cold", ["-m", "kg", "query", f"{PAIRS} LIMIT 10", "--store", str(folder / "s")]),
        ):
            wall, processor = command(*given)
            print(f"| {label} | {wall:.2f} s | {processor:.2f} s |")
        beside_rdflib(folder, chosen.rdflib)


if __name__ == "__main__":
    main()
