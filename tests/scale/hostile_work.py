"""Work that does what hostile documents do to a process: imported by the processes under test, without any model."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import factory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.model import Document


def reader(config: object, threads: int) -> Callable[[Document], Iterator[Any]]:
    """Stands in for `kg.scale.batch._reader`."""
    return work


def work(document: Document) -> Iterator[Any]:
    match document.text.split(" ", 1):
        case ["hang"]:
            time.sleep(600)
        case ["spin"]:
            while True:
                pass
        case ["hog"]:
            hoard = [bytearray(1 << 26) for _ in range(1 << 8)]
            yield len(hoard)
        case ["crash"]:
            os.kill(os.getpid(), signal.SIGSEGV)
        case ["exit"]:
            os._exit(7)
        case ["once", place]:
            if not Path(place).exists():
                Path(place).touch()
                os.kill(os.getpid(), signal.SIGKILL)
    yield factory.reading(factory.document(name=document.id))


def works() -> Callable[[Document], Iterator[Any]]:
    return work


def numbers() -> Callable[[int], Iterator[int]]:
    return lambda job: iter(range(job))


def broken() -> Callable[[Any], Iterator[Any]]:
    raise ValueError("no such model")


def stillborn() -> Callable[[Any], Iterator[Any]]:
    os._exit(3)
