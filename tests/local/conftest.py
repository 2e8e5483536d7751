"""A backend on a free port, a clock that stands still, and someone who speaks the wire to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from local.wire_client import WireClient
from nemovideo._clock import ManualClock
from nemovideo.local import LocalBackend


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def backend(clock: ManualClock) -> AsyncIterator[LocalBackend]:
    async with LocalBackend(clock=clock, pace=0, silent_edits=0) as backend:
        yield backend


@pytest.fixture
async def wire(http: aiohttp.ClientSession, backend: LocalBackend) -> WireClient:
    """An account with an empty session."""
    return await WireClient(http, backend.url).open()
