"""The command line: each command of `kg.commands` parses, calls one function, prints. They are the only place that prints."""

from __future__ import annotations

import sys
from typing import Any

import click

from kg import __version__
from kg.commands import analyse, ask, identity, keep, look, question, read, serve, time
from kg.commands.shared import plain
from kg.errors import KgError


class _Commands(click.Group):
    """Prints an error of ours as one line and exits with 1, in the order of the commands' definition."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KgError as error:
            raise click.ClickException(plain(str(error))) from error
        except BrokenPipeError:
            sys.stderr.close()
            ctx.exit(1)
        except OSError as error:  # a file or a disk, where no command says more of it
            raise click.ClickException(
                f"{error.filename or 'the disk'}: {error.strerror or plain(str(error))}"
            ) from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="kg")
def main() -> None:
    """Read Chinese and English documents about the AI industry into a knowledge graph, every statement with its evidence."""


for _room in (read, ask, question, look, analyse, time, identity, keep, serve):
    for _command in _room.COMMANDS:
        main.add_command(_command)


if __name__ == "__main__":
    main()
