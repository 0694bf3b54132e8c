"""A page to print or to mail: what the graph knows of one entity, or of everything. No script, nothing from outside.

Each statement carries the number of its source; the list of sources at the end quotes the words.
"""

from __future__ import annotations

import base64
import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from kg.analyse.analyses import analyse
from kg.analyse.measures import pagerank
from kg.analyse.paths import ego, find, surest
from kg.analyse.questions import SAID, claims, status
from kg.analyse.questions import surest as merged
from kg.analyse.table import Ref, Table
from kg.errors import KgError
from kg.report.figures import figure
from kg.report.picture import DARK, MOST, legend, picture
from kg.report.words import TEMPLATE, Words, plain
from kg.text import fold
from kg.vocabulary import PREDICATES

if TYPE_CHECKING:
    from collections.abc import Iterable

    import networkx as nx

    from kg.analyse.table import Cell

    Row = dict[str, Any]

LANGUAGES = ("zh", "en")
ROWS = 20
"""Rows of a table; the others are counted."""
_WHOLE = ("leaderboard", "capital", "exposure", "chokepoints", "interlocks", "alumni")


def render(graph: nx.MultiDiGraph, name: str | None = None, *, min_confidence: float = 0.5, lang: str = "en") -> str:
    """The report on an entity given by name, or on the whole graph, as one HTML text. The same graph gives the same text.

    Raises:
        KgError: if there is no such entity or language.
    """
    if lang not in LANGUAGES:
        raise KgError(f"{lang}: reports are written in {' and '.join(LANGUAGES)}")
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    style = (TEMPLATE / "report.css").read_text("utf-8") + DARK
    centre = find(graph, name) if name is not None else None
    sure = surest(graph, min_confidence)
    if centre is not None and centre not in sure:
        sure.add_node(centre, **graph.nodes[centre])
    for node in sure.nodes.values():  # analyses name entities by their label; here in the language of the report
        node["label"] = node.get(f"label_{lang}") or node["label"]
    page = _Report(sure, lang, min_confidence)
    values = page.whole() if centre is None else page.entity(centre)
    frame = Environment(loader=FileSystemLoader(TEMPLATE), autoescape=True, undefined=StrictUndefined)
    return frame.get_template("report.html").render(
        lang=lang,
        words=page.words,
        style=style,
        style_hash=f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}",
        confidence=f"{min_confidence:g}",
        legend=page.legend,
        sources=page.sources,
        **values,
    ).encode("utf-8", "replace").decode("utf-8")  # fmt: skip


