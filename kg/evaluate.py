"""Precision, recall and F1 of what was read against gold documents: mentions, entities, claims, observations.

The measures are those of the gold guide: a mention is right with its exact span and type; an entity where one of its names is a name
of a gold entity of its type; a claim where both ends map to the gold's and the predicate is the same; an observation where the subject
maps and the value is within 0.5 %. Counts are summed over documents (micro average).
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kg.errors import DataError
from kg.markup import table
from kg.vocabulary import PREDICATES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

_KINDS = ("mentions", "entities", "claims", "observations")
_LATIN = re.compile(r"[A-Za-z0-9]")
_TOLERANCE = 0.005
_NUMBER = int | float
_LARGEST = 1e300
_FORM: Mapping[str, Mapping[str, Any]] = {
    "entities": {"id": str, "type": str, "names": list},
    "claims": {"s": str, "p": str, "o": str},
    "observations": {"s": str, "metric": str, "value": _NUMBER},
    "not": {"name": str, "context": str},
}
"""What is measured of each part of a gold document, and of which kind it is."""


@dataclass(slots=True)
class Tally:
    """Right, predicted and gold counts of one measure."""

    right: int = 0
    predicted: int = 0
    gold: int = 0

    @property
    def precision(self) -> float:
        """Share of the predicted that is right."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of the gold that was found."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def add(self, right: int, predicted: int, gold: int) -> None:
        """Add the counts of a document."""
        self.right, self.predicted, self.gold = self.right + right, self.predicted + predicted, self.gold + gold


@dataclass(frozen=True, slots=True)
class Comparison:
    """A document with the mentions of both sides, (start, end, type) each, and its errors in words."""

    stem: str
    text: str
    wanted: frozenset[tuple[int, int, str]]
    got: frozenset[tuple[int, int, str]]
    errors: tuple[str, ...]


@dataclass(slots=True)
class Report:
    """Tallies by measure (`claims`, `claims.zh`, `claims.develops`, `mentions.Chip` …) and the misses and extras in words."""

    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    errors: list[str] = field(default_factory=list)
    comparisons: list[Comparison] = field(default_factory=list)

    def confusions(self) -> list[tuple[str, str, int]]:
        """(type in the gold, type that was read, how often) for spans found with another type, the most frequent first."""
        counts: Counter[tuple[str, str]] = Counter()
        for c in self.comparisons:
            kinds = {(a, b): k for a, b, k in c.wanted}
            counts.update((kinds[a, b], k) for a, b, k in c.got if kinds.get((a, b), k) != k)
        return sorted(((w, g, n) for (w, g), n in counts.items()), key=lambda r: (-r[2], r))

    def _repr_html_(self) -> str:
        rows = [
            (name, f"{t.precision:.3f}", f"{t.recall:.3f}", f"{t.f1:.3f}", t.gold)
            for name, t in sorted(self.tallies.items())
        ]
        return table(("measure", "precision", "recall", "F1", "of"), rows)

    def to_json(self) -> dict[str, dict[str, float]]:
        """Rounded to four digits, sorted by name."""
        return {
            name: {
                "precision": round(t.precision, 4),
                "recall": round(t.recall, 4),
                "f1": round(t.f1, 4),
                "tp": t.right,
                "predicted": t.predicted,
                "gold": t.gold,
            }
            for name, t in sorted(self.tallies.items())
        }


@dataclass(frozen=True, slots=True)
class Gold:
    """A gold document: its text and its annotation."""

    stem: str
    text: str
    data: Mapping[str, Any]


def gold(folder: Path) -> Iterator[Gold]:
    """The gold documents of a folder: `NAME.gold.json` beside `NAME.txt`.

    Raises:
        DataError: if there is none, or a file is malformed or lacks its text.
    """
    paths = sorted(folder.glob("*.gold.json"))
    if not paths:
        raise DataError(f"{folder}: no *.gold.json file there; give the folder that holds gold documents")
    for path in paths:
        text = path.with_name(path.name.replace(".gold.json", ".txt"))
        try:
            yield Gold(
                path.name.removesuffix(".gold.json"),
                text.read_bytes().decode("utf-8"),
                _sound(json.loads(path.read_text("utf-8"))),
            )
        except (OSError, ValueError, RecursionError) as error:
            raise DataError(f"{path}: not a gold document ({error})") from error


