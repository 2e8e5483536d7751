"""`nemovideo serve`: the embedded backend as a server, until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nemovideo.cli.arguments import as_json_option
from nemovideo.cli.wording import echo_json
from nemovideo.errors import ConfigurationError
from nemovideo.local import LocalBackend

if TYPE_CHECKING:
    from nemovideo.local.chat_calls import DialectName

DEFAULT_PORT = 8787


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=DEFAULT_PORT, show_default=True, help="0: any."
)
@click.option(
    "--data-dir", type=click.Path(file_okay=False, path_type=Path), help="Keep everything here for next time."
)
@click.option(
    "--credits",
    "starter_credits",
    type=click.IntRange(0),
    default=100,
    show_default=True,
    help="Of a new account.",
)
@click.option("--dialect", type=click.Choice(["adk", "simple"]), default="adk", show_default=True)
@as_json_option
def serve(
    host: str, port: int, data_dir: Path | None, starter_credits: int, dialect: DialectName, *, as_json: bool
) -> None:
    """Serve the embedded backend on this machine.

    It is the whole service. Prints the settings with which any client finds it, and stops on Ctrl-C or
    SIGTERM.
    """
    backend = LocalBackend(host=host, port=port, data_dir=data_dir, credits=starter_credits, dialect=dialect)
    asyncio.run(_serve(backend, host, port, as_json=as_json))


async def _serve(backend: LocalBackend, host: str, port: int, *, as_json: bool) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C interrupts instead
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        await backend.start()
    except (OSError, OverflowError, sqlite3.Error) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise ConfigurationError(f"Cannot serve on {host}, port {port}: {reason}.") from None
    try:
        if as_json:
            echo_json({"NEMO_API_URL": backend.url, "NEMO_WEB_URL": backend.web_url})
        else:
            click.echo(f"NEMO_API_URL={backend.url} NEMO_WEB_URL={backend.web_url}")
        await stop.wait()
    finally:
        await backend.close()
