"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

from nemovideo._transport.download import check_destination
from nemovideo.errors import DownloadError
from nemovideo.resources.renders import FORMATS

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout.")
session_argument = click.argument("session_id", metavar="SESSION")


def _check_out(_: click.Context, parameter: click.Parameter, out: Path) -> Path:
    """Fail before anything is sent where no video can be written."""
    if out.suffix.lower().lstrip(".") not in FORMATS:
        raise click.BadParameter(f"{out} has to end in .{', .'.join(FORMATS)}.", param=parameter)
    try:
        check_destination(out)
    except DownloadError as problem:
        raise click.BadParameter(problem.message, param=parameter) from None
    return out


out_option = click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    callback=_check_out,
    help="The file to write: .mp4, .mov, .webm or .gif.",
)
