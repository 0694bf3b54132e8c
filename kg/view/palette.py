"""How each entity type looks: a shape and a colour, so that neither has to be told apart alone.

The colours are Paul Tol's "muted" scheme, lighter on a dark page, moved until any two stay distinct in the common kinds of
colour blindness (16 and more apart in CIELAB, which the tests measure). Shapes are SVG paths around the origin, of about the same area; canvas and legend draw the same.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """An SVG path (even-odd fill) and its fill colour on a light and on a dark page."""

    path: str
    light: str
    dark: str


LOOKS = {
    "Company": Look("M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0Z", "#5f5eb7", "#709fff"),
    "Organization": Look(
        "M-.7-.88H.7Q.88-.88.88-.7V.7Q.88.88.7.88H-.7Q-.88.88-.88.7V-.7Q-.88-.88-.7-.88Z", "#1f9880", "#5addc1"
    ),
    "Person": Look(
        "M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0ZM.46 0A.46.46 0 1 1-.46 0A.46.46 0 1 1 .46 0Z", "#c4485c", "#c87684"
    ),
    "AIModel": Look("M0-1.22L1.22 0L0 1.22L-1.22 0Z", "#964382", "#ab72b4"),
    "Product": Look("M0-1.2L1.2.88H-1.2Z", "#53b2f0", "#b6ecff"),
    "Chip": Look("M.54-.94L1.08 0L.54.94H-.54L-1.08 0L-.54-.94Z", "#d0a21e", "#ffeba6"),
    "Dataset": Look("M-.36-1.05H.36V-.36H1.05V.36H.36V1.05H-.36V.36H-1.05V-.36H-.36Z", "#0f6127", "#6bb369"),
    "Benchmark": Look(
        "M0-1.25L.31-.42L1.19-.39L.5.16L.73 1.01L0 .52L-.73 1.01L-.5.16L-1.19-.39L-.31-.42Z", "#727510", "#b3af3e"
    ),
    "Place": Look("M0 1.2L1.2-.88H-1.2Z", "#9aa3ba", "#a8b2cf"),
}
OTHER = Look("M.8 0A.8.8 0 1 1-.8 0A.8.8 0 1 1 .8 0Z", "#9aa3ba", "#a8b2cf")
"""For a type that the vocabulary gained and this table did not."""
