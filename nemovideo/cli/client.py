"""The client that commands use: it keeps a journal, for `nemovideo jobs` and `nemovideo resume`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from nemovideo.client import NemoVideo
from nemovideo.config import default_config_dir

if TYPE_CHECKING:
    from pathlib import Path


def journaling_client() -> NemoVideo:
    """Return a client of the service; in a home that cannot be written it goes on without a journal."""
    return NemoVideo(journal=_journal_path())


def _journal_path() -> Path | None:
    folder = default_config_dir(os.environ)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / "journal.db").touch(mode=0o600)
    except OSError:
        click.echo(f"nemovideo: {folder} cannot be written, so no job is remembered.", err=True)
        return None
    return folder / "journal.db"
