"""Looks at a file before any of it is sent: there, not empty, not too large, what its ending says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nemovideo._transport.multipart import FileSource
from nemovideo.errors import (
    MAX_FILE_BYTES,
    SUPPORTED_FORMATS,
    ConfigurationError,
    FileTooLargeError,
    UnsupportedFileError,
)
from nemovideo.resources import heic

if TYPE_CHECKING:
    import os

_CONTENT_TYPES = {
    "mp4": "video/mp4", "mov": "video/quicktime", "avi": "video/x-msvideo", "webm": "video/webm",
    "mkv": "video/x-matroska", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png",
    "gif": "image/gif", "webp": "image/webp", "mp3": "audio/mpeg", "wav": "audio/wav", "m4a": "audio/mp4",
    "aac": "audio/aac",
}  # fmt: skip
_IMAGE_TYPES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
_HEIC_ENDINGS = frozenset({"heic", "heif"})
_HEIC_TYPES = frozenset({"image/heic", "image/heif"})
_BARE_AUDIO = frozenset(
    {"mp3", "aac"}
)  # may begin in the middle of anything: only what is surely wrong is refused
_HEAD_BYTES = 8192
_LONGEST_NAME = 120
_HEIC_HINT = (
    'Install "nemovideo[heic]" to have it converted, or save it as JPEG: the service does not take HEIC.'
)


def check_file(path: str | os.PathLike[str]) -> FileSource:
    """Return what an upload needs of a file. Blocks: call it off the event loop.

    Raises:
        ConfigurationError: It is not there, is no plain file, or cannot be read.
        UnsupportedFileError: It is empty, or its ending or its content is none that the service takes; or it
            is a HEIC photo, and the extra `heic` is not installed.
        FileTooLargeError: It is over 200 MB.
    """
    try:
        file = Path(path).expanduser()
        ending = file.suffix.lower().lstrip(".")
        facts = _stat(file)
    except (TypeError, ValueError, RuntimeError):
        raise ConfigurationError(f"{path!r} is no path.") from None
    name = _plain_name(file)
    if ending not in SUPPORTED_FORMATS and ending not in _HEIC_ENDINGS:
        raise _unsupported(f"{name} has an ending that the service does not take.")
    if facts.st_size == 0:
        raise _unsupported(f"{name} is empty.", "Look for the original file.")
    if facts.st_size > MAX_FILE_BYTES:
        size = facts.st_size / 1024**2
        raise FileTooLargeError(f"{name} has {size:.1f} MB.", code=4002)
    content_type = _check_content(name, ending, _head(file))
    return FileSource(file, name, facts.st_size, facts.st_mtime_ns, content_type)


def _stat(file: Path) -> os.stat_result:
    reason = ""
    try:
        if file.is_dir():
            reason = "it is a folder; name the files in it"
        elif file.exists() and not file.is_file():
            reason = "it is no plain file"
        else:
            return file.stat()
    except FileNotFoundError:
        reason = "there is no such file"
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
    raise ConfigurationError(f"{_printable(str(file))} cannot be uploaded: {reason}.")


def _head(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(_HEAD_BYTES)
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
    raise ConfigurationError(f"{_printable(str(file))} cannot be uploaded: {reason}.")


def _check_content(name: str, ending: str, head: bytes) -> str:
    """Return the content type; HEIC counts by what it is, under any name."""
    import puremagic  # only here: it is slow to load

    try:
        types = {match.mime_type for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        types = set()
    if types & _HEIC_TYPES:
        if not heic.can_convert():
            raise _unsupported(f"{name} is a HEIC photo.", _HEIC_HINT)
        return heic.CONTENT_TYPE
    expected = _CONTENT_TYPES.get(ending, heic.CONTENT_TYPE)
    if expected.startswith("image/"):
        fits = expected != heic.CONTENT_TYPE and bool(types & _IMAGE_TYPES)
    elif ending in _BARE_AUDIO:
        fits = not _is_text(head)
    else:
        fits = any(kind.startswith(("video/", "audio/")) or "matroska" in kind for kind in types)
    if not fits:
        raise _unsupported(f"{name} is not what its ending says.")
    return expected


def _is_text(head: bytes) -> bool:
    try:
        return "\0" not in head.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _plain_name(file: Path) -> str:
    """Return a name fit for a header: no control characters, no surrogates, not too long, the ending kept."""
    stem, dot, ending = _printable(file.name).rpartition(".")
    return f"{stem[:_LONGEST_NAME]}{dot}{ending}"


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else "_" for letter in text)


def _unsupported(message: str, hint: str | None = None) -> UnsupportedFileError:
    return UnsupportedFileError(message, code=4001, hint=hint)
