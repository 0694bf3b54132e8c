"""What an analysis gives: a table whose cells are text, numbers and entities, and the forms in which it is written."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import markup
from kg.ids import content_id
from kg.query import separated
from kg.store.terms import PREFIXES, literal

if TYPE_CHECKING:
    import networkx as nx
    import pyoxigraph as ox

FORMATS = ("table", "csv", "json", "markdown", "turtle")


@dataclass(frozen=True, slots=True)
class Ref:
    """An entity in a cell; as text it is its label."""

    iri: str
    label: str
    type: str

    def __str__(self) -> str:
        return self.label


Cell = Ref | str | float | int | None


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of an analysis. `about` says in a sentence what a row means."""

    name: str
    about: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __len__(self) -> int:
        return len(self.rows)

    def top(self, count: int) -> Table:
        """The first rows."""
        return Table(self.name, self.about, self.columns, self.rows[:count])

    def column(self, name: str) -> list[Cell]:
        """The cells of one column."""
        at = self.columns.index(name)
        return [row[at] for row in self.rows]

    def frame(self) -> list[dict[str, Cell]]:
        """The rows as dictionaries, as `pandas.DataFrame` takes them."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def _repr_html_(self) -> str:
        return markup.table(self.columns, ([text(c) for c in row] for row in self.rows), about=self.about)


def ref(graph: nx.MultiDiGraph, iri: str) -> Ref:
    """The entity `iri` of a graph as a cell."""
    node = graph.nodes[iri]
    return Ref(iri, " ".join(str(node.get("label") or iri).split()), str(node.get("type", "")))


def text(cell: Cell) -> str:
    """A cell as people read it: numbers to four significant digits, nothing for None."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.4g}" if abs(cell) < 1e4 else f"{cell:,.0f}"
    return " ".join(str(cell).split())


def formatted(table: Table, form: str) -> str:
    """The table as CSV (formulas disarmed), JSON, Markdown, or Turtle with an IRI for each row."""
    return {"csv": _csv, "json": _json, "markdown": _markdown, "turtle": _turtle}[form](table)


def _csv(table: Table) -> str:
    return separated([table.columns, *(["" if c is None else str(c) for c in row] for row in table.rows)])


def _json(table: Table) -> str:
    def plain(cell: Cell) -> object:
        return {"iri": cell.iri, "label": cell.label, "type": cell.type} if isinstance(cell, Ref) else cell

    rows = [{c: plain(v) for c, v in zip(table.columns, row, strict=True)} for row in table.rows]
    return json.dumps({"analysis": table.name, "about": table.about, "rows": rows}, ensure_ascii=False, indent=1) + "\n"


def _markdown(table: Table) -> str:
    def cell(value: Cell) -> str:
        # What Markdown or the HTML that it may hold would act on is spelled out.
        escaped = html.escape(text(value), quote=False)
        return "".join("\\" + c if c in "\\|*_[]`~!#" else c for c in escaped)

    lines = [f"| {' | '.join(cell(c) for c in table.columns)} |", "|" + " --- |" * len(table.columns)]
    lines += [f"| {' | '.join(cell(c) for c in row)} |" for row in table.rows]
    return "\n".join(lines) + "\n"


def triples(table: Table, home: str = PREFIXES["result"]) -> list[ox.Triple]:
    """A result a row, named by its content under the IRI `home`; its cells by column, entities by their own IRIs."""
    import pyoxigraph as ox

    def named(local: str) -> ox.NamedNode:
        return ox.NamedNode(PREFIXES["result"] + local.replace(" ", "_"))

    found = []
    for row in table.rows:
        node = ox.NamedNode(
            home + content_id("analysis", table.name, *(c.iri if isinstance(c, Ref) else c for c in row))
        )
        found.append(ox.Triple(node, ox.NamedNode(PREFIXES["rdf"] + "type"), named(table.name.capitalize())))
        for column, cell in zip(table.columns, row, strict=True):
            if cell is not None:
                found.append(
                    ox.Triple(node, named(column), ox.NamedNode(cell.iri) if isinstance(cell, Ref) else literal(cell))
                )
    return sorted(found, key=str)


def _turtle(table: Table) -> str:
    """RDF to load beside the graph."""
    import pyoxigraph as ox

    prefixes = {name: PREFIXES[name] for name in ("kg", "result")}
    return (ox.serialize(triples(table), format=ox.RdfFormat.TURTLE, prefixes=prefixes) or b"").decode("utf-8")
