"""The names of the entities in memory, for search and completion in both languages."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.text import fold
from kg.vocabulary import TYPES

if TYPE_CHECKING:
    from kg.store.graph import View

_NAMES = (
    "SELECT DISTINCT ?e ?t ?n ?l WHERE { ?e a ?t ; rdfs:label|skos:altLabel|skos:prefLabel ?n . "
    "?e rdfs:label ?l . FILTER EXISTS { ?m kg:refersTo ?e } }"
)


@dataclass(frozen=True, slots=True)
class Named:
    """An entity as lists show it."""

    iri: str
    type: str
    label: str


class Names:
    """All entities of a view with all their names, folded: width, case and script of a name make no difference."""

    def __init__(self, view: View) -> None:
        self.of: dict[str, Named] = {}
        names: set[tuple[str, str, str]] = set()
        for row in view.records(_NAMES):
            kind = row["t"].rpartition("#")[2]
            if kind in TYPES:
                # The store may hold several labels or types; the first in order stands for all.
                new = Named(row["e"], kind, row["l"])
                old = self.of.setdefault(new.iri, new)
                self.of[new.iri] = min(old, new, key=lambda n: (n.label, n.type))
                names.add((fold(row["n"]), row["n"], row["e"]))
        self._names = sorted(names)
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

    def label(self, iri: str) -> str:
        return self.of[iri].label if iri in self.of else iri

    def labelled(self, label: str) -> str | None:
        """The IRI of the only entity with this label."""
        return self._labelled.get(label)
