"""Writes a graph as one HTML page that needs nothing else: no server, no network, no second file.

Names and sentences come from documents and are hostile: they travel as one JSON block in which no `<` is left, the
script makes text nodes of them, and the page's own policy lets no script run but the ones inlined here, known by
their hashes.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import KgError
from kg.view.content import content

if TYPE_CHECKING:
    import networkx as nx

TEMPLATE = Path(__file__).parent / "template"
SCRIPTS = ("model.js", "draw.js", "panel.js", "page.js")
LANGUAGES = ("zh", "en")
LARGE = 1_000_000
"""From so many characters on, the data of a page is compressed."""
_UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


def render(graph: nx.MultiDiGraph[str], *, title: str = "", lang: str | None = None, pages: str | None = None) -> str:
    """The page of a graph as made by `kg.analyse.network`. `lang` is `zh` or `en`; without it the browser's language
    decides, without `title` the page is called in the language of its reader. With `pages`, the root of `kg serve`, it leads to the pages
    there. The same graph gives the same text.
    """
    if lang not in (None, *LANGUAGES):
        raise KgError(
            f"{lang}: the page speaks {' and '.join(LANGUAGES)}; choose one of them, or none to follow the browser"
        )
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    words = (TEMPLATE / "words.json").read_text(encoding="utf-8")
    vis, script, style = _parts()
    page = Environment(loader=FileSystemLoader(TEMPLATE), autoescape=True, undefined=StrictUndefined).get_template(
        "page.html"
    )
    return page.render(
        lang=lang or "en",
        title=title.encode(errors="replace").decode() or "Knowledge graph",
        policy=policy(),
        pages=pages,
        style=style,
        vis=vis,
        script=script,
        words=json_block(json.loads(words)),
        **_packed(json_block(content(graph, title=title, lang=lang) | ({} if pages is None else {"pages": pages}))),
    )


def write(graph: nx.MultiDiGraph[str], path: str | Path, *, title: str = "", lang: str | None = None) -> None:
    """Writes `render` to a file, in UTF-8 whatever the machine's own encoding."""
    text = render(graph, title=title, lang=lang)
    try:
        Path(path).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise KgError(f"{path}: the page cannot be written ({error.strerror}); name another file with -o") from error


def json_block(value: object) -> str:
    """JSON that can stand inside a script element: nothing in it ends the element, opens a comment or breaks a line."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _packed(data: str) -> dict[str, str]:
    """The data of a large graph compressed, which the browser's own gzip undoes; a small one stays as it is, to be read by people."""
    if len(data) < LARGE:
        return {"data": data, "data_type": "application/json"}
    packed = gzip.compress(data.encode("utf-8"), 9, mtime=0)
    return {"data": base64.b64encode(packed).decode(), "data_type": "application/gzip"}


@lru_cache(maxsize=1)
def policy() -> str:
    """The Content-Security-Policy of every page: nothing is loaded from anywhere, only these scripts run, only this style applies."""
    vis, script, style = _parts()
    hashes = " ".join(_source_hash(text) for text in (vis, script))
    return (
        f"default-src 'none'; script-src {hashes}; style-src {_source_hash(style)}; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def _parts() -> tuple[str, str, str]:
    """The graph library, the page's own script, its style."""
    own = "".join((TEMPLATE / name).read_text(encoding="utf-8") for name in SCRIPTS)
    script = f"(async () => {{\n'use strict';\n{own}}})();\n"
    return _vis_network(), script, (TEMPLATE / "page.css").read_text(encoding="utf-8")


def _vis_network() -> str:
    """The vis-network that pyvis brings along, without the pointer to a source map, which a browser might ask for."""
    import pyvis

    found = sorted((Path(pyvis.__file__).parent / "lib").glob("vis-*/vis-network.min.js"))
    if not found:
        raise KgError("pyvis holds no vis-network.min.js: install pyvis anew (`pip install --force-reinstall pyvis`)")
    code = found[-1].read_text(encoding="utf-8")
    return re.sub(r"\n?//# sourceMappingURL=\S*", "", code)


def _source_hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
