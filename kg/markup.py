"""How objects show themselves in a notebook: HTML tables in which every text is a text."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST = 60
"""Rows that a table shows; the others are counted."""
_TURNING = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F))


def straight(text: str) -> str:
    """`text` without the characters that turn the direction of what follows."""
    return text.translate(_TURNING)


def plain(text: object) -> str:
    """A text as HTML shows it, on one line, without the characters that turn the direction of what follows."""
    return html.escape(straight(" ".join(str(text).split())))


def spaced(text: str) -> str:
    """As `plain`, for a part of a line: white space at its ends stays."""
    return f"{' ' * text[:1].isspace()}{plain(text)}{' ' * (text.strip() != '' and text[-1:].isspace())}"


def table(header: Sequence[str], rows: Iterable[Sequence[object]], *, about: str = "") -> str:
    """A table; None is an empty cell."""
    every = list(rows)
    head = "".join(f"<th>{plain(name)}</th>" for name in header)
    body = "".join(
        "<tr>" + "".join(f"<td>{'' if cell is None else plain(cell)}</td>" for cell in row) + "</tr>"
        for row in every[:MOST]
    )
    more = f"<p>… and {len(every) - MOST:,} more rows</p>" if len(every) > MOST else ""
    caption = f"<caption>{plain(about)}</caption>" if about else ""
    return f"<table>{caption}<tr>{head}</tr>{body}</table>{more}"
