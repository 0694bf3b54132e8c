"""Makers that a sentence gives away without a verb: a product's name begins with the firm's, or both stand together and the registry agrees.

The registry alone states nothing: both must stand in the sentence, or the product in a text in which its maker speaks as "we".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.registry.load import load
from kg.relate.polarity import supposed
from kg.relate.sentences import Item
from kg.text import has_han

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.annotate.inventory import Annotated
    from kg.model import Mention
    from kg.relate.sentences import Sentence

_THINGS = frozenset(("Product", "AIModel", "Chip", "Dataset"))
_MAKERS = frozenset(("Company", "Organization"))
_IN_NAME, _TOGETHER, _OWN = 0.72, 0.6, 0.55


def offerings(
    sentence: Sentence, makers_named: Mapping[str, Mention], speaker: Mention | None
) -> Iterator[tuple[Item, Item, float, str]]:
    """(maker, thing, confidence, how) for the things that `sentence` names; `makers_named` comes from `makers`."""
    if not any(i.mention and i.mention.type in _THINGS for i in sentence.mentions) or supposed(sentence, 0):
        return
    near_by = [i for i in sentence.mentions if i.mention and i.mention.type in _MAKERS]
    for thing in sentence.mentions:
        if thing.mention is None or thing.mention.type not in _THINGS or thing.reference:
            continue
        if (inside := _in_name(thing.mention.text, makers_named)) is not None:
            yield Item(thing.start, thing.end, "", inside), thing, _IN_NAME, "name"
        entry = load().get(thing.mention.entry)
        if entry is None or not entry.maker:
            continue
        near = next((m for m in near_by if m.mention and m.mention.entry == entry.maker), None)
        if near is not None:
            yield near, thing, _TOGETHER, "together"
        elif speaker is not None and speaker.entry == entry.maker:
            yield Item(thing.start, thing.end, "", speaker), thing, _OWN, "own"


def makers(annotated: Annotated) -> Mapping[str, Mention]:
    """Name -> the first mention of it, for the firms and institutions of the document."""
    found: dict[str, Mention] = {}
    for *_, mention in annotated.mentions:
        if mention.type in _MAKERS and len(mention.text) > 1:
            found.setdefault(mention.text, mention)
    return found


def _in_name(name: str, makers: Mapping[str, Mention]) -> Mention | None:
    """The maker whose name a product's name begins with: AMD Helios, 讯飞超脑."""
    fitting = [m for m in makers if name.startswith(m) and name != m and (has_han(m) or name[len(m)] in " -")]
    return makers[max(fitting, key=len)] if fitting else None
