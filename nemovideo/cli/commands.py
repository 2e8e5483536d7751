"""All commands under one name."""

from __future__ import annotations

import click

from nemovideo._version import __version__
from nemovideo.cli.chat import chat
from nemovideo.cli.credits import show_credits
from nemovideo.cli.export import export
from nemovideo.cli.jobs import resume, show_jobs
from nemovideo.cli.make import make
from nemovideo.cli.serve import serve
from nemovideo.cli.session import open_link, show_state
from nemovideo.cli.upload import upload


@click.group(
    no_args_is_help=False, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="nemovideo", message="%(prog)s %(version)s")
def commands() -> None:
    """Photos into videos by talking.

    NEMO_TOKEN names your account; without it a free starter token is fetched once and kept. NEMO_API_URL
    names another service: the one of `nemovideo serve` runs on this machine.
    """


for command in (make, chat, upload, export, show_state, open_link, show_credits, show_jobs, resume, serve):
    commands.add_command(command)
