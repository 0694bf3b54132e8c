"""The page of `kg evaluate --html`: each document twice, with the gold's marks and with those that were read, and the errors below."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from kg.view.palette import LOOKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.evaluate import Comparison, Report

Marks = frozenset[tuple[int, int, str]]


def render(report: Report) -> str:
    """One HTML file, no scripts. All text from documents is escaped by the template."""
    from jinja2 import Environment

    source = files("kg.view").joinpath("template", "comparison.html").read_text("utf-8")
    template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(source)
    return template.render(
        looks=sorted(LOOKS.items()),
        tallies=sorted(report.tallies.items()),
        confusions=report.confusions(),
        documents=[_document(c) for c in report.comparisons],
    )


def _document(comparison: Comparison) -> dict[str, object]:
    right = comparison.wanted & comparison.got
    return {
        "stem": comparison.stem,
        "gold": list(_pieces(comparison.text, comparison.wanted, right)),
        "read": list(_pieces(comparison.text, comparison.got, right)),
        "errors": [e.removeprefix(f"{comparison.stem}: ") for e in comparison.errors],
    }


def _pieces(text: str, marks: Marks, right: Marks) -> Iterator[tuple[str, str | None, bool]]:
    """(words, type of the mention or None, whether both sides agree), in order; marks that overlap an earlier one are left out."""
    at = 0
    for start, end, kind in sorted(marks):
        if start < at:
            continue
        if start > at:
            yield text[at:start], None, True
        yield text[start:end], kind, (start, end, kind) in right
        at = end
    if at < len(text):
        yield text[at:], None, True
