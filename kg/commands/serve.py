"""Commands that let others ask the store: over HTTP, and by the Model Context Protocol."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from kg.commands.shared import STORE, settings
from kg.errors import KgError

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@STORE
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8765, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--allow-host", multiple=True, metavar="NAME", help="A name by which the server may be called besides.")
@click.option(
    "--timeout",
    default=10.0,
    show_default=True,
    type=click.FloatRange(0.1, 3600),
    help="Seconds that a query may take.",
)
@click.option(
    "--max-rows", default=100_000, show_default=True, type=click.IntRange(1), help="Rows that a result may have."
)
@click.option(
    "-j",
    "--workers",
    default=2,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Heavy queries that run at once, and as many quick ones.",
)
@click.option(
    "--allow-update", is_flag=True, help="Take updates from those who send the token that KG_UPDATE_TOKEN holds."
)
def serve(
    store: Path | None,
    host: str,
    port: int,
    allow_host: tuple[str, ...],
    timeout: float,
    max_rows: int,
    workers: int,
    allow_update: bool,
) -> None:
    """Serve the store over HTTP: pages at /, a SPARQL 1.1 endpoint at /sparql. It only reads unless told otherwise."""
    try:
        from kg.serve.app import run
    except ModuleNotFoundError as error:
        raise KgError(f"`kg serve` needs the package {error.name}: pip install 'kg[serve]'") from error
    from kg.serve.limits import Limits

    limits = Limits(seconds=timeout, rows=max_rows, workers=workers)
    where = f"[{host}]" if ":" in host else host

    def ready() -> None:
        click.echo(f"http://{where}:{port}/ and http://{where}:{port}/sparql; stop with Ctrl-C", err=True)

    chosen = settings(store)
    token = _token(chosen.store) if allow_update else None
    run(chosen.store, host, port, limits, allow=allow_host, token=token, base=chosen.base, ready=ready)


def _token(store: Path) -> str:
    from kg.store import address

    if address.of(store):
        raise KgError("--allow-update: this store is that of another server; send updates there")
    token = os.environ.get("KG_UPDATE_TOKEN", "")
    if not token:
        raise KgError("--allow-update: set KG_UPDATE_TOKEN to a secret, such as of `openssl rand -hex 32`")
    return token


@click.command()
@STORE
@click.option(
    "--http", metavar="HOST:PORT", help="Listen there, with the tools at /mcp, instead of on standard input and output."
)
def mcp(store: Path | None, http: str | None) -> None:
    """Offer the store to a language model, for reading: a Model Context Protocol server on standard input and output, or over HTTP."""
    try:
        from kg.serve.tools import over_http, server
    except ModuleNotFoundError as error:
        raise KgError(f"`kg mcp` needs the package {error.name}: pip install 'kg[mcp]'") from error
    made = server(settings(store).store)
    if http is None:
        made.run("stdio")
        return
    host, _, port = http.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise KgError(f"--http {http}: write HOST:PORT, such as 127.0.0.1:8766")
    from kg.serve.app import listen

    def ready() -> None:
        click.echo(f"http://{http}/mcp; stop with Ctrl-C", err=True)

    listen(over_http(made, host.strip("[]")), host.strip("[]"), int(port), ready=ready)


COMMANDS = (serve, mcp)
