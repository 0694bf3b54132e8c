"""Places the nodes of a graph on the plane before the page opens, so that no browser has to.

Communities are placed first, their members around them; then springs along the edges, repulsion between all nodes
and a weak pull to the middle are balanced. Repulsion goes through a mesh (a convolution by FFT), so that a round
costs the same for a hub as for a leaf and 20,000 nodes are no trouble. The same graph gives the same places: no
clock, no randomness.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import networkx as nx
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Complexes = NDArray[np.complex128]
    Ints = NDArray[np.int64]

ROOM = 96.0
"""Page units that a node takes up on average, along one axis."""
EXACT = 300
"""Up to so many nodes every pair repels exactly; above, through the mesh."""
LOOSE = 0.3
"""How much weaker a spring is between two communities than within one, so that communities can be seen."""
GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))
WIDE = 1.25
"""Screens and labels are wider than high; so is the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where each node stands (page units, y downwards) and the number of its community, 0 being the largest."""

    positions: Mapping[str, tuple[int, int]]
    communities: Mapping[str, int]


def radius(degree: float) -> float:
    """The radius of a node with so many neighbours, in page units: its area grows with their number."""
    return round(min(6 + 4.2 * float(np.sqrt(degree)), 40.0), 1)


def place(graph: nx.Graph[str]) -> Layout:
    """Positions and communities of all nodes; direction, loops and the order of insertion do not matter."""
    nodes = sorted(graph)
    edges, weights = _simple_edges(graph, nodes)
    degrees = np.bincount(edges.ravel(), minlength=len(nodes))
    tied, alone = np.flatnonzero(degrees), np.flatnonzero(degrees == 0)
    communities = _communities(graph, nodes)
    places = np.zeros(len(nodes), dtype=np.complex128)
    if len(tied):
        local = np.searchsorted(tied, edges)
        within = communities[tied][local[:, 0]] == communities[tied][local[:, 1]]
        places[tied] = _settle(_seeds(communities[tied], local), local, np.where(within, weights, weights * LOOSE))
    radii = np.array([radius(degree) for degree in degrees])
    places = places.real * WIDE + 1j * places.imag
    places[tied] = _spread(places[tied], radii[tied])
    ring = _ring(len(alone), float(np.abs(places[tied].real / WIDE + 1j * places[tied].imag).max(initial=0.0)))
    places[alone] = ring.real * WIDE + 1j * ring.imag
    return Layout(
        positions={node: (round(at.real), round(at.imag)) for node, at in zip(nodes, places.tolist(), strict=True)},
        communities=dict(zip(nodes, communities.tolist(), strict=True)),
    )


def _simple_edges(graph: nx.Graph[str], nodes: Sequence[str]) -> tuple[Ints, Floats]:
    index = {node: at for at, node in enumerate(nodes)}
    pairs = Counter(tuple(sorted((index[a], index[b]))) for a, b in graph.edges() if a != b)
    ordered = sorted(pairs.items())
    edges = np.array([pair for pair, _ in ordered], dtype=np.int64).reshape(-1, 2)
    return edges, 1 + np.log(np.array([count for _, count in ordered], dtype=np.float64))


def _communities(graph: nx.Graph[str], nodes: Sequence[str]) -> Ints:
    """Those of `kg analyze communities`, numbered from the largest down; what stands alone is in the one after the last."""
    from kg.analyse.measures import communities

    found = communities(graph)
    number = {node: at for at, community in enumerate(found) for node in community.members}
    return np.array([number.get(node, len(found)) for node in nodes], dtype=np.int64)


def _seeds(communities: Ints, edges: Ints) -> Complexes:
    """Each community a sunflower around its own place, the places settled as a graph of communities."""
    sizes = np.bincount(communities)
    count = len(sizes)
    crossing = np.sort(communities[edges], axis=1)
    crossing = crossing[crossing[:, 0] != crossing[:, 1]]
    pairs, ties = np.unique(crossing, axis=0, return_counts=True)
    start = _sunflower(count) * ROOM * np.sqrt(sizes.mean())
    homes = _settle(start, pairs.astype(np.int64), ties / sizes.mean(), mass=sizes.astype(np.float64))
    order = np.argsort(communities, kind="stable")
    rank = np.empty(len(communities), dtype=np.int64)
    rank[order] = np.arange(len(communities)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.asarray(homes[communities] + _sunflower(int(sizes.max(initial=0)))[rank] * ROOM * 0.6)


def _sunflower(count: int) -> Complexes:
    """Evenly spread points of unit density, from the middle outwards."""
    steps = np.arange(count)
    return np.asarray(np.sqrt((steps + 0.5) / np.pi) * np.exp(1j * GOLDEN_ANGLE * steps))


def _settle(places: Complexes, edges: Ints, weights: Floats, mass: Floats | None = None) -> Complexes:
    """Moves places (x + iy) until springs, repulsion and pull balance; each node by its own stiffness, ever less."""
    size = len(places)
    if size < 2:
        return np.zeros(size, dtype=np.complex128)
    tails, heads = edges[:, 0], edges[:, 1]
    strain = np.bincount(tails, weights, size) + np.bincount(heads, weights, size)
    mass = 1 + np.sqrt(strain) if mass is None else mass
    total = float(mass.sum())
    reach = ROOM * np.sqrt(total if mass.max() > 50 else size) * 0.62
    repel = ROOM**2 * 0.2
    pull = repel * total / reach**2 * (1.0 if size <= EXACT else 0.4)
    rounds = 400 if size <= EXACT else 220 if size <= 5000 else 140
    for step in range(rounds):
        push = _exact(places, mass) if size <= EXACT else _meshed(places, mass, 128 if size <= 5000 else 256)
        spring = (places[heads] - places[tails]) * weights
        drawn = _total(tails, spring, size) - _total(heads, spring, size)
        force = repel * mass * push + drawn - pull * mass * places
        move = force / (strain + mass * (pull + 0.6))
        limit = reach * (0.12 * (1 - step / rounds) ** 2 + 0.0005)
        places = places + move * 0.7 * np.minimum(1, limit / np.maximum(np.abs(move), 1e-9))
    return np.asarray(places - places.mean())


def _total(owners: Ints, values: Complexes, size: int) -> Complexes:
    return np.asarray(np.bincount(owners, values.real, size) + 1j * np.bincount(owners, values.imag, size))


def _exact(places: Complexes, mass: Floats) -> Complexes:
    """Sum over all others of mass / distance, pointing away from them."""
    apart = places[:, None] - places[None, :]
    squares = apart.real**2 + apart.imag**2
    np.fill_diagonal(squares, 1.0)
    return np.asarray((apart / np.maximum(squares, 1.0)) @ mass)


def _meshed(places: Complexes, mass: Floats, cells: int) -> Complexes:
    """The same from a mesh of cells x cells: exact far away, smooth within a cell."""
    low = complex(places.real.min(), places.imag.min())
    span = max(float(np.ptp(places.real)), float(np.ptp(places.imag)), 1e-6) / (cells - 2)
    at = (places - low) / span
    column, row = np.floor(at.real).astype(np.int64), np.floor(at.imag).astype(np.int64)
    right, down = at.real - column, at.imag - row
    corners = [
        ((column + dx) * 2 * cells + row + dy, (right if dx else 1 - right) * (down if dy else 1 - down))
        for dx, dy in product((0, 1), repeat=2)
    ]
    density = sum(np.bincount(index, mass * share, 4 * cells**2) for index, share in corners)
    field = np.fft.ifft2(np.fft.fft2(np.reshape(density, (2 * cells, 2 * cells))) * _kernel(cells)).ravel()
    return np.asarray(sum(field[index] * share for index, share in corners) / span)


@lru_cache(maxsize=4)
def _kernel(cells: int) -> Complexes:
    """The Fourier transform of 1 / distance, pointing away, on a mesh twice as wide so that nothing wraps around."""
    steps = np.fft.fftfreq(2 * cells, 1 / (2 * cells))
    away = steps[:, None] + 1j * steps[None, :]
    return np.asarray(np.fft.fft2(away / (away.real**2 + away.imag**2 + 0.25)))


def _spread(places: Complexes, radii: Floats, gap: float = 16.0, rounds: int = 60) -> Complexes:
    """Pushes apart nodes that touch. Coinciding ones part in the direction of their number."""
    size = len(places)
    numbers = np.exp(1j * GOLDEN_ANGLE * np.arange(size))
    for _ in range(rounds):
        one, other = _near(places, 2 * float(radii.max(initial=0.0)) + gap)
        apart = places[one] - places[other]
        distance = np.abs(apart)
        lack = radii[one] + radii[other] + gap - distance
        touching = lack > 0.5
        if not touching.any():
            break
        way = np.where(distance > 1e-6, apart / np.maximum(distance, 1e-6), numbers[one])
        push: Complexes = np.asarray(way * lack * 0.42, dtype=np.complex128)[touching]
        places = np.asarray(places + _total(one[touching], push, size) - _total(other[touching], push, size))
    return places


def _near(places: Complexes, reach: float) -> tuple[Ints, Ints]:
    """Pairs of nodes in the same or neighbouring squares of a grid as wide as `reach`."""
    column = np.floor((places.real - places.real.min(initial=0.0)) / reach).astype(np.int64) + 1
    row = np.floor((places.imag - places.imag.min(initial=0.0)) / reach).astype(np.int64) + 1
    stride = int(row.max(initial=0)) + 2
    square = column * stride + row
    order = np.argsort(square, kind="stable")
    keys = square[order]
    ones, others = [], []
    for offset in (0, 1, stride - 1, stride, stride + 1):
        first = np.searchsorted(keys, keys + offset, "left")
        last = np.searchsorted(keys, keys + offset, "right")
        if offset == 0:
            first = np.arange(len(keys)) + 1
        count = np.maximum(last - first, 0)
        starts = np.cumsum(count) - count
        ones.append(np.repeat(order, count))
        others.append(order[np.arange(int(count.sum())) - np.repeat(starts - first, count)])
    return np.concatenate(ones), np.concatenate(others)


def _ring(count: int, inner: float) -> Complexes:
    """Nodes without edges stand in a quiet band around the rest (a sunflower where there is no rest)."""
    step = 46.0
    if not inner:
        return _sunflower(count) * step * 1.3
    steps = int(np.ceil(np.pi * (inner + 2 * step) ** 2 / step**2))
    return np.asarray(_sunflower(steps + count)[steps:] * step)
