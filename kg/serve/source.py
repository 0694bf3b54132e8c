"""The store that is served, opened anew when a build has changed it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from kg.store.graph import View

_WRITTEN = ("CURRENT", "MANIFEST", ".log")
"""Parts of the names of the files that change with every write."""


class Source:
    """Gives the view of a store as it is now.

    Raises:
        StoreError: if there is no store at `path`, or it is damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        View(path)  # tells what is missing or damaged
        self._place, self._made, self._files = path / "oxigraph", 0, list[Path]()
        self._seen = self.state()
        self._view = View(path)

    def state(self) -> tuple[tuple[str, int, int], ...]:
        """Differs when the store was written to: a file that changes with every write has grown, or there are other files."""
        made = self._place.stat().st_mtime_ns
        if made != self._made:
            self._files = sorted(f for f in self._place.iterdir() if any(part in f.name for part in _WRITTEN))
            self._made = made
        found = [("", 0, made)]
        for file in self._files:
            with suppress(FileNotFoundError):  # the folder has changed then, which the next look tells
                stat = file.stat()
                found.append((file.name, stat.st_size, stat.st_mtime_ns))
        return tuple(found)

    @property
    def view(self) -> View:
        state = self.state()
        if state != self._seen:
            self._view, self._seen = View(self.path), state
        return self._view
