"""A copy of a store in one file, to be read by any version and on any machine: a zip of N-Quads, decisions, and what they must come to."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.errors import DataError, StoreError
from kg.resolve import decisions
from kg.store import address, folder, remote

if TYPE_CHECKING:
    from pathlib import Path
_VERSION = "kg-backup 1"
_BROKEN = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, EOFError, SyntaxError, NotImplementedError)
"""What a file that is no backup, or not whole, brings about in those who read it."""
_QUADS, _DECISIONS, _MANIFEST = "quads.nq", "decisions.jsonl", "manifest.json"


@dataclass(frozen=True, slots=True)
class Kept:
    """What a backup holds."""

    quads: int
    decisions: int


class _Counted:
    """A stream that knows how many lines went through it, and their sha256."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._digest, self.lines = stream, hashlib.sha256(), 0

    def _seen(self, data: bytes) -> None:
        self._digest.update(data)
        self.lines += data.count(b"\n")

    def write(self, data: bytes) -> int:
        self._seen(data)
        return self._stream.write(data)

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._seen(data)
        return data

    def flush(self) -> None:
        self._stream.flush()

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


def save(path: Path, file: Path) -> Kept:
    """Write the store at `path` and its decisions to `file`, which appears when it is whole. The same content gives the same bytes.

    Raises:
        StoreError: if the store cannot be read, is being written to, or `file` cannot be written.
    """
    if mirror := remote.of(path):
        mirror.pull()
    store = folder.alone(path)
    base = folder.base_of(path)
    made = decisions.path_of(path)
    decided = made.read_bytes() if made.exists() else b""
    draft = file.with_name(f".{file.name}.draft")
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            with archive.open(_entry(_QUADS), "w", force_zip64=True) as out:
                counted = _Counted(out)
                with folder.told(path):
                    _dump(store, counted)
            manifest = {"format": _VERSION, "base": base, "quads": counted.lines, "sha256": counted.sha256}
            archive.writestr(_entry(_DECISIONS), decided)
            archive.writestr(_entry(_MANIFEST), json.dumps(manifest, indent=1) + "\n")
        _sync(draft)
        draft.replace(file)
    except OSError as error:
        raise StoreError(f"{file}: the backup cannot be written ({error.strerror or error})") from error
    finally:
        draft.unlink(missing_ok=True)
    return Kept(counted.lines, len(decided.splitlines()))


def _dump(store: ox.Store, out: Any) -> None:
    before = out.lines
    store.dump(out, ox.RdfFormat.N_QUADS)
    if out.lines - before != len(store):
        raise OSError(f"{out.lines - before} of {len(store)} quads could be read")


def _entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)  # with the date of the format's birth rather than today's
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def restore(file: Path, path: Path, *, replace: bool = False) -> tuple[Kept, Path | None]:
    """Make the store at `path` from a backup; what it holds, and the place of the store that was there. Nothing is changed before all is read.

    Raises:
        DataError: if `file` is no backup, or damaged.
        StoreError: if there is a store and `replace` is false, or it is being written to, or the new one cannot be written.
    """
    if address.of(path):
        raise StoreError(
            "--store: a backup is restored into a folder; then `kg merge FOLDER --store ADDRESS` fills a server"
        )
    if path.exists() and not replace:
        raise StoreError(f"{path}: there is something here; give another --store, or --replace to put it aside")
    folder.refuse_if_written(path)
    draft = path.with_name(f".{path.name}.restoring")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        kept, decided = _unpacked(file, draft)
        aside = _put_aside(path, decided)
        if decided:
            decisions.path_of(path).write_bytes(decided)
        draft.replace(path)
    except OSError as error:
        raise StoreError(f"{path}: {file} cannot be restored here ({error.strerror or error})") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return kept, aside


def _unpacked(file: Path, draft: Path) -> tuple[Kept, bytes]:
    """Load the quads into a store at `draft`; what there is, and the decisions."""
    if not file.is_file():
        raise DataError(f"{file}: there is no such file")
    broken = f"{file}: this is no backup of kg, or it is damaged"
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = json.loads(archive.read(_MANIFEST))
            if manifest["format"] != _VERSION:
                raise DataError(f"{file}: this version of kg reads {_VERSION!r}, not {manifest['format']!r}")
            with folder.told(draft):
                store = folder.to_write(draft, ox.NamedNode(manifest["base"]).value)
            with archive.open(_QUADS) as raw:
                counted: Any = _Counted(raw)
                store.bulk_load(counted, ox.RdfFormat.N_QUADS)
                while counted.read(1 << 20):
                    pass
            store.flush()
            decided = archive.read(_DECISIONS)
            wanted = (manifest["quads"], manifest["sha256"])
    except _BROKEN as error:
        raise DataError(f"{broken} ({error})") from error
    if (counted.lines, counted.sha256) != wanted:
        raise DataError(f"{broken} (its content is not what its manifest says)")
    return Kept(counted.lines, len(decided.splitlines())), decided


def _put_aside(path: Path, decided: bytes) -> Path | None:
    """Rename a store and its decisions, so that nothing is lost; its new place."""
    made = decisions.path_of(path)
    differ = made.exists() and made.read_bytes() != decided
    if not (path.exists() or differ):
        return None
    number = 1
    while (kept := path.with_name(f"{path.name}.before-{number}")).exists() or decisions.path_of(kept).exists():
        number += 1
    if path.exists():
        path.replace(kept)
    if made.exists():
        made.replace(decisions.path_of(kept))
    return kept


def _sync(file: Path) -> None:
    with file.open("rb+") as written:
        os.fsync(written.fileno())
