"""Whether time grows with the number of documents, and memory does not: all of `kg build` on generated documents.

    python benchmarks/growth.py [--documents 1000 10000 100000] [--plot docs/scale.png] [--engine ray]

Documents are JSON lines, half Chinese, half English, of some 250 characters, made of sentences with a fixed seed; one firm for every five
documents, so that entities grow with them. Each size is a process of its own; the baseline is the smallest size of the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SYLLABLES = ("云帆", "海纳", "星河", "青禾", "天枢", "瀚石", "凌微", "澜图", "启明", "泓源", "卓芯", "景量")
LATIN = ("Nim", "bus", "Kes", "trel", "Ver", "tex", "Lu", "men", "Or", "bit", "Zen", "ith")
SAID = {
    "zh": (
        "{a}今日发布{m}大模型。", "{a}完成A轮融资，由{b}领投。", "{a}与{b}签署战略合作协议。", "{p}任{a}董事长。",
        "{a}的总部位于上海。", "2023年，{a}实现营业收入{n}亿元，同比增长{k}%。", "{b}采购了{a}的芯片，用于智能计算中心。",
    ),
    "en": (
        "{a} unveiled the {m} model on Tuesday.", "{a} raised ${n} million in a round led by {b}.", "{a} said it had signed a partnership with {b}.",
        "{p} is chief executive of {a}.", "{a} is headquartered in Austin.", "Revenue of {a} rose {k} percent to ${n} million in 2023.",
        "{b} uses chips of {a} in its data centers.",
    ),
}  # fmt: skip


def firm(number: int, lang: str) -> str:
    chance = random.Random(number)
    if lang == "zh":
        return "".join(chance.sample(SYLLABLES, 2)) + chance.choice(("科技", "智能", "半导体"))
    return "".join(chance.sample(LATIN, 3)).capitalize() + chance.choice((" Labs", " Systems", " Technologies"))


def corpus(path: Path, count: int) -> None:
    chance, firms = random.Random(5), max(20, count // 5)
    with path.open("w", encoding="utf-8") as out:
        for number in range(count):
            lang = ("zh", "en")[number % 2]
            a, b = (firm(chance.randrange(firms), lang) for _ in range(2))
            person = chance.choice(
                ("李文博", "王晓芸", "陈景明") if lang == "zh" else ("Ada Reyes", "John Keller", "Mina Park")
            )
            given = {
                "a": a,
                "b": b,
                "p": person,
                "m": f"{a[:2]}-{chance.randrange(1, 90)}B",
                "n": chance.randrange(2, 900),
                "k": chance.randrange(2, 90),
            }
            text = ("" if lang == "zh" else " ").join(
                s.format(**given) for s in chance.sample(SAID[lang], 5 + 2 * (lang == "zh"))
            )
            out.write(json.dumps({"id": number, "text": text, "date": "2024-03-05"}, ensure_ascii=False) + "\n")


def build(path: Path, engine: str) -> None:
    """A build, and what it took: all of it, and of that what came after reading."""
    from kg import flow
    from kg.config import Config
    from kg.store.graph import View, Writer

    finished: list[float] = []
    finish = Writer.finish

    def timed(writer: Writer) -> None:
        began = time.perf_counter()
        finish(writer)
        finished.append(time.perf_counter() - began)

    Writer.finish = timed  # type: ignore[method-assign]
    config = Config(store=path.parent / "graph.kg")
    summary = (flow.build_on_cluster if engine == "ray" else flow.build)([path], config)
    mib = [resource.getrusage(w).ru_maxrss / 1024 for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(
        json.dumps({"seconds": summary.seconds, "finish": sum(finished), "mib": mib, "quads": len(View(config.store))})
    )


def measured(count: int, engine: str) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "documents.jsonl"
        corpus(path, count)
        given = [sys.executable, __file__, "--build", str(path), "--engine", engine]
        out = subprocess.run(given, capture_output=True, text=True, check=True)
    return json.loads(out.stdout.splitlines()[-1])


def plot(rows: list[tuple[int, dict]], file: str) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4))
    sizes = [n for n, _ in rows]
    left.loglog(sizes, [r["seconds"] for _, r in rows], "o-", label="kg build")
    left.loglog(sizes, [rows[0][1]["seconds"] * n / sizes[0] for n in sizes], "--", label="linear")
    left.set(xlabel="documents", ylabel="seconds")
    left.legend()
    for label, place in (("reading process", 1), ("main process", 0)):
        right.semilogx(sizes, [r["mib"][place] for _, r in rows], "o-", label=label)
    right.set(xlabel="documents", ylabel="peak MiB", ylim=(0, None))
    right.legend()
    figure.tight_layout()
    figure.savefig(file, dpi=110, metadata={"Software": None})


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--documents", type=int, nargs="+", default=[1000, 10_000, 100_000])
    options.add_argument("--plot")
    options.add_argument("--engine", choices=("local", "ray"), default="local")
    options.add_argument("--build", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.build:
        build(chosen.build, chosen.engine)
        return
    print(
        f"{os.cpu_count()} cores.\n\n| documents | quads | time | a document, against the first | of it resolution | main process | largest reading process |\n"
        "|---|---|---|---|---|---|---|"
    )
    rows = []
    for count in chosen.documents:
        made = measured(count, chosen.engine)
        rows.append((count, made))
        each = made["seconds"] / count / (rows[0][1]["seconds"] / rows[0][0])
        print(
            f"| {count:,} | {made['quads']:,} | {made['seconds']:.0f} s | {each:.2f} | {made['finish']:.1f} s | {made['mib'][0]:.0f} MiB | {made['mib'][1]:.0f} MiB |",
            flush=True,
        )
    if chosen.plot:
        plot(rows, chosen.plot)


if __name__ == "__main__":
    main()
