"""The command line: each command parses, calls one function, prints. The only place that prints."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg import __version__
from kg.errors import KgError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg.config import Config
    from kg.model import Skipped


class _Commands(click.Group):
    """Prints an error of ours as one line and exits with 1, in the order of the commands' definition."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KgError as error:
            raise click.ClickException(str(error)) from error
        except BrokenPipeError:
            sys.stderr.close()
            ctx.exit(1)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="kg")
def main() -> None:
    """Read Chinese and English documents about the AI industry into a knowledge graph, every statement with its evidence."""


_STORE = click.option(
    "--store", type=click.Path(path_type=Path), help="Folder of the store (default: graph.kg, or KG_STORE)."
)
_OUT = click.option("-o", "--output", default="-", show_default=True, help="File to write; - is standard output.")
_REGISTRY = click.option(
    "--registry", multiple=True, help="A registry file of your own on top of the built-in one; `none` leaves that out."
)
_CONFIDENCE = click.option(
    "--min-confidence", type=click.FloatRange(0, 1), help="Keep claims of at least this confidence."
)


def _config(store: Path | None = None, registry: Sequence[str] = (), min_confidence: float | None = None) -> Config:
    from kg.config import config

    made = config()
    if store is not None:
        made = replace(made, store=store)
    if registry:
        made = replace(
            made, registry=tuple(Path(r) for r in registry if r != "none"), builtin_registry="none" not in registry
        )
    return made if min_confidence is None else replace(made, min_confidence=min_confidence)


def _write(output: str, data: str | bytes) -> None:
    raw = data.encode("utf-8") if isinstance(data, str) else data
    if output == "-":
        sys.stdout.buffer.write(raw)
        sys.stdout.flush()
        return
    try:
        Path(output).write_bytes(raw)
    except OSError as error:
        raise KgError(f"{output}: cannot be written ({error.strerror})") from error
    click.echo(f"wrote {output}", err=True)


def _report(skipped: Sequence[Skipped]) -> bool:
    """Print what was not read; whether any of it is a failure."""
    from kg.ingest.files import Ignored

    for item in skipped:
        click.echo(f"{'note' if isinstance(item, Ignored) else 'not read'}: {item.path}: {item.cause}", err=True)
    return any(not isinstance(item, Ignored) for item in skipped)


