"""`nemovideo upload`: files into a session."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click
from attrs import asdict

from nemovideo.cli.arguments import as_json_option, session_argument
from nemovideo.cli.display import Display
from nemovideo.cli.wording import echo_json, upload_line
from nemovideo.client import NemoVideo

if TYPE_CHECKING:
    from nemovideo.models import Upload


@click.command()
@session_argument
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@as_json_option
def upload(session_id: str, files: tuple[str, ...], *, as_json: bool) -> None:
    """Add photos, clips and sounds to a session.

    All of them are uploaded, or none.
    """
    uploads = asyncio.run(_upload(session_id, files))
    if as_json:
        echo_json({"session_id": session_id, "files": [asdict(one) for one in uploads]})
        return
    for one in uploads:
        click.echo(upload_line(one))


async def _upload(session_id: str, files: tuple[str, ...]) -> list[Upload]:
    async with NemoVideo() as nemo:
        with Display() as display:
            return await nemo.uploads.files(session_id, *files, on_progress=display)
