"""Reads one turn's stream, and says what a person should hear of it."""
# ruff: noqa: RUF001 - it reads Chinese, whose punctuation is no mistake here

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nemovideo.assistant.replies import Say, Working
from nemovideo.assistant.texts import count, say
from nemovideo.assistant.translation import translate
from nemovideo.draft.model import Draft
from nemovideo.errors import DraftError
from nemovideo.events import StateDelta, StillWorking, Text, ToolCall

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from nemovideo.assistant.replies import Reply
    from nemovideo.assistant.translation import Action
    from nemovideo.resources.chat import ChatStream

_WHOLE = re.compile(r"[.!?。！？…~:：)）”\"*]\s*$")


class Listener:
    """One turn, as it is heard.

    Args:
        language: The person's.
        has_video: Whether there is a video already; if not, the first cut is announced when it comes.

    Attributes:
        has_spoken: Whether the agent said anything that is worth saying.
        actions: What its instructions come to.
        instructions: Those instructions, as it said them.
    """

    def __init__(self, language: str, *, has_video: bool) -> None:
        self._language = language
        self._has_video = has_video
        self._held: str | None = None  # the last piece: whole only if the stream goes on or ends well
        self._first_cut: Draft | None = None
        self._looks_up = False
        self.has_spoken = False
        self.actions: list[Action] = []
        self.instructions: list[str] = []

    async def replies(self, stream: ChatStream) -> AsyncGenerator[Reply, None]:
        """Yield what is to be said, until the turn is over; raises what the stream raises."""
        async for event in stream:
            for reply in self._hear(event):
                yield reply
        for reply in self._release():
            yield reply

    def _hear(self, event: object) -> Iterator[Reply]:
        if isinstance(event, Text):
            yield from self._release()
            self._held = event.text
        elif isinstance(event, StateDelta):
            self._see(event)
        elif isinstance(event, ToolCall):
            yield from self._release()
            yield from self._announce_first_cut()
        elif isinstance(event, StillWorking):
            yield from self._sign_of_life(event)

    def _release(self) -> Iterator[Reply]:
        text, self._held = self._held, None
        if text is None:
            return
        translation = translate(text)
        self.actions += [action for action in translation.actions if action not in self.actions]
        self.instructions += translation.instructions
        if translation.text:
            self.has_spoken = True
            self._first_cut = None
            yield Say(translation.text)

    def _see(self, event: StateDelta) -> None:
        if self._has_video or "draft" not in event.delta:
            return
        try:
            draft = Draft.from_wire(event.delta["draft"])
        except DraftError:
            return  # the state that is read after the turn will tell
        if draft.is_renderable:
            self._has_video = True
            self._first_cut = draft

    def _announce_first_cut(self) -> Iterator[Reply]:
        """Tell of the first cut once the second stage begins, unless the agent has told of it [P]."""
        draft, self._first_cut = self._first_cut, None
        if draft is not None:
            yield Working(
                say(
                    self._language,
                    "first_cut",
                    length=count(self._language, "seconds", draft.duration_ms / 1000),
                )
            )

    def _sign_of_life(self, sign: StillWorking) -> Iterator[Reply]:
        if sign.recovering and not self._looks_up:
            self._looks_up = True
            if self._held is not None and not _WHOLE.search(self._held):
                self._held = None  # half a sentence, cut off by the break
            yield from self._release()
            yield Working(say(self._language, "looking_up"))
        else:
            minutes = round(sign.elapsed / 60)
            key = "still_working" if minutes else "still_at_it"
            yield Working(say(self._language, key, minutes=minutes))
