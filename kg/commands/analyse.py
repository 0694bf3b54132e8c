"""Commands that analyse the graph."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.commands.shared import AS_OF, OUT, STORE, opened, plain, settings, table, write

if TYPE_CHECKING:
    import networkx as nx

    from kg.analyse.table import Table
    from kg.store.graph import Writer

FORM = click.option(
    "--format",
    "form",
    type=click.Choice(("table", "csv", "json", "markdown", "turtle")),
    default="table",
    show_default=True,
    help="Form of the result; turtle is RDF to load beside the graph.",
)
SURE = click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    default=0.5,
    show_default=True,
    help="Leave out claims below this confidence.",
)
TOP = click.option(
    "-n", "--top", type=click.IntRange(1), help="Only the first rows (default: 25 in a table, else all)."
)


def _graph(store: Path | None, sure: float, as_of: str | None) -> nx.MultiDiGraph:
    from kg.analyse.network import network
    from kg.analyse.paths import surest

    return surest(network(opened(settings(store), as_of)), sure)


def _print(found: Table, form: str, top: int | None, output: str) -> None:
    from kg.analyse.table import formatted, text

    if form == "table" and output != "-":
        form = {".json": "json", ".md": "markdown", ".ttl": "turtle"}.get(Path(output).suffix, "csv")
    if form != "table":
        write(output, formatted(found.top(top) if top else found, form))
        return
    top = top or 25
    click.secho(plain(found.about), bold=True)
    table(found.columns, [[_short(text(c)) for c in row] for row in found.top(top).rows])
    if len(found) > top:
        click.echo(f"… and {len(found) - top} more rows; --top {len(found)} or another --format shows them", err=True)
    elif not len(found):
        click.echo("no rows: the claims of this confidence state nothing of the kind", err=True)


def _short(text: str) -> str:
    return text if len(text) <= 90 else text[:89] + "…"


@click.command()
@click.argument("analysis", required=False)
@click.argument("name", required=False)
@STORE
@SURE
@AS_OF
@FORM
@TOP
@OUT
@click.option("--write", "keep", is_flag=True, help="Put the rows into the store, as RDF in a graph of their own.")
@click.option("--drop", is_flag=True, help="Take out of the store what --write put there: of ANALYSIS, else all.")
def analyze(
    analysis: str | None,
    name: str | None,
    store: Path | None,
    min_confidence: float,
    as_of: str | None,
    form: str,
    top: int | None,
    output: str,
    keep: bool,
    drop: bool,
) -> None:
    """Answer a question about the whole graph. Without ANALYSIS, list them; some take the NAME of an entity.

    kg analyze dependents H100 · kg analyze leaderboard MMLU · kg analyze capital --format csv · kg analyze pagerank --write
    """
    from kg.analyse.analyses import ANALYSES, NAMED, analyse

    if analysis is not None and analysis not in ANALYSES:
        raise click.UsageError(f"no analysis {plain(analysis)}; there are {', '.join(ANALYSES)}")
    if drop:
        if keep or name:
            raise click.UsageError("--drop takes an ANALYSIS or nothing beside it")
        _drop(store, analysis)
        return
    if analysis is None:
        if keep:
            raise click.UsageError(f"--write what? There are {', '.join(ANALYSES)}")
        rows = [(n + (" [NAME]" if n in NAMED else ""), (f.__doc__ or "").splitlines()[0]) for n, f in ANALYSES.items()]
        table(("analysis", "gives"), rows)
        return
    graph = _graph(store, min_confidence, as_of)
    found = analyse(graph, analysis, name)
    if keep:
        _keep(store, found.top(top or len(found)), graph, name, {"minConfidence": min_confidence, "asOf": as_of})
    if not keep or form != "table" or output != "-":
        _print(found, form, top, output)


def _keep(store: Path | None, found: Table, graph: nx.MultiDiGraph, name: str | None, options: dict[str, Any]) -> None:
    from kg.analyse.kept import keep
    from kg.analyse.paths import find

    with _writer(store) as writer:
        place = keep(writer, found, about=find(graph, name) if name else None, **options)
    click.echo(f"{len(found)} rows in the graph {place}", err=True)


def _drop(store: Path | None, analysis: str | None) -> None:
    with _writer(store) as writer:
        count = writer.forget(analysis)
    click.echo(f"{count} results taken out", err=True)


def _writer(store: Path | None) -> Writer:
    from kg.flow import extractor_of
    from kg.registry.load import load
    from kg.store.graph import View, Writer

    config = settings(store)
    View(config.store)  # which there must be already
    registry = load(config.registry, builtin=config.builtin_registry)
    return Writer(config.store, base=config.base, extractor=extractor_of(config), registry=registry)


@click.command()
@click.argument("start")
@click.argument("goal")
@STORE
@SURE
@AS_OF
@FORM
@OUT
def path(
    start: str, goal: str, store: Path | None, min_confidence: float, as_of: str | None, form: str, output: str
) -> None:
    """Show the shortest path between two entities, each step with the words that state it."""
    from kg.analyse.analyses import way

    _print(way(_graph(store, min_confidence, as_of), start, goal), form, None, output)


@click.command()
@click.argument("name")
@click.option("--depth", type=click.IntRange(1, 6), default=1, show_default=True, help="Steps from the entity.")
@STORE
@SURE
@AS_OF
@FORM
@TOP
@OUT
def ego(
    name: str,
    depth: int,
    store: Path | None,
    min_confidence: float,
    as_of: str | None,
    form: str,
    top: int | None,
    output: str,
) -> None:
    """Show the claims around an entity, up to some steps away. With -o FILE.html write them as an interactive page."""
    from kg.analyse.analyses import around, facts

    part = around(_graph(store, min_confidence, as_of), name, depth=depth)
    if output.endswith(".html"):
        from kg.view.page import render

        write(output, render(part, title=name))
        return
    _print(facts(part), form, top, output)


COMMANDS = (analyze, path, ego)
