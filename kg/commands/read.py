"""Commands that read documents."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands.shared import (
    CONFIDENCE,
    OUT,
    REGISTRY,
    STORE,
    WORKERS,
    plain,
    progress,
    report,
    settings,
    table,
    write,
)
from kg.errors import KgError

if TYPE_CHECKING:
    from kg.model import Skipped


@click.command()
@click.argument("paths", nargs=-1, required=True)
@STORE
@REGISTRY
@CONFIDENCE
@WORKERS
@click.option(
    "--engine",
    type=click.Choice(["local", "ray"]),
    default="local",
    show_default=True,
    help="Where to read: here, or on a Ray cluster.",
)
@click.option("--address", help="Of the Ray cluster, such as auto or ray://HOST:10001 (default: one of this machine).")
@click.option("--shards", help="Folder that keeps what a cluster read, any path of fsspec that all nodes see.")
def build(
    paths: tuple[str, ...],
    store: Path | None,
    registry: tuple[str, ...],
    min_confidence: float | None,
    workers: int | None,
    engine: str,
    address: str | None,
    shards: str | None,
) -> None:
    """Read documents into the store.

    PATHS are files (.txt .md .html .pdf .docx .jsonl, also .gz), folders, patterns, or - for standard input. Unchanged documents are
    not read again. Exit code 1 if any document could not be read.
    """
    from kg.flow import build as run
    from kg.flow import build_on_cluster
    from kg.store.graph import View

    if engine == "local" and (address or shards):
        raise click.UsageError("--address and --shards are for --engine ray")
    config = settings(store, registry, min_confidence, workers)
    if engine == "ray":
        summary = build_on_cluster(paths, config, address=address, shards=shards)
    else:
        bar, advance = progress(paths)
        with bar:
            summary = run(paths, config, progress=advance)
    failed = report(summary.skipped)
    stats = View(config.store).stats()
    table(
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


@click.command()
@click.argument("paths", nargs=-1, required=True)
@OUT
@REGISTRY
@CONFIDENCE
@WORKERS
def extract(
    paths: tuple[str, ...], output: str, registry: tuple[str, ...], min_confidence: float | None, workers: int | None
) -> None:
    """Print what documents state as JSON lines, one a document, without a store."""
    from kg.flow import extract as run
    from kg.flow import to_json
    from kg.model import Skipped

    skipped: list[Skipped] = []
    bar, advance = progress(paths)
    with bar, click.open_file(output, "w", encoding="utf-8") as out:
        for item in run(paths, settings(None, registry, min_confidence, workers), progress=advance):
            if isinstance(item, Skipped):
                skipped.append(item)
            else:
                out.write(json.dumps(to_json(item), ensure_ascii=False) + "\n")
    sys.exit(1 if report(skipped) else 0)


@click.command()
@click.argument("gold", type=click.Path(path_type=Path))
@REGISTRY
@CONFIDENCE
@click.option("--errors", is_flag=True, help="List what was missed and what was too much.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option(
    "--html", help="Write a page that shows each document with what should be and what was found, side by side."
)
def evaluate(
    gold: Path, registry: tuple[str, ...], min_confidence: float | None, errors: bool, as_json: bool, html: str | None
) -> None:
    """Score extraction against the gold documents of a folder (NAME.txt with NAME.gold.json)."""
    from kg.flow import evaluate as run

    report = run(gold, settings(None, registry, min_confidence))
    if html:
        from kg.view.comparison import render

        write(html, render(report))
    if as_json:
        click.echo(json.dumps(report.to_json(), indent=1))
    else:
        table(
            ("measure", "precision", "recall", "F1", "right", "predicted", "gold"),
            [
                (k, f"{t.precision:.3f}", f"{t.recall:.3f}", f"{t.f1:.3f}", t.right, t.predicted, t.gold)
                for k, t in sorted(report.tallies.items())
            ],
        )
        if confused := report.confusions()[:8]:
            table(("should be", "was taken for", "times"), confused)
    for line in report.errors if errors else ():
        click.echo(plain(line))


@click.command()
@click.argument("documents", nargs=-1, required=True)
@STORE
def remove(documents: tuple[str, ...], store: Path | None) -> None:
    """Withdraw documents, and all that was read from them, by the id that `kg query documents` shows."""
    from kg.flow import extractor_of
    from kg.store.graph import View, Writer

    config = settings(store)
    View(config.store)
    with Writer(config.store, base=config.base, extractor=extractor_of(config)) as writer:
        missing = [d for d in documents if not writer.remove(d)]
    if missing:
        raise KgError(f"{', '.join(missing)}: no such document in {config.store}; `kg query documents` lists them")


COMMANDS = (build, extract, remove, evaluate)
