"""The proxy does what its plans say: the fault tests rest on it."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from loopback import Loopback, Received, http
from proxy import Plan, Proxy

BODY = b"0123456789" * 1000


async def answer(request: Received, writer: asyncio.StreamWriter) -> None:
    writer.write(http(BODY))


async def fetch(url: str) -> bytes:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return await response.read()


async def test_without_a_plan_it_is_not_there() -> None:
    async with Loopback(answer) as server, Proxy(server.url) as proxy:
        assert await fetch(proxy.url) == BODY
        assert (proxy.connections, len(server.requests)) == (1, 1)
        assert not proxy.fired


@pytest.mark.parametrize("reset", [False, True])
async def test_a_cut_lets_exactly_so_many_bytes_through(reset: bool) -> None:
    async with Loopback(answer) as server, Proxy(server.url, Plan(cut_down=500, reset=reset)) as proxy:
        with pytest.raises(aiohttp.ClientError):
            await fetch(proxy.url)
        assert proxy.passed["down"] == 500
        assert proxy.fired["reset" if reset else "cut_down"] == 1
        assert await fetch(proxy.url) == BODY, "the second connection follows no plan"


async def test_slices_and_throttled_bytes_all_arrive() -> None:
    plans = (Plan(slice_bytes=1000), Plan(bytes_per_second=10_000_000), Plan(delay=0.001))
    async with Loopback(answer) as server, Proxy(server.url, *plans) as proxy:
        for _ in plans:
            assert await fetch(proxy.url) == BODY
        assert proxy.fired["slice_bytes"] > 10
        assert proxy.fired["bytes_per_second"] > 1
        assert proxy.fired["delay"] == 1


async def test_a_stall_keeps_the_connection_open() -> None:
    async with Loopback(answer) as server, Proxy(server.url, Plan(stall_down=500)) as proxy:
        fetching = asyncio.create_task(fetch(proxy.url))
        await proxy.until("stall_down")
        assert not fetching.done()
        fetching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await fetching
