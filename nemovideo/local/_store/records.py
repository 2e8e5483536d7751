"""One small database file: JSON records by kind and key."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

from nemovideo.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

# One backend for a folder. Write-ahead without a sync for each commit: what was answered survives a killed
# process, and that is what is promised.
_SET_UP = """
PRAGMA locking_mode=EXCLUSIVE;
PRAGMA journal_mode=WAL;
PRAGMA synchronous=OFF;
CREATE TABLE IF NOT EXISTS record (kind TEXT, key TEXT, body TEXT, PRIMARY KEY (kind, key));
"""


class Records:
    """JSON records that outlive the process; for one thread of one process.

    Args:
        path: The SQLite file; made when it is missing.

    Raises:
        ConfigurationError: Another backend has it open, or it is no such file.
    """

    def __init__(self, path: Path) -> None:
        path.touch(mode=0o600)  # tokens are in it
        self._database = sqlite3.connect(path, timeout=0, isolation_level=None)
        try:
            self._database.executescript(_SET_UP)
        except sqlite3.DatabaseError as error:
            self._database.close()
            raise ConfigurationError(
                f"{path} cannot be used: {error}.", hint="Give each backend a data_dir of its own."
            ) from None

    def put(self, kind: str, key: str, record: Mapping[str, Any]) -> None:
        """Write one record, replacing what has the same kind and key; a new key comes last in `load`."""
        self._database.execute(
            "INSERT INTO record VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body",
            (kind, key, json.dumps(record)),
        )

    def load(self, kind: str) -> Iterator[dict[str, Any]]:
        """Yield the records of one kind in the order in which they were first written."""
        rows = self._database.execute("SELECT body FROM record WHERE kind = ? ORDER BY rowid", (kind,))
        for (body,) in rows:
            yield json.loads(body)

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        self._database.close()
