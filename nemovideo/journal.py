"""The journal: turns and renders are written down before they are sent, so that a crash loses none.

A SQLite file, for its owner only, shared by any number of processes and services. It holds messages and
drafts, and no token.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sqlite3
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

from attrs import field, frozen

from nemovideo._clock import SystemClock
from nemovideo._unbroken import unbroken
from nemovideo.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    import aiosqlite

    from nemovideo._clock import Clock
    from nemovideo.draft.model import Draft

T = TypeVar("T")

_logger = logging.getLogger("nemovideo")

SCHEMA_VERSION = 1

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    id TEXT PRIMARY KEY,
    service TEXT NOT NULL,
    kind TEXT NOT NULL,
    session_id TEXT NOT NULL,
    created_at REAL NOT NULL,
    data TEXT NOT NULL
)
"""
_BUSY_SECONDS = 30.0

EntryKind: TypeAlias = Literal["turn", "render"]


@frozen
class JournalEntry:
    """Something that was begun, and whose end the journal has not seen.

    Attributes:
        id: The journal's own for a turn; the render id for a render.
        service: The API's URL.
        kind: `turn` or `render`.
        session_id: Where it belongs.
        created_at: Unix time, seconds.
        data: For a turn its `text` and the state `before` it; for a render its `draft`, `file_format`,
            `quality`, and `to`, the file it shall become, or None.
    """

    id: str
    service: str
    kind: EntryKind
    session_id: str
    created_at: float
    data: Mapping[str, object] = field(repr=False)

    @property
    def label(self) -> str:
        """The message, or the file that shall be made, for a list of jobs."""
        return str(self.data.get("text" if self.kind == "turn" else "to") or self.id)


class Journal:
    """What was begun and has not ended, in one file.

    Args:
        path: Made on first need, mode 0600.
        service: The API's URL: entries of others are neither listed nor resumed there.
        clock: Its wall time dates the entries.

    Raises:
        ConfigurationError: At first use: the file cannot be used, is no journal, or is of a newer version.
    """

    def __init__(self, path: str | os.PathLike[str], service: str, clock: Clock | None = None) -> None:
        self._path = Path(path).expanduser()
        self._service = service
        self._clock = clock or SystemClock()
        self._alone = asyncio.Lock()  # a thread and a connection at a time, however many turns begin at once

    async def pending(self) -> list[JournalEntry]:
        """Return what was begun and has not ended, oldest first: `nemo.resume(entry)` finishes it."""

        async def read(db: aiosqlite.Connection) -> list[JournalEntry]:
            rows = await db.execute_fetchall(
                "SELECT * FROM entries WHERE service = ? ORDER BY created_at, rowid", (self._service,)
            )
            return [JournalEntry(row[0], row[1], row[2], row[3], row[4], json.loads(row[5])) for row in rows]

        return await self._use(read)

    async def forget(self, entry: JournalEntry | str) -> None:
        """Give an entry up, by itself or by its id; one that is not there is forgotten already."""
        entry_id = entry.id if isinstance(entry, JournalEntry) else entry

        async def delete(db: aiosqlite.Connection) -> None:
            await db.execute("DELETE FROM entries WHERE id = ?", (entry_id,))

        await self._use(delete)

    async def settle(self, entry_id: str) -> None:
        """Note that something ended, well or not; if that cannot be written, the work still counts."""
        try:
            await self.forget(entry_id)
        except ConfigurationError as problem:
            _logger.warning("%s ended, but stays in the journal: %s", entry_id, problem.message)

    async def begin_turn(self, session_id: str, text: str, before: Mapping[str, object] | None) -> str:
        """Write a message down before it is sent; return the entry's id.

        Args:
            session_id: Where to.
            text: The message.
            before: The session's raw state before it; None where it could not be read.
        """
        return await self._begin(
            f"turn_{uuid.uuid4().hex}", "turn", session_id, {"text": text, "before": before}
        )

    async def begin_render(
        self, render_id: str, session_id: str, draft: Draft, *, file_format: str, quality: str, to: str | None
    ) -> None:
        """Write a render down before it is submitted."""
        data = {"draft": draft.to_wire(), "file_format": file_format, "quality": quality, "to": to}
        await self._begin(render_id, "render", session_id, data)

    async def _begin(
        self, entry_id: str, kind: EntryKind, session_id: str, data: Mapping[str, object]
    ) -> str:
        row = (entry_id, self._service, kind, session_id, self._clock.time(), json.dumps(data))

        async def insert(db: aiosqlite.Connection) -> None:
            await db.execute("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?, ?)", row)

        await self._use(insert)
        return entry_id

    async def _use(self, work: Callable[[aiosqlite.Connection], Awaitable[T]]) -> T:
        """Work on the file; what SQLite raises goes no further."""
        reason = ""
        try:
            return await unbroken(self._open_for(work))  # SQLite works in a thread
        except (sqlite3.Error, OSError) as problem:
            reason = str(problem) or type(problem).__name__
        raise ConfigurationError(
            f"The journal {self._path} cannot be used: {reason}.",
            hint="Move it away, or choose another file for it.",
        )

    async def _open_for(self, work: Callable[[aiosqlite.Connection], Awaitable[T]]) -> T:
        """Open the file for this alone: nothing stays open in between, and nothing has to be closed."""
        import aiosqlite  # only here: most clients keep no journal

        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))  # fails here, not in SQLite's thread
        async with (
            self._alone,
            aiosqlite.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None) as db,
        ):
            await _prepare(db)
            return await work(db)


async def _prepare(db: aiosqlite.Connection) -> None:
    """Make the table, unless it is there."""
    async with db.execute("PRAGMA user_version") as cursor:
        row = await cursor.fetchone()
    version = int(row[0]) if row is not None else 0
    if version > SCHEMA_VERSION:
        raise sqlite3.DatabaseError("it was written by a newer nemovideo")
    if version < SCHEMA_VERSION:
        await db.execute(_SCHEMA)
        await db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
