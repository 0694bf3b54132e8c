"""The folder of a store on disk: what marks it as one, its version and base, and how Oxigraph is opened in it."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMAT = "2"
"""Version of what is written; the first line of the file `kg-store`. Its second line is the base of all IRIs."""
FAILURES = (OSError, RuntimeError)
"""What Oxigraph raises where the disk fails or its files are damaged."""
_LOCKED = ("lock file", "lock hold")
_FULL = ("no space", "disk full", "quota", "file too large")
_REMEDY = "restore a backup (`kg restore`), or delete the folder and build again"
_FORBIDDEN = ("permission denied", "read-only file system")


def to_write(path: Path, base: str) -> ox.Store:
    """The store at `path`, made if there is none.

    Raises:
        StoreError: if it cannot be made or opened, has another format or base, or is being written by somebody else.
    """
    with told(path):
        if path.exists() and not path.is_dir():
            raise StoreError(f"{path}: this is a file; a store is a folder, give another with --store")
        path.mkdir(parents=True, exist_ok=True)
        if not (path / "kg-store").exists():
            return _made(path, base)
        found = base_of(path)
        if found != base:
            raise StoreError(
                f"{path}: the store has the base {found}, not {base}; set that one, or give another --store"
            )
        store = ox.Store(str(path / "oxigraph"))
        if _loading(path).exists():
            store.clear()
            _loading(path).unlink()
        return store


def to_read(path: Path) -> ox.Store:
    """The store at `path`, as it was when it was opened.

    Raises:
        StoreError: if there is none, it has another format, or is damaged.
    """
    none = StoreError(f"{path}: there is no store here; build one with `kg build PATH --store {path}`")
    if not (path / "kg-store").is_file():
        raise none
    with told(path):
        base_of(path)
        if not (path / "oxigraph").is_dir():
            raise none
        if _loading(path).exists():
            raise StoreError(f"{path}: the store is being filled, or that was interrupted; let it end, or build again")
        return _opened(path / "oxigraph")


def _opened(place: Path) -> ox.Store:
    """Read only. A writer may put its files together anew just now: then they are looked for again."""
    for wait in (0.05, 0.1, 0.2):
        try:
            return ox.Store.read_only(str(place))
        except FAILURES as error:
            if "no such file" not in str(error).lower():
                raise
            time.sleep(wait)
    return ox.Store.read_only(str(place))


def alone(path: Path) -> ox.Store:
    """The store at `path` with nobody writing to it meanwhile; for reading only where it lies in a folder that cannot be written.

    Raises:
        StoreError: as for `to_read`, and if it is being written to.
    """
    to_read(path)
    if not os.access(path / "oxigraph", os.W_OK):
        return to_read(path)
    with told(path):
        return ox.Store(str(path / "oxigraph"))


def refuse_if_written(path: Path) -> None:
    """Raise StoreError if another process writes to the store at `path`, be it damaged."""
    try:
        ox.Store(str(path / "oxigraph"))
    except FAILURES as error:
        if any(words in str(error).lower() for words in _LOCKED):
            raise failure(path, error) from error


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Tells failures of the disk within the block as StoreErrors."""
    try:
        yield
    except FAILURES as error:
        raise failure(path, error) from error


@contextmanager
def filling(path: Path, store: ox.Store) -> Iterator[None]:
    """Fill the empty store at `path` in no transaction: all or nothing all the same, for one that is marked is emptied when it is opened."""
    _loading(path).touch()
    try:
        # To clear an empty store leaves marks that make joins half as slow again.
        if next(iter(store), None) is not None:
            store.clear()
        yield
        store.flush()
    except BaseException:
        store.clear()
        _loading(path).unlink()  # not where it could not be emptied: the mark stays until that is done
        raise
    _loading(path).unlink()


def _loading(path: Path) -> Path:
    return path / "loading"


def failure(path: Path, error: Exception) -> StoreError:
    """What an error of the operating system or of Oxigraph means, and what helps."""
    said = str(error)
    lower = said.replace(str(path), "").lower()
    if any(words in lower for words in _LOCKED):
        return StoreError(f"{path}: the store is being written to by another process; wait for it to end")
    if any(words in lower for words in _FULL):
        return StoreError(f"{path}: the disk is full; make room and run again, what was read is kept")
    if any(words in lower for words in _FORBIDDEN):
        return StoreError(f"{path}: no permission to use the store; change its rights, or give another with --store")
    if "no such file" in lower:  # a writer may put its files together anew under a reader
        return StoreError(
            f"{path}: a file of the store is gone ({said}); if a build is running try again, else {_REMEDY}"
        )
    return StoreError(f"{path}: the store is damaged ({said}); {_REMEDY}")


def _made(path: Path, base: str) -> ox.Store:
    """A new store. It is marked as one when it is whole, so that a kill before leaves none rather than half of one."""
    found = {p.name for p in path.iterdir() if not p.name.startswith(".kg-store.")}
    if found and "oxigraph" not in found:
        raise StoreError(f"{path}: the folder is not empty and holds no store; give another with --store")
    store = ox.Store(str(path / "oxigraph"))
    if next(iter(store), None) is not None:
        raise StoreError(
            f"{path}: the file kg-store is gone from the store; restore a backup, or write that file anew: "
            f"a line {FORMAT}, then a line with the base of its IRIs, {base} if it was never set"
        )
    # Renamed into place, so that an interruption leaves no half-written mark.
    draft = path / f".kg-store.{os.getpid()}"
    draft.write_text(f"{FORMAT}\n{base}\n", "utf-8")
    draft.replace(path / "kg-store")
    return store


def base_of(path: Path) -> str:
    """The base of the store, once its format is found to be ours."""
    lines = (path / "kg-store").read_text("utf-8", "replace").split("\n")
    if lines[0] != FORMAT or len(lines) < 2:
        raise StoreError(
            f"{path}: the store has format {lines[0]!r}, this version of kg reads {FORMAT!r}; delete the folder and build again"
        )
    return lines[1]