def _sound(data: Any) -> Mapping[str, Any]:
    """`data` itself, if it has the form of a gold document; else a ValueError that names the place."""
    if not isinstance(data, dict) or not isinstance(data.get("lang"), str):
        raise ValueError("it must be an object with `lang`, `entities` and `claims`")
    for part, form in _FORM.items():
        rows = data.get(part, None if part in ("entities", "claims") else [])
        if not isinstance(rows, list):
            raise ValueError(f"`{part}` must be a list")
        for number, row in enumerate(rows):
            for key, kind in form.items():
                value = row.get(key) if isinstance(row, dict) else None
                if not isinstance(value, kind) or value in ("", []):
                    raise ValueError(f"{part}[{number}] needs `{key}`")
                if isinstance(value, list) and not all(isinstance(v, str) and v.strip() for v in value):
                    raise ValueError(f"{part}[{number}]: `{key}` must hold text")
                if kind is _NUMBER and abs(value) > _LARGEST:
                    raise ValueError(f"{part}[{number}]: `{key}` is too large")
    return data


def evaluate(documents: Iterable[Gold], read: Callable[[Gold], Mapping[str, Any]]) -> Report:
    """Score what `read` says of each gold document, in the form that `kg extract` prints."""
    report = Report()
    for document in documents:
        _score(document, read(document), report)
    return report


def gold_mentions(document: Gold) -> set[tuple[int, int, str]]:
    """All occurrences of all names, the longest first, without overlap; Latin names only at word boundaries."""
    text, data = document.text, document.data
    banned = set()
    for row in data.get("not", []):
        shift = row["context"].find(row["name"])
        for match in re.finditer(re.escape(row["context"]), text):
            banned.add((match.start() + shift, match.start() + shift + len(row["name"])))
    free = bytearray(b"\1") * len(text)
    found = set()
    names = [(name, entity["type"]) for entity in data["entities"] for name in entity["names"]]
    for name, kind in sorted(names, key=lambda n: -len(n[0])):
        for match in re.finditer(re.escape(name), text):
            start, end = match.span()
            inside_word = (_LATIN.match(name[0]) and start and _LATIN.match(text[start - 1])) or (
                _LATIN.match(name[-1]) and end < len(text) and _LATIN.match(text[end])
            )
            if all(free[start:end]) and (start, end) not in banned and not inside_word:
                free[start:end] = bytes(end - start)
                found.add((start, end, kind))
    return found


def _key(name: str) -> str:
    return re.sub(r"\s+", "", name).lower()


def _score(document: Gold, read: Mapping[str, Any], report: Report) -> None:
    lang = document.data["lang"]

    def add(kind: str, right: int, predicted: int, wanted: int) -> None:
        for name in (kind, f"{kind}.{lang}"):
            report.tallies[name].add(right, predicted, wanted)

    wanted, got = gold_mentions(document), {(m["start"], m["end"], m["type"]) for m in read["mentions"]}
    add("mentions", len(wanted & got), len(got), len(wanted))
    for kind in sorted({m[2] for m in wanted | got}):
        both = [{m for m in some if m[2] == kind} for some in (wanted, got)]
        report.tallies[f"mentions.{kind}"].add(len(both[0] & both[1]), len(both[1]), len(both[0]))
    for verb, some in (("missed", wanted - got), ("extra", got - wanted)):
        report.errors += [
            f"{document.stem}: {verb} mention {kind} {document.text[a:b]!r} at {a}" for a, b, kind in sorted(some)
        ]
    image, hits, mentioned = _map(document, read)
    add("entities", hits, mentioned, len(document.data["entities"]))
    before = len(report.errors)
    _claims(document, read, image, report, add)
    _observations(document, read, image, report, add)
    report.comparisons.append(
        Comparison(document.stem, document.text, frozenset(wanted), frozenset(got), tuple(report.errors[before:]))
    )


