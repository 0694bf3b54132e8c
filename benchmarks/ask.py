"""How many paraphrases that the patterns were not made for are understood rightly: `python benchmarks/ask.py [FILE] [--wrong]`."""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from kg.ask.ends import OTHER
from kg.ask.likely import understood
from kg.ask.question import question
from kg.ask.readings import BETWEEN
from kg.ask.sparql import asked_types
from kg.ask.words import items
from kg.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.ask.question import Question
    from kg.ask.sparql import Form

CASES = Path(__file__).parent.parent / "tests" / "cases"
ENTITIES = {
    "Company": ("Yunfan", "Galaxis", "Novaline", "Brightforge", "云帆科技", "星河智能", "海月科技", "青岩半导体"),
    "Person": ("Li Wenbo", "Maria Keller", "Chen Yao", "李文博", "陈瑶", "周明远"),
    "AIModel": ("Helio-7B", "Aurora 2", "Mistwood-13B", "听涛-2"),
    "Chip": ("Zircon-100", "Basalt X2", "昆石-3"),
    "Benchmark": ("MathBench", "ReadEval", "通识百测"),
    "Product": ("Chatnest", "Datadock", "小帆助手"),
    "Dataset": ("WebWeave", "OpenPage-2T", "书山语料"),
    "Organization": (
        *("East Lake University", "Northgate Institute", "东湖大学", "北关研究院"),
        *("Open Compute Circle", "智算联盟", "Trade Control Agency", "贸易管制署"),
    ),
    "Place": ("Portville", "Westmark", "滨海市", "西麦国"),
}
FIRST = ("Yunfan", "云帆科技")
"""The one of two firms that the tables of paraphrases name the end of."""
NAMES = {fold(n): [(f"https://example.org/{fold(n)}", kind)] for kind, names in ENTITIES.items() for n in names}


def cases(path: Path) -> Iterator[tuple[str, str, str]]:
    """Language, what must be understood, question."""
    lang, wanted = "", ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("> "):
            lang, _, wanted = line[2:].partition(" ")
            wanted = " ".join(w for w in wanted.split() if w != "-")
        elif line and not line.startswith("#"):
            yield lang, wanted, line


def meaning(text: str) -> str:
    """What `kg ask` understands, as the lines of tests/cases/question-forms.txt write it; empty where it does not."""
    form, parts = understood(text, NAMES)
    if form is None:
        return ""
    steps = ("&" if form.name == "both" else "+").join(_ends(form, parts))
    metric = "/".join(parts.metrics)
    said = (
        *(form.name, steps, f"role:{parts.role}" if parts.role else "", metric if "metric" in form.needs else ""),
        f"{'@' * ('asof' in parts.kinds)}{parts.period}" if parts.period else "",
        f"{parts.compare}{parts.bound:g}" if parts.compare else "",
        parts.order if "extreme" in form.needs else "",
        *(f"={t}" for t in asked_types(parts)),
    )
    return " ".join(w for w in said if w)


def _ends(form: Form, parts: Question) -> tuple[str, ...]:
    """The steps with the end that is known; of two firms, that of the one which the tables name."""
    ends = [(s.predicate, s.known) for s in parts.steps]
    if form.name in BETWEEN and len(ends) == 1 and fold(parts.entities[1].text) in map(fold, FIRST):
        first, second = parts.entities
        if first.types & second.types:
            ends = [(p, OTHER[e]) for p, e in ends]
    if form.name == "both":
        ends.sort()
    return tuple(f"{p}:{e}" for p, e in (ends[:1] if form.name == "shared" else ends))


def fits(wanted: str, found: str) -> bool:
    """Whether it was understood as meant: the type asked for is compared where the table tells one, the end where it matters."""

    def told(spec: str) -> list[str]:
        words = [re.sub(r"(competesWith|partnerOf):\w+", r"\1", w) for w in spec.split()]
        return [w for w in words if "=" in wanted or not w.startswith("=")]

    return sorted(told(wanted)) == sorted(told(found))


def main() -> None:
    given = [a for a in sys.argv[1:] if not a.startswith("-")]
    path = Path(given[0]) if given else CASES / "questions-held-out.txt"
    right, wrong, every = Counter[str](), Counter[str](), Counter[str]()
    forms: dict[str, set[str]] = {}
    for lang, wanted, text in cases(path):
        found = meaning(text)
        every[lang] += 1
        forms.setdefault(lang, set()).add(wanted)
        if fits(wanted, found):
            right[lang] += 1
            continue
        wrong[lang] += bool(found)
        if "--wrong" in sys.argv:
            print(f"{text} | {wanted} | {found or question(text, items(text, NAMES)).unknown}")
    for lang in sorted(every):
        n = every[lang]
        print(
            f"{lang}: {len(forms[lang])} forms, {n} paraphrases, {right[lang] / n:.1%} right, {wrong[lang] / n:.1%} another query"
        )


if __name__ == "__main__":
    main()
