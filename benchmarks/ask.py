"""How many paraphrases that the patterns were not made for are understood rightly: `python benchmarks/ask.py [FILE] [--wrong]`."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from kg.ask.question import question
from kg.ask.sparql import form_of
from kg.ask.words import items
from kg.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

CASES = Path(__file__).parent.parent / "tests" / "cases"
ENTITIES = {
    "Company": ("Yunfan", "云帆科技", "Galaxis", "星河智能"),
    "Person": ("Li Wenbo", "李文博"),
    "AIModel": ("Helio-7B",),
    "Chip": ("Zircon-100",),
    "Benchmark": ("MathBench",),
    "Organization": ("East Lake University", "东湖大学"),
    "Place": ("Portville", "滨海市"),
}
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
    """What `kg ask` understands: form, steps, metric, period, bound, order; empty where it does not."""
    parts = question(text, items(text, NAMES))
    form = None if parts.unknown else form_of(parts)
    if form is None:
        return ""
    steps = "+".join(f"{s.predicate}:{_end(form.name, s.known, parts.entities)}" for s in parts.steps)
    metric = next((i.value for i in parts.items if i.kind == "metric"), "") if form.name.startswith("figure") else ""
    bound = f"{parts.compare}{parts.bound:g}" if parts.compare else ""
    order = parts.order if "extreme" in parts.kinds else ""
    return " ".join(w for w in (form.name, steps, metric, parts.period, bound, order) if w)


def _end(form: str, known: str, entities: tuple[object, ...]) -> str:
    """The end of the first of two firms as the tables name them: Yunfan's, which may be named second."""
    if form in ("confirmed", "dated") and fold(getattr(entities[0], "text", "")) not in (
        fold("Yunfan"),
        fold("云帆科技"),
    ):
        return {"subject": "object", "object": "subject"}[known]
    return known


def fits(wanted: str, found: str) -> bool:
    return found == wanted or (
        wanted.split(":", maxsplit=1)[0] == found.split(":", maxsplit=1)[0]
        and ("competesWith" in wanted or "partnerOf" in wanted)
    )


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
