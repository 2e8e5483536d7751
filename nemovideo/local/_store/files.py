"""Files on disk, as a content network would hold them: a folder nobody can guess, and a safe name."""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self
from urllib.parse import quote, unquote, urlsplit

from pathvalidate import sanitize_filename

from nemovideo.errors import MAX_FILE_BYTES, SUPPORTED_FORMATS

if TYPE_CHECKING:
    from types import TracebackType

_CDN_PATH = re.compile(r"/cdn/([0-9a-f]{32})/([^/]+)\Z")
_STEM_LETTERS, _ENDING_LETTERS = 60, 10
"""Below 255 bytes in all, which is what file systems take, even with four bytes a letter."""


class TooLarge(Exception):
    """More bytes arrived than a file may have."""


class Incoming:
    """A file that is arriving: hashed as it comes, gone unless it is kept. A context manager."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size_bytes = 0
        self._hash = hashlib.sha256()
        self._file: BinaryIO = path.open("wb")

    def write(self, chunk: bytes) -> None:
        """Take the next bytes.

        Raises:
            TooLarge: The file is past the limit of the wire.
        """
        self.size_bytes += len(chunk)
        if self.size_bytes > MAX_FILE_BYTES:
            raise TooLarge
        self._hash.update(chunk)
        self._file.write(chunk)

    def finish(self) -> str:
        """Close the file and return the SHA-256 of its content, in hex."""
        self._file.close()
        return self._hash.hexdigest()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)


class Files:
    """Uploads and finished videos below one folder; no path leads out of it.

    Args:
        folder: Made when it is missing. What a killed process left half-written is removed.
    """

    def __init__(self, folder: Path) -> None:
        self._served = folder / "files"
        self._incoming = folder / "incoming"
        self._served.mkdir(parents=True, exist_ok=True)
        self._incoming.mkdir(exist_ok=True)
        for left in self._incoming.iterdir():
            left.unlink()

    def receive(self, name: str) -> Incoming:
        """Return a place to write an arriving file; its ending is kept, for probing."""
        return Incoming(self._incoming / f"{uuid.uuid4().hex}{Path(safe_name(name)).suffix}")

    def keep(self, path: Path, digest: str, name: str) -> str:
        """Move a received file to where it is served, and return its CDN path."""
        folder = self._served / digest[:32]
        folder.mkdir(exist_ok=True)
        path.replace(folder / safe_name(name))
        return _cdn_path(folder.name, safe_name(name))

    def reserve(self, name: str) -> tuple[Path, str]:
        """Return where a file that is about to be made goes, and its CDN path."""
        folder = self._served / secrets.token_hex(16)
        folder.mkdir()
        return folder / safe_name(name), _cdn_path(folder.name, safe_name(name))

    def release(self, path: Path) -> None:
        """Give up a place got from `reserve`."""
        shutil.rmtree(path.parent, ignore_errors=True)

    def find(self, url: str) -> Path | None:
        """Return the file behind a CDN URL or path, whatever host it names; None if there is none."""
        match = _CDN_PATH.search(urlsplit(url).path)
        if match is None:
            return None
        name = unquote(match[2])
        path = self._served / match[1] / name
        return path if name == safe_name(name) and path.is_file() else None


def safe_name(name: str) -> str:
    """Return a plain file name for what a client called its file; the ending survives."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    stem, dot, ending = base.rpartition(".") if "." in base else (base, "", "")
    stem = str(sanitize_filename(stem, platform="universal"))[:_STEM_LETTERS].strip(". ")
    ending = re.sub(r"[^A-Za-z0-9]", "", ending)[:_ENDING_LETTERS]
    return f"{stem or 'file'}{dot if ending else ''}{ending}"


def is_supported(name: str) -> bool:
    """Return whether a name has one of the endings that the service takes [S]."""
    return safe_name(name).rpartition(".")[2].lower() in SUPPORTED_FORMATS


def _cdn_path(folder: str, name: str) -> str:
    return f"/cdn/{folder}/{quote(name)}"
