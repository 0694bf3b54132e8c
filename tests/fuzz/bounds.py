"""Bounds of a case of fuzzing that runs in the process of the tests, where no other process watches it."""

from __future__ import annotations

import faulthandler
import resource
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS, MEGABYTES = 60, 2048


@contextmanager
def bounded() -> Iterator[None]:
    """A case that hangs ends the process and shows where; the most memory that the process ever had is compared afterwards."""
    faulthandler.dump_traceback_later(SECONDS, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < MEGABYTES << 10
