"""A small graph as an inline SVG: the places of the interactive page, labels where there is room."""

from __future__ import annotations

from math import atan2, degrees, hypot
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from kg.store.terms import clean
from kg.text import has_han
from kg.view.layout import place, radius
from kg.view.palette import LOOKS, OTHER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import networkx as nx

    from kg.view.layout import Layout

    Point = tuple[float, float]
    Box = tuple[float, float, float, float]

DARK = f"@media (prefers-color-scheme: dark) {{ {' '.join(f'.{name} {{ fill: {look.dark}; }}' for name, look in LOOKS.items())} }}\n"
"""Style rules for drawings and legends: the colours of types on a dark page."""
_NARROW, _WIDE = "iljtfrI1 .,:;'|!()[]-·", "mwMW@%OQG—…"
WIDTH, NARROW, MOST = 860.0, 380.0, 60
"""Width of the drawing in its own units, on a desk and on a phone, and how many entities it can hold and still be read."""
_LONG = 28
"""Characters of a label."""
_RIM = 5
"""How much wider than its shape the circle is that leads to an entity."""


def picture(
    graph: nx.MultiDiGraph,
    label: str,
    *,
    width: float = WIDTH,
    places: Layout | None = None,
    about: str = "",
    link: Callable[[str], str] | None = None,
    word: Callable[[str], str] | None = None,
) -> str:
    """An SVG element. `label` is the attribute of nodes that names them; the most connected get their label first. `about` says what it
    shows to those who do not see it. With `link` entities lead to its addresses, with `word` ties are arrows that carry the words for their
    predicates, where there is room.
    """
    slim = width < WIDTH
    positions = {n: (y, x * 1.5) if slim else (x, y) for n, (x, y) in (places or place(graph)).positions.items()}
    left, right = min(x for x, _ in positions.values()), max(x for x, _ in positions.values())
    top, bottom = min(y for _, y in positions.values()), max(y for _, y in positions.values())
    scale = min((width - (110 if slim else 220)) / max(right - left, 1), 1.2)
    height = (bottom - top) * scale + 90
    shift = (width - (right - left) * scale) / 2
    at = {n: ((x - left) * scale + shift, (y - top) * scale + 40) for n, (x, y) in positions.items()}
    size = {n: max(radius(len({*graph.succ[n], *graph.pred[n]} - {n})) * min(scale, 0.7), 4.5) for n in graph}
    # What has links within is no image to those who do not see it, but a group.
    named = {"role": "group" if link else "img"} | ({"aria-label": about} if about else {})
    svg = ET.Element("svg", {"viewBox": f"0 0 {width:.0f} {height:.0f}", **named})
    for a, b in sorted({(min(s, o), max(s, o)) for s, o in graph.edges() if s != o}):
        ends = (f"{v:.1f}" for v in (*at[a], *at[b]))
        ET.SubElement(svg, "line", dict(zip(("x1", "y1", "x2", "y2"), ends, strict=True)))
    order = sorted(graph, key=lambda n: (-size[n], n))
    names = {n: clean(_one_line(graph.nodes[n][label] or n, 16 if slim else _LONG)) for n in order}
    room = _Room(width, height, at, size)
    labels = {n: room.beside(n, name) for n, name in names.items()}
    if word:
        _ties(svg, graph, word, at, size, room)
    for n in reversed(order):
        kind = graph.nodes[n]["type"] if graph.nodes[n]["type"] in LOOKS else ""
        look = LOOKS.get(kind, OTHER)
        move = f"translate({at[n][0]:.1f} {at[n][1]:.1f}) scale({size[n]:.1f})"
        home = svg
        if link:
            home = ET.SubElement(svg, "a", href=link(n))
            # Pointers hit all of the shape, where it has a hole too, and fingers a rim around it.
            reach = {"cx": f"{at[n][0]:.1f}", "cy": f"{at[n][1]:.1f}", "r": f"{size[n] + _RIM:.1f}"}
            ET.SubElement(home, "circle", {**reach, "fill": "none", "pointer-events": "all"})
        shape = ET.SubElement(
            home,
            "path",
            {"d": look.path, "fill": look.light, "class": kind, "fill-rule": "evenodd", "transform": move},
        )
        ET.SubElement(shape, "title").text = clean(_one_line(graph.nodes[n][label] or n))
        if link:
            home.set("aria-label", clean(" ".join(str(graph.nodes[n][label] or n).split())))
            _write(home, labels[n], names[n])
    if not link:
        for n in order:
            _write(svg, labels[n], names[n])
    return ET.tostring(svg, encoding="unicode")


