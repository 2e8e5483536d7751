"""How every command runs: one event loop, one exit status, one line on stderr when it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from nemovideo.cli.wording import one_line
from nemovideo.errors import ConfigurationError, NemoVideoError

if TYPE_CHECKING:
    from collections.abc import Sequence

DONE = 0
WRONG_USE = 2
FAILED = 3
INTERRUPTED = 130


def run(commands: click.Group, arguments: Sequence[str] | None) -> int:
    """Run what the arguments ask for and return the exit status; a failure prints one line."""
    try:
        status = commands.main(
            arguments if arguments is None else list(arguments),
            prog_name="nemovideo",
            standalone_mode=False,
        )
    except click.UsageError as problem:
        path = problem.ctx.command_path if problem.ctx is not None else "nemovideo"
        return _fail(f"{problem.format_message()} See '{path} --help'.", WRONG_USE)
    except ConfigurationError as problem:
        return _fail(str(problem), WRONG_USE)
    except NemoVideoError as problem:
        return _fail(str(problem), FAILED)
    except click.Abort:  # what click makes of KeyboardInterrupt
        return _fail("interrupted.", INTERRUPTED)
    return status if isinstance(status, int) else DONE  # `--help` and `--version` return theirs


def _fail(message: str, status: int) -> int:
    click.echo(f"nemovideo: {one_line(message)}", err=True)
    return status
