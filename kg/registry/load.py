"""The registry: known names of the field, from the tab-separated files beside this module and from the user's own."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

TYPE_OF_FILE = {
    "companies": "Company",
    "organizations": "Organization",
    "people": "Person",
    "models": "AIModel",
    "products": "Product",
    "chips": "Chip",
    "datasets": "Dataset",
    "benchmarks": "Benchmark",
    "places": "Place",
}
"""File name (before `.tsv`, or before the first `-` of it) -> entity type."""

COLUMNS = ("id", "en", "zh", "hant", "aliases", "weak", "maker", "family", "kind", "country", "tickers", "same_as")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A known thing and its names.

    `weak` are names that are everyday words or name other things too ("Together", "小米"); they count only where case and
    context fit. `maker` is the id of the maker, of the employer (people) or of the owner (companies, organizations);
    `kind` the role (people) or the sort of thing. `tickers` are `EXCHANGE:CODE`, `same_as` IRIs of the thing in registries of others.
    """

    id: str
    type: str
    en: str = ""
    zh: str = ""
    hant: str = ""
    aliases: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    maker: str = ""
    family: str = ""
    kind: str = ""
    country: str = ""
    tickers: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All names that stand for this thing without further evidence, the English and Chinese labels first."""
        own = (self.en, self.zh, self.hant, *self.aliases)
        return tuple(dict.fromkeys(n for n in own if n and n not in self.weak))


_EXCHANGES = {"": ("SSE", "SZSE"), "SH": ("SSE",), "SZ": ("SZSE",), "BJ": ("BSE",), "HK": ("HKEX",)}
"""By the letters after a code; without any it is one of Shanghai or Shenzhen."""
_SLUG = re.compile(r"[\w.+-]+")
_ABSOLUTE = re.compile(r"""[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>"{}|\\^`]+""")


class Registry:
    """Entries by id. A mapping that is made once and read many times."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries: Mapping[str, Entry] = {e.id: e for e in entries}

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries.values())

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, entry: str) -> Entry:
        return self.entries[entry]

    def get(self, entry: str | None) -> Entry | None:
        """The entry of this id, or None."""
        return self.entries.get(entry) if entry else None

    def listed(self, code: str) -> Entry | None:
        """The firm of a code as Chinese texts write it: `002230`, `002230.SZ`, `0700.HK`; None where there is none or no one."""
        digits, _, place = code.partition(".")
        if place == "HK":
            digits = digits.lstrip("0").zfill(4)
        exchanges = _EXCHANGES.get(place, ()) if len(digits) == 6 or place else ()
        found = {self._by_ticker[t] for x in exchanges if (t := f"{x}:{digits}") in self._by_ticker}
        return self.entries[found.pop()] if len(found) == 1 else None

    @cached_property
    def _by_ticker(self) -> Mapping[str, str]:
        return {ticker: entry.id for entry in self for ticker in entry.tickers}


def read(path: Path) -> Iterator[Entry]:
    """Entries of one tab-separated file with a header line.

    Columns are those of `COLUMNS` in any order, `id` and one of `en`, `zh` required; several names are parted by `|`.
    An id is `type/slug`; a user's file may hold all types, and a file named as in `TYPE_OF_FILE` may leave the type out.

    Raises:
        DataError: for an unknown column, a missing id or name, or an unknown type, with file and line.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            f"{path}: cannot be read as UTF-8 text ({error}); a registry is a tab-separated UTF-8 file"
        ) from error
    try:
        yield from _entries(path, csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    except csv.Error as error:
        raise DataError(f"{path}: this is no table ({error})") from error


def _entries(path: Path, rows: csv.DictReader[str]) -> Iterator[Entry]:
    kind = path.name.split(".")[0].split("-")[0]
    unknown = set(rows.fieldnames or ()) - set(COLUMNS)
    if unknown or "id" not in (rows.fieldnames or ()):
        raise DataError(
            f"{path}:1: columns are {', '.join(COLUMNS)}; not known here: {', '.join(sorted(unknown)) or 'none, but id is missing'}"
        )
    for number, row in enumerate(rows, 2):
        cell = {k: (v or "").strip() for k, v in row.items() if k}
        if None in row:
            raise DataError(f"{path}:{number}: more cells than columns; is a tab missing from the header?")
        slug = cell["id"]
        prefix, _, rest = slug.rpartition("/")
        prefix = prefix or TYPE_OF_FILE.get(kind, "").lower()
        entity_type = {t.lower(): t for t in TYPE_OF_FILE.values()}.get(prefix)
        if not entity_type or not rest:
            raise DataError(
                f"{path}:{number}: id {slug!r} must be type/slug with one of the types {', '.join(TYPE_OF_FILE.values())}"
            )
        if not _SLUG.fullmatch(rest):
            raise DataError(
                f"{path}:{number}: id {slug!r} may hold letters, digits, dots, hyphens and underscores only, for it becomes part of an IRI"
            )
        if not (cell.get("en") or cell.get("zh")):
            raise DataError(f"{path}:{number}: {slug} has neither an English nor a Chinese name")

        def many(column: str, cell: dict[str, str] = cell) -> tuple[str, ...]:
            return tuple(n.strip() for n in cell.get(column, "").split("|") if n.strip())

        if wrong := next((iri for iri in many("same_as") if not _ABSOLUTE.fullmatch(iri)), None):
            raise DataError(
                f"{path}:{number}: {wrong!r} in same_as is no IRI; write it in full, as in http://www.wikidata.org/entity/Q182477"
            )
        yield Entry(
            id=f"{prefix}/{rest}",
            type=entity_type,
            en=cell.get("en", ""),
            zh=cell.get("zh", ""),
            hant=cell.get("hant", ""),
            aliases=many("aliases"),
            weak=many("weak"),
            maker=cell.get("maker", ""),
            family=cell.get("family", ""),
            kind=cell.get("kind", ""),
            country=cell.get("country", ""),
            tickers=many("tickers"),
            same_as=many("same_as"),
        )


def load(extra: tuple[Path, ...] = (), *, builtin: bool = True) -> Registry:
    """The registry of the package (unless `builtin` is false) with the user's files on top; a later entry of one id wins."""
    return _loaded(extra, builtin)


@cache  # of its own, for it takes a default that is given for another call than one that is left out
def _loaded(extra: tuple[Path, ...], builtin: bool) -> Registry:
    folder = Path(str(files("kg.registry")))
    paths = (*(sorted(folder.glob("*.tsv")) if builtin else ()), *extra)
    return Registry(e for path in paths for e in read(path))
