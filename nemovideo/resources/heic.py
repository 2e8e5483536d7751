"""HEIC photos become JPEG on their way: the service does not take them. Needs the extra `heic`."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve

from nemovideo.errors import MAX_FILE_BYTES, FileTooLargeError, UnsupportedFileError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from nemovideo._transport.multipart import FileSource

CONTENT_TYPE = "image/heic"

_JPEG_QUALITY = 92


def can_convert() -> bool:
    """Return whether the extra `heic` is installed."""
    return all(importlib.util.find_spec(name) is not None for name in ("PIL", "pillow_heif"))


@contextlib.asynccontextmanager
async def as_jpeg(sources: Sequence[FileSource]) -> AsyncIterator[list[FileSource]]:
    """Give the same files, HEIC photos among them as JPEG, upright; the converted ones are removed after.

    Raises:
        UnsupportedFileError: A photo cannot be read.
        FileTooLargeError: As JPEG it is over 200 MB.
    """
    if all(source.content_type != CONTENT_TYPE for source in sources):
        yield list(sources)
        return
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="nemovideo-"))
    try:
        ready = []
        for number, source in enumerate(sources):
            if source.content_type == CONTENT_TYPE:
                ready.append(await asyncio.to_thread(_convert, source, folder / f"{number}.jpg"))
            else:
                ready.append(source)
        yield ready
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def _convert(source: FileSource, target: Path) -> FileSource:
    import pillow_heif  # the extra `heic`, needed only here

    failure = ""
    try:
        photo = pillow_heif.open_heif(source.path).to_pillow()  # applies its rotation
        profile = photo.info.get("icc_profile")
        photo.convert("RGB").save(
            target, "JPEG", quality=_JPEG_QUALITY, exif=photo.getexif(), icc_profile=profile
        )
    except OSError as problem:
        failure = problem.strerror or "it is damaged"
    except (ValueError, RuntimeError, EOFError, SyntaxError):
        failure = "it is damaged"
    if failure:
        raise UnsupportedFileError(
            f"{source.name} could not be converted to JPEG: {failure}.",
            code=4001,
            hint="Save it as JPEG yourself, or look for the original file.",
        )
    facts = target.stat()
    if facts.st_size > MAX_FILE_BYTES:
        raise FileTooLargeError(f"{source.name} has {facts.st_size / 1024**2:.1f} MB as JPEG.", code=4002)
    return evolve(
        source,
        path=target,
        name=f"{source.name.rpartition('.')[0]}.jpg",
        size=facts.st_size,
        modified_ns=facts.st_mtime_ns,
        content_type="image/jpeg",
    )