def legend(kinds: Iterable[str], word: Callable[[str], str]) -> list[dict[str, str]]:
    """Shape, colour and word of each of these types, in the order of the palette."""
    shown = set(kinds)
    return [
        {"path": look.path, "fill": look.light, "kind": kind, "word": word(kind)}
        for kind, look in LOOKS.items()
        if kind in shown
    ]


def _ties(
    svg: ET.Element,
    graph: nx.MultiDiGraph,
    word: Callable[[str], str],
    at: Mapping[str, Point],
    size: Mapping[str, float],
    room: _Room,
) -> None:
    """Points of arrows, and the words of the predicates beside their ties."""
    said: dict[tuple[str, str], list[str]] = {}
    for s, o, predicate in sorted(graph.edges(data="predicate")):
        if s != o:
            said.setdefault((s, o), []).append(word(predicate))
    for s, o in said:
        (x1, y1), (x2, y2) = at[s], at[o]
        long = max(hypot(x2 - x1, y2 - y1), 1.0)
        share = 1 - (size[o] + 2) / long
        move = f"translate({x1 + (x2 - x1) * share:.1f} {y1 + (y2 - y1) * share:.1f}) rotate({degrees(atan2(y2 - y1, x2 - x1)):.1f})"
        ET.SubElement(svg, "path", {"d": "M0 0L-8 3.5V-3.5Z", "class": "tip", "transform": move})
    for (s, o), words in said.items():
        text = clean(_one_line(" · ".join(dict.fromkeys(words)), 24))
        _write(svg, room.along(at[s], at[o], text), text, "11")


def _write(home: ET.Element, place: Point | None, words: str, size: str = "12.5") -> None:
    if place:
        more = {} if size == "12.5" else {"class": "tie"}
        ET.SubElement(
            home, "text", {"x": f"{place[0]:.1f}", "y": f"{place[1]:.1f}", "font-size": size, **more}
        ).text = words


def _one_line(text: str, most: int = _LONG) -> str:
    words = " ".join(str(text).split())
    return words if len(words) <= most else words[: most - 1] + "…"


class _Room:
    """Where labels still fit: within the drawing, and over nothing else."""

    def __init__(self, width: float, height: float, at: Mapping[str, Point], size: Mapping[str, float]) -> None:
        self._width, self._height, self._at, self._size = width, height, at, size
        self._taken: list[Box] = [(x - size[n], y - size[n], x + size[n], y + size[n]) for n, (x, y) in at.items()]

    def beside(self, n: str, words: str) -> Point | None:
        """Where the label of a node begins, if there is room below, above, right or left of it."""
        x, y = self._at[n]
        wide, gap = _width(words) + 4, self._size[n] + 3
        return self._first(
            wide, ((x - wide / 2, y + gap), (x - wide / 2, y - gap - 15), (x + gap, y - 8), (x - gap - wide, y - 8))
        )

    def along(self, start: Point, end: Point, words: str) -> Point | None:
        """Where the label of a tie begins, as near to its middle as there is room."""
        wide = _width(words) * 0.88 + 4
        on = [
            (start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t) for t in (0.5, 0.6, 0.4, 0.7, 0.3)
        ]
        return self._first(wide, tuple((x - wide / 2, y - 8) for x, y in on))

    def _first(self, wide: float, spots: tuple[Point, ...]) -> Point | None:
        for left, top in spots:
            box = (left, top, left + wide, top + 15)
            inside = box[0] >= 0 and box[2] <= self._width and box[1] >= 0 and box[3] <= self._height
            if inside and not any(_hit(box, other) for other in self._taken):
                self._taken.append(box)
                return left + 2, top + 12
        return None


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
