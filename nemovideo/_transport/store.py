"""What outlives a process: the client id and the starter tokens, in the config folder, for its owner only."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from nemovideo.config import new_client_id
from nemovideo.models import StarterToken

if TYPE_CHECKING:
    from filelock import FileLock

_logger = logging.getLogger("nemovideo")


_LONGEST_FILE_BYTES = 1024 * 1024


class ConfigStore:
    """Files in one folder; what cannot be written is kept in memory, with one warning, and reading goes on.

    The files are tiny and the lock does not wait, so the methods may run on the event loop.

    Args:
        folder: Made on first need, mode 0700; None keeps everything in memory.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._writable = folder is not None
        self._memory: dict[str, str] = {}  # what could not be written
        self._lock: FileLock | None = None

    def try_lock(self) -> bool:
        """Keep other processes out while a token is renewed; False while another holds the lock.

        Without a folder to write to there is nothing to share, and so nothing to lock.
        """
        if self._folder is None or not self._writable:
            return True
        from filelock import FileLock, Timeout  # only here: a token is renewed once in a week

        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = FileLock(self._folder / "token.lock", thread_local=False)
            lock.acquire(blocking=False)
        except Timeout:
            return False
        except (OSError, NotImplementedError) as problem:
            self._go_on_in_memory(problem)
        else:
            self._lock = lock
        return True

    def unlock(self) -> None:
        """Let other processes in again."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def client_id(self) -> str:
        """Return the kept client id, made on first need: a bare UUID in the file `client_id` [P]."""
        kept = (self._read("client_id") or "").strip()
        return kept if kept.isascii() and kept.isprintable() and kept else self.replace_client_id()

    def replace_client_id(self) -> str:
        """Make a new client id and keep it."""
        client_id = new_client_id()
        self._write("client_id", client_id + "\n")
        return client_id

    def token(self, api_url: str, client_id: str) -> StarterToken | None:
        """Return a client id's token of an API; None where there is none, or the file is damaged."""
        record = self._tokens().get(_key(api_url, client_id))
        if not isinstance(record, dict):
            return None
        token, user_id, expires_at = (record.get(key) for key in ("token", "user_id", "expires_at"))
        if not (isinstance(token, str) and isinstance(user_id, str) and isinstance(expires_at, str)):
            return None
        return StarterToken(token=token, user_id=user_id, expires_at=expires_at)

    def keep_token(self, api_url: str, client_id: str, token: StarterToken) -> None:
        """Keep a token beside those of other APIs and other clients: each goes to its own only."""
        record = {"token": token.token, "user_id": token.user_id, "expires_at": token.expires_at}
        self._write("tokens.json", json.dumps({**self._tokens(), _key(api_url, client_id): record}, indent=1))

    def _tokens(self) -> dict[str, object]:
        try:
            kept = json.loads(self._read("tokens.json") or "{}")
        except (ValueError, RecursionError):
            return {}
        return kept if isinstance(kept, dict) else {}

    def _read(self, name: str) -> str | None:
        if self._folder is None or name in self._memory:
            return self._memory.get(name)
        try:
            with (self._folder / name).open("rb") as file:
                if os.name == "posix" and os.fstat(file.fileno()).st_mode & 0o077:
                    with contextlib.suppress(OSError):  # a read-only mount keeps it as it is
                        os.fchmod(file.fileno(), 0o600)
                return file.read(_LONGEST_FILE_BYTES).decode()
        except (OSError, UnicodeDecodeError):
            return None  # not there yet, or damaged: as good as not there

    def _write(self, name: str, text: str) -> None:
        if self._folder is None or not self._writable:
            self._memory[name] = text
            return
        part: str | None = None
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, part = tempfile.mkstemp(prefix=f".{name}.", dir=self._folder)  # mode 0600 from the start
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(part).replace(self._folder / name)
        except OSError as problem:
            if part is not None:
                with contextlib.suppress(OSError):
                    Path(part).unlink()
            self._go_on_in_memory(problem)
            self._memory[name] = text

    def _go_on_in_memory(self, problem: Exception) -> None:
        _logger.warning(
            "%s cannot be written (%s): the starter token is kept in memory and lost when this process ends.",
            self._folder,
            type(problem).__name__,
        )
        self._writable = False


def _key(api_url: str, client_id: str) -> str:
    return f"{api_url} {client_id}"
