"""The command that answers questions in plain words."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from kg.commands.shared import AS_OF, STORE, plain, settings, table

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("question")
@STORE
@AS_OF
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option(
    "--timeout",
    default=60.0,
    show_default=True,
    type=click.FloatRange(0.1, 3600),
    help="Seconds that the answer may take.",
)
@click.option("--proofs", default=5, show_default=True, type=click.IntRange(0), help="Sentences of proof to show.")
def ask(question: str, store: Path | None, as_of: str | None, as_json: bool, timeout: float, proofs: int) -> None:
    """Answer a question in Chinese or English with the sentences that prove it and its SPARQL.

    What is not understood is said, with questions and names that are near. Exit code 1 then.
    """
    from dataclasses import asdict

    from kg.ask.limit import answered

    answer = answered(settings(store).store, question, as_of=as_of, seconds=timeout)
    if as_json:
        click.echo(json.dumps(asdict(answer), ensure_ascii=False, indent=1))
        sys.exit(0 if answer.understood else 1)
    if not answer.understood:
        click.echo(plain(f"not understood: {answer.why}"), err=True)
        for near in answer.near:
            click.echo(plain(f"  near: {near}"), err=True)
        sys.exit(1)
    if answer.why:
        click.echo(plain(answer.why), err=True)
    elif answer.rows:
        table(answer.variables, answer.rows, total=True)
    else:
        click.echo("understood, but no document in the store states it", err=True)
    for proof in answer.proofs[:proofs]:
        click.secho(plain(f"  “{proof.quote}”  {proof.source}" if proof.quote else f"  {proof.source}"), dim=True)
    if answer.sparql:
        click.echo(plain(answer.sparql))


COMMANDS = (ask,)
