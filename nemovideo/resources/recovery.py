"""Finds out what a turn did when its stream did not tell: by the state, compared with the state before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nemovideo.errors import (
    AuthenticationError,
    ConfigurationError,
    DraftError,
    NemoVideoError,
    OutcomeUnknownError,
    SessionNotFoundError,
)
from nemovideo.models import Turn

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping

    from nemovideo._clock import Clock
    from nemovideo._wire.turn import TurnAssembler
    from nemovideo.config import Timing
    from nemovideo.draft.model import Draft
    from nemovideo.models import Outcome, SessionState

HOPELESS = (AuthenticationError, SessionNotFoundError, ConfigurationError)
"""Errors of reading a state that a later look would meet as well."""


class Recovery:
    """One turn's way back to certainty. It only reads; the message is never sent again.

    Args:
        session_id: The session of the turn.
        before: Its state before the message; None where that could not be read, and nothing can be compared.
        read_state: Reads its state now.
        clock: Waits.
        timing: `recover_first`, `recover_every`, `recover_reads`.
    """

    def __init__(
        self,
        session_id: str,
        before: SessionState | None,
        read_state: Callable[[str], Awaitable[SessionState]],
        clock: Clock,
        timing: Timing,
    ) -> None:
        self._session_id = session_id
        self._before = before
        self._read_state = read_state
        self._clock = clock
        self._timing = timing

    async def look(self) -> SessionState | None:
        """Read the state; None where it cannot be read, which is no reason to fail a turn that was sent."""
        try:
            return await self._read_state(self._session_id)
        except NemoVideoError:
            return None

    @property
    def can_compare(self) -> bool:
        """Whether the state before the turn is known."""
        return self._before is not None

    async def looks(self, *, at_once: bool = False) -> AsyncGenerator[SessionState | None, None]:
        """Read the state on the schedule of `Timing`, as often as it says [P].

        Args:
            at_once: Whether the first look needs no wait: the turn is long over.

        Yields:
            The state; None where it could not be read this time.

        Raises:
            AuthenticationError, SessionNotFoundError, ConfigurationError: It cannot be read at all.
        """
        if self._before is None:
            return
        for read in range(self._timing.recover_reads):
            if read:
                await self._clock.sleep(self._timing.recover_every)
            elif not at_once:
                await self._clock.sleep(self._timing.recover_first)
            try:
                after = await self._read_state(self._session_id)
            except HOPELESS:
                raise
            except NemoVideoError:
                after = None
            yield after

    def is_changed(self, after: SessionState | None) -> bool:
        """Return whether the draft, the canvas or the generated media differ from before the turn."""
        before = self._before
        if before is None or after is None:
            return False
        return (before.draft.to_wire(), before.canvas, before.generated_media) != (
            after.draft.to_wire(), after.canvas, after.generated_media,
        )  # fmt: skip

    def turn(self, outcome: Outcome, said: TurnAssembler, after: SessionState | None) -> Turn:
        """Return the turn: what was said, and what the state, or else the stream, shows of the timeline."""
        from nemovideo.draft.comparison import diff  # only here: it is slow to load

        draft = after.draft if after is not None else _read_draft(said.draft_json)
        before = self._before.draft if self._before is not None else None
        return Turn(
            session_id=self._session_id,
            text=said.text,
            outcome=outcome,
            draft=draft,
            changes=diff(before, draft) if before is not None and draft is not None else (),
            segments=said.segments,
            tool_calls=said.tool_calls,
            tool_results=said.tool_results,
            media=said.media,
            truncated=said.truncated,
        )

    def unknown(self, message: str) -> OutcomeUnknownError:
        """Return the error for a turn that left no trace so far."""
        return OutcomeUnknownError(
            message,
            may_have_charged=True,
            session_id=self._session_id,
            hint=f'Do not send it again yet: look at nemo.sessions.state("{self._session_id}") later.',
        )


def _read_draft(wire: Mapping[str, object] | None) -> Draft | None:
    if wire is None:
        return None
    from nemovideo.draft.model import Draft  # only here: it is slow to load

    try:
        return Draft.from_wire(wire)
    except DraftError:
        return None  # the turn was answered all the same