def _map(document: Gold, read: Mapping[str, Any]) -> tuple[dict[str, str], int, int]:
    """IRI -> id of the gold entity that shares a name; how many gold entities were hit; how many entities were mentioned."""
    owner = {_key(n): e["id"] for e in document.data["entities"] for n in e["names"]}
    kinds = {e["id"]: e["type"] for e in document.data["entities"]}
    surfaces: dict[str, set[str]] = defaultdict(set)
    for mention in read["mentions"]:
        surfaces[mention["entity"]].add(_key(document.text[mention["start"] : mention["end"]]))
    image: dict[str, str] = {}
    hits = set()
    for entity in read["entities"]:
        own = surfaces.get(entity["id"], set())
        every = own | {_key(n) for n in (*entity.get("names", ()), entity.get("label", ""))}
        found = [owner[n] for n in sorted(own) if n in owner] or [owner[n] for n in sorted(every) if n in owner]
        if found:
            best = Counter(found).most_common(1)[0][0]
            image[entity["id"]] = best
            if own and kinds[best] == entity["type"]:
                hits.add(best)
    return image, len(hits), sum(1 for e in read["entities"] if surfaces.get(e["id"]))


def _claims(
    document: Gold,
    read: Mapping[str, Any],
    image: Mapping[str, str],
    report: Report,
    add: Callable[[str, int, int, int], None],
) -> None:
    def key(subject: str, predicate: str, obj: str) -> tuple[str, str, str]:
        symmetric = predicate in PREDICATES and PREDICATES[predicate].symmetric
        return (predicate, *sorted((subject, obj))) if symmetric else (predicate, subject, obj)  # type: ignore[return-value]

    wanted = {key(c["s"], c["p"], c["o"]) for c in document.data["claims"]}
    got = {
        key(image.get(c["subject"], c["subject"]), c["predicate"], image.get(c["object"], c["object"]))
        for c in read["claims"]
    }
    add("claims", len(wanted & got), len(got), len(wanted))
    for predicate in sorted({c[0] for c in wanted | got}):
        both = [{c for c in some if c[0] == predicate} for some in (wanted, got)]
        report.tallies[f"claims.{predicate}"].add(len(both[0] & both[1]), len(both[1]), len(both[0]))
    label = {e["id"]: e["names"][0] for e in document.data["entities"]} | {
        e["id"]: e.get("label", "") for e in read["entities"]
    }
    for verb, some in (("missed", wanted - got), ("extra", got - wanted)):
        report.errors += [
            f"{document.stem}: {verb} claim {label.get(s, s)} {p} {label.get(o, o)}" for p, s, o in sorted(some)
        ]


def _observations(
    document: Gold,
    read: Mapping[str, Any],
    image: Mapping[str, str],
    report: Report,
    add: Callable[[str, int, int, int], None],
) -> None:
    wanted = [(o["s"], float(o["value"]), o["metric"]) for o in document.data.get("observations", [])]
    left = [
        (image.get(o["subject"], o["subject"]), float(o["value"]), o["metric"])
        for o in read.get("observations", [])
        if o.get("value") is not None
    ]
    predicted, right = len(left), 0
    for subject, value, metric in wanted:
        match = next((o for o in left if o[0] == subject and abs(o[1] - value) <= _TOLERANCE * abs(value)), None)
        if match is None:
            report.errors.append(f"{document.stem}: missed observation {metric} {value:g} of {subject}")
            continue
        left.remove(match)
        right += 1
    report.errors += [
        f"{document.stem}: extra observation {metric} {value:g} of {subject}" for subject, value, metric in left
    ]
    add("observations", right, predicted, len(wanted))
