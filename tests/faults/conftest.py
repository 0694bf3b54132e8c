"""A disk of its own for a test, small or read-only, where the machine lets us have one."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Disk:
    """A file system in memory."""

    def __init__(self, path: Path, options: str) -> None:
        self.path = path
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", path], check=True, capture_output=True)

    def change(self, options: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{options}", self.path], check=True, capture_output=True)

    def end(self) -> None:
        subprocess.run(["umount", "--lazy", self.path], check=False, capture_output=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A disk of 48 MB: an empty store takes 20 of them, for its first log."""
    if not shutil.which("mount"):
        pytest.skip("no mount on this machine")
    (tmp_path / "disk").mkdir()
    try:
        made = Disk(tmp_path / "disk", "size=48m")
    except (subprocess.CalledProcessError, OSError):
        pytest.skip("this user may not mount a disk in memory")
    yield made
    made.end()
