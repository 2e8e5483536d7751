"""What was said in each session."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Literal

from attrs import asdict, frozen

if TYPE_CHECKING:
    from nemovideo.local._store.records import Records


@frozen
class Message:
    """One message of a conversation.

    Attributes:
        session_id: The session.
        author: `user` or `agent`.
        text: What was said; empty for an edit that the agent did without a word.
        at: Unix time.
    """

    session_id: str
    author: Literal["user", "agent"]
    text: str
    at: float


class ChatLog:
    """Every message, oldest first."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._by_session: defaultdict[str, list[Message]] = defaultdict(list)
        for record in records.load("message"):
            self._by_session[record["session_id"]].append(Message(**record))

    def add(self, message: Message) -> None:
        """Append a message to its session's."""
        messages = self._by_session[message.session_id]
        messages.append(message)
        self._records.put("message", f"{message.session_id}/{len(messages)}", asdict(message))

    def of_session(self, session_id: str) -> tuple[Message, ...]:
        """Return what was said in a session."""
        return tuple(self._by_session.get(session_id, ()))
