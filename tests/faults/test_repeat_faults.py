"""When calls are made again: not early, not for ever, and not by everyone at once."""

from __future__ import annotations

import asyncio
import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest
from answering import EMPTY_STATE, TOKEN, HurriedClock, answering, envelope
from hypothesis import given
from hypothesis import strategies as st
from loopback import http
from raised import assert_ours

from nemovideo import NemoVideo, Timing
from nemovideo._clock import ManualClock
from nemovideo._transport.repeat import Repeater, RetryBudget
from nemovideo._wire.answers import LONGEST_WAIT, retry_after
from nemovideo._wire.endpoints import Repeat
from nemovideo.errors import (
    NemoVideoError,
    NotSentError,
    RateLimitError,
    ServerError,
    TransportError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

GOOD = envelope({"available": 1})


def busy(status: str, *headers: str) -> bytes:
    return http(b"", status, "text/plain", *headers)


MOMENTS = {
    "an hour ago": -3600.0, "20 s from now": 20.0, "an hour from now": 3600.0, "30 years from now": 1e9,
}  # fmt: skip


def header(told: str) -> str:
    """A Retry-After: moments are told as HTTP dates."""
    if told in MOMENTS:
        told = format_datetime(datetime.now(UTC) + timedelta(seconds=MOMENTS[told]), usegmt=True)
    return f"Retry-After: {told}"


# --- Retry-After --------------------------------------------------------------------------------------


@pytest.mark.fault("F41")
@pytest.mark.parametrize(
    ("told", "least", "most"),
    [
        ("3", 3, 3.3), ("0", 0, 0), ("-5", 0, 0), ("2.5", 2.5, 2.75), ("junk", 30, 33), ("", 30, 33),
        ("1e3", 30, 33), ("٣", 30, 33), ("20 s from now", 17, 22), ("an hour ago", 0, 0),
    ],
)  # fmt: skip
async def test_a_rate_limit_is_waited_out_once_and_never_left_early(
    told: str, least: float, most: float
) -> None:
    """A header that says nothing means the default; the jitter comes on top of what was asked for."""
    clock = HurriedClock()
    limited = busy("429 Too Many Requests", header(told))
    async with (
        answering(GET=[limited, GOOD]) as server,
        NemoVideo(token=TOKEN, base_url=server.url, clock=clock, timing=Timing()) as nemo,
    ):
        assert (await nemo.credits.balance()).available == 1
        assert len(server.requests) == 2
        assert [least <= wait <= most for wait in clock.waits] == [True]


@pytest.mark.fault("F41")
@pytest.mark.parametrize("told", ["31", "1000000000", "9" * 400, "an hour from now", "30 years from now"])
async def test_a_wait_past_the_limit_is_not_waited_but_told(told: str) -> None:
    clock = HurriedClock()
    limited = busy("429 Too Many Requests", header(told))
    async with (
        answering(GET=limited) as server,
        NemoVideo(token=TOKEN, base_url=server.url, clock=clock, timing=Timing()) as nemo,
    ):
        with pytest.raises(RateLimitError) as caught:
            await nemo.credits.balance()
        assert caught.value.retry_after is not None
        assert 30 < caught.value.retry_after <= LONGEST_WAIT
        assert (len(server.requests), clock.waits) == (1, [])


@pytest.mark.fault("F41")
async def test_a_second_rate_limit_ends_it() -> None:
    clock = HurriedClock()
    limited = busy("429 Too Many Requests", "Retry-After: 2")
    async with (
        answering(GET=limited) as server,
        NemoVideo(token=TOKEN, base_url=server.url, clock=clock, timing=Timing()) as nemo,
    ):
        with pytest.raises(RateLimitError):
            await nemo.credits.balance()
        assert (len(server.requests), len(clock.waits)) == (2, 1)


@pytest.mark.fault("F41")
async def test_an_overloaded_service_is_asked_again_when_it_says() -> None:
    """503 with Retry-After: each wait is at least that long; one past the deadline is not begun."""
    clock = HurriedClock()
    pages = [
        busy("503 Service Unavailable", "Retry-After: 4"), GOOD,
        busy("503 Service Unavailable", "Retry-After: 40"),
    ]  # fmt: skip
    async with (
        answering(GET=pages) as server,
        NemoVideo(token=TOKEN, base_url=server.url, clock=clock, timing=Timing()) as nemo,
    ):
        await nemo.credits.balance()
        assert [4 <= wait < 5 for wait in clock.waits] == [True]
        with pytest.raises(ServerError) as caught:
            await nemo.credits.balance()
        assert caught.value.retry_after == 40
        assert (len(server.requests), len(clock.waits)) == (3, 1)


@pytest.mark.fault("F41")
@given(told=st.text() | st.from_regex(r"[A-Z][a-z]{2}, \d+ [A-Z][a-z]{2} \d+ \d+:\d+:\d+ \S+"))
def test_any_retry_after_is_nothing_or_between_its_bounds(told: str) -> None:
    seconds = retry_after(told, now=1_800_000_000.0)
    assert seconds is None or 0 <= seconds <= LONGEST_WAIT


# --- a service that is down ---------------------------------------------------------------------------


@pytest.mark.fault("F50")
async def test_a_hundred_calls_to_a_service_that_is_down_share_one_budget() -> None:
    """Each is made once; ten more tries for all of them together, not three for each."""
    async with (
        answering(GET=busy("503 Service Unavailable")) as server,
        NemoVideo(token=TOKEN, base_url=server.url, clock=HurriedClock(), timing=Timing()) as nemo,
    ):
        failures = await asyncio.gather(
            *(nemo.credits.balance() for _ in range(60)),
            *(nemo.sessions.state("s1") for _ in range(40)),
            return_exceptions=True,
        )
        assert {type(failure) for failure in failures} == {ServerError}
        assert len(server.requests) == 100 + 10


@pytest.mark.fault("F50")
async def test_a_service_that_recovers_earns_its_repeats_back() -> None:
    """Five successes buy one repeat."""
    down = busy("503 Service Unavailable")
    async with (
        answering(GET=[down] * 14 + [EMPTY_STATE] * 5 + [down, EMPTY_STATE]) as server,
        NemoVideo(token=TOKEN, base_url=server.url, clock=HurriedClock(), timing=Timing()) as nemo,
    ):
        for _ in range(3):
            with pytest.raises(ServerError):
                await nemo.sessions.state("s1")
        assert len(server.requests) == 4 + 4 + 4
        with pytest.raises(ServerError):
            await nemo.sessions.state("s1")
        assert len(server.requests) == 14, "the tenth repeat was the last"
        for _ in range(6):
            await nemo.sessions.state("s1")
        assert len(server.requests) == 14 + 5 + 2


@pytest.mark.fault("F50")
async def test_a_service_that_is_down_for_everyone_is_told_within_the_deadline() -> None:
    """The deadline bounds all tries and all waits between them, on the monotonic clock."""
    clock = ManualClock()
    tries: list[float] = []

    async def attempt(seconds: float) -> NemoVideoError:
        tries.append(seconds)
        await clock.sleep(min(seconds, 12))
        clock.jump(86_400)
        return TransportError("no answer")

    repeater = Repeater(clock, Timing(), RetryBudget(), jitter=lambda seconds: seconds)
    running: asyncio.Task[object] = asyncio.create_task(
        repeater.run(attempt, repeat=Repeat.ALWAYS, seconds=30)
    )
    while not running.done():
        await clock.advance(1)
    with pytest.raises(TransportError):
        await running
    assert tries == [30, 17.5, 4.5]
    assert clock.monotonic() <= 31


@pytest.mark.fault("F50")
async def test_nothing_listens_and_every_call_says_that_it_was_not_sent() -> None:
    """Refused connections are repeated out of the same budget."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    clock = HurriedClock()
    async with NemoVideo(token=TOKEN, base_url=f"http://127.0.0.1:{port}", clock=clock) as nemo:
        failures = await asyncio.gather(*(nemo.sessions.create() for _ in range(30)), return_exceptions=True)
    assert len(clock.waits) == 10
    for failure in failures:
        assert isinstance(failure, NotSentError)
        assert_ours(failure, TOKEN)


@pytest.mark.fault("F50")
@pytest.mark.parametrize("repeat", Repeat)
@pytest.mark.parametrize(
    "make",
    [
        lambda: NotSentError("x"), lambda: TransportError("x"),
        lambda: ServerError("x", code=502, status=502), lambda: RateLimitError("x", code=429),
    ],
)  # fmt: skip
async def test_only_what_an_endpoint_declares_is_repeated(
    repeat: Repeat, make: Callable[[], NemoVideoError]
) -> None:
    """NEVER means never; REFUSED only what was surely not done; ALWAYS all that may pass."""
    tries = 0

    async def attempt(_: float) -> NemoVideoError:
        nonlocal tries
        tries += 1
        return make()

    repeater = Repeater(HurriedClock(), Timing(), RetryBudget(), jitter=lambda _: 0.0)
    with pytest.raises(NemoVideoError):
        await repeater.run(attempt, repeat=repeat, seconds=100)
    error = type(make())
    surely_not_done = {NotSentError: 4, RateLimitError: 2}
    expected = {
        Repeat.NEVER: {},
        Repeat.REFUSED: surely_not_done,
        Repeat.BODY_CUT: surely_not_done,
        Repeat.ALWAYS: {**surely_not_done, TransportError: 4, ServerError: 4},
    }
    assert tries == expected[repeat].get(error, 1)
