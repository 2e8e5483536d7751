"""Arguments and options that several commands share."""

from __future__ import annotations

import os
from pathlib import Path

import click

VIDEO_FORMATS = ("mp4", "mov", "webm", "gif")

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout.")
session_argument = click.argument("session_id", metavar="SESSION")


def _check_out(_: click.Context, parameter: click.Parameter, out: Path) -> Path:
    """Fail before anything is sent where no video can be written."""
    folder = out.absolute().parent
    problem = ""
    if file_format(out) not in VIDEO_FORMATS:
        problem = f"{out} has to end in .{', .'.join(VIDEO_FORMATS)}."
    elif out.is_dir():
        problem = f"{out} is a folder."
    elif not folder.is_dir():
        problem = f"the folder {folder} does not exist."
    elif not os.access(folder, os.W_OK | os.X_OK):
        problem = f"the folder {folder} cannot be written."
    if problem:
        raise click.BadParameter(problem, param=parameter)
    return out


out_option = click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    callback=_check_out,
    help="The file to write: .mp4, .mov, .webm or .gif.",
)


def file_format(path: Path) -> str:
    """Return the format that a file's ending asks for."""
    return path.suffix.lower().lstrip(".")
