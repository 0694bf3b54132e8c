"""Trained weights in files: arrays and lists of texts in one `.npz`, no pickle."""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from numpy.typing import NDArray

_Made = TypeVar("_Made")


def shipped(package: str, name: str, read: Callable[[Path], _Made]) -> _Made | None:
    """What `read` makes of the weights `name` of a package; None where it was built without them."""
    found = files(package).joinpath("weights", name)
    if not (found.is_file() or found.is_dir()):
        return None
    with as_file(found) as path:
        return read(path)


def load(path: Path) -> dict[str, NDArray[Any]]:
    """The arrays of a file, by name."""
    with np.load(path, allow_pickle=False) as data:
        return dict(data)


def save(path: Path, **arrays: Any) -> None:
    """Write arrays as `load` loads them; texts are packed before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, **arrays)


def packed(texts: Iterable[str]) -> NDArray[np.uint8]:
    """Texts without line breaks as an array of bytes."""
    return np.frombuffer("\n".join(texts).encode("utf-8"), dtype=np.uint8)


def unpacked(array: NDArray[np.uint8]) -> list[str]:
    """The texts that `packed` packed."""
    return array.tobytes().decode("utf-8").split("\n")


def numbered(array: NDArray[np.uint8]) -> dict[str, int]:
    """Packed texts, each with its number."""
    return {text: number for number, text in enumerate(unpacked(array))}
