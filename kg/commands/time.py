"""Commands that ask when: what changed, and what happened to an entity."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands.shared import STORE, opened, plain, settings, table
from kg.errors import KgError

if TYPE_CHECKING:
    from kg.store.graph import View


@click.command()
@click.argument("before")
@click.argument("after")
@STORE
def changes(before: str, after: str, store: Path | None) -> None:
    """List what appeared, ended or changed from BEFORE to AFTER: two dates, or two folders of stores.

    kg changes 2023-06 2024-06 · kg changes old.kg new.kg
    """
    from kg.analyse.changes import changes as run
    from kg.store.graph import View

    views: list[View]
    if Path(before).is_dir() and Path(after).is_dir():
        views = [View(before), View(after)]
    elif Path(before).is_dir() or Path(after).is_dir():
        raise KgError(
            f"{plain(before)}, {plain(after)}: one of these is a store, the other not; give two dates or two stores"
        )
    else:
        views = [opened(settings(store), day) for day in (before, after)]
    found = run(*views)
    for change in found:
        mark = {"appeared": "+", "ended": "-", "changed": "~"}[change.what]
        details = " → ".join(d for d in (change.before, change.after) if d)
        line = f"{mark} {change.subject} {change.predicate} {change.object}{f'  ({details})' if details else ''}"
        click.secho(plain(line), bold=True)
        click.secho(
            plain(f"      “{change.quote}”  {change.document}{f', {change.said_on}' if change.said_on else ''}"),
            dim=True,
        )
    counts = [f"{sum(c.what == w for c in found)} {w}" for w in ("appeared", "ended", "changed")]
    click.echo(", ".join(counts), err=True)


@click.command()
@click.argument("name")
@STORE
def timeline(name: str, store: Path | None) -> None:
    """Show what is said of an entity in the order of the time that it holds."""
    from kg.analyse.changes import timeline as run

    view = opened(settings(store))
    found = view.find(name)
    if not found:
        raise KgError(f"{plain(name)}: no entity of this name in the store; `kg stats` shows what there is")
    for iri, kind, label in found[:3]:
        click.secho(plain(f"{label}  [{kind}]"), bold=True)
        found_then = run(view.facts(iri), view.observations(iri))
        rows = [(e.when, e.what, e.status, e.said.date or "", e.said.document) for e in found_then]
        table(("when", "what", "status", "said on", "document"), rows)


@click.command()
@STORE
@click.option(
    "--agreed", is_flag=True, help="List what several independent documents state instead, with its confidence."
)
def conflicts(store: Path | None, agreed: bool) -> None:
    """List statements that exclude each other, each with its sentence: two sole chiefs, shares above 100 %, owners in a circle."""
    from kg.analyse.conflicts import conflicts as run
    from kg.analyse.conflicts import facts
    from kg.analyse.network import network

    graph = network(opened(settings(store)))
    if agreed:
        rows = [f for f in facts(graph) if f.documents > 1 or f.copies]
        header = ("subject", "predicate", "object", "confidence", "documents", "copies")
        table(header, [(f.subject, f.predicate, f.object, f"{f.confidence:.3f}", f.documents, f.copies) for f in rows])
        return
    found = run(graph)
    for conflict in found:
        click.secho(plain(f"{conflict.about}: {conflict.kind}"), bold=True)
        for text, quote, document in conflict.sides:
            click.echo(plain(f"  {text}"))
            click.secho(plain(f"      “{quote}”  {document}"), dim=True)
    click.echo(f"{len(found)} conflicts", err=True)


COMMANDS = (changes, timeline, conflicts)
