"""`nemovideo jobs` and `nemovideo resume`: what was begun and has not ended, and its end."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from nemovideo.cli.arguments import as_json_option
from nemovideo.cli.chat import echo_outcome
from nemovideo.cli.client import journaling_client
from nemovideo.cli.display import Display
from nemovideo.cli.wording import echo_json, one_line, printable, turn_object, video_line, video_object
from nemovideo.models import Turn, Video

if TYPE_CHECKING:
    from nemovideo.client import NemoVideo
    from nemovideo.journal import JournalEntry
    from nemovideo.models import RenderJob


@click.command("jobs")
@as_json_option
def show_jobs(*, as_json: bool) -> None:
    """Show what was begun and has not ended.

    These are turns and renders whose end was not seen. `nemovideo resume` finishes one, or finds out what
    became of it.
    """
    entries = asyncio.run(_pending())
    if as_json:
        echo_json({"jobs": [_job_object(entry) for entry in entries]})
        return
    for entry in entries:
        began = datetime.fromtimestamp(entry.created_at).astimezone()
        click.echo(f"{entry.id}  {began:%Y-%m-%d %H:%M}  {entry.kind}: {one_line(entry.label)}")
    if not entries:
        click.echo("Nothing is left undone.")


@click.command()
@click.argument("job_id", metavar="JOB")
@click.option("--forget", is_flag=True, help="Give the job up instead.")
@as_json_option
def resume(job_id: str, *, forget: bool, as_json: bool) -> None:
    """Finish a job that `nemovideo jobs` shows. Nothing is sent or charged twice.

    A turn is looked up in the session's timeline; a render is waited for, and its video fetched.
    """
    result = asyncio.run(_forget(job_id) if forget else _resume(job_id))
    if result is None:
        _show_forgotten(job_id, as_json=as_json)
    elif isinstance(result, Turn):
        if as_json:
            echo_json(turn_object(result))
        else:
            echo_outcome(result)
            click.echo(f"Go on: nemovideo export {result.session_id} -o OUT")
    elif isinstance(result, Video):
        if as_json:
            echo_json(video_object(result))
        else:
            click.echo(video_line(result))
    elif as_json:
        echo_json({"render_id": result.id, "status": result.status, "url": result.url})
    else:
        click.echo(printable(f"{result.id}: {result.status} {result.url or ''}").rstrip())


def _show_forgotten(job_id: str, *, as_json: bool) -> None:
    if as_json:
        echo_json({"forgotten": job_id})
    else:
        click.echo(f"{job_id} is forgotten.")


def _job_object(entry: JournalEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "kind": entry.kind,
        "session_id": entry.session_id,
        "created_at": entry.created_at,
        "label": entry.label,
    }


async def _pending() -> list[JournalEntry]:
    async with journaling_client(must_remember=True) as nemo:
        return await nemo.journal.pending()


async def _resume(job_id: str) -> Turn | Video | RenderJob:
    async with journaling_client(must_remember=True) as nemo:
        entry = await _find(nemo, job_id)
        with Display() as display:
            return await nemo.resume(entry, on_progress=display)


async def _forget(job_id: str) -> None:
    async with journaling_client(must_remember=True) as nemo:
        await nemo.journal.forget(await _find(nemo, job_id))


async def _find(nemo: NemoVideo, job_id: str) -> JournalEntry:
    for entry in await nemo.journal.pending():
        if entry.id == job_id:
            return entry
    raise click.BadParameter(f"there is no job {job_id!r}; 'nemovideo jobs' shows them.", param_hint="JOB")
