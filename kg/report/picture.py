"""A small graph as an inline SVG: the places of the interactive page, labels where there is room."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from kg.store.terms import clean
from kg.text import has_han
from kg.view.layout import place, radius
from kg.view.palette import LOOKS, OTHER

if TYPE_CHECKING:
    import networkx as nx

    Box = tuple[float, float, float, float]

DARK = f"@media (prefers-color-scheme: dark) {{ {' '.join(f'.{name} {{ fill: {look.dark}; }}' for name, look in LOOKS.items())} }}\n"
"""Style rules for drawings and legends: the colours of types on a dark page."""
_NARROW, _WIDE = "iljtfrI1 .,:;'|!()[]-·", "mwMW@%OQG—…"
WIDTH, MOST = 860.0, 60
"""Width of the drawing in its own units, and how many entities it can hold and still be read."""


def picture(graph: nx.MultiDiGraph, label: str) -> str:
    """An SVG element. `label` is the attribute of nodes that names them; the most connected get their label first."""
    positions = place(graph).positions
    left, right = min(x for x, _ in positions.values()), max(x for x, _ in positions.values())
    top, bottom = min(y for _, y in positions.values()), max(y for _, y in positions.values())
    scale = min((WIDTH - 220) / max(right - left, 1), 1.2)
    height = (bottom - top) * scale + 90
    shift = (WIDTH - (right - left) * scale) / 2
    at = {n: ((x - left) * scale + shift, (y - top) * scale + 40) for n, (x, y) in positions.items()}
    size = {n: max(radius(len({*graph.succ[n], *graph.pred[n]} - {n})) * min(scale, 0.7), 4.5) for n in graph}
    svg = ET.Element("svg", viewBox=f"0 0 {WIDTH:.0f} {height:.0f}", role="img")
    for a, b in sorted({(min(s, o), max(s, o)) for s, o in graph.edges() if s != o}):
        ends = (f"{v:.1f}" for v in (*at[a], *at[b]))
        ET.SubElement(svg, "line", dict(zip(("x1", "y1", "x2", "y2"), ends, strict=True)))
    order = sorted(graph, key=lambda n: (-size[n], n))
    for n in reversed(order):
        kind = graph.nodes[n]["type"] if graph.nodes[n]["type"] in LOOKS else ""
        look = LOOKS.get(kind, OTHER)
        move = f"translate({at[n][0]:.1f} {at[n][1]:.1f}) scale({size[n]:.1f})"
        shape = ET.SubElement(
            svg,
            "path",
            {"d": look.path, "fill": look.light, "class": kind, "fill-rule": "evenodd", "transform": move},
        )
        ET.SubElement(shape, "title").text = clean(_one_line(graph.nodes[n][label] or n))
    _labels(svg, {n: clean(_one_line(graph.nodes[n][label] or n)) for n in order}, at, size, height)
    return ET.tostring(svg, encoding="unicode")


def _one_line(text: str) -> str:
    words = " ".join(str(text).split())
    return words if len(words) <= 28 else words[:27] + "…"


def _labels(
    svg: ET.Element, names: dict[str, str], at: dict[str, tuple[float, float]], size: dict[str, float], height: float
) -> None:
    taken: list[Box] = [(x - size[n], y - size[n], x + size[n], y + size[n]) for n, (x, y) in at.items()]
    for n, name in names.items():
        x, y = at[n]
        wide, gap = _width(name) + 4, size[n] + 3
        spots = ((x - wide / 2, y + gap), (x - wide / 2, y - gap - 15), (x + gap, y - 8), (x - gap - wide, y - 8))
        for left, top in spots:
            box = (left, top, left + wide, top + 15)
            inside = box[0] >= 0 and box[2] <= WIDTH and box[1] >= 0 and box[3] <= height
            if inside and not any(_hit(box, other) for other in taken):
                taken.append(box)
                where = {"x": f"{left + 2:.1f}", "y": f"{top + 12:.1f}", "font-size": "12.5"}
                ET.SubElement(svg, "text", where).text = name
                break


def _width(name: str) -> float:
    """About how wide a label is, in a wide font: a drawing is read with whatever fonts its reader has."""
    return sum(
        12.8
        if has_han(c) or ord(c) > 0x2FFF
        else 5.2
        if c in _NARROW
        else 12.4
        if c in _WIDE
        else 9.2
        if c.isupper()
        else 7.9
        for c in name
    )


def _hit(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
