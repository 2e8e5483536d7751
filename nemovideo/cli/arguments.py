"""Arguments and options that several commands share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

VIDEO_FORMATS = ("mp4", "mov", "webm", "gif")

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout.")
session_argument = click.argument("session_id", metavar="SESSION")


class VideoPath(click.ParamType[Path]):
    """A file that a video can be written to; its ending chooses the format."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path, or fail before anything is sent."""
        path = Path(value).expanduser()
        folder = path.absolute().parent
        if path.suffix.lower().lstrip(".") not in VIDEO_FORMATS:
            self.fail(f"{path} has to end in .{', .'.join(VIDEO_FORMATS)}.", param, ctx)
        if path.is_dir():
            self.fail(f"{path} is a folder.", param, ctx)
        if not folder.is_dir():
            self.fail(f"the folder {folder} does not exist.", param, ctx)
        if not os.access(folder, os.W_OK | os.X_OK):
            self.fail(f"the folder {folder} cannot be written.", param, ctx)
        return path


out_option = click.option(
    "-o", "--out", type=VideoPath(), required=True, help="The file to write: .mp4, .mov, .webm or .gif."
)


def file_format(path: Path) -> str:
    """Return the format that a `VideoPath` asks for."""
    return path.suffix.lower().lstrip(".")
