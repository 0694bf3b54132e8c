"""What the commands share: their options, the settings made of them, and how they print."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from kg.errors import KgError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kg.config import Config
    from kg.model import Skipped
    from kg.store.view import View

STORE = click.option(
    "--store",
    type=click.Path(path_type=Path),
    help="Folder or http address of the store (default: graph.kg, or KG_STORE).",
)
OUT = click.option("-o", "--output", default="-", show_default=True, help="File to write; - is standard output.")
REGISTRY = click.option(
    "--registry", multiple=True, help="A registry file of your own on top of the built-in one; `none` leaves that out."
)
CONFIDENCE = click.option(
    "--min-confidence", type=click.FloatRange(0, 1), help="Keep claims of at least this confidence."
)

AS_OF = click.option(
    "--as-of",
    metavar="DATE",
    help="The graph as of a date (2024, 2024-06 or 2024-06-30): without later documents and what did not hold then.",
)
WORKERS = click.option(
    "-j", "--workers", type=click.IntRange(0), help="Processes that read documents (default: one a core)."
)


def settings(
    store: Path | None = None,
    registry: Sequence[str] = (),
    min_confidence: float | None = None,
    workers: int | None = None,
) -> Config:
    from kg.config import config
    from kg.store.address import place

    made = config()
    made = replace(made, store=place(made.store if store is None else store))
    if workers is not None:
        made = replace(made, workers=workers)
    if registry:
        made = replace(
            made, registry=tuple(Path(r) for r in registry if r != "none"), builtin_registry="none" not in registry
        )
    return made if min_confidence is None else replace(made, min_confidence=min_confidence)


def opened(config: Config, as_of: str | None = None) -> View:
    """The store of `config` for reading, as of a date where one is given."""
    from kg.store.view import View

    view = View(config.store)
    return view.as_of(as_of) if as_of else view


@contextmanager
def writing(output: str) -> Iterator[IO[bytes]]:
    """The file `output` to write into, or standard output for `-`. What stood there before stays until all is written."""
    if output == "-":
        yield sys.stdout.buffer
        sys.stdout.flush()
        return
    target = Path(output).resolve()
    whole = not target.exists() or target.is_file()  # a pipe or a device cannot be replaced
    part = target.with_name(f".kg-{os.getpid()}.part") if whole and os.access(target.parent, os.W_OK) else target
    try:
        with part.open("wb") as file:
            yield file
        if part != target:
            if target.exists():
                shutil.copymode(target, part)
            part.replace(target)
    except OSError as error:
        raise KgError(f"{output}: cannot be written ({error.strerror})") from error
    finally:
        if part != target:
            part.unlink(missing_ok=True)
    click.echo(f"wrote {output}", err=True)


def write(output: str, data: str | bytes) -> None:
    with writing(output) as file:
        file.write(data.encode("utf-8") if isinstance(data, str) else data)


def report(skipped: Sequence[Skipped]) -> bool:
    """Print what was not read; whether any of it is a failure."""
    from kg.ingest.files import Ignored

    for item in skipped:
        click.echo(f"{'note' if isinstance(item, Ignored) else 'not read'}: {item.path}: {item.cause}", err=True)
    return any(not isinstance(item, Ignored) for item in skipped)


def progress(paths: Sequence[str]) -> tuple[Any, Callable[[str], None]]:
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


def plain(text: str) -> str:
    """One line without control characters, which a document could use to drive the terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def table(header: Sequence[str], rows: Sequence[Sequence[object]], *, total: bool = False) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(show_edge=False, header_style="bold")
    for name in header:
        table.add_column(Text(name), overflow="fold")
    for row in rows:
        table.add_row(*(Text(plain(str(c))) for c in row))
    console = Console()
    if not console.is_terminal:
        console = Console(width=200)
    console.print(table)
    if total:
        click.echo(f"{len(rows)} rows", err=True)
