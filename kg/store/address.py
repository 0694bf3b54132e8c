"""Where a store of the user's own is: its endpoints, and the folder that mirrors it here. `--store` takes its address for that folder."""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kg.errors import StoreError
from kg.ids import content_id


@dataclass(frozen=True, slots=True)
class Address:
    """The endpoints of a server: of queries, of updates, of the Graph Store Protocol (empty where it has none)."""

    query: str
    update: str
    data: str

    @property
    def prints_six_digits(self) -> bool:
        """Whether it is Virtuoso, which compiles updates into SQL (with a limit of length) and prints doubles with six digits."""
        return "/sparql-graph-crud" in self.data


def place(store: str | Path) -> Path:
    """The folder to work in: of a store that is given by its address its mirror, else `store` itself.

    Raises:
        StoreError: if the address holds a password, or is none.
    """
    text = str(store)
    if not re.match("https?:/", text):
        return Path(store)
    url = re.sub("^(https?):/+", r"\1://", text)  # a Path keeps one slash of two
    try:
        parts = urlsplit(url)
        named = f"{parts.hostname}-{parts.port or parts.scheme}"
    except ValueError:
        raise StoreError("--store: this is no address; write http://HOST:PORT/PATH") from None
    if "@" in parts.netloc:
        raise StoreError("--store: no name and password in an address; set KG_STORE_USER and KG_STORE_PASSWORD")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kg"
    folder = cache / f"{re.sub('[^a-z0-9.-]', '-', named)}-{content_id(url)}"
    try:
        cache.mkdir(parents=True, exist_ok=True)
        _file(folder).write_text(json.dumps(asdict(_endpoints(url))), "utf-8")
    except OSError as error:
        raise StoreError(f"{cache}: the mirror of the store cannot be kept here ({error.strerror})") from error
    return folder


def of(folder: Path) -> Address | None:
    """The address of the store that `folder` mirrors, if it is a mirror."""
    file = _file(folder)
    return Address(**json.loads(file.read_text("utf-8"))) if file.is_file() else None


def _file(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.address.json")


def _endpoints(url: str) -> Address:
    """By the paths that products use; KG_STORE_UPDATE and KG_STORE_DATA outrank them."""
    update, data = _usual(url)
    return Address(url, os.environ.get("KG_STORE_UPDATE", update), os.environ.get("KG_STORE_DATA", data))


def _usual(url: str) -> tuple[str, str]:
    root, _, last = url.rpartition("/")
    deep = bool(urlsplit(root).path)
    if last == "query" and not deep:  # Oxigraph
        return f"{root}/update", f"{root}/store"
    if last in ("query", "sparql") and deep:  # Jena Fuseki: a data set is a folder
        return f"{root}/update", f"{root}/data"
    if root.endswith("/repositories"):  # GraphDB, RDF4J
        return f"{url}/statements", f"{url}/rdf-graphs/service"
    if last == "sparql" and (urlsplit(url).hostname or "").endswith(".neptune.amazonaws.com"):
        return url, f"{url}/gsp/"
    if last == "sparql":  # Virtuoso
        closed = "-auth" if os.environ.get("KG_STORE_USER") else ""
        return f"{root}/sparql{closed}", f"{root}/sparql-graph-crud{closed}"
    return url, ""