class _Report:
    """Collects the parts; every citation adds its source to the list once."""

    def __init__(self, graph: nx.MultiDiGraph, lang: str, min_confidence: float) -> None:
        self.graph, self.lang, self.terms = graph, lang, Words(lang)
        self.words = self.terms.of
        self.least = min_confidence
        self.label = f"label_{lang}"
        self.sources: list[Row] = []
        self.legend: list[Row] = []
        self._numbers: dict[tuple[str, str], int] = {}
        self._titles = {str(d.get("document")): str(d.get("title")) for _, _, d in graph.edges(data=True)}

    def name(self, iri: str) -> str:
        node = self.graph.nodes[iri]
        return " ".join(str(node.get(self.label) or node["label"]).split())

    def detail(self, data: Row) -> str:
        """What narrows a claim, in the words of the report."""
        said = [str(data[k]) for k in ("role", "value", "amount", "holds_on") if data.get(k)]
        said += [self.words[k].format(data[k]) for k in ("since", "until") if data.get(k)]
        return ("、" if self.lang == "zh" else ", ").join(
            [*said, *([self.words.get(status(data), status(data))] if status(data) else [])]
        )

    def cite(self, said: Row) -> int:
        """The number of a source: a sentence in a document."""
        quote, document = plain(str(said.get("quote") or "")), str(said.get("document") or "")
        if (quote, document) not in self._numbers:
            self._numbers[quote, document] = len(self.sources) + 1
            title, path = str(said.get("title") or document), str(said.get("path") or document)
            self.sources.append({"quote": quote, "title": title, "path": path, "date": said.get("date")})
        return self._numbers[quote, document]

    def entity(self, centre: str) -> Row:
        node, part = self.graph.nodes[centre], ego(self.graph, centre)
        own = merged_claims(part, centre)
        facts = self._facts(own, centre)
        figures = [
            {
                "metric": self.terms.metric(str(o["metric"])),
                "value": figure(float(o["value"]), o.get("unit"), self.lang),
                "period": o.get("period"),
                "source": self.cite(o),
            }
            for o in node.get("observations") or ()
            if float(o.get("confidence", 1)) >= self.least
        ]
        title, timeline = self.name(centre), self._timeline(own)
        other = " ".join(str(node.get(f"label_{'en' if self.lang == 'zh' else 'zh'}") or "").split())
        kind = str(node["type"])
        documents = {d.get("document") for _, _, d in own}
        counted = [(len(own), self.words["claims"]), (len(documents), self.words["documents"])]
        return {
            "whole": False, "title": title, "other": other if other != title else "", "kind": self.terms.type_word(kind),
            "names": _others(node.get("names") or (), title, other)[:12], "counts": counted, "facts": facts, "figures": figures,
            "timeline": timeline, "picture": self._picture(part, centre), "tables": self._tables_about(centre),
        }  # fmt: skip

    def whole(self) -> Row:
        documents = {d.get("document") for _, _, d in self.graph.edges(data=True)}
        counted = [
            (len(self.graph), self.words["entities"]),
            (self.graph.number_of_edges(), self.words["claims"]),
            (len(documents), self.words["documents"]),
        ]
        central = self._table(self.words["central"], analyse(self.graph, "pagerank").top(15), left=False)
        groups = self._table(self.words["communities"], analyse(self.graph, "communities").top(12), left=False)
        tables = [central, groups, *(self._table(self.words[n], analyse(self.graph, n)) for n in _WHOLE)]
        timeline = self._timeline([c for c in every_claim(self.graph) if c[2].get("holds_on")])[-ROWS:]
        return {
            "whole": True, "title": self.words["overview"], "other": "", "kind": "", "names": [], "counts": counted, "facts": [], "figures": [],
            "timeline": timeline, "picture": self._picture(self.graph, None), "tables": [t for t in tables if t["rows"]],
        }  # fmt: skip

    def _facts(self, own: list[Any], centre: str) -> list[Row]:
        groups: dict[tuple[str, bool], list[tuple[str, Row]]] = defaultdict(list)
        for s, o, data in own:
            forward = s == centre
            symmetric = data["predicate"] in PREDICATES and PREDICATES[data["predicate"]].symmetric
            groups[data["predicate"], forward or symmetric].append((self.name(o if forward else s), data))
        order = sorted(groups, key=lambda g: (not g[1], -len(groups[g]), g[0]))
        return [  # cited in this order, so that sources are numbered as they are read
            {
                "word": self.terms.word(p),
                "forward": forward,
                "rows": [
                    {"other": other, "detail": self.detail(d), "source": self.cite(d)}
                    for other, d in groups[p, forward]
                ],
            }
            for p, forward in order
        ]

    def _timeline(self, own: list[Any]) -> list[Row]:
        by_date: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for s, o, data in own:
            if date := data.get("holds_on") or data.get("date"):
                by_date[str(date)].append(
                    (f"{self.name(s)} · {self.terms.word(data['predicate'])} · {self.name(o)}", self.cite(data))
                )
        rows = [{"date": date, "said": list(dict.fromkeys(said))[:8]} for date, said in sorted(by_date.items())]
        return rows if len(rows) > 1 else []

    def _picture(self, part: nx.MultiDiGraph, centre: str | None) -> str:
        part = part.copy()
        part.remove_nodes_from([n for n in list(part) if part.degree(n) == 0])
        if len(part) > MOST:
            ranks = pagerank(part.to_undirected(as_view=False))
            kept = sorted(part, key=lambda n: (n != centre, -ranks[n], n))[:MOST]
            part = part.subgraph(sorted(kept)).copy()
            part.remove_nodes_from([n for n in list(part) if part.degree(n) == 0])
        if len(part) < 2:
            return ""
        self.legend = legend((str(k) for _, k in part.nodes(data="type")), self.terms.type_word)
        return picture(part, self.label)

    def _tables_about(self, centre: str) -> list[Row]:
        """The analyses that have a row about the entity, of these rows alone; of a maker those about what it develops too."""
        mine = {centre, *(o for _, o, d in self.graph.out_edges(centre, data=True) if d["predicate"] == "develops")}
        found = []
        for what in _WHOLE:
            table = analyse(self.graph, what)
            if what == "chokepoints":
                continue
            rows = tuple(r for r in table.rows if any(isinstance(c, Ref) and c.iri in mine for c in r))
            found.append(self._table(self.words[what], Table(what, table.about, table.columns, rows)))
        found.insert(0, self._table(self.words["dependents"], analyse(self.graph, "dependents", centre)))
        return [t for t in found if t["rows"]]

    def _table(self, title: str, table: Table, *, left: bool = True) -> Row:
        hidden = {*SAID, "value", "currency", "score", "parts the chain"}
        kept = [c for c in table.columns if c not in hidden]
        cited = "evidence" in table.columns
        rows = []
        for row in table.top(ROWS).frame():
            said = {"quote": row.get("evidence"), "document": row.get("document"), "date": row.get("date")}
            if isinstance(value := row.get("value"), float) and row.get("currency"):
                row["amount"] = figure(value, str(row["currency"]), self.lang)
            cells = [{"text": self._cell(row[c]), "number": isinstance(row[c], int | float)} for c in kept]
            rows.append({"cells": cells, "source": self.cite(self._titled(said)) if cited else None})
        columns = [
            {
                "word": self.terms.column(c),
                "number": all(isinstance(v, int | float) for v in table.column(c)),
            }
            for c in kept
        ]
        return {
            "title": title,
            "columns": columns,
            "rows": rows,
            "cited": cited,
            "left": max(len(table) - ROWS, 0) if left else 0,
        }

    def _cell(self, cell: Cell) -> str:
        return self.name(cell.iri) if isinstance(cell, Ref) else self.terms.cell(cell)

    def _titled(self, said: Row) -> Row:
        return {**said, "title": self._titles.get(str(said["document"]), said["document"])}


def _others(names: Iterable[str], *told: str) -> list[str]:
    """Names beside those told; one in another case or width is no other name."""
    known = dict.fromkeys(map(fold, told), "")
    for name in names:
        known.setdefault(fold(name), name)
    return [name for name in known.values() if name]


def merged_claims(graph: nx.MultiDiGraph, centre: str) -> list[Any]:
    """The surest claim of each predicate and other entity, for all claims that the entity is part of."""
    return [c for c in every_claim(graph) if centre in c[:2]]


def every_claim(graph: nx.MultiDiGraph) -> list[Any]:
    """The surest claim of each predicate and pair of entities."""
    kinds = sorted({d["predicate"] for _, _, d in graph.edges(data=True)})
    return [c for predicate in kinds for c in merged(claims(graph, predicate))]
