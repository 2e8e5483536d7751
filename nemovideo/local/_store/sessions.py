"""Editing sessions: a draft, its media, and the drafts before it."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING, Any

from attrs import asdict, evolve, field, frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nemovideo.local._store.records import Records

UNDO_DEPTH = 50
"""Drafts kept behind the present one."""


def _items(value: Iterable[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    return tuple(value)  # a list, when it comes from JSON


@frozen
class SessionRecord:
    """One editing session, as it stands.

    Attributes:
        session_id: Its id.
        task_id: The task it belongs to.
        user_id: Its owner.
        task_name: What the owner called it.
        language: `en`, `zh` or another tag.
        media: The uploads, each as the upload call answered it but for the URL's host, oldest first.
        draft: The timeline as on the wire; empty before the first edit.
        revision: Counts the edits.
        undo: Earlier drafts, the latest last.
        generated: Media made here: music and finished videos.
    """

    session_id: str
    task_id: str
    user_id: str
    task_name: str = "project"
    language: str = "en"
    media: tuple[dict[str, Any], ...] = field(default=(), converter=_items)
    draft: dict[str, Any] = field(factory=dict)
    revision: int = 0
    undo: tuple[dict[str, Any], ...] = field(default=(), converter=_items)
    generated: tuple[dict[str, Any], ...] = field(default=(), converter=_items)


class SessionStore:
    """Every session by id."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._sessions = {r["session_id"]: SessionRecord(**r) for r in records.load("session")}
        self._turn_locks: dict[str, asyncio.Lock] = {}

    def create(self, user_id: str, task_name: str, language: str) -> SessionRecord:
        """Return a new, empty session."""
        session = SessionRecord(
            session_id=str(uuid.uuid4()),
            task_id=f"task_{uuid.uuid4().hex[:16]}",
            user_id=user_id,
            task_name=task_name,
            language=language,
        )
        return self._write(session)

    def find(self, session_id: str, user_id: str) -> SessionRecord | None:
        """Return a session of this owner."""
        session = self._sessions.get(session_id)
        return session if session is not None and session.user_id == user_id else None

    def get(self, session_id: str) -> SessionRecord:
        """Return a session that is known to exist."""
        return self._sessions[session_id]

    def turn_lock(self, session_id: str) -> asyncio.Lock:
        """Return the lock that lets one turn at a time edit a session."""
        return self._turn_locks.setdefault(session_id, asyncio.Lock())

    def add_media(self, session_id: str, media: list[dict[str, Any]]) -> None:
        """Append uploads; one that is there already (same URL) is not repeated."""
        session = self._sessions[session_id]
        known = {item["cdn_path"] for item in session.media}
        new = [item for item in media if item["cdn_path"] not in known]
        self._write(evolve(session, media=(*session.media, *new)))

    def save_draft(self, session_id: str, draft: dict[str, Any], undo: tuple[dict[str, Any], ...]) -> int:
        """Make this the present draft, with these behind it, and return the new revision."""
        session = self._sessions[session_id]
        session = evolve(session, draft=draft, undo=undo[-UNDO_DEPTH:], revision=session.revision + 1)
        return self._write(session).revision

    def add_generated(self, session_id: str, media: dict[str, Any]) -> None:
        """Append something that was made here."""
        session = self._sessions[session_id]
        self._write(evolve(session, generated=(*session.generated, media)))

    def _write(self, session: SessionRecord) -> SessionRecord:
        self._sessions[session.session_id] = session
        self._records.put("session", session.session_id, asdict(session))
        return session
