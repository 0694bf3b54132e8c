"""Commands that keep a store safe: whether it is whole, a copy of it, and back from the copy."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kg.commands.shared import STORE, plain, settings


@click.command()
@STORE
def check(store: Path | None) -> None:
    """Read the whole store and say what is damaged in it, and what helps. Exit code 1 if anything is.

    It reads every file several times, so that a bad spot of the disk is found: some minutes for a million claims.
    """
    from kg.store.check import findings
    from kg.store.graph import View

    config = settings(store)
    count = len(View(config.store))
    damaged = False
    for finding in findings(config.store, config.base):
        damaged |= finding.damage
        click.echo(plain(f"{'damage' if finding.damage else 'note'}: {finding.text}"), err=True)
    if not damaged:
        click.echo(f"{config.store}: whole, {count:,} quads")
    sys.exit(1 if damaged else 0)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@STORE
def backup(file: Path, store: Path | None) -> None:
    """Copy the store and the decisions beside it into FILE, a zip that any version of kg on any machine restores.

    Nobody may write to the store meanwhile. FILE appears when the copy is whole; the same store gives the same bytes.
    """
    from kg.store.backup import save

    config = settings(store)
    kept = save(config.store, file)
    click.echo(f"wrote {file}: {kept.quads:,} quads, {kept.decisions:,} decisions", err=True)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@STORE
@click.option("--replace", is_flag=True, help="Put the store that is there aside, as STORE.before-1.")
def restore(file: Path, store: Path | None, replace: bool) -> None:
    """Make the store from the backup FILE, with its decisions. FILE is read and compared with its checksum before anything is changed."""
    from kg.store.backup import restore as run

    config = settings(store)
    kept, aside = run(file, config.store, replace=replace)
    click.echo(f"restored {config.store}: {kept.quads:,} quads, {kept.decisions:,} decisions", err=True)
    if aside:
        click.echo(f"what was there before is now {aside}", err=True)


COMMANDS = (check, backup, restore)
