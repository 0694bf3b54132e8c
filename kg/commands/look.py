"""Commands that make pages and files out of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kg.commands.shared import AS_OF, CONFIDENCE, OUT, STORE, opened, settings, write, writing

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@STORE
@click.option(
    "--format",
    "form",
    default="turtle",
    show_default=True,
    type=click.Choice(("turtle", "trig", "nquads", "ntriples", "jsonld", "graphml", "gexf", "csv", "cypher")),
    help="Format.",
)
@AS_OF
@OUT
def export(store: Path | None, form: str, as_of: str | None, output: str) -> None:
    """Write the whole graph in a format of RDF, of graph tools, or as a table of claims."""
    from kg.store.export import write as run

    view = opened(settings(store), as_of)
    with writing(output) as file:
        run(view, form, file)


@click.command()
@STORE
@click.option("-o", "--output", default="graph.html", show_default=True, help="File to write; - is standard output.")
@click.option(
    "--title", default="", help="Title of the page (default: “Knowledge graph” in the language of its reader)."
)
@CONFIDENCE
@AS_OF
def view(store: Path | None, output: str, title: str, min_confidence: float | None, as_of: str | None) -> None:
    """Write the interactive graph page: one HTML file that needs no network."""
    from kg.analyse.network import network
    from kg.view.page import render

    config = settings(store, (), min_confidence)
    write(output, render(network(opened(config, as_of), min_confidence=config.min_confidence), title=title))


@click.command()
@click.argument("name", required=False)
@STORE
@AS_OF
@click.option("-o", "--output", default="report.html", show_default=True, help="File to write; - is standard output.")
@click.option(
    "--lang", type=click.Choice(("en", "zh")), default="en", show_default=True, help="Language of headings and names."
)
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    default=0.5,
    show_default=True,
    help="Leave out claims below this confidence.",
)
def report(
    name: str | None, store: Path | None, output: str, lang: str, min_confidence: float, as_of: str | None
) -> None:
    """Write a page to print or mail, on the entity NAME or on the whole graph: facts, figures, picture, timeline, tables, sources."""
    from kg.analyse.network import network
    from kg.report.report import render

    write(output, render(network(opened(settings(store), as_of)), name, min_confidence=min_confidence, lang=lang))


COMMANDS = (view, report, export)
