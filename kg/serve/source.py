"""The store that is served, opened anew when a build has changed it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from kg.store.graph import View

if TYPE_CHECKING:
    from pathlib import Path

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
        self._seen = self.state()
        self._view = View(path)

    def state(self) -> tuple[tuple[str, int, int], ...]:
        """Differs when the store was written to."""
        found = []
        with os.scandir(
            self.path / "oxigraph"
        ) as files:  # each query asks: a Path for each file would take as long as a lookup
            for file in files:
                if any(part in file.name for part in _WRITTEN):
                    stat = file.stat()
                    found.append((file.name, stat.st_size, stat.st_mtime_ns))
        return tuple(sorted(found))

    @property
    def view(self) -> View:
        state = self.state()
        if state != self._seen:
            self._view, self._seen = View(self.path), state
        return self._view
