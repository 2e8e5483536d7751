"""A step is tried once more where the service refused it for a reason that passes."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, TypeAlias

from nemovideo.assistant.replies import Working
from nemovideo.assistant.texts import count, say
from nemovideo.errors import AuthenticationError, RateLimitError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from nemovideo._clock import Clock
    from nemovideo.assistant.replies import Reply

LONGEST_WAIT = 60.0
"""Seconds that a person in a chat is made to wait for a second try."""
USUAL_WAIT = 30.0
"""Seconds, where the service names none [S]."""

Replies: TypeAlias = "AsyncGenerator[Reply, None]"


async def patiently(step: Callable[[], Replies], clock: Clock, language: str) -> Replies:
    """Yield a step's replies, and run it once more after a refusal that passes.

    Only refusals are repeated: the service said no, so nothing was done and nothing charged. A step that may
    have been done is never repeated.

    Args:
        step: Begins the step; called twice at most.
        clock: Waits.
        language: The person's.

    Raises:
        RateLimitError: Twice, or the wait would be too long.
        AuthenticationError: Twice: a starter token renews itself in between, so the key is a given one.
    """
    try:
        async with aclosing(step()) as replies:
            async for reply in replies:
                yield reply
    except AuthenticationError:
        yield Working(say(language, "signing_in"))
    except RateLimitError as problem:
        wait = USUAL_WAIT if problem.retry_after is None else problem.retry_after
        if wait > LONGEST_WAIT:
            raise
        yield Working(say(language, "waiting", wait=count(language, "seconds", max(1, round(wait)))))
        await clock.sleep(wait)
    else:
        return
    async with aclosing(step()) as replies:
        async for reply in replies:
            yield reply
