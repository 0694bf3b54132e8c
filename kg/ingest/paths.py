"""Which files a list of paths means: files, folders, patterns; each once and in a fixed order."""

from __future__ import annotations

import glob
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kg.model import Skipped

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

STDIN = "-"
_DEEPEST = 100
"""Folders within each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored(Skipped):
    """Files of a folder that are no documents. A note, no failure: one for each folder or pattern asked for."""


def files(paths: Iterable[str | Path], suffixes: Collection[str]) -> Iterator[Path | Skipped]:
    """The files with one of `suffixes`, and what cannot be found. Cheap: no file is opened; `-` is passed on."""
    walk = _Walk(suffixes)
    for path in map(str, paths):
        if path == STDIN:
            yield Path(STDIN)
        elif os.path.lexists(path):
            yield from walk.given(Path(path))
        elif glob.has_magic(path):
            yield from walk.matching(path)
        else:
            yield Skipped(path=printable(path), cause="no such file or folder")


def name(file: Path) -> str:
    """The path from the working directory, or the absolute one of a file outside it, in POSIX form."""
    path, here = _absolute(file), Path.cwd()
    return printable((path.relative_to(here) if path.is_relative_to(here) else path).as_posix())


def suffix(file: Path) -> str:
    """The suffix that tells the format, in lower case, that of compression left out."""
    return Path(file.name.lower().removesuffix(".gz")).suffix


def printable(path: str) -> str:
    """Names that are not UTF-8 reach Python as lone surrogates, which no graph can hold: the bytes are spelled out."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _absolute(path: Path) -> Path:
    """Without `..`, but with links as they are: a link keeps the name that the user sees."""
    return Path(os.path.abspath(path))  # noqa: PTH100


@dataclass(slots=True)
class _Walk:
    """Remembers the folders it has been in and the files it was given by name, and so returns none twice."""

    suffixes: Collection[str]
    folders: set[tuple[int, int]] = field(default_factory=set)
    by_name: set[Path] = field(default_factory=set)

    def given(self, path: Path) -> Iterator[Path | Skipped]:
        """What the user named: a folder is walked, a file that cannot be read is an error."""
        if path.is_dir():
            other: Counter[str] = Counter()
            yield from self._folder(path, other)
            yield from _note(path, other)
        elif not path.exists():
            yield Skipped(path=name(path), cause="a link that leads nowhere")
        elif suffix(path) not in self.suffixes:
            kinds = " ".join(self.suffixes)
            yield Skipped(path=name(path), cause=f"not a kind of file that kg reads ({kinds}, or .gz of them)")
        elif not path.is_file():
            yield Skipped(path=name(path), cause="not a regular file; pipe it in with -")
        elif not self._known(path):
            yield path

    def matching(self, pattern: str) -> Iterator[Path | Skipped]:
        """What the pattern matches; among its files those of other kinds are only counted."""
        found = sorted(glob.iglob(pattern, recursive=True))  # noqa: PTH207  # the pattern may be absolute
        if not found:
            yield Skipped(path=printable(pattern), cause="no such file, and nothing matches it as a pattern")
        other: Counter[str] = Counter()
        for path in map(Path, found):
            if path.is_dir() or suffix(path) in self.suffixes:
                yield from self.given(path)
            else:
                other[suffix(path)] += 1
        yield from _note(Path(pattern), other)

    def _folder(self, folder: Path, other: Counter[str], depth: int = 0) -> Iterator[Path | Skipped]:
        if depth > _DEEPEST:
            yield Skipped(path=name(folder), cause=f"more than {_DEEPEST} folders deep; give this folder by itself")
            return
        try:
            if self._entered(folder):
                return
            self.folders.add(_inode(folder))
            entries = sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith("."))
        except OSError as error:
            yield Skipped(path=name(folder), cause=f"the folder cannot be read: {error.strerror}")
            return
        for entry in entries:
            try:
                yield from self._entry(folder / entry, other, depth)
            except OSError as error:  # such as a path that is too long for the system
                yield Skipped(path=name(folder / entry), cause=f"cannot be found: {error.strerror}")

    def _entry(self, path: Path, other: Counter[str], depth: int) -> Iterator[Path | Skipped]:
        if path.is_dir():
            yield from self._folder(path, other, depth + 1)
        elif suffix(path) not in self.suffixes or (path.exists() and not path.is_file()):
            other[suffix(path)] += 1
        elif not path.exists():
            yield Skipped(path=name(path), cause="a link that leads nowhere")
        elif _absolute(path) not in self.by_name:
            yield path

    def _entered(self, folder: Path) -> bool:
        return _inode(folder) in self.folders

    def _known(self, path: Path) -> bool:
        """Whether the file came before, by its own name or with its folder; remembers it."""
        absolute = _absolute(path)
        listed = not path.name.startswith(".") and self._entered(absolute.parent)
        known = listed or absolute in self.by_name
        self.by_name.add(absolute)
        return known


def _inode(folder: Path) -> tuple[int, int]:
    status = folder.stat()
    return status.st_dev, status.st_ino


def _note(path: Path, other: Counter[str]) -> Iterator[Ignored]:
    if other:
        kinds = ", ".join(f"{count} {kind or 'without suffix'}" for kind, count in sorted(other.items()))
        yield Ignored(path=name(path), cause=f"left out what kg does not read: {kinds}")
