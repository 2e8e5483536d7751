"""One small database file: JSON records by kind and key."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


class Records:
    """JSON records that outlive the process; for one thread.

    Args:
        path: The SQLite file; made when it is missing.
    """

    def __init__(self, path: Path) -> None:
        path.touch(mode=0o600)  # tokens are in it
        # Write-ahead without a sync for each commit: survives a killed process, which is what is promised.
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=OFF")
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS record (kind TEXT, key TEXT, body TEXT, PRIMARY KEY (kind, key))"
        )

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
