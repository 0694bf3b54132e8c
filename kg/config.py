"""Settings: defaults, then `kg.toml` in the working directory (or `[tool.kg]` of its `pyproject.toml`), then `KG_*` in the environment,
then the command line.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

BASE = "https://w3id.org/aikg/"
_BASE = re.compile(r"(?:https?://[^\s<>\"{}|\\^`\x00-\x20/]+/|urn:[A-Za-z0-9-]+:)(?:[^\s<>\"{}|\\^`\x00-\x20]*[/#:])?")
_SWITCH = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What a run can be told."""

    store: Path = Path("graph.kg")
    base: str = BASE
    """IRI that documents, entities and claims begin with; ends in `/` or `#`."""
    min_confidence: float = 0.34
    """Claims and figures less likely than this are left out. Of the validation passages that are as sparse as real documents, claims have their best F1 there
    (mean of both languages)."""
    registry: tuple[Path, ...] = ()
    """Registry files of the user, on top of the package's own."""
    builtin_registry: bool = True
    workers: int = 0
    """Processes that read documents; 0 for one a core."""
    document_seconds: float = 120
    """Time for one document, beyond a second for each 1,000 characters of it; its process is ended then."""
    document_megabytes: int = 2048
    """Memory that a process which reads documents may take, the models included; 0 for no bound."""
    components: tuple[str, ...] = field(default=())
    """spaCy factories to run after those of kg, offered by installed packages."""


def config(folder: Path | None = None, environment: Mapping[str, str] | None = None) -> Config:
    """The settings that hold in `folder` (default: the working directory).

    Raises:
        DataError: for a file that is no TOML, an unknown key, or a value of the wrong kind, by name.
    """
    folder = folder or Path.cwd()
    made = Config()
    own, shared = folder / "kg.toml", folder / "pyproject.toml"
    if own.is_file():
        made = _set(made, _toml(own), str(own))
    elif shared.is_file() and (table := _toml(shared).get("tool", {}).get("kg")):
        made = _set(made, table, f"{shared} [tool.kg]")
    values = environment if environment is not None else os.environ
    told = {
        k.removeprefix("KG_").lower(): v
        for k, v in sorted(values.items())
        if k.startswith("KG_") and not k.startswith(("KG_STORE_", "KG_UPDATE_"))
    }
    return _set(made, told, "the environment")


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path}: not TOML ({error})") from error


def _set(config: Config, values: Mapping[str, Any], where: str) -> Config:
    known = {f.name for f in fields(Config)}
    if unknown := sorted(set(values) - known):
        raise DataError(f"{where}: unknown setting {', '.join(unknown)}; known are {', '.join(sorted(known))}")
    try:
        made = replace(config, **{k: _value(k, v) for k, v in values.items()})
    except (TypeError, ValueError) as error:
        raise DataError(f"{where}: {error}") from error
    if not _BASE.fullmatch(made.base):
        raise DataError(f"{where}: base {made.base!r} must be an absolute IRI that ends in / or #")
    for name in ("workers", "document_megabytes"):
        if getattr(made, name) < 0:
            raise DataError(f"{where}: {name} {getattr(made, name)} must not be negative")
    if not 0 < made.document_seconds < float("inf"):
        raise DataError(f"{where}: document_seconds {made.document_seconds} must be more than 0")
    if not 0 <= made.min_confidence <= 1:
        raise DataError(f"{where}: min_confidence {made.min_confidence} must be from 0 to 1")
    return made


def _value(name: str, value: Any) -> Any:
    if name == "store":
        return Path(value)
    if name in ("min_confidence", "document_seconds"):
        if isinstance(value, bool):
            raise ValueError(f"{name} must be a number")
        return float(value)
    if name in ("workers", "document_megabytes"):
        if isinstance(value, bool):
            raise ValueError(f"{name} must be a whole number")
        return int(value)
    if name in ("registry", "components"):
        some = [v for v in value.split(os.pathsep) if v] if isinstance(value, str) else value
        return tuple(Path(v) if name == "registry" else str(v) for v in some)
    if name == "builtin_registry":
        return _switch(name, value)
    if not isinstance(value, str):
        raise TypeError(f"{name} must be text, not {value!r}")
    return value


def _switch(name: str, value: Any) -> bool:
    told = str(value).lower()
    if told not in _SWITCH:
        raise ValueError(f"{name} must be one of {', '.join(_SWITCH)}, not {value!r}")
    return _SWITCH[told]