def _progress(paths: Sequence[str]) -> tuple[Any, Callable[[str], None]]:
    """A progress bar on standard error (none where that is no terminal), and what advances it."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from kg.ingest.files import files
    from kg.model import Skipped

    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )
    total = sum(1 for f in files(paths) if not isinstance(f, Skipped)) if console.is_terminal else None
    task = bar.add_task("reading", total=total)

    def advance(name: str) -> None:
        bar.update(task, advance=1, description=name[-40:])

    return bar, advance


@main.command()
@click.argument("paths", nargs=-1, required=True)
@_STORE
@_REGISTRY
@_CONFIDENCE
def build(paths: tuple[str, ...], store: Path | None, registry: tuple[str, ...], min_confidence: float | None) -> None:
    """Read documents into the store.

    PATHS are files (.txt .md .html .pdf .docx .jsonl, also .gz), folders, patterns, or - for standard input. Unchanged documents are
    not read again. Exit code 1 if any document could not be read.
    """
    from kg.flow import build as run
    from kg.store.graph import View

    config = _config(store, registry, min_confidence)
    bar, advance = _progress(paths)
    with bar:
        summary = run(paths, config, progress=advance)
    failed = _report(summary.skipped)
    stats = View(config.store).stats()
    _table(
        ("", "documents", "entities", "claims", "observations", "seconds"),
        [
            (
                "this run",
                f"{summary.read} read, {summary.unchanged} unchanged, {len(summary.failed)} failed",
                summary.entities,
                summary.claims,
                summary.observations,
                f"{summary.seconds:.1f}",
            ),
            (f"{config.store}", stats.documents, stats.entities, stats.claims, stats.observations, ""),
        ],
    )
    sys.exit(1 if failed else 0)


@main.command()
@click.argument("paths", nargs=-1, required=True)
@_OUT
@_REGISTRY
@_CONFIDENCE
def extract(paths: tuple[str, ...], output: str, registry: tuple[str, ...], min_confidence: float | None) -> None:
    """Print what documents state as JSON lines, one a document, without a store."""
    from kg.flow import extract as run
    from kg.flow import to_json
    from kg.model import Skipped

    skipped: list[Skipped] = []
    bar, advance = _progress(paths)
    with bar, click.open_file(output, "w", encoding="utf-8") as out:
        for item in run(paths, _config(None, registry, min_confidence), progress=advance):
            if isinstance(item, Skipped):
                skipped.append(item)
            else:
                out.write(json.dumps(to_json(item), ensure_ascii=False) + "\n")
    sys.exit(1 if _report(skipped) else 0)


@main.command()
@click.argument("query")
@_STORE
@click.option(
    "--format",
    "form",
    type=click.Choice(("table", "csv", "tsv", "json")),
    default="table",
    show_default=True,
    help="Form of SELECT results.",
)
@click.option("--explain", is_flag=True, help="Show the algebra of the query instead of running it.")
@_OUT
def query(query: str, store: Path | None, form: str, explain: bool, output: str) -> None:
    """Run SPARQL: the query itself, an .rq file, or a named query (see `kg queries`).

    ASK prints true or false, CONSTRUCT and DESCRIBE Turtle. The prefixes kg, rdfs, skos, dcterms, prov, oa … are known.
    """
    from kg import query as sparql
    from kg.store.graph import View

    text = sparql.text_of(query)
    if explain:
        _write(output, sparql.explain(text))
        return
    result = sparql.run(View(_config(store).store), text)
    if form == "table" and isinstance(result, sparql.Rows):
        if output != "-":
            form = "csv"
        else:
            _table(result.variables, [tuple(sparql.cell(t) for t in row) for row in result.rows], total=True)
            return
    _write(output, sparql.formatted(result, form))


@main.command()
def queries() -> None:
    """List the named queries."""
    from kg.query import named_queries

    _table(("name", "gives"), list(named_queries()))


@main.command()
@_STORE
@click.option(
    "--format",
    "form",
    default="turtle",
    show_default=True,
    type=click.Choice(("turtle", "trig", "nquads", "ntriples", "jsonld", "graphml", "gexf", "csv", "cypher")),
    help="Format.",
)
@_OUT
def export(store: Path | None, form: str, output: str) -> None:
    """Write the whole graph in a format of RDF, of graph tools, or as a table of claims."""
    from kg.store.export import export as run
    from kg.store.graph import View

    _write(output, run(View(_config(store).store), form))


@main.command()
@_STORE
@click.option("-o", "--output", default="graph.html", show_default=True, help="File to write; - is standard output.")
@click.option("--title", default="Knowledge graph", show_default=True, help="Title of the page.")
@_CONFIDENCE
def view(store: Path | None, output: str, title: str, min_confidence: float | None) -> None:
    """Write the interactive graph page: one HTML file that needs no network."""
    from kg.analyse.network import network
    from kg.store.graph import View
    from kg.view.page import render

    config = _config(store, (), min_confidence)
    _write(output, render(network(View(config.store), min_confidence=config.min_confidence), title=title))


@main.command()
@_STORE
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def stats(store: Path | None, as_json: bool) -> None:
    """Count what the store holds."""
    from dataclasses import asdict

    from kg.store.graph import View

    found = View(_config(store).store).stats()
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=1))
        return
    _table(
        ("documents", "entities", "claims", "observations", "mentions", "triples"),
        [(found.documents, found.entities, found.claims, found.observations, found.mentions, found.triples)],
    )
    _table(("type", "entities"), [(k, n) for k, n in found.by_type.items() if n])
    _table(("predicate", "claims"), list(found.by_predicate.items()))


@main.command()
@click.argument("name")
@_STORE
def show(name: str, store: Path | None) -> None:
    """Show what is known of an entity: its facts, each with the words that state it."""
    from kg.store.graph import View

    reader = View(_config(store).store)
    found = reader.find(name)
    if not found:
        raise KgError(f"{name}: no entity of this name in the store; `kg stats` shows what there is")
    for iri, kind, label in found[:10]:
        click.secho(_plain(f"{label}  [{kind}]  {iri}"), bold=True)
        for fact in reader.facts(iri):
            more = ", ".join(x for x in (fact.role, fact.value, fact.holds_on) if x)
            arrow = (
                f"{fact.predicate} → {fact.other_label}" if fact.forward else f"← {fact.predicate} {fact.other_label}"
            )
            click.echo(_plain(f"  {arrow}{f' ({more})' if more else ''}  {fact.confidence:.2f}"))
            click.secho(
                _plain(f"      “{fact.quote}”  {fact.document}{f', {fact.date}' if fact.date else ''}"), dim=True
            )
        for row in reader.records(
            f"SELECT ?metric ?words ?value ?unit ?period WHERE {{ ?x a kg:Observation ; kg:subject <{iri}> ; kg:metric ?metric ; kg:value ?value ; kg:words ?words . "
            "OPTIONAL { ?x kg:unit ?unit } OPTIONAL { ?x kg:period ?period } } ORDER BY ?metric ?period ?value"
        ):
            click.echo(
                _plain(
                    f"  {row['metric']}: {float(row['value']):.12g} {row.get('unit', '')} {row.get('period', '')}  (“{row['words']}”)"
                )
            )
    if len(found) > 10:
        click.echo(f"… and {len(found) - 10} more that contain the name", err=True)


@main.command()
@click.argument("documents", nargs=-1, required=True)
@_STORE
def remove(documents: tuple[str, ...], store: Path | None) -> None:
    """Withdraw documents, and all that was read from them, by the id that `kg query documents` shows."""
    from kg.flow import extractor_of
    from kg.store.graph import View, Writer

    config = _config(store)
    View(config.store)
    with Writer(config.store, base=config.base, extractor=extractor_of(config)) as writer:
        missing = [d for d in documents if not writer.remove(d)]
    if missing:
        raise KgError(f"{', '.join(missing)}: no such document in {config.store}; `kg query documents` lists them")


@main.command()
@click.argument("gold", type=click.Path(path_type=Path))
@_REGISTRY
@click.option("--errors", is_flag=True, help="List what was missed and what was too much.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def evaluate(gold: Path, registry: tuple[str, ...], errors: bool, as_json: bool) -> None:
    """Score extraction against the gold documents of a folder (NAME.txt with NAME.gold.json)."""
    from kg.flow import evaluate as run

    report = run(gold, _config(None, registry))
    if as_json:
        click.echo(json.dumps(report.to_json(), indent=1))
    else:
        _table(
            ("measure", "precision", "recall", "F1", "right", "predicted", "gold"),
            [
                (k, f"{t.precision:.3f}", f"{t.recall:.3f}", f"{t.f1:.3f}", t.right, t.predicted, t.gold)
                for k, t in sorted(report.tallies.items())
            ],
        )
    for line in report.errors if errors else ():
        click.echo(_plain(line))


@main.command()
@_STORE
def validate(store: Path | None) -> None:
    """Check the store against the SHACL shapes. Exit code 1 if it does not conform."""
    from kg.store.graph import View
    from kg.store.shapes import validate as run

    found = list(run(View(_config(store).store)))
    for finding in found:
        click.echo(_plain(f"{finding.node}: {finding.path}: {finding.message} (in {finding.graph})"))
    click.echo("conforms" if not found else f"{len(found)} findings")
    sys.exit(1 if found else 0)


def _plain(text: str) -> str:
    """One line without control characters, which a document could use to drive the terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def _table(header: Sequence[str], rows: Sequence[Sequence[object]], *, total: bool = False) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(show_edge=False, header_style="bold")
    for name in header:
        table.add_column(Text(name), overflow="fold")
    for row in rows:
        table.add_row(*(Text(_plain(str(c))) for c in row))
    console = Console()
    if not console.is_terminal:
        console = Console(width=200)
    console.print(table)
    if total:
        click.echo(f"{len(rows)} rows", err=True)


if __name__ == "__main__":
    main()
