"""The client that commands use: it keeps a journal, for `nemovideo jobs` and `nemovideo resume`."""

from __future__ import annotations

import os

import click

from nemovideo.client import NemoVideo
from nemovideo.config import default_config_dir
from nemovideo.errors import ConfigurationError


def journaling_client(*, must_remember: bool = False) -> NemoVideo:
    """Return a client of the service; in a home that cannot be written it goes on without a journal.

    Raises:
        ConfigurationError: A setting cannot work, or there is no journal and the command `must_remember`.
    """
    folder = default_config_dir(os.environ)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / "journal.db").touch(mode=0o600)
    except OSError:
        problem = f"{folder} cannot be written, so no job is remembered."
    else:
        return NemoVideo(journal=folder / "journal.db")
    if must_remember:
        raise ConfigurationError(problem)
    click.echo(f"nemovideo: {problem}", err=True)
    return NemoVideo()
