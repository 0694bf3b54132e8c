"""Commands that decide what is one thing, and which claims hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands.shared import STORE, plain, settings, write
from kg.errors import KgError

if TYPE_CHECKING:
    from kg.config import Config
    from kg.review.queue import Question

_KEYS = {"y": ("same", "accept"), "n": ("different", "reject"), "l": ("", ""), "q": ("", "")}


@click.command()
@STORE
@click.option("--claims", is_flag=True, help="Review claims (accept or reject) rather than pairs of entities.")
@click.option("-n", "--top", type=click.IntRange(1), default=20, show_default=True, help="How many to show.")
@click.option(
    "--export", "to", metavar="FILE.csv", help="Write the questions as a table to fill in the column `verdict`."
)
@click.option("--import", "of", metavar="FILE.csv", help="Read decisions from such a table; all of it or nothing.")
@click.option("--list", "listed", is_flag=True, help="List the decisions made.")
@click.option("--undo", metavar="ID", multiple=True, help="Take back a decision, by the id that --list shows.")
def review(
    store: Path | None, claims: bool, top: int, to: str | None, of: str | None, listed: bool, undo: tuple[str, ...]
) -> None:
    """Decide what the machine is unsure of: yes, no or later; the most doubtful and weighty first.

    Decisions lie beside the store (STORE.decisions.jsonl), outrank the machine's and survive a rebuild. In a table the verdict of a
    pair is same, different or unsure; of a claim accept, reject, or correct with another predicate, subject or object.
    """
    from kg.resolve import decisions as stored
    from kg.review import queue, sheet
    from kg.store.graph import View

    config = settings(store)
    view = View(config.store)
    made = stored.load(config.store)
    if listed:
        for decision in sorted(made.values(), key=lambda d: d.id):
            click.echo(plain(f"{decision.id}  {decision.verdict}  {sheet.about(decision)}"))
        return
    if undo:
        if missing := [i for i in undo if i not in made]:
            raise KgError(f"{plain(', '.join(missing))}: no such decision; `kg review --list` shows them")
        _decide(config, {i: d for i, d in made.items() if i not in undo})
        return
    if of:
        new = sheet.read(Path(of), view)
        _decide(config, made | {d.id: d for d in new})
        click.echo(f"{len(new)} decisions taken", err=True)
        return
    questions = (queue.claims if claims else queue.pairs)(view, made)
    if to:
        write(to, sheet.text(questions))
        return
    taken = _ask(questions[:top])
    if taken:
        _decide(config, made | {d.id: d for d in taken})
    click.echo(f"{len(taken)} decided, {len(questions) - len(taken)} left", err=True)


@click.command()
@click.argument("stores", nargs=-1, required=True, type=click.Path(path_type=Path))
@STORE
def merge(stores: tuple[Path, ...], store: Path | None) -> None:
    """Join STORES that were built apart into the store of --store, their decisions too; entities are resolved over all documents.

    Of a document or a decision that several have, that of the last one holds.
    """
    from kg.flow import extractor_of
    from kg.registry.load import load
    from kg.resolve import decisions as stored
    from kg.store.graph import View, Writer

    config = settings(store)
    if any(s.resolve() == config.store.resolve() for s in stores):
        raise KgError(f"{config.store}: this is the store to write to; name only the others before --store")
    views = [View(s) for s in stores]
    made = {k: d for s in (config.store, *stores) for k, d in stored.load(s).items()}
    registry = load(config.registry, builtin=config.builtin_registry)
    with Writer(config.store, base=config.base, extractor=extractor_of(config), registry=registry) as writer:
        if made:
            stored.save(config.store, made.values())
        count = sum(writer.adopt(view) for view in views)
    click.echo(f"{count} documents taken over into {config.store}", err=True)


@click.command()
@STORE
@click.option("--drop", is_flag=True, help="Take the inferred triples out again.")
def reason(store: Path | None, drop: bool) -> None:
    """Add what follows by the ontology (inverse, symmetric, transitive, finer to coarser) in a graph of its own, kept up to date."""
    from kg.flow import extractor_of
    from kg.registry.load import load
    from kg.store.graph import View, Writer

    config = settings(store)
    View(config.store)
    registry = load(config.registry, builtin=config.builtin_registry)
    with Writer(config.store, base=config.base, extractor=extractor_of(config), registry=registry) as writer:
        count = writer.reason(keep=not drop)
    click.echo(f"{count} triples inferred in the graph {config.base}graph/inferred", err=True)


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@STORE
@click.option("--drop", is_flag=True, help="Take out what was imported from FILES; name them as they were named then.")
def import_(files: tuple[Path, ...], store: Path | None, drop: bool) -> None:
    """Bring in RDF from outside (.ttl .nt .nq .trig .jsonld .rdf), each file in a graph of its own.

    Properties and classes of schema.org, FOAF, ORG and Wikidata that the ontology maps are added in its terms. What documents name
    too is found by its names, and said to be the same (owl:sameAs).
    """
    from kg.flow import extractor_of
    from kg.registry.load import load
    from kg.store.graph import View, Writer
    from kg.store.outside import quads

    config = settings(store)
    if drop:
        View(config.store)
    for path in files if not drop else ():
        quads(path, config.base)  # so that a malformed file leaves the store as it was
    registry = load(config.registry, builtin=config.builtin_registry)
    with Writer(config.store, base=config.base, extractor=extractor_of(config), registry=registry) as writer:
        for path in files:
            if drop and not writer.give_back(path):
                raise KgError(f"{plain(str(path))}: nothing was imported from a file of this path")
            before = writer.imported(path)
            done = "taken out" if drop else f"{writer.take(path)} triples"
            gone = f", in the place of {before} imported before from a file of this path" if before and not drop else ""
            click.echo(f"{plain(str(path))}: {done}{gone}", err=True)


def _ask(questions: list[Question]) -> list[stored.Decision]:
    from dataclasses import replace

    taken = []
    for number, question in enumerate(questions, 1):
        click.secho(plain(f"[{number}/{len(questions)}] {question.text}"), bold=True)
        for line in question.evidence:
            click.secho(plain(f"      {line}"), dim=True)
        key = click.prompt("  yes, no, later, quit", type=click.Choice(tuple(_KEYS)), default="l", show_choices=False)
        if key == "q":
            break
        verdict = _KEYS[key][bool(question.decision.claim)]
        if verdict:
            taken.append(replace(question.decision, verdict=verdict))
    return taken


def _decide(config: Config, made: dict[str, stored.Decision]) -> None:
    from kg.flow import extractor_of
    from kg.registry.load import load
    from kg.resolve import decisions as stored
    from kg.store.graph import Writer

    registry = load(config.registry, builtin=config.builtin_registry)
    with Writer(config.store, base=config.base, extractor=extractor_of(config), registry=registry) as writer:
        stored.save(config.store, made.values())
        writer.refresh()


if TYPE_CHECKING:
    from kg.resolve import decisions as stored

COMMANDS = (review, merge, import_, reason)
