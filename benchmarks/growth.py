"""Whether time grows with the number of documents, and memory does not.

    python benchmarks/growth.py [--read 100 400] [--store 1000 10000 100000] [--plot docs/scale.png] [--engine ray]

Two tables: all of `kg build`, models and all, up to as many documents as may be waited for; and beyond that all of it but the models, whose
work on a document does not depend on the others: readings are made at once from the sentences that they would be read from, and go to the
store and through resolution by `kg build` itself. Documents are made with a fixed seed, half Chinese, half English, one firm for every five
documents. Each size is a process of its own; the baseline is the smallest size of the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.model import Document, Reading

SYLLABLES = "云帆海纳星河青禾天枢瀚石凌微澜图启明泓源卓芯景量岚峰楚越柏润恒嘉睿朗沐晨"
LATIN = ("nim", "bus", "kes", "trel", "ver", "tex", "lu", "men", "or", "bit", "zen", "ith", "qua", "rin", "sol", "dax")
PEOPLE = {"zh": ("李文博", "王晓芸", "陈景明"), "en": ("Ada Reyes", "John Keller", "Mina Park")}
TYPES = {"a": "Company", "b": "Company", "m": "AIModel", "p": "Person"}
# Sentences, each with the claim that it states of its slots.
SAID = {
    "zh": (
        ("{a}今日发布{m}大模型。", "a develops m"), ("{a}完成A轮融资，由{b}领投。", "b investedIn a"), ("{a}与{b}签署战略合作协议。", "a partnerOf b"),
        ("{p}任{a}董事长。", "p holdsPositionAt a"), ("{a}的总部位于上海。", ""), ("2023年，{a}实现营业收入{n}亿元，同比增长{k}%。", ""),
        ("{b}采购了{a}的芯片，用于智能计算中心。", "a supplies b"),
    ),
    "en": (
        ("{a} unveiled the {m} model on Tuesday. ", "a develops m"), ("{a} raised ${n} million in a round led by {b}. ", "b investedIn a"),
        ("{a} said it had signed a partnership with {b}. ", "a partnerOf b"), ("{p} is chief executive of {a}. ", "p holdsPositionAt a"),
        ("{a} is headquartered in Austin. ", ""), ("Revenue of {a} rose {k} percent to ${n} million in 2023. ", ""),
        ("{b} uses chips of {a} in its data centers. ", "a supplies b"),
    ),
}  # fmt: skip


def firm(number: int, lang: str) -> str:
    chance = random.Random(number)
    if lang == "zh":
        return "".join(chance.sample(SYLLABLES, 4)) + chance.choice(("科技", "智能", "半导体"))
    return "".join(chance.sample(LATIN, 4)).capitalize() + chance.choice((" Labs", " Systems", " Technologies"))


def texts(count: int) -> Iterator[tuple[str, str, list[tuple[str, int, str]], list[tuple[int, int, str]]]]:
    """Language, text, names (slot, where, name) and claims (start and end of the sentence, what it states) of each document."""
    chance, firms = random.Random(5), max(20, count // 5)
    for number in range(count):
        lang = ("zh", "en")[number % 2]
        a, b = (firm(n, lang) for n in chance.sample(range(firms), 2))
        given = {"a": a, "b": b, "p": chance.choice(PEOPLE[lang]), "m": f"{a[:2]}-{chance.randrange(1, 90)}B"}
        given |= {"n": str(chance.randrange(2, 900)), "k": str(chance.randrange(2, 90))}
        text, names, claims = "", [], []
        for sentence, claim in chance.sample(SAID[lang], 4):
            start = len(text)
            for part in re.split(r"(\{\w\})", sentence):
                if part[1:2] in TYPES and part[0] == "{":
                    names.append((part[1], len(text), given[part[1]]))
                text += given.get(part[1:2], part) if part.startswith("{") else part
            claims += [(start, len(text), claim)] if claim else []
        yield lang, text, names, claims


def corpus(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8") as out:
        for number, (lang, text, _, _) in enumerate(texts(count)):
            row = {"id": number, "text": text, "lang": lang, "date": "2024-03-05"}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


def readings(count: int) -> Iterator[Reading]:
    """What is to be read of the same documents, without the models."""
    from kg.config import BASE
    from kg.ids import content_id
    from kg.model import Claim, Document, Entity, Evidence, Mention, Reading

    for number, (lang, text, names, claims) in enumerate(texts(count)):
        me = f"d{number}"
        mentions = [Mention(document=me, start=at, end=at + len(n), text=n, type=TYPES[slot], found_by="b") for slot, at, n in names]  # fmt: skip
        made = []
        for start, end, claim in claims:
            subject, predicate, obj = claim.split()
            of = {slot: m for (slot, at, _), m in zip(names, mentions, strict=True) if start <= at < end}
            evidence = Evidence(start=start, end=end, quote=text[start:end])
            made.append(Claim(document=me, subject=of[subject], predicate=predicate, object=of[obj], evidence=evidence, confidence=0.8, found_by="b"))  # fmt: skip
        # A person has an IRI for each document until resolution, as in `kg.resolve.link`.
        iri = {m.text: f"{BASE}entity/{m.type.lower()}/{content_id(m.text, me if m.type == 'Person' else '')}" for m in mentions}  # fmt: skip
        entities = {iri[m.text]: Entity(iri=iri[m.text], type=m.type, label=m.text, names=(m.text,)) for m in mentions}
        yield Reading(
            document=Document(id=me, path=me, title=me, lang=lang, date="2024-03-05", text=text, sha256="0" * 64),
            mentions=tuple(mentions), claims=tuple(made), observations=(),
            entities=tuple(entities[i] for i in sorted(entities)), entity_of={m.id: iri[m.text] for m in mentions},
        )  # fmt: skip


def build(count: int, kind: str, engine: str) -> None:
    """A build, and what it took: all of it, and of that what came after reading."""
    from kg import flow
    from kg.config import Config
    from kg.scale import batch, parse
    from kg.store.graph import View, Writer

    finished: list[float] = []
    finish = Writer.finish

    def timed(writer: Writer) -> None:
        began = time.perf_counter()
        finish(writer)
        finished.append(time.perf_counter() - began)

    Writer.finish = timed  # type: ignore[method-assign]
    if kind == "store":
        some: dict[str, Reading] = {}

        def documents(*_: object, **__: object) -> Iterator[Document]:
            for reading in readings(count):
                some[reading.document.id] = reading
                yield reading.document

        parse.documents = documents  # type: ignore[assignment]
        batch.read = lambda items, _: (some.pop(d.id) for d in items)  # type: ignore[assignment, union-attr]
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "documents.jsonl"
        corpus(path, count if kind == "read" else 1)
        config = Config(store=path.parent / "graph.kg")
        processor = time.process_time()
        summary = (flow.build_on_cluster if engine == "ray" else flow.build)([path], config)
        processor = time.process_time() - processor
        mib = [resource.getrusage(w).ru_maxrss / 1024 for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        view = View(config.store)
        found = {"quads": len(view), "entities": sum(1 for _ in view.records("SELECT DISTINCT ?e WHERE { ?m kg:refersTo ?e }"))}  # fmt: skip
    print(
        json.dumps({"seconds": summary.seconds, "processor": processor, "finish": sum(finished), "mib": mib, **found})
    )


def measured(kind: str, sizes: list[int], engine: str) -> list[tuple[int, dict]]:
    """Runs each size, and prints a row for it."""
    rows: list[tuple[int, dict]] = []
    for count in sizes:
        given = [sys.executable, __file__, "--build", kind, str(count), "--engine", engine]
        out = subprocess.run(given, stdout=subprocess.PIPE, text=True, check=True)
        made = json.loads(out.stdout.splitlines()[-1])
        rows.append((count, made))
        each = [made[k] / count / (rows[0][1][k] / rows[0][0]) for k in ("seconds", "processor")]
        children = f"{made['mib'][1]:.0f} MiB" if kind == "read" else "–"
        print(
            f"| {count:,} | {made['entities']:,} | {made['quads']:,} | {made['seconds']:.0f} s | {each[0]:.2f} | {each[1]:.2f} | {made['finish']:.1f} s "
            f"| {made['mib'][0]:.0f} MiB | {children} |",
            flush=True,
        )
    return rows


def plot(found: dict[str, list[tuple[int, dict]]], file: str) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4))
    names = {"read": "kg build", "store": "kg build without the models"}
    for kind, rows in found.items():
        sizes = [n for n, _ in rows]
        left.loglog(sizes, [r["seconds"] for _, r in rows], "o-", label=names[kind])
        left.loglog(sizes, [rows[0][1]["seconds"] * n / sizes[0] for n in sizes], "k--", linewidth=0.7, label="linear" if kind == "store" else None)  # fmt: skip
        right.semilogx(sizes, [r["mib"][0] for _, r in rows], "o-", label=f"main process, {names[kind]}")
        if kind == "read":
            right.semilogx(sizes, [r["mib"][1] for _, r in rows], "o-", label="reading process")
    left.set(xlabel="documents", ylabel="seconds")
    right.set(xlabel="documents", ylabel="peak MiB")
    right.set_ylim(bottom=0)
    for axes in (left, right):
        axes.legend(fontsize="small")
    figure.tight_layout()
    figure.savefig(file, dpi=110, metadata={"Software": None})


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--read", type=int, nargs="*", default=[100, 400])
    options.add_argument("--store", type=int, nargs="*", default=[1000, 10_000, 100_000])
    options.add_argument("--plot")
    options.add_argument("--engine", choices=("local", "ray"), default="local")
    options.add_argument("--build", nargs=2, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.build:
        build(int(chosen.build[1]), chosen.build[0], chosen.engine)
        return
    print(f"{os.cpu_count()} cores.")
    found = {}
    for kind, sizes, title in (("read", chosen.read, "all of `kg build`"), ("store", chosen.store, "all but the models")):  # fmt: skip
        if not sizes:
            continue
        print(
            f"\n{title}:\n\n| documents | entities | quads | time | a document, against the first | the same, processor time of the main process "
            "| of it resolution | main process | largest reading process |\n|---|---|---|---|---|---|---|---|---|"
        )
        found[kind] = measured(kind, sizes, chosen.engine if kind == "read" else "local")
    if chosen.plot:
        plot(found, chosen.plot)


if __name__ == "__main__":
    main()
