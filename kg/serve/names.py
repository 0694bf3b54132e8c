"""The names of the entities in memory, for search and completion in both languages."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.analyse.network import labels, named_by
from kg.text import fold
from kg.vocabulary import TYPES

if TYPE_CHECKING:
    from kg.store.graph import View

_NAMES = (
    "SELECT DISTINCT ?e ?t ?p ?n WHERE { VALUES ?p { rdfs:label skos:altLabel skos:prefLabel } ?e ?p ?n . ?e a ?t . "
    "FILTER EXISTS { ?m kg:refersTo ?e } }"
)


@dataclass(frozen=True, slots=True)
class Named:
    """An entity as lists show it: its label, and what it is called in each language."""

    iri: str
    type: str
    label: str
    en: str = ""
    zh: str = ""

    def called(self, lang: str) -> str:
        return (self.zh if lang == "zh" else self.en) or self.label


class Names:
    """All entities of a view with all their names, folded: width, case and script of a name make no difference."""

    def __init__(self, view: View) -> None:
        self.of: dict[str, Named] = {}
        names: set[tuple[str, str, str]] = set()
        kinds: dict[str, set[str]] = defaultdict(set)
        called: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for e, t, p, n in view.select(_NAMES):
            if (kind := t.value.rpartition("#")[2]) in TYPES:
                kinds[e.value].add(kind)
                called[e.value][named_by(p, n)].append(n.value)
                names.add((fold(n.value), n.value, e.value))
        for iri, some in called.items():
            # The store may hold several labels or types; the first in order stands for all.
            if own := [n for by, all_ in some.items() if by.startswith("label@") for n in all_]:
                _, en, zh = labels(some)
                self.of[iri] = Named(iri, min(kinds[iri]), min(own), en, zh)
        self._names = sorted(name for name in names if name[2] in self.of)
        # What two entities are called leads to neither.
        counts = Counter(named.label for named in self.of.values())
        self._labelled = {named.label: named.iri for named in self.of.values() if counts[named.label] == 1}

    def search(self, words: str, limit: int) -> list[tuple[Named, str]]:
        """Entities with the name that fits: equal names first, then those that begin so, then those that contain the words."""
        wanted = fold(words)
        if not wanted:
            return []
        fitting = [
            (folded != wanted, not folded.startswith(wanted), len(folded), name, iri)
            for folded, name, iri in self._names
            if wanted in folded
        ]
        best: dict[str, str] = {}
        for *_, name, iri in sorted(fitting):
            best.setdefault(iri, name)
            if len(best) == limit:
                break
        return [(self.of[iri], name) for iri, name in best.items()]

    def label(self, iri: str, lang: str, otherwise: str = "") -> str:
        """What the entity is called in a language."""
        return self.of[iri].called(lang) if iri in self.of else otherwise or iri

    def labelled(self, label: str) -> str | None:
        """The IRI of the only entity with this label."""
        return self._labelled.get(label)
