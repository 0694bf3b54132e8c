"""What a document is about: how often each thing is named in it, and which thing of each type most."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.annotate.inventory import Annotated
    from kg.model import Mention

_ABOUT = frozenset(("Company", "Organization", "Person", "Product", "AIModel", "Chip"))
_OFTEN = 2
"""Mentions that a thing needs to be what the document is about, if it does not stand in its first line."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A thing of the document: its first mention, how often it is named, whether in the first line, whether most of its type."""

    mention: Mention
    named: int
    first_line: bool
    main: bool


def topics(annotated: Annotated) -> Mapping[int, Topic]:
    """Cluster -> its standing in the document."""
    named: Counter[int] = Counter()
    first: dict[int, Mention] = {}
    opening: set[int] = set()
    text = annotated.document.text
    line = len(text) - len(text.lstrip())
    line = text.find("\n", line) % (len(text) + 1)
    for *_, mention in annotated.mentions:
        cluster = annotated.cluster_of[mention.id]
        named[cluster] += 1
        first.setdefault(cluster, mention)
        if mention.start < line:
            opening.add(cluster)
    main: dict[str, int] = {}
    for cluster, mention in first.items():
        best = main.get(mention.type)
        if best is None or (named[cluster] + 2 * (cluster in opening)) > (named[best] + 2 * (best in opening)):
            main[mention.type] = cluster
    return {
        cluster: Topic(
            mention,
            named[cluster],
            cluster in opening,
            mention.type in _ABOUT
            and main[mention.type] == cluster
            and (named[cluster] >= _OFTEN or cluster in opening),
        )
        for cluster, mention in first.items()
    }
