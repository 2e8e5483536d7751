"""When a call is sent again: as its endpoint declares, within a deadline and a budget for the whole client.

backoff's decorators use the wall clock and know no Retry-After, so only its wait generators are used here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import backoff

from nemovideo._wire.endpoints import Repeat
from nemovideo.errors import (
    AuthenticationError,
    NemoVideoError,
    NotSentError,
    RateLimitError,
    ServerError,
    TransportError,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from nemovideo._clock import Clock
    from nemovideo.config import Timing

T = TypeVar("T")

_MAX_ATTEMPTS = 4
_LONGEST_WAIT = 8.0


class RetryBudget:
    """A bucket of tokens for all calls of a client: a backend that is down for everyone is not hammered.

    Args:
        capacity: How many repeats may follow one another while nothing succeeds.
        refill: What a success gives back.
    """

    def __init__(self, capacity: float = 10.0, refill: float = 0.2) -> None:
        self._capacity = capacity
        self._refill = refill
        self._left = capacity

    def succeeded(self) -> None:
        """Give a little back."""
        self._left = min(self._capacity, self._left + self._refill)

    def spend(self) -> bool:
        """Take one repeat; False when none is left."""
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Repeater:
    """Runs attempts until one succeeds, may not be repeated, or the deadline is near.

    Args:
        clock: Deadlines are held on its monotonic time.
        timing: `rate_limit` bounds the wait after a 429.
        budget: Shared by all calls of a client.
        jitter: Spreads a wait; takes and returns seconds.
    """

    def __init__(
        self,
        clock: Clock,
        timing: Timing,
        budget: RetryBudget,
        jitter: Callable[[float], float] = backoff.full_jitter,
    ) -> None:
        self._clock = clock
        self._timing = timing
        self._budget = budget
        self._jitter = jitter

    async def run(
        self,
        attempt: Callable[[float], Awaitable[T | NemoVideoError]],
        *,
        repeat: Repeat,
        seconds: float,
        renew: Callable[[], Awaitable[bool]] | None = None,
        body_left: Callable[[], bool] = lambda: True,
    ) -> T:
        """Return the first answer.

        Args:
            attempt: One try; it takes at most so many seconds, and returns the answer or the error.
            repeat: The endpoint's declaration.
            seconds: The deadline for all tries; a wait that a 429 asks for comes on top.
            renew: Gets a new token; returns whether there is one now.
            body_left: Whether the last try's body left this machine whole.

        Raises:
            NemoVideoError: The last try's error.
        """
        deadline = self._clock.monotonic() + seconds
        waits = backoff.expo(base=2, factor=0.5, max_value=_LONGEST_WAIT)
        next(waits)  # the generator asks to be started
        renewed = limited = False
        attempts = 0
        while True:
            attempts += 1
            outcome = await attempt(max(0.001, deadline - self._clock.monotonic()))
            if not isinstance(outcome, NemoVideoError):
                self._budget.succeeded()
                return outcome
            if isinstance(outcome, AuthenticationError) and renew is not None and not renewed:
                renewed = await renew()
                if renewed and repeat is not Repeat.NEVER:
                    continue
                raise outcome
            if isinstance(outcome, RateLimitError):
                asked = self._timing.rate_limit if outcome.retry_after is None else outcome.retry_after
                if limited or repeat is Repeat.NEVER or asked > self._timing.rate_limit:
                    raise outcome
                limited = True
                wait = asked + self._jitter(asked / 10)  # behind the asked time, never before it
                deadline += wait
            elif attempts < _MAX_ATTEMPTS and _may_repeat(outcome, repeat, body_left=body_left()):
                asked = (isinstance(outcome, ServerError) and outcome.retry_after) or 0.0
                wait = asked + self._jitter(next(waits))
            else:
                raise outcome
            if self._clock.monotonic() + wait >= deadline or not self._budget.spend():
                raise outcome
            await self._clock.sleep(wait)

    async def pause(self, fruitless: int, asked: float = 0.0) -> bool:
        """Wait before a broken transfer goes on; return whether it may.

        Args:
            fruitless: How many tries in a row brought nothing new; each takes from the budget.
            asked: The seconds that the server asked to wait.
        """
        if fruitless >= _MAX_ATTEMPTS or asked > self._timing.rate_limit:
            return False
        if fruitless and not self._budget.spend():
            return False
        await self._clock.sleep(asked + self._jitter(min(0.25 * 2**fruitless, _LONGEST_WAIT)))
        return True


def _may_repeat(error: NemoVideoError, repeat: Repeat, *, body_left: bool) -> bool:
    if repeat is Repeat.NEVER:
        return False
    if isinstance(error, NotSentError):
        return True
    if isinstance(error, TransportError):
        return repeat is Repeat.ALWAYS or (repeat is Repeat.BODY_CUT and not body_left)
    return isinstance(error, ServerError) and repeat is Repeat.ALWAYS
