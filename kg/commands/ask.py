"""Commands that ask the store."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from kg.commands.shared import AS_OF, OUT, STORE, opened, plain, settings, table, write
from kg.errors import KgError

if TYPE_CHECKING:
    from pathlib import Path

    from kg.store.graph import Fact


@click.command()
@click.argument("query")
@STORE
@click.option(
    "--format",
    "form",
    type=click.Choice(("table", "csv", "tsv", "json")),
    default="table",
    show_default=True,
    help="Form of SELECT results.",
)
@click.option("--explain", is_flag=True, help="Show the algebra of the query instead of running it.")
@AS_OF
@OUT
def query(query: str, store: Path | None, form: str, explain: bool, as_of: str | None, output: str) -> None:
    """Run SPARQL: the query itself, an .rq file, or a named query (see `kg queries`).

    ASK prints true or false, CONSTRUCT and DESCRIBE Turtle. The prefixes kg, rdfs, skos, dcterms, prov, oa … are known.
    """
    from kg import query as sparql

    text = sparql.text_of(query)
    if explain:
        write(output, sparql.explain(text))
        return
    view = opened(settings(store), as_of)
    if form != "table" or output != "-":
        write(output, sparql.serialized(view, text, "csv" if form == "table" else form))
        return
    result = sparql.run(view, text)
    if isinstance(result, sparql.Rows):
        table(result.variables, [tuple(sparql.cell(t) for t in row) for row in result.rows], total=True)
    else:
        write(output, sparql.formatted(result, form))


@click.command()
def queries() -> None:
    """List the named queries."""
    from kg.query import named_queries

    table(("name", "gives"), list(named_queries()))


def held(fact: Fact) -> str:
    """Status and time of a fact in words, where there is more to say than that it is stated."""
    times = [f"{word} {when}" for word, when in (("since", fact.since), ("until", fact.until)) if when]
    return " ".join([*([fact.status] if fact.status != "stated" else []), *times])


@click.command()
@click.argument("name")
@STORE
@AS_OF
def show(name: str, store: Path | None, as_of: str | None) -> None:
    """Show what is known of an entity: its facts, each with the words that state it."""
    reader = opened(settings(store), as_of)
    found = reader.find(name)
    if not found:
        raise KgError(f"{name}: no entity of this name in the store; `kg stats` shows what there is")
    for iri, kind, label in found[:10]:
        click.secho(plain(f"{label}  [{kind}]  {iri}"), bold=True)
        for fact in reader.facts(iri):
            more = ", ".join(x for x in (fact.role, fact.value, fact.holds_on, held(fact)) if x)
            arrow = (
                f"{fact.predicate} → {fact.other_label}" if fact.forward else f"← {fact.predicate} {fact.other_label}"
            )
            click.echo(plain(f"  {arrow}{f' ({more})' if more else ''}  {fact.confidence:.2f}"))
            click.secho(
                plain(f"      “{fact.quote}”  {fact.document}{f', {fact.date}' if fact.date else ''}"), dim=True
            )
        for row in reader.records(
            f"SELECT ?metric ?words ?value ?unit ?period WHERE {{ ?x a kg:Observation ; kg:subject <{iri}> ; kg:metric ?metric ; kg:value ?value ; kg:words ?words . "
            "OPTIONAL { ?x kg:unit ?unit } OPTIONAL { ?x kg:period ?period } } ORDER BY ?metric ?period ?value"
        ):
            click.echo(
                plain(
                    f"  {row['metric']}: {float(row['value']):.12g} {row.get('unit', '')} {row.get('period', '')}  (“{row['words']}”)"
                )
            )
    if len(found) > 10:
        click.echo(f"… and {len(found) - 10} more that contain the name", err=True)


@click.command()
@STORE
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def stats(store: Path | None, as_json: bool) -> None:
    """Count what the store holds."""
    from dataclasses import asdict

    from kg.store.graph import View

    found = View(settings(store).store).stats()
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=1))
        return
    table(
        ("documents", "entities", "claims", "observations", "mentions", "triples"),
        [(found.documents, found.entities, found.claims, found.observations, found.mentions, found.triples)],
    )
    table(("type", "entities"), [(k, n) for k, n in found.by_type.items() if n])
    table(("predicate", "claims"), list(found.by_predicate.items()))


_QUOTED = "SELECT ?x ?quote WHERE { ?x kg:evidence ?v . ?v oa:hasSelector ?q . ?q oa:exact ?quote }"


@click.command()
@STORE
def validate(store: Path | None) -> None:
    """Check the store against the SHACL shapes; a finding names its document and sentence. Exit code 1 if it does not conform."""
    from kg.store.graph import View
    from kg.store.shapes import validate as run

    view = View(settings(store).store)
    found = list(run(view))
    documents = {
        r["d"]: r["id"] for r in view.records("SELECT ?d ?id WHERE { ?d a kg:Document ; dcterms:identifier ?id }")
    }
    quotes = {r["x"]: r["quote"] for r in view.records(_QUOTED)} if found else {}
    for finding in found:
        words = f" “{quotes[finding.node]}”" if finding.node in quotes else ""
        source = documents.get(finding.graph, finding.graph)
        click.echo(plain(f"{source}:{words} {finding.node}: {finding.path}: {finding.message}"))
    click.echo("conforms" if not found else f"{len(found)} findings")
    sys.exit(1 if found else 0)


COMMANDS = (query, queries, show, stats, validate)
